// A rule's plan with registers, for tests.
#ifndef SPATE_TESTS_RUNTIME_MATCH_REGISTER_RULE_H_
#define SPATE_TESTS_RUNTIME_MATCH_REGISTER_RULE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "compiler/compile.h"
#include "compiler/source/render.h"
#include "runtime/match/register_plan.h"

namespace spate {

// Over types A and B, each { k: string, x: float, n: int? }; `match` is what follows that word.
struct RegisterRule {
  explicit RegisterRule(const std::string& match) {
    const std::string fields = " { k: string, x: float, n: int? }\n";
    CompileResult result = Compile(
        {SourceText{"t.spate", absl::StrCat("event A", fields, "event B", fields, "rule r { match ",
                                            match, " within 1h after match no skip }\n")}});
    plan = result.plan;
    for (const Diagnostic& d : result.diagnostics) {
      if (d.severity == Severity::kError) ADD_FAILURE() << RenderDiagnostic(d, *result.sources);
    }
    if (plan != nullptr && RegisterPlan::CanDo(pattern())) {
      registers = *RegisterPlan::Create(pattern());
    }
  }
  const PatternPlan& pattern() const { return *plan->rules[0].pattern; }

  std::shared_ptr<const Plan> plan;
  std::unique_ptr<RegisterPlan> registers;  // null: the rule is not matched with registers
};

}  // namespace spate

#endif  // SPATE_TESTS_RUNTIME_MATCH_REGISTER_RULE_H_
