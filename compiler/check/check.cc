// Check: the list of stages. Each file beside this one is one of them.
#include "compiler/check/check.h"

#include <utility>

#include "compiler/check/check_context.h"
#include "compiler/check/clocks.h"
#include "compiler/check/constants.h"
#include "compiler/check/emits.h"
#include "compiler/check/event_types.h"
#include "compiler/check/fns.h"
#include "compiler/check/imports.h"
#include "compiler/check/layers.h"
#include "compiler/check/lints.h"
#include "compiler/check/names.h"
#include "compiler/check/rule_tests.h"
#include "compiler/check/rules.h"
#include "compiler/check/tables.h"
#include "compiler/check/views.h"

namespace spate {
namespace {

// Feeders first, so that a derived type has its attributes before a rule reads it.
std::vector<RuleResult> CheckAllRules(CheckContext& context) {
  std::vector<std::vector<TypeId>> emitted = DeclareEmitted(context);
  Layers layers = OrderRules(context, emitted);
  InferredTypes inferred(context);
  std::vector<RuleResult> results(context.rules.size());
  for (size_t rule : layers.order) {
    for (TypeId t : layers.reads[rule]) inferred.Finish(t);
    results[rule] = CheckRule(context, rule, emitted[rule]);
    results[rule].rule.layer = layers.layer[rule];
    inferred.Add(results[rule].emits);
    if (!results[rule].refused) continue;
    for (TypeId t : emitted[rule]) {  // what a refused rule derives is not known
      if (t.valid() && !context.type(t).declared) context.type_infos[t.index()].poisoned = true;
    }
  }
  inferred.FinishAll();
  return results;
}

}  // namespace

CheckedRules Check(const std::vector<ast::File>& files, const SourceMap& sources,
                   const CheckOptions& options, Diagnostics* diagnostics) {
  CheckContext context(files, sources, options, diagnostics);
  CollectImports(context);
  DeclareNames(context);
  DeclareAttributes(context);
  CheckFnHeads(context);
  CheckTables(context);
  CheckConstants(context);
  std::vector<ClockPlan> clocks = CheckClocks(context);
  CheckComputedAttributes(context);
  std::vector<RuleResult> results = CheckAllRules(context);
  CheckUnusedViews(context);

  CheckedRules out;
  out.clocks = std::move(clocks);
  for (RuleResult& result : results) {
    for (const PendingEmit& emit : result.emits) {
      result.rule.emits.push_back(FinishEmit(context, emit));
    }
    out.rules.push_back(std::move(result.rule));
  }
  out.tests = CheckTests(context, out.rules);
  CheckUncalledFns(context);
  LintUnused(context);
  out.tables = std::move(context.table_plans);
  out.types.assign(std::make_move_iterator(context.types.begin()),
                   std::make_move_iterator(context.types.end()));
  return out;
}

}  // namespace spate
