#include "runtime/channels/input_schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "runtime/model/expr.h"
#include "tests/runtime/channels/read_support.h"

namespace spate::test {
namespace {

ExprPtr FieldExpr(size_t field) {
  auto e = std::make_shared<Expr>();
  e->op = Op::kField;
  e->field = FieldId(field);
  return e;
}

TEST(InputSchemaTest, ComputedAttributesAreNotReadButWhatTheyNeedIs) {
  Plan plan = MakePlan(
      {{.name = "A",
        .fields = {
            {"x", "string"}, {"y", "string?"}, {"c", "string?"}, {"ts", "time?"}, {"z", "int"}}}});
  EventType& type = plan.types[0];
  auto nested = std::make_shared<Expr>();
  nested->op = Op::kCall;
  nested->args = {FieldExpr(0)};
  type.fields[2].computed = nested;        // c over x
  type.fields[3].computed = FieldExpr(2);  // ts over c
  type.time_field = FieldId(size_t{3});
  type.computed_order = {FieldId(size_t{2}), FieldId(size_t{3})};
  plan.read_fields[0].assign(5, false);
  const InputSchema schema(plan, false);
  const InputType& input = schema.Get(TypeId(size_t{0}));
  EXPECT_EQ(input.time_from, TimeFrom::kComputed);
  ASSERT_EQ(input.fields.size(), 3u);
  EXPECT_EQ(input.fields[0].name, "x");
  EXPECT_TRUE(input.fields[0].read);
  EXPECT_FALSE(input.fields[1].read);
  EXPECT_TRUE(input.fields[1].nullable);
  EXPECT_FALSE(input.fields[2].read);
  EXPECT_TRUE(InputSchema(plan, true).Get(TypeId(size_t{0})).fields[2].read);
}

TEST(InputSchemaTest, WhereTheTimeStands) {
  const Plan plan = MakePlan({{.name = "At", .fields = {{"ts", "time"}}, .at = "ts"},
                              {.name = "None", .fields = {{"x", "int"}}},
                              {.name = "Own", .fields = {{"time", "time?"}}},
                              {.name = "Other", .fields = {{"time", "string"}}}});
  const InputSchema schema(plan, false);
  EXPECT_EQ(schema.Get(schema.Find("At")).time_from, TimeFrom::kAttribute);
  EXPECT_EQ(schema.Get(schema.Find("None")).time_from, TimeFrom::kEnvelope);
  EXPECT_EQ(schema.Get(schema.Find("Own")).time_from, TimeFrom::kOptional);
  EXPECT_EQ(schema.Get(schema.Find("Other")).time_from, TimeFrom::kBefore);
}

TEST(InputSchemaTest, TheTypeOfAFile) {
  const Plan two = MakePlan({{.name = "Login"}, {.name = "Out", .derived = true}, {.name = "Pay"}});
  const InputSchema schema(two, false);
  EXPECT_EQ(schema.ForFile("logs/Login.2026.csv.gz"), schema.Find("Login"));
  EXPECT_EQ(schema.ForFile("login.jsonl"), schema.Find("Login"));
  EXPECT_EQ(schema.ForFile("Out"), schema.Find("Out"));
  EXPECT_FALSE(schema.ForFile("-").valid());
  EXPECT_FALSE(schema.ForFile("logins.csv").valid());
  const Plan one = MakePlan({{.name = "Login"},
                             {.name = "Out", .derived = true},
                             {.name = "Inferred", .declared = false, .derived = true}});
  EXPECT_EQ(InputSchema(one, false).ForFile("x"), TypeId(size_t{0}));
  EXPECT_FALSE(InputSchema(one, false).Find("Inferred").valid());
  const Plan derived = MakePlan({{.name = "Out", .derived = true}});
  EXPECT_EQ(InputSchema(derived, false).ForFile("x"), TypeId(size_t{0}));
}

}  // namespace
}  // namespace spate::test
