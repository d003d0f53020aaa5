// The constructs of the language that random cases must reach, by the names that uses.cc gives
// them.
//
// Tested by use in tests/property/property_test.cc.
#ifndef SPATE_TESTS_PROPERTY_CONSTRUCTS_H_
#define SPATE_TESTS_PROPERTY_CONSTRUCTS_H_

#include <string>
#include <vector>

namespace spate::property {

// In the order of the table that the property test prints.
const std::vector<std::string>& AllConstructs();

}  // namespace spate::property

#endif  // SPATE_TESTS_PROPERTY_CONSTRUCTS_H_
