// SPATE_CHECK: stops the program when an invariant of ours does not hold.
//
// For errors of ours only: errors of the world are absl::Status, errors in the user's text are
// Diagnostics. SPATE_DCHECK is compiled out of release builds. Tested by tests/runtime/base.
#ifndef SPATE_RUNTIME_BASE_CHECK_H_
#define SPATE_RUNTIME_BASE_CHECK_H_

#include <cstdio>
#include <cstdlib>

namespace spate::internal {

[[noreturn]] inline void CheckFailed(const char* what, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: internal error: %s does not hold\n", file, line, what);
  std::abort();
}

}  // namespace spate::internal

#define SPATE_CHECK(condition)        \
  ((condition) ? static_cast<void>(0) \
               : ::spate::internal::CheckFailed(#condition, __FILE__, __LINE__))

#ifdef NDEBUG
#define SPATE_DCHECK(condition) static_cast<void>(sizeof(!(condition)))
#else
#define SPATE_DCHECK(condition) SPATE_CHECK(condition)
#endif

#endif  // SPATE_RUNTIME_BASE_CHECK_H_
