// Random bans, and what must be known of the bans in a pattern. See generate.h.
#ifndef SPATE_TESTS_PROPERTY_GENERATE_BAN_H_
#define SPATE_TESTS_PROPERTY_GENERATE_BAN_H_

#include <string>
#include <vector>

#include "tests/property/random.h"
#include "tests/reference/model.h"

namespace spate::property {

enum class BanPlace { kStart, kMiddle, kEnd };

// A ban over the types, on variables that are bound before it. `strict`: it stands after `,`.
reference::NodePtr GenerateBan(BanPlace place, const std::vector<std::string>& types,
                               const std::vector<std::string>& earlier, bool strict,
                               const std::string& var, Random* random);

// A step, or alternatives of one, on variables that are bound before.
reference::NodePtr GenerateBanned(const std::vector<std::string>& types,
                                  const std::vector<std::string>& earlier, const std::string& var,
                                  Random* random);

// The bans after which nothing is written.
void CollectLastBans(const reference::NodePtr& node, bool in_bounded_group,
                     std::vector<std::pair<const reference::Node*, bool>>* bans);

}  // namespace spate::property

#endif  // SPATE_TESTS_PROPERTY_GENERATE_BAN_H_
