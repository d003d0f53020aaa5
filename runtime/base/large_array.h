// LargeArray: an array of plain elements that grows to hundreds of megabytes without copying them.
//
// A std::vector that doubles copies what it holds and touches as much new memory again. Here the
// system moves whole pages instead, and is asked for huge ones, since tables with an entry for each
// of a million keys are met at random places. Elements are trivially copyable, and new ones are all
// zero bits. Not thread-safe. Tested by tests/runtime/base/large_array_test.cc.
#ifndef SPATE_RUNTIME_BASE_LARGE_ARRAY_H_
#define SPATE_RUNTIME_BASE_LARGE_ARRAY_H_

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <type_traits>
#include <utility>

namespace spate {

// Memory of `bytes` (not 0) that keeps what `old` of `old_bytes` (null and 0: nothing) held, maybe
// at another place; more than that is zero bits when the piece is new and large, else anything.
// FreeMemory gives it back. Large pieces are whole huge pages, at addresses where the system can
// move them as such. Ends the program when there is no memory.
void* GrowMemory(void* old, size_t old_bytes, size_t bytes);
// New memory that is all zero bits. Fresh pages are not written twice.
void* ZeroMemory(size_t bytes);
void FreeMemory(void* memory, size_t bytes);

template <typename T>
class LargeArray {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  LargeArray() = default;
  explicit LargeArray(size_t n)
      : data_(n > 0 ? static_cast<T*>(ZeroMemory(n * sizeof(T))) : nullptr),
        size_(n),
        capacity_(n) {}
  LargeArray(LargeArray&& other) noexcept { swap(other); }
  LargeArray& operator=(LargeArray&& other) noexcept {
    LargeArray moved(std::move(other));
    swap(moved);
    return *this;
  }
  ~LargeArray() { FreeMemory(data_, capacity_ * sizeof(T)); }

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T* data() { return data_; }
  const T* data() const { return data_; }
  T& operator[](size_t i) { return data_[i]; }
  const T& operator[](size_t i) const { return data_[i]; }
  T* begin() { return data_; }
  T* end() { return data_ + size_; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }

  void push_back(const T& value) {
    const T copy = value;  // it may lie in the array
    if (size_ == capacity_) Reserve(size_ + 1);
    data_[size_++] = copy;
  }
  // `values` lie elsewhere.
  void append(const T* values, size_t n) {
    if (n == 0) return;
    if (size_ + n > capacity_) Reserve(size_ + n);
    std::memcpy(static_cast<void*>(data_ + size_), values, n * sizeof(T));
    size_ += n;
  }
  // `n` elements more, whose values are anything; the first of them.
  T* append_unset(size_t n) {
    if (size_ + n > capacity_) Reserve(size_ + n);
    T* const added = data_ + size_;
    size_ += n;
    return added;
  }
  void resize(size_t n) {
    if (n > capacity_) Reserve(n);
    if (n > size_) std::memset(static_cast<void*>(data_ + size_), 0, (n - size_) * sizeof(T));
    size_ = n;
  }
  void clear() { size_ = 0; }  // keeps the memory
  void swap(LargeArray& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

 private:
  void Reserve(size_t n) {
    const size_t capacity = std::max({n, 2 * capacity_, 64 / sizeof(T) + 1});
    data_ = static_cast<T*>(GrowMemory(data_, capacity_ * sizeof(T), capacity * sizeof(T)));
    capacity_ = capacity;
  }

  T* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_BASE_LARGE_ARRAY_H_
