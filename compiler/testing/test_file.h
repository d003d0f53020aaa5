// RunTestFile: all tests of one `*_test.spate` file.
//
//   TestFileResult result = RunTestFile("auth_test.spate", {});
//   if (!result.ok()) std::cout << TestReportText(result, {});
//
// The file is compiled with what it imports; a test that sets params has a plan of its own.
// Thread-safety: as RunRuleTest. Tested by tests/compiler/testing.
#ifndef SPATE_COMPILER_TESTING_TEST_FILE_H_
#define SPATE_COMPILER_TESTING_TEST_FILE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "compiler/compile.h"
#include "compiler/testing/test_result.h"

namespace spate {

struct TestFileOptions {
  std::string filter;     // only tests whose name has this text; empty: all
  bool bless = false;     // rewrite the files of expected events
  bool coverage = false;  // count what was tried
  CompileOptions
      compile;  // functions of the embedding program, limits; params of the tests are added
};

// `name`: the file's path; `text`: its content.
TestFileResult RunTestFile(absl::string_view name, absl::string_view text,
                           const TestFileOptions& options);

}  // namespace spate

#endif  // SPATE_COMPILER_TESTING_TEST_FILE_H_
