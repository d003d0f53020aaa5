#include "runtime/match/register_matcher.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "runtime/match/merged_threads.h"

namespace spate {
namespace {

// Words of text that weigh as much as a node of the forest when it is time to compact.
constexpr size_t kBytesOfNode = sizeof(uint64_t) * 4;

}  // namespace

RegisterMatcher::RegisterMatcher(const RulePlan& rule, std::unique_ptr<RegisterPlan> plan,
                                 EventStore* store, EvalIssues* issues,
                                 const MachineOptions& options)
    : rule_(rule),
      pattern_(*rule.pattern),
      plan_(std::move(plan)),
      store_(*store),
      issues_(issues),
      max_entries_(options.max_partial_matches),
      first_only_(rule.pattern->policy.kind == SkipPolicy::Kind::kPastLastEvent),
      starts_apart_(KeepsStartsApart(*rule.pattern)),
      starts_(rule.pattern->within),
      masks_(MakeStateMasks(*rule.pattern)),
      stances_(masks_),
      reports_(rule, &forest_, store, options.max_partial_matches),
      entries_(*plan_, stances_, WaitingStates(masks_, rule.pattern->start),
               options.index_matches_from),
      check_at_(options.max_partial_matches),
      nulls_(plan_->max_width()) {}

absl::StatusOr<std::unique_ptr<RegisterMatcher>> RegisterMatcher::Create(
    const RulePlan& rule, EventStore* store, EvalIssues* issues, const MachineOptions& options) {
  absl::StatusOr<std::unique_ptr<RegisterPlan>> registers = RegisterPlan::Create(*rule.pattern);
  if (!registers.ok()) return registers.status();
  return std::unique_ptr<RegisterMatcher>(
      new RegisterMatcher(rule, *std::move(registers), store, issues, options));
}

// All that the event does is found out first, from the threads as they were before it.
absl::Status RegisterMatcher::OnEvent(uint32_t slot, absl::Span<const Value> keys,
                                      const Arrival& event, ReportSink* sink) {
  clock_ = event.time();
  MaybeCompact();
  entries_.Reach(slot);
  const uint64_t count = ++entries_.Count(slot);
  event_ = &event;
  keys_ = keys;
  slot_ = slot;
  start_ = starts_.Of(count, clock_);
  oldest_ = starts_.Oldest(count, clock_);
  event_scratch_.Reset();
  touched_.clear();
  for (const RegisterEntries::Bucket& bucket : entries_.Buckets(slot)) Meet(bucket);
  const uint64_t fresh = FreshTakes();
  if (touched_.empty() && fresh == 0) return absl::OkStatus();
  stored_ = kNoEvent;
  complete_.clear();
  keeps_new_ = false;
  first_new_ = static_cast<SetId>(forest_.size());
  const size_t words = store_.words();
  Detach();
  for (const Touched& t : touched_) TakeAll(t);
  if (fresh != 0) {
    Touched start;
    start.latest = start_;
    start.stance = pattern_.start.value;
    start.takes = fresh;
    TakeAll(start);
  }
  for (const Touched& t : touched_) {
    if (t.unlinked) GoOn(t);
  }
  absl::Status status = complete_.empty() ? absl::OkStatus() : ReportMatches(slot, sink);
  if (!keeps_new_) {
    forest_.Truncate(first_new_);
    store_.Truncate(words);
  }
  return status.ok() ? CheckBudget() : status;
}

// Takes away what the threads that go on without the event cannot do any more.
void RegisterMatcher::Detach() {
  for (Touched& t : touched_) {
    entries_[t.id].touched = 0;
    const Stances::Stance stance = stances_[t.stance];
    const StateMasks& m = masks_[stance.state.index()];
    if (t.expired) t.takes = 0;
    if (!t.expired) {
      t.open = StayOpen(pattern_.states[stance.state.index()], m, stance.open, t.takes) & ~t.closes;
    }
    t.unlinked = t.open != stance.open;
    if (t.unlinked) entries_.Unlink(t.id);
  }
}

void RegisterMatcher::TakeAll(const Touched& threads) {
  for (uint64_t bits = threads.takes; bits != 0; bits &= bits - 1) {
    TakeBy(threads, static_cast<size_t>(__builtin_ctzll(bits)));
  }
}

void RegisterMatcher::TakeBy(const Touched& threads, size_t transition) {
  const StateId state = stances_[threads.stance].state;
  const StateId target = pattern_.states[state.index()].transitions[transition].target;
  const StateMasks& m = masks_[target.index()];
  const uint64_t open = m.accepting ? m.after_match : m.all;
  if (open == 0) {
    complete_.push_back(Taken(threads, transition, kNoSet));
    return;
  }
  const StanceId stance = stances_.Of(target, open);
  RegistersAfter(threads, transition, target);
  const EntryId same = entries_.FindSame(slot_, stance, registers_);
  // The usual case, where the event is one more after what is there, takes one node.
  if (same != kNoEntry && !m.accepting && !OneStays() && entries_[same].latest <= threads.latest) {
    const SetId also = entries_[same].latest < oldest_ ? kNoSet : entries_[same].set;
    SetTo(same, Taken(threads, transition, also), threads.latest);
    return;
  }
  const SetId taken = Taken(threads, transition, kNoSet);
  if (m.accepting) complete_.push_back(taken);
  if (same != kNoEntry) {
    Merge(same, taken, threads.latest);
  } else {
    Add(stance, taken, threads.latest, plan_->sources(state, transition));
  }
}

SetId RegisterMatcher::Taken(const Touched& threads, size_t transition, SetId also) {
  const Transition& t =
      pattern_.states[stances_[threads.stance].state.index()].transitions[transition];
  const VarId var = pattern_.steps[t.step].var;
  if (threads.set == kNoSet) return forest_.Start(Stored(), start_, transition, var, also);
  return forest_.Extend(threads.set, threads.latest, Stored(), transition, var, also);
}

// The threads that go on without the event with less than they had.
void RegisterMatcher::GoOn(const Touched& threads) {
  if (threads.open == 0) {
    entries_.Free(threads.id);
    return;
  }
  const StateId state = stances_[threads.stance].state;
  const StanceId stance = stances_.Of(state, threads.open);
  const size_t registers = plan_->registers(state).size();
  const EntryId same =
      entries_.FindSame(slot_, stance, entries_.Values(threads.id).first(registers));
  if (same != kNoEntry) {
    Merge(same, threads.set, threads.latest);
    entries_.Free(threads.id);
    return;
  }
  entries_[threads.id].stance = stance;
  entries_.Link(threads.id);
}

// Puts the registers of the threads after the transition into registers_.
void RegisterMatcher::RegistersAfter(const Touched& threads, size_t transition, StateId target) {
  const std::vector<uint32_t>& sources = plan_->sources(stances_[threads.stance].state, transition);
  const std::vector<BoundRef>& refs = plan_->registers(target);
  registers_.clear();
  for (size_t r = 0; r < sources.size(); ++r) {
    if (sources[r] == RegisterPlan::kFromEvent) {
      registers_.push_back(FromEvent(refs[r]));
    } else if (threads.id == kNoEntry) {
      const auto start = static_cast<int64_t>(event_->sequence());
      registers_.push_back(refs[r].var.valid() ? Value::Null() : Value::Int(start));
    } else {
      registers_.push_back(entries_.Values(threads.id)[sources[r]]);
    }
  }
}

Value RegisterMatcher::FromEvent(const BoundRef& ref) const {
  if (ref.is_time) return Value::OfTime(clock_);
  for (const TypeField& f : ref.fields) {
    if (f.type == event_->type()) return event_->batch->Get(event_->row, f.field);
  }
  return Value::Null();
}

// A new entry with registers_. Text that is the event's is copied.
void RegisterMatcher::Add(StanceId stance, SetId set, int64_t latest,
                          const std::vector<uint32_t>& sources) {
  const EntryId id = entries_.New();
  RegisterEntries::Head& head = entries_[id];
  head.slot = slot_;
  head.stance = stance;
  const absl::Span<Value> values = entries_.Values(id);
  for (size_t r = 0; r < registers_.size(); ++r) {
    const bool of_event = sources[r] == RegisterPlan::kFromEvent;
    values[r] = of_event ? entries_.Own(registers_[r]) : registers_[r];
  }
  Compute(id, stances_[stance].state);
  SetTo(id, set, latest);
  entries_.Link(id);
  DropOld(stance);
}

// For each new entry two that have left the window go, so that they do not pile up. (What the event
// has touched is either in the window or taken out already.)
void RegisterMatcher::DropOld(StanceId stance) {
  for (int i = 0; i < 2; ++i) {
    const EntryId first = entries_.First(slot_, stance);
    if (first == kNoEntry || entries_[first].latest >= oldest_) return;
    entries_.Unlink(first);
    entries_.Free(first);
  }
}

void RegisterMatcher::Merge(EntryId same, SetId set, int64_t latest) {
  const RegisterEntries::Head& h = entries_[same];
  if (OneStays()) {
    if (forest_.SingleComesFirst(set, h.set)) SetTo(same, set, latest);
    return;
  }
  SetTo(same, forest_.Union(h.set, h.latest, set, latest, oldest_), std::max(h.latest, latest));
}

void RegisterMatcher::SetTo(EntryId id, SetId set, int64_t latest) {
  entries_[id].set = set;
  entries_[id].latest = latest;
  keeps_new_ |= set >= first_new_;
}

EventRef RegisterMatcher::Stored() {
  if (stored_ == kNoEvent) stored_ = store_.Add(*event_->batch, event_->row);
  return stored_;
}

absl::Status RegisterMatcher::ReportMatches(uint32_t slot, ReportSink* sink) {
  const SetReports::Moment moment{complete_, oldest_, clock_, keys_, sink};
  if (starts_apart_) {
    absl::Status status = reports_.ByStart(moment, &bars_);
    for (const StartBar& bar : bars_) EndBarred(bar);
    return status;
  }
  if (!first_only_) return reports_.All(moment);
  if (reports_.First(moment)) {
    entries_.Clear(slot);
    keeps_new_ = false;
  }
  return absl::OkStatus();
}

// Ends the partial matches whose starts a report bars.
void RegisterMatcher::EndBarred(const StartBar& bar) {
  barred_.clear();
  const auto collect = [&](EntryId id) { barred_.push_back(id); };
  const Value bound = Value::Int(static_cast<int64_t>(bar.bound));
  const Value start = Value::Int(static_cast<int64_t>(bar.start));
  for (const RegisterEntries::Bucket& bucket : entries_.Buckets(slot_)) {
    entries_.Find(slot_, bucket, {RegisterAsks::kStartIndex, {}, Op::kGt, bound}, collect);
    if (bar.start < bar.bound) continue;
    entries_.Find(slot_, bucket, {RegisterAsks::kStartIndex, {}, Op::kEq, start}, collect);
  }
  for (EntryId id : barred_) {
    entries_.Unlink(id);
    entries_.Free(id);
  }
}

// What has left the window may still be counted: it is given back before the budget is called
// spent, and then not again before a sixteenth of it has been added.
absl::Status RegisterMatcher::CheckBudget() {
  if (entries_.size() <= check_at_) return absl::OkStatus();
  Compact();
  if (entries_.size() > max_entries_) {
    return absl::ResourceExhaustedError(
        absl::StrCat("rule `", rule_.name, "` has more than ", max_entries_,
                     " partial matches: shorten its window, or ask for less with the skip policy"));
  }
  check_at_ = std::max(max_entries_, entries_.size() + max_entries_ / 16);
  return absl::OkStatus();
}

void RegisterMatcher::MaybeCompact() {
  if (forest_.size() + store_.words() / 4 + entries_.text_bytes() / kBytesOfNode >= compact_at_) {
    Compact();
  }
}

// Gives back what has left the window. It is time for it when as much has been added as was live
// after the last time.
void RegisterMatcher::Compact() {
  const auto slots = static_cast<uint32_t>(entries_.partitions());
  std::vector<EntryId> old;
  forest_.BeginMark();
  for (uint32_t slot = 0; slot < slots; ++slot) {
    const int64_t oldest = starts_.Oldest(entries_.Count(slot), clock_);
    for (const RegisterEntries::Bucket& b : entries_.Buckets(slot)) {
      for (EntryId id = b.first; id != kNoEntry; id = entries_[id].next) {
        forest_.Mark(entries_[id].set, oldest);
        if (entries_[id].latest < oldest) old.push_back(id);
      }
    }
  }
  for (EntryId id : old) {
    entries_.Unlink(id);
    entries_.Free(id);
  }
  forest_.Compact(&store_);
  for (uint32_t slot = 0; slot < slots; ++slot) {
    for (const RegisterEntries::Bucket& b : entries_.Buckets(slot)) {
      for (EntryId id = b.first; id != kNoEntry; id = entries_[id].next) {
        entries_[id].set = forest_.Forwarded(entries_[id].set);
      }
    }
  }
  forest_.Forget();
  entries_.Compact();
  const size_t live = forest_.size() + store_.words() / 4 + entries_.text_bytes() / kBytesOfNode +
                      entries_.partitions();
  compact_at_ = std::max(size_t{1} << 16, 2 * live);
}

}  // namespace spate
