#include "tests/property/generate_window.h"

#include <algorithm>

#include "tests/property/generate_pattern.h"

namespace spate::property {
namespace {

using reference::kSecond;
using reference::Period;
using reference::Rule;
using reference::WindowKind;

constexpr int64_t kHour = 3'600 * kSecond;

Period HalfSeconds(int n) { return {"", n * kSecond / 2}; }

void MaybeOffset(Rule* rule, Random* random) {
  if (!random->Percent(25)) return;
  rule->offset = HalfSeconds(random->Int(1, 5));
}

void Hopping(Rule* rule, Random* random) {
  rule->window = WindowKind::kHopping;
  rule->window_size = random->Int(1, 8) * kSecond / 2;
  rule->every = HalfSeconds(random->Int(1, 5));
}

// Of hours and days, in a zone with summer time.
void Calendar(Rule* rule, Random* random) {
  static const std::vector<std::string> kUnits = {"day", "day", "day", "week", "month", "year"};
  static const std::vector<std::string> kZones = {"", "Europe/Paris", "America/New_York",
                                                  "Australia/Lord_Howe"};
  rule->window = WindowKind::kTumbling;
  rule->window_size = random->Int(1, 2);
  rule->calendar = random->Pick(kUnits);
  rule->zone = random->Pick(kZones);
  if (random->Percent(25)) {
    rule->calendar.clear();
    rule->window_size = random->Int(1, 24) * kHour;
  }
  if (random->Percent(30)) rule->offset = {"", random->Int(1, 12) * kHour / 2};
}

// False: that one is not made yet.
bool NewerWindow(const std::vector<std::string>& types, Rule* rule, Random* random) {
  switch (random->Int(0, 6)) {
    case 0:
      Hopping(rule, random);
      return true;
    case 1:
      rule->window = WindowKind::kSession;
      rule->window_size = random->Int(1, 3) * kSecond / 2;
      if (random->Percent(35)) rule->session_max = random->Int(2, 6) * kSecond / 2;
      return true;
    case 2:
      rule->window = WindowKind::kEnding;
      rule->ending = GenerateOneOf(types, random);
      return true;
    case 3:
      rule->window = WindowKind::kEvents;
      rule->window_size = random->Int(1, 4);
      return true;
    case 4:
      rule->window = WindowKind::kTumblingEvents;
      rule->window_size = random->Int(1, 4);
      return true;
    case 5:
      rule->window = WindowKind::kUnbounded;
      return true;
    default:
      Calendar(rule, random);
      return true;
  }
}

}  // namespace

void GenerateWindow(const std::vector<std::string>& types, Rule* rule, Random* random) {
  if (random->Percent(60) && NewerWindow(types, rule, random)) return;
  int p = random->Int(1, 100);
  if (p <= 40) {
    rule->window = WindowKind::kTumbling;
    rule->window_size = random->Int(1, 6) * kSecond / 2;
    MaybeOffset(rule, random);
  } else if (p <= 80) {
    rule->window = WindowKind::kSliding;
    rule->window_size = random->Int(0, 6) * kSecond / 2 + kSecond / 2;
  }
}

void GenerateReporting(Rule* rule, Random* random) {
  GenerateLimit(rule, random);
  if (rule->window == WindowKind::kNone) return;
  rule->report_each = random->Percent(25);
  if (!rule->having.has_value()) return;
  rule->on_change = random->Percent(35);
  if (random->Percent(25)) {
    rule->having_for = random->Int(1, 5) * kSecond / 2;
  }
}

void GenerateLimit(Rule* rule, Random* random) {
  if (!random->Percent(12)) return;
  rule->limit.count = random->Int(1, 2);
  rule->limit.per = random->Percent(25) ? -1 : random->Int(1, 8) * kSecond / 2;
}

bool FollowsCalendar(const reference::RuleFile& file) {
  auto by_calendar = [](const Rule& r) {
    bool aligned = r.window == WindowKind::kTumbling || r.window == WindowKind::kHopping;
    return aligned && (!r.calendar.empty() || !r.every.unit.empty() || !r.zone.empty() ||
                       r.window_size >= kHour);
  };
  return std::any_of(file.rules.begin(), file.rules.end(), by_calendar);
}

}  // namespace spate::property
