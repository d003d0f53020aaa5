#include "runtime/match/set_reports.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/str_cat.h"

namespace spate {
namespace {

size_t HashOfBindings(absl::Span<const MatchForest::Taken> match) {
  size_t hash = match.size();
  for (const MatchForest::Taken& t : match) {
    hash = (hash ^ t.event ^ (size_t{t.var} << 40)) * 0x9e3779b97f4a7c15ULL;
    hash ^= hash >> 31;
  }
  return hash;
}

}  // namespace

bool SetReports::First(const Moment& moment) {
  const std::vector<SetId>& complete = moment.complete;
  const bool any = std::any_of(complete.begin(), complete.end(), [&](SetId set) {
    return forest_.LatestStart(set) >= moment.oldest;
  });
  if (!any) return false;
  forest_.First(complete, moment.oldest, &first_);
  Say(first_, moment);
  return true;
}

absl::Status SetReports::All(const Moment& moment) {
  if (absl::Status s = ListInOrder(moment); !s.ok()) return s;
  if (order_.size() > 1) DropEqual();
  for (size_t i : order_) Say(matches_[i], moment);
  return absl::OkStatus();
}

absl::Status SetReports::ByStart(const Moment& moment, std::vector<StartBar>* bars) {
  bars->clear();
  if (absl::Status s = ListInOrder(moment); !s.ok()) return s;
  for (size_t i : order_) {
    const uint64_t first = store_.SequenceOf(matches_[i].front().event);
    const auto covers = [first](const StartBar& bar) { return bar.Covers(first); };
    if (std::any_of(bars->begin(), bars->end(), covers)) continue;
    Say(matches_[i], moment);
    bars->push_back(BarOf(matches_[i]));
  }
  return absl::OkStatus();
}

// `skip to first v`, `skip to last v`: all before that event, unless it is the first one itself.
StartBar SetReports::BarOf(absl::Span<const MatchForest::Taken> match) const {
  const SkipPolicy& policy = rule_.pattern->policy;
  const auto is_named = [&](const MatchForest::Taken& t) {
    return policy.var.valid() && t.var != MatchForest::kNoVar &&
           rule_.pattern->Names(VarId(uint32_t{t.var}), policy.var);
  };
  StartBar bar;
  bar.start = store_.SequenceOf(match.front().event);
  EventRef to = kNoEvent;
  if (policy.kind == SkipPolicy::Kind::kToFirst) {
    const auto first = std::find_if(match.begin(), match.end(), is_named);
    if (first != match.end()) to = first->event;
  } else if (policy.kind == SkipPolicy::Kind::kToLast) {
    const auto last = std::find_if(match.rbegin(), match.rend(), is_named);
    if (last != match.rend()) to = last->event;
  }
  if (to != kNoEvent && to != match.front().event) bar.bound = store_.SequenceOf(to);
  return bar;
}

// The matches, and their indices in the order of the language reference.
absl::Status SetReports::ListInOrder(const Moment& moment) {
  matches_.Clear();
  for (SetId set : moment.complete) {
    if (!forest_.List(set, moment.oldest, limit_, &matches_).ok()) {
      return absl::ResourceExhaustedError(
          absl::StrCat("rule `", rule_.name, "` has more than ", limit_,
                       " matches at one moment: use a skip policy, or a shorter window"));
    }
  }
  order_.resize(matches_.matches.size());
  std::iota(order_.begin(), order_.end(), size_t{0});
  std::sort(order_.begin(), order_.end(), [this](size_t a, size_t b) {
    return MatchForest::ComesFirst(matches_[a], matches_[b]);
  });
  return absl::OkStatus();
}

// Of matches with equal bindings the first counts.
void SetReports::DropEqual() {
  const auto same = [this](size_t a, size_t b) {
    const absl::Span<const MatchForest::Taken> x = matches_[a];
    const absl::Span<const MatchForest::Taken> y = matches_[b];
    return std::equal(x.begin(), x.end(), y.begin(), y.end(),
                      [](const MatchForest::Taken& s, const MatchForest::Taken& t) {
                        return s.event == t.event && s.var == t.var;
                      });
  };
  seen_.clear();
  order_.erase(std::remove_if(order_.begin(), order_.end(),
                              [&](size_t i) {
                                std::vector<size_t>& bucket = seen_[HashOfBindings(matches_[i])];
                                for (size_t j : bucket) {
                                  if (same(i, j)) return true;
                                }
                                bucket.push_back(i);
                                return false;
                              }),
               order_.end());
}

void SetReports::Say(absl::Span<const MatchForest::Taken> match, const Moment& moment) {
  bindings_.clear();
  for (const MatchForest::Taken& t : match) {
    bindings_.push_back({t.var == MatchForest::kNoVar ? VarId() : VarId(uint32_t{t.var}), t.event});
  }
  Report report;
  report.time = moment.time;
  report.store = &store_;
  report.bindings = bindings_;
  report.keys = moment.keys;
  moment.sink->OnReport(report);
}

}  // namespace spate
