// Random conditions and attributes of derived events. See generate.h.
#ifndef SPATE_TESTS_PROPERTY_GENERATE_EXPR_H_
#define SPATE_TESTS_PROPERTY_GENERATE_EXPR_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tests/property/random.h"
#include "tests/reference/model.h"

namespace spate::property {

// A condition on an event: on itself or an earlier variable, `own` its own variable.
reference::Expr GenerateCondition(const std::vector<std::string>& earlier, const std::string& own,
                                  Random* random);

// A condition that some events fulfil, on the id alone.
reference::Expr GenerateIdCondition(Random* random);

// As GenerateCondition, for a step, which can also look at what its variables have bound so far,
// and at the events before.
reference::Expr GenerateStepCondition(const std::vector<std::string>& earlier,
                                      const std::string& own, Random* random);

// A condition on an event that compares it with the last events of earlier variables, in one or
// several conjuncts; on itself alone where there are none.
reference::Expr GenerateJoin(const std::vector<std::string>& earlier, const std::string& own,
                             Random* random);

// A conjunct of `where` over one or two of the variables, without aggregate and navigation.
reference::Expr GenerateConjunct(const std::vector<std::string>& vars, Random* random);

// A conjunct of `where` with them.
reference::Expr GenerateEndConjunct(const std::vector<std::string>& vars, Random* random);

// A number or list from what was matched: `var.x`, navigation or an aggregate.
// A window has no n-th event from its end.
reference::Expr GenerateAttribute(const std::string& var, bool of_window, Random* random);

// An aggregate over all matches of a moment, of those that need no list of them.
reference::Expr GenerateSummaryAggregate(const std::string& var, Random* random);

reference::Expr GenerateHaving(const std::string& var, Random* random);

// A literal; an operator; one of the comparisons.
reference::Expr Number(int n);
reference::Expr Binary(const std::string& op, reference::Expr a, reference::Expr b);
reference::Expr Unary(const std::string& op, reference::Expr a);
std::string Comparison(Random* random);

// A bare name: an attribute or a key.
reference::Expr Bare(const std::string& name);

// `2s`; `a - b`; `a + b`; `a % n`.
reference::Expr Duration(int64_t ns);
reference::Expr Minus(reference::Expr a, reference::Expr b);
reference::Expr Plus(reference::Expr a, reference::Expr b);
reference::Expr Modulo(reference::Expr a, int n);

// An aggregate, `name(var.attr)`.
reference::Expr Call(const std::string& name, const std::string& var, const std::string& attr);

// `lower(a)`.
reference::Expr Lower(reference::Expr a);

// `var.attr`.
reference::Expr VarAttr(const std::string& var, const std::string& attr);

}  // namespace spate::property

#endif  // SPATE_TESTS_PROPERTY_GENERATE_EXPR_H_
