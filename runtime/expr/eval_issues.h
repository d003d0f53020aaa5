// EvalIssues: what all evaluations of one rule share: counts of values that became null on the way,
// by place, and the tables that rules look up.
//
// The few distinct places of one rule stand in a small array; adding allocates only for a new one.
// Not thread-safe. Tested by tests/runtime/expr/program_test.cc.
#ifndef SPATE_RUNTIME_EXPR_EVAL_ISSUES_H_
#define SPATE_RUNTIME_EXPR_EVAL_ISSUES_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "runtime/model/expr.h"
#include "runtime/model/scalar_ops.h"
#include "runtime/model/table.h"

namespace spate {

class EvalIssues {
 public:
  struct Entry {
    Origin origin;
    EvalFault fault;
    uint64_t count;
  };

  void Add(const Origin& origin, EvalFault fault, uint64_t count = 1) {
    for (Entry& e : entries_) {
      if (e.origin == origin && e.fault == fault) {
        e.count += count;
        return;
      }
    }
    entries_.push_back({origin, fault, count});
  }

  // In the order in which they first appeared.
  absl::Span<const Entry> entries() const { return entries_; }

  // One table for each TablePlan of the plan.
  absl::Span<const std::shared_ptr<const Table>> tables() const { return tables_; }
  // `tables` must outlive this.
  void set_tables(absl::Span<const std::shared_ptr<const Table>> tables) { tables_ = tables; }

 private:
  std::vector<Entry> entries_;
  absl::Span<const std::shared_ptr<const Table>> tables_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_EXPR_EVAL_ISSUES_H_
