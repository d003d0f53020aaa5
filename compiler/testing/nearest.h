// PartialMatches: how far matches came that were not reported, to explain a missing event.
//
// Of each start (the first event of a partial match, for one rule and keys) the furthest is kept,
// in words, with what stopped it. Not thread-safe. Tested by tests/compiler/testing.
#ifndef SPATE_COMPILER_TESTING_NEAREST_H_
#define SPATE_COMPILER_TESTING_NEAREST_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "runtime/base/ids.h"

namespace spate {

using NamedTexts = std::vector<std::pair<std::string, std::string>>;

struct PartialMatch {
  RuleId rule;
  std::string rule_name;
  NamedTexts keys;                  // `user`, `"ann"`
  uint64_t start = 0;               // sequence of the first event; 0: nothing was taken
  size_t length = 0;                // events that it has
  std::vector<std::string> events;  // `fails  Login at 0s, 10s`
  std::string needed;               // what it still needs; empty: nothing, or not known
  std::string stopped;              // the event or window that was refused, and why
  size_t distance = 0;              // of what `stopped` it from being taken
  std::string ended;                // what ended it; empty: it was alive
};

class PartialMatches {
 public:
  static constexpr size_t kMost = 20'000;  // starts that are kept

  // A partial match as it stands now: the furthest of its start is kept. Of two that are as far,
  // the one that was stopped by less, or else the later.
  void Note(PartialMatch match);
  // The thread that came that far has ended.
  void NoteEnd(PartialMatch match);
  // A match with that start is reported.
  void Forget(RuleId rule, const NamedTexts& keys, uint64_t start);

  // The nearest of one of these rules to an event with these attributes, as texts: keys that differ
  // from an attribute of the same name count against it. Null: nothing came near.
  const PartialMatch* Nearest(absl::Span<const RuleId> rules, const NamedTexts& attributes) const;

 private:
  using Key = std::pair<std::pair<uint32_t, uint64_t>, NamedTexts>;
  struct Kept {
    PartialMatch match;
    uint64_t order = 0;
  };
  Kept* Find(const PartialMatch& match);

  std::map<Key, Kept> kept_;
  uint64_t order_ = 0;
};

}  // namespace spate

#endif  // SPATE_COMPILER_TESTING_NEAREST_H_
