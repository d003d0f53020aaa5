// TumblingMachine: `window tumbling D`: totals of each partition, reported when the window ends.
//
// All partitions have the same window edges and events come in order, so one window is open at a
// time: a list of the partitions that have events in it, with their totals one behind the other. No
// event is kept but the few that are read (the newest, with `r.x`), unless keep_matched asks for
// all; `collect` keeps its values. Text that totals refer to lies in an arena that is emptied when
// the window closes. Not thread-safe. Tested by tests/runtime/match/window_machine_test.cc.
#ifndef SPATE_RUNTIME_MATCH_WINDOW_TUMBLING_H_
#define SPATE_RUNTIME_MATCH_WINDOW_TUMBLING_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "runtime/base/arena.h"
#include "runtime/match/window_machine.h"
#include "windows/chunk_queue.h"
#include "windows/tumbling.h"

namespace spate {

class TumblingMachine : public WindowMachine {
 public:
  explicit TumblingMachine(std::unique_ptr<WindowParts> window_parts);

  Deadline NextDeadline() const override;
  absl::Status Fire(Deadline deadline, ReportSink* sink) override;
  absl::Status Finish(FinishMode mode, Time clock, ReportSink* sink) override;

 protected:
  void Take(uint32_t slot, const Arrival& event, ReportSink* sink) override;
  size_t live() const override { return open_.size(); }
  size_t open() const override { return unreported_; }

 private:
  static constexpr uint32_t kNotOpen = ~uint32_t{0};

  // The window of one partition. Its totals are block `block` of totals_; its lists (of `collect`)
  // and, where more than the newest is read, its first and its last events, block `block` of
  // queues_.
  struct Open {
    uint32_t slot;
    uint32_t block;
    uint64_t events = 0;
    EventRef newest = kNoEvent;  // when only the newest event is read
  };
  // Memory of the content of one folded value, used again when the value changes.
  struct Content {
    char* memory = nullptr;
    size_t capacity = 0;
  };

  void ChooseWindow(Time time, ReportSink* sink);
  Open& OpenWindow(uint32_t slot);
  uint64_t* TotalsOf(const Open& w) { return totals_.data() + w.block * totals_words_; }
  ChunkQueue* ListsOf(const Open& w) { return queues_.data() + w.block * queues_per_window_; }
  ChunkQueue* FirstEventsOf(const Open& w) { return ListsOf(w) + lists_; }
  ChunkQueue* LastEventsOf(const Open& w) { return ListsOf(w) + lists_ + 1; }
  Content* ContentsOf(const Open& w);
  void OwnFolded(const Open& w);
  void AppendToLists(const Open& w);
  void KeepEvent(Open* w, const Arrival& event);
  void CompactStore();
  absl::Span<const Binding> Bindings(const Open& w);
  void Report(const Open& w, Time time, ReportSink* sink);
  void CloseAll(Time time, ReportSink* sink);
  void Forget();

  TimeInterval window_;                 // the open one, when open_ is not empty
  std::vector<Open> open_;              // in order of their first events
  std::vector<uint32_t> open_of_slot_;  // by slot: index into open_, or kNotOpen
  size_t unreported_ = 0;

  size_t totals_words_;
  std::vector<uint64_t> totals_;   // totals_words_ for each open window
  std::vector<Content> contents_;  // one per folded value, for each open window
  Arena content_arena_;

  size_t lists_;
  size_t queues_per_window_;        // the lists, and the two queues of events if need be
  std::vector<ChunkQueue> queues_;  // queues_per_window_ for each open window
  ChunkQueuePool values_;           // records of lists: one Value
  ChunkQueuePool events_;           // records of events: one EventRef
  std::vector<uint64_t> record_;    // what the event at hand contributes
  std::vector<Binding> bindings_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_WINDOW_TUMBLING_H_
