// Expressions over lists, records and tables.
//
// A list that is null makes all of them null. `any` and `all` are an `or` and an `and` over the
// elements, with SQL's three values; `count_if` counts where the condition is true.
#include <algorithm>

#include "tests/reference/eval.h"

namespace spate::reference {
namespace {

const std::vector<Val>* ListOf(const Val& v) { return std::get_if<std::vector<Val>>(&v.v); }

// The n-th element, from the back when negative.
Val ElementOf(const Val& list, int64_t n) {
  const std::vector<Val>* elements = ListOf(list);
  if (elements == nullptr) return Val::Null();
  const int64_t size = static_cast<int64_t>(elements->size());
  const int64_t i = n < 0 ? size + n : n;
  return i < 0 || i >= size ? Val::Null() : (*elements)[static_cast<size_t>(i)];
}

// The key that is looked up; empty when a part of it is null.
std::vector<Val> KeyIn(const Expr& e, const Scope& scope) {
  std::vector<Val> key;
  for (const Expr& arg : e.args) key.push_back(Evaluate(arg, scope));
  const bool null = std::any_of(key.begin(), key.end(), [](const Val& v) { return v.null(); });
  return null ? std::vector<Val>() : key;
}

const std::vector<Val>* RowOf(const Table& table, const std::vector<Val>& key) {
  for (const std::vector<Val>& row : table.rows) {
    if (std::equal(key.begin(), key.end(), row.begin())) return &row;
  }
  return nullptr;
}

Val LookUp(const Expr& e, const Scope& scope) {
  const std::vector<Val> key = KeyIn(e, scope);
  if (key.empty()) return Val::Null();
  const std::vector<Val>* row = RowOf(*e.table, key);
  if (e.kind == ExprKind::kInTable) return Val::Bool(row != nullptr);
  if (row == nullptr) return Val::Null();
  const auto& columns = e.table->columns;
  const auto column =
      std::find_if(columns.begin(), columns.end(), [&](const Attr& c) { return c.name == e.attr; });
  return (*row)[static_cast<size_t>(column - columns.begin())];
}

// What a condition says of each element.
std::vector<Val> OfElements(const Expr& e, const std::vector<Val>& elements, const Scope& scope) {
  std::vector<Val> out;
  for (const Val& element : elements) {
    if (e.kind == ExprKind::kEach) {
      out.push_back(Compare(e.attr, element, Evaluate(e.args[1], scope)));
      continue;
    }
    Scope inner = scope;
    inner.locals[e.attr] = element;
    out.push_back(Evaluate(e.args[1], inner));
  }
  return out;
}

Val Quantified(const Expr& e, const Scope& scope) {
  const Val list = Evaluate(e.args[0], scope);
  if (list.null()) return list;
  const std::vector<Val> conditions = OfElements(e, *ListOf(list), scope);
  if (e.name == "count_if") {
    return Val::Int(std::count(conditions.begin(), conditions.end(), Val::Bool(true)));
  }
  Val result = Val::Bool(e.name == "all");
  for (const Val& v : conditions) result = Logic(e.name == "all", result, v);
  return result;
}

// As in SQL: an element is equal; so nothing is in an empty list, not even what is not known.
Val IsIn(const Val& element, const Val& list) {
  if (list.null()) return list;
  Val result = Val::Bool(false);
  for (const Val& v : *ListOf(list)) result = Logic(false, result, Compare("==", element, v));
  return result;
}

}  // namespace

Val EvaluateOfMany(const Expr& e, const Scope& scope) {
  switch (e.kind) {
    case ExprKind::kTable:
    case ExprKind::kInTable:
      return LookUp(e, scope);
    case ExprKind::kIn:
      return IsIn(Evaluate(e.args[0], scope), Evaluate(e.args[1], scope));
    case ExprKind::kEach:
    case ExprKind::kLambda:
      return Quantified(e, scope);
    case ExprKind::kElement:
      return ElementOf(Evaluate(e.args[0], scope), e.n);
    case ExprKind::kPart:
      return ElementOf(Evaluate(e.args[0], scope), e.n);
    case ExprKind::kLocal:
      return scope.locals.at(e.name);
    default:
      return Val::Null();
  }
}

}  // namespace spate::reference
