// The real thing in the shape of the reference: .spate text and a stream in, canonical lines out.
//
// Goes through the public API only (compiler/compile.h, runtime/engine/engine.h). One compiled
// file can run many streams. Not for concurrent use. Tested by use in property_test.cc.
#ifndef SPATE_TESTS_PROPERTY_ENGINE_RUNNER_H_
#define SPATE_TESTS_PROPERTY_ENGINE_RUNNER_H_

#include <memory>
#include <string>
#include <vector>

#include "runtime/model/plan.h"
#include "tests/reference/model.h"

namespace spate::property {

// How a stream is handed over, and which optimisations are on.
struct Mode {
  size_t batch = 0;  // rows of a block; 0: single pushes
  bool merge_threads = true;
  bool ids = false;     // the lines end in the event's id
  bool matched = true;  // the lines have the events of the matches, so that none goes unlisted
};
std::string ModeName(const Mode& mode);

struct Compiled {
  std::shared_ptr<const Plan> plan;  // null: refused
  std::string errors;                // rendered, when refused
};
Compiled CompileRules(const std::string& text);

// The rules whose summaries are counted without listing matches when `Mode::matched` is off.
std::vector<std::string> CountedSummaries(const Plan& plan);

// The derived events as lines (reference::FormatDerived); the last line is an error if there is
// one.
std::vector<std::string> RunEngine(const std::shared_ptr<const Plan>& plan,
                                   const reference::RuleFile& file, const reference::Stream& stream,
                                   const Mode& mode);

// What a speculative engine says, and takes back.
struct Speculated {
  std::vector<std::string> stands;  // lines, with ids if the mode asks for them, sorted
  std::string fault;                // retracted without having been derived; or an error
  uint64_t retracted = 0;
  uint64_t replays = 0;
  uint64_t late = 0;
};
Speculated RunSpeculative(const std::shared_ptr<const Plan>& plan, const reference::RuleFile& file,
                          const reference::Stream& stream, const Mode& mode);

}  // namespace spate::property

#endif  // SPATE_TESTS_PROPERTY_ENGINE_RUNNER_H_
