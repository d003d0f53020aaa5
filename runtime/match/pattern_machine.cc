#include "runtime/match/pattern_machine.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "runtime/match/merged_threads.h"
#include "runtime/match/register_matcher.h"
#include "runtime/match/set_matcher.h"
#include "runtime/match/summary_machine.h"
#include "runtime/match/summary_matcher.h"
#include "runtime/match/summary_runs.h"
#include "runtime/match/thread_matcher.h"
#include "runtime/model/read_fields.h"

namespace spate {
namespace {

constexpr uint32_t kOnlySlot = 0;  // of a rule without keys

// The rule's types, with what its store keeps of each.
std::vector<EventStore::KeptType> KeptTypes(const Plan& plan, const RulePlan& rule,
                                            bool keep_matched) {
  const TypeTable<std::vector<bool>> fields = KeptFields(plan, rule);
  std::vector<EventStore::KeptType> kept;
  for (const RuleInput& input : rule.inputs) {
    const EventType& type = plan.types[input.type.index()];
    const std::vector<bool>* read = fields.Find(input.type);
    kept.push_back({&type, keep_matched || read == nullptr
                               ? std::vector<bool>(type.fields.size(), keep_matched)
                               : *read});
  }
  return kept;
}

}  // namespace

PatternMachine::PatternMachine(const Plan& plan, const RulePlan& rule,
                               const MachineOptions& options)
    : rule_(rule),
      is_observed_(options.observer != nullptr),
      store_(KeptTypes(plan, rule, options.keep_matched)),
      key_index_(RuleKeys::Kinds(rule)) {}

absl::StatusOr<std::unique_ptr<Machine>> PatternMachine::Create(const Plan& plan,
                                                                const RulePlan& rule,
                                                                const MachineOptions& options,
                                                                EvalIssues* issues) {
  std::unique_ptr<PatternMachine> machine(new PatternMachine(plan, rule, options));
  absl::StatusOr<std::unique_ptr<PatternSteps>> steps = PatternSteps::Create(rule, issues);
  if (!steps.ok()) return steps.status();
  machine->steps_ = *std::move(steps);
  absl::StatusOr<std::unique_ptr<RuleKeys>> keys = RuleKeys::Create(rule, issues);
  if (!keys.ok()) return keys.status();
  machine->rule_keys_ = *std::move(keys);
  machine->keys_of_event_ = RuleKeys::IsOneIntegralAttribute(rule);
  if (machine->keys_of_event_) machine->key_kind_ = rule.keys[0].type.kind;
  const bool summary = SummaryMachine::IsFor(rule);
  if (summary && options.merge_threads && !options.keep_matched) {
    std::string why;
    if (std::optional<SummaryRuns> runs = SummaryRuns::Of(rule, &why)) {
      absl::StatusOr<std::unique_ptr<SummaryMatcher>> matcher =
          SummaryMatcher::Create(rule, *std::move(runs), &machine->store_, issues);
      if (!matcher.ok()) return matcher.status();
      machine->matcher_ = *std::move(matcher);
      return machine;
    }
  }
  if (absl::Status s = machine->ListMatches(rule, options, issues); !s.ok()) return s;
  if (summary) return std::make_unique<SummaryMachine>(std::move(machine));
  return machine;
}

// Makes the matcher that reports each match.
absl::Status PatternMachine::ListMatches(const RulePlan& rule, const MachineOptions& options,
                                         EvalIssues* issues) {
  if (options.merge_threads && SetMatcher::CanDo(*rule.pattern)) {
    matcher_ = std::make_unique<SetMatcher>(rule, &store_, options);
    return absl::OkStatus();
  }
  if (options.merge_threads && RegisterMatcher::CanDo(*rule.pattern)) {
    absl::StatusOr<std::unique_ptr<RegisterMatcher>> matcher =
        RegisterMatcher::Create(rule, &store_, issues, options);
    if (!matcher.ok()) return matcher.status();
    matcher_ = *std::move(matcher);
    return absl::OkStatus();
  }
  absl::StatusOr<std::unique_ptr<ThreadMatcher>> matcher =
      ThreadMatcher::Create(rule, steps_.get(), &store_, &key_index_, options);
  if (!matcher.ok()) return matcher.status();
  matcher_ = *std::move(matcher);
  return absl::OkStatus();
}

// Whether an event that no step accepts may matter: where events are counted or must follow one
// another, where the keys that have been seen matter by themselves or by their order, and where the
// key is computed, which can count a fault.
bool PatternMachine::CountsEveryEvent() const {
  using Bound = WindowBound::Kind;
  const PatternPlan& pattern = *rule_.pattern;
  if (rule_keys_->has_views() || rule_keys_->has_programs()) return true;
  if (rule_keys_->any_every_key()) return true;
  if (!rule_keys_->empty() && matcher_->HasDeadlines()) return true;
  if (steps_->history() > 0 || pattern.within.kind == Bound::kEvents) return true;
  if (pattern.window.kind == WindowSpec::Kind::kSession || pattern.window.events > 0) return true;
  if (BansNextEvent(pattern)) return true;
  for (const State& s : pattern.states) {
    for (const Transition& t : s.transitions) {
      if (t.contiguity == Contiguity::kStrict) return true;
    }
  }
  return std::any_of(pattern.groups.begin(), pattern.groups.end(),
                     [](const GroupPlan& g) { return g.bound.kind == Bound::kEvents; });
}

std::optional<std::vector<PredicateId>> PatternMachine::Interest(TypeId type) const {
  if (is_observed_ || CountsEveryEvent()) return std::nullopt;
  const PatternPlan& pattern = *rule_.pattern;
  std::vector<PredicateId> interest;
  const auto add = [&](const std::vector<StepInput>& inputs) {
    for (const StepInput& in : inputs) {
      if (in.type != type) continue;
      if (!in.predicate.valid()) return false;
      interest.push_back(in.predicate);
    }
    return true;
  };
  for (const StepPlan& step : pattern.steps) {
    if (!add(step.inputs)) return std::nullopt;
  }
  if (!add(pattern.ending) || !add(pattern.until)) return std::nullopt;
  return interest;
}

absl::Status PatternMachine::OnEvent(const Arrival& event, ReportSink* sink) {
  if (rule_keys_->empty()) return matcher_->OnEvent(kOnlySlot, {}, event, sink);
  if (event.place < expected_.size()) {
    const Expected& e = expected_[event.place];
    if (e.slot != KeyIndex::kNone) {
      if (!keys_of_event_) return matcher_->OnEvent(e.slot, key_index_.KeyOf(e.slot), event, sink);
      const Value key = Value::Integral(static_cast<int64_t>(e.word), key_kind_);
      return matcher_->OnEvent(e.slot, absl::MakeConstSpan(&key, 1), event, sink);
    }
  }
  if (event.only != nullptr) return TakeInOne(event, sink);
  if (rule_keys_->GoesToEveryKey(event.type())) return TakeByEveryKey(event, sink);
  if (rule_keys_->has_views()) return TakeByViews(event, sink);
  return TakeByKey(event, sink);
}

// A clock's event, in the order in which the rule has seen the keys.
absl::Status PatternMachine::TakeByEveryKey(const Arrival& event, ReportSink* sink) {
  for (uint32_t slot = 0; slot < key_index_.size(); ++slot) {
    absl::Status status = matcher_->OnEvent(slot, key_index_.KeyOf(slot), event, sink);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// An event is in the partition of each key that one of its steps gives it, and there only those
// steps can take it.
absl::Status PatternMachine::TakeByViews(const Arrival& event, ReportSink* sink) {
  partitions_.clear();
  Arrival seen = event;
  for (size_t i = 0; i < rule_keys_->ViewCount(event.type()); ++i) {
    const KeyView& view = rule_keys_->ViewAt(event.type(), i);
    absl::Span<const Value> keys;
    if (!rule_keys_->GetView(event, i, &keys)) {
      seen.view = &view;
      if (steps_->SetEvent(seen)) ++null_keys_;
      continue;
    }
    const uint32_t slot = key_index_.FindOrAdd(keys);
    auto at = std::find_if(partitions_.begin(), partitions_.end(),
                           [&](const InPartition& p) { return p.slot == slot; });
    if (at == partitions_.end()) at = partitions_.insert(at, {slot, {}});
    std::vector<uint32_t>& steps = at->view.steps;
    steps.insert(steps.end(), view.steps.begin(), view.steps.end());
  }
  std::sort(partitions_.begin(), partitions_.end(),
            [](const InPartition& a, const InPartition& b) { return a.slot < b.slot; });
  for (InPartition& p : partitions_) {
    std::sort(p.view.steps.begin(), p.view.steps.end());
    seen.view = &p.view;
    absl::Status status = matcher_->OnEvent(p.slot, key_index_.KeyOf(p.slot), seen, sink);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// An event in one of its partitions: there only the steps can take it that give it these keys.
absl::Status PatternMachine::TakeInOne(const Arrival& event, ReportSink* sink) {
  const absl::Span<const Value> only(event.only, rule_keys_->width());
  const uint32_t slot = key_index_.FindOrAdd(only);
  if (!rule_keys_->has_views() || rule_keys_->GoesToEveryKey(event.type())) {
    return matcher_->OnEvent(slot, key_index_.KeyOf(slot), event, sink);
  }
  KeyView steps;
  for (size_t i = 0; i < rule_keys_->ViewCount(event.type()); ++i) {
    absl::Span<const Value> keys;
    if (!rule_keys_->GetView(event, i, &keys)) continue;
    if (!std::equal(keys.begin(), keys.end(), only.begin(), SameValue)) continue;
    const std::vector<uint32_t>& more = rule_keys_->ViewAt(event.type(), i).steps;
    steps.steps.insert(steps.steps.end(), more.begin(), more.end());
  }
  std::sort(steps.steps.begin(), steps.steps.end());
  Arrival seen = event;
  seen.view = &steps;
  return matcher_->OnEvent(slot, key_index_.KeyOf(slot), seen, sink);
}

void PatternMachine::AddPartition(absl::Span<const Value> keys) {
  if (!keys.empty()) key_index_.FindOrAdd(keys);
}

bool PatternMachine::AtRest(absl::Span<const Value> keys) const {
  const uint32_t slot = keys.empty() ? kOnlySlot : key_index_.Find(keys);
  return slot == KeyIndex::kNone || matcher_->AtRest(slot);
}

absl::Status PatternMachine::TakeByKey(const Arrival& event, ReportSink* sink) {
  const bool hashed = event.place < expected_.size() && expected_[event.place].hashed;
  if (hashed && keys_of_event_) {
    const auto v = static_cast<int64_t>(expected_[event.place].word);
    const Value key = Value::Integral(v, key_kind_);
    const uint32_t slot = key_index_.FindOrAddInt(KeyIndex::HashInt(v), v);
    return matcher_->OnEvent(slot, absl::MakeConstSpan(&key, 1), event, sink);
  }
  absl::Span<const Value> keys;
  if (!rule_keys_->Get(event, &keys)) {
    if (steps_->SetEvent(event)) ++null_keys_;
    return absl::OkStatus();
  }
  const uint64_t hash = hashed ? expected_[event.place].word : KeyIndex::Hash(keys);
  const uint32_t slot = key_index_.FindOrAdd(hash, keys);
  return matcher_->OnEvent(slot, key_index_.KeyOf(slot), event, sink);
}

// Each pass asks for what the next one reads, so that the waits of a group's events overlap.
void PatternMachine::Expect(absl::Span<const Arrival> group, absl::Span<const uint32_t> places) {
  expected_.assign(group.size(), Expected{});
  for (uint32_t place : places) {
    Expected& e = expected_[place];
    const uint64_t hash = Hash(group[place], &e);
    if (e.hashed) key_index_.Prefetch(hash);
  }
  slots_.clear();
  auto next_slot = static_cast<uint32_t>(key_index_.size());  // new keys will have these
  for (uint32_t place : places) {
    Expected& e = expected_[place];
    if (!e.hashed) continue;
    absl::Span<const Value> keys;
    if (key_index_.exact()) {
      e.slot = key_index_.FindExact(HashOf(e));
    } else if (absl::string_view text; rule_keys_->GetText(group[place], &text)) {
      e.slot = key_index_.FindText(e.word, text);
    } else if (rule_keys_->Get(group[place], &keys)) {
      e.slot = key_index_.Find(e.word, keys);
    }
    if (e.slot == KeyIndex::kNone) {
      slots_.push_back(next_slot++);
      continue;
    }
    if (!keys_of_event_) key_index_.PrefetchKey(e.slot);
    slots_.push_back(e.slot);
  }
  matcher_->Prefetch(slots_);
}

absl::Status PatternMachine::Fire(Deadline deadline, ReportSink* sink) {
  matcher_->Fire(deadline, sink);
  return absl::OkStatus();
}

absl::Status PatternMachine::Finish(FinishMode mode, Time clock, ReportSink* sink) {
  matcher_->Finish(mode, clock, sink);
  return absl::OkStatus();
}

MachineStats PatternMachine::Stats() const {
  return {null_keys_, matcher_->live(), matcher_->open(), matcher_->null_limits()};
}

}  // namespace spate
