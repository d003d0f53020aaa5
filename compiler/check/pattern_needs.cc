// PatternNeeds: sums over what must be there.
#include "compiler/check/pattern_needs.h"

#include <algorithm>
#include <limits>
#include <variant>

namespace spate {
namespace {

using PatternKind = CheckedPattern::Kind;

// What is larger than this is too large anyway.
constexpr uint64_t kMost = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());

uint64_t Plus(uint64_t a, uint64_t b) { return std::min(kMost, a + b); }
uint64_t Times(uint64_t a, uint64_t b) {
  if (a == 0 || b == 0) return 0;
  return a > kMost / b ? kMost : a * b;
}

void Add(PatternNeeds& sum, const PatternNeeds& more) {
  sum.events = Plus(sum.events, more.events);
  sum.time = static_cast<Duration>(
      Plus(static_cast<uint64_t>(sum.time), static_cast<uint64_t>(more.time)));
  sum.silence = std::max(sum.silence, more.silence);
}

// `not N for D` with a constant D, else 0.
Duration SilenceOf(const CheckedPattern& p) {
  const bool has = p.kind == PatternKind::kBan && p.limit == BanPlan::Limit::kFor &&
                   p.limit_value != nullptr && p.limit_value->op == Op::kConst;
  if (!has) return 0;
  const auto* d = std::get_if<int64_t>(&p.limit_value->constant.data);
  return d == nullptr ? 0 : std::max<Duration>(0, *d);
}

PatternNeeds OfSequence(const CheckedPattern& p) {
  PatternNeeds sum;
  Duration silence = 0;  // of the bans since the last step
  bool begun = false;    // a step that must be there was passed
  for (const CheckedPatternPtr& e : p.elements) {
    if (e->kind == PatternKind::kBan) {
      silence = std::max(silence, SilenceOf(*e));
      continue;
    }
    const PatternNeeds needs = NeedsOf(*e);
    Add(sum, needs);
    if (needs.events == 0) continue;  // may be skipped: what follows is guarded all the same
    if (begun) Add(sum, {0, silence, silence});
    begun = true;
    silence = 0;
  }
  return sum;
}

PatternNeeds OfAlternatives(const CheckedPattern& p) {
  PatternNeeds least = NeedsOf(*p.elements[0]);
  for (const CheckedPatternPtr& e : p.elements) {
    const PatternNeeds needs = NeedsOf(*e);
    least.events = std::min(least.events, needs.events);
    least.time = std::min(least.time, needs.time);
    least.silence = std::min(least.silence, needs.silence);
  }
  return least;
}

}  // namespace

PatternNeeds NeedsOfRound(const CheckedPattern& p) {
  switch (p.kind) {
    case PatternKind::kStep:
      return {1, 0, 0};
    case PatternKind::kBan:
      return {};
    case PatternKind::kSequence:
      return OfSequence(p);
    case PatternKind::kAlternation:
      return OfAlternatives(p);
    case PatternKind::kGroup:
    case PatternKind::kPermutation:
      break;
  }
  PatternNeeds sum;
  for (const CheckedPatternPtr& e : p.elements) Add(sum, NeedsOf(*e));
  return sum;
}

PatternNeeds NeedsOf(const CheckedPattern& p) {
  if (p.min == 0) return {};
  PatternNeeds needs = NeedsOfRound(p);
  needs.events = Times(needs.events, p.min);
  needs.time = static_cast<Duration>(Times(static_cast<uint64_t>(needs.time), p.min));
  return needs;
}

}  // namespace spate
