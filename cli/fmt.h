// fmt: rule files in the usual layout, in place.
//
// Tested by tests/cli/fmt_test.cc.
#ifndef SPATE_CLI_FMT_H_
#define SPATE_CLI_FMT_H_

#include "cli/args.h"

namespace spate::cli {

int Fmt(const FmtArgs& args);

}  // namespace spate::cli

#endif  // SPATE_CLI_FMT_H_
