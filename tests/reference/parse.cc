#include "tests/reference/parse.h"

#include <utility>
#include <vector>

#include "tests/reference/lex.h"
#include "tests/reference/parse_expr.h"

namespace spate::reference {
namespace {

class RuleParser {
 public:
  explicit RuleParser(Reader* reader) : in_(*reader), expr_(reader) {}

  std::optional<RuleFile> Parse() {
    while (!in_.AtEnd()) {
      if (in_.Accept("event")) {
        EventType();
      } else {
        in_.Expect("rule");
        if (!in_.failed()) ParseRule();
      }
    }
    if (in_.failed()) return std::nullopt;
    return std::move(file_);
  }

 private:
  void EventType() {
    EventDecl decl;
    decl.name = in_.Word();
    if (in_.Accept("at")) decl.at = in_.Word();
    in_.Expect("{");
    while (!in_.failed() && !in_.Accept("}")) {
      std::string name = in_.Word();
      in_.Expect(":");
      std::string type = in_.Word();
      if (type != "int" && type != "string" && type != "time") in_.Fail();
      if (in_.Accept("?")) type += "?";
      decl.attrs.push_back({name, type});
      if (!in_.Accept(",") && !in_.Is("}")) in_.Fail();
    }
    file_.types.push_back(std::make_shared<EventDecl>(std::move(decl)));
  }

  void ParseRule() {
    Rule rule;
    rule.name = in_.Word();
    in_.Expect("{");
    while (!in_.failed() && !in_.Accept("}")) Clause(&rule);
    if (rule.pattern == nullptr && rule.from.empty()) in_.Fail();
    file_.rules.push_back(std::move(rule));
  }

  void Clause(Rule* rule) {
    if (in_.Accept("match")) {
      rule->pattern = Sequence(/*group=*/nullptr);
    } else if (in_.Accept("from")) {
      From(rule);
    } else if (in_.Accept("by")) {
      do By(rule);
      while (in_.Accept(","));
    } else if (in_.Accept("within")) {
      Within(rule);
    } else if (in_.Accept("window")) {
      Window(rule);
    } else if (in_.Accept("where")) {
      for (Expr& e : expr_.ParseConjuncts()) rule->where.push_back(std::move(e));
    } else if (in_.Accept("having")) {
      rule->having = expr_.Parse();
      if (in_.Is("for")) in_.Fail();
    } else if (in_.Accept("report")) {
      if (in_.Accept("each"))
        rule->report_each = true;
      else
        in_.Expect("longest");
    } else if (in_.Accept("after")) {
      AfterMatch(rule);
    } else if (in_.Accept("emit")) {
      ParseEmit(rule);
    } else {
      in_.Fail();
    }
  }

  void Within(Rule* rule) {
    Token t = in_.Take();
    rule->window_size = t.number;
    if (t.kind == TokenKind::kDuration) {
      rule->window = WindowKind::kWithin;
    } else if (t.kind == TokenKind::kInt) {
      rule->window = WindowKind::kEvents;
      in_.Expect("events");
    } else {
      rule->window = WindowKind::kUnbounded;
      if (t.text != "unbounded") in_.Fail();
    }
  }

  void Window(Rule* rule) {
    std::string kind = in_.Word();
    rule->window = kind == "sliding" ? WindowKind::kSliding : WindowKind::kTumbling;
    if (kind == "unbounded") {
      rule->window = WindowKind::kUnbounded;
      return;
    }
    if (kind != "sliding" && kind != "tumbling") in_.Fail();
    Token t = in_.Take();
    if (t.kind != TokenKind::kDuration) in_.Fail();
    rule->window_size = t.number;
  }

  void From(Rule* rule) {
    if (in_.Is(":", 1)) {
      rule->from_var = in_.Word();
      in_.Expect(":");
    }
    bool several = in_.Accept("(");
    do {
      Admitted a;
      a.type = in_.Word();
      if (in_.Accept("[")) {
        a.condition = expr_.Parse();
        in_.Expect("]");
      }
      rule->from.push_back(std::move(a));
    } while (several && in_.Accept("|"));
    if (several) in_.Expect(")");
  }

  void By(Rule* rule) {
    Key key;
    do {
      std::string word = in_.Word();
      if (in_.Accept(".")) {
        if (!IsType(word)) in_.Fail();  // keys per variable
        key.per_type.emplace_back(word, in_.Word());
      } else {
        if (in_.Is("(")) in_.Fail();
        key.per_type.emplace_back("", word);
      }
    } while (in_.Accept("="));
    key.name = in_.Accept("as") ? in_.Word() : key.per_type[0].second;
    rule->by.push_back(std::move(key));
  }

  bool IsType(const std::string& word) const {
    for (const DeclPtr& type : file_.types) {
      if (type->name == word) return true;
    }
    return false;
  }

  void AfterMatch(Rule* rule) {
    in_.Expect("match");
    if (in_.Accept("no")) {
      in_.Expect("skip");
      rule->policy = Policy::kNoSkip;
      return;
    }
    in_.Expect("skip");
    if (in_.Accept("past")) {
      in_.Expect("last");
      in_.Expect("event");
      return;
    }
    in_.Expect("to");
    if (in_.Accept("next")) {
      in_.Expect("event");
      rule->policy = Policy::kNextEvent;
      return;
    }
    rule->policy = in_.Accept("first") ? Policy::kToFirst : Policy::kToLast;
    if (rule->policy == Policy::kToLast) in_.Expect("last");
    rule->policy_var = in_.Word();
  }

  void ParseEmit(Rule* rule) {
    Emit emit;
    emit.type = in_.Word();
    in_.Expect("{");
    while (!in_.failed() && !in_.Accept("}")) {
      std::string name;
      if (in_.Is(":", 1)) {
        name = in_.Word();
        in_.Expect(":");
      }
      Expr e = expr_.Parse();
      if (name.empty()) name = e.kind == ExprKind::kName ? e.name : e.attr;
      emit.attrs.emplace_back(name, std::move(e));
      if (!in_.Accept(",") && !in_.Is("}")) in_.Fail();
    }
    rule->emits.push_back(std::move(emit));
  }

  // --- Patterns. A `group` being read takes the bound at its end.

  static NodePtr Made(Node node) { return std::make_shared<const Node>(std::move(node)); }

  NodePtr Sequence(Node* group) {
    Node node;
    node.kind = NodeKind::kSequence;
    node.children.push_back(Element());
    while (!in_.failed()) {
      if (in_.Accept("->"))
        node.ops.push_back(Op::kRelaxed);
      else if (in_.Accept("->>"))
        node.ops.push_back(Op::kAny);
      else if (in_.Accept(","))
        node.ops.push_back(Op::kStrict);
      else
        break;
      node.children.push_back(Element());
    }
    if (group != nullptr && in_.Accept("within")) {
      Token t = in_.Take();
      group->bound = {t.kind == TokenKind::kDuration ? Bound::kTime : Bound::kEvents, t.number};
      if (t.kind == TokenKind::kInt) in_.Expect("events");
    }
    return node.children.size() == 1 ? node.children[0] : Made(std::move(node));
  }

  NodePtr Element() {
    Node node;
    node.kind = NodeKind::kAlternatives;
    do node.children.push_back(Quantified());
    while (in_.Accept("|"));
    return node.children.size() == 1 ? node.children[0] : Made(std::move(node));
  }

  NodePtr Quantified() {
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
    return Quantifier(Made(std::move(node)));
  }

  NodePtr Quantifier(NodePtr inner) {
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
      return inner;
    }
    if (in_.Accept("?")) loop.reluctant = true;
    if (in_.Accept("strict"))
      loop.word = Op::kStrict;
    else if (in_.Accept("relaxed"))
      loop.word = Op::kRelaxed;
    else if (in_.Accept("any"))
      loop.word = Op::kAny;
    loop.children.push_back(std::move(inner));
    return Made(std::move(loop));
  }

  void Counts(Node* loop) {
    loop->min = in_.Is(",") ? 0 : static_cast<int>(in_.Take().number);
    loop->max = loop->min;
    if (in_.Accept(",")) loop->max = in_.Is("}") ? -1 : static_cast<int>(in_.Take().number);
    in_.Expect("}");
  }

  Reader& in_;
  ExprParser expr_;
  RuleFile file_;
};

}  // namespace

std::optional<RuleFile> ParseRules(const std::string& text) {
  std::vector<Token> tokens;
  if (!Lex(text, &tokens)) return std::nullopt;
  Reader reader(std::move(tokens));
  return RuleParser(&reader).Parse();
}

}  // namespace spate::reference
