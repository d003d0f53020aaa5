#include "runtime/expr/matchers.h"

#include <algorithm>
#include <utility>

#include "absl/hash/hash.h"
#include "runtime/base/unicode.h"

namespace spate {
namespace {

// Calls `take` for the text of a constant, or for each text of a list; says whether one was null.
template <typename Take>
bool ForEachText(const Constant& c, Take take) {
  if (c.is_null()) return true;
  if (c.kind != Kind::kList) {
    take(std::get<std::string>(c.data));
    return false;
  }
  bool saw_null = false;
  for (const Constant& element : std::get<std::vector<Constant>>(c.data)) {
    saw_null |= ForEachText(element, take);
  }
  return saw_null;
}

bool IsEmptyList(const Constant& c) {
  return c.kind == Kind::kList && std::get<std::vector<Constant>>(c.data).empty();
}

}  // namespace

size_t FoldedTextHash::operator()(absl::string_view text) const {
  uint64_t h = 0;
  for (size_t at = 0; at < text.size();) {
    h = (h ^ static_cast<uint64_t>(NextFolded(text, &at))) * 0x9e3779b97f4a7c15;
  }
  return absl::HashOf(h);
}

bool FoldedTextEqual::operator()(absl::string_view a, absl::string_view b) const {
  return EqualFolded(a, b);
}

InSet InSet::Create(const std::vector<Constant>& elements, bool fold) {
  InSet set;
  set.fold_ = fold;
  set.empty_ = elements.empty();
  for (const Constant& e : elements) {
    if (const auto* i = std::get_if<int64_t>(&e.data)) set.ints_.push_back(*i);
    if (const auto* f = std::get_if<double>(&e.data)) set.floats_.push_back(*f);
    if (const auto* s = std::get_if<std::string>(&e.data)) set.texts_.push_back(*s);
    set.has_null_ |= e.is_null();
  }
  if (set.ints_.size() > kMostScanned) {
    set.int_table_.insert(set.ints_.begin(), set.ints_.end());
  }
  if (set.texts_.size() > kMostScanned) {
    if (fold) {
      set.folded_table_.insert(set.texts_.begin(), set.texts_.end());
    } else {
      set.text_table_.insert(set.texts_.begin(), set.texts_.end());
    }
  }
  return set;
}

bool InSet::ContainsInt(int64_t v) const {
  if (!int_table_.empty()) return int_table_.contains(v);
  return std::find(ints_.begin(), ints_.end(), v) != ints_.end();
}

bool InSet::ContainsFloat(double v) const {
  return std::find(floats_.begin(), floats_.end(), v) != floats_.end();
}

bool InSet::ContainsText(absl::string_view v) const {
  if (!text_table_.empty()) return text_table_.contains(v);
  if (!folded_table_.empty()) return folded_table_.contains(v);
  for (const std::string& text : texts_) {
    if (fold_ ? EqualFolded(text, v) : text == v) return true;
  }
  return false;
}

bool InSet::Contains(const Value& v) const {
  switch (v.kind) {
    case Kind::kFloat:
      return ContainsFloat(v.f);
    case Kind::kString:
    case Kind::kIp:
      return ContainsText(v.text());
    default:
      return ContainsInt(v.i);
  }
}

LikeSet LikeSet::Create(const Constant& pattern, bool fold) {
  LikeSet set;
  set.has_null_ = ForEachText(pattern, [&](absl::string_view text) {
    set.patterns_.push_back(LikePattern::Compile(text, fold));
  });
  return set;
}

bool LikeSet::Matches(absl::string_view text) const {
  for (const LikePattern& pattern : patterns_) {
    if (pattern.Matches(text)) return true;
  }
  return false;
}

absl::StatusOr<RegexSet> RegexSet::Create(const Constant& pattern, bool fold) {
  std::vector<absl::string_view> patterns;
  const bool saw_null =
      ForEachText(pattern, [&](absl::string_view text) { patterns.push_back(text); });
  absl::StatusOr<Regex> regex = Regex::CompileAny(patterns, fold);
  if (!regex.ok()) return regex.status();
  RegexSet set(*std::move(regex));
  set.has_null_ = saw_null;
  set.empty_ = IsEmptyList(pattern);
  return set;
}

CidrSet CidrSet::Create(const std::vector<Constant>& nets) {
  CidrSet set;
  for (const Constant& net : nets) {
    set.has_null_ |= ForEachText(net, [&](absl::string_view text) {
      if (const auto parsed = CidrNet::Parse(text)) set.nets_.push_back(*parsed);
    });
  }
  return set;
}

bool CidrSet::Contains(absl::string_view bytes16) const {
  for (const CidrNet& net : nets_) {
    if (net.Contains(bytes16)) return true;
  }
  return false;
}

}  // namespace spate
