// Compare: a maximum matching by augmenting ways, then pairs of what is alike.
#include "compiler/testing/compare.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "runtime/model/literal.h"

namespace spate {
namespace {

constexpr size_t kNone = ~size_t{0};

class Matcher {
 public:
  Matcher(const Plan& plan, absl::Span<const ExpectedEvent> expected,
          absl::Span<const ReportedEvent> reported, const TestClock& clock)
      : plan_(plan),
        expected_(expected),
        reported_(reported),
        clock_(clock),
        of_expected(expected.size(), kNone),
        of_reported(reported.size(), kNone) {}

  // As many expected events as can be have a reported one each.
  void Match() {
    MatchInOrder();
    for (size_t e = 0; e < expected_.size(); ++e) {
      if (of_expected[e] != kNone) continue;
      seen_.assign(reported_.size(), false);
      Find(e);
    }
  }

  // Pairs what is left over by how much it is alike: (expected, reported).
  std::vector<std::pair<size_t, size_t>> PairLeftOver() {
    std::vector<std::pair<size_t, size_t>> pairs;
    std::vector<bool> used(reported_.size(), false);
    for (size_t e = 0; e < expected_.size(); ++e) {
      if (of_expected[e] != kNone) continue;
      size_t best = kNone;
      size_t least = 0;
      for (size_t r = 0; r < reported_.size(); ++r) {
        if (of_reported[r] != kNone || used[r] || reported_[r].type != expected_[e].type) continue;
        const size_t differing = Differing(e, r);
        const size_t compared = expected_[e].attributes.size() + (expected_[e].time ? 1 : 0);
        if (compared > 1 && differing == compared) continue;  // nothing in common
        if (best == kNone || differing < least) {
          best = r;
          least = differing;
        }
      }
      if (best == kNone) continue;
      used[best] = true;
      pairs.emplace_back(e, best);
    }
    return pairs;
  }

  std::vector<AttributePair> Attributes(size_t e, size_t r) const {
    const EventType& type = plan_.types[expected_[e].type.index()];
    std::vector<AttributePair> out;
    if (expected_[e].time.has_value()) {
      out.push_back({"(time)", clock_.Text(*expected_[e].time), clock_.Text(reported_[r].time),
                     *expected_[e].time != reported_[r].time});
    }
    for (const auto& [field, value] : expected_[e].attributes) {
      const Field& f = type.fields[field.index()];
      const Value& actual = reported_[r].values[field.index()];
      out.push_back({f.name, LiteralText(value, f.type), LiteralText(actual, f.type),
                     !MeetsValue(value, actual)});
    }
    return out;
  }

 private:
  // Recorded files are long, and for the most part in the order of the reports.
  void MatchInOrder() {
    constexpr size_t kAhead = 32;
    size_t next = 0;
    for (size_t e = 0; e < expected_.size(); ++e) {
      const size_t end = std::min(next + kAhead, reported_.size());
      for (size_t r = next; r < end; ++r) {
        if (reported_[r].type != expected_[e].type || Differing(e, r) != 0) continue;
        of_reported[r] = e;
        of_expected[e] = r;
        next = r + 1;
        break;
      }
    }
  }

  size_t Differing(size_t e, size_t r) const {
    size_t n = expected_[e].time.has_value() && *expected_[e].time != reported_[r].time ? 1 : 0;
    for (const auto& [field, value] : expected_[e].attributes) {
      n += MeetsValue(value, reported_[r].values[field.index()]) ? 0 : 1;
    }
    return n;
  }

  bool Find(size_t e) {
    for (size_t r = 0; r < reported_.size(); ++r) {
      if (seen_[r] || reported_[r].type != expected_[e].type || Differing(e, r) != 0) continue;
      seen_[r] = true;
      if (of_reported[r] != kNone && !Find(of_reported[r])) continue;
      of_reported[r] = e;
      of_expected[e] = r;
      return true;
    }
    return false;
  }

  const Plan& plan_;
  absl::Span<const ExpectedEvent> expected_;
  absl::Span<const ReportedEvent> reported_;
  const TestClock& clock_;
  std::vector<bool> seen_;

 public:
  std::vector<size_t> of_expected;  // its reported event, or kNone
  std::vector<size_t> of_reported;
};

TestProblem ProblemOf(const Plan& plan, const ExpectedEvent& e, TestProblem::Kind kind,
                      const TestClock& clock) {
  TestProblem problem;
  problem.kind = kind;
  problem.type = plan.types[e.type.index()].name;
  if (e.time.has_value()) problem.time = clock.Text(*e.time);
  problem.file = e.file;
  problem.line = e.line;
  problem.text = EventText(plan, e);
  return problem;
}

}  // namespace

bool MeetsValue(const Value& expected, const Value& actual) {
  if (expected.kind == Kind::kFloat && actual.kind == Kind::kFloat) {
    const double size = std::max(std::fabs(expected.f), std::fabs(actual.f));
    return SameValue(expected, actual) ||
           (std::isfinite(size) && std::fabs(expected.f - actual.f) <= 1e-9 * size);
  }
  if (expected.kind != Kind::kList || actual.kind != Kind::kList) {
    return SameValue(expected, actual);
  }
  if (expected.size != actual.size) return false;
  for (size_t i = 0; i < expected.size; ++i) {
    if (!MeetsValue(expected.elements()[i], actual.elements()[i])) return false;
  }
  return true;
}

Comparison Compare(const Plan& plan, absl::Span<const ExpectedEvent> expected,
                   absl::Span<const ReportedEvent> reported, const std::set<TypeId>& allowed,
                   const TestClock& clock) {
  Matcher matcher(plan, expected, reported, clock);
  matcher.Match();
  const std::vector<std::pair<size_t, size_t>> pairs = matcher.PairLeftOver();
  Comparison result;
  result.met.assign(reported.size(), false);
  std::vector<bool> explained(reported.size(), false);
  for (size_t r = 0; r < reported.size(); ++r) {
    const size_t e = matcher.of_reported[r];
    explained[r] = e != kNone || allowed.count(reported[r].type) != 0;
    result.met[r] = e != kNone;
  }
  for (size_t e = 0; e < expected.size(); ++e) {
    if (matcher.of_expected[e] != kNone) continue;
    const auto pair =
        std::find_if(pairs.begin(), pairs.end(), [&](const auto& p) { return p.first == e; });
    const bool paired = pair != pairs.end();
    TestProblem problem =
        ProblemOf(plan, expected[e],
                  paired ? TestProblem::Kind::kDiffers : TestProblem::Kind::kMissing, clock);
    if (paired) {
      explained[pair->second] = true;
      problem.rule = reported[pair->second].rule->name;
      problem.time = clock.Text(reported[pair->second].time);
      problem.attributes = matcher.Attributes(e, pair->second);
    }
    result.problems.push_back(std::move(problem));
    result.missing.push_back(paired ? kNone : e);
  }
  for (size_t r = 0; r < reported.size(); ++r) {
    if (explained[r]) continue;
    TestProblem problem;
    problem.kind = TestProblem::Kind::kUnexpected;
    problem.type = plan.types[reported[r].type.index()].name;
    problem.time = clock.Text(reported[r].time);
    problem.rule = reported[r].rule->name;
    problem.text = EventText(plan, reported[r]);
    result.problems.push_back(std::move(problem));
    result.missing.push_back(kNone);
  }
  return result;
}

std::string EventText(const Plan& plan, const ExpectedEvent& event) {
  const EventType& type = plan.types[event.type.index()];
  std::string text = absl::StrCat(type.name, " {");
  for (size_t i = 0; i < event.attributes.size(); ++i) {
    const Field& f = type.fields[event.attributes[i].first.index()];
    absl::StrAppend(&text, i == 0 ? " " : ", ", f.name, ": ",
                    LiteralText(event.attributes[i].second, f.type));
  }
  return text + (event.attributes.empty() ? "}" : " }");
}

std::string EventText(const Plan& plan, const ReportedEvent& event) {
  ExpectedEvent all;
  all.type = event.type;
  const EventType& type = plan.types[event.type.index()];
  for (size_t i = 0; i < type.fields.size(); ++i) {
    if (type.fields[i].computed == nullptr)
      all.attributes.emplace_back(FieldId(i), event.values[i]);
  }
  return EventText(plan, all);
}

}  // namespace spate
