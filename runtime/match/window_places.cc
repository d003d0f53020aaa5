#include "runtime/match/window_places.h"

#include <algorithm>
#include <utility>

namespace spate {

SlidingPlaces::SlidingPlaces(WindowParts* parts, bool keeps_newest)
    : parts_(*parts),
      keeps_newest_(keeps_newest && !parts_.events_read.none()),
      aggregator_(Ops(*parts_.aggregates)),
      totals_words_(parts_.aggregates->totals_words()) {}

uint32_t SlidingPlaces::FindOrAdd(uint32_t slot) {
  if (slot >= place_of_slot_.size()) place_of_slot_.resize(slot + 1, kNone);
  uint32_t& place = place_of_slot_[slot];
  if (place != kNone) return place;
  if (free_.empty()) {
    place = static_cast<uint32_t>(places_.size());
    places_.emplace_back();
    totals_.resize(totals_.size() + totals_words_);
  } else {
    place = free_.back();
    free_.pop_back();
  }
  places_[place] = Place();
  places_[place].slot = slot;
  parts_.aggregates->Reset(Totals(place));
  return place;
}

void SlidingPlaces::Release(uint32_t place) {
  aggregator_.Clear(&places_[place].window);
  if (parts_.aggregates->has_tallies()) parts_.aggregates->Release(Totals(place));
  place_of_slot_[places_[place].slot] = kNone;
  places_[place].slot = kNone;
  free_.push_back(place);
}

void SlidingPlaces::Push(uint32_t place, const Arrival& event) {
  const WindowAggregates& aggregates = *parts_.aggregates;
  const absl::Span<const Value> borrowed = parts_.arguments->Evaluate(event);
  arguments_.assign(borrowed.begin(), borrowed.end());
  for (const uint32_t kept : aggregates.kept_arguments()) {
    arguments_[kept] = texts_.Own(arguments_[kept], event.time());
  }
  Place& p = places_[place];
  p.newest = event.time();
  if (notes_events() || keeps_newest_) p.stored = parts_.Store(event);
  aggregator_.Push(&p.window, Totals(place), event.time(), [&](uint64_t* record) {
    aggregates.Fill(record, arguments_);
    if (aggregates.has_tallies()) aggregates.AddToTallies(Totals(place), arguments_, record);
    if (notes_events()) record[aggregates.extra_word()] = p.stored;
  });
}

void SlidingPlaces::GiveBackBefore(Time first_kept) {
  texts_.ExpireBefore(first_kept);
  if (!parts_.StoreIsFull()) return;
  for (uint32_t i = 0; i < places_.size(); ++i) Evict(i, first_kept);
  CompactStore();
}

void SlidingPlaces::GiveBackUnread() {
  if (texts_.bytes_in_use() > copy_texts_at_) CopyTexts();
  if (parts_.StoreIsFull()) CompactStore();
}

// Copies what records and totals still refer to into a new log.
void SlidingPlaces::CopyTexts() {
  TextLog live;
  const auto own = [&](uint64_t* words) { StoreValue(words, live.Own(LoadValue(words), 0)); };
  for (uint32_t i = 0; i < places_.size(); ++i) {
    if (places_[i].slot == kNone) continue;
    aggregator_.ForEach(places_[i].window, [&](uint64_t* record) {
      for (const uint32_t word : parts_.aggregates->record_values()) own(record + word);
      return true;
    });
    for (const uint32_t word : parts_.aggregates->folded_values()) own(Totals(i) + word);
  }
  texts_ = std::move(live);
  copy_texts_at_ = std::max(kTextBeforeCopy, 2 * texts_.bytes_in_use());
}

void SlidingPlaces::Sweep(Time first_kept) {
  for (size_t i = 0; i < kSweptPerEvent; ++i) {
    if (++swept_ >= places_.size()) swept_ = 0;
    const Place& place = places_[swept_];
    if (place.slot == kNone || place.newest >= first_kept) continue;
    Release(static_cast<uint32_t>(swept_));
  }
}

void SlidingPlaces::CompactStore() {
  EventStore& store = parts_.store;
  const auto for_each_event = [&](auto&& f) {
    for (Place& place : places_) {
      if (place.slot == kNone) continue;
      if (place.stored != kNoEvent) f(&place.stored);
      if (!notes_events()) continue;
      aggregator_.ForEach(place.window, [&](uint64_t* record) {
        auto ref = static_cast<EventRef>(record[parts_.aggregates->extra_word()]);
        f(&ref);
        record[parts_.aggregates->extra_word()] = ref;
        return true;
      });
    }
  };
  for_each_event([&](EventRef* e) { store.Mark(*e); });
  store.Compact();
  for_each_event([&](EventRef* e) { *e = store.Forwarded(*e); });
  parts_.Compacted();
}

absl::Span<const Binding> SlidingPlaces::Bindings(uint32_t place, const Arrival* event) {
  bindings_.clear();
  const WindowEventsRead& read = parts_.events_read;
  const Place& p = places_[place];
  if (!read.newest_only()) {
    BindStored(p.window);
  } else if (!read.none() && p.window.size > 0) {
    bindings_.push_back({VarId(0u), keeps_newest_ ? p.stored : parts_.Store(*event)});
  }
  return bindings_;
}

// Binds all events of the window, or the first and the last ones that are read, none twice.
void SlidingPlaces::BindStored(const SlidingWindow& window) {
  const WindowEventsRead& read = parts_.events_read;
  const size_t word = parts_.aggregates->extra_word();
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
