#include "runtime/expr/access_index.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace spate {
namespace {

constexpr size_t kName = 0;  // string?
constexpr size_t kPort = 1;  // int

EventType MakeType() {
  EventType type;
  type.name = "E";
  type.id = TypeId(0u);
  type.fields = {{"name", Type{Kind::kString}, nullptr}, {"port", Type{Kind::kInt}, nullptr}};
  type.fields[kName].type.nullable = true;
  return type;
}

ExprPtr Make(Op op, Kind kind, std::vector<ExprPtr> args) {
  auto e = std::make_shared<Expr>();
  e->op = op;
  e->type.kind = kind;
  e->args = std::move(args);
  return e;
}
ExprPtr Attribute(size_t field, Kind kind) {
  auto e = std::make_shared<Expr>();
  e->op = Op::kField;
  e->type.kind = kind;
  e->field = FieldId(field);
  return e;
}
ExprPtr Of(Constant c) {
  auto e = std::make_shared<Expr>();
  e->type.kind = c.kind;
  e->constant = std::move(c);
  return e;
}
ExprPtr NameIs(std::string name, bool fold = false) {
  auto e = std::make_shared<Expr>(
      *Make(Op::kEq, Kind::kBool, {Attribute(kName, Kind::kString), Of(Constant::String(name))}));
  e->fold = fold;
  return e;
}
ExprPtr PortIs(int64_t port) {
  return Make(Op::kEq, Kind::kBool, {Of(Constant::Int(port)), Attribute(kPort, Kind::kInt)});
}
ExprPtr And(ExprPtr a, ExprPtr b) { return Make(Op::kAnd, Kind::kBool, {a, b}); }
// 1 / port > 1, which can count a division by zero.
ExprPtr Guarded() {
  return Make(Op::kGt, Kind::kBool,
              {Make(Op::kDiv, Kind::kFloat, {Of(Constant::Int(1)), Attribute(kPort, Kind::kInt)}),
               Of(Constant::Float(1))});
}

using Hits = std::set<std::pair<uint32_t, size_t>>;  // condition, row

Hits Probe(const AccessIndex& index, const EventBatch& batch) {
  Hits hits;
  index.Probe(batch, [&](uint32_t condition, size_t row) { hits.insert({condition, row}); });
  return hits;
}

std::vector<const Expr*> Raw(const std::vector<ExprPtr>& conditions) {
  std::vector<const Expr*> raw;
  for (const ExprPtr& c : conditions) raw.push_back(c.get());
  return raw;
}

class AccessIndexTest : public testing::Test {
 protected:
  void Row(Value name, int64_t port) {
    const Value values[] = {name, Value::Int(port)};
    batch_.AppendRow(0, 0, values);
  }
  const EventType type_ = MakeType();
  EventBatch batch_{type_};
};

TEST_F(AccessIndexTest, FindsTheConditionsOfARow) {
  const std::vector<ExprPtr> conditions = {
      NameIs("a"), NameIs("b"), And(NameIs("a"), PortIs(1)),
      Make(Op::kIn, Kind::kBool,
           {Attribute(kName, Kind::kString),
            Of(Constant::List({Constant::String("b"), Constant::Null(), Constant::String("b")}))})};
  const AccessIndex index(Raw(conditions), 2);
  Row(Value::String("a"), 7);
  Row(Value::String("b"), 7);
  Row(Value::Null(), 7);
  Row(Value::String("c"), 7);
  for (size_t i = 0; i < conditions.size(); ++i) EXPECT_TRUE(index.Has(i)) << i;
  EXPECT_EQ(Probe(index, batch_), (Hits{{0, 0}, {2, 0}, {1, 1}, {3, 1}}));
}

TEST_F(AccessIndexTest, TellsCaseAndKindsApart) {
  const std::vector<ExprPtr> conditions = {NameIs("A", /*fold=*/true),
                                           NameIs("b", /*fold=*/true),
                                           NameIs("A"),
                                           NameIs("B"),
                                           PortIs(5),
                                           PortIs(6)};
  const AccessIndex index(Raw(conditions), 2);
  Row(Value::String("a"), 5);
  Row(Value::String("B"), 9);
  EXPECT_EQ(Probe(index, batch_), (Hits{{0, 0}, {4, 0}, {1, 1}, {3, 1}}));
}

TEST_F(AccessIndexTest, LeavesOutWhatCannotBeFoundByAValue) {
  const std::vector<ExprPtr> conditions = {
      NameIs("a"),
      NameIs("b"),
      Make(Op::kOr, Kind::kBool, {NameIs("a"), PortIs(1)}),  // holds for other names too
      Make(Op::kNot, Kind::kBool, {NameIs("a")}),            //
      And(Guarded(), NameIs("a")),                           // the division comes first
      And(NameIs("a"), Guarded())};
  const AccessIndex index(Raw(conditions), 2);
  const std::vector<bool> expected = {true, true, false, false, false, true};
  for (size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(index.Has(i), expected[i]) << i;
}

ExprPtr Port(Op op, int64_t constant) {
  return Make(op, Kind::kBool, {Attribute(kPort, Kind::kInt), Of(Constant::Int(constant))});
}
// The same with a float, as check writes it.
ExprPtr PortAsFloat(Op op, double constant) {
  return Make(op, Kind::kBool,
              {Make(Op::kToFloat, Kind::kFloat, {Attribute(kPort, Kind::kInt)}),
               Of(Constant::Float(constant))});
}

TEST_F(AccessIndexTest, FindsTheBoundsThatAValueHasPassed) {
  const std::vector<ExprPtr> conditions = {
      Port(Op::kGt, 5),
      Port(Op::kGe, 5),
      Port(Op::kGt, 3),
      Port(Op::kLt, 5),
      Port(Op::kLe, 5),
      Make(Op::kLt, Kind::kBool, {Of(Constant::Int(6)), Attribute(kPort, Kind::kInt)}),  // > 6
      PortAsFloat(Op::kLt, 4.5),
      PortAsFloat(Op::kLe, 5.0),
      PortAsFloat(Op::kLt, std::numeric_limits<double>::quiet_NaN())};
  const AccessIndex index(Raw(conditions), 2);
  for (const int64_t port : {3, 4, 5, 6, 7}) Row(Value::Null(), port);
  Hits expected;
  for (size_t row = 0; row < 5; ++row) {
    const auto port = static_cast<int64_t>(row) + 3;
    const bool holds[] = {port > 5,   port >= 5,   port > 3, port<5, port <= 5, port> 6,
                          port < 4.5, port <= 5.0, false};
    for (uint32_t i = 0; i < std::size(holds); ++i) {
      EXPECT_TRUE(index.Has(i)) << i;
      if (holds[i]) expected.insert({i, row});
    }
  }
  EXPECT_EQ(Probe(index, batch_), expected);
}

TEST_F(AccessIndexTest, PrefersEquality) {
  const std::vector<ExprPtr> conditions = {And(Port(Op::kGt, 1), NameIs("a")),
                                           And(Port(Op::kGt, 2), NameIs("b")), Port(Op::kGt, 3)};
  const AccessIndex index(Raw(conditions), 2);
  Row(Value::String("b"), 9);
  EXPECT_EQ(Probe(index, batch_), (Hits{{1, 0}, {2, 0}}));
  EXPECT_FALSE(index.IsExact(1));
  EXPECT_TRUE(index.IsExact(2));
}

TEST_F(AccessIndexTest, IsEmptyBelowItsWorth) {
  const std::vector<ExprPtr> conditions = {NameIs("a"), NameIs("b"), PortIs(1)};
  EXPECT_TRUE(AccessIndex(Raw(conditions), 3).empty());
  EXPECT_TRUE(AccessIndex().empty());
}

}  // namespace
}  // namespace spate
