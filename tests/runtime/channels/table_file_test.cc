#include "runtime/channels/table_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace spate::test {
namespace {

using ::testing::HasSubstr;

TablePlan Watchlist() {
  return {"Watchlist",
          {{"card", Type::Of(Kind::kString)},
           {"level", Type::Of(Kind::kInt)},
           {"owner.name", Type::Of(Kind::kString, true)}},
          {0}};
}

absl::StatusOr<std::shared_ptr<const Table>> Read(const TablePlan& plan, const std::string& text) {
  return ReadTable(plan, *OpenMemory(text), "w");
}

TEST(TableFileTest, ReadsWhatEventsAreReadFrom) {
  const TablePlan plan = Watchlist();
  for (const char* text : {"card,level,owner.name,more\nc1,3,ann,x\nc2,4,,y\n",
                           "card\towner.name\tlevel\nc1\tann\t3\nc2\t\t4\n",
                           "{\"card\":\"c1\",\"level\":3,\"owner\":{\"name\":\"ann\"}}\n"
                           "{\"card\":\"c2\",\"level\":4,\"type\":\"Other\"}\n"}) {
    absl::StatusOr<std::shared_ptr<const Table>> table = Read(plan, text);
    ASSERT_TRUE(table.ok()) << table.status();
    EXPECT_EQ((*table)->rows(), 2u);
    const Value key[] = {Value::String("c1")};
    ASSERT_NE((*table)->Find(key), nullptr) << text;
    EXPECT_EQ((*table)->Find(key)[1].i, 3);
    EXPECT_EQ((*table)->Find(key)[2].text(), "ann");
  }
  EXPECT_EQ((*Read(plan, ""))->rows(), 0u);
}

TEST(TableFileTest, ARowThatCannotBeTakenIsAnErrorWithItsPlace) {
  const TablePlan plan = Watchlist();
  const auto error = [&](const std::string& text) {
    return std::string(Read(plan, text).status().message());
  };
  EXPECT_EQ(error("card,level\nc1,3\nc2,x\n"), "w:3:4: `level`: `x` is not an int");
  EXPECT_EQ(error("card,level\nc1,3\nc2,4\nc1,5\n"), "w:4: the key \"c1\" stands in two rows");
  EXPECT_THAT(error("{\"card\":\"c1\"}\n"), HasSubstr("w:1"));
  EXPECT_TRUE(absl::IsNotFound(ReadTable(plan, "no/such/file").status()));
}

}  // namespace
}  // namespace spate::test
