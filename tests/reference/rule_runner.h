// RuleRunner: one rule with all its partitions, a pattern rule or a `from` rule.
//
// The driver (run.cc) calls Expire for all that is due before it calls Take. Derived events come
// back in order of report. Not for concurrent use. Tested by tests/reference/examples_test.cc.
#ifndef SPATE_TESTS_REFERENCE_RULE_RUNNER_H_
#define SPATE_TESTS_REFERENCE_RULE_RUNNER_H_

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/reference/eval.h"
#include "tests/reference/machine.h"
#include "tests/reference/model.h"

namespace spate::reference {

// `limit N per D`: a report passes when fewer than N passed in the D before it.
class LimitGate {
 public:
  bool Passes(const Limit& limit, Time now) {
    if (limit.count == 0) return true;
    int64_t before = 0;
    for (Time t : passed_) before += limit.per < 0 || t > now - limit.per ? 1 : 0;
    if (before >= limit.count) return false;
    passed_.push_back(now);
    return true;
  }

 private:
  std::vector<Time> passed_;
};

class RuleRunner {
 public:
  RuleRunner(const Rule& rule, const RuleFile& file);
  virtual ~RuleRunner() = default;

  static std::unique_ptr<RuleRunner> Create(const Rule& rule, const RuleFile& file);

  // The event types of the rule's input, and those it emits.
  const std::set<std::string>& reads() const { return reads_; }
  const std::set<std::string>& emits() const { return emits_; }

  // Takes an event of a type that it reads.
  virtual std::vector<Derived> Take(const EventPtr& event) = 0;
  virtual std::optional<Deadline> Due() const = 0;
  // Whether it may report at a deadline, without a further event.
  virtual bool Speaks() const = 0;
  virtual std::vector<Derived> Expire(Deadline deadline) = 0;
  // The end of input: reports what is complete, all of it or only what has no deadline.
  virtual std::vector<Derived> Close(bool all, Time clock) = 0;

 protected:
  // Whether `from` (if any) admits the event.
  bool Admits(const Event& event) const;
  // Appends the derived events of one report, by the emits of that kind (a rule without emits has
  // one of kReport).
  void EmitAll(EmitKind kind, Scope scope, Time time, std::vector<Derived>* out) const;
  bool HasEmit(EmitKind kind) const;

  const Rule& rule_;

 private:
  std::vector<DeclPtr> emit_types_;  // one per emit (one at least)
  std::set<std::string> reads_;
  std::set<std::string> emits_;
};

// A pattern rule; a `from` rule.
std::unique_ptr<RuleRunner> MakePatternRunner(const Rule& rule, const RuleFile& file);
std::unique_ptr<RuleRunner> MakeWindowRunner(const Rule& rule, const RuleFile& file);

}  // namespace spate::reference

#endif  // SPATE_TESTS_REFERENCE_RULE_RUNNER_H_
