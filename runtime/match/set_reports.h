// SetReports: reports the matches that one event completes, out of sets of the match forest.
//
// Under `no skip` all of them are listed, in the order of the language reference and each once;
// under `skip past last event` the first one is looked for; under `skip to ..` each report bars
// starts. Not thread-safe (scratch).
// Tested by tests/property, through SetMatcher and RegisterMatcher.
#ifndef SPATE_RUNTIME_MATCH_SET_REPORTS_H_
#define SPATE_RUNTIME_MATCH_SET_REPORTS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "runtime/match/machine.h"
#include "runtime/match/match_forest.h"
#include "runtime/match/start_bar.h"
#include "runtime/model/plan.h"
#include "runtime/store/event_store.h"

namespace spate {

class SetReports {
 public:
  // What is reported of one event: the sets it completed, and what the window still holds.
  struct Moment {
    const std::vector<SetId>& complete;
    int64_t oldest;
    Time time;
    absl::Span<const Value> keys;
    ReportSink* sink;
  };

  // All must outlive this. `limit`: how many matches of one moment are too many.
  SetReports(const RulePlan& rule, MatchForest* forest, const EventStore* store, size_t limit)
      : rule_(rule), forest_(*forest), store_(*store), limit_(limit) {}

  // The match that comes first. False: all have left the window.
  bool First(const Moment& moment);
  // All matches. ResourceExhausted: they are too many.
  absl::Status All(const Moment& moment);

  // `skip to ..`: of sets of one match each those that no earlier report of the moment bars; what
  // the reports bar.
  absl::Status ByStart(const Moment& moment, std::vector<StartBar>* bars);

 private:
  absl::Status ListInOrder(const Moment& moment);
  StartBar BarOf(absl::Span<const MatchForest::Taken> match) const;
  void DropEqual();
  void Say(absl::Span<const MatchForest::Taken> match, const Moment& moment);

  const RulePlan& rule_;
  MatchForest& forest_;
  const EventStore& store_;
  const size_t limit_;

  MatchForest::Listing matches_;
  std::vector<size_t> order_;  // indices into matches_
  std::vector<MatchForest::Taken> first_;
  absl::flat_hash_map<size_t, std::vector<size_t>> seen_;  // by hash, into matches_
  std::vector<Binding> bindings_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_SET_REPORTS_H_
