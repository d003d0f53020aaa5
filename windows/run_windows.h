// RunWindows: the runs of many partitions through one automaton, by where they stand, in windows.
//
// A run begins with an event and stands at one of a few places; each event is a sparse matrix over
// the places (RunMatrix), so that all runs together are a vector of RunAlgebra's elements and an
// event costs its moves, whatever the number of runs. When runs that began too long ago must leave,
// the vector alone does not know them; the product of the matrices in the window does. It goes by
// two stacks: the newer events are multiplied into one matrix as they come ("back"); when the
// oldest event is no longer covered, one pass from the newest to the oldest turns every event into
// the vector of the runs that begin with it or later and stand somewhere at the last of the turned
// ones ("front"). The runs of the window are the oldest front vector times the back, and those that
// began in the back: O(places squared) where they are asked for, each event turned once.
//
// Source: sliding-window aggregation over the monoid of matrices (two stacks; Tangwongsan et al.,
// PVLDB 8(7), 2015). Not thread-safe. Tested by tests/windows/run_windows_test.cc against
// enumeration, and by tests/property.
#ifndef SPATE_WINDOWS_RUN_WINDOWS_H_
#define SPATE_WINDOWS_RUN_WINDOWS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "windows/chunk_queue.h"
#include "windows/run_algebra.h"

namespace spate {

// What an event does to the runs of a partition.
struct RunMatrix {
  static constexpr uint32_t kBegin = ~uint32_t{0};

  struct Move {
    uint32_t from;  // a place, or kBegin: the runs that begin with the event
    uint32_t to;
    uint64_t feeds;  // columns of the algebra that get the event's values
    friend bool operator==(const Move&, const Move&) = default;
  };
  uint64_t leaves = 0;          // bit p: no run stays at place p but by a move
  std::vector<Move> moves;      // from places
  std::vector<Move> begins;     // from kBegin
  std::vector<Move> completes;  // runs that are complete with the event; `to` is not used

  // Whether runs begin with the event, even if only to be complete with it.
  bool Begins() const;
  friend bool operator==(const RunMatrix&, const RunMatrix&) = default;
};

class RunWindows {
 public:
  static constexpr size_t kMaxPlaces = 16;

  // `matrices` must outlive the object. Without `slides` no run ever leaves for its age.
  RunWindows(RunAlgebra algebra, size_t places, size_t columns, bool slides,
             absl::Span<const RunMatrix> matrices);

  const RunAlgebra& algebra() const { return algebra_; }

  // Partitions are 0 .. one less than the most that Reach was given.
  void Reach(uint32_t slot) {
    if (slot >= partitions_.size()) partitions_.resize(size_t{slot} + 1);
  }
  bool Empty(uint32_t slot) const { return partitions_[slot].block == kNone; }

  // Forgets the runs that began before `oldest`.
  void Evict(uint32_t slot, int64_t oldest);

  // The runs that are complete with an event, which Take is given next; valid until the next call.
  const uint64_t* Complete(uint32_t slot, uint32_t matrix, const RunValues& event);

  // Takes an event. `start`: of the runs that begin with it, not before that of any other.
  void Take(uint32_t slot, int64_t start, uint32_t matrix, const RunValues& event);

  // Partitions that hold runs, and events that they keep for them.
  size_t active() const { return blocks_.size() - free_.size(); }
  size_t kept() const { return kept_; }
  size_t size() const { return partitions_.size(); }

  void Prefetch(uint32_t slot) const {
    if (slot < partitions_.size()) __builtin_prefetch(&partitions_[slot]);
  }

 private:
  static constexpr uint32_t kNone = ~uint32_t{0};
  static constexpr size_t kHeader = 2;  // words of a record: start; matrix << 32, values present

  struct Partition {
    uint32_t block = kNone;  // kNone: no run
    uint32_t front = 0;      // how many of the oldest records have been turned
    uint32_t size = 0;       // records
    uint32_t begins = 0;     // of these, with which runs begin
    ChunkQueue records;      // after the header the event's values, turned a row
  };

  // A row has an element for each place. A partition's block is a mask, then the back: row 0, of
  // the runs that began in it, and for each place p of the mask, at which runs of the front stood,
  // row 1 + p, of what becomes of them.
  uint64_t* Block(const Partition& p) { return blocks_[p.block].get(); }
  uint64_t* Row(uint64_t* block, size_t row) { return block + 1 + row * row_words_; }
  uint64_t* At(uint64_t* row, size_t place) { return row + place * words_; }
  const RunMatrix& MatrixOf(const uint64_t* record) { return matrices_[record[1] >> 32]; }

  void Allocate(Partition* p);
  void Clear(Partition* p);
  void Turn(Partition* p);
  void TurnOne(uint64_t* record, uint64_t* product);
  void Apply(const RunMatrix& m, const RunValues& event, uint64_t* row);
  void AddStanding(const Partition& p, size_t place, uint64_t* to);
  bool NoneStands(const Partition& p);

  RunAlgebra algebra_;
  const size_t places_;
  const size_t columns_;
  const bool slides_;
  const absl::Span<const RunMatrix> matrices_;
  const size_t words_;      // of an element
  const size_t row_words_;  // of a row
  std::vector<Partition> partitions_;
  ChunkQueuePool pool_;
  size_t kept_ = 0;

  std::vector<std::unique_ptr<uint64_t[]>> blocks_;
  std::vector<uint32_t> free_;

  std::vector<uint64_t> before_;    // rows before a move
  std::vector<uint64_t> product_;   // while turning: row 0 of what begins, then one a place
  std::vector<uint64_t> standing_;  // an element
  std::vector<uint64_t> complete_;  // an element
};

}  // namespace spate

#endif  // SPATE_WINDOWS_RUN_WINDOWS_H_
