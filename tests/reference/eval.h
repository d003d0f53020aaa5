// Expressions of the reference, evaluated by walking the tree.
//
// Null is as in SQL; integer overflow and division by zero give null. Aggregates leave nulls out,
// navigation does not. Pure functions. Tested by tests/reference/examples_test.cc.
#ifndef SPATE_TESTS_REFERENCE_EVAL_H_
#define SPATE_TESTS_REFERENCE_EVAL_H_

#include <map>
#include <string>
#include <vector>

#include "tests/reference/model.h"

namespace spate::reference {

// What an expression can see.
struct Scope {
  const std::vector<Binding>* bound = nullptr;  // in order; the current event is its last element
  const Event* current = nullptr;               // for bare names; null: names are keys
  std::map<std::string, Val> keys = {};
  // For prev: the partition's input, and the number of the current event in it (from 1).
  const std::vector<EventPtr>* history = nullptr;
  int64_t position = 0;
  int64_t match_count = 0;  // of `emit summary`
  Time window_start = 0;    // of `from` rules
  Time window_end = 0;
  // Inside an aggregate: `var` is this event alone.
  std::string element_var = {};
  const Event* element = nullptr;
  std::map<std::string, Val> locals = {};  // parameters of lambdas
};

Val Evaluate(const Expr& expr, const Scope& scope);

// Of lists, records and tables (eval_values.cc): ExprKind::kTable and what follows it.
Val EvaluateOfMany(const Expr& expr, const Scope& scope);

// `a op b` for a comparison, and `and`, `or` of three-valued logic.
Val Compare(const std::string& op, const Val& a, const Val& b);
Val Logic(bool is_and, const Val& a, const Val& b);

// Whether the expression uses an aggregate or navigation.
bool Navigates(const Expr& expr);

// Adds the variables that the expression names.
void CollectVars(const Expr& expr, std::vector<std::string>* vars);

bool Names(const Binding& binding, const std::string& var);

}  // namespace spate::reference

#endif  // SPATE_TESTS_REFERENCE_EVAL_H_
