// Lists, records, tables and registered functions, wherever a rule has an expression.
#include "tests/property/uses.h"

namespace spate::property {
namespace {

using reference::Expr;
using reference::ExprKind;
using Uses = std::set<std::string>;

void AddValues(const Expr& e, Uses* uses) {
  switch (e.kind) {
    case ExprKind::kName:
      if (e.name.find('.') != std::string::npos) uses->insert("nested attribute");
      break;
    case ExprKind::kVarAttr:
    case ExprKind::kFirst:
    case ExprKind::kLast:
    case ExprKind::kIndex:
    case ExprKind::kCall:
      if (e.attr.find('.') != std::string::npos) uses->insert("nested attribute of a variable");
      if (e.attr == "xs" || e.attr == "es") uses->insert("list of a variable");
      break;
    case ExprKind::kFunc:
      if (e.name != "lower") uses->insert("registered function");
      break;
    case ExprKind::kTable:
      uses->insert("table look-up");
      break;
    case ExprKind::kInTable:
      uses->insert("in a table");
      break;
    case ExprKind::kIn:
      uses->insert("in a list");
      break;
    case ExprKind::kEach:
      uses->insert(e.name + "(list) op value");
      break;
    case ExprKind::kLambda:
      uses->insert(e.name + "(list, condition)");
      break;
    case ExprKind::kElement:
      uses->insert("list[n]");
      break;
    case ExprKind::kPart:
      uses->insert("record in a list");
      break;
    default:
      break;
  }
  if (e.table != nullptr) {
    uses->insert(e.table->keys > 1 ? "table with two keys" : "table with one key");
  }
  for (const Expr& arg : e.args) AddValues(arg, uses);
}

void AddValues(const reference::Node& node, Uses* uses) {
  if (node.condition.has_value()) AddValues(*node.condition, uses);
  if (node.limit_value.has_value()) AddValues(*node.limit_value, uses);
  for (const auto& child : node.children) AddValues(*child, uses);
}

}  // namespace

void AddUsesOfValues(const reference::Rule& rule, Uses* uses) {
  for (const auto& node : {rule.pattern, rule.until, rule.ending}) {
    if (node != nullptr) AddValues(*node, uses);
  }
  for (const auto& a : rule.from) {
    if (a.condition.has_value()) AddValues(*a.condition, uses);
  }
  for (const Expr& e : rule.where) AddValues(e, uses);
  if (rule.having.has_value()) AddValues(*rule.having, uses);
  for (const auto& key : rule.by) {
    for (const auto& part : key.parts) AddValues(part.value, uses);
  }
  for (const auto& emit : rule.emits) {
    for (const auto& [name, value] : emit.attrs) AddValues(value, uses);
  }
}

}  // namespace spate::property
