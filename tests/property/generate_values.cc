#include "tests/property/generate_values.h"

#include <memory>
#include <set>
#include <utility>

#include "tests/property/generate_expr.h"
#include "tests/property/uses.h"

namespace spate::property {
namespace {

using reference::Attr;
using reference::Expr;
using reference::ExprKind;
using reference::Table;
using reference::TablePtr;
using reference::Val;

constexpr char kRecords[] = "[{ a: int, b: string? }]";
constexpr char kItem[] = "item";  // the parameter of lambdas

Expr Made(ExprKind kind, const std::string& name, const std::string& attr, int n,
          std::vector<Expr> args) {
  Expr e;
  e.kind = kind;
  e.name = name;
  e.attr = attr;
  e.n = n;
  e.args = std::move(args);
  return e;
}

Expr Text(const std::string& text) {
  Expr e;
  e.literal = Val::Text(text);
  return e;
}
Expr Element(Expr list, int n) { return Made(ExprKind::kElement, "", "", n, {std::move(list)}); }
Expr PartA(Expr record) { return Made(ExprKind::kPart, "", "a", 0, {std::move(record)}); }
Expr PartB(Expr record) { return Made(ExprKind::kPart, "", "b", 1, {std::move(record)}); }
Expr Item() { return Made(ExprKind::kLocal, kItem, "", 0, {}); }
Expr Function(const std::string& name, std::vector<Expr> args) {
  return Made(ExprKind::kFunc, name, "", 0, std::move(args));
}
Expr In(Expr element, Expr list) {
  return Made(ExprKind::kIn, "", "", 0, {std::move(element), std::move(list)});
}
Expr Lambda(const std::string& name, Expr list, Expr condition) {
  return Made(ExprKind::kLambda, name, kItem, 0, {std::move(list), std::move(condition)});
}

TablePtr Levels() {
  static const TablePtr kTable =
      std::make_shared<Table>(Table{"Levels",
                                    {{"name", "string"}, {"level", "int"}, {"note", "string?"}},
                                    1,
                                    {{Val::Text("u"), Val::Int(1), Val::Null()},
                                     {Val::Text("w"), Val::Int(3), Val::Text("hot")}}});
  return kTable;
}

TablePtr Pairs() {
  static const TablePtr kTable =
      std::make_shared<Table>(Table{"Pairs",
                                    {{"number", "int"}, {"name", "string"}, {"value", "int?"}},
                                    2,
                                    {{Val::Int(0), Val::Text("u"), Val::Int(2)},
                                     {Val::Int(1), Val::Text("v"), Val::Null()},
                                     {Val::Int(2), Val::Text("u"), Val::Int(0)}}});
  return kTable;
}

Expr LookUp(const TablePtr& table, const std::string& column, std::vector<Expr> key) {
  Expr e = Made(ExprKind::kTable, "", column, 0, std::move(key));
  e.table = table;
  return e;
}
Expr InTable(const TablePtr& table, std::vector<Expr> key) {
  Expr e = Made(ExprKind::kInTable, "", "", 0, std::move(key));
  e.table = table;
  return e;
}

Expr Compared(Expr a, int most, Random* random) {
  return Binary(Comparison(random), std::move(a), Number(random->Int(0, most)));
}

std::string AnyOrAll(Random* random) { return random->Percent(50) ? "any" : "all"; }

// What a condition asks of a record; `other` is a number.
Expr OnItem(const Expr& other, Random* random) {
  Expr a = Binary(Comparison(random), PartA(Item()), other);
  if (random->Percent(60)) return a;
  Expr b = Binary("==", PartB(Item()), Text(random->Percent(60) ? "u" : "v"));
  if (random->Percent(40)) return b;
  return Binary(random->Percent(50) ? "and" : "or", std::move(a), std::move(b));
}

Expr OfTable(const Reads& key, Random* random) {
  switch (random->Int(0, 4)) {
    case 0:
      return InTable(Levels(), {key("k")});
    case 1:
      return Compared(LookUp(Levels(), "level", {key("k")}), 3, random);
    case 2:
      return Unary(random->Percent(50) ? "is null" : "is not null",
                   LookUp(Levels(), "note", {key("k")}));
    case 3:
      return InTable(Pairs(), {key("x"), key("k")});
    default:
      return Compared(LookUp(Pairs(), "value", {key("x"), key("k")}), 2, random);
  }
}

Expr OfList(const Reads& own, const Expr& number, Random* random) {
  switch (random->Int(0, 5)) {
    case 0:
      return In(number, own("xs"));
    case 1:
      return Made(ExprKind::kEach, AnyOrAll(random), Comparison(random), 0, {own("xs"), number});
    case 2:
      return Lambda(AnyOrAll(random), own("es"), OnItem(number, random));
    case 3:
      return Compared(Lambda("count_if", own("es"), OnItem(number, random)), 2, random);
    case 4:
      return Binary(Comparison(random), Element(own("xs"), random->Int(-2, 1)), number);
    default:
      return Binary(Comparison(random), PartA(Element(own("es"), random->Int(-1, 1))), number);
  }
}

}  // namespace

std::vector<Attr> RichAttributes(bool nullable) {
  const std::string may = nullable ? "?" : "";
  return {
      {"rec.a", "int" + may}, {"rec.b", "string?"}, {"xs", "[int]" + may}, {"es", kRecords + may}};
}

std::vector<Val> RichValues(Random* random) {
  const auto text = [&] {
    return random->Percent(30) ? Val::Null() : Val::Text(random->Percent(60) ? "u" : "v");
  };
  std::vector<Val> numbers, records;
  for (int n = random->Int(0, 2); n > 0; --n) numbers.push_back(Val::Int(random->Int(0, 3)));
  for (int n = random->Int(0, 2); n > 0; --n) {
    records.push_back(Val::List({Val::Int(random->Int(0, 3)), text()}));
  }
  return {Val::Int(random->Int(0, 3)), text(), Val::List(std::move(numbers)),
          Val::List(std::move(records))};
}

void AddTables(reference::RuleFile* file) {
  std::set<std::string> used;
  for (const reference::Rule& rule : file->rules) used.merge(UsesOfRule(rule));
  if (used.contains("table with one key")) file->tables.push_back(Levels());
  if (used.contains("table with two keys")) file->tables.push_back(Pairs());
}

Expr GenerateRichCondition(const Reads& own, Random* random) {
  switch (random->Int(0, 5)) {
    case 0:
      return Compared(own("rec.a"), 3, random);
    case 1:
      return Binary("==", own("rec.b"), Text(random->Percent(60) ? "u" : "v"));
    case 2: {
      Expr e = OfTable(own, random);
      return random->Percent(30) ? Unary("not", std::move(e)) : e;
    }
    case 3:
      if (random->Percent(60)) return Compared(Function("third", {own("x")}), 1, random);
      return Binary(random->Percent(60) ? "==" : "!=", Function("mark", {own("k"), own("y")}),
                    Text(random->Percent(50) ? "u1" : "--"));
    default:
      return OfList(own, random->Percent(50) ? own("x") : Number(random->Int(0, 3)), random);
  }
}

Expr GenerateRichComparison(const Reads& own, const Reads& other, Random* random) {
  switch (random->Int(0, 5)) {
    case 0:
      return Binary(Comparison(random), own("rec.a"), other("rec.a"));
    case 1:
      return Binary(Comparison(random), LookUp(Levels(), "level", {other("k")}), own("x"));
    case 2:
      return InTable(Pairs(), {own("x"), other("k")});
    case 3:
      return Binary(Comparison(random), Function("third", {other("x")}), own("x"));
    default: {
      const bool lists = random->Percent(60);  // of the earlier event, or of the current one
      return lists ? OfList(other, own("x"), random) : OfList(own, other("x"), random);
    }
  }
}

Expr GenerateRichAttribute(const Reads& own, Random* random) {
  switch (random->Int(0, 8)) {
    case 0:
      return own("rec.a");
    case 1:
      return own("rec.b");
    case 2:
      return own("xs");
    case 3:
      return own("es");
    case 4:
      return Element(own("xs"), random->Int(-1, 1));
    case 5:
      return PartB(Element(own("es"), random->Int(-1, 1)));
    case 6:
      return random->Percent(50) ? LookUp(Levels(), "note", {own("k")})
                                 : LookUp(Pairs(), "value", {own("x"), own("k")});
    case 7:
      return random->Percent(50) ? Function("third", {own("y")})
                                 : Function("mark", {own("k"), own("y")});
    default:
      return Lambda("count_if", own("es"), OnItem(own("x"), random));
  }
}

}  // namespace spate::property
