// Where the worked examples of the language lie: in the folder that SPATE_SHARED names, else in
// `shared` beside the checkout. Tests skip where there are none.
#ifndef SPATE_TESTS_EXAMPLES_WORKED_EXAMPLES_H_
#define SPATE_TESTS_EXAMPLES_WORKED_EXAMPLES_H_

#include <cstdlib>
#include <string>

namespace spate::test {

inline std::string WorkedExamplesPath() {
  const char* shared = std::getenv("SPATE_SHARED");
  const std::string folder = shared != nullptr ? shared : SPATE_SOURCE_DIR "/../shared";
  return folder + "/data/examples/examples.jsonl";
}

}  // namespace spate::test

#endif  // SPATE_TESTS_EXAMPLES_WORKED_EXAMPLES_H_
