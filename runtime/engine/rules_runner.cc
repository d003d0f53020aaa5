#include "runtime/engine/rules_runner.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/base/optimization.h"
#include "runtime/engine/given.h"
#include "runtime/engine/issue_places.h"
#include "runtime/match/pattern_machine.h"
#include "runtime/match/window_machine.h"

namespace spate {

// Gives a rule's reports to the runner.
class RulesRunner::Sink : public ReportSink {
 public:
  Sink(RulesRunner* runner, uint32_t rank) : runner_(*runner), rank_(rank) {}
  bool OnReport(const Report& report) override { return runner_.OnReport(rank_, report); }

 private:
  RulesRunner& runner_;
  uint32_t rank_;
};

absl::StatusOr<std::unique_ptr<RulesRunner>> RulesRunner::Create(
    const Plan& plan, const EngineOptions& options, SubscriptionRegistry* subscriptions) {
  std::unique_ptr<RulesRunner> runner(new RulesRunner(plan, options, subscriptions));
  absl::StatusOr<std::vector<std::shared_ptr<const Table>>> tables = TablesOf(plan, options);
  if (!tables.ok()) return tables.status();
  runner->tables_ = *std::move(tables);
  runner->column_issues_.set_tables(runner->tables_);
  for (const EventType& type : plan.types) {
    absl::StatusOr<std::unique_ptr<TypeColumns>> columns =
        TypeColumns::Create(plan, type.id, options.index_from, &runner->column_issues_);
    if (!columns.ok()) return columns.status();
    runner->columns_.push_back(*std::move(columns));
  }
  for (const RulePlan* rule : RulesByRank(plan)) {
    if (absl::Status s = runner->AddRule(*rule); !s.ok()) return s;
  }
  runner->LinkRules();
  absl::StatusOr<Clocks> clocks = Clocks::Create(plan);
  if (!clocks.ok()) return clocks.status();
  runner->clocks_ = *std::move(clocks);
  return runner;
}

absl::Status RulesRunner::AddRule(const RulePlan& plan) {
  const MachineOptions options = MachineOptionsOf(options_);
  auto issues = std::make_unique<EvalIssues>();
  issues->set_tables(tables_);
  absl::StatusOr<std::unique_ptr<Machine>> machine =
      plan.pattern != nullptr ? PatternMachine::Create(plan_, plan, options, issues.get())
                              : WindowMachine::Create(plan_, plan, options, issues.get());
  if (!machine.ok()) return machine.status();
  absl::StatusOr<std::unique_ptr<Deriver>> deriver = Deriver::Create(plan_, plan, issues.get());
  if (!deriver.ok()) return deriver.status();
  const auto rank = static_cast<uint32_t>(rules_.size());
  rules_.push_back({&plan,
                    std::move(issues),
                    *std::move(machine),
                    *std::move(deriver),
                    Limiter::Create(plan),
                    std::make_unique<Sink>(this, rank),
                    Deadline::None(),
                    true,
                    0,
                    {},
                    {}});
  rules_[rank].has_deadlines = rules_[rank].machine->HasDeadlines();
  const Machine& m = *rules_[rank].machine;
  for (const RuleInput& input : plan.inputs) {
    router_.Add(input.type, rank, input.predicate, m.Interest(input.type), m.HasKeys());
  }
  return absl::OkStatus();
}

void RulesRunner::LinkRules() {
  std::vector<std::vector<uint32_t>> readers(plan_.types.size());  // ranks by type
  for (uint32_t rank = 0; rank < rules_.size(); ++rank) {
    for (const RuleInput& in : rules_[rank].plan->inputs) readers[in.type.index()].push_back(rank);
  }
  for (uint32_t feeder = 0; feeder < rules_.size(); ++feeder) {
    for (const EmitPlan& e : rules_[feeder].plan->emits) {
      for (uint32_t reader : readers[e.type.index()]) rules_[reader].feeders.push_back(feeder);
    }
  }
}

void RulesRunner::Adopt(uint32_t rank, std::unique_ptr<Machine> machine,
                        std::unique_ptr<Limiter> limiter) {
  rules_[rank].machine = std::move(machine);
  rules_[rank].limiter = std::move(limiter);
  RefreshDeadline(rank);
}

void RulesRunner::Expect(absl::Span<const Arrival> group) {
  for (uint32_t rank : expecting_) {
    rules_[rank].expected.clear();
    rules_[rank].machine->Expect({}, {});
  }
  expecting_.clear();
  for (uint32_t place = 0; place < group.size(); ++place) {
    const Arrival& event = group[place];
    router_.ForEach(event.type(), *event.bits, event.row, [&](uint32_t rank, bool keyed) {
      if (!keyed) return true;
      if (rules_[rank].expected.empty()) expecting_.push_back(rank);
      rules_[rank].expected.push_back(place);
      return true;
    });
  }
  for (uint32_t rank : expecting_) rules_[rank].machine->Expect(group, rules_[rank].expected);
}

// ---- one moment ------------------------------------------------------------------------------

inline absl::Status RulesRunner::TakeEvent(const Arrival& event) {
  absl::Status status;
  router_.ForEach(event.type(), *event.bits, event.row, [&](uint32_t rank, bool) {
    Rule& rule = rules_[rank];
    absl::Status taken = rule.machine->OnEvent(event, rule.sink.get());
    if (rule.has_deadlines) RefreshDeadline(rank);
    if (ABSL_PREDICT_TRUE(taken.ok())) return true;
    status = std::move(taken);
    return false;
  });
  return status;
}

absl::Status RulesRunner::Take(EventBatch* batch, const Arrival& event) {
  const Time time = batch->times[event.row];
  if (next_deadline_.DueAt(time) || clocks_.DueAt(time)) {
    if (absl::Status s = FireDue(time); !s.ok()) return s;
  }
  batch->sequences[event.row] = ++sequence_;
  BeginMoment();
  absl::Status status = TakeEvent(event);
  return moment_.empty() || !status.ok() ? status : TakeMoment();
}

void RulesRunner::BeginMoment() {
  moment_.clear();
  slots_used_ = 0;
}

// Gives the events that have been derived in this moment, and those that are derived meanwhile, to
// the rules.
absl::Status RulesRunner::TakeMoment() {
  for (size_t i = 0; i < moment_.size(); ++i) {
    const Arrival event = moment_[i];  // by value: deriving makes the array grow
    if (absl::Status s = TakeEvent(event); !s.ok()) return s;
  }
  return absl::OkStatus();
}

void RulesRunner::RefreshDeadline(uint32_t rank) {
  Rule& rule = rules_[rank];
  const Deadline deadline = rule.machine->NextDeadline();
  if (deadline == rule.deadline) return;
  rule.deadline = deadline;
  if (deadline.none) return deadlines_.Cancel(rank);
  deadlines_.Set({deadline.time, deadline.inclusive, rank});
  if (deadline < next_deadline_) next_deadline_ = deadline;
}

bool RulesRunner::OnReport(uint32_t rank, const Report& report) {
  Rule& rule = rules_[rank];
  if (rule.limiter != nullptr && report.kind != EmitKind::kElse &&
      report.kind != EmitKind::kSummary && !rule.limiter->Pass(report.keys, report.time)) {
    return false;
  }
  absl::Span<const EventId> sources;
  if (options_.keep_ids) sources = rule.deriver->Sources(report);
  rule.deriver->Derive(report, [&](size_t emit, TypeId type_id, absl::Span<const Value> values) {
    const EventType& type = plan_.types[type_id.index()];
    EventId id;
    if (options_.keep_ids) id = DerivedId(rule.plan->name, emit, report.time, sources);
    ++rule.reports;
    ++derived_;
    if (subscriptions_.Wants(type_id)) {
      DerivedEvent event{&type, report.time, rule.plan, values, {}, id, sources};
      if (options_.keep_matched) event.matched = rule.deriver->Matched(report);
      subscriptions_.Deliver(event);
    }
    if (Reads(type_id)) JoinMoment(type, report.time, values, id);
  });
  return true;
}

// A derived event that rules of higher layers read becomes a batch of one.
void RulesRunner::JoinMoment(const EventType& type, Time time, absl::Span<const Value> values,
                             const EventId& id) {
  if (slots_used_ == slots_.size()) slots_.push_back(std::make_unique<DerivedSlot>());
  DerivedSlot& slot = *slots_[slots_used_++];
  if (slot.batch.columns.empty() || slot.batch.type_id() != type.id) {
    slot.batch = EventBatch(type);
  } else {
    slot.batch.Clear();
  }
  slot.batch.AppendRow(time, ++sequence_, values);
  if (id.known()) slot.batch.ids.push_back(id);
  Prepare(&slot.batch);
  Evaluate(slot.batch, &slot.bits);
  moment_.push_back({&slot.batch, 0, &slot.bits.bits});
}

// ---- time ------------------------------------------------------------------------------------

absl::Status RulesRunner::FireDue(Time watermark) {
  while (next_deadline_.DueAt(watermark) || clocks_.DueAt(watermark)) {
    next_deadline_ =
        Deadline::Of(deadlines_.Next());  // what was cached is maybe too early, never too late
    // Exclusive ends come before the clock events of their time, inclusive ones after them.
    const bool fires =
        next_deadline_.DueAt(watermark) && next_deadline_ < Deadline::Inclusive(clocks_.Next());
    if (!fires && !clocks_.DueAt(watermark)) break;
    absl::Status status = fires ? FireLayer(next_deadline_) : TakeClockEvent();
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status RulesRunner::TakeClockEvent() {
  EventBatch* batch = clocks_.Make();
  batch->sequences[0] = ++sequence_;
  if (options_.keep_ids) batch->ids = {DerivedId(batch->type().name, 0, batch->times[0], {})};
  Prepare(batch);
  Evaluate(*batch, &clock_bits_);
  BeginMoment();
  if (absl::Status s = TakeEvent({batch, 0, &clock_bits_.bits}); !s.ok()) return s;
  return TakeMoment();
}

// Fires what is due at `deadline`: exclusive ends in all layers, before any event of that time;
// inclusive ones of the lowest layer, since what these derive still counts in the next.
absl::Status RulesRunner::FireLayer(Deadline deadline) {
  BeginMoment();
  TakeDue(deadline);
  for (uint32_t rank : due_) {
    const Rule& rule = rules_[rank];
    if (rule.machine->NextDeadline() == deadline) {
      if (absl::Status s = rule.machine->Fire(deadline, rule.sink.get()); !s.ok()) return s;
    }
    RefreshDeadline(rank);
  }
  return TakeMoment();
}

// The rules that FireLayer fires, by rank; they have no deadline until it is refreshed.
void RulesRunner::TakeDue(Deadline deadline) {
  due_.clear();
  for (auto next = deadlines_.Next(); next.has_value(); next = deadlines_.Next()) {
    if (next->time != deadline.time || next->inclusive != deadline.inclusive) return;
    const uint32_t rank = next->partition;
    const bool other_layer =
        !due_.empty() && rules_[rank].plan->layer != rules_[due_.front()].plan->layer;
    if (deadline.inclusive && other_layer) return;
    due_.push_back(rank);
    deadlines_.Cancel(rank);
    rules_[rank].deadline = Deadline::None();
  }
}

// ---- the end of the input --------------------------------------------------------------------

absl::Status RulesRunner::Finish(EndMode mode, Time clock) {
  if (mode == EndMode::kAdvance) return FinishAdvance(clock);
  return FinishLayers(mode == EndMode::kClose ? FinishMode::kReport : FinishMode::kCount, clock);
}

// Layer by layer: a rule is closed after the rules that feed it have said their last.
absl::Status RulesRunner::FinishLayers(FinishMode mode, Time clock) {
  for (uint32_t rank = 0; rank < rules_.size();) {
    BeginMoment();
    for (const int layer = rules_[rank].plan->layer;
         rank < rules_.size() && rules_[rank].plan->layer == layer; ++rank) {
      const Rule& rule = rules_[rank];
      if (absl::Status s = rule.machine->Finish(mode, clock, rule.sink.get()); !s.ok()) return s;
      RefreshDeadline(rank);
    }
    if (absl::Status s = TakeMoment(); !s.ok()) return s;
  }
  return absl::OkStatus();
}

// No rule that feeds this one can say anything more.
bool RulesRunner::Quiet(uint32_t rank) const {
  return std::all_of(rules_[rank].feeders.begin(), rules_[rank].feeders.end(),
                     [&](uint32_t f) { return finished_[f] && rules_[f].deadline.none; });
}

// The clock goes to the end of time: deadlines fire in their order, and each rule says what has no
// deadline as soon as the rules that feed it have said their last.
absl::Status RulesRunner::FinishAdvance(Time clock) {
  finished_.assign(rules_.size(), false);
  while (true) {
    bool any = false;
    if (absl::Status s = FinishQuiet(clock, &any); !s.ok()) return s;
    if (any) continue;
    const Deadline next = Deadline::Of(deadlines_.Next());
    if (next.none) return absl::OkStatus();
    const uint64_t derived = derived_;
    if (absl::Status s = FireLayer(next); !s.ok()) return s;
    if (derived_ > derived)
      clock = std::max(clock, next.time);  // a silent deadline is nobody's time
  }
}

// Closes the rules of the lowest layer in which one can be closed.
absl::Status RulesRunner::FinishQuiet(Time clock, bool* any) {
  BeginMoment();
  std::optional<int> layer;
  for (uint32_t rank = 0; rank < rules_.size(); ++rank) {
    Rule& rule = rules_[rank];
    if (finished_[rank] || (layer.has_value() && rule.plan->layer != *layer) || !Quiet(rank)) {
      continue;
    }
    layer = rule.plan->layer;
    finished_[rank] = *any = true;
    absl::Status status = rule.machine->Finish(FinishMode::kNoDeadline, clock, rule.sink.get());
    if (!status.ok()) return status;
    RefreshDeadline(rank);
  }
  return TakeMoment();
}

void RulesRunner::AddStats(EngineStats* stats) const {
  stats->derived = derived_;
  stats->rules.resize(plan_.rules.size());
  for (const Rule& rule : rules_) {
    const MachineStats m = rule.machine->Stats();
    stats->rules[rule.plan->id.index()] = {
        rule.plan->name, rule.reports, m.null_keys,
        m.live,          m.open,       rule.limiter != nullptr ? rule.limiter->held_back() : 0,
        m.null_limits};
    AddIssues(plan_, *rule.issues, rule.plan->id, stats);
  }
  AddIssues(plan_, column_issues_, RuleId(), stats);
}

}  // namespace spate
