// WindowParts: what is made of a `from` rule once, for whatever kind of window it has.
//
// Not thread-safe (scratch, and the store). Tested by tests/runtime/match/window_machine_test.cc.
#ifndef SPATE_RUNTIME_MATCH_WINDOW_PARTS_H_
#define SPATE_RUNTIME_MATCH_WINDOW_PARTS_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "runtime/match/key_index.h"
#include "runtime/match/machine.h"
#include "runtime/match/rule_keys.h"
#include "runtime/match/window_aggregates.h"
#include "runtime/match/window_arguments.h"
#include "runtime/match/window_report.h"
#include "runtime/store/event_store.h"

namespace spate {

// Which events of a rule's input something takes: types with predicates.
class EventSet {
 public:
  // `all`: what an empty list stands for.
  EventSet(const std::vector<StepInput>& inputs, bool all) : all_(inputs.empty() && all) {
    for (const StepInput& input : inputs) by_type_[input.type] = input.predicate;
  }
  bool Has(const Arrival& event) const {
    if (all_) return true;
    const PredicateId* predicate = by_type_.Find(event.type());
    return predicate != nullptr && event.bits->Test(*predicate, event.row);
  }

 private:
  bool all_;
  TypeTable<PredicateId> by_type_;
};

struct WindowParts {
  // `plan`, `rule` and `issues` must outlive the parts.
  static absl::StatusOr<std::unique_ptr<WindowParts>> Create(const Plan& plan, const RulePlan& rule,
                                                             const MachineOptions& options,
                                                             EvalIssues* issues);
  WindowParts(const Plan& plan, const RulePlan& rule, bool keep_matched)
      : from(*rule.from),
        members(rule.from->members, /*all=*/true),
        ending(rule.from->ending, /*all=*/false),
        events_read(WindowReporter::EventsRead(rule, keep_matched)),
        store(WindowReporter::KeptTypes(plan, rule, keep_matched)),
        key_index(RuleKeys::Kinds(rule)) {}

  // Puts an event into the store of what is reported later.
  EventRef Store(const Arrival& event) { return store.Add(*event.batch, event.row); }
  // Whether it is time to compact the store; Compacted must follow.
  bool StoreIsFull() const { return store.words() > compact_at; }
  void Compacted();

  const FromPlan& from;
  EventSet members;  // what is in the windows
  EventSet ending;   // what closes them
  WindowEventsRead events_read;
  EventStore store;
  KeyIndex key_index;
  std::unique_ptr<RuleKeys> keys;
  std::unique_ptr<WindowArguments> arguments;
  std::unique_ptr<WindowAggregates> aggregates;
  std::unique_ptr<WindowReporter> reporter;

 private:
  static constexpr size_t kWordsBeforeCompaction = 64 * 1024;
  size_t compact_at = kWordsBeforeCompaction;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_WINDOW_PARTS_H_
