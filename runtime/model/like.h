// LikePattern: a compiled pattern of `like`.
//
// `*` is any text, `?` is one character, `[*]` `[?]` `[[]` are these characters themselves, all
// else is itself (`\` too), and the whole text must match. The common shapes are told apart, so
// that column kernels can compare plainly. Thread-safety: constant after Compile.
// Tested by tests/runtime/model/like_test.cc.
#ifndef SPATE_RUNTIME_MODEL_LIKE_H_
#define SPATE_RUNTIME_MODEL_LIKE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace spate {

class LikePattern {
 public:
  enum class Shape : uint8_t {
    kExact,     // literal
    kPrefix,    // literal*
    kSuffix,    // *literal
    kContains,  // *literal*
    kGeneral,   // anything else, and everything that ignores case
  };

  // Every text is a pattern. `fold` ignores case.
  static LikePattern Compile(absl::string_view pattern, bool fold = false);

  bool Matches(absl::string_view text) const;

  Shape shape() const { return shape_; }
  absl::string_view literal() const { return literal_; }  // not of kGeneral

 private:
  static constexpr int32_t kMany = -1;
  static constexpr int32_t kOne = -2;

  bool MatchesGeneral(absl::string_view text) const;
  void Classify();

  Shape shape_ = Shape::kGeneral;
  bool fold_ = false;
  std::string literal_;
  std::vector<int32_t> tokens_;  // code points (folded when fold_), kMany, kOne
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MODEL_LIKE_H_
