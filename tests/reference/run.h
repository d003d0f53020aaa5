// RunReference: a rule file over a stream, by the reference.
//
// Puts events in order of time, moves the clock, splits inputs by key, and orders reports over
// rules and layers, as docs/language.md says. Pure function.
// Tested by tests/reference/examples_test.cc.
#ifndef SPATE_TESTS_REFERENCE_RUN_H_
#define SPATE_TESTS_REFERENCE_RUN_H_

#include <vector>

#include "tests/reference/model.h"

namespace spate::reference {

// Throws TooManyThreads (machine.h) where plain enumeration would take for ever.
std::vector<Derived> RunReference(const RuleFile& file, const Stream& stream);

}  // namespace spate::reference

#endif  // SPATE_TESTS_REFERENCE_RUN_H_
