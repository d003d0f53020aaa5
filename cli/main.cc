// spate: the command line. A verb is a file; what it does is in the libraries.
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <variant>

#include "cli/args.h"
#include "cli/check.h"
#include "cli/exit_code.h"
#include "cli/explain.h"
#include "cli/fmt.h"
#include "cli/run.h"
#include "cli/test.h"
#include "runtime/base/overload.h"

namespace {

int PrintCompletions(const spate::cli::CompletionsArgs& args) {
  const std::string script =
      args.shell == spate::cli::Shell::kBash  ? spate::cli::BashCompletions(args.verbs)
      : args.shell == spate::cli::Shell::kZsh ? spate::cli::ZshCompletions(args.verbs)
                                              : spate::cli::FishCompletions(args.verbs);
  std::fputs(script.c_str(), stdout);
  return spate::cli::kOk;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a reader that goes away is told by the write
  try {
    return std::visit(
        spate::Overload{[](int code) { return code; },
                        [](const spate::cli::RunArgs& a) { return spate::cli::Run(a); },
                        [](const spate::cli::CheckArgs& a) { return spate::cli::Check(a); },
                        [](const spate::cli::ExplainArgs& a) { return spate::cli::Explain(a); },
                        [](const spate::cli::FmtArgs& a) { return spate::cli::Fmt(a); },
                        [](const spate::cli::TestArgs& a) { return spate::cli::Test(a); },
                        [](const spate::cli::CompletionsArgs& a) { return PrintCompletions(a); }},
        spate::cli::ParseArgs(argc, argv));
  } catch (const std::exception& e) {  // out of memory, and what should not be
    std::fprintf(stderr, "spate: internal error: %s\n", e.what());
    return spate::cli::kInternal;
  }
}
