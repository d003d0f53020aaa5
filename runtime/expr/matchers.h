// Matchers: the constant right sides of `in`, `like` and `cidr`, made ready once.
//
// Programs and column kernels share them. Each says of one value, never null, whether it matches;
// `has_null` says that the list had a null, so that "no match" is null and not false.
// Thread-safety: constant after Create. Tested by tests/runtime/expr/matchers_test.cc.
#ifndef SPATE_RUNTIME_EXPR_MATCHERS_H_
#define SPATE_RUNTIME_EXPR_MATCHERS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "runtime/base/regex.h"
#include "runtime/model/cidr.h"
#include "runtime/model/like.h"
#include "runtime/model/value.h"

namespace spate {

// Hash and equality of text without its case, for tables; nothing is allocated to look up.
struct FoldedTextHash {
  using is_transparent = void;
  size_t operator()(absl::string_view text) const;
};
struct FoldedTextEqual {
  using is_transparent = void;
  bool operator()(absl::string_view a, absl::string_view b) const;
};

// The list of `in`. Short lists are scanned, longer ones are hash tables.
class InSet {
 public:
  static InSet Create(const std::vector<Constant>& elements, bool fold);

  bool has_null() const { return has_null_; }
  bool empty() const { return empty_; }  // no elements at all: false also for null

  bool ContainsInt(int64_t v) const;  // of kBool, kInt, kTime, kDuration
  bool ContainsFloat(double v) const;
  bool ContainsText(absl::string_view v) const;  // of kString, kIp
  bool Contains(const Value& v) const;

 private:
  static constexpr size_t kMostScanned = 8;

  bool fold_ = false;
  bool has_null_ = false;
  bool empty_ = true;
  std::vector<int64_t> ints_;
  std::vector<double> floats_;
  std::vector<std::string> texts_;
  absl::flat_hash_set<int64_t> int_table_;  // the tables are empty for short lists
  absl::flat_hash_set<std::string> text_table_;
  absl::flat_hash_set<std::string, FoldedTextHash, FoldedTextEqual> folded_table_;
};

// The pattern or patterns of `like`.
class LikeSet {
 public:
  static LikeSet Create(const Constant& pattern, bool fold);
  bool has_null() const { return has_null_; }
  bool empty() const { return patterns_.empty() && !has_null_; }
  bool Matches(absl::string_view text) const;
  const std::vector<LikePattern>& patterns() const { return patterns_; }

 private:
  bool has_null_ = false;
  std::vector<LikePattern> patterns_;
};

// The pattern or patterns of `matches`, as one regex.
class RegexSet {
 public:
  // InvalidArgument with RE2's words when a pattern is none.
  static absl::StatusOr<RegexSet> Create(const Constant& pattern, bool fold);
  bool has_null() const { return has_null_; }
  bool empty() const { return empty_; }
  bool Matches(absl::string_view text) const { return regex_.Matches(text); }

 private:
  explicit RegexSet(Regex regex) : regex_(std::move(regex)) {}
  bool has_null_ = false;
  bool empty_ = true;
  Regex regex_;
};

// The ranges of `cidr`. A text that is no range holds no address.
class CidrSet {
 public:
  // `nets` are text, lists of text, or null.
  static CidrSet Create(const std::vector<Constant>& nets);
  bool has_null() const { return has_null_; }
  bool Contains(absl::string_view bytes16) const;

 private:
  bool has_null_ = false;
  std::vector<CidrNet> nets_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_EXPR_MATCHERS_H_
