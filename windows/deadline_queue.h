// DeadlineQueue: at most one deadline for each partition, and the earliest of them all.
//
// A min-heap with lazy deletion. Moving a deadline to a later time, what most events do, does not
// touch the heap: the entry is put back with the later time when it comes to the top. An exclusive
// deadline comes before an inclusive one of the same time, and then the lower partition is first.
// Partitions are small dense numbers. Not thread-safe. Tested by
// tests/windows/deadline_queue_test.cc.
#ifndef SPATE_WINDOWS_DEADLINE_QUEUE_H_
#define SPATE_WINDOWS_DEADLINE_QUEUE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <tuple>
#include <vector>

#include "windows/time.h"

namespace spate {

// When something happens by time alone. An exclusive end is due when the watermark reaches it
// (before the events of that time), an inclusive one when the watermark has passed it.
struct PartitionDeadline {
  Time time = kMaxTime;
  bool inclusive = false;
  uint32_t partition = 0;

  bool DueAt(Time watermark) const { return inclusive ? time < watermark : time <= watermark; }
  friend bool operator==(const PartitionDeadline&, const PartitionDeadline&) = default;
  friend bool operator<(const PartitionDeadline& a, const PartitionDeadline& b) {
    return std::tie(a.time, a.inclusive, a.partition) < std::tie(b.time, b.inclusive, b.partition);
  }
  friend bool operator>(const PartitionDeadline& a, const PartitionDeadline& b) { return b < a; }
};

class DeadlineQueue {
 public:
  // Gives a partition its deadline in place of the one it had.
  void Set(const PartitionDeadline& deadline) {
    if (deadline.partition >= slots_.size()) slots_.resize(deadline.partition + 1);
    Slot& slot = slots_[deadline.partition];
    if (!slot.active) ++size_;
    slot.active = true;
    slot.deadline = deadline;
    if (!slot.queued || deadline < slot.entry) Enqueue(&slot);
  }

  void Cancel(uint32_t partition) {
    if (partition >= slots_.size() || !slots_[partition].active) return;
    slots_[partition].active = false;
    --size_;
  }

  // The earliest deadline, or nullopt when no partition has one.
  std::optional<PartitionDeadline> Next() {
    Settle();
    if (heap_.empty()) return std::nullopt;
    return heap_.front();
  }

  size_t size() const { return size_; }  // partitions that have a deadline

 private:
  struct Slot {
    PartitionDeadline deadline;
    PartitionDeadline entry;  // the one entry of the heap that counts, when `queued`
    bool active = false;
    bool queued = false;
  };

  void Enqueue(Slot* slot) {
    slot->entry = slot->deadline;
    slot->queued = true;
    heap_.push_back(slot->entry);
    std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
  }

  void Dequeue() {
    Slot& slot = slots_[heap_.front().partition];
    if (slot.queued && slot.entry == heap_.front()) slot.queued = false;
    std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
    heap_.pop_back();
  }

  // Removes what is outdated until the top of the heap is a real deadline.
  void Settle() {
    while (!heap_.empty()) {
      Slot& slot = slots_[heap_.front().partition];
      const bool counts = slot.queued && slot.entry == heap_.front();
      if (counts && slot.active && slot.deadline == slot.entry) return;
      Dequeue();
      if (counts && slot.active) Enqueue(&slot);
    }
  }

  std::vector<Slot> slots_;  // by partition
  std::vector<PartitionDeadline> heap_;
  size_t size_ = 0;
};

}  // namespace spate

#endif  // SPATE_WINDOWS_DEADLINE_QUEUE_H_
