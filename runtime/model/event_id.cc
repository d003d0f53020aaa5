#include "runtime/model/event_id.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "runtime/base/mix_bits.h"

namespace spate {
std::string FormatEventId(const EventId& id) {
  if (id.high == 0) return absl::StrCat(id.low);
  return absl::StrCat(absl::Hex(id.high, absl::kZeroPad16), absl::Hex(id.low, absl::kZeroPad16));
}

void EventIdHash::Add(uint64_t v) {
  a_ = MixBits(a_ + v);
  b_ = MixBits((b_ ^ v) + a_);
}

void EventIdHash::Add(absl::string_view text) {
  Add(static_cast<uint64_t>(text.size()));
  for (size_t i = 0; i < text.size(); i += 8) {
    uint64_t word = 0;  // byte by byte: the same whatever the order of bytes of the machine
    for (size_t k = i; k < std::min(i + 8, text.size()); ++k) {
      word = word << 8 | static_cast<unsigned char>(text[k]);
    }
    Add(word);
  }
}

EventId EventIdHash::Finish() const {
  return {std::max<uint64_t>(MixBits(a_ ^ 1), 1), MixBits(b_ ^ 2)};
}

}  // namespace spate
