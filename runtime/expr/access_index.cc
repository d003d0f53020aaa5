#include "runtime/expr/access_index.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "runtime/model/comparison.h"
#include "runtime/model/fold.h"

namespace spate {
namespace {

bool CanBeKey(Kind kind) { return IsIntegral(kind) || kind == Kind::kString || kind == Kind::kIp; }

bool IsAttribute(const Expr& e) {
  return e.op == Op::kField || (e.op == Op::kToFloat && e.args[0]->op == Op::kField);
}

}  // namespace

// A conjunct that compares an attribute with a constant, or with some.
struct AccessIndex::Access {
  Op op = Op::kEq;  // equality, or an order
  FieldId field;
  bool fold = false;
  bool as_float = false;
  std::vector<Constant> constants;

  // What it shares with those that one table answers.
  std::tuple<int, uint32_t, bool> Table() const {
    const int sort = op == Op::kEq ? 0 : op == Op::kGt || op == Op::kGe ? 1 : 2;
    return {sort, field.value, sort == 0 ? fold : as_float};
  }

  static std::optional<Access> Of(const Expr& e);
  static bool AddAll(const Expr& e, std::vector<Access>* out);
};

std::optional<AccessIndex::Access> AccessIndex::Access::Of(const Expr& e) {
  const bool order = e.op == Op::kLt || e.op == Op::kLe || e.op == Op::kGt || e.op == Op::kGe;
  if (e.op != Op::kEq && e.op != Op::kIn && !order) return std::nullopt;
  const bool swapped = e.op != Op::kIn && IsAttribute(*e.args[1]);
  const Expr& attribute = *e.args[swapped ? 1 : 0];
  if (!IsAttribute(attribute)) return std::nullopt;
  const bool as_float = attribute.type.kind == Kind::kFloat;
  if (!(order && as_float) && (attribute.op != Op::kField || !CanBeKey(attribute.type.kind))) {
    return std::nullopt;
  }
  if (order && !as_float && !IsIntegral(attribute.type.kind)) return std::nullopt;
  std::optional<Constant> constant = ConstantOf(*e.args[swapped ? 0 : 1]);
  if (!constant.has_value()) return std::nullopt;
  const Expr& field = attribute.op == Op::kField ? attribute : *attribute.args[0];
  Access access{
      order ? (swapped ? Mirrored(e.op) : e.op) : Op::kEq, field.field, e.fold, as_float, {}};
  if (e.op != Op::kIn) {
    access.constants.push_back(*std::move(constant));
  } else if (constant->kind == Kind::kList) {
    access.constants = std::get<std::vector<Constant>>(constant->data);
  }
  const auto useless = [&](const Constant& c) { return c.kind != attribute.type.kind; };
  std::vector<Constant>& constants = access.constants;
  constants.erase(std::remove_if(constants.begin(), constants.end(), useless), constants.end());
  return access;
}

// The accesses among the conjuncts of a condition, left to right, up to one that can fault. False
// when it came to such a one.
bool AccessIndex::Access::AddAll(const Expr& e, std::vector<Access>* out) {
  if (e.op == Op::kAnd) {
    return std::all_of(e.args.begin(), e.args.end(),
                       [out](const ExprPtr& arg) { return AddAll(*arg, out); });
  }
  if (std::optional<Access> access = Of(e); access.has_value()) {
    out->push_back(*std::move(access));
  }
  return !CanFault(e);
}

AccessIndex::AccessIndex(const std::vector<const Expr*>& conditions, size_t worthwhile)
    : has_(conditions.size(), false), exact_(conditions.size(), false) {
  std::vector<std::vector<Access>> accesses(conditions.size());
  std::map<std::tuple<int, uint32_t, bool>, size_t> uses;  // by table
  for (size_t i = 0; i < conditions.size(); ++i) {
    Access::AddAll(*conditions[i], &accesses[i]);
    for (const Access& a : accesses[i]) ++uses[a.Table()];
  }
  // Equality first, since it leaves fewer; then what most conditions share: fewer tables.
  const auto worse = [&](const Access& a, const Access& b) {
    const bool a_equal = a.op == Op::kEq, b_equal = b.op == Op::kEq;
    return a_equal != b_equal ? b_equal : uses[a.Table()] < uses[b.Table()];
  };
  for (uint32_t i = 0; i < conditions.size(); ++i) {
    std::vector<Access>& of = accesses[i];
    of.erase(std::remove_if(of.begin(), of.end(),
                            [&](const Access& a) { return uses[a.Table()] < worthwhile; }),
             of.end());
    if (of.empty()) continue;
    has_[i] = true;
    exact_[i] = conditions[i]->op != Op::kAnd;
    Add(*std::max_element(of.begin(), of.end(), worse), i);
  }
  SortBounds();
}

void AccessIndex::Add(const Access& access, uint32_t condition) {
  for (const Constant& c : access.constants) {
    if (access.op != Op::kEq) {
      Bounds* table = BoundsOf(access);
      const bool inclusive = access.op == Op::kLe || access.op == Op::kGe;
      if (access.as_float) {
        table->floats.push_back({std::get<double>(c.data), inclusive, condition});
      } else {
        table->integers.push_back({std::get<int64_t>(c.data), inclusive, condition});
      }
      continue;
    }
    Equals* table = EqualsOf(access);
    Conditions* same;
    if (IsIntegral(c.kind)) {
      same = &table->integers[std::get<int64_t>(c.data)];
    } else {
      const std::string& text = std::get<std::string>(c.data);
      same = access.fold ? &table->folded[text] : &table->texts[text];
    }
    // A list may name a constant twice.
    if (same->empty() || same->back() != condition) same->push_back(condition);
  }
}

void AccessIndex::SortBounds() {
  for (Bounds& table : bounds_) {
    const auto sort = [&](auto* bounds) {
      std::stable_sort(bounds->begin(), bounds->end(), [&](const auto& a, const auto& b) {
        if (a.constant != b.constant) return (a.constant < b.constant) != table.upper;
        return a.inclusive && !b.inclusive;
      });
    };
    sort(&table.integers);
    // A bound that is not a number is never passed, and would stop those behind it.
    std::vector<Bound<double>>& floats = table.floats;
    floats.erase(std::remove_if(floats.begin(), floats.end(),
                                [](const auto& b) { return std::isnan(b.constant); }),
                 floats.end());
    sort(&floats);
  }
}

AccessIndex::Equals* AccessIndex::EqualsOf(const Access& access) {
  for (Equals& t : equals_) {
    if (t.field == access.field && t.fold == access.fold) return &t;
  }
  equals_.push_back({access.field, access.fold, {}, {}, {}});
  return &equals_.back();
}

AccessIndex::Bounds* AccessIndex::BoundsOf(const Access& access) {
  const bool upper = access.op == Op::kLt || access.op == Op::kLe;
  for (Bounds& t : bounds_) {
    if (t.field == access.field && t.upper == upper && t.as_float == access.as_float) return &t;
  }
  bounds_.push_back({access.field, upper, access.as_float, {}, {}});
  return &bounds_.back();
}

}  // namespace spate
