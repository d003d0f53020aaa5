// Support for the tests of the command line: runs the built binary in a directory of its own.
#ifndef SPATE_TESTS_CLI_RUN_BINARY_H_
#define SPATE_TESTS_CLI_RUN_BINARY_H_

#include <string>

namespace spate::test {

struct Outcome {
  int code = -1;
  std::string out;
  std::string err;
};

// A directory that goes with the object, with files for one test.
class Workspace {
 public:
  Workspace();
  ~Workspace();
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  void Write(const std::string& name, const std::string& text) const;
  std::string Read(const std::string& name) const;  // "" when there is no such file
  std::string path(const std::string& name) const { return directory_ + "/" + name; }

  // Runs `spate ARGS` in the directory; ARGS are shell words, so that redirections and pipes can
  // be tested. Standard input is empty unless ARGS say otherwise.
  Outcome Spate(const std::string& args) const;
  // Runs a shell command; `$SPATE` is the binary.
  Outcome Shell(const std::string& command) const;

 private:
  std::string directory_;
};

}  // namespace spate::test

#endif  // SPATE_TESTS_CLI_RUN_BINARY_H_
