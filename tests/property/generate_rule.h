// Random rules. See generate.h.
#ifndef SPATE_TESTS_PROPERTY_GENERATE_RULE_H_
#define SPATE_TESTS_PROPERTY_GENERATE_RULE_H_

#include "tests/property/random.h"
#include "tests/reference/model.h"

namespace spate::property {

// A rule named after `index`. `layer`: it reads derived events of layers up to this one; `feeds`:
// it emits for the next; `clock`: its pattern may have clock events.
reference::Rule GenerateRule(int index, int layer, bool feeds, bool clock, Random* random);

}  // namespace spate::property

#endif  // SPATE_TESTS_PROPERTY_GENERATE_RULE_H_
