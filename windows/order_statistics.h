// OrderStatistics: a multiset of numbers that knows its kth smallest.
//
// Values lie in ascending chunks of at most 512; a Fenwick tree over the sizes of the chunks finds
// the chunk of a rank, a binary search over their first values that of a value. Insert and Erase
// move at most one chunk and cost O(log n) beside; a chunk that is split or emptied costs O(n /
// 256), which happens once in some 256 operations. Times from 10^2 to 10^6 values are in
// docs/performance.md. Not thread-safe. Tested by tests/windows/order_statistics_test.cc against a
// sorted array.
#ifndef SPATE_WINDOWS_ORDER_STATISTICS_H_
#define SPATE_WINDOWS_ORDER_STATISTICS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace spate {

class OrderStatistics {
 public:
  size_t size() const { return size_; }

  void Insert(uint64_t value) {
    if (chunks_.empty()) AddChunk(0, {});
    const size_t c = ChunkOf(value);
    std::vector<uint64_t>& chunk = chunks_[c];
    chunk.insert(std::upper_bound(chunk.begin(), chunk.end(), value), value);
    ++size_;
    firsts_[c] = chunk.front();
    if (chunk.size() > kMaxChunk) {
      Split(c);
    } else {
      AddToCounts(c, 1);
    }
  }

  // Removes one of the values that equal `value`, of which there is one.
  void Erase(uint64_t value) {
    const size_t c = ChunkOf(value);
    std::vector<uint64_t>& chunk = chunks_[c];
    chunk.erase(std::lower_bound(chunk.begin(), chunk.end(), value));
    --size_;
    if (chunk.empty()) {
      chunks_.erase(chunks_.begin() + static_cast<std::ptrdiff_t>(c));
      firsts_.erase(firsts_.begin() + static_cast<std::ptrdiff_t>(c));
      Recount();
      return;
    }
    firsts_[c] = chunk.front();
    AddToCounts(c, ~size_t{0});
  }

  // The value of rank k in ascending order, for k < size().
  uint64_t Kth(size_t k) const {
    size_t c = 0;  // chunks that lie before
    for (size_t step = top_; step > 0; step /= 2) {
      if (c + step > chunks_.size() || counts_[c + step] > k) continue;
      c += step;
      k -= counts_[c];
    }
    return chunks_[c][k];
  }

  void Clear() {
    chunks_.clear();
    firsts_.clear();
    counts_.clear();
    size_ = 0;
  }

 private:
  static constexpr size_t kMaxChunk = 512;

  // The last chunk that begins at or before `value`, where one that equals it must be, or the
  // first.
  size_t ChunkOf(uint64_t value) const {
    const auto above = std::upper_bound(firsts_.begin(), firsts_.end(), value);
    return above == firsts_.begin() ? 0 : static_cast<size_t>(above - firsts_.begin()) - 1;
  }

  void AddChunk(size_t place, std::vector<uint64_t> values) {
    firsts_.insert(firsts_.begin() + static_cast<std::ptrdiff_t>(place),
                   values.empty() ? 0 : values.front());
    chunks_.insert(chunks_.begin() + static_cast<std::ptrdiff_t>(place), std::move(values));
    Recount();
  }

  void Split(size_t c) {
    const auto middle = chunks_[c].begin() + kMaxChunk / 2;
    std::vector<uint64_t> upper(middle, chunks_[c].end());
    chunks_[c].erase(middle, chunks_[c].end());
    AddChunk(c + 1, std::move(upper));
  }

  // The Fenwick tree: counts_[i] is the size of the chunks (i - lowest bit of i, i], from 1 on.
  void Recount() {
    counts_.assign(chunks_.size() + 1, 0);
    for (top_ = 1; 2 * top_ <= chunks_.size();) top_ *= 2;
    for (size_t i = 1; i < counts_.size(); ++i) {
      counts_[i] += chunks_[i - 1].size();
      const size_t parent = i + (i & (~i + 1));
      if (parent < counts_.size()) counts_[parent] += counts_[i];
    }
  }
  void AddToCounts(size_t chunk, size_t change) {  // modulo 2^64
    for (size_t i = chunk + 1; i < counts_.size(); i += i & (~i + 1)) counts_[i] += change;
  }

  std::vector<std::vector<uint64_t>> chunks_;  // none is empty, but the first before any insertion
  std::vector<uint64_t> firsts_;               // by chunk: its smallest value
  std::vector<size_t> counts_;
  size_t top_ = 1;  // the largest power of two within the number of chunks
  size_t size_ = 0;
};

}  // namespace spate

#endif  // SPATE_WINDOWS_ORDER_STATISTICS_H_
