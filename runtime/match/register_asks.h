// RegisterAsks: what a step's condition on earlier events asks of threads, taken apart so that
// those it holds for can be found without looking at the others.
//
// A thread that waits in a state has *registers*: the values of bound events that a later condition
// still reads. Of the conjuncts of a residual, `f(event) == g(registers)` and one
// `f(event) < g(registers)` (`<=` `>` `>=`) choose threads through an index over g; the others are
// tested on what the index gives. A conjunct that could report a fault (a division by zero, say)
// is taken for an index only when it stands first: no other one guards it.
// Thread-safety: constant after construction. Tested by tests/property.
#ifndef SPATE_RUNTIME_MATCH_REGISTER_ASKS_H_
#define SPATE_RUNTIME_MATCH_REGISTER_ASKS_H_

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/base/ids.h"
#include "runtime/expr/program.h"
#include "runtime/model/expr.h"

namespace spate {

// Whether a residual reads only what registers can hold: attributes and times of the last event of
// a variable, keys and the event at hand.
bool ReadsRegistersOnly(const Expr& residual);

// Adds what `residual` reads of bound events, each once.
void AddRegisters(const Expr& residual, std::vector<BoundRef>* registers);
bool SameRegister(const BoundRef& a, const BoundRef& b);

// A condition over the event and the registers of one state.
struct RegisterCondition {
  Program program;
  std::vector<uint32_t> slots;  // the register of each of the program's bound_refs()
};

// One value that an index goes by: a register, or an expression over registers.
struct IndexColumn {
  ExprPtr value;
  uint32_t slot = 0;                          // the register; or where the value is kept, behind
  std::optional<RegisterCondition> computed;  // the registers, when it is computed
};

// Threads of one stance by the values of `equal`, and among equal ones sorted by `order`.
struct RegisterIndex {
  std::vector<IndexColumn> equal;
  std::optional<IndexColumn> order;
};

// The side of a comparison that reads the event.
struct EventSide {
  FieldId field;                   // a plain attribute; invalid: `program`
  std::optional<Program> program;  // no bound references
};

struct RegisterAsk {
  static constexpr int32_t kScan = -1;

  std::optional<RegisterCondition> whole;  // none: it holds for every thread
  int32_t index = kScan;                   // into the state's indexes; kScan: ask every thread
  std::vector<EventSide> equal;            // what the index's columns are compared with
  std::optional<EventSide> order;
  Op op = Op::kEq;                        // `order` op the index's order column
  std::optional<RegisterCondition> rest;  // what else must hold of what the index gives
};

// The registers of one state, and its indexes: threads in it are found by what its asks need.
class RegisterAsks {
 public:
  static constexpr size_t kMaxIndexes = 8;  // of one state; asks beyond them scan

  explicit RegisterAsks(std::vector<BoundRef> registers) : registers_(std::move(registers)) {}

  // Adds the register of the first event, which has no variable, and an index in its order.
  static constexpr size_t kStartIndex = 0;
  void AddStart();

  // Takes a residual (null: nothing) apart. InvalidArgument: it does not compile.
  absl::StatusOr<RegisterAsk> Add(const ExprPtr& residual);

  const std::vector<BoundRef>& registers() const { return registers_; }
  const std::vector<RegisterIndex>& indexes() const { return indexes_; }
  uint32_t SlotOf(const BoundRef& ref) const;
  // Values that a thread has here: registers, and what indexes compute of them.
  size_t width() const { return registers_.size() + computed_; }
  // An index without order whose columns are all registers and nothing else, or -1: it tells
  // threads of different registers apart.
  int32_t Identity() const;

 private:
  absl::StatusOr<RegisterCondition> Compile(const Expr& e) const;
  absl::StatusOr<int32_t> FindOrAddIndex(const std::vector<ExprPtr>& equal, const ExprPtr& order);
  absl::StatusOr<IndexColumn> Column(const ExprPtr& value);

  std::vector<BoundRef> registers_;
  std::vector<RegisterIndex> indexes_;
  size_t computed_ = 0;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_REGISTER_ASKS_H_
