// Builders for expressions, so that tests read like the language.
#ifndef SPATE_TESTS_RUNTIME_MODEL_EXPR_BUILDER_H_
#define SPATE_TESTS_RUNTIME_MODEL_EXPR_BUILDER_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "runtime/model/expr.h"
#include "runtime/model/functions.h"
#include "runtime/model/value.h"

namespace spate::testing {

inline Type TypeOf(const Constant& c) {
  if (c.kind != Kind::kList) return Type::Of(c.kind, c.is_null());
  const auto& elements = std::get<std::vector<Constant>>(c.data);
  bool nullable = false;
  Kind kind = Kind::kNull;
  for (const Constant& e : elements) {
    nullable |= e.is_null();
    if (!e.is_null()) kind = e.kind;
  }
  return Type::ListOf(kind, false, nullable);
}

inline std::shared_ptr<Expr> Node(Op op, std::vector<ExprPtr> args, Type type = {}) {
  auto e = std::make_shared<Expr>();
  e->op = op;
  e->args = std::move(args);
  e->type = type;
  return e;
}

inline ExprPtr Lit(Constant c) {
  auto e = Node(Op::kConst, {}, TypeOf(c));
  e->constant = std::move(c);
  return e;
}
inline ExprPtr Lit(int v) { return Lit(Constant::Int(v)); }
inline ExprPtr Lit(int64_t v) { return Lit(Constant::Int(v)); }
inline ExprPtr Lit(double v) { return Lit(Constant::Float(v)); }
inline ExprPtr Lit(bool v) { return Lit(Constant::Bool(v)); }
inline ExprPtr Lit(const char* v) { return Lit(Constant::String(v)); }
inline ExprPtr Null() { return Lit(Constant::Null()); }
inline ExprPtr Dur(Duration v) { return Lit(Constant::Integral(v, Kind::kDuration)); }
inline ExprPtr At(Time v) { return Lit(Constant::Integral(v, Kind::kTime)); }
inline Constant IpOf(const char* text) {
  char bytes[16];
  return ParseIp(text, bytes) ? Constant::Ip(std::string(bytes, 16)) : Constant::Null();
}

inline Constant C(int v) { return Constant::Int(v); }
inline Constant C(int64_t v) { return Constant::Int(v); }
inline Constant C(double v) { return Constant::Float(v); }
inline Constant C(bool v) { return Constant::Bool(v); }
inline Constant C(const char* v) { return Constant::String(v); }
inline Constant C(Constant v) { return v; }
template <typename... T>
Constant ListC(T... elements) {
  return Constant::List({C(elements)...});
}

inline ExprPtr Attr(uint32_t field, Kind kind) {
  auto e = Node(Op::kField, {}, Type::Of(kind, true));
  e->field = FieldId(field);
  return e;
}
inline ExprPtr EventTime() { return Node(Op::kTime, {}, Type::Of(Kind::kTime)); }
inline ExprPtr Local(uint32_t index, Kind kind) {
  auto e = Node(Op::kLocal, {}, Type::Of(kind));
  e->index = index;
  return e;
}

inline Type ResultOf(Op op, const std::vector<ExprPtr>& args) {
  switch (op) {
    case Op::kAdd:
    case Op::kSub:
    case Op::kMul:
    case Op::kDiv:
    case Op::kMod:
    case Op::kNegate:
    case Op::kCoalesce:
      return args[0]->type;
    case Op::kToFloat:
      return Type::Of(Kind::kFloat, args[0]->type.nullable);
    case Op::kIf:
      return args[1]->type;
    case Op::kCountIf:
      return Type::Of(Kind::kInt);
    case Op::kIndex:
      return args[0]->type.Element();
    case Op::kList:
      return Type::ListOf(args.empty() ? Kind::kNull : args[0]->type.kind);
    default:
      return Type::Of(Kind::kBool);
  }
}

inline ExprPtr Make(Op op, std::vector<ExprPtr> args, bool fold = false) {
  const Type type = ResultOf(op, args);
  auto e = Node(op, std::move(args), type);
  e->fold = fold;
  return e;
}

// any(list, x => condition) and its like, with the parameter number `index`.
inline ExprPtr Loop(Op op, ExprPtr list, ExprPtr condition, uint32_t index = 0) {
  auto e = Node(op, {std::move(list), std::move(condition)},
                Type::Of(op == Op::kCountIf ? Kind::kInt : Kind::kBool));
  e->index = index;
  return e;
}

// The row of the library that fits the kinds of the arguments (null fits any).
inline FunctionId FindFunction(absl::string_view name, const std::vector<ExprPtr>& args) {
  const auto table = FunctionTable();
  for (size_t i = 0; i < table.size(); ++i) {
    const FunctionRow& row = table[i];
    if (row.name != name || args.size() < row.required) continue;
    if (args.size() > row.parameters.size() && !row.variadic) continue;
    bool fits = true;
    for (size_t a = 0; a < args.size(); ++a) {
      const Type& want = row.parameters[std::min(a, row.parameters.size() - 1)];
      const Type& have = args[a]->type;
      fits &= want.kind == Kind::kError || have.kind == want.kind || have.kind == Kind::kNull;
    }
    if (fits) return static_cast<FunctionId>(i);
  }
  return static_cast<FunctionId>(table.size());
}

inline ExprPtr Call(absl::string_view name, std::vector<ExprPtr> args) {
  const FunctionId id = FindFunction(name, args);
  if (static_cast<size_t>(id) == FunctionTable().size()) return nullptr;
  auto e = Node(Op::kCall, std::move(args), GetFunction(id).result);
  e->function = id;
  return e;
}

// A value as text, for messages and comparisons: `null`, `"a"`, `[1, 2]`, `2.0`.
inline std::string Show(const Constant& c) {
  switch (c.kind) {
    case Kind::kNull:
      return "null";
    case Kind::kBool:
      return std::get<int64_t>(c.data) != 0 ? "true" : "false";
    case Kind::kInt:
      return std::to_string(std::get<int64_t>(c.data));
    case Kind::kFloat: {
      std::string text;
      AppendFloat(std::get<double>(c.data), &text);
      return text;
    }
    case Kind::kString:
      return "\"" + std::get<std::string>(c.data) + "\"";
    case Kind::kTime:
      return "@" + FormatTime(std::get<int64_t>(c.data));
    case Kind::kDuration:
      return FormatDuration(std::get<int64_t>(c.data));
    case Kind::kIp:
      return FormatIp(std::get<std::string>(c.data));
    default:
      break;
  }
  std::string text = "[";
  for (const Constant& e : std::get<std::vector<Constant>>(c.data)) {
    text += (text.size() > 1 ? ", " : "") + Show(e);
  }
  return text + "]";
}
inline std::string Show(const Value& v) { return Show(Constant::Copy(v)); }

}  // namespace spate::testing

#endif  // SPATE_TESTS_RUNTIME_MODEL_EXPR_BUILDER_H_
