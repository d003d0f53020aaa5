// Tables, ids and registered functions through the engine, as an embedding program uses them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/runtime/engine/engine_support.h"

namespace spate {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kWatched[] =
    "table W { k: string key, level: int }\n"
    "rule r { match a: A[k in W] -> b: B[W[k].level > a.x]  by k  within 1m  emit M { k } }\n";

TEST(EngineTablesTest, AreLookedUpInEveryKindOfCondition) {
  std::shared_ptr<const Plan> plan = CompileOrFail(std::string(TestEngine::kTypes) + kWatched);
  EngineOptions options;
  options.tables["W"] = *Table::Create(plan->tables[0], {{Value::String("ann"), Value::Int(3)},
                                                         {Value::String("bob"), Value::Int(9)}});
  TestEngine engine(kWatched, options);
  ASSERT_TRUE(engine.Push("A", 1, "ann", 5).ok());
  ASSERT_TRUE(engine.Push("A", 1, "bob", 5).ok());
  ASSERT_TRUE(engine.Push("A", 1, "eve", 5).ok());
  for (const char* key : {"ann", "bob", "eve"}) ASSERT_TRUE(engine.Push("B", 2, key).ok());
  EXPECT_THAT(engine.out, ElementsAre("M@2"));
}

TEST(EngineTablesTest, MustBeGivenAndFit) {
  std::shared_ptr<const Plan> plan = CompileOrFail(std::string(TestEngine::kTypes) + kWatched);
  EngineOptions options;
  EXPECT_THAT(std::string(Engine::Create(plan, options).status().message()),
              HasSubstr("the table `W`, which is not given"));
  const TablePlan other{"W", {{"k", Type::Of(Kind::kInt)}}, {0}};
  options.tables["W"] = *Table::Create(other, {});
  EXPECT_THAT(std::string(Engine::Create(plan, options).status().message()),
              HasSubstr("was made for other columns"));
  options.tables["W"] = *Table::Create(plan->tables[0], {});
  options.tables["V"] = options.tables["W"];
  EXPECT_THAT(std::string(Engine::Create(plan, options).status().message()),
              HasSubstr("the rules have no table `V`"));
}

struct Seen {
  std::vector<std::string> ids;
  std::vector<std::string> sources;
};

// The ids of what two layers of rules derive, with events cut into batches of `batch`.
Seen IdsOf(size_t batch_rows) {
  EngineOptions options;
  options.keep_ids = true;
  TestEngine engine(
      "rule p { match a: A -> b: A  by k  within 1m  after match no skip  emit P { k } }\n"
      "rule q { match p: P{2}  within 1m  emit Q { n: count(p) } emit R {} }\n",
      options);
  Seen seen;
  Subscription s = *engine->Subscribe("", [&](const DerivedEvent& e) {
    seen.ids.push_back(e.type->name + " " + FormatEventId(e.id));
    std::string sources;
    for (const EventId& id : e.sources) absl::StrAppend(&sources, FormatEventId(id), " ");
    seen.sources.push_back(e.type->name + " " + sources);
  });
  const EventTypeHandle type = *engine->Type("A");
  for (size_t i = 0; i < 8; i += batch_rows) {
    EventBatch batch(type.type());
    for (size_t k = i; k < std::min<size_t>(i + batch_rows, 8); ++k) {
      const Value values[] = {Value::String(k % 2 == 0 ? "x" : "y"), Value::Int(0)};
      batch.AppendRow(static_cast<Time>(k) * kSecond, 0, values);
    }
    EXPECT_TRUE(engine->Push(batch).ok());
  }
  return seen;
}

TEST(EngineIdsTest, DependOnNothingButTheEventsTheyCameFrom) {
  const Seen once = IdsOf(1);
  EXPECT_EQ(once.ids, IdsOf(1).ids);
  EXPECT_EQ(once.ids, IdsOf(3).ids);
  EXPECT_EQ(once.ids, IdsOf(8).ids);
  EXPECT_EQ(std::set<std::string>(once.ids.begin(), once.ids.end()).size(), once.ids.size());
  ASSERT_GE(once.ids.size(), 4u);
  EXPECT_EQ(once.sources[0], "P 1 3 ");
  EXPECT_EQ(once.sources[1], "P 2 4 ");
  // Q and R of one match come from the same two pairs.
  EXPECT_EQ(once.ids[2].substr(0, 2), "Q ");
  EXPECT_EQ(once.sources[2].substr(2), once.ids[0].substr(2) + " " + once.ids[1].substr(2) + " ");
  EXPECT_EQ(once.sources[3].substr(2), once.sources[2].substr(2));
}

TEST(EngineIdsTest, TheCallerMayGiveThem) {
  EngineOptions options;
  options.keep_ids = true;
  TestEngine engine("rule r { match a: A  emit M {} }", options);
  std::vector<std::string> sources;
  Subscription s = *engine->Subscribe(
      "M", [&](const DerivedEvent& e) { sources.push_back(FormatEventId(e.sources[0])); });
  EventBatch batch((*engine->Type("A")).type());
  const Value values[] = {Value::String("x"), Value::Int(0)};
  batch.AppendRow(0, 0, values);
  batch.ids = {EventId::OfNumber(4711)};
  ASSERT_TRUE(engine->Push(batch).ok());
  EXPECT_THAT(sources, ElementsAre("4711"));
}

TEST(RegisteredFunctionTest, IsCalledInConditionsAndEmits) {
  int calls = 0;
  CompileOptions options;
  options.functions.push_back({"zone_of",
                               {Type::Of(Kind::kString)},
                               Type::Of(Kind::kString, true),
                               false,
                               [&calls](absl::Span<const Value> args, Arena* arena) {
                                 ++calls;
                                 if (args[0].text() == "nowhere") return Value::Null();
                                 return Value::String(
                                     arena->Copy("zone " + std::string(args[0].text())));
                               },
                               false,
                               "The zone of a key."});
  CompileResult compiled =
      Compile({{"t.spate", std::string(TestEngine::kTypes) +
                               "rule r { match a: A[zone_of(k) is not null] -> b: B[zone_of(k) == "
                               "zone_of(a.k)]  within 1m  emit M { zone: zone_of(b.k) } }\n"}},
              options);
  ASSERT_NE(compiled.plan, nullptr) << RenderDiagnostic(compiled.diagnostics[0], *compiled.sources);
  std::unique_ptr<Engine> engine = *Engine::Create(compiled.plan);
  std::vector<std::string> zones;
  Subscription s = *engine->Subscribe(
      "M", [&](const DerivedEvent& e) { zones.push_back(std::string(e.Get("zone").text())); });
  const auto push = [&](const char* type, int64_t second, const char* key) {
    const Value values[] = {Value::String(key), Value::Int(0)};
    return engine->Push(*engine->Type(type), second * kSecond, values).ok();
  };
  ASSERT_TRUE(push("A", 1, "nowhere") && push("A", 2, "x") && push("B", 3, "y") &&
              push("B", 4, "x"));
  EXPECT_THAT(zones, ElementsAre("zone x"));
  EXPECT_GT(calls, 4);
}

}  // namespace
}  // namespace spate
