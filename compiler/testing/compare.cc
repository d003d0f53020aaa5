// Compare: a maximum matching by augmenting ways, then pairs of what is alike.
//
// Recorded files are long: most events find theirs in order, and for the others only reported
// events are looked at that have the same values where those must be equal.
#include "compiler/testing/compare.h"

#include <algorithm>
#include <cmath>
#include <compare>
#include <deque>
#include <map>
#include <memory>

#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"
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
      if (of_expected[e] == kNone) Find(e);
    }
  }

  // Pairs what is left over by how much it is alike: by expected event its reported one, or kNone.
  std::vector<size_t> PairLeftOver() const {
    std::map<TypeId, std::deque<size_t>> left;
    for (size_t r = 0; r < reported_.size(); ++r) {
      if (of_reported[r] == kNone) left[reported_[r].type].push_back(r);
    }
    std::vector<size_t> pairs(expected_.size(), kNone);
    for (size_t e = 0; e < expected_.size(); ++e) {
      if (of_expected[e] != kNone) continue;
      std::deque<size_t>& of_type = left[expected_[e].type];
      const size_t best = MostAlike(e, of_type);
      if (best == kNone) continue;
      pairs[e] = of_type[best];
      of_type.erase(of_type.begin() + static_cast<ptrdiff_t>(best));
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

  // The place of the one that differs least, of those with something in common; kNone: none has.
  size_t MostAlike(size_t e, const std::deque<size_t>& among) const {
    constexpr size_t kMostLookedAt = 1000;
    const size_t compared = expected_[e].attributes.size() + (expected_[e].time ? 1 : 0);
    size_t best = kNone;
    size_t least = 0;
    for (size_t i = 0; i < std::min(among.size(), kMostLookedAt); ++i) {
      const size_t differing = Differing(e, among[i]);
      if (compared > 1 && differing == compared) continue;
      if (best != kNone && differing >= least) continue;
      best = i;
      least = differing;
    }
    return best;
  }

  // What expected events of one form ask of reported ones as it is.
  struct Form {
    TypeId type;
    bool timed = false;
    std::vector<FieldId> exact;  // without floats and lists, which need only be close
    friend auto operator<=>(const Form&, const Form&) = default;
  };
  using Bucket = std::vector<size_t>;
  using Buckets = absl::flat_hash_map<uint64_t, std::unique_ptr<Bucket>>;  // by hash

  // The reported events that may be the expected one; null: none.
  const Bucket* Candidates(size_t e) {
    const ExpectedEvent& event = expected_[e];
    Form form{event.type, event.time.has_value(), {}};
    uint64_t hash = event.time.has_value() ? absl::HashOf(*event.time) : 0;
    for (const auto& [field, value] : event.attributes) {
      if (value.kind == Kind::kFloat || value.kind == Kind::kList) continue;
      form.exact.push_back(field);
      hash = absl::HashOf(hash, HashValue(value));
    }
    const auto [at, is_new] = buckets_.try_emplace(std::move(form));
    if (is_new) Fill(at->first, &at->second);
    const auto found = at->second.find(hash);
    return found == at->second.end() ? nullptr : found->second.get();
  }

  void Fill(const Form& form, Buckets* buckets) const {
    for (size_t r = 0; r < reported_.size(); ++r) {
      if (reported_[r].type != form.type) continue;
      uint64_t hash = form.timed ? absl::HashOf(reported_[r].time) : 0;
      for (FieldId field : form.exact) {
        hash = absl::HashOf(hash, HashValue(reported_[r].values[field.index()]));
      }
      std::unique_ptr<Bucket>& bucket = (*buckets)[hash];
      if (bucket == nullptr) bucket = std::make_unique<Bucket>();
      bucket->push_back(r);
    }
  }

  // Finds a reported event for `first`, maybe one that another expected event gives up for a third:
  // the shortest such way, level by level. Each reported event is asked for once.
  void Find(size_t first) {
    if (LikeOneThatFailed(first)) return;
    std::vector<size_t> asking{first};
    absl::flat_hash_map<size_t, size_t> asked_by;          // by reported event
    absl::flat_hash_map<const Bucket*, Bucket> not_asked;  // what is left of each
    for (size_t i = 0; i < asking.size(); ++i) {
      const Bucket* candidates = Candidates(asking[i]);
      if (candidates == nullptr) continue;
      Bucket& left = not_asked.try_emplace(candidates, *candidates).first->second;
      size_t kept = 0;
      for (size_t r : left) {
        if (asked_by.contains(r)) continue;
        if (Differing(asking[i], r) != 0) {
          left[kept++] = r;
          continue;
        }
        asked_by[r] = asking[i];
        if (of_reported[r] == kNone) return Exchange(r, asked_by);
        asking.push_back(of_reported[r]);
      }
      left.resize(kept);
    }
    if (const Bucket* bucket = Candidates(first)) failed_[bucket] = first;
  }

  // Once there is no way for one event, there is none for an equal one, now and later.
  bool LikeOneThatFailed(size_t e) {
    const auto failed = failed_.find(Candidates(e));
    if (failed == failed_.end()) return false;
    const auto& a = expected_[e].attributes;
    const auto& b = expected_[failed->second].attributes;
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
      return x.first == y.first && SameValue(x.second, y.second);
    });
  }

  // Gives `r` to who asked for it, what that one had to who asked for that, and so on.
  void Exchange(size_t r, const absl::flat_hash_map<size_t, size_t>& asked_by) {
    while (r != kNone) {
      const size_t e = asked_by.at(r);
      const size_t given_up = of_expected[e];
      of_expected[e] = r;
      of_reported[r] = e;
      r = given_up;
    }
  }

  const Plan& plan_;
  absl::Span<const ExpectedEvent> expected_;
  absl::Span<const ReportedEvent> reported_;
  const TestClock& clock_;
  std::map<Form, Buckets> buckets_;
  absl::flat_hash_map<const Bucket*, size_t>
      failed_;  // an expected event for which there is no way

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
  const std::vector<size_t> pairs = matcher.PairLeftOver();
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
    const size_t pair = pairs[e];
    const bool paired = pair != kNone;
    TestProblem problem =
        ProblemOf(plan, expected[e],
                  paired ? TestProblem::Kind::kDiffers : TestProblem::Kind::kMissing, clock);
    if (paired) {
      explained[pair] = true;
      problem.rule = reported[pair].rule->name;
      problem.time = clock.Text(reported[pair].time);
      problem.attributes = matcher.Attributes(e, pair);
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
