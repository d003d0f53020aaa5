#include "tests/cli/run_binary.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace spate::test {

Workspace::Workspace() {
  std::string name = ::testing::TempDir() + "/spate_cli_XXXXXX";
  directory_ = mkdtemp(name.data()) == nullptr ? "." : name;
}

Workspace::~Workspace() {
  std::error_code ignored;
  if (directory_ != ".") std::filesystem::remove_all(directory_, ignored);
}

void Workspace::Write(const std::string& name, const std::string& text) const {
  std::ofstream(path(name), std::ios::binary) << text;
}

std::string Workspace::Read(const std::string& name) const {
  std::ifstream in(path(name), std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

Outcome Workspace::Shell(const std::string& command) const {
  const std::string whole = "cd '" + directory_ +
                            "' && SPATE='" SPATE_BINARY "'; export SPATE; { " + command +
                            " ; } >.out 2>.err </dev/null";
  const int status = std::system(whole.c_str());
  Outcome outcome;
  outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  outcome.out = Read(".out");
  outcome.err = Read(".err");
  return outcome;
}

Outcome Workspace::Spate(const std::string& args) const { return Shell("\"$SPATE\" " + args); }

}  // namespace spate::test
