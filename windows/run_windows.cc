#include "windows/run_windows.h"

#include <algorithm>
#include <utility>

namespace spate {
namespace {

template <typename F>
void ForEachBit(uint64_t bits, const F& f) {
  for (; bits != 0; bits &= bits - 1) f(static_cast<size_t>(__builtin_ctzll(bits)));
}

}  // namespace

bool RunMatrix::Begins() const {
  return !begins.empty() || std::any_of(completes.begin(), completes.end(),
                                        [](const Move& c) { return c.from == kBegin; });
}

RunWindows::RunWindows(RunAlgebra algebra, size_t places, size_t columns, bool slides,
                       absl::Span<const RunMatrix> matrices)
    : algebra_(std::move(algebra)),
      places_(places),
      columns_(columns),
      slides_(slides),
      matrices_(matrices),
      words_(algebra_.words()),
      row_words_(places * words_),
      pool_(kHeader + std::max(row_words_, columns)),
      before_(places * row_words_),
      product_((1 + places) * row_words_),
      standing_(words_),
      complete_(words_) {}

void RunWindows::Allocate(Partition* p) {
  const size_t words = 1 + (slides_ ? 1 + places_ : 1) * row_words_;
  if (free_.empty()) {
    p->block = static_cast<uint32_t>(blocks_.size());
    blocks_.emplace_back(new uint64_t[words]);
  } else {
    p->block = free_.back();
    free_.pop_back();
  }
  std::fill_n(Block(*p), words, 0);
}

void RunWindows::Clear(Partition* p) {
  if (p->block != kNone) free_.push_back(p->block);
  kept_ -= p->size;
  pool_.Clear(&p->records);
  *p = Partition();
}

void RunWindows::Evict(uint32_t slot, int64_t oldest) {
  Partition& p = partitions_[slot];
  bool uncovered = false;  // the back still has runs that began with an event that has left
  while (p.size > 0) {
    const uint64_t* record = pool_.Front(p.records);
    if (static_cast<int64_t>(record[0]) >= oldest) break;
    p.begins -= MatrixOf(record).begins.empty() ? 0 : 1;
    pool_.PopFront(&p.records);
    --p.size;
    --kept_;
    if (p.front == 0) {
      uncovered = true;
    } else if (--p.front == 0) {
      Block(p)[0] = 0;
    }
  }
  if (p.begins == 0) {
    Clear(&p);
  } else if (uncovered) {
    Turn(&p);
  }
}

// Makes the front of all that is in the window, and an empty back.
void RunWindows::Turn(Partition* p) {
  std::fill(product_.begin(), product_.end(), 0);
  for (size_t i = 0; i < places_; ++i) {
    std::copy_n(algebra_.one(), words_, At(product_.data() + (1 + i) * row_words_, i));
  }
  pool_.ForEachBackward(p->records, [&](uint64_t* record) {
    TurnOne(record, product_.data());
    return true;
  });
  p->front = p->size;
  uint64_t* block = Block(*p);
  uint64_t* oldest = pool_.Front(p->records) + kHeader;
  block[0] = 0;
  std::fill_n(Row(block, 0), row_words_, 0);
  for (size_t i = 0; i < places_; ++i) {
    if (RunAlgebra::Runs(At(oldest, i)) == 0) continue;
    block[0] |= uint64_t{1} << i;
    std::fill_n(Row(block, 1 + i), row_words_, 0);
    std::copy_n(algebra_.one(), words_, At(Row(block, 1 + i), i));
  }
}

// product = the record's matrix times product; the record becomes row 0 of it.
void RunWindows::TurnOne(uint64_t* record, uint64_t* product) {
  const RunMatrix& m = MatrixOf(record);
  const RunValues event{record[1] & 0xffffffff, record + kHeader};
  uint64_t* rows = product + row_words_;  // by place
  const auto add = [&](const RunMatrix::Move& move, const uint64_t* from, uint64_t* to) {
    for (size_t place = 0; place < places_; ++place) {
      algebra_.AddTimes(to + place * words_, from + move.to * row_words_ + place * words_, event,
                        move.feeds);
    }
  };
  for (const RunMatrix::Move& begin : m.begins) add(begin, rows, product);
  if (m.leaves != 0 || !m.moves.empty()) {
    std::copy_n(rows, places_ * row_words_, before_.data());
    ForEachBit(m.leaves,
               [&](size_t place) { std::fill_n(rows + place * row_words_, row_words_, 0); });
    for (const RunMatrix::Move& move : m.moves) {
      add(move, before_.data(), rows + move.from * row_words_);
    }
  }
  std::copy_n(product, row_words_, record + kHeader);
}

const uint64_t* RunWindows::Complete(uint32_t slot, uint32_t matrix, const RunValues& event) {
  std::fill(complete_.begin(), complete_.end(), 0);
  for (const RunMatrix::Move& c : matrices_[matrix].completes) {
    if (c.from == RunMatrix::kBegin) {
      algebra_.AddTimes(complete_.data(), algebra_.one(), event, c.feeds);
    } else if (!Empty(slot)) {
      std::fill(standing_.begin(), standing_.end(), 0);
      AddStanding(partitions_[slot], c.from, standing_.data());
      algebra_.AddTimes(complete_.data(), standing_.data(), event, c.feeds);
    }
  }
  return complete_.data();
}

// to += the runs of the window that stand at the place.
void RunWindows::AddStanding(const Partition& p, size_t place, uint64_t* to) {
  uint64_t* block = Block(p);
  algebra_.Add(to, At(Row(block, 0), place));
  if (block[0] == 0) return;
  uint64_t* front = pool_.Front(p.records) + kHeader;
  ForEachBit(block[0], [&](size_t i) {
    algebra_.AddProduct(to, At(front, i), At(Row(block, 1 + i), place));
  });
}

void RunWindows::Take(uint32_t slot, int64_t start, uint32_t matrix, const RunValues& event) {
  Partition& p = partitions_[slot];
  const RunMatrix& m = matrices_[matrix];
  if (m.begins.empty() && (Empty(slot) || (m.leaves == 0 && m.moves.empty()))) return;
  if (Empty(slot)) Allocate(&p);
  uint64_t* block = Block(p);
  Apply(m, event, Row(block, 0));
  for (const RunMatrix::Move& begin : m.begins) {
    algebra_.AddTimes(At(Row(block, 0), begin.to), algebra_.one(), event, begin.feeds);
  }
  ForEachBit(block[0], [&](size_t i) { Apply(m, event, Row(block, 1 + i)); });
  if (m.leaves != 0 && NoneStands(p)) return Clear(&p);
  if (!slides_) return;
  uint64_t* record = pool_.PushBack(&p.records);
  record[0] = static_cast<uint64_t>(start);
  record[1] = (uint64_t{matrix} << 32) | event.present;
  std::copy_n(event.values, columns_, record + kHeader);
  ++p.size;
  ++kept_;
  p.begins += m.begins.empty() ? 0 : 1;
}

// row = row times the matrix, apart from what begins.
void RunWindows::Apply(const RunMatrix& m, const RunValues& event, uint64_t* row) {
  if (m.leaves == 0 && m.moves.empty()) return;
  std::copy_n(row, row_words_, before_.data());
  ForEachBit(m.leaves, [&](size_t place) { std::fill_n(At(row, place), words_, 0); });
  for (const RunMatrix::Move& move : m.moves) {
    algebra_.AddTimes(At(row, move.to), At(before_.data(), move.from), event, move.feeds);
  }
}

bool RunWindows::NoneStands(const Partition& p) {
  uint64_t* block = Block(p);
  const auto none = [&](size_t row) {
    for (size_t place = 0; place < places_; ++place) {
      if (RunAlgebra::Runs(At(Row(block, row), place)) != 0) return false;
    }
    return true;
  };
  if (!none(0)) return false;
  bool stands = false;
  ForEachBit(block[0], [&](size_t i) { stands |= !none(1 + i); });
  return !stands;
}

}  // namespace spate
