#include "runtime/match/window_sliding.h"

#include <algorithm>
#include <utility>

namespace spate {

SlidingMachine::SlidingMachine(std::unique_ptr<WindowParts> window_parts)
    : WindowMachine(std::move(window_parts)),
      aggregator_(Ops(*parts().aggregates)),
      totals_words_(parts().aggregates->totals_words()) {}

void SlidingMachine::Take(uint32_t slot, const Arrival& event, ReportSink* sink) {
  const Time first_kept = SaturatingSubtract(event.time(), parts().size);
  const uint32_t place = PlaceOf(slot);
  // Before the texts of events that have left are given back.
  aggregator_.Evict(&places_[place].window, TotalsOf(place), first_kept);
  texts_.ExpireBefore(first_kept);
  if (StoreIsFull()) CompactStore(first_kept);
  Push(place, event);
  Report(place, event, sink);
  Sweep(first_kept);
}

uint32_t SlidingMachine::PlaceOf(uint32_t slot) {
  if (slot >= place_of_slot_.size()) place_of_slot_.resize(slot + 1, kNoPlace);
  uint32_t& place = place_of_slot_[slot];
  if (place != kNoPlace) return place;
  if (free_.empty()) {
    place = static_cast<uint32_t>(places_.size());
    places_.emplace_back();
    totals_.resize(totals_.size() + totals_words_);
  } else {
    place = free_.back();
    free_.pop_back();
  }
  places_[place].slot = slot;
  parts().aggregates->Reset(TotalsOf(place));
  return place;
}

void SlidingMachine::Push(uint32_t place, const Arrival& event) {
  const WindowAggregates& aggregates = *parts().aggregates;
  const absl::Span<const Value> borrowed = parts().arguments->Evaluate(event);
  arguments_.assign(borrowed.begin(), borrowed.end());
  for (const uint32_t kept : aggregates.kept_arguments()) {
    arguments_[kept] = texts_.Own(arguments_[kept], event.time());
  }
  places_[place].newest = event.time();
  const bool notes_event = !parts().events_read.newest_only();
  aggregator_.Push(&places_[place].window, TotalsOf(place), event.time(), [&](uint64_t* record) {
    aggregates.Fill(record, arguments_);
    if (notes_event) record[aggregates.extra_word()] = Store(event);
  });
}

// Frees the partitions at the next places whose events have all left.
void SlidingMachine::Sweep(Time first_kept) {
  for (size_t i = 0; i < kSweptPerEvent; ++i) {
    if (++swept_ >= places_.size()) swept_ = 0;
    const Place& place = places_[swept_];
    if (place.slot == kNoPlace || place.newest >= first_kept) continue;
    Release(static_cast<uint32_t>(swept_));
  }
}

void SlidingMachine::Release(uint32_t place) {
  aggregator_.Clear(&places_[place].window);
  place_of_slot_[places_[place].slot] = kNoPlace;
  places_[place].slot = kNoPlace;
  free_.push_back(place);
}

void SlidingMachine::CompactStore(Time first_kept) {
  EventStore& store = parts().store;
  const auto for_each_event = [&](auto&& f) {
    if (parts().events_read.newest_only()) return;  // no record notes its event
    for (uint32_t i = 0; i < places_.size(); ++i) {
      aggregator_.Evict(&places_[i].window, TotalsOf(i), first_kept);
      aggregator_.ForEach(places_[i].window, [&](uint64_t* record) {
        f(&record[parts().aggregates->extra_word()]);
        return true;
      });
    }
  };
  for_each_event([&](uint64_t* ref) { store.Mark(static_cast<EventRef>(*ref)); });
  store.Compact();
  for_each_event([&](uint64_t* ref) { *ref = store.Forwarded(static_cast<EventRef>(*ref)); });
  Compacted();
}

void SlidingMachine::Report(uint32_t place, const Arrival& event, ReportSink* sink) {
  const SlidingWindow& window = places_[place].window;
  const auto for_each = [&](size_t list, WindowContent::Take take) {
    aggregator_.ForEach(window, [&](uint64_t* record) {
      take(parts().aggregates->ListValue(record, list));
      return true;
    });
  };
  const WindowContent content{window.size, TotalsOf(place), aggregator_.Front(window), for_each};
  const auto bindings = [&] { return Bindings(place, event); };
  const Time now = event.time();
  parts().reporter->ReportIfHaving({now, SaturatingSubtract(now, parts().size), now,
                                    KeysOf(places_[place].slot), content, &event, bindings},
                                   sink);
}

absl::Span<const Binding> SlidingMachine::Bindings(uint32_t place, const Arrival& event) {
  bindings_.clear();
  const WindowEventsRead& read = parts().events_read;
  if (!read.newest_only()) {
    BindStored(places_[place].window);
  } else if (!read.none()) {
    bindings_.push_back({VarId(0u), Store(event)});
  }
  return bindings_;
}

// Binds all events of the window, or the first and the last ones that are read, none twice.
void SlidingMachine::BindStored(const SlidingWindow& window) {
  const WindowEventsRead& read = parts().events_read;
  const size_t word = parts().aggregates->extra_word();
  const auto bind = [&](uint64_t* record) {
    bindings_.push_back({VarId(0u), static_cast<EventRef>(record[word])});
  };
  const size_t first = read.all ? window.size : std::min<size_t>(read.first, window.size);
  if (first > 0) {
    aggregator_.ForEach(window, [&](uint64_t* record) {
      bind(record);
      return bindings_.size() < first;
    });
  }
  const size_t wanted = first + std::min<size_t>(read.last, window.size - first);
  if (wanted == first) return;
  aggregator_.ForEachBackward(window, [&](uint64_t* record) {
    bind(record);
    return bindings_.size() < wanted;
  });
  std::reverse(bindings_.begin() + static_cast<std::ptrdiff_t>(first), bindings_.end());
}

}  // namespace spate
