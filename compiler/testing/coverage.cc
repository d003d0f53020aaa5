#include "compiler/testing/coverage.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "runtime/channels/json_writer.h"

namespace spate {

size_t RuleCoverage::sides() const {
  size_t sum = 0;
  for (const CoverageGoal& goal : goals) sum += goal.sides();
  return sum;
}

size_t RuleCoverage::covered() const {
  size_t sum = 0;
  for (const CoverageGoal& goal : goals) sum += goal.covered();
  return sum;
}

double RuleCoverage::percent() const {
  const size_t all = sides();
  return all == 0 ? 100.0 : 100.0 * static_cast<double>(covered()) / static_cast<double>(all);
}

void AddCoverage(absl::Span<const RuleCoverage> run, std::vector<RuleCoverage>* all) {
  for (const RuleCoverage& rule : run) {
    auto at = std::find_if(all->begin(), all->end(), [&](const RuleCoverage& r) {
      return r.rule == rule.rule && r.file == rule.file;
    });
    if (at == all->end()) {
      all->push_back(rule);
      continue;
    }
    for (const CoverageGoal& goal : rule.goals) {
      auto same = std::find_if(at->goals.begin(), at->goals.end(), [&](const CoverageGoal& g) {
        return g.kind == goal.kind && g.number == goal.number && g.line == goal.line &&
               g.text == goal.text;
      });
      if (same == at->goals.end()) {
        at->goals.push_back(goal);
      } else {
        same->yes += goal.yes;
        same->no += goal.no;
      }
    }
  }
}

absl::string_view GoalKindName(GoalKind kind) {
  static constexpr absl::string_view kNames[] = {"state", "transition", "condition",
                                                 "ban",   "bound",      "report"};
  return kNames[static_cast<size_t>(kind)];
}

absl::string_view YesName(GoalKind kind) {
  static constexpr absl::string_view kNames[] = {"reached", "taken", "true",
                                                 "broken",  "kept",  "made"};
  return kNames[static_cast<size_t>(kind)];
}

absl::string_view NoName(GoalKind kind) {
  static constexpr absl::string_view kNames[] = {"", "refused", "false", "held", "passed", ""};
  return kNames[static_cast<size_t>(kind)];
}

namespace {

std::string Counts(const RuleCoverage& rule) {
  std::string text;
  for (const GoalKind kind : {GoalKind::kState, GoalKind::kTransition, GoalKind::kCondition,
                              GoalKind::kBan, GoalKind::kBound, GoalKind::kReport}) {
    size_t sides = 0;
    size_t covered = 0;
    for (const CoverageGoal& goal : rule.goals) {
      if (goal.kind != kind) continue;
      sides += goal.sides();
      covered += goal.covered();
    }
    if (sides == 0) continue;
    absl::StrAppend(&text, text.empty() ? "" : ", ", GoalKindName(kind), "s ", covered, "/", sides);
  }
  return text;
}

// A gap in the coverage: what was never so. Transitions of one step are one.
struct Gap {
  std::string place;
  std::string text;
  std::string never;
};

void AddGap(std::string place, std::string text, absl::string_view never, std::vector<Gap>* gaps) {
  const bool known = std::any_of(gaps->begin(), gaps->end(), [&](const Gap& g) {
    return g.place == place && g.text == text && g.never == never;
  });
  if (!known) gaps->push_back({std::move(place), std::move(text), std::string(never)});
}

// States are told by the transitions that lead there.
std::vector<Gap> GapsOf(const RuleCoverage& rule) {
  std::vector<Gap> gaps;
  for (const CoverageGoal& goal : rule.goals) {
    if (goal.kind == GoalKind::kState) continue;
    const std::string place = absl::StrCat(goal.file, ":", goal.line);
    std::string never = absl::StrCat("never ", YesName(goal.kind));
    if (goal.kind == GoalKind::kTransition) {
      size_t taken = 0;
      size_t all = 0;
      for (const CoverageGoal& other : rule.goals) {
        const bool same = other.kind == goal.kind && other.line == goal.line &&
                          other.file == goal.file && other.text == goal.text;
        all += same ? 1 : 0;
        taken += same && other.yes > 0 ? 1 : 0;
      }
      if (taken > 0) never = absl::StrCat("taken at ", taken, " of ", all, " places");
    }
    if (goal.yes == 0) AddGap(place, goal.text, never, &gaps);
    if (!goal.two_sided || goal.no > 0) continue;
    AddGap(place, goal.text, absl::StrCat("never ", NoName(goal.kind)), &gaps);
  }
  return gaps;
}

}  // namespace

std::string CoverageText(absl::Span<const RuleCoverage> rules, bool color) {
  const absl::string_view bold = color ? "\x1b[1m" : "";
  const absl::string_view yellow = color ? "\x1b[33m" : "";
  const absl::string_view plain = color ? "\x1b[0m" : "";
  size_t width = 4;
  for (const RuleCoverage& rule : rules) width = std::max(width, rule.rule.size());
  std::string out;
  size_t sides = 0;
  size_t covered = 0;
  for (const RuleCoverage& rule : rules) {
    sides += rule.sides();
    covered += rule.covered();
    if (rule.covered() == 0) {
      absl::StrAppend(&out, bold, rule.rule, plain, std::string(width - rule.rule.size() + 2, ' '),
                      "  0%  ", yellow, "never tried", plain, "  ", rule.file, ":", rule.line,
                      "\n");
      continue;
    }
    absl::StrAppend(&out, bold, rule.rule, plain, std::string(width - rule.rule.size() + 2, ' '),
                    absl::StrFormat("%3.0f%%", rule.percent()), "  ", Counts(rule), "\n");
    const std::vector<Gap> gaps = GapsOf(rule);
    size_t place = 0;
    size_t text = 0;
    for (const Gap& gap : gaps) {
      place = std::max(place, gap.place.size());
      text = std::max(text, gap.text.size());
    }
    for (const Gap& gap : gaps) {
      absl::StrAppend(&out, "  ", gap.place, std::string(place - gap.place.size() + 2, ' '),
                      gap.text, std::string(text - gap.text.size() + 2, ' '), yellow, gap.never,
                      plain, "\n");
    }
  }
  const double percent =
      sides == 0 ? 100.0 : 100.0 * static_cast<double>(covered) / static_cast<double>(sides);
  absl::StrAppend(&out, bold, "all", plain, std::string(width - 1, ' '),
                  absl::StrFormat("%3.0f%%", percent), "\n");
  return out;
}

std::string CoverageJson(absl::Span<const RuleCoverage> rules) {
  std::string out;
  for (const RuleCoverage& rule : rules) {
    out += "{\"coverage\":";
    AppendJsonString(rule.rule, &out);
    out += ",\"file\":";
    AppendJsonString(rule.file, &out);
    absl::StrAppend(&out, ",\"line\":", rule.line,
                    absl::StrFormat(",\"percent\":%.1f", rule.percent()),
                    ",\"sides\":", rule.sides(), ",\"covered\":", rule.covered(), ",\"goals\":[");
    for (size_t i = 0; i < rule.goals.size(); ++i) {
      const CoverageGoal& goal = rule.goals[i];
      absl::StrAppend(&out, i == 0 ? "" : ",", "{\"kind\":\"", GoalKindName(goal.kind),
                      "\",\"text\":");
      AppendJsonString(goal.text, &out);
      out += ",\"file\":";
      AppendJsonString(goal.file, &out);
      absl::StrAppend(&out, ",\"line\":", goal.line, ",\"", YesName(goal.kind), "\":", goal.yes);
      if (!NoName(goal.kind).empty())
        absl::StrAppend(&out, ",\"", NoName(goal.kind), "\":", goal.no);
      out += "}";
    }
    out += "]}\n";
  }
  return out;
}

}  // namespace spate
