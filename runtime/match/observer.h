// MatchObserver: is told what the matching machines do, step by step: for rule tests, which say
// what of a rule was tried and how near a match came.
//
// MachineOptions::observer is null otherwise, and then costs one look at a pointer for each thread
// and event. Only ThreadMatcher and the window machines tell: run with merge_threads off. What is
// handed over is valid during the call. Called on the engine's thread. Tested by
// tests/compiler/testing.
#ifndef SPATE_RUNTIME_MATCH_OBSERVER_H_
#define SPATE_RUNTIME_MATCH_OBSERVER_H_

#include <cstddef>
#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "runtime/expr/program.h"
#include "runtime/match/machine.h"
#include "runtime/model/plan.h"
#include "runtime/store/event_store.h"

namespace spate {

// A partial match at its place in the automaton.
struct ObservedThread {
  const RulePlan& rule;
  absl::Span<const Value> keys;
  StateId state;
  absl::Span<const Binding> bindings;  // in order; empty: it stands at the start
  const EventStore& store;             // where the bindings live
};

// The event that a thread meets.
struct ObservedEvent {
  const Arrival& arrival;
  EventRef stored;                     // in the thread's store
  absl::Span<const EventRef> history;  // the events before it in the partition, for `prev`
};

enum class MoveOutcome : uint8_t {
  kTaken,
  kCondition,  // what the step asks of the event does not hold
  kBanned,     // a ban with a limit, or at the start, does not let it pass now
  kDeadEnd,    // the thread could not go on from there, and is no match
};

// What ends a partial match, or some of its moves.
enum class ThreadEnd : uint8_t {
  kWindow,
  kGap,     // of the rule, or of a group
  kGroup,   // a group's `within`
  kBanned,  // by an event that a ban forbids
  kBroken,  // the very next event was another one
  kUntil,
  kSkipped,  // a reported match bars it
};

// A window of a `from` rule when `having` is judged.
struct ObservedWindow {
  const RulePlan& rule;
  absl::Span<const Value> keys;
  Time time;
  Time start;
  Time end;
  absl::Span<const Value> aggregates;  // those that `having` reads are known
  absl::FunctionRef<Value(const BoundRef&)> bound;
  Arena* scratch;
  bool holds;
};

class MatchObserver {
 public:
  virtual ~MatchObserver() = default;

  // An open transition of the thread meets an event of a type that its step names. `to`: the state
  // behind it.
  virtual void OnMove(const ObservedThread& thread, size_t transition, const ObservedEvent& event,
                      StateId to, MoveOutcome outcome) = 0;
  // A ban on the way of an open move, or one that the thread waits for, meets an event of a type
  // that it names. `hit`: it forbids the event.
  virtual void OnBan(const ObservedThread& thread, uint32_t ban, const ObservedEvent& event,
                     bool hit) = 0;
  // A ban has been passed: by a move that it guarded, or, at the end, because its time is over.
  virtual void OnBanPassed(const ObservedThread& thread, uint32_t ban) = 0;
  // Time or place has closed moves. `group`: whose bound it is; invalid: the rule's.
  virtual void OnBound(const ObservedThread& thread, ThreadEnd bound, GroupId group) = 0;
  // The thread is at its end. `event`: what ended it, or null.
  virtual void OnEnd(const ObservedThread& thread, ThreadEnd reason,
                     const ObservedEvent* event) = 0;
  // A match is reported, or, with EmitKind::kOnTimeout, a start that gave none.
  virtual void OnReport(const ObservedThread& match, EmitKind kind) = 0;
  // The input is at its end, and the thread was still alive. `next`: when it waits for time alone.
  virtual void OnLeft(const ObservedThread& thread, Deadline next) = 0;

  // `from` rules.
  virtual void OnJudge(const ObservedWindow& window) = 0;
  virtual void OnWindowReport(const RulePlan& rule, absl::Span<const Value> keys,
                              EmitKind kind) = 0;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_OBSERVER_H_
