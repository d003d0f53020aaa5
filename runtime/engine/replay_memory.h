// ReplayMemory: how much of a rule's input must be kept so that its state can be worked out again.
//
// When no event before some time can come any more, the state of that time is all that matters of
// what was before. It is made again by running the end of the input, from a moment on at which
// nothing mattered of what was before it, or from so early that nothing does. What can not be shown
// to forget is kept from the beginning. Thread-safety: a pure function. Tested by
// tests/runtime/engine/replay_memory_test.cc and tests/property.
#ifndef SPATE_RUNTIME_ENGINE_REPLAY_MEMORY_H_
#define SPATE_RUNTIME_ENGINE_REPLAY_MEMORY_H_

#include <cstdint>

#include "runtime/model/plan.h"
#include "windows/time.h"

namespace spate {

struct ReplayMemory {
  enum class Kind {
    kAll,     // everything
    kRecent,  // the last `span`, and `events` more before it
    kQuiet,   // back to a moment of quiet: see below
  } kind = Kind::kAll;

  static constexpr Duration kNoSpan = -1;
  Duration span = kNoSpan;  // kRecent, and of kQuiet `silent` and `unreported`
  uint64_t events = 0;      // kRecent
  // kQuiet: when nothing matters of what a partition has seen before a time: when its machine is at
  // rest (Machine::AtRest); when nothing has come for longer than `span`; when for `span` after it
  // nothing was reported.
  bool at_rest = false;
  bool silent = false;
  bool unreported = false;
  // Whether what was reported of what is forgotten does not matter. (Whether `limit` let a report
  // pass matters to `on change`.)
  bool settles = true;
};

ReplayMemory ReplayMemoryOf(const Plan& plan, const RulePlan& rule);

}  // namespace spate

#endif  // SPATE_RUNTIME_ENGINE_REPLAY_MEMORY_H_
