// Any bytes as the choices of the case generator: rules and a stream, on which the engine must give
// what the reference gives. A difference is printed as a rule file, events and both outputs.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

#include "runtime/base/check.h"
#include "tests/property/engine_runner.h"
#include "tests/property/generate.h"
#include "tests/reference/machine.h"
#include "tests/reference/print.h"
#include "tests/reference/run.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace property = spate::property;
  namespace reference = spate::reference;
  property::Random random(data, size);
  const reference::RuleFile file = property::GenerateRules(&random);
  const reference::Stream stream = property::GenerateStream(file, &random);
  const std::string text = reference::PrintRules(file);
  const property::Compiled compiled = property::CompileRules(text);
  if (compiled.plan == nullptr) std::fprintf(stderr, "%s%s", text.c_str(), compiled.errors.c_str());
  SPATE_CHECK(compiled.plan != nullptr);

  std::string expected, actual;
  try {
    for (const reference::Derived& d : reference::RunReference(file, stream)) {
      expected += reference::FormatDerived(d) + "\n";
    }
  } catch (const reference::TooManyThreads&) {
    return 0;
  }
  const property::Mode mode{.batch = size % 3, .merge_threads = size % 2 == 0};
  for (const std::string& line : property::RunEngine(compiled.plan, file, stream, mode)) {
    actual += line + "\n";
  }
  if (actual != expected) {
    std::fprintf(stderr, "%s, %s\n%s%sreference:\n%sengine:\n%s", property::ModeName(mode).c_str(),
                 reference::PrintArgs(stream).c_str(), text.c_str(),
                 reference::PrintStream(stream).c_str(), expected.c_str(), actual.c_str());
  }
  SPATE_CHECK(actual == expected);
  return 0;
}
