// Every operator and library function with exact results, the null rules included.
//
// Both ways of evaluation run them: FoldConstant (tests/runtime/model) and programs
// (tests/runtime/expr). `expect` is what Show gives; `fault` what is counted.
#ifndef SPATE_TESTS_RUNTIME_MODEL_EXPRESSION_CASES_H_
#define SPATE_TESTS_RUNTIME_MODEL_EXPRESSION_CASES_H_

#include <string>
#include <vector>

#include "runtime/model/scalar_ops.h"
#include "tests/runtime/model/expr_builder.h"

namespace spate::testing {

struct ExpressionCase {
  std::string name;
  ExprPtr expr;
  std::string expect;
  EvalFault fault = EvalFault::kNone;
};

std::vector<ExpressionCase> OperatorCases();
std::vector<ExpressionCase> LibraryCases();

}  // namespace spate::testing

#endif  // SPATE_TESTS_RUNTIME_MODEL_EXPRESSION_CASES_H_
