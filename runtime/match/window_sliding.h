// SlidingMachine: `window sliding D`: at each event, the aggregates over the last D of its
// partition.
//
// An event at `now` is reported with those of now - D <= t <= now that have been taken so far. The
// window of a partition is a queue of records in a pool that all partitions share, its totals are a
// few words; adding and evicting are O(1) amortised, whatever the size of the window. A partition
// whose events have all left gives its memory back, when it is next touched or when the sweep comes
// by: two partitions are looked at for each event. Not thread-safe.
// Tested by tests/runtime/match/window_machine_test.cc.
#ifndef SPATE_RUNTIME_MATCH_WINDOW_SLIDING_H_
#define SPATE_RUNTIME_MATCH_WINDOW_SLIDING_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "runtime/match/window_machine.h"
#include "runtime/match/window_values.h"
#include "windows/sliding.h"

namespace spate {

class SlidingMachine : public WindowMachine {
 public:
  explicit SlidingMachine(std::unique_ptr<WindowParts> window_parts);

 protected:
  void Take(uint32_t slot, const Arrival& event, ReportSink* sink) override;
  size_t live() const override { return places_.size() - free_.size(); }

 private:
  static constexpr uint32_t kNoPlace = ~uint32_t{0};
  static constexpr size_t kSweptPerEvent = 2;

  // A partition with events in its window; its totals have the same place in totals_.
  struct Place {
    SlidingWindow window;
    uint32_t slot = kNoPlace;  // kNoPlace: free
    Time newest = kMinTime;    // time of the newest event
  };
  // Lets SlidingAggregator use the rule's WindowAggregates, which it would else copy.
  class Ops {
   public:
    explicit Ops(const WindowAggregates& aggregates) : aggregates_(&aggregates) {}
    size_t record_words() const { return aggregates_->record_words(); }
    bool two_stacks() const { return aggregates_->two_stacks(); }
    void Reset(uint64_t* totals) const { aggregates_->Reset(totals); }
    void ResetBack(uint64_t* totals) const { aggregates_->ResetBack(totals); }
    void Add(uint64_t* totals, const uint64_t* r) const { aggregates_->Add(totals, r); }
    void Remove(uint64_t* totals, const uint64_t* r) const { aggregates_->Remove(totals, r); }
    void Turn(uint64_t* r, const uint64_t* newer) const { aggregates_->Turn(r, newer); }

   private:
    const WindowAggregates* aggregates_;
  };

  uint32_t PlaceOf(uint32_t slot);
  uint64_t* TotalsOf(uint32_t place) { return totals_.data() + place * totals_words_; }
  void Push(uint32_t place, const Arrival& event);
  void Sweep(Time first_kept);
  void Release(uint32_t place);
  void CompactStore(Time first_kept);
  void Report(uint32_t place, const Arrival& event, ReportSink* sink);
  absl::Span<const Binding> Bindings(uint32_t place, const Arrival& event);
  void BindStored(const SlidingWindow& window);

  SlidingAggregator<Ops> aggregator_;
  std::vector<Place> places_;
  std::vector<uint32_t> free_;           // places without a partition
  std::vector<uint32_t> place_of_slot_;  // kNoPlace: no events
  size_t totals_words_;
  std::vector<uint64_t> totals_;  // totals_words_ for each place
  size_t swept_ = 0;              // where the sweep stands
  TextLog texts_;                 // content that records refer to
  std::vector<Value> arguments_;
  std::vector<Binding> bindings_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_WINDOW_SLIDING_H_
