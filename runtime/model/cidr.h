// CidrNet: a range of addresses, `10.0.0.0/8` or `2001:db8::/32`; a plain address is a range of
// one.
//
// IPv4 ranges are kept as ranges of ::ffff:0:0/96, as addresses are. Thread-safety: values.
// Tested by tests/runtime/model/like_test.cc.
#ifndef SPATE_RUNTIME_MODEL_CIDR_H_
#define SPATE_RUNTIME_MODEL_CIDR_H_

#include <optional>

#include "absl/strings/string_view.h"

namespace spate {

class CidrNet {
 public:
  // nullopt when it is none. Bits behind the prefix are ignored.
  static std::optional<CidrNet> Parse(absl::string_view text);

  bool Contains(absl::string_view bytes16) const;

 private:
  char address_[16] = {};
  int bits_ = 0;  // 0 to 128
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MODEL_CIDR_H_
