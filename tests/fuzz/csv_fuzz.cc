// Any bytes as CSV or TSV: a header, then rows.
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "tests/fuzz/read_all.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  const size_t first = bytes.find_first_not_of(" \t\r\n");
  // What begins with a brace is JSON Lines, which has a target of its own.
  if (first == absl::string_view::npos || bytes[first] != '{') spate::fuzz::ReadAll(bytes);
  return 0;
}
