// Random windows and clauses of `from` rules. See generate.h.
#ifndef SPATE_TESTS_PROPERTY_GENERATE_WINDOW_H_
#define SPATE_TESTS_PROPERTY_GENERATE_WINDOW_H_

#include <string>
#include <vector>

#include "tests/property/random.h"
#include "tests/reference/model.h"

namespace spate::property {

// The window of a `from` rule over the types.
void GenerateWindow(const std::vector<std::string>& types, reference::Rule* rule, Random* random);

// `report each`, `on change`, `having .. for`, `limit`, where they make sense.
void GenerateReporting(reference::Rule* rule, Random* random);

void GenerateLimit(reference::Rule* rule, Random* random);

// Whether windows or clocks follow the calendar: streams are of days then.
bool FollowsCalendar(const reference::RuleFile& file);

}  // namespace spate::property

#endif  // SPATE_TESTS_PROPERTY_GENERATE_WINDOW_H_
