// What a random test is told: `--seed=N` and `--cases=N`, or SPATE_SEED and SPATE_CASES in the
// environment. Runs the tests of its program. Used by the mains of the random tests.
#ifndef SPATE_TESTS_PROPERTY_ARGUMENTS_H_
#define SPATE_TESTS_PROPERTY_ARGUMENTS_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <string>

namespace spate::property {

inline int RunRandomTests(int argc, char** argv, uint64_t* seed, int* cases) {
  ::testing::InitGoogleTest(&argc, argv);
  const auto set_seed = [&](const char* value) { *seed = std::strtoull(value, nullptr, 10); };
  const auto set_cases = [&](const char* value) { *cases = std::atoi(value); };
  if (const char* value = std::getenv("SPATE_SEED"); value != nullptr) set_seed(value);
  if (const char* value = std::getenv("SPATE_CASES"); value != nullptr) set_cases(value);
  for (int i = 1; i < argc; ++i) {
    const std::string arg = argv[i];
    if (arg.rfind("--seed=", 0) == 0) set_seed(arg.c_str() + 7);
    if (arg.rfind("--cases=", 0) == 0) set_cases(arg.c_str() + 8);
  }
  return RUN_ALL_TESTS();
}

}  // namespace spate::property

#endif  // SPATE_TESTS_PROPERTY_ARGUMENTS_H_
