#include "runtime/model/cidr.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "runtime/model/value.h"

namespace spate {

std::optional<CidrNet> CidrNet::Parse(absl::string_view text) {
  CidrNet net;
  const size_t slash = text.find('/');
  const absl::string_view address = text.substr(0, slash);
  if (!ParseIp(address, net.address_)) return std::nullopt;
  const int most = address.find(':') == absl::string_view::npos ? 32 : 128;
  int length = most;
  if (slash != absl::string_view::npos) {
    const absl::string_view digits = text.substr(slash + 1);
    const bool only_digits = std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit);
    if (!only_digits || !absl::SimpleAtoi(digits, &length) || length > most) return std::nullopt;
  }
  net.bits_ = length + 128 - most;
  return net;
}

bool CidrNet::Contains(absl::string_view bytes16) const {
  const size_t whole = static_cast<size_t>(bits_ / 8);
  if (std::memcmp(bytes16.data(), address_, whole) != 0) return false;
  const int rest = bits_ % 8;
  if (rest == 0) return true;
  const unsigned difference =
      static_cast<unsigned char>(bytes16[whole]) ^ static_cast<unsigned char>(address_[whole]);
  return difference >> (8 - rest) == 0;
}

}  // namespace spate
