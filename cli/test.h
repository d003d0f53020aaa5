// The verb `test`. Tested by tests/compiler/testing/sessions_test.py.
#ifndef SPATE_CLI_TEST_H_
#define SPATE_CLI_TEST_H_

#include "cli/args.h"

namespace spate::cli {

int Test(const TestArgs& args);

}  // namespace spate::cli

#endif  // SPATE_CLI_TEST_H_
