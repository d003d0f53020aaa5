// Which threads an event does something to. Part of RegisterMatcher; see register_matcher.h.
#include <algorithm>

#include "runtime/match/register_matcher.h"

namespace spate {

// Of one partition's threads of one stance: those that can take the event, that a ban closes moves
// of, or, where a move was for the very next event, all.
void RegisterMatcher::Meet(const RegisterEntries::Bucket& bucket) {
  const Stances::Stance stance = stances_[bucket.stance];
  for (const RegisterProbe& probe : plan_->probes(stance.state, event_->type())) {
    if (((probe.takes | probe.closes) & stance.open) == 0 || !Accepts(probe)) continue;
    MeetBy(probe, bucket, stance.open);
  }
  if ((stance.open & masks_[stance.state.index()].strict) == 0) return;
  for (EntryId id = bucket.first; id != kNoEntry; id = entries_[id].next) Touch(id, 0, 0);
}

void RegisterMatcher::MeetBy(const RegisterProbe& probe, const RegisterEntries::Bucket& bucket,
                             uint64_t open) {
  const RegisterAsk& ask = probe.ask;
  const uint64_t takes = probe.takes & open;
  const uint64_t closes = probe.closes & open;
  if (ask.index == RegisterAsk::kScan) {
    for (EntryId id = bucket.first; id != kNoEntry; id = entries_[id].next) {
      if (!ask.whole.has_value() || Holds(*ask.whole, entries_.Values(id))) {
        Touch(id, takes, closes);
      }
    }
    return;
  }
  equal_.clear();
  for (const EventSide& side : ask.equal) {
    equal_.push_back(ValueOf(side));
    if (equal_.back().is_null()) return;
  }
  const Value order = ask.order.has_value() ? ValueOf(*ask.order) : Value::Null();
  const RegisterEntries::Sought sought{static_cast<size_t>(ask.index), equal_, ask.op, order};
  entries_.Find(slot_, bucket, sought, [&](EntryId id) {
    if (!ask.rest.has_value() || Holds(*ask.rest, entries_.Values(id))) Touch(id, takes, closes);
  });
}

// The transitions of the start that take the event.
uint64_t RegisterMatcher::FreshTakes() {
  uint64_t takes = 0;
  for (const RegisterProbe& probe : plan_->probes(pattern_.start, event_->type())) {
    if (probe.takes == 0 || !Accepts(probe)) continue;
    const RegisterAsk& ask = probe.ask;
    if (!ask.whole.has_value() || Holds(*ask.whole, nulls_)) takes |= probe.takes;
  }
  return takes;
}

// What the step asks of the event alone, and of its key.
bool RegisterMatcher::Accepts(const RegisterProbe& probe) const {
  if (!event_->bits->Test(probe.predicate, event_->row)) return false;
  if (event_->view == nullptr) return true;
  const std::vector<uint32_t>& steps = event_->view->steps;
  return std::binary_search(steps.begin(), steps.end(), probe.step);
}

void RegisterMatcher::Touch(EntryId id, uint64_t takes, uint64_t closes) {
  RegisterEntries::Head& head = entries_[id];
  if (head.touched == 0) {
    Touched& t = touched_.emplace_back();
    t.id = id;
    t.set = head.set;
    t.latest = head.latest;
    t.stance = head.stance;
    t.expired = head.latest < oldest_;
    head.touched = static_cast<uint32_t>(touched_.size());
  }
  touched_[head.touched - 1].takes |= takes;
  touched_[head.touched - 1].closes |= closes;
}

EvalContext RegisterMatcher::Context() {
  EvalContext context;
  context.batch = event_->batch;
  context.row = event_->row;
  context.time = clock_;
  context.keys = keys_.data();
  context.issues = issues_;
  return context;
}

Value RegisterMatcher::ValueOf(const EventSide& side) {
  if (side.field.valid()) return event_->batch->Get(event_->row, side.field);
  EvalContext context = Context();
  context.scratch = &event_scratch_;
  return side.program->Eval(context);
}

bool RegisterMatcher::Holds(const RegisterCondition& condition, absl::Span<const Value> registers) {
  bound_.clear();
  for (uint32_t slot : condition.slots) bound_.push_back(registers[slot]);
  scratch_.Reset();
  EvalContext context = Context();
  context.bound = bound_.data();
  context.scratch = &scratch_;
  return condition.program.Holds(context);
}

// What the indexes of the entry's state compute of its registers.
void RegisterMatcher::Compute(EntryId id, StateId state) {
  const absl::Span<Value> values = entries_.Values(id);
  const auto compute = [&](const IndexColumn& column) {
    if (!column.computed.has_value()) return;
    bound_.clear();
    for (uint32_t slot : column.computed->slots) bound_.push_back(values[slot]);
    scratch_.Reset();
    EvalContext context = Context();
    context.bound = bound_.data();
    context.scratch = &scratch_;
    values[column.slot] = entries_.Own(column.computed->program.Eval(context));
  };
  for (const RegisterIndex& index : plan_->asks(state).indexes()) {
    for (const IndexColumn& column : index.equal) compute(column);
    if (index.order.has_value()) compute(*index.order);
  }
}

}  // namespace spate
