// SlidingPlaces: the last events of each partition, as records from which aggregates are kept.
//
// A partition with events has a place: a queue of records in a pool that all partitions share, and
// a few words of totals; adding and evicting are O(1) amortised, whatever the size of the window
// (with tallies O(log n)). Text that records refer to is copied to a log, which gives it back in
// the order of time, or, where windows count events, by copying what is live. Not thread-safe.
// Tested by tests/runtime/match/window_machine_test.cc.
#ifndef SPATE_RUNTIME_MATCH_WINDOW_PLACES_H_
#define SPATE_RUNTIME_MATCH_WINDOW_PLACES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "runtime/match/window_parts.h"
#include "runtime/match/window_values.h"
#include "windows/sliding.h"

namespace spate {

class SlidingPlaces {
 public:
  static constexpr uint32_t kNone = ~uint32_t{0};

  // `parts` must outlive the places. `keeps_newest`: the newest event of a place is read when it is
  // no longer at hand.
  SlidingPlaces(WindowParts* parts, bool keeps_newest);

  size_t live() const { return places_.size() - free_.size(); }
  size_t size() const { return places_.size(); }  // with places that are free

  uint32_t Find(uint32_t slot) const {
    return slot < place_of_slot_.size() ? place_of_slot_[slot] : kNone;
  }
  uint32_t FindOrAdd(uint32_t slot);
  void Release(uint32_t place);
  uint32_t SlotOf(uint32_t place) const { return places_[place].slot; }  // kNone: free

  size_t EventsOf(uint32_t place) const { return places_[place].window.size; }
  // Of the oldest event, of which there is one.
  Time OldestOf(uint32_t place) { return aggregator_.Oldest(places_[place].window); }

  // Takes out the events from before `first_kept`, or all but `count`.
  void Evict(uint32_t place, Time first_kept) {
    aggregator_.Evict(&places_[place].window, Totals(place), first_kept);
  }
  void EvictTo(uint32_t place, uint64_t count) {
    aggregator_.EvictTo(&places_[place].window, Totals(place), count);
  }
  void Push(uint32_t place, const Arrival& event);

  // Gives memory back: no window reaches back beyond `first_kept`, or, for windows that count
  // events, whatever they hold is read. Called once for each event, before its Push.
  void GiveBackBefore(Time first_kept);
  void GiveBackUnread();

  // Frees the places that come next whose events are all from before `first_kept`.
  void Sweep(Time first_kept);

  // Calls `use(const WindowContent&, bindings)`, where `bindings()` gives the events that are read;
  // `event` is the newest one if it is at hand.
  template <typename Use>
  void Read(uint32_t place, const Arrival* event, Use&& use) {
    const SlidingWindow& window = places_[place].window;
    const auto for_each = [&](size_t list, WindowContent::Take take) {
      aggregator_.ForEach(window, [&](uint64_t* record) {
        take(parts_.aggregates->ListValue(record, list));
        return true;
      });
    };
    const auto bindings = [&] { return Bindings(place, event); };
    use(WindowContent{window.size, Totals(place), aggregator_.Front(window), for_each}, bindings);
  }
  // What `r.x` reads when all events have left.
  EventRef NewestLeft(uint32_t place) const {
    return places_[place].window.size == 0 ? places_[place].stored : kNoEvent;
  }

 private:
  static constexpr size_t kSweptPerEvent = 2;
  static constexpr size_t kTextBeforeCopy = 64 * 1024;

  // A partition with events in its window; its totals have the same place in totals_.
  struct Place {
    SlidingWindow window;
    uint32_t slot = kNone;       // kNone: free
    EventRef stored = kNoEvent;  // the newest event, where it is kept
    Time newest = kMinTime;
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

  uint64_t* Totals(uint32_t place) { return totals_.data() + place * totals_words_; }
  bool notes_events() const { return !parts_.events_read.newest_only(); }
  void CompactStore();
  void CopyTexts();
  absl::Span<const Binding> Bindings(uint32_t place, const Arrival* event);
  void BindStored(const SlidingWindow& window);

  WindowParts& parts_;
  bool keeps_newest_;
  SlidingAggregator<Ops> aggregator_;
  std::vector<Place> places_;
  std::vector<uint32_t> free_;           // places without a partition
  std::vector<uint32_t> place_of_slot_;  // kNone: no place
  size_t totals_words_;
  std::vector<uint64_t> totals_;  // totals_words_ for each place
  size_t swept_ = 0;              // where the sweep stands
  TextLog texts_;                 // content that records refer to
  size_t copy_texts_at_ = kTextBeforeCopy;
  std::vector<Value> arguments_;
  std::vector<Binding> bindings_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_WINDOW_PLACES_H_
