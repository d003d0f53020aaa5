#include "runtime/match/key_index.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "runtime/base/check.h"

namespace spate {
namespace {

constexpr size_t kFirstTableSize = 16;

template <typename Word>
uint64_t Load(const char* p) {
  Word word;
  std::memcpy(&word, p, sizeof(word));
  return word;
}

// Up to eight bytes as a word, another for each text of their number.
uint64_t LoadWord(const char* p, size_t n) {
  if (n == 8) return Load<uint64_t>(p);
  if (n >= 4) return Load<uint32_t>(p) | Load<uint32_t>(p + n - 4) << 32;
  if (n == 0) return 0;
  return Load<uint8_t>(p) | Load<uint8_t>(p + n / 2) << 8 | Load<uint8_t>(p + n - 1) << 16;
}

// The bits of a number after making equal what SameValue calls equal.
uint64_t FloatBits(double v) {
  if (std::isnan(v)) v = std::numeric_limits<double>::quiet_NaN();
  if (v == 0.0) v = 0.0;
  uint64_t bits;
  std::memcpy(&bits, &v, sizeof(bits));
  return bits;
}

// As SameValue, with the common kinds inline.
bool SamePart(const Value& a, const Value& b) {
  if (a.kind == Kind::kString && b.kind == Kind::kString) {
    return a.text() == b.text();
  }
  return SameValue(a, b);
}

bool IsNumber(Kind kind) {
  return kind != Kind::kString && kind != Kind::kIp && kind != Kind::kList;
}

}  // namespace

uint64_t KeyIndex::HashBytes(const char* p, size_t n) {
  uint64_t h = n * kMultiplier2;
  for (; n > 8; p += 8, n -= 8) h = Mix(h ^ LoadWord(p, 8));
  return Mix(h ^ LoadWord(p, n));
}

uint64_t KeyIndex::HashPart(const Value& v) {
  switch (v.kind) {
    case Kind::kFloat:
      return Mix(FloatBits(v.f));
    case Kind::kString:
    case Kind::kIp:
      return HashBytes(v.s, v.size);
    case Kind::kList: {
      uint64_t h = v.size;
      for (const Value& element : v.elements()) h = Mix(h + HashPart(element));
      return h;
    }
    case Kind::kNull:
      return kMultiplier1;
    default:
      return Mix(static_cast<uint64_t>(v.i));
  }
}

KeyIndex::KeyIndex(std::vector<Kind> kinds)
    : kinds_(std::move(kinds)),
      width_(kinds_.size()),
      exact_(width_ == 1 && IsNumber(kinds_[0])),
      table_(kFirstTableSize),
      mask_(kFirstTableSize - 1) {}

uint64_t KeyIndex::Hash(absl::Span<const Value> key) {
  if (key.empty()) return 0;
  uint64_t h = HashPart(key[0]);
  for (size_t i = 1; i < key.size(); ++i) h = Mix(h * kMultiplier1 + HashPart(key[i]));
  return h;
}

bool KeyIndex::SameKey(uint32_t slot, absl::Span<const Value> key) const {
  const Value* stored = keys_.data() + slot * width_;
  for (size_t i = 0; i < width_; ++i) {
    if (!SamePart(stored[i], key[i])) return false;
  }
  return true;
}

uint32_t KeyIndex::Find(uint64_t hash, absl::Span<const Value> key) const {
  SPATE_DCHECK(exact_ || key.size() == width_);
  return SlotOf(Probe(hash, [&](uint32_t slot) { return exact_ || SameKey(slot, key); }));
}

uint32_t KeyIndex::FindOrAdd(uint64_t hash, absl::Span<const Value> key) {
  const Entry* place = Probe(hash, [&](uint32_t slot) { return exact_ || SameKey(slot, key); });
  return place->used != 0 ? place->slot : Add(hash, key, place);
}

uint32_t KeyIndex::FindOrAddInt(uint64_t hash, int64_t v) {
  SPATE_DCHECK(exact_);
  const Entry* place = Probe(hash, [](uint32_t) { return true; });
  if (place->used != 0) return place->slot;
  const Value key = Value::Integral(v, kinds_[0]);
  return Add(hash, absl::Span<const Value>(&key, 1), place);
}

// `place`: the free entry that Probe found.
uint32_t KeyIndex::Add(uint64_t hash, absl::Span<const Value> key, const Entry* place) {
  if ((size_ + 1) * 3 > table_.size() * 2) {
    Grow();
    place = Probe(hash, [](uint32_t) { return false; });
  }
  SPATE_CHECK(size_ < kNone);
  const uint32_t slot = static_cast<uint32_t>(size_++);
  for (const Value& v : key) keys_.push_back(Own(v));
  table_[static_cast<size_t>(place - table_.data())] = {hash, slot, 1};
  return slot;
}

Value KeyIndex::Own(const Value& v) {
  Value owned = v;
  if (v.kind == Kind::kString || v.kind == Kind::kIp) {
    owned.s = arena_.Copy(v.text()).data();
  } else if (v.kind == Kind::kList) {
    Value* elements = arena_.AllocateArray<Value>(v.size);
    for (size_t i = 0; i < v.size; ++i) elements[i] = Own(v.list[i]);
    owned.list = elements;
  }
  return owned;
}

void KeyIndex::Grow() {
  LargeArray<Entry> old(table_.size() * 2);
  old.swap(table_);
  mask_ = table_.size() - 1;
  for (const Entry& entry : old) {
    if (entry.used == 0) continue;
    uint64_t i = entry.hash & mask_;
    while (table_[i].used != 0) i = (i + 1) & mask_;
    table_[i] = entry;
  }
}

}  // namespace spate
