#include "tests/reference/parse_expr.h"

#include <algorithm>
#include <set>

namespace spate::reference {
namespace {

Expr Apply(ExprKind kind, const std::string& name, std::vector<Expr> args) {
  Expr e;
  e.kind = kind;
  e.name = name;
  e.args = std::move(args);
  return e;
}

Expr Literal(Val v) {
  Expr e;
  e.literal = std::move(v);
  return e;
}

// Words that would need more than the reference has.
bool IsForeign(const std::string& word) {
  static const std::set<std::string> kWords = {"like", "matches", "in", "between", "unless"};
  return kWords.contains(word);
}

void SplitAnd(Expr e, std::vector<Expr>* out) {
  if (e.kind == ExprKind::kBinary && e.name == "and") {
    SplitAnd(e.args[0], out);
    SplitAnd(e.args[1], out);
  } else {
    out->push_back(std::move(e));
  }
}

}  // namespace

bool HasDuration(const Expr& e) {
  return (e.kind == ExprKind::kLiteral && e.name == "duration") ||
         std::any_of(e.args.begin(), e.args.end(), HasDuration);
}

std::vector<Expr> ExprParser::ParseConjuncts() {
  std::vector<Expr> out;
  SplitAnd(Parse(), &out);
  return out;
}

Expr ExprParser::Or() { return BinaryLevel({"or"}, &ExprParser::And); }
Expr ExprParser::And() { return BinaryLevel({"and"}, &ExprParser::Not); }
Expr ExprParser::Coalesce() { return BinaryLevel({"??"}, &ExprParser::Sum); }
Expr ExprParser::Sum() { return BinaryLevel({"+", "-"}, &ExprParser::Product); }
Expr ExprParser::Product() { return BinaryLevel({"*", "/", "%"}, &ExprParser::Prefix); }

Expr ExprParser::BinaryLevel(std::initializer_list<const char*> ops, Expr (ExprParser::*next)()) {
  Expr left = (this->*next)();
  while (true) {
    std::string op;
    for (const char* o : ops) {
      if (in_.Accept(o)) op = o;
    }
    if (op.empty()) return left;
    Expr right = (this->*next)();
    left = Apply(ExprKind::kBinary, op, {std::move(left), std::move(right)});
  }
}

Expr ExprParser::Not() {
  if (in_.Accept("not")) return Apply(ExprKind::kUnary, "not", {Not()});
  return Comparison();
}

Expr ExprParser::Comparison() {
  Expr left = Coalesce();
  for (const char* op : {"==", "!=", "<=", ">=", "<", ">"}) {
    if (in_.Accept(op)) return Apply(ExprKind::kBinary, op, {std::move(left), Coalesce()});
  }
  if (in_.Accept("is")) {
    bool negated = in_.Accept("not");
    in_.Expect("null");
    return Apply(ExprKind::kUnary, negated ? "is not null" : "is null", {std::move(left)});
  }
  if (in_.Peek().kind == TokenKind::kWord && IsForeign(in_.Peek().text)) in_.Fail();
  return left;
}

Expr ExprParser::Prefix() {
  if (in_.Accept("-")) return Apply(ExprKind::kUnary, "-", {Prefix()});
  return Primary();
}

Expr ExprParser::Primary() {
  Token t = in_.Peek();
  switch (t.kind) {
    case TokenKind::kInt:
      in_.Take();
      return Literal(Val::Int(t.number));
    case TokenKind::kDuration: {
      in_.Take();
      Expr e = Literal(Val::Int(t.number));
      e.name = "duration";
      return e;
    }
    case TokenKind::kFloat:
      in_.Take();
      return Literal(Val::Float(t.real));
    case TokenKind::kText:
      in_.Take();
      if (t.text.size() > 9 && t.text[4] == '-') in_.Fail();  // a time as text
      return Literal(Val::Text(t.text));
    case TokenKind::kWord:
      return Word();
    default:
      break;
  }
  if (!in_.Accept("(")) {
    in_.Fail();
    return {};
  }
  Expr e = Parse();
  in_.Expect(")");
  return e;
}

Expr ExprParser::Word() {
  std::string word = in_.Word();
  if (word == "true" || word == "false") return Literal(Val::Bool(word == "true"));
  if (word == "null") return Literal(Val::Null());
  if (IsForeign(word)) in_.Fail();
  if (word == "if") return If();
  if (in_.Accept("(")) return Call(word);
  Expr e;
  if (in_.Accept("[")) {
    e.kind = ExprKind::kIndex;
    e.var = word;
    bool negative = in_.Accept("-");
    e.n = in_.Take().number * (negative ? -1 : 1);
    in_.Expect("]");
    in_.Expect(".");
    e.attr = in_.Word();
  } else if (in_.Accept(".")) {
    e.kind = ExprKind::kVarAttr;
    e.var = word;
    e.attr = in_.Word();
  } else {
    e.kind = ExprKind::kName;
    e.name = word;
  }
  if (IsForeign(e.attr) || in_.Is(".")) in_.Fail();
  return e;
}

Expr ExprParser::If() {
  Expr condition = Parse();
  in_.Expect("then");
  Expr then = Parse();
  in_.Expect("else");
  return Apply(ExprKind::kIf, "if", {std::move(condition), std::move(then), Parse()});
}

// `prev(x)`, `prev(x, n)`.
Expr ExprParser::Previous() {
  Expr e;
  e.kind = ExprKind::kPrev;
  e.attr = in_.Word();
  e.n = in_.Accept(",") ? in_.Take().number : 1;
  in_.Expect(")");
  return e;
}

Expr ExprParser::Call(const std::string& name) {
  static const std::set<std::string> kKnown = {
      "count",   "sum",    "avg",         "min",          "max",       "first",
      "last",    "median", "variance",    "percentile",   "stddev",    "count_distinct",
      "collect", "top",    "match_count", "window_start", "window_end"};
  if (name == "prev") return Previous();
  if (name == "lower") {
    Expr e = Apply(ExprKind::kFunc, name, {Parse()});
    in_.Expect(")");
    return e;
  }
  if (!kKnown.contains(name)) in_.Fail();
  Expr e;
  e.kind = name == "first" ? ExprKind::kFirst : name == "last" ? ExprKind::kLast : ExprKind::kCall;
  e.name = name;
  if (in_.Accept(")")) return e;
  e.var = in_.Word();
  if (in_.Accept(".")) e.attr = in_.Word();
  if (IsForeign(e.attr)) in_.Fail();
  bool navigates = e.kind != ExprKind::kCall;
  if (in_.Accept("where")) e.args.push_back(Parse());
  if (in_.Accept(",")) {
    Token t = in_.Take();
    e.n = navigates ? t.number : 0;
    if (!navigates)
      e.literal = t.kind == TokenKind::kFloat ? Val::Float(t.real) : Val::Int(t.number);
  }
  in_.Expect(")");
  if (navigates && e.attr.empty() && in_.Accept(".")) e.attr = in_.Word();  // first(v).x
  return e;
}

}  // namespace spate::reference
