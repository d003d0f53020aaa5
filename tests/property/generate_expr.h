// Random conditions and attributes of derived events. See generate.h.
#ifndef SPATE_TESTS_PROPERTY_GENERATE_EXPR_H_
#define SPATE_TESTS_PROPERTY_GENERATE_EXPR_H_

#include <string>
#include <vector>

#include "tests/property/random.h"
#include "tests/reference/model.h"

namespace spate::property {

// A condition of one step: on the event itself or an earlier variable, `own` its own variable.
reference::Expr GenerateCondition(const std::vector<std::string>& earlier, const std::string& own,
                                  Random* random);

// A conjunct of `where` over one or two of the variables, without aggregate and navigation.
reference::Expr GenerateConjunct(const std::vector<std::string>& vars, Random* random);

// A number or list from what was matched: `var.x`, navigation or an aggregate.
// A window has no n-th event from its end.
reference::Expr GenerateAttribute(const std::string& var, bool of_window, Random* random);

reference::Expr GenerateHaving(const std::string& var, Random* random);

// A bare name: an attribute or a key.
reference::Expr Bare(const std::string& name);

// `var.attr`.
reference::Expr VarAttr(const std::string& var, const std::string& attr);

}  // namespace spate::property

#endif  // SPATE_TESTS_PROPERTY_GENERATE_EXPR_H_
