// GrowingWindows: windows that events enter and none leaves, until the window is closed.
//
// A window is a block of totals, and of queues where lists (`collect`) or events are read. No event
// is kept but the few that are read (the newest, with `r.x`), unless keep_matched asks for all.
// Text that totals refer to is copied to memory of the block, which is used again with the block.
// An event may enter several windows: it is evaluated once. Not thread-safe. Tested by
// tests/runtime/match/window_machine_test.cc.
#ifndef SPATE_RUNTIME_MATCH_WINDOW_GROWING_H_
#define SPATE_RUNTIME_MATCH_WINDOW_GROWING_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "runtime/base/arena.h"
#include "runtime/match/window_gate.h"
#include "runtime/match/window_parts.h"
#include "windows/chunk_queue.h"
#include "windows/time.h"

namespace spate {

class GrowingWindows {
 public:
  static constexpr uint32_t kNone = ~uint32_t{0};

  struct Window {
    uint32_t slot = 0;  // of its partition
    bool open = false;
    uint64_t events = 0;
    EventRef newest = kNoEvent;  // when only the newest event is read
    Time first = 0;              // time of the first event
    Time last = 0;               // and of the newest
    GateState gate;              // where windows report at each event
  };

  // `parts` must outlive the windows.
  explicit GrowingWindows(WindowParts* parts);

  size_t live() const { return live_; }
  Window& operator[](uint32_t window) { return windows_[window]; }

  // Opens a window, which its first Add makes exist. Numbers of closed windows are used again, in
  // ascending order when none is open.
  uint32_t Open(uint32_t slot);
  void Close(uint32_t window);

  // Takes an event at hand, which then may be added to several windows.
  void Evaluate(const Arrival& event);
  void Add(uint32_t window, const Arrival& event);

  // Calls `use(const WindowContent&, bindings)`, where `bindings()` gives the events that are read.
  template <typename Use>
  void Read(uint32_t window, Use&& use) {
    const auto for_each = [&](size_t list, WindowContent::Take take) {
      values_.ForEach(Queues(window)[list], [&](uint64_t* record) {
        take(LoadValue(record));
        return true;
      });
    };
    const auto bindings = [&] { return Bindings(window); };
    use(WindowContent{windows_[window].events, Totals(window), nullptr, for_each}, bindings);
  }

 private:
  // Memory of the content of one folded value, used again when the value changes.
  struct Content {
    std::unique_ptr<char[]> memory;
    size_t capacity = 0;
  };

  uint64_t* Totals(uint32_t window) { return totals_.data() + window * totals_words_; }
  ChunkQueue* Queues(uint32_t window) { return queues_.data() + window * queues_per_window_; }
  ChunkQueue* FirstEvents(uint32_t window) { return Queues(window) + lists_; }
  ChunkQueue* LastEvents(uint32_t window) { return Queues(window) + lists_ + 1; }
  void OwnFolded(uint32_t window);
  void AppendToLists(uint32_t window);
  void KeepEvent(uint32_t window, const Arrival& event);
  void CompactStore();
  absl::Span<const Binding> Bindings(uint32_t window);

  WindowParts& parts_;
  std::vector<Window> windows_;
  std::vector<uint32_t> free_;
  uint32_t used_ = 0;  // windows below are open or in free_
  size_t live_ = 0;

  size_t totals_words_;
  std::vector<uint64_t> totals_;   // totals_words_ for each window
  std::vector<Content> contents_;  // one per folded value, for each window
  size_t lists_;
  size_t queues_per_window_;          // the lists, and two queues of events if need be
  std::vector<ChunkQueue> queues_;    // queues_per_window_ for each window
  std::vector<Arena> list_contents_;  // for each window, where there are lists
  ChunkQueuePool values_;             // records of lists: one Value
  ChunkQueuePool events_;             // records of events: one EventRef
  std::vector<uint64_t> record_;      // what the event at hand contributes
  std::vector<Value> arguments_;      // with which it enters tallies
  EventRef stored_ = kNoEvent;        // where the event at hand is kept, once it is
  std::vector<Binding> bindings_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_WINDOW_GROWING_H_
