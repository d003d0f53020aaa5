#include "runtime/match/register_entries.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "runtime/base/check.h"
#include "runtime/model/comparison.h"

namespace spate {

// ---- records ---------------------------------------------------------------------------------

RegisterEntries::RegisterEntries(const RegisterPlan& plan, const Stances& stances, size_t usual,
                                 size_t index_from)
    : plan_(plan),
      stances_(stances),
      width_(plan.max_width()),
      indexes_(plan.max_indexes()),
      stride_(sizeof(Head) + width_ * sizeof(Value) + (indexes_ + 1) * sizeof(Links)),
      index_from_(index_from),
      partitions_(usual) {}

EntryId RegisterEntries::New() {
  EntryId id = free_;
  if (id != kNoEntry) {
    free_ = (*this)[id].next;
  } else {
    SPATE_CHECK(used_ < kNoEntry);
    id = static_cast<EntryId>(used_++);
    records_.resize(used_ * stride_);
  }
  (*this)[id] = {0, kNoSet, 0, 0, 0, kNoEntry, kNoEntry};
  const absl::Span<Value> values = Values(id);
  std::fill(values.begin(), values.end(), Value());
  return id;
}

void RegisterEntries::Free(EntryId id) {
  (*this)[id].next = free_;
  free_ = id;
}

void RegisterEntries::Clear(uint32_t slot) {
  while (!Buckets(slot).empty()) {
    const EntryId id = Buckets(slot).back().last;
    Unlink(id);
    Free(id);
  }
}

// ---- finding ---------------------------------------------------------------------------------

void RegisterEntries::Link(EntryId id) {
  ++size_;
  Bucket* bucket = PushToBucket(id);
  if (bucket->indexed != 0) {
    AddToIndexes(id);
  } else if (bucket->size >= index_from_) {
    bucket->indexed = 1;
    for (EntryId i = bucket->first; i != kNoEntry; i = (*this)[i].next) AddToIndexes(i);
  }
}

void RegisterEntries::Unlink(EntryId id) {
  --size_;
  Bucket* bucket = FindBucket((*this)[id].slot, (*this)[id].stance);
  if (bucket->indexed != 0) RemoveFromIndexes(id);
  PullFromBucket(bucket, id);
}

// Calls in_chain(group, index) for each chain in which an entry stands, in_tree(place) for each
// place in the tree.
template <typename InChain, typename InTree>
void RegisterEntries::EachIndex(EntryId id, const InChain& in_chain, const InTree& in_tree) {
  const Head& h = (*this)[id];
  const RegisterAsks& asks = AsksOf(h.stance);
  for (size_t i = 0; i < asks.indexes().size(); ++i) {
    const RegisterIndex& index = asks.indexes()[i];
    uint64_t value = 0;
    if (!index.order.has_value()) {
      in_chain(GroupOf(id, i), i);
    } else if (OrderedBits(Values(id)[index.order->slot], &value)) {
      in_tree(Sorted{GroupOf(id, i), value, id});
    }
  }
  if (IdentityOf(h.stance) >= 0) return;
  const absl::Span<const Value> registers = Values(id).first(asks.registers().size());
  in_chain(IdentityGroup(h.slot, h.stance, registers), kIdentity);
}

void RegisterEntries::AddToIndexes(EntryId id) {
  EachIndex(
      id, [&](uint64_t group, size_t index) { Push(group, index, id); },
      [&](const Sorted& place) { sorted_.insert(place); });
}

void RegisterEntries::RemoveFromIndexes(EntryId id) {
  EachIndex(
      id, [&](uint64_t group, size_t index) { Pull(group, index, id); },
      [&](const Sorted& place) { sorted_.erase(place); });
}

uint64_t RegisterEntries::GroupOf(EntryId id, size_t index) {
  const Head& h = (*this)[id];
  values_.clear();
  for (const IndexColumn& c : AsksOf(h.stance).indexes()[index].equal) {
    values_.push_back(Values(id)[c.slot]);
  }
  return GroupNumber(h.slot, h.stance, index, values_);
}

// The chain in which the entry with these registers is.
uint64_t RegisterEntries::IdentityGroup(uint32_t slot, StanceId stance,
                                        absl::Span<const Value> registers) {
  const int32_t identity = IdentityOf(stance);
  if (identity < 0) return GroupNumber(slot, stance, kIdentity, registers);
  values_.clear();
  for (const IndexColumn& c : AsksOf(stance).indexes()[static_cast<size_t>(identity)].equal) {
    values_.push_back(registers[c.slot]);
  }
  return GroupNumber(slot, stance, static_cast<size_t>(identity), values_);
}

EntryId RegisterEntries::FindSame(uint32_t slot, StanceId stance,
                                  absl::Span<const Value> registers) {
  const Bucket* bucket = FindBucket(slot, stance);
  if (bucket == nullptr) return kNoEntry;
  if (bucket->indexed == 0) {
    EntryId id = bucket->first;
    while (id != kNoEntry && !HasRegisters(id, registers)) id = (*this)[id].next;
    return id;
  }
  const int32_t identity = IdentityOf(stance);
  const size_t chain = identity < 0 ? kIdentity : static_cast<size_t>(identity);
  const auto it = chains_.find(IdentityGroup(slot, stance, registers));
  if (it == chains_.end()) return kNoEntry;
  for (EntryId id = it->second; id != kNoEntry; id = LinkOf(id, chain).next) {
    const Head& h = (*this)[id];
    if (h.slot == slot && h.stance == stance && HasRegisters(id, registers)) return id;
  }
  return kNoEntry;
}

bool RegisterEntries::HasRegisters(EntryId id, absl::Span<const Value> registers) {
  return std::equal(registers.begin(), registers.end(), Values(id).begin(), IdenticalValues);
}

bool RegisterEntries::HasEqual(EntryId id, const Sought& sought) {
  const RegisterIndex& index = AsksOf((*this)[id].stance).indexes()[sought.index];
  for (size_t i = 0; i < index.equal.size(); ++i) {
    if (!EqualInIndex(sought.equal[i], Values(id)[index.equal[i].slot])) return false;
  }
  return true;
}

bool RegisterEntries::HasOrder(EntryId id, const Sought& sought) {
  const RegisterIndex& index = AsksOf((*this)[id].stance).indexes()[sought.index];
  if (!index.order.has_value()) return true;
  uint64_t a = 0;
  uint64_t b = 0;
  return OrderedBits(sought.order, &a) && OrderedBits(Values(id)[index.order->slot], &b) &&
         ComparesAs(sought.op, a, b);
}

void RegisterEntries::Push(uint64_t group, size_t chain, EntryId id) {
  const auto [it, added] = chains_.try_emplace(group, id);
  LinkOf(id, chain) = {added ? kNoEntry : it->second, kNoEntry};
  if (added) return;
  LinkOf(it->second, chain).previous = id;
  it->second = id;
}

void RegisterEntries::Pull(uint64_t group, size_t chain, EntryId id) {
  const Links links = LinkOf(id, chain);
  if (links.next != kNoEntry) LinkOf(links.next, chain).previous = links.previous;
  if (links.previous != kNoEntry) {
    LinkOf(links.previous, chain).next = links.next;
  } else if (links.next != kNoEntry) {
    chains_.find(group)->second = links.next;
  } else {
    chains_.erase(group);
  }
}

RegisterEntries::Bucket* RegisterEntries::FindBucket(uint32_t slot, StanceId stance) {
  for (Bucket& b : partitions_.Entries(slot)) {
    if (b.stance == stance) return &b;
  }
  return nullptr;
}

RegisterEntries::Bucket* RegisterEntries::PushToBucket(EntryId id) {
  Head& h = (*this)[id];
  h.next = kNoEntry;
  if (Bucket* b = FindBucket(h.slot, h.stance); b != nullptr) {
    h.previous = b->last;
    (*this)[b->last].next = id;
    b->last = id;
    ++b->size;
    return b;
  }
  h.previous = kNoEntry;
  const absl::Span<Bucket> there = partitions_.Entries(h.slot);
  buckets_.assign(there.begin(), there.end());
  buckets_.push_back({h.stance, id, id, 1, 0});
  partitions_.Assign(h.slot, buckets_);
  return &partitions_.Entries(h.slot).back();
}

void RegisterEntries::PullFromBucket(Bucket* bucket, EntryId id) {
  const Head& h = (*this)[id];
  if (h.next != kNoEntry) (*this)[h.next].previous = h.previous;
  if (h.previous != kNoEntry) (*this)[h.previous].next = h.next;
  if (bucket->first == id) bucket->first = h.next;
  if (bucket->last == id) bucket->last = h.previous;
  if (--bucket->size > 0) return;
  const absl::Span<Bucket> there = partitions_.Entries(h.slot);
  *bucket = there.back();
  partitions_.Assign(h.slot, there.first(there.size() - 1));
}

// ---- memory ----------------------------------------------------------------------------------

void RegisterEntries::Compact() {
  if (used_ > 2 * size_ + 64) Pack();
  if (text_bytes_ > 0) CopyText();
}

// Copies what text is still used.
void RegisterEntries::CopyText() {
  const Arena old = std::exchange(text_, Arena());
  text_bytes_ = 0;
  for (uint32_t slot = 0; slot < partitions_.size(); ++slot) {
    for (const Bucket& b : Buckets(slot)) {
      for (EntryId id = b.first; id != kNoEntry; id = (*this)[id].next) {
        for (Value& v : Values(id)) v = Own(v);
      }
    }
  }
}

// Makes the records anew, one behind the other, and what finds them.
void RegisterEntries::Pack() {
  LargeArray<std::byte> old;
  old.swap(records_);
  chains_ = {};
  sorted_.clear();
  free_ = kNoEntry;
  used_ = size_ = 0;
  for (uint32_t slot = 0; slot < partitions_.size(); ++slot) {
    const std::vector<Bucket> buckets(Buckets(slot).begin(), Buckets(slot).end());
    partitions_.Assign(slot, {});
    for (const Bucket& b : buckets) {
      EntryId from = b.first;
      for (uint32_t i = 0; i < b.size; ++i) {
        const EntryId id = New();
        std::memcpy(Record(id), old.data() + size_t{from} * stride_, stride_);
        from = (*this)[id].next;
        Link(id);
      }
    }
  }
}

}  // namespace spate
