#include "runtime/match/register_entries.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "runtime/base/check.h"

namespace spate {

// ---- values ----------------------------------------------------------------------------------

namespace {

constexpr uint64_t kSign = uint64_t{1} << 63;
constexpr uint64_t kIndexBits = 15;  // of a group's number
static_assert(RegisterAsks::kMaxIndexes <= kIndexBits);

uint64_t Mix(uint64_t x) {
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93ULL;
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93ULL;
  x ^= x >> 32;
  return x;
}

}  // namespace

bool EqualInIndex(const Value& a, const Value& b) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case Kind::kNull:
      return false;
    case Kind::kFloat:
      return a.f == b.f;
    case Kind::kString:
    case Kind::kIp:
      return a.text() == b.text();
    default:
      return a.i == b.i;
  }
}

bool IdenticalValues(const Value& a, const Value& b) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case Kind::kNull:
      return true;
    case Kind::kFloat:
      return std::bit_cast<uint64_t>(a.f) == std::bit_cast<uint64_t>(b.f);
    case Kind::kString:
    case Kind::kIp:
      return a.text() == b.text();
    case Kind::kList:
      return std::equal(a.elements().begin(), a.elements().end(), b.elements().begin(),
                        b.elements().end(), IdenticalValues);
    default:
      return a.i == b.i;
  }
}

bool OrderedBits(const Value& v, uint64_t* bits) {
  if (v.is_null()) return false;
  if (v.kind != Kind::kFloat) {
    *bits = static_cast<uint64_t>(v.i) ^ kSign;
    return true;
  }
  if (v.f != v.f) return false;
  const auto raw = std::bit_cast<uint64_t>(v.f == 0 ? 0.0 : v.f);  // -0.0 is 0.0
  *bits = (raw & kSign) != 0 ? ~raw : raw | kSign;
  return true;
}

uint64_t GroupNumber(uint32_t slot, StanceId stance, size_t index, absl::Span<const Value> values) {
  uint64_t hash = Mix(uint64_t{slot} << 32 | stance);
  for (const Value& v : values) hash = Mix(hash + HashValue(v));
  return (hash & ~kIndexBits) | index;
}

// ---- records ---------------------------------------------------------------------------------

RegisterEntries::RegisterEntries(const RegisterPlan& plan, const Stances& stances, size_t usual)
    : plan_(plan),
      stances_(stances),
      width_(plan.max_width()),
      indexes_(plan.max_indexes()),
      stride_(sizeof(Head) + width_ * sizeof(Value) + (indexes_ + 1) * sizeof(Links)),
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
  PushToBucket(id);
  const Head& h = (*this)[id];
  const RegisterAsks& asks = AsksOf(h.stance);
  for (size_t i = 0; i < asks.indexes().size(); ++i) {
    const RegisterIndex& index = asks.indexes()[i];
    const uint64_t group = GroupOf(id, i);
    uint64_t value = 0;
    if (!index.order.has_value()) {
      Push(group, i, id);
    } else if (OrderedBits(Values(id)[index.order->slot], &value)) {
      sorted_.insert({group, value, id});
    }
  }
  if (IdentityOf(h.stance) >= 0) return;
  const absl::Span<const Value> registers = Values(id).first(asks.registers().size());
  Push(IdentityGroup(h.slot, h.stance, registers), kIdentity, id);
}

void RegisterEntries::Unlink(EntryId id) {
  --size_;
  const Head& h = (*this)[id];
  const RegisterAsks& asks = AsksOf(h.stance);
  for (size_t i = 0; i < asks.indexes().size(); ++i) {
    const RegisterIndex& index = asks.indexes()[i];
    const uint64_t group = GroupOf(id, i);
    uint64_t value = 0;
    if (!index.order.has_value()) {
      Pull(group, i, id);
    } else if (OrderedBits(Values(id)[index.order->slot], &value)) {
      sorted_.erase({group, value, id});
    }
  }
  if (IdentityOf(h.stance) < 0) {
    const absl::Span<const Value> registers = Values(id).first(asks.registers().size());
    Pull(IdentityGroup(h.slot, h.stance, registers), kIdentity, id);
  }
  PullFromBucket(id);
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
  const int32_t identity = IdentityOf(stance);
  const size_t chain = identity < 0 ? kIdentity : static_cast<size_t>(identity);
  const auto it = chains_.find(IdentityGroup(slot, stance, registers));
  if (it == chains_.end()) return kNoEntry;
  for (EntryId id = it->second; id != kNoEntry; id = LinkOf(id, chain).next) {
    const Head& h = (*this)[id];
    if (h.slot == slot && h.stance == stance &&
        std::equal(registers.begin(), registers.end(), Values(id).begin(), IdenticalValues)) {
      return id;
    }
  }
  return kNoEntry;
}

bool RegisterEntries::IsInGroup(EntryId id, uint32_t slot, StanceId stance, size_t index,
                                absl::Span<const Value> equal) {
  const Head& h = (*this)[id];
  if (h.slot != slot || h.stance != stance) return false;
  const std::vector<IndexColumn>& columns = AsksOf(stance).indexes()[index].equal;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (!EqualInIndex(equal[i], Values(id)[columns[i].slot])) return false;
  }
  return true;
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

void RegisterEntries::PushToBucket(EntryId id) {
  Head& h = (*this)[id];
  h.next = kNoEntry;
  for (Bucket& b : partitions_.Entries(h.slot)) {
    if (b.stance != h.stance) continue;
    h.previous = b.last;
    (*this)[b.last].next = id;
    b.last = id;
    ++b.size;
    return;
  }
  h.previous = kNoEntry;
  const absl::Span<Bucket> there = partitions_.Entries(h.slot);
  buckets_.assign(there.begin(), there.end());
  buckets_.push_back({h.stance, id, id, 1});
  partitions_.Assign(h.slot, buckets_);
}

void RegisterEntries::PullFromBucket(EntryId id) {
  const Head& h = (*this)[id];
  const absl::Span<Bucket> there = partitions_.Entries(h.slot);
  const auto bucket = std::find_if(there.begin(), there.end(),
                                   [&](const Bucket& b) { return b.stance == h.stance; });
  SPATE_DCHECK(bucket != there.end());
  if (h.next != kNoEntry) (*this)[h.next].previous = h.previous;
  if (h.previous != kNoEntry) (*this)[h.previous].next = h.next;
  if (bucket->first == id) bucket->first = h.next;
  if (bucket->last == id) bucket->last = h.previous;
  if (--bucket->size > 0) return;
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
