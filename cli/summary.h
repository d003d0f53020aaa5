// The words at the end of a run: what was read, found, ignored, rejected, late and left open.
//
// Thread-safety: a pure function. Tested by tests/cli.
#ifndef SPATE_CLI_SUMMARY_H_
#define SPATE_CLI_SUMMARY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "cli/faults.h"
#include "compiler/source/source.h"
#include "runtime/channels/source.h"
#include "runtime/engine/engine.h"

namespace spate::cli {

struct SummaryInput {
  const Plan& plan;
  const SourceMap& sources;  // for the places of what became null
  EngineStats engine;
  ReadStats read;
  const FaultLog& faults;
  std::vector<uint64_t> derived;  // by type
  double seconds = 0;
  struct Speculated {  // with `--speculate`
    uint64_t retracted = 0;
    uint64_t replays = 0;
    uint64_t events = 0;  // that were taken again
  };
  Speculated speculated = {};
};

std::string SummaryText(const SummaryInput& in);

}  // namespace spate::cli

#endif  // SPATE_CLI_SUMMARY_H_
