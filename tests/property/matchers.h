// Which constructs of matching a compiled rule uses: what only the plan knows.
//
// Beside uses.h, which reads the model of the reference. Pure functions.
#ifndef SPATE_TESTS_PROPERTY_MATCHERS_H_
#define SPATE_TESTS_PROPERTY_MATCHERS_H_

#include "runtime/model/plan.h"
#include "tests/property/uses.h"

namespace spate::property {

// Of the rules whose threads are merged: with what, and what they compare in which way.
UsesByRule MatcherUses(const Plan& plan);

}  // namespace spate::property

#endif  // SPATE_TESTS_PROPERTY_MATCHERS_H_
