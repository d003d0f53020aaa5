// Check: the list of stages. Each file beside this one is one of them.
#include "compiler/check/check.h"

#include <utility>

#include "compiler/check/constants.h"
#include "compiler/check/emits.h"
#include "compiler/check/event_types.h"
#include "compiler/check/imports.h"
#include "compiler/check/layers.h"
#include "compiler/check/lints.h"
#include "compiler/check/names.h"
#include "compiler/check/program.h"
#include "compiler/check/rules.h"
#include "compiler/check/views.h"

namespace spate {
namespace {

// Feeders first, so that a derived type has its attributes before a rule reads it.
std::vector<RuleResult> CheckAllRules(Program& program) {
  std::vector<std::vector<TypeId>> emitted = DeclareEmitted(program);
  Layers layers = OrderRules(program, emitted);
  InferredTypes inferred(program);
  std::vector<RuleResult> results(program.rules.size());
  for (size_t rule : layers.order) {
    for (TypeId t : layers.reads[rule]) inferred.Finish(t);
    results[rule] = CheckRule(program, rule, layers.reads[rule], emitted[rule]);
    results[rule].rule.layer = layers.layer[rule];
    inferred.Add(results[rule].emits);
    if (!results[rule].refused) continue;
    for (TypeId t : emitted[rule]) {  // what a refused rule derives is not known
      if (t.valid() && !program.type(t).declared) program.type_infos[t.index()].poisoned = true;
    }
  }
  inferred.FinishAll();
  return results;
}

}  // namespace

CheckedRules Check(const std::vector<ast::File>& files, const SourceMap& sources,
                   const CheckOptions& options, Diagnostics* diagnostics) {
  Program program(files, sources, options, diagnostics);
  CollectImports(program);
  DeclareNames(program);
  DeclareAttributes(program);
  CheckConstants(program);
  CheckComputedAttributes(program);
  std::vector<RuleResult> results = CheckAllRules(program);
  CheckUnusedViews(program);
  LintUnused(program);

  CheckedRules out;
  for (RuleResult& result : results) {
    for (const PendingEmit& emit : result.emits) {
      result.rule.emits.push_back(FinishEmit(program, emit));
    }
    out.rules.push_back(std::move(result.rule));
  }
  out.types.assign(std::make_move_iterator(program.types.begin()),
                   std::make_move_iterator(program.types.end()));
  return out;
}

}  // namespace spate
