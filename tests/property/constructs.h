// Which newer constructs the generator makes.
//
// A construct is made once the engine can do it. SPATE_ALSO in the environment turns on others, by
// name and with commas, or all of them: SPATE_ALSO="ban,until", SPATE_ALSO=all; so what is being
// built can be compared before it is finished. Tested by use in tests/property/property_test.cc.
#ifndef SPATE_TESTS_PROPERTY_CONSTRUCTS_H_
#define SPATE_TESTS_PROPERTY_CONSTRUCTS_H_

#include <string>
#include <vector>

namespace spate::property {

// Whether cases with this construct are made; true for one that is not listed in constructs.cc.
bool IsMade(const std::string& construct);

// Every construct that must be reached: those that are made.
std::vector<std::string> AllConstructs();

}  // namespace spate::property

#endif  // SPATE_TESTS_PROPERTY_CONSTRUCTS_H_
