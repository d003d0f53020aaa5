// Lists, records, tables and registered functions in random cases. See generate.h.
//
// Where Random::rich is set, events have `rec: { a, b }`, `xs` and `es`, a list of records; the
// tables and functions are always the same ones.
#ifndef SPATE_TESTS_PROPERTY_GENERATE_VALUES_H_
#define SPATE_TESTS_PROPERTY_GENERATE_VALUES_H_

#include <functional>
#include <string>
#include <vector>

#include "tests/property/random.h"
#include "tests/reference/model.h"

namespace spate::property {

// The attributes, for a declaration; `nullable`: all may be missing.
std::vector<reference::Attr> RichAttributes(bool nullable);
// Their values in one event.
std::vector<reference::Val> RichValues(Random* random);

// Declares the tables that the rules look up.
void AddTables(reference::RuleFile* file);

// How an attribute is read: of the current event, or of a bound one.
using Reads = std::function<reference::Expr(const std::string& attr)>;

// A condition on one event.
reference::Expr GenerateRichCondition(const Reads& own, Random* random);
// A condition on two.
reference::Expr GenerateRichComparison(const Reads& own, const Reads& other, Random* random);
// A value of one.
reference::Expr GenerateRichAttribute(const Reads& own, Random* random);

}  // namespace spate::property

#endif  // SPATE_TESTS_PROPERTY_GENERATE_VALUES_H_
