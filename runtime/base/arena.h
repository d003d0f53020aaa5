// Arena: bump allocation for text and lists that live as long as one batch or one evaluation.
//
// Allocate never fails and never moves what it gave; Reset keeps the first block, so that a steady
// state allocates nothing. Not thread-safe. Tested by tests/runtime/base/arena_test.cc.
#ifndef SPATE_RUNTIME_BASE_ARENA_H_
#define SPATE_RUNTIME_BASE_ARENA_H_

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <type_traits>
#include <vector>

#include "absl/strings/string_view.h"

namespace spate {

class Arena {
 public:
  explicit Arena(size_t block_size = 16 * 1024) : block_size_(block_size) {}
  Arena(Arena&&) = default;
  Arena& operator=(Arena&&) = default;

  // `size` bytes, aligned to 8.
  char* Allocate(size_t size) {
    size = (size + 7) & ~size_t{7};
    if (size > static_cast<size_t>(end_ - next_)) Grow(size);
    char* result = next_;
    next_ += size;
    return result;
  }
  template <typename T>
  T* AllocateArray(size_t n) {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= 8);
    return reinterpret_cast<T*>(Allocate(n * sizeof(T)));
  }
  absl::string_view Copy(absl::string_view text) {
    if (text.empty()) return absl::string_view("", 0);
    char* p = Allocate(text.size());
    std::memcpy(p, text.data(), text.size());
    return absl::string_view(p, text.size());
  }
  // Forgets everything allocated; keeps the largest block.
  void Reset() {
    if (blocks_.empty()) return;
    if (blocks_.size() > 1) {
      std::swap(blocks_.front(), blocks_.back());  // the last block is the largest
      blocks_.resize(1);
    }
    next_ = blocks_.front().data.get();
    end_ = next_ + blocks_.front().size;
  }
  size_t bytes_reserved() const {
    size_t sum = 0;
    for (const Block& b : blocks_) sum += b.size;
    return sum;
  }

 private:
  struct Block {
    std::unique_ptr<char[]> data;
    size_t size;
  };
  void Grow(size_t size) {
    const size_t last = blocks_.empty() ? block_size_ / 2 : blocks_.back().size;
    const size_t n = std::max(size, 2 * last);
    blocks_.push_back({std::unique_ptr<char[]>(new char[n]), n});
    next_ = blocks_.back().data.get();
    end_ = next_ + n;
  }

  size_t block_size_;
  std::vector<Block> blocks_;
  char* next_ = nullptr;
  char* end_ = nullptr;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_BASE_ARENA_H_
