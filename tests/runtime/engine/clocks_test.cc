#include "runtime/engine/clocks.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace spate {
namespace {

// A plan with clocks of these periods, each read by a rule unless it is named "Unread".
Plan PlanOf(const std::vector<std::pair<std::string, ClockPlan>>& clocks) {
  Plan plan;
  for (const auto& [name, clock] : clocks) {
    EventType type;
    type.id = TypeId(plan.types.size());
    type.name = name;
    type.clock = true;
    plan.clocks.push_back(clock);
    plan.clocks.back().type = type.id;
    if (name != "Unread") {
      RulePlan rule;
      rule.inputs.emplace_back().type = type.id;
      plan.rules.push_back(std::move(rule));
    }
    plan.types.push_back(std::move(type));
  }
  return plan;
}

ClockPlan Every(Duration d, Duration offset = 0) {
  ClockPlan clock;
  clock.every.duration = d;
  clock.offset = offset;
  return clock;
}

std::vector<std::string> MadeUntil(Clocks* clocks, Time time) {
  std::vector<std::string> made;
  while (clocks->Next() <= time) {
    const EventBatch& batch = *clocks->Make();
    made.push_back(batch.type().name + std::to_string(batch.times[0]));
  }
  return made;
}

using Names = std::vector<std::string>;

TEST(ClocksTest, EventsBeginAtTheFirstEvent) {
  const Plan plan = PlanOf({{"A", Every(10)}, {"Unread", Every(1)}, {"B", Every(10, 5)}});
  Clocks clocks = Clocks::Create(plan).value();
  EXPECT_EQ(clocks.Next(), kMaxTime);
  clocks.See(30);
  clocks.See(5);  // out of order, before anything was made
  EXPECT_EQ(MadeUntil(&clocks, 20), (Names{"B5", "A10", "B15", "A20"}));
  clocks.See(1);
  EXPECT_EQ(clocks.Next(), 25);
}

TEST(ClocksTest, OfOneTimeInTheOrderOfTheFiles) {
  const Plan plan = PlanOf({{"A", Every(10)}, {"B", Every(5)}});
  Clocks clocks = Clocks::Create(plan).value();
  clocks.See(0);
  EXPECT_EQ(MadeUntil(&clocks, 10), (Names{"A0", "B0", "B5", "A10", "B10"}));
}

// Midnight in Paris: 23 hours apart in spring, 25 in autumn.
TEST(ClocksTest, CalendarPeriodsFollowTheZone) {
  ClockPlan midnight;
  midnight.every = {Period::Unit::kDays, 0, 1};
  midnight.zone = "Europe/Paris";
  const Plan plan = PlanOf({{"Midnight", midnight}});
  for (const auto& [day, hours] : {std::pair{"2026-03-29", 23}, std::pair{"2026-10-25", 25}}) {
    Clocks clocks = Clocks::Create(plan).value();
    clocks.See(ParseTime(std::string(day) + "T12:00:00Z").value() - kDay);
    const Time first = clocks.Make()->times[0];
    EXPECT_EQ(clocks.Next() - first, hours * kHour) << day;
  }
}

TEST(ClocksTest, AnUnknownZoneIsAnError) {
  ClockPlan clock = Every(10);
  clock.zone = "Nowhere";
  EXPECT_TRUE(absl::IsNotFound(Clocks::Create(PlanOf({{"A", clock}})).status()));
}

}  // namespace
}  // namespace spate
