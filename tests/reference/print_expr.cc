// Expressions as text.
#include "tests/reference/print.h"

namespace spate::reference {
namespace {

std::string PrintCall(const Expr& e) {
  std::string out = (e.kind == ExprKind::kFirst  ? "first"
                     : e.kind == ExprKind::kLast ? "last"
                                                 : e.name) +
                    "(" + e.var + (e.attr.empty() ? "" : "." + e.attr);
  if (e.kind != ExprKind::kCall && e.n != 0) out += ", " + std::to_string(e.n);
  if (!e.args.empty()) out += " where " + PrintExpr(e.args[0]);
  if (!e.literal.null()) out += ", " + FormatVal(e.literal);
  return out + ")";
}

// An operand: in parentheses where it has operators of its own.
std::string PrintOperand(const Expr& e) {
  bool plain = e.kind != ExprKind::kBinary && e.kind != ExprKind::kUnary &&
               e.kind != ExprKind::kIf && e.kind != ExprKind::kInTable && e.kind != ExprKind::kIn &&
               e.kind != ExprKind::kEach;
  return plain ? PrintExpr(e) : "(" + PrintExpr(e) + ")";
}

std::string PrintExprs(const std::vector<Expr>& args) {
  std::string out;
  for (const Expr& arg : args) out += (out.empty() ? "" : ", ") + PrintExpr(arg);
  return out;
}

// The key of a table: a list where it has several parts.
std::string PrintKey(const Expr& e) {
  return e.args.size() == 1 ? PrintOperand(e.args[0]) : "[" + PrintExprs(e.args) + "]";
}

}  // namespace

std::string PrintExpr(const Expr& e) {
  switch (e.kind) {
    case ExprKind::kLiteral:
      return e.name == "duration" ? PrintDuration(std::get<int64_t>(e.literal.v))
                                  : FormatVal(e.literal);
    case ExprKind::kName:
      return e.name;
    case ExprKind::kVarAttr:
      return e.var + "." + e.attr;
    case ExprKind::kIndex:
      return e.var + "[" + std::to_string(e.n) + "]." + e.attr;
    case ExprKind::kFirst:
    case ExprKind::kLast:
    case ExprKind::kCall:
      return PrintCall(e);
    case ExprKind::kPrev:
      return "prev(" + e.attr + (e.n == 1 ? "" : ", " + std::to_string(e.n)) + ")";
    case ExprKind::kFunc:
      return e.name + "(" + PrintExprs(e.args) + ")";
    case ExprKind::kIf:
      return "if " + PrintExpr(e.args[0]) + " then " + PrintExpr(e.args[1]) + " else " +
             PrintExpr(e.args[2]);
    case ExprKind::kUnary:
      if (e.name == "not") return "not " + PrintOperand(e.args[0]);
      if (e.name == "-") return "-" + PrintOperand(e.args[0]);
      return PrintOperand(e.args[0]) + " " + e.name;
    case ExprKind::kBinary:
      return PrintOperand(e.args[0]) + " " + e.name + " " + PrintOperand(e.args[1]);
    case ExprKind::kTable:
      return e.table->name + "[" + PrintKey(e) + "]." + e.attr;
    case ExprKind::kInTable:
      return PrintKey(e) + " in " + e.table->name;
    case ExprKind::kIn:
      return PrintOperand(e.args[0]) + " in " + PrintOperand(e.args[1]);
    case ExprKind::kEach:
      return e.name + "(" + PrintExpr(e.args[0]) + ") " + e.attr + " " + PrintOperand(e.args[1]);
    case ExprKind::kLambda:
      return e.name + "(" + PrintExpr(e.args[0]) + ", " + e.attr + " => " + PrintExpr(e.args[1]) +
             ")";
    case ExprKind::kElement:
      return PrintOperand(e.args[0]) + "[" + std::to_string(e.n) + "]";
    case ExprKind::kPart:
      return PrintOperand(e.args[0]) + "." + e.attr;
    case ExprKind::kLocal:
      return e.name;
  }
  return "";
}

}  // namespace spate::reference
