// RuleKeys: the key of an event for one rule (`by`), as values.
//
// Not thread-safe (scratch). Tested by tests/property.
#ifndef SPATE_RUNTIME_MATCH_RULE_KEYS_H_
#define SPATE_RUNTIME_MATCH_RULE_KEYS_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "runtime/base/arena.h"
#include "runtime/expr/program.h"
#include "runtime/match/machine.h"
#include "runtime/model/plan.h"

namespace spate {

class RuleKeys {
 public:
  static absl::StatusOr<std::unique_ptr<RuleKeys>> Create(const Plan& plan, const RulePlan& rule,
                                                          EvalIssues* issues);

  // The kinds of the keys, for a KeyIndex.
  static std::vector<Kind> Kinds(const RulePlan& rule);

  bool empty() const { return width_ == 0; }

  // The hash of the event's keys in a KeyIndex, without collecting them where the key is one
  // number; false when one of them is null.
  bool Hash(const Arrival& event, uint64_t* hash);

  // The event's keys, valid until the next call; false when one of them is null.
  bool Get(const Arrival& event, absl::Span<const Value>* keys);

 private:
  struct Source {   // one key of one event type
    FieldId field;  // valid: the attribute itself
    int32_t program = -1;
  };
  RuleKeys() = default;

  size_t width_ = 0;
  std::vector<std::vector<Source>> by_type_;  // by TypeId
  std::vector<Program> programs_;
  std::vector<Value> values_;
  Arena scratch_;
  EvalIssues* issues_ = nullptr;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_RULE_KEYS_H_
