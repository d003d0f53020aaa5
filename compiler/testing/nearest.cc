#include "compiler/testing/nearest.h"

#include <algorithm>
#include <tuple>

namespace spate {

PartialMatches::Kept* PartialMatches::Find(const PartialMatch& match) {
  const Key key{{match.rule.value, match.start}, match.keys};
  const auto it = kept_.find(key);
  if (it != kept_.end()) return &it->second;
  if (kept_.size() >= kMost) return nullptr;
  return &kept_[key];
}

void PartialMatches::Note(PartialMatch match) {
  Kept* kept = Find(match);
  if (kept == nullptr) return;
  const PartialMatch& old = kept->match;
  const bool is_first = kept->order == 0;
  if (!is_first && match.length < old.length) return;
  const bool as_far = !is_first && match.length == old.length && !old.stopped.empty();
  if (as_far && (match.stopped.empty() || match.distance > old.distance)) return;
  kept->match = std::move(match);
  kept->order = ++order_;
}

void PartialMatches::NoteEnd(PartialMatch match) {
  Kept* kept = Find(match);
  if (kept == nullptr || match.length < kept->match.length) return;
  if (match.length == kept->match.length) {
    match.stopped = kept->match.stopped;
    match.distance = kept->match.distance;
  }
  kept->match = std::move(match);
  kept->order = ++order_;
}

void PartialMatches::Forget(RuleId rule, const NamedTexts& keys, uint64_t start) {
  kept_.erase(Key{{rule.value, start}, keys});
}

const PartialMatch* PartialMatches::Nearest(absl::Span<const RuleId> rules,
                                            const NamedTexts& attributes) const {
  const auto differing = [&](const NamedTexts& keys) {
    return std::count_if(keys.begin(), keys.end(), [&](const auto& key) {
      return std::any_of(attributes.begin(), attributes.end(), [&](const auto& attribute) {
        return attribute.first == key.first && attribute.second != key.second;
      });
    });
  };
  const auto rank = [&](const Kept& k) {
    const bool is_explained = !k.match.stopped.empty() || !k.match.ended.empty();
    return std::make_tuple(-differing(k.match.keys), k.match.length, is_explained,
                           -static_cast<int64_t>(k.match.distance), k.order);
  };
  const Kept* best = nullptr;
  for (const auto& [key, kept] : kept_) {
    if (std::find(rules.begin(), rules.end(), kept.match.rule) == rules.end()) continue;
    if (best == nullptr || rank(*best) < rank(kept)) best = &kept;
  }
  return best == nullptr ? nullptr : &best->match;
}

}  // namespace spate
