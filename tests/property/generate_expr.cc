#include "tests/property/generate_expr.h"

#include <utility>

#include "tests/property/generate_values.h"

namespace spate::property {
namespace {

using reference::Expr;
using reference::ExprKind;
using reference::Val;

Expr Literal(Val v) {
  Expr e;
  e.literal = std::move(v);
  return e;
}

// The event's x or y, by bare name or by its own variable.
Expr OwnNumber(const std::string& own, Random* random) {
  std::string attr = random->Percent(75) ? "x" : "y";
  if (!own.empty() && random->Percent(15)) return VarAttr(own, attr);
  return Bare(attr);
}

Reads Current(const std::string& own, Random* random) {
  if (!own.empty() && random->Percent(15)) {
    return [own](const std::string& attr) { return VarAttr(own, attr); };
  }
  return [](const std::string& attr) { return Bare(attr); };
}

Reads Of(const std::string& var) {
  return [var](const std::string& attr) { return VarAttr(var, attr); };
}

Expr OnEvent(const std::string& own, Random* random) {
  if (random->rich() && random->Percent(40)) {
    return GenerateRichCondition(Current(own, random), random);
  }
  switch (random->Int(0, 6)) {
    case 0:
      return Binary("==", Bare("k"), Literal(Val::Text(random->Percent(50) ? "u" : "v")));
    case 1:
      return Unary(random->Percent(50) ? "is null" : "is not null", Bare("y"));
    case 2:
      return Binary("==", Binary("%", Bare("x"), Number(2)), Number(random->Int(0, 1)));
    default:
      return Binary(Comparison(random), OwnNumber(own, random), Number(random->Int(0, 3)));
  }
}

Expr OnEarlier(const std::string& var, const std::string& own, Random* random) {
  if (random->rich() && random->Percent(40)) {
    return GenerateRichComparison(Current(own, random), Of(var), random);
  }
  switch (random->Int(0, 5)) {
    case 0:
      return Binary("==", Bare("k"), VarAttr(var, "k"));
    case 1:
      return Binary("==", Bare("x"), VarAttr(var, "x"));
    case 2:
      return Binary(Comparison(random), Binary("+", Bare("x"), VarAttr(var, "x")),
                    Number(random->Int(1, 4)));
    default: {
      std::string attr = random->Percent(75) ? "x" : "y";
      return Binary(Comparison(random), OwnNumber(own, random), VarAttr(var, attr));
    }
  }
}

Expr Navigation(ExprKind kind, const std::string& var, const std::string& attr, int n) {
  Expr e;
  e.kind = kind;
  e.var = var;
  e.attr = attr;
  e.n = n;
  return e;
}

// What a variable has bound so far, compared with a small number.
Expr OnWhatIsBound(const std::string& var, Random* random) {
  switch (random->Int(0, 3)) {
    case 0:
      return Binary(Comparison(random), Call("count", var, ""), Number(random->Int(1, 3)));
    case 1: {
      static const std::vector<std::string> kNames = {"sum", "avg", "min", "max"};
      return Binary(Comparison(random), Call(random->Pick(kNames), var, "x"),
                    Number(random->Int(0, 4)));
    }
    case 2:
      return Binary(Comparison(random), Navigation(ExprKind::kFirst, var, "x", 0),
                    Number(random->Int(0, 3)));
    default:
      return Binary(Comparison(random), Navigation(ExprKind::kIndex, var, "x", random->Int(-2, 1)),
                    Number(random->Int(0, 3)));
  }
}

std::string RandomAggregate(Random* random) {
  static const std::vector<std::string> kPlain = {"sum", "avg", "min", "max", "collect"};
  static const std::vector<std::string> kStatistics = {"count_distinct", "median",   "percentile",
                                                       "stddev",         "variance", "top"};
  return random->Pick(random->Percent(45) ? kStatistics : kPlain);
}

// Some aggregates over a variable leave events out.
Expr SomeWithWhere(Expr e, Random* random) {
  if (random->Percent(30)) {
    e.args.push_back(Binary(Comparison(random), VarAttr(e.var, "x"), Number(random->Int(0, 3))));
  }
  return e;
}

// `count(b) == 1 or x >= last(b.x, 1)`.
Expr GoesOn(const std::string& own, Random* random) {
  return Binary("or", Binary("==", Call("count", own, ""), Number(1)),
                Binary(Comparison(random), Bare("x"), Navigation(ExprKind::kLast, own, "x", 1)));
}

Expr OnThePast(Random* random) {
  Expr e;
  e.kind = ExprKind::kPrev;
  e.attr = random->Percent(70) ? "x" : "y";
  e.n = random->Int(1, 2);
  if (random->Percent(25)) return Unary(random->Percent(50) ? "is null" : "is not null", e);
  return Binary(Comparison(random), Bare("x"), std::move(e));
}

}  // namespace

Expr Number(int n) { return Literal(Val::Int(n)); }

Expr Binary(const std::string& op, Expr a, Expr b) {
  Expr e;
  e.kind = ExprKind::kBinary;
  e.name = op;
  e.args = {std::move(a), std::move(b)};
  return e;
}

Expr Unary(const std::string& op, Expr a) {
  Expr e;
  e.kind = ExprKind::kUnary;
  e.name = op;
  e.args = {std::move(a)};
  return e;
}

std::string Comparison(Random* random) {
  static const std::vector<std::string> kOps = {"==", "!=", "<", "<=", ">", ">="};
  return random->Pick(kOps);
}

Expr Call(const std::string& name, const std::string& var, const std::string& attr) {
  Expr e;
  e.kind = ExprKind::kCall;
  e.name = name;
  e.var = var;
  e.attr = attr;
  return e;
}

Expr Duration(int64_t ns) {
  Expr e = Literal(Val::Int(ns));
  e.name = "duration";
  return e;
}

Expr Minus(Expr a, Expr b) { return Binary("-", std::move(a), std::move(b)); }
Expr Plus(Expr a, Expr b) { return Binary("+", std::move(a), std::move(b)); }
Expr Modulo(Expr a, int n) { return Binary("%", std::move(a), Number(n)); }

Expr Lower(Expr a) {
  Expr e;
  e.kind = ExprKind::kFunc;
  e.name = "lower";
  e.args = {std::move(a)};
  return e;
}

Expr Bare(const std::string& name) {
  Expr e;
  e.kind = ExprKind::kName;
  e.name = name;
  return e;
}

Expr VarAttr(const std::string& var, const std::string& attr) {
  return Navigation(ExprKind::kVarAttr, var, attr, 0);
}

Expr GenerateCondition(const std::vector<std::string>& earlier, const std::string& own,
                       Random* random) {
  auto one = [&] {
    bool looks_back = !earlier.empty() && random->Percent(60);
    return looks_back ? OnEarlier(random->Pick(earlier), own, random) : OnEvent(own, random);
  };
  Expr e = one();
  if (random->Percent(12)) e = Binary("or", std::move(e), one());
  if (random->Percent(12)) e = Binary("and", std::move(e), one());
  if (random->Percent(8)) e = Unary("not", std::move(e));
  return e;
}

Expr GenerateIdCondition(Random* random) {
  return Binary("==", Modulo(Bare("id"), 4), Number(random->Int(0, 3)));
}

Expr GenerateStepCondition(const std::vector<std::string>& earlier, const std::string& own,
                           Random* random) {
  if (random->Percent(14)) {
    if (!own.empty() && random->Percent(40)) return GoesOn(own, random);
    std::vector<std::string> vars = earlier;
    if (!own.empty()) vars.push_back(own);
    if (!vars.empty()) return OnWhatIsBound(random->Pick(vars), random);
  }
  if (random->Percent(8)) return OnThePast(random);
  return GenerateCondition(earlier, own, random);
}

namespace {

// `x + 1 > a.x`, `a.x * 2 == x`, `k == a.k`.
Expr JoinConjunct(const std::string& var, const std::string& own, Random* random) {
  if (random->Percent(20)) return Binary("==", Bare("k"), VarAttr(var, "k"));
  Expr event = OwnNumber(own, random);
  Expr bound = VarAttr(var, random->Percent(80) ? "x" : "y");
  if (random->Percent(15)) event = Binary("+", std::move(event), Number(random->Int(0, 1)));
  if (random->Percent(20)) bound = Binary("*", std::move(bound), Number(random->Int(1, 2)));
  if (random->Percent(15)) bound = Binary("%", Number(random->Int(1, 9)), std::move(bound));
  std::string op = random->Percent(40) ? "==" : Comparison(random);
  if (random->Percent(30)) std::swap(event, bound);
  return Binary(op, std::move(event), std::move(bound));
}

}  // namespace

Expr GenerateJoin(const std::vector<std::string>& earlier, const std::string& own, Random* random) {
  if (earlier.empty()) return OnEvent(own, random);
  Expr e = JoinConjunct(random->Pick(earlier), own, random);
  while (random->Percent(35)) {
    Expr more = random->Percent(70)   ? JoinConjunct(random->Pick(earlier), own, random)
                : random->Percent(50) ? OnEarlier(random->Pick(earlier), own, random)
                                      : OnEvent(own, random);
    e = Binary("and", std::move(e), std::move(more));
  }
  return e;
}

Expr GenerateEndConjunct(const std::vector<std::string>& vars, Random* random) {
  if (random->Percent(65)) return OnWhatIsBound(random->Pick(vars), random);
  return Binary(Comparison(random), Navigation(ExprKind::kFirst, random->Pick(vars), "x", 0),
                Navigation(ExprKind::kLast, random->Pick(vars), "x", random->Int(0, 1)));
}

Expr GenerateConjunct(const std::vector<std::string>& vars, Random* random) {
  const std::string& a = random->Pick(vars);
  const std::string& b = random->Pick(vars);
  if (random->rich() && random->Percent(40)) return GenerateRichComparison(Of(a), Of(b), random);
  switch (random->Int(0, 5)) {
    case 0:
      return Unary(random->Percent(50) ? "is null" : "is not null", VarAttr(a, "y"));
    case 1:
      return Binary(Comparison(random), VarAttr(a, "x"), Number(random->Int(0, 3)));
    case 2:
      return Binary("or", Unary("is null", VarAttr(a, "x")),
                    Binary(Comparison(random), VarAttr(a, "x"), VarAttr(b, "x")));
    case 3:
      return Binary(Comparison(random), Binary("+", VarAttr(a, "x"), VarAttr(b, "x")),
                    Number(random->Int(1, 5)));
    default: {
      std::string attr = random->Percent(80) ? "x" : "y";
      return Binary(Comparison(random), VarAttr(a, attr), VarAttr(b, attr));
    }
  }
}

Expr GenerateAttribute(const std::string& var, bool of_window, Random* random) {
  if (random->rich() && random->Percent(35)) return GenerateRichAttribute(Of(var), random);
  std::string attr = random->rich() && random->Percent(20) ? "rec.a"
                     : random->Percent(60)                 ? "x"
                                                           : "y";
  switch (random->Int(0, 6)) {
    case 0:
      return VarAttr(var, random->Percent(70) ? attr : "k");
    case 1:
      return Navigation(ExprKind::kFirst, var, attr, of_window ? 0 : random->Int(0, 1));
    case 2:
      return Navigation(ExprKind::kLast, var, attr, of_window ? 0 : random->Int(0, 1));
    case 3:
      return Navigation(ExprKind::kIndex, var, attr, random->Int(-2, 2));
    case 4:
      if (random->Percent(30)) return Call("count", "", "");
      return Call("count", var, random->Percent(50) ? "" : attr);
    default: {
      Expr e = Call(RandomAggregate(random), var, attr);
      if (e.name == "percentile") e.literal = Val::Int(random->Int(0, 4) * 25);
      if (e.name == "top") e.literal = Val::Int(random->Int(1, 2));
      return SomeWithWhere(std::move(e), random);
    }
  }
}

Expr GenerateSummaryAggregate(const std::string& var, Random* random) {
  if (random->Percent(8)) return Call("count", "", "");
  static const std::vector<std::string> kNames = {"count", "sum", "avg", "min", "max"};
  return SomeWithWhere(Call(random->Pick(kNames), var, random->Percent(60) ? "x" : "y"), random);
}

Expr GenerateHaving(const std::string& var, Random* random) {
  switch (random->Int(0, 2)) {
    case 0:
      return Binary(">=", Call("count", "", ""), Number(random->Int(1, 3)));
    case 1:
      return Binary(Comparison(random), Call("sum", var, "x"), Number(random->Int(1, 6)));
    default: {
      Expr count = Call("count", var, "");
      count.args.push_back(
          Binary(Comparison(random), VarAttr(var, "x"), Number(random->Int(0, 3))));
      return Binary(">=", std::move(count), Number(random->Int(1, 2)));
    }
  }
}

}  // namespace spate::property
