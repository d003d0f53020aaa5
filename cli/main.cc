// spate: the command line. A verb is a file; what it does is in the libraries.
#include <csignal>
#include <cstdio>
#include <exception>
#include <variant>

#include "cli/args.h"
#include "cli/check.h"
#include "cli/exit_code.h"
#include "cli/run.h"
#include "runtime/base/overload.h"

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a reader that goes away is told by the write
  try {
    return std::visit(
        spate::Overload{[](int code) { return code; },
                        [](const spate::cli::RunArgs& a) { return spate::cli::Run(a); },
                        [](const spate::cli::CheckArgs& a) { return spate::cli::Check(a); }},
        spate::cli::ParseArgs(argc, argv));
  } catch (const std::exception& e) {  // out of memory, and what should not be
    std::fprintf(stderr, "spate: internal error: %s\n", e.what());
    return spate::cli::kInternal;
  }
}
