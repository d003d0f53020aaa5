// Random rule files and streams for the property test.
//
// Rules are correct by construction (the compiler must take them) and small, over few values, so
// that matches are frequent. The same seed gives the same. Tested by the counts that
// tests/property/property_test.cc prints and checks.
#ifndef SPATE_TESTS_PROPERTY_GENERATE_H_
#define SPATE_TESTS_PROPERTY_GENERATE_H_

#include "tests/property/random.h"
#include "tests/reference/model.h"

namespace spate::property {

// The event types of all cases: A B C with a time attribute, L1 L2 for derived events; `rich`: with
// lists and records.
std::vector<reference::DeclPtr> BaseTypes(bool rich = false);

// `may_be_rich`: some files also have lists, records, tables and registered functions.
reference::RuleFile GenerateRules(Random* random, bool may_be_rich = true);
reference::Stream GenerateStream(const reference::RuleFile& file, Random* random);
// As long as is asked for, always out of order, a few events late.
reference::Stream GenerateDisorder(const reference::RuleFile& file, int events, Random* random);

}  // namespace spate::property

#endif  // SPATE_TESTS_PROPERTY_GENERATE_H_
