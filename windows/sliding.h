// SlidingAggregator: aggregates over the last records of many windows, without ever rescanning.
//
// Each window is a queue of records in time order (word 0 is the time) and some words of totals.
// What is invertible is added when a record comes and subtracted when it leaves. What is only
// associative goes by two stacks: the newer records are folded into the totals as they come
// ("back"); when the oldest record is no longer covered, one pass from the newest to the oldest
// turns every record into the aggregate of itself and all newer ones ("front"), and afterwards each
// record that leaves just uncovers the next. Each record is turned once: O(1) amortised.
//
// Ops says what the aggregates are:
//   size_t record_words() const;                  // with the time
//   bool two_stacks() const;                      // some aggregate is not invertible
//   void Reset(uint64_t* totals) const;           // of an empty window
//   void Add(uint64_t* totals, const uint64_t* record) const;     // invertible ones and the back
//   void Remove(uint64_t* totals, const uint64_t* record) const;  // invertible ones only
//   void Turn(uint64_t* record, const uint64_t* newer) const;     // record = record . newer
//   void ResetBack(uint64_t* totals) const;
//
// Not thread-safe. Tested by tests/windows/sliding_test.cc against a plain rescan.
#ifndef SPATE_WINDOWS_SLIDING_H_
#define SPATE_WINDOWS_SLIDING_H_

#include <cstddef>
#include <cstdint>
#include <utility>

#include "windows/chunk_queue.h"
#include "windows/time.h"

namespace spate {

// One window. Trivially copyable; a default one is empty.
struct SlidingWindow {
  ChunkQueue records;
  uint32_t size = 0;   // records in the window
  uint32_t front = 0;  // how many of the oldest records have been turned
};

template <typename Ops>
class SlidingAggregator {
 public:
  explicit SlidingAggregator(Ops ops) : ops_(std::move(ops)), pool_(ops_.record_words()) {}

  // Adds a record of `time`, not before the newest one; `fill(uint64_t* record)` writes the words
  // from 1 on. The totals are those of Reset when the window is new.
  template <typename Fill>
  void Push(SlidingWindow* window, uint64_t* totals, Time time, Fill&& fill) {
    uint64_t* record = pool_.PushBack(&window->records);
    record[0] = static_cast<uint64_t>(time);
    fill(record);
    ops_.Add(totals, record);
    ++window->size;
  }

  // Removes the records from before `first_kept`.
  void Evict(SlidingWindow* window, uint64_t* totals, Time first_kept) {
    EvictWhile(window, totals, [&] { return TimeOf(pool_.Front(window->records)) < first_kept; });
  }

  // Removes the oldest records until `size` are left.
  void EvictTo(SlidingWindow* window, uint64_t* totals, uint64_t size) {
    EvictWhile(window, totals, [&] { return window->size > size; });
  }

  // The time of the oldest record of a window that has any.
  Time Oldest(const SlidingWindow& window) { return TimeOf(pool_.Front(window.records)); }

  void Clear(SlidingWindow* window) {
    pool_.Clear(&window->records);
    *window = SlidingWindow();
  }

  // The record that has the aggregates of the front; null when the back is all there is.
  const uint64_t* Front(const SlidingWindow& window) {
    return window.front > 0 ? pool_.Front(window.records) : nullptr;
  }

  // Calls `f(uint64_t* record)` from the oldest to the newest, or the other way about, for as long
  // as it returns true. Words of what is not invertible are not those that Push wrote.
  template <typename F>
  void ForEach(const SlidingWindow& window, F&& f) {
    pool_.ForEach(window.records, std::forward<F>(f));
  }
  template <typename F>
  void ForEachBackward(const SlidingWindow& window, F&& f) {
    pool_.ForEachBackward(window.records, std::forward<F>(f));
  }

  const Ops& ops() const { return ops_; }
  const ChunkQueuePool& pool() const { return pool_; }

 private:
  template <typename Leaves>
  void EvictWhile(SlidingWindow* window, uint64_t* totals, const Leaves& leaves) {
    bool uncovered = false;  // the back still counts a record that has left
    while (window->size > 0 && leaves()) {
      ops_.Remove(totals, pool_.Front(window->records));
      pool_.PopFront(&window->records);
      --window->size;
      if (window->front > 0) {
        --window->front;
      } else {
        uncovered = true;
      }
    }
    if (window->size == 0) {
      ops_.Reset(totals);
    } else if (uncovered && ops_.two_stacks()) {
      TurnAll(window, totals);
    }
  }

  static Time TimeOf(const uint64_t* record) { return static_cast<Time>(record[0]); }

  void TurnAll(SlidingWindow* window, uint64_t* totals) {
    const uint64_t* newer = nullptr;
    pool_.ForEachBackward(window->records, [&](uint64_t* record) {
      if (newer != nullptr) ops_.Turn(record, newer);
      newer = record;
      return true;
    });
    window->front = window->size;
    ops_.ResetBack(totals);
  }

  Ops ops_;
  ChunkQueuePool pool_;
};

}  // namespace spate

#endif  // SPATE_WINDOWS_SLIDING_H_
