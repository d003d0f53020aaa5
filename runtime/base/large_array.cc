#include "runtime/base/large_array.h"

#include <algorithm>
#include <cstdint>

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include "runtime/base/check.h"

namespace spate {
namespace {

// Asks for huge pages where the memory covers whole ones.
void AskForHugePages(void* memory, size_t bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  constexpr uintptr_t kHugePage = uintptr_t{2} << 20;
  const uintptr_t begin = (reinterpret_cast<uintptr_t>(memory) + kHugePage - 1) & ~(kHugePage - 1);
  const uintptr_t end = (reinterpret_cast<uintptr_t>(memory) + bytes) & ~(kHugePage - 1);
  if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
#else
  static_cast<void>(memory);
  static_cast<void>(bytes);
#endif
}

}  // namespace

void* GrowMemory(void* old, size_t bytes) {
  void* memory = std::realloc(old, bytes);  // large pieces are moved page by page, not copied
  SPATE_CHECK(memory != nullptr);
  AskForHugePages(memory, bytes);
  return memory;
}

void* ZeroMemory(size_t bytes) {
  void* memory = std::calloc(std::max(bytes, size_t{1}), 1);
  SPATE_CHECK(memory != nullptr);
  AskForHugePages(memory, bytes);
  return memory;
}

}  // namespace spate
