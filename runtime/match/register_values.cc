#include "runtime/match/register_values.h"

#include <algorithm>
#include <bit>

#include "runtime/base/mix_bits.h"
#include "runtime/match/register_asks.h"

namespace spate {

namespace {

constexpr uint64_t kSign = uint64_t{1} << 63;
constexpr uint64_t kIndexBits = 15;  // of a group's number
static_assert(RegisterAsks::kMaxIndexes <= kIndexBits);

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
  uint64_t hash = MixBits(uint64_t{slot} << 32 | stance);
  for (const Value& v : values) hash = MixBits(hash + HashValue(v));
  return (hash & ~kIndexBits) | index;
}

}  // namespace spate
