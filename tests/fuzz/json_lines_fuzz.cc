// Any bytes as JSON Lines.
#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/fuzz/read_all.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  // A brace makes it JSON Lines, whatever follows.
  if (bytes.empty() || bytes[0] != '{') bytes.insert(0, "{\"type\":\"S\"}\n");
  spate::fuzz::ReadAll(bytes);
  return 0;
}
