// Makes a failing case small: drops events, rules, clauses and parts of patterns while it fails.
//
// Tested by tests/property/shrink_test.cc.
#ifndef SPATE_TESTS_PROPERTY_SHRINK_H_
#define SPATE_TESTS_PROPERTY_SHRINK_H_

#include <functional>
#include <vector>

#include "tests/reference/model.h"

namespace spate::property {

struct Case {
  reference::RuleFile file;
  reference::Stream stream;
};

// Simpler variants of a case, the boldest first. Not all of them are correct rule files.
std::vector<Case> SimplerCases(const Case& c);

// The simplest case found for which `fails` still holds; asks at most `budget` times.
Case Shrink(Case c, const std::function<bool(const Case&)>& fails, int budget);

}  // namespace spate::property

#endif  // SPATE_TESTS_PROPERTY_SHRINK_H_
