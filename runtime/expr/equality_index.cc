#include "runtime/expr/equality_index.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "runtime/model/fold.h"

namespace spate {
namespace {

// A conjunct that asks for one of some constants.
struct Access {
  FieldId field;
  bool fold = false;
  std::vector<Constant> constants;
};

std::optional<Constant> ConstantOf(const Expr& e) {
  if (e.op == Op::kConst) return e.constant;
  return FoldConstant(e);
}

bool IsInteger(Kind kind) {
  return kind == Kind::kBool || kind == Kind::kInt || kind == Kind::kTime ||
         kind == Kind::kDuration;
}

bool CanBeKey(Kind kind) { return IsInteger(kind) || kind == Kind::kString || kind == Kind::kIp; }

std::optional<Access> AccessOf(const Expr& e) {
  if (e.op != Op::kEq && e.op != Op::kIn) return std::nullopt;
  const bool swapped = e.op == Op::kEq && e.args[1]->op == Op::kField;
  const Expr& attribute = *e.args[swapped ? 1 : 0];
  if (attribute.op != Op::kField || !CanBeKey(attribute.type.kind)) return std::nullopt;
  std::optional<Constant> constant = ConstantOf(*e.args[swapped ? 0 : 1]);
  if (!constant.has_value()) return std::nullopt;
  Access access{attribute.field, e.fold, {}};
  if (e.op == Op::kEq) {
    access.constants.push_back(*std::move(constant));
  } else if (constant->kind == Kind::kList) {
    access.constants = std::get<std::vector<Constant>>(constant->data);
  }
  const auto useless = [&](const Constant& c) { return c.kind != attribute.type.kind; };
  std::vector<Constant>& constants = access.constants;
  constants.erase(std::remove_if(constants.begin(), constants.end(), useless), constants.end());
  return access;
}

// Whether evaluating it can count a fault, as far as its operators tell.
bool CanFault(const Expr& e) {
  switch (e.op) {
    case Op::kConst:
    case Op::kField:
    case Op::kTime:
    case Op::kAnd:
    case Op::kOr:
    case Op::kNot:
    case Op::kIsNull:
    case Op::kIsTrue:
    case Op::kIsFalse:
    case Op::kEq:
    case Op::kNe:
    case Op::kLt:
    case Op::kLe:
    case Op::kGt:
    case Op::kGe:
    case Op::kIn:
    case Op::kToFloat:
    case Op::kList:
      return std::any_of(e.args.begin(), e.args.end(),
                         [](const ExprPtr& arg) { return CanFault(*arg); });
    case Op::kLike:
    case Op::kMatches:  // a pattern that is made at run time may be none
      return CanFault(*e.args[0]) || !ConstantOf(*e.args[1]).has_value();
    default:
      return true;
  }
}

// The accesses among the conjuncts of a condition, left to right, up to one that can fault. False
// when it came to such a one.
bool AddAccesses(const Expr& e, std::vector<Access>* out) {
  if (e.op == Op::kAnd) {
    return std::all_of(e.args.begin(), e.args.end(),
                       [out](const ExprPtr& arg) { return AddAccesses(*arg, out); });
  }
  if (std::optional<Access> access = AccessOf(e); access.has_value()) {
    out->push_back(*std::move(access));
  }
  return !CanFault(e);
}

using Attribute = std::pair<uint32_t, bool>;  // field, fold

}  // namespace

EqualityIndex::EqualityIndex(const std::vector<const Expr*>& conditions, size_t worthwhile)
    : has_(conditions.size(), false) {
  std::vector<std::vector<Access>> accesses(conditions.size());
  std::map<Attribute, size_t> uses;
  for (size_t i = 0; i < conditions.size(); ++i) {
    AddAccesses(*conditions[i], &accesses[i]);
    for (const Access& a : accesses[i]) ++uses[{a.field.value, a.fold}];
  }
  for (size_t i = 0; i < conditions.size(); ++i) {
    // Of several the one that most conditions share: fewer tables.
    const auto best = std::max_element(
        accesses[i].begin(), accesses[i].end(), [&](const Access& a, const Access& b) {
          return uses[{a.field.value, a.fold}] < uses[{b.field.value, b.fold}];
        });
    if (best == accesses[i].end() || uses[{best->field.value, best->fold}] < worthwhile) continue;
    has_[i] = true;
    Table* table = TableOf(best->field, best->fold);
    for (const Constant& c : best->constants) {
      Conditions* same;
      if (IsInteger(c.kind)) {
        same = &table->integers[std::get<int64_t>(c.data)];
      } else {
        const std::string& text = std::get<std::string>(c.data);
        same = best->fold ? &table->folded[text] : &table->texts[text];
      }
      // A list may name a constant twice.
      if (same->empty() || same->back() != i) same->push_back(static_cast<uint32_t>(i));
    }
  }
}

EqualityIndex::Table* EqualityIndex::TableOf(FieldId field, bool fold) {
  for (Table& t : tables_) {
    if (t.field == field && t.fold == fold) return &t;
  }
  tables_.push_back({field, fold, {}, {}, {}});
  return &tables_.back();
}

}  // namespace spate
