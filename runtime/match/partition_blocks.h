// PartitionBlocks: what a SetMatcher keeps of each partition, in one piece of memory a partition.
//
// A block is a header and room for the entries that a partition of the rule usually has, so that a
// key that is not in the cache costs one miss. Blocks lie one behind the other by slot and are 32,
// 64 or 128 bytes long; what does not fit is kept apart. Not thread-safe.
// Tested by tests/runtime/match/partition_blocks_test.cc and tests/property.
#ifndef SPATE_RUNTIME_MATCH_PARTITION_BLOCKS_H_
#define SPATE_RUNTIME_MATCH_PARTITION_BLOCKS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <type_traits>
#include <vector>

#include "absl/types/span.h"
#include "runtime/base/large_array.h"

namespace spate {

// Entry: 16 bytes, trivially copyable.
template <typename Entry>
class PartitionBlocks {
  static_assert(sizeof(Entry) == 16 && std::is_trivially_copyable_v<Entry>);

 public:
  // `usual`: how many entries a partition has at most in the usual course.
  explicit PartitionBlocks(size_t usual)
      : shift_(usual <= 1   ? 5
               : usual <= 3 ? 6
                            : 7),
        room_((size_t{1} << shift_) / sizeof(Entry) - 1) {}

  // Slots are 0 .. size() - 1.
  size_t size() const { return size_; }
  void Reach(uint32_t slot) {
    if (slot < size_) return;
    size_ = size_t{slot} + 1;
    bytes_.resize(size_ << shift_);
  }

  // Events of the partition's input so far.
  uint64_t& Count(uint32_t slot) { return Header(slot)->count; }

  absl::Span<Entry> Entries(uint32_t slot) {
    HeaderPart* h = Header(slot);
    Entry* entries = h->size <= room_ ? Room(h) : apart_[h->apart].data();
    return absl::Span<Entry>(entries, h->size);
  }
  absl::Span<const Entry> Entries(uint32_t slot) const {
    return const_cast<PartitionBlocks*>(this)->Entries(slot);
  }

  // Replaces the entries; `entries` may be part of the present ones.
  void Assign(uint32_t slot, absl::Span<const Entry> entries) {
    HeaderPart* h = Header(slot);
    if (entries.size() <= room_) {
      if (entries.size() == 1) {
        CopyFresh(entries[0], Room(h));
      } else {
        std::copy(entries.begin(), entries.end(), Room(h));
      }
      if (h->size > room_) GiveBack(h->apart);
    } else {
      if (h->size <= room_) h->apart = PlaceApart();
      std::vector<Entry>& apart = apart_[h->apart];
      if (entries.data() == apart.data()) {
        apart.resize(entries.size());
      } else {
        apart.assign(entries.begin(), entries.end());
      }
    }
    h->size = static_cast<uint32_t>(entries.size());
  }

  // Also of a slot that is yet to come, whose address may lie outside the memory.
  void Prefetch(uint32_t slot) const {
    const uintptr_t block = reinterpret_cast<uintptr_t>(bytes_.data()) + (size_t{slot} << shift_);
    __builtin_prefetch(reinterpret_cast<const void*>(block));
    if (shift_ > 6) __builtin_prefetch(reinterpret_cast<const void*>(block + 64));
  }

 private:
  struct HeaderPart {
    uint64_t count;
    uint32_t size;   // entries
    uint32_t apart;  // index into apart_ when they are more than room_
  };
  static_assert(sizeof(HeaderPart) == sizeof(Entry));

  HeaderPart* Header(uint32_t slot) {
    return reinterpret_cast<HeaderPart*>(bytes_.data() + (size_t{slot} << shift_));
  }
  static Entry* Room(HeaderPart* h) { return reinterpret_cast<Entry*>(h + 1); }

  // Copies an entry whose parts were stored just now. A wide load would have to wait until all of
  // them have reached the cache, narrow ones need not; volatile keeps them narrow.
  static void CopyFresh(const Entry& from, Entry* to) {
    uint32_t words[sizeof(Entry) / sizeof(uint32_t)];
    const volatile auto* source = reinterpret_cast<const volatile uint32_t*>(&from);
    for (size_t i = 0; i < std::size(words); ++i) words[i] = source[i];
    std::memcpy(static_cast<void*>(to), words, sizeof(Entry));
  }

  uint32_t PlaceApart() {
    if (free_.empty()) {
      apart_.emplace_back();
      return static_cast<uint32_t>(apart_.size() - 1);
    }
    const uint32_t place = free_.back();
    free_.pop_back();
    return place;
  }
  void GiveBack(uint32_t place) {
    apart_[place] = {};
    free_.push_back(place);
  }

  int shift_;    // log2 of a block's bytes
  size_t room_;  // entries in a block
  size_t size_ = 0;
  LargeArray<std::byte> bytes_;
  std::vector<std::vector<Entry>> apart_;
  std::vector<uint32_t> free_;  // places in apart_
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_PARTITION_BLOCKS_H_
