// WindowAggregates: how the aggregates of a `from` rule are kept up to date, and read.
//
// A window has totals: some words that change with each event. `count` and sums of integers are
// added and, in a sliding window, subtracted again; sums of floats, min, max, first and last are
// folded, which a sliding window does by two stacks (windows/sliding.h, of which this class is the
// Ops), and so are the moments of `variance` and `stddev`; `collect` keeps the values themselves;
// `percentile`, `count_distinct` and the like have a Tally for each window. Equal work is shared:
// `avg` is a sum and a count. A record is what one event contributes; windows from which no event
// leaves fold it at once and do not keep it.
//
//   record: time | bits of the counts | one word a sum | a Value a fold | a Value a list |
//           5 words of moments | one word a tally | extra
//   totals: one word a count | two words a sum | a Value a fold | 5 words of moments |
//           the address of each tally
//
// Totals are zeros before the first Reset, which gives them their tallies, and are given back by
// Release.
// Not thread-safe: windows share the pool of tallies. Tested by
// tests/runtime/match/window_machine_test.cc.
#ifndef SPATE_RUNTIME_MATCH_WINDOW_AGGREGATES_H_
#define SPATE_RUNTIME_MATCH_WINDOW_AGGREGATES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "runtime/base/arena.h"
#include "runtime/expr/program.h"
#include "runtime/match/tally.h"
#include "runtime/match/window_arguments.h"
#include "runtime/match/window_values.h"
#include "runtime/model/plan.h"

namespace spate {

// What a window holds when an aggregate is read.
struct WindowContent {
  size_t events = 0;
  const uint64_t* totals = nullptr;
  const uint64_t* front = nullptr;  // the record with the aggregates of the front, or null
  // Calls `take` with each value that an event contributed to list number `list`, in order.
  using Take = absl::FunctionRef<void(const Value&)>;
  absl::FunctionRef<void(size_t list, Take take)> for_each;
};

class WindowAggregates {
 public:
  // `extra_words` of each record are left to the caller.
  // `events_leave`: Remove will be called.
  WindowAggregates(const RulePlan& rule, const WindowArguments& arguments, size_t extra_words,
                   bool events_leave);

  // The Ops of a SlidingAggregator; tumbling windows use Reset and Add.
  size_t record_words() const { return extra_ + extra_words_; }
  bool two_stacks() const { return !folds_.empty() || !moments_.empty(); }
  void Reset(uint64_t* totals) const;
  void ResetBack(uint64_t* totals) const;
  void Add(uint64_t* totals, const uint64_t* record) const;
  void Remove(uint64_t* totals, const uint64_t* record) const;
  void Turn(uint64_t* record, const uint64_t* newer) const;

  size_t totals_words() const { return totals_words_; }
  bool has_tallies() const { return !tallies_.empty(); }
  // Adds the event to the window's tallies, and notes in `record`, if there is one, what Remove
  // needs.
  void AddToTallies(uint64_t* totals, absl::Span<const Value> arguments, uint64_t* record) const;
  // Takes the tallies away from totals that are not used any more.
  void Release(uint64_t* totals) const;
  // Writes what an event contributes, from word 1 of the record on.
  void Fill(uint64_t* record, absl::Span<const Value> arguments) const;
  size_t extra_word() const { return extra_; }

  // Arguments whose values outlive the event, and so must be owned.
  const std::vector<uint32_t>& kept_arguments() const { return kept_arguments_; }
  // Words of the totals where a folded Value begins that may have content to be owned.
  const std::vector<uint32_t>& folded_values() const { return folded_values_; }

  // Words where a Value begins: in records, and in totals.
  const std::vector<uint32_t>& record_values() const { return record_values_; }

  size_t lists() const { return lists_.size(); }
  // What a record contributes to a list; absent or null where nothing.
  Value ListValue(const uint64_t* record, size_t list) const {
    return LoadValue(record + lists_[list].record);
  }

  // The value of one aggregate. Lists are made in `scratch`. An overflow is null and reported.
  Value Result(size_t aggregate, const WindowContent& content, Arena* scratch,
               EvalIssues* issues) const;

 private:
  enum class FoldKind : uint8_t { kSum, kMin, kMax, kFirst, kLast };
  static constexpr uint32_t kNone = ~uint32_t{0};

  struct Count {
    uint32_t argument;
    uint32_t totals = 0;
  };
  struct Sum {
    uint32_t argument;
    uint32_t record = 0;
    uint32_t totals = 0;
  };
  struct Fold {
    FoldKind kind;
    uint32_t argument;
    uint32_t record = 0;
    uint32_t totals = 0;
  };
  struct List {
    uint32_t argument;
    uint32_t record = 0;
  };
  struct MomentsPart {
    uint32_t argument;
    uint32_t record = 0;
    uint32_t totals = 0;
  };
  struct TallyPart {
    TallyKind kind;
    uint32_t argument;
    uint32_t count = 0;  // the count whose bit says that the event has a value
    uint32_t record = 0;
    uint32_t totals = 0;
  };
  // Tallies that no window has at the moment are used again.
  struct TallyPool {
    std::vector<std::unique_ptr<Tally>> all;
    std::vector<std::vector<Tally*>> free;  // by place in tallies_
  };
  // Where an aggregate finds its parts; kNone: it has no such part.
  struct Reading {
    AggregateKind kind;
    Type type;
    Origin origin;
    uint32_t count = kNone;
    uint32_t sum = kNone;
    uint32_t fold = kNone;
    uint32_t list = kNone;
    uint32_t moments = kNone;
    uint32_t tally = kNone;
    double parameter = 0;
  };

  void AddReading(const Aggregate& aggregate, uint32_t argument);
  uint32_t AddCount(uint32_t argument);
  uint32_t AddSum(uint32_t argument);
  uint32_t AddFold(FoldKind kind, uint32_t argument);
  uint32_t AddList(uint32_t argument);
  uint32_t AddMoments(uint32_t argument);
  uint32_t AddTally(TallyKind kind, uint32_t argument);
  Tally* TallyOf(const uint64_t* totals, const TallyPart& part) const {
    return reinterpret_cast<Tally*>(totals[part.totals]);
  }
  void ResetTallies(uint64_t* totals) const;
  void PlaceWords();
  void FindOwned();

  static Value Combine(FoldKind kind, const Value& earlier, const Value& later);
  int64_t CountOf(const Reading& r, const WindowContent& content) const;
  Value FoldOf(const Reading& r, const WindowContent& content) const;
  Value SumOf(const Reading& r, const WindowContent& content, EvalIssues* issues) const;
  Value AverageOf(const Reading& r, const WindowContent& content) const;
  Value MomentsOf(const Reading& r, const WindowContent& content) const;
  Value ListOf(const Reading& r, const WindowContent& content, Arena* scratch) const;

  std::vector<Count> counts_;
  std::vector<Sum> sums_;
  std::vector<Fold> folds_;
  std::vector<List> lists_;
  std::vector<MomentsPart> moments_;
  std::vector<TallyPart> tallies_;
  std::unique_ptr<TallyPool> pool_ = std::make_unique<TallyPool>();
  bool events_leave_;
  std::vector<Reading> readings_;  // by aggregate
  size_t extra_ = 0;
  size_t extra_words_;
  size_t totals_words_ = 0;
  std::vector<uint32_t> kept_arguments_;
  std::vector<uint32_t> folded_values_;
  std::vector<uint32_t> record_values_;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_WINDOW_AGGREGATES_H_
