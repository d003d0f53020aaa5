// RegisterEntries: the partial matches of a RegisterMatcher, merged, and the ways to find them.
//
// An entry is all threads of one partition that have one stance and equal registers; their bindings
// are a set of the match forest. Entries lie in one array of records: a head, the values of the
// registers (and what indexes compute of them), and links. They are found
//   * all of a partition's stance, through a list;
//   * the one with given registers (FindSame), through a hash chain;
//   * those with given values of an index's columns, through another hash chain;
//   * those above or below a value, through one sorted tree of (values of the equal columns as a
//     hash, the value, the entry).
// Chains and tree are shared by all partitions, so that one without entries costs its block alone.
// A hash that is met by chance is told apart by looking at the entry. While a partition's stance
// has few entries its list is walked instead, so that rules with a key pay for no index. Not
// thread-safe. Tested by tests/runtime/match/register_entries_test.cc and tests/property.
#ifndef SPATE_RUNTIME_MATCH_REGISTER_ENTRIES_H_
#define SPATE_RUNTIME_MATCH_REGISTER_ENTRIES_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "runtime/base/arena.h"
#include "runtime/base/large_array.h"
#include "runtime/match/match_forest.h"
#include "runtime/match/partition_blocks.h"
#include "runtime/match/register_plan.h"
#include "runtime/match/register_values.h"
#include "runtime/match/stances.h"
#include "runtime/model/value.h"

namespace spate {

using EntryId = uint32_t;
inline constexpr EntryId kNoEntry = ~EntryId{0};

class RegisterEntries {
 public:
  struct Head {
    int64_t latest;    // start among the set's matches
    SetId set;         //
    uint32_t slot;     // partition
    StanceId stance;   //
    uint32_t touched;  // for the matcher, 0 at first
    EntryId next;      // in the list of its partition and stance
    EntryId previous;
  };
  // The list of one stance of a partition.
  struct Bucket {
    StanceId stance;
    EntryId first;
    EntryId last;
    uint32_t size : 31;
    uint32_t indexed : 1;  // its entries are in chains and tree
  };
  static_assert(sizeof(Bucket) == 16);

  // `plan` and `stances` must outlive this. `usual`: stances that a partition usually has.
  // `index_from`: entries of one stance of a partition from which on they are indexed.
  RegisterEntries(const RegisterPlan& plan, const Stances& stances, size_t usual,
                  size_t index_from);

  size_t size() const { return size_; }  // linked entries
  size_t partitions() const { return partitions_.size(); }
  void Reach(uint32_t slot) { partitions_.Reach(slot); }
  uint64_t& Count(uint32_t slot) { return partitions_.Count(slot); }
  void Prefetch(uint32_t slot) const { partitions_.Prefetch(slot); }
  absl::Span<const Bucket> Buckets(uint32_t slot) const { return partitions_.Entries(slot); }
  bool IsEmpty(uint32_t slot) const {
    const absl::Span<const Bucket> buckets = Buckets(slot);
    return std::all_of(buckets.begin(), buckets.end(),
                       [](const Bucket& b) { return b.first == kNoEntry; });
  }

  // A record until the next New.
  Head& operator[](EntryId id) { return *reinterpret_cast<Head*>(Record(id)); }
  // Registers and then computed values of the state; the text in them lives until Compact.
  absl::Span<Value> Values(EntryId id) {
    return absl::Span<Value>(reinterpret_cast<Value*>(Record(id) + sizeof(Head)), width_);
  }

  // A record that is in no list yet, with null values.
  EntryId New();
  // A copy of text or a list that lives until Compact.
  Value Own(const Value& v) {
    text_bytes_ += v.kind == Kind::kList ? v.size * sizeof(Value) : v.size;
    return CopyValue(v, &text_);
  }
  // Puts the record where it can be found (its slot, stance and values are set), or takes it out.
  void Link(EntryId id);
  void Unlink(EntryId id);
  // Gives a record back that is in no list.
  void Free(EntryId id);
  void Clear(uint32_t slot);  // frees all of the partition

  // The entry of a stance with these registers, or kNoEntry.
  EntryId FindSame(uint32_t slot, StanceId stance, absl::Span<const Value> registers);

  // The entry that has been longest in a stance, or kNoEntry.
  EntryId First(uint32_t slot, StanceId stance) {
    const Bucket* bucket = FindBucket(slot, stance);
    return bucket == nullptr ? kNoEntry : bucket->first;
  }

  // What an index is asked for: the values of its columns, and for which ones `order op` the order
  // column holds (null where the index has none).
  struct Sought {
    size_t index = 0;
    absl::Span<const Value> equal;
    Op op = Op::kEq;
    Value order;
  };
  // Calls `visit(id)` for the entries of a partition's bucket that are sought. Nothing may be
  // linked or unlinked meanwhile.
  template <typename Visit>
  void Find(uint32_t slot, const Bucket& bucket, const Sought& sought, const Visit& visit);

  // Bytes of text and lists, with what is used no more.
  size_t text_bytes() const { return text_bytes_; }
  // Gives back the text that is used no more, and records when most are free.
  void Compact();

 private:
  struct Links {
    EntryId next;
    EntryId previous;
  };
  // In the sorted tree.
  struct Sorted {
    uint64_t group;
    uint64_t value;
    EntryId id;
    friend bool operator<(const Sorted& a, const Sorted& b) {
      return std::tie(a.group, a.value, a.id) < std::tie(b.group, b.value, b.id);
    }
  };
  static constexpr size_t kIdentity = RegisterAsks::kMaxIndexes;  // the chain of FindSame

  std::byte* Record(EntryId id) { return records_.data() + size_t{id} * stride_; }
  // The entry's place in the chain of an index, or of kIdentity.
  Links& LinkOf(EntryId id, size_t chain) {
    const size_t place = chain == kIdentity ? indexes_ : chain;
    return reinterpret_cast<Links*>(Record(id) + sizeof(Head) + width_ * sizeof(Value))[place];
  }
  const RegisterAsks& AsksOf(StanceId stance) const { return plan_.asks(stances_[stance].state); }
  int32_t IdentityOf(StanceId stance) const { return plan_.identity(stances_[stance].state); }
  uint64_t GroupOf(EntryId id, size_t index);
  void Push(uint64_t group, size_t chain, EntryId id);
  void Pull(uint64_t group, size_t chain, EntryId id);
  Bucket* FindBucket(uint32_t slot, StanceId stance);
  Bucket* PushToBucket(EntryId id);
  void PullFromBucket(Bucket* bucket, EntryId id);
  template <typename InChain, typename InTree>
  void EachIndex(EntryId id, const InChain& in_chain, const InTree& in_tree);
  void AddToIndexes(EntryId id);
  void RemoveFromIndexes(EntryId id);
  uint64_t IdentityGroup(uint32_t slot, StanceId stance, absl::Span<const Value> registers);
  bool HasRegisters(EntryId id, absl::Span<const Value> registers);
  bool HasEqual(EntryId id, const Sought& sought);
  bool HasOrder(EntryId id, const Sought& sought);
  void CopyText();
  void Pack();

  const RegisterPlan& plan_;
  const Stances& stances_;
  const size_t width_;    // values of a record
  const size_t indexes_;  // chains of a record, besides that of FindSame
  const size_t stride_;   // bytes of a record
  const size_t index_from_;

  LargeArray<std::byte> records_;
  EntryId free_ = kNoEntry;  // chain of records, by `next`
  size_t used_ = 0;          // records made, free ones too
  size_t size_ = 0;
  Arena text_;
  size_t text_bytes_ = 0;
  PartitionBlocks<Bucket> partitions_;
  absl::flat_hash_map<uint64_t, EntryId> chains_;  // first entry by group
  absl::btree_set<Sorted> sorted_;
  std::vector<Bucket> buckets_;  // scratch
  std::vector<Value> values_;    // scratch
};

template <typename Visit>
void RegisterEntries::Find(uint32_t slot, const Bucket& bucket, const Sought& sought,
                           const Visit& visit) {
  if (bucket.indexed == 0) {
    for (EntryId id = bucket.first; id != kNoEntry; id = (*this)[id].next) {
      if (HasEqual(id, sought) && HasOrder(id, sought)) visit(id);
    }
    return;
  }
  const auto is_there = [&](EntryId id) {
    const Head& h = (*this)[id];
    return h.slot == slot && h.stance == bucket.stance && HasEqual(id, sought);
  };
  const uint64_t group = GroupNumber(slot, bucket.stance, sought.index, sought.equal);
  if (!AsksOf(bucket.stance).indexes()[sought.index].order.has_value()) {
    const auto it = chains_.find(group);
    if (it == chains_.end()) return;
    for (EntryId id = it->second; id != kNoEntry; id = LinkOf(id, sought.index).next) {
      if (is_there(id)) visit(id);
    }
    return;
  }
  uint64_t at = 0;
  if (!OrderedBits(sought.order, &at)) return;
  // `order < value`: above; `order > value`: below. Entries stand in groups by value.
  const Op op = sought.op;
  const bool above = op == Op::kLt || op == Op::kLe || op == Op::kEq;
  const Sorted here{group, at, op == Op::kLt || op == Op::kGe ? kNoEntry : 0};
  auto it = above ? sorted_.lower_bound(here) : sorted_.lower_bound({group, 0, 0});
  for (; it != sorted_.end() && it->group == group; ++it) {
    if (!above && !(*it < here)) return;
    if (op == Op::kEq && it->value != at) return;
    if (is_there(it->id)) visit(it->id);
  }
}

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_REGISTER_ENTRIES_H_
