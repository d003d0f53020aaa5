// KeyIndex: gives each key of a rule a dense number, its partition slot, by first arrival.
//
// Open addressing with linear probing over 16-byte entries (hash, slot). The hash of a key that is
// one number is a bijection, so that equal hashes are equal keys and a look-up touches one cache
// line; other keys are compared with the stored ones. Hashing is separate from looking up, so that
// a caller can hash a batch, Prefetch, and then look up. Slots are never given back: reports of one
// moment are ordered by the first arrival of their keys, also after a key has been idle for long.
// Not thread-safe. Tested by tests/runtime/match/key_index_test.cc.
#ifndef SPATE_RUNTIME_MATCH_KEY_INDEX_H_
#define SPATE_RUNTIME_MATCH_KEY_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "runtime/base/arena.h"
#include "runtime/base/large_array.h"
#include "runtime/model/types.h"
#include "runtime/model/value.h"

namespace spate {

class KeyIndex {
 public:
  static constexpr uint32_t kNone = ~uint32_t{0};

  // One kind for each part of a key, which all keys have (no part is ever null). Without parts
  // there is one key, the empty one.
  explicit KeyIndex(std::vector<Kind> kinds);

  // Hashes of whole keys. HashInt and HashText are for keys of one part of an integral kind (bool,
  // int, time, duration) or of a string or ip, and equal Hash of that part.
  static uint64_t Hash(absl::Span<const Value> key);
  static uint64_t HashInt(int64_t v) { return Mix(static_cast<uint64_t>(v)); }
  static uint64_t HashText(absl::string_view v) { return HashBytes(v.data(), v.size()); }

  // Brings the entry of a hash near; worth it some 8 to 32 look-ups ahead.
  void Prefetch(uint64_t hash) const { __builtin_prefetch(&table_[hash & mask_]); }

  // Brings the key of a slot near.
  void PrefetchKey(uint32_t slot) const { __builtin_prefetch(keys_.data() + slot * width_); }

  // The slot of a key, a new one when it has none yet. Text and lists are copied.
  uint32_t FindOrAdd(absl::Span<const Value> key) { return FindOrAdd(Hash(key), key); }
  uint32_t FindOrAdd(uint64_t hash, absl::Span<const Value> key);
  uint32_t FindOrAddInt(uint64_t hash, int64_t v);

  // Whether equal hashes are equal keys, so that a slot is found without the key itself.
  bool exact() const { return exact_; }

  // The slot of the key with this hash, or kNone; only when exact().
  uint32_t FindExact(uint64_t hash) const {
    return SlotOf(Probe(hash, [](uint32_t) { return true; }));
  }

  // The slot of a key, or kNone.
  uint32_t Find(uint64_t hash, absl::Span<const Value> key) const;
  uint32_t Find(absl::Span<const Value> key) const { return Find(Hash(key), key); }
  // The same of a key of one string or ip.
  uint32_t FindText(uint64_t hash, absl::string_view v) const {
    return SlotOf(Probe(hash, [&](uint32_t slot) { return keys_[slot].text() == v; }));
  }

  // The parts of a slot's key; text and lists live as long as the index, the span until the next
  // new key.
  absl::Span<const Value> KeyOf(uint32_t slot) const {
    return absl::Span<const Value>(keys_.data() + slot * width_, width_);
  }
  size_t size() const { return size_; }  // slots are 0 .. size() - 1

 private:
  struct Entry {
    uint64_t hash = 0;
    uint32_t slot = 0;
    uint32_t used = 0;  // 0: the entry is free
  };
  static_assert(sizeof(Entry) == 16);
  static constexpr uint64_t kMultiplier1 = 0xff51afd7ed558ccd;
  static constexpr uint64_t kMultiplier2 = 0xc4ceb9fe1a85ec53;

  // A bijection on 64 bits whose low bits depend on all bits: multiplying by an odd number is one.
  static uint64_t Mix(uint64_t x) {
    x ^= x >> 33;
    x *= kMultiplier1;
    x ^= x >> 33;
    x *= kMultiplier2;
    x ^= x >> 33;
    return x;
  }
  static uint64_t HashBytes(const char* p, size_t n);
  static uint64_t HashPart(const Value& v);

  // The entry of the key for which `same(slot)` holds, or else the free one where it belongs.
  template <typename Same>
  const Entry* Probe(uint64_t hash, const Same& same) const {
    for (uint64_t i = hash & mask_;; i = (i + 1) & mask_) {
      const Entry& entry = table_[i];
      if (entry.used == 0 || (entry.hash == hash && same(entry.slot))) return &entry;
    }
  }
  bool SameKey(uint32_t slot, absl::Span<const Value> key) const;
  static uint32_t SlotOf(const Entry* entry) { return entry->used != 0 ? entry->slot : kNone; }
  uint32_t Add(uint64_t hash, absl::Span<const Value> key, const Entry* place);
  Value Own(const Value& v);
  void Grow();

  std::vector<Kind> kinds_;
  size_t width_;
  bool exact_;  // the hash tells keys apart
  size_t size_ = 0;
  LargeArray<Entry> table_;  // a power of two, at most two thirds full
  uint64_t mask_;
  LargeArray<Value> keys_;  // width_ for each slot
  Arena arena_;             // text and list elements of keys_
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_KEY_INDEX_H_
