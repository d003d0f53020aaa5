#include "runtime/match/window_growing.h"

#include <algorithm>

namespace spate {

GrowingWindows::GrowingWindows(WindowParts* parts)
    : parts_(*parts),
      totals_words_(parts_.aggregates->totals_words()),
      lists_(parts_.aggregates->lists()),
      queues_per_window_(lists_ + (parts_.events_read.newest_only() ? 0 : 2)),
      values_(kValueWords),
      events_(1),
      record_(parts_.aggregates->record_words()) {}

uint32_t GrowingWindows::Open(uint32_t slot) {
  if (live_ == 0) {  // begin again with the first ones
    free_.clear();
    used_ = 0;
  }
  uint32_t window = used_;
  if (!free_.empty()) {
    window = free_.back();
    free_.pop_back();
  } else if (++used_ > windows_.size()) {
    windows_.emplace_back();
    totals_.resize(totals_.size() + totals_words_);
    contents_.resize(contents_.size() + parts_.aggregates->folded_values().size());
    queues_.resize(queues_.size() + queues_per_window_);
    if (lists_ > 0) list_contents_.emplace_back(/*block_size=*/256);
  }
  windows_[window] = Window();
  windows_[window].slot = slot;
  windows_[window].open = true;
  parts_.aggregates->Reset(Totals(window));
  ++live_;
  return window;
}

void GrowingWindows::Close(uint32_t window) {
  windows_[window].open = false;
  if (parts_.aggregates->has_tallies()) parts_.aggregates->Release(Totals(window));
  for (size_t i = 0; i < queues_per_window_; ++i) {
    (i < lists_ ? values_ : events_).Clear(Queues(window) + i);
  }
  if (lists_ > 0) list_contents_[window].Reset();
  free_.push_back(window);
  --live_;
}

void GrowingWindows::Evaluate(const Arrival& event) {
  const absl::Span<const Value> arguments = parts_.arguments->Evaluate(event);
  parts_.aggregates->Fill(record_.data(), arguments);
  if (parts_.aggregates->has_tallies()) arguments_.assign(arguments.begin(), arguments.end());
  stored_ = kNoEvent;
}

void GrowingWindows::Add(uint32_t window, const Arrival& event) {
  Window& w = windows_[window];
  if (w.events++ == 0) w.first = event.time();
  w.last = event.time();
  parts_.aggregates->Add(Totals(window), record_.data());
  if (parts_.aggregates->has_tallies()) {
    parts_.aggregates->AddToTallies(Totals(window), arguments_, nullptr);
  }
  OwnFolded(window);
  AppendToLists(window);
  if (!parts_.events_read.none()) KeepEvent(window, event);
}

// Copies the content of values that the event at hand has brought into the totals.
void GrowingWindows::OwnFolded(uint32_t window) {
  const std::vector<uint32_t>& folded = parts_.aggregates->folded_values();
  Content* content = contents_.data() + window * folded.size();
  for (const uint32_t word : folded) {
    uint64_t* total = Totals(window) + word;
    const Value v = LoadValue(total);
    if (Borrows(v) && (content->memory == nullptr || v.s != content->memory.get())) {
      const size_t bytes = ContentBytes(v);
      if (content->memory == nullptr || content->capacity < bytes) {
        content->capacity = std::max(bytes, 2 * content->capacity);
        content->memory.reset(new char[content->capacity]);
      }
      StoreValue(total, CopyContent(v, content->memory.get()));
    }
    ++content;
  }
}

void GrowingWindows::AppendToLists(uint32_t window) {
  for (size_t i = 0; i < lists_; ++i) {
    const Value v = parts_.aggregates->ListValue(record_.data(), i);
    if (v.is_null()) continue;
    char* memory = Borrows(v) ? list_contents_[window].Allocate(ContentBytes(v)) : nullptr;
    StoreValue(values_.PushBack(Queues(window) + i), CopyContent(v, memory));
  }
}

void GrowingWindows::KeepEvent(uint32_t window, const Arrival& event) {
  if (stored_ == kNoEvent) {
    if (parts_.StoreIsFull()) CompactStore();
    stored_ = parts_.Store(event);
  }
  Window& w = windows_[window];
  const WindowEventsRead& read = parts_.events_read;
  if (read.newest_only()) {
    w.newest = stored_;
  } else if (read.all || w.events <= read.first) {
    *events_.PushBack(FirstEvents(window)) = stored_;
  } else if (read.last > 0) {
    *events_.PushBack(LastEvents(window)) = stored_;
    if (w.events - read.first > read.last) events_.PopFront(LastEvents(window));
  }
}

void GrowingWindows::CompactStore() {
  EventStore& store = parts_.store;
  const auto for_each_event = [&](auto&& f) {
    for (uint32_t i = 0; i < used_; ++i) {
      Window& w = windows_[i];
      if (!w.open) continue;
      if (w.newest != kNoEvent) f(&w.newest);
      if (parts_.events_read.newest_only()) continue;
      const auto visit = [&](uint64_t* record) {
        auto ref = static_cast<EventRef>(*record);
        f(&ref);
        *record = ref;
        return true;
      };
      events_.ForEach(*FirstEvents(i), visit);
      events_.ForEach(*LastEvents(i), visit);
    }
  };
  for_each_event([&](EventRef* e) { store.Mark(*e); });
  store.Compact();
  for_each_event([&](EventRef* e) { *e = store.Forwarded(*e); });
  parts_.Compacted();
}

absl::Span<const Binding> GrowingWindows::Bindings(uint32_t window) {
  bindings_.clear();
  const auto bind = [&](EventRef e) {
    bindings_.push_back({VarId(0u), e});
    return true;
  };
  if (windows_[window].newest != kNoEvent) bind(windows_[window].newest);
  if (!parts_.events_read.newest_only()) {
    const auto bind_record = [&](uint64_t* record) { return bind(static_cast<EventRef>(*record)); };
    events_.ForEach(*FirstEvents(window), bind_record);
    events_.ForEach(*LastEvents(window), bind_record);
  }
  return bindings_;
}

}  // namespace spate
