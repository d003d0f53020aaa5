#include "compiler/testing/conditions.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "runtime/model/literal.h"

namespace spate {
namespace {

constexpr size_t kMostText = 60;
constexpr size_t kMostValue = 80;

// What a reader of the condition cannot see in its text: not a literal.
bool IsWorthShowing(absl::string_view text) {
  if (text.empty() || text == "true" || text == "false" || text == "null") return false;
  const char c = text[0];
  return absl::ascii_isalpha(c) || c == '_' || c == '`';
}

bool IsLeaf(Op op) {
  switch (op) {
    case Op::kField:
    case Op::kTime:
    case Op::kBound:
    case Op::kBoundTime:
    case Op::kKey:
    case Op::kAggregate:
    case Op::kWindowStart:
    case Op::kWindowEnd:
    case Op::kPrev:
    case Op::kConst:
      return true;
    default:
      return false;
  }
}

// Lambdas' parameters have a value only inside of them.
bool HasLocals(Op op) { return op == Op::kAny || op == Op::kAll || op == Op::kCountIf; }

std::string Shortened(std::string text, size_t most) {
  if (text.size() <= most) return text;
  text.resize(most);
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xc0) == 0x80) text.pop_back();
  if (!text.empty() && static_cast<unsigned char>(text.back()) >= 0xc0) text.pop_back();
  return text + "..";
}

}  // namespace

std::string ConditionSet::TextOf(const Origin& origin) const {
  const absl::string_view text = sources_.Text({origin.file, origin.begin, origin.end});
  std::string line;
  for (absl::string_view word :
       absl::StrSplit(text, absl::ByAnyChar(" \t\r\n"), absl::SkipEmpty())) {
    if (!line.empty()) line.push_back(' ');
    line.append(word.data(), word.size());
  }
  return Shortened(std::move(line), kMostText);
}

absl::StatusOr<ConditionSet::Parts> ConditionSet::Add(const ExprPtr& condition,
                                                      const Origin& around) {
  Parts parts;
  if (condition == nullptr) return parts;
  if (absl::Status s = AddPart(condition, around, &parts); !s.ok()) return s;
  return parts;
}

absl::Status ConditionSet::AddPart(const ExprPtr& condition, const Origin& around, Parts* parts) {
  if (condition->op == Op::kAnd) {
    for (const ExprPtr& arg : condition->args) {
      if (absl::Status s = AddPart(arg, around, parts); !s.ok()) return s;
    }
    return absl::OkStatus();
  }
  absl::StatusOr<Program> program = Program::Compile(*condition);
  if (!program.ok()) return program.status();
  Part part{CountOf(PlaceIn(condition->origin, around)),
            condition->op == Op::kEq,
            *std::move(program),
            {}};
  if (absl::Status s = AddLeaves(*condition, &part.leaves); !s.ok()) return s;
  parts->push_back(parts_.size());
  parts_.push_back(std::move(part));
  return absl::OkStatus();
}

Origin ConditionSet::PlaceIn(const Origin& origin, const Origin& around) const {
  const bool inside =
      origin.file == around.file && origin.begin >= around.begin && origin.end <= around.end;
  if (inside) return origin;
  const absl::string_view text = sources_.Text({origin.file, origin.begin, origin.end});
  const size_t at = sources_.Text({around.file, around.begin, around.end}).find(text);
  if (text.empty() || at == absl::string_view::npos) return origin;
  const auto begin = around.begin + static_cast<uint32_t>(at);
  return {around.file, begin, begin + static_cast<uint32_t>(text.size())};
}

absl::Status ConditionSet::AddLeaves(const Expr& e, std::vector<Leaf>* leaves) const {
  if (IsLeaf(e.op)) {
    const std::string text = TextOf(e.origin);
    const bool known = std::any_of(leaves->begin(), leaves->end(),
                                   [&](const Leaf& leaf) { return leaf.text == text; });
    if (known || !IsWorthShowing(text)) return absl::OkStatus();
    absl::StatusOr<Program> program = Program::Compile(e);
    if (!program.ok()) return program.status();
    leaves->push_back({text, e.type, *std::move(program)});
    return absl::OkStatus();
  }
  for (const ExprPtr& arg : e.args) {
    if (absl::Status s = AddLeaves(*arg, leaves); !s.ok()) return s;
    if (HasLocals(e.op)) break;
  }
  return absl::OkStatus();
}

size_t ConditionSet::CountOf(const Origin& origin) {
  for (size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i].origin == origin) return i;
  }
  counts_.push_back({origin, 0, 0});
  return counts_.size() - 1;
}

Value ConditionSet::Run(const Program& program, const ConditionScene& scene) {
  bound_.clear();
  prev_.clear();
  for (const BoundRef& ref : program.bound_refs()) bound_.push_back(scene.bound(ref));
  for (const PrevRef& ref : program.prev_refs()) prev_.push_back(scene.prev(ref));
  EvalContext context = scene.context;
  context.bound = bound_.data();
  context.prev = prev_.data();
  return program.Eval(context);
}

void ConditionSet::Evaluate(const Parts& parts, const ConditionScene& scene,
                            std::vector<FalseCondition>* fails) {
  for (const size_t index : parts) {
    const Part& part = parts_[index];
    Count& count = counts_[part.count];
    if (Run(part.program, scene).is_true()) {
      ++count.yes;
      continue;
    }
    ++count.no;
    if (fails == nullptr) continue;
    FalseCondition& fail = fails->emplace_back();
    fail.origin = count.origin;
    fail.is_equality = part.is_equality;
    fail.text = TextOf(count.origin);
    for (const Leaf& leaf : part.leaves) {
      fail.values.emplace_back(
          leaf.text, Shortened(LiteralText(Run(leaf.program, scene), leaf.type), kMostValue));
    }
  }
}

}  // namespace spate
