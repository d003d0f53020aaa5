#include "runtime/match/window_tumbling.h"

#include <algorithm>
#include <utility>

namespace spate {

TumblingMachine::TumblingMachine(std::unique_ptr<WindowParts> window_parts)
    : WindowMachine(std::move(window_parts)),
      totals_words_(parts().aggregates->totals_words()),
      lists_(parts().aggregates->lists()),
      queues_per_window_(lists_ + (parts().events_read.newest_only() ? 0 : 2)),
      values_(kValueWords),
      events_(1),
      record_(parts().aggregates->record_words()) {}

void TumblingMachine::Take(uint32_t slot, const Arrival& event, ReportSink* sink) {
  ChooseWindow(event.time(), sink);
  Open& w = OpenWindow(slot);
  ++w.events;
  const WindowAggregates& aggregates = *parts().aggregates;
  aggregates.Fill(record_.data(), parts().arguments->Evaluate(event));
  aggregates.Add(TotalsOf(w), record_.data());
  OwnFolded(w);
  AppendToLists(w);
  if (!parts().events_read.none()) KeepEvent(&w, event);
}

// An event derived at the very moment when the window ends comes before the engine's Fire.
void TumblingMachine::ChooseWindow(Time time, ReportSink* sink) {
  if (!open_.empty() && time < window_.end) return;
  const TimeInterval window = TumblingWindow(time, parts().size);
  if (!open_.empty() && window != window_) CloseAll(window_.end, sink);
  window_ = window;
}

TumblingMachine::Open& TumblingMachine::OpenWindow(uint32_t slot) {
  if (slot >= open_of_slot_.size()) open_of_slot_.resize(slot + 1, kNotOpen);
  uint32_t& index = open_of_slot_[slot];
  if (index != kNotOpen) return open_[index];
  index = static_cast<uint32_t>(open_.size());
  open_.push_back({slot, index});
  totals_.resize(totals_.size() + totals_words_);
  contents_.resize(contents_.size() + parts().aggregates->folded_values().size());
  queues_.resize(queues_.size() + queues_per_window_);
  parts().aggregates->Reset(TotalsOf(open_.back()));
  return open_.back();
}

TumblingMachine::Content* TumblingMachine::ContentsOf(const Open& w) {
  return contents_.data() + w.block * parts().aggregates->folded_values().size();
}

// Copies the content of values that the event at hand has brought into the totals.
void TumblingMachine::OwnFolded(const Open& w) {
  Content* content = ContentsOf(w);
  for (const uint32_t word : parts().aggregates->folded_values()) {
    uint64_t* total = TotalsOf(w) + word;
    const Value v = LoadValue(total);
    if (Borrows(v) && (content->memory == nullptr || v.s != content->memory)) {
      const size_t bytes = ContentBytes(v);
      if (content->memory == nullptr || content->capacity < bytes) {
        content->capacity = std::max(bytes, 2 * content->capacity);
        content->memory = content_arena_.Allocate(content->capacity);
      }
      StoreValue(total, CopyContent(v, content->memory));
    }
    ++content;
  }
}

void TumblingMachine::AppendToLists(const Open& w) {
  for (size_t i = 0; i < lists_; ++i) {
    const Value v = parts().aggregates->ListValue(record_.data(), i);
    if (v.is_null()) continue;
    char* memory = Borrows(v) ? content_arena_.Allocate(ContentBytes(v)) : nullptr;
    StoreValue(values_.PushBack(ListsOf(w) + i), CopyContent(v, memory));
  }
}

void TumblingMachine::KeepEvent(Open* w, const Arrival& event) {
  if (StoreIsFull()) CompactStore();
  const EventRef stored = Store(event);
  const WindowEventsRead& read = parts().events_read;
  if (read.newest_only()) {
    w->newest = stored;
  } else if (read.all || w->events <= read.first) {
    *events_.PushBack(FirstEventsOf(*w)) = stored;
  } else if (read.last > 0) {
    *events_.PushBack(LastEventsOf(*w)) = stored;
    if (w->events - read.first > read.last) events_.PopFront(LastEventsOf(*w));
  }
}

void TumblingMachine::CompactStore() {
  EventStore& store = parts().store;
  const auto for_each_event = [&](auto&& f) {
    for (Open& w : open_) {
      if (w.newest != kNoEvent) f(&w.newest);
      if (parts().events_read.newest_only()) continue;
      const auto visit = [&](uint64_t* record) {
        auto ref = static_cast<EventRef>(*record);
        f(&ref);
        *record = ref;
        return true;
      };
      events_.ForEach(*FirstEventsOf(w), visit);
      events_.ForEach(*LastEventsOf(w), visit);
    }
  };
  for_each_event([&](EventRef* e) { store.Mark(*e); });
  store.Compact();
  for_each_event([&](EventRef* e) { *e = store.Forwarded(*e); });
  Compacted();
}

Deadline TumblingMachine::NextDeadline() const {
  return open_.empty() ? Deadline::None() : Deadline::Exclusive(window_.end);
}

absl::Status TumblingMachine::Fire(Deadline deadline, ReportSink* sink) {
  if (!open_.empty() && deadline == NextDeadline()) CloseAll(deadline.time, sink);
  return absl::OkStatus();
}

absl::Status TumblingMachine::Finish(FinishMode mode, Time clock, ReportSink* sink) {
  if (mode == FinishMode::kReport) CloseAll(std::min(clock, window_.end), sink);
  if (mode == FinishMode::kCount) unreported_ = open_.size();
  return absl::OkStatus();
}

void TumblingMachine::CloseAll(Time time, ReportSink* sink) {
  const auto by_slot = [](const Open& a, const Open& b) { return a.slot < b.slot; };
  if (!std::is_sorted(open_.begin(), open_.end(), by_slot)) {
    std::sort(open_.begin(), open_.end(), by_slot);
  }
  for (const Open& w : open_) Report(w, time, sink);
  Forget();
}

void TumblingMachine::Report(const Open& w, Time time, ReportSink* sink) {
  const auto for_each = [&](size_t list, WindowContent::Take take) {
    values_.ForEach(ListsOf(w)[list], [&](uint64_t* record) {
      take(LoadValue(record));
      return true;
    });
  };
  const WindowContent content{w.events, TotalsOf(w), nullptr, for_each};
  const auto bindings = [&] { return Bindings(w); };
  parts().reporter->ReportIfHaving(
      {time, window_.start, window_.end, KeysOf(w.slot), content, nullptr, bindings}, sink);
}

absl::Span<const Binding> TumblingMachine::Bindings(const Open& w) {
  bindings_.clear();
  const auto bind = [&](EventRef e) {
    bindings_.push_back({VarId(0u), e});
    return true;
  };
  if (w.newest != kNoEvent) bind(w.newest);
  if (!parts().events_read.newest_only()) {
    const auto bind_record = [&](uint64_t* record) { return bind(static_cast<EventRef>(*record)); };
    events_.ForEach(*FirstEventsOf(w), bind_record);
    events_.ForEach(*LastEventsOf(w), bind_record);
  }
  return bindings_;
}

// Makes ready for the next window; memory is kept.
void TumblingMachine::Forget() {
  for (const Open& w : open_) {
    open_of_slot_[w.slot] = kNotOpen;
    if (queues_per_window_ == 0) continue;
    for (size_t i = 0; i < lists_; ++i) values_.Clear(ListsOf(w) + i);
    for (size_t i = lists_; i < queues_per_window_; ++i) events_.Clear(ListsOf(w) + i);
  }
  open_.clear();
  totals_.clear();
  contents_.clear();
  queues_.clear();
  content_arena_.Reset();
}

}  // namespace spate
