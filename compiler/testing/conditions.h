// Conditions: the parts of a rule's conditions, each evaluated by itself, with what it reads.
//
// `amount > 400.00 and card == small.card` is two conditions. One that stands at several steps of
// the automaton (`A{3}`) is one, told by its place in the text. Not thread-safe (scratch). Tested
// by tests/compiler/testing.
#ifndef SPATE_COMPILER_TESTING_CONDITIONS_H_
#define SPATE_COMPILER_TESTING_CONDITIONS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "compiler/source/source.h"
#include "runtime/expr/program.h"
#include "runtime/model/plan.h"

namespace spate {

// Where a condition is evaluated: the context without what it reads of other events.
struct ConditionScene {
  EvalContext context;
  absl::FunctionRef<Value(const BoundRef&)> bound;
  absl::FunctionRef<Value(const PrevRef&)> prev;
};

// A condition that was false, in words.
struct FalseCondition {
  Origin origin;
  bool is_equality = false;
  std::string text;                                         // `amount > 400.00`
  std::vector<std::pair<std::string, std::string>> values;  // `amount`, `24.5`
};

class ConditionSet {
 public:
  struct Count {
    Origin origin;
    uint64_t yes = 0;
    uint64_t no = 0;
  };
  // Conditions that hold together, by index into counts().
  using Parts = std::vector<size_t>;

  explicit ConditionSet(const SourceMap& sources) : sources_(sources) {}

  // The parts of a condition; none for null. Rules share equal conditions, which then have the
  // place of the first: a part that stands in the text of `around` too is told by that place.
  absl::StatusOr<Parts> Add(const ExprPtr& condition, const Origin& around);
  // Evaluates and counts each; what was false is appended to `fails`, which may be null.
  void Evaluate(const Parts& parts, const ConditionScene& scene,
                std::vector<FalseCondition>* fails);

  const std::vector<Count>& counts() const { return counts_; }
  std::string TextOf(const Origin& origin) const;

 private:
  struct Leaf {
    std::string text;
    Type type;
    Program program;
  };
  struct Part {
    size_t count;
    bool is_equality;
    Program program;
    std::vector<Leaf> leaves;
  };
  absl::Status AddPart(const ExprPtr& condition, const Origin& around, Parts* parts);
  Origin PlaceIn(const Origin& origin, const Origin& around) const;
  absl::Status AddLeaves(const Expr& e, std::vector<Leaf>* leaves) const;
  Value Run(const Program& program, const ConditionScene& scene);
  size_t CountOf(const Origin& origin);

  const SourceMap& sources_;
  std::vector<Part> parts_;
  std::vector<Count> counts_;
  std::vector<Value> bound_;
  std::vector<Value> prev_;
};

}  // namespace spate

#endif  // SPATE_COMPILER_TESTING_CONDITIONS_H_
