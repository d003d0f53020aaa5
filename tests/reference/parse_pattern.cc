#include "tests/reference/parse_pattern.h"

#include <memory>
#include <utility>

namespace spate::reference {
namespace {

NodePtr Made(Node node) { return std::make_shared<const Node>(std::move(node)); }

}  // namespace

NodePtr PatternParser::Sequence(Node* group) {
  Node node;
  node.kind = NodeKind::kSequence;
  do {
    node.children.push_back(in_.Accept("not") ? Ban() : Element());
    if (in_.Accept("->"))
      node.ops.push_back(Op::kRelaxed);
    else if (in_.Accept("->>"))
      node.ops.push_back(Op::kAny);
    else if (in_.Accept(","))
      node.ops.push_back(Op::kStrict);
  } while (!in_.failed() && node.ops.size() == node.children.size());
  if (group != nullptr) Bounds(group);
  return node.children.size() == 1 ? node.children[0] : Made(std::move(node));
}

// `within` and `gap` before the parenthesis that ends a group.
void PatternParser::Bounds(Node* group) {
  while (!in_.failed()) {
    if (in_.Accept("within")) {
      Token t = in_.Take();
      group->bound = {t.kind == TokenKind::kDuration ? Bound::kTime : Bound::kEvents, t.number};
      if (t.kind == TokenKind::kInt) in_.Expect("events");
    } else if (in_.Accept("gap")) {
      group->gap = in_.Take().number;
    } else {
      return;
    }
  }
}

NodePtr PatternParser::Ban() {
  Node node;
  node.kind = NodeKind::kBan;
  node.children.push_back(OneOf());
  if (in_.Accept("for")) {
    node.limit = BanLimit::kFor;
    node.limit_value = expr_.Parse();
  } else if (in_.Accept("before")) {
    node.limit = BanLimit::kBefore;
    node.limit_value = expr_.Parse();
  } else if (in_.Accept("ever")) {
    node.limit = BanLimit::kEver;
  }
  return Made(std::move(node));
}

NodePtr PatternParser::OneOf() {
  Node node;
  if (in_.Is(":", 1)) {
    node.var = in_.Word();
    in_.Expect(":");
  }
  if (!in_.Accept("(")) {
    node.type = in_.Word();
    if (in_.Accept("[")) {
      node.condition = expr_.Parse();
      in_.Expect("]");
    }
    return Made(std::move(node));
  }
  Node alternatives;
  alternatives.kind = NodeKind::kAlternatives;
  do alternatives.children.push_back(OneOf());
  while (in_.Accept("|"));
  in_.Expect(")");
  node.kind = NodeKind::kGroup;
  node.children.push_back(Made(std::move(alternatives)));
  return Made(std::move(node));
}

NodePtr PatternParser::Element() {
  Node node;
  node.kind = NodeKind::kAlternatives;
  do node.children.push_back(Mixed());
  while (in_.Accept("|"));
  return node.children.size() == 1 ? node.children[0] : Made(std::move(node));
}

NodePtr PatternParser::Mixed() {
  Node node;
  node.kind = NodeKind::kPermutation;
  do node.children.push_back(Quantified());
  while (in_.Accept("&"));
  return node.children.size() == 1 ? node.children[0] : Made(std::move(node));
}

NodePtr PatternParser::Quantified() { return Quantifier(Primary()); }

NodePtr PatternParser::Primary() {
  if (in_.Is("not")) in_.Fail();
  Node node;
  if (in_.Is(":", 1)) {
    node.var = in_.Word();
    in_.Expect(":");
  }
  if (in_.Accept("(")) {
    node.kind = NodeKind::kGroup;
    node.children.push_back(Sequence(&node));
    in_.Expect(")");
  } else {
    node.type = in_.Word();
    if (in_.Accept("[")) {
      node.condition = expr_.Parse();
      in_.Expect("]");
    }
  }
  return Made(std::move(node));
}

bool PatternParser::AcceptWord(Op* word) {
  if (in_.Accept("strict"))
    *word = Op::kStrict;
  else if (in_.Accept("relaxed"))
    *word = Op::kRelaxed;
  else if (in_.Accept("any"))
    *word = Op::kAny;
  else
    return false;
  return true;
}

NodePtr PatternParser::Quantifier(NodePtr inner) {
  Node loop;
  loop.kind = NodeKind::kLoop;
  if (in_.Accept("+")) {
    loop.max = -1;
  } else if (in_.Accept("*")) {
    loop.min = 0;
    loop.max = -1;
  } else if (in_.Accept("??")) {
    loop.min = 0;
    loop.reluctant = true;
  } else if (in_.Accept("?")) {
    loop.min = 0;
  } else if (in_.Accept("{")) {
    Counts(&loop);
  } else {
    // `( A & B ) strict`.
    Op word = Op::kNone;
    if (!AcceptWord(&word)) return inner;
    if (inner->children.empty() || inner->children[0]->kind != NodeKind::kPermutation) in_.Fail();
    if (in_.failed()) return inner;
    Node group = *inner;
    Node permutation = *group.children[0];
    permutation.word = word;
    group.children[0] = Made(std::move(permutation));
    return Made(std::move(group));
  }
  if (in_.Accept("?")) loop.reluctant = true;
  AcceptWord(&loop.word);
  loop.children.push_back(std::move(inner));
  return Made(std::move(loop));
}

void PatternParser::Counts(Node* loop) {
  loop->min = in_.Is(",") ? 0 : static_cast<int>(in_.Take().number);
  loop->max = loop->min;
  if (in_.Accept(",")) loop->max = in_.Is("}") ? -1 : static_cast<int>(in_.Take().number);
  in_.Expect("}");
}

}  // namespace spate::reference
