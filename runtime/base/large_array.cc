#include "runtime/base/large_array.h"

#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "runtime/base/check.h"

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace spate {

#if defined(__linux__)
namespace {

// From here on the memory comes from the system by whole huge pages. The allocator's own large
// pieces lie at any page, so that moving one breaks its huge pages into small ones.
constexpr size_t kHugePage = size_t{2} << 20;
constexpr size_t kLarge = 2 * kHugePage;

bool IsLarge(size_t bytes) { return bytes >= kLarge; }
size_t WholePages(size_t bytes) { return (bytes + kHugePage - 1) & ~(kHugePage - 1); }

// Fresh zero pages that begin at a huge page.
void* Map(size_t bytes) {
  const size_t size = WholePages(bytes);
  void* mapped = mmap(nullptr, size + kHugePage, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  SPATE_CHECK(mapped != MAP_FAILED);
  const auto begin = reinterpret_cast<uintptr_t>(mapped);
  const uintptr_t aligned = (begin + kHugePage - 1) & ~(kHugePage - 1);
  void* memory = reinterpret_cast<void*>(aligned);
  const size_t before = aligned - begin;  // less than a huge page
  if (before > 0) munmap(mapped, before);
  munmap(static_cast<char*>(memory) + size, kHugePage - before);
  madvise(memory, size, MADV_HUGEPAGE);  // a wish: without it all works the same
  return memory;
}

// Moves the pages, not their content.
void* Remap(void* old, size_t old_bytes, size_t bytes) {
  void* target = Map(bytes);
  void* moved =
      mremap(old, WholePages(old_bytes), WholePages(bytes), MREMAP_MAYMOVE | MREMAP_FIXED, target);
  SPATE_CHECK(moved == target);
  madvise(moved, WholePages(bytes), MADV_HUGEPAGE);
  return moved;
}

}  // namespace

void* GrowMemory(void* old, size_t old_bytes, size_t bytes) {
  if (IsLarge(old_bytes)) return Remap(old, old_bytes, bytes);
  if (!IsLarge(bytes)) {
    void* memory = std::realloc(old, bytes);
    SPATE_CHECK(memory != nullptr);
    return memory;
  }
  void* memory = Map(bytes);
  if (old != nullptr) std::memcpy(memory, old, old_bytes);
  std::free(old);
  return memory;
}

void* ZeroMemory(size_t bytes) {
  if (IsLarge(bytes)) return Map(bytes);
  void* memory = std::calloc(bytes, 1);
  SPATE_CHECK(memory != nullptr);
  return memory;
}

void FreeMemory(void* memory, size_t bytes) {
  if (IsLarge(bytes)) {
    munmap(memory, WholePages(bytes));
  } else {
    std::free(memory);
  }
}

#else

void* GrowMemory(void* old, size_t, size_t bytes) {
  void* memory = std::realloc(old, bytes);
  SPATE_CHECK(memory != nullptr);
  return memory;
}

void* ZeroMemory(size_t bytes) {
  void* memory = std::calloc(bytes, 1);
  SPATE_CHECK(memory != nullptr);
  return memory;
}

void FreeMemory(void* memory, size_t) { std::free(memory); }

#endif

}  // namespace spate
