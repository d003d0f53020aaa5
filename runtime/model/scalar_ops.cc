#include "runtime/model/scalar_ops.h"

#include "runtime/base/regex.h"
#include "runtime/base/unicode.h"
#include "runtime/model/arithmetic.h"
#include "runtime/model/comparison.h"
#include "runtime/model/like.h"

namespace spate {
namespace {

bool IsText(Kind kind) { return kind == Kind::kString || kind == Kind::kIp; }

bool SameText(absl::string_view a, absl::string_view b, bool fold) {
  return fold ? EqualFolded(a, b) : a == b;
}

// Equality of lists: false as soon as one pair differs, else null when one pair is null.
Value EqualLists(const Value& a, const Value& b, bool fold) {
  if (a.size != b.size) return Value::Bool(false);
  Value result = Value::Bool(true);
  for (uint32_t i = 0; i < a.size; ++i) {
    result = AndValues(result, CompareValues(Op::kEq, a.list[i], b.list[i], fold));
  }
  return result;
}

// Whether any element of `list` makes `holds(element)` true; SQL's IN.
template <typename Test>
Value AnyElement(const Value& item, const Value& list, Test holds) {
  if (list.is_null()) return Value::Null();
  if (list.size == 0) return Value::Bool(false);
  if (item.is_null()) return Value::Null();
  bool saw_null = false;
  for (const Value& element : list.elements()) {
    if (element.is_null()) {
      saw_null = true;
    } else if (holds(element)) {
      return Value::Bool(true);
    }
  }
  return saw_null ? Value::Null() : Value::Bool(false);
}

// A pattern operator whose right side is one pattern or a list of them.
template <typename Test>
Value AnyPattern(const Value& text, const Value& pattern, Test holds) {
  if (pattern.kind == Kind::kList) return AnyElement(text, pattern, holds);
  if (text.is_null() || pattern.is_null()) return Value::Null();
  return Value::Bool(holds(pattern));
}

}  // namespace

absl::string_view EvalFaultText(EvalFault fault) {
  switch (fault) {
    case EvalFault::kNone:
      return "none";
    case EvalFault::kOverflow:
      return "integer overflow";
    case EvalFault::kDivisionByZero:
      return "division by zero";
    case EvalFault::kNotFinite:
      return "result is not a finite number";
    case EvalFault::kOutOfRange:
      return "number out of range";
  }
  return "none";
}

Value CompareValues(Op op, const Value& a, const Value& b, bool fold) {
  if (a.is_null() || b.is_null()) return Value::Null();
  if (a.kind == Kind::kList) {
    const Value equal = EqualLists(a, b, fold);
    return op == Op::kEq ? equal : NotValue(equal);
  }
  if (a.kind == Kind::kFloat) return Value::Bool(ComparesAs(op, a.f, b.f));
  if (!IsText(a.kind)) return Value::Bool(ComparesAs(op, a.i, b.i));
  if (fold) return Value::Bool(EqualFolded(a.text(), b.text()) == (op == Op::kEq));
  return Value::Bool(ComparesAs(op, a.text(), b.text()));
}

Value AndValues(const Value& a, const Value& b) {
  if (!a.is_null() && !a.is_true()) return a;
  if (!b.is_null() && !b.is_true()) return b;
  return a.is_null() ? a : b;
}

Value OrValues(const Value& a, const Value& b) {
  if (a.is_true()) return a;
  if (b.is_true()) return b;
  return a.is_null() ? a : b;
}

Value NotValue(const Value& a) { return a.is_null() ? a : Value::Bool(!a.is_true()); }

Value InList(const Value& item, const Value& list, bool fold) {
  return AnyElement(item, list, [&](const Value& element) {
    if (IsText(item.kind)) return SameText(item.text(), element.text(), fold);
    return CompareValues(Op::kEq, item, element).is_true();
  });
}

Value LikeValue(const Value& text, const Value& pattern, bool fold) {
  return AnyPattern(text, pattern, [&](const Value& p) {
    return LikePattern::Compile(p.text(), fold).Matches(text.text());
  });
}

Value MatchesValue(const Value& text, const Value& pattern, bool fold) {
  return AnyPattern(text, pattern, [&](const Value& p) {
    const absl::StatusOr<Regex> regex = Regex::Compile(p.text(), fold);
    return regex.ok() && regex->Matches(text.text());
  });
}

Value ToFloat(const Value& a) {
  if (a.is_null() || a.kind == Kind::kFloat) return a;
  return Value::Float(static_cast<double>(a.i));
}

Value ElementAt(const Value& list, const Value& index) {
  if (list.is_null() || index.is_null()) return Value::Null();
  const int64_t size = list.size;
  const int64_t i = index.i < 0 ? index.i + size : index.i;
  return i < 0 || i >= size ? Value::Null() : list.list[i];
}

}  // namespace spate
