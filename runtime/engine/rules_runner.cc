#include "runtime/engine/rules_runner.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "runtime/match/pattern_machine.h"
#include "runtime/match/window_machine.h"

namespace spate {

// Gives a rule's reports to the runner.
class RulesRunner::Sink : public ReportSink {
 public:
  Sink(RulesRunner* runner, uint32_t rank) : runner_(*runner), rank_(rank) {}
  void OnReport(const Report& report) override { runner_.OnReport(rank_, report); }

 private:
  RulesRunner& runner_;
  uint32_t rank_;
};

absl::StatusOr<std::unique_ptr<RulesRunner>> RulesRunner::Create(
    const Plan& plan, const EngineOptions& options, SubscriptionRegistry* subscriptions) {
  std::unique_ptr<RulesRunner> runner(new RulesRunner(plan, options, subscriptions));
  for (const EventType& type : plan.types) {
    absl::StatusOr<std::unique_ptr<TypeColumns>> columns =
        TypeColumns::Create(plan, type.id, &runner->column_issues_);
    if (!columns.ok()) return columns.status();
    runner->columns_.push_back(*std::move(columns));
  }
  std::vector<const RulePlan*> order;
  for (const RulePlan& rule : plan.rules) order.push_back(&rule);
  std::stable_sort(order.begin(), order.end(), [](const RulePlan* a, const RulePlan* b) {
    return a->layer < b->layer;
  });
  runner->routes_.resize(plan.types.size());
  for (const RulePlan* rule : order) {
    if (absl::Status s = runner->AddRule(*rule); !s.ok()) return s;
  }
  runner->LinkRules();
  return runner;
}

absl::Status RulesRunner::AddRule(const RulePlan& plan) {
  MachineOptions options;
  options.keep_matched = options_.keep_matched;
  options.merge_threads = options_.merge_threads;
  options.max_partial_matches = options_.max_partial_matches;
  auto issues = std::make_unique<EvalIssues>();
  absl::StatusOr<std::unique_ptr<Machine>> machine =
      plan.pattern != nullptr ? PatternMachine::Create(plan_, plan, options, issues.get())
                              : WindowMachine::Create(plan_, plan, options, issues.get());
  if (!machine.ok()) return machine.status();
  absl::StatusOr<std::unique_ptr<Deriver>> deriver = Deriver::Create(plan_, plan, issues.get());
  if (!deriver.ok()) return deriver.status();
  const auto rank = static_cast<uint32_t>(rules_.size());
  rules_.push_back({&plan, std::move(issues), *std::move(machine), *std::move(deriver), Deadline::None(), 0, {}});
  for (const RuleInput& input : plan.inputs) {
    routes_[input.type.index()].push_back({rank, input.predicate});
  }
  return absl::OkStatus();
}

void RulesRunner::LinkRules() {
  for (uint32_t feeder = 0; feeder < rules_.size(); ++feeder) {
    for (const EmitPlan& e : rules_[feeder].plan->emits) {
      for (const Route& r : routes_[e.type.index()]) rules_[r.rank].feeders.push_back(feeder);
    }
  }
}

// ---- one moment ------------------------------------------------------------------------------

absl::Status RulesRunner::Take(EventBatch* batch, size_t row, const PredicateBits& bits) {
  const Time time = batch->times[row];
  if (next_deadline_.DueAt(time)) {
    if (absl::Status s = FireDue(time); !s.ok()) return s;
  }
  batch->sequences[row] = ++sequence_;
  const Arrival event{batch, row, &bits};
  moment_.clear();
  slots_used_ = 0;
  const std::vector<Route>& routes = routes_[batch->type_id().index()];
  if (plan_.layers > 1) {
    moment_.push_back(event);
    RouteLast();
    return RunTasks();
  }
  for (const Route& r : routes) {  // nothing that is derived is read: no tasks are needed
    if (!bits.Test(r.predicate, row)) continue;
    if (absl::Status s = Feed(r.rank, event); !s.ok()) return s;
  }
  return absl::OkStatus();
}

// Plans who takes the event that has just joined the moment.
void RulesRunner::RouteLast() {
  const Arrival event = moment_.back();
  const auto index = static_cast<uint32_t>(moment_.size() - 1);
  for (const Route& r : routes_[event.type().index()]) {
    if (event.bits->Test(r.predicate, event.row)) AddTask({r.rank, index});
  }
}

void RulesRunner::AddTask(Task task) {
  tasks_.push_back(task);
  std::push_heap(tasks_.begin(), tasks_.end(), std::greater<>());
}

absl::Status RulesRunner::RunTasks() {
  while (!tasks_.empty()) {
    std::pop_heap(tasks_.begin(), tasks_.end(), std::greater<>());
    const Task task = tasks_.back();
    tasks_.pop_back();
    absl::Status status;
    Rule& rule = rules_[task.rank];
    Sink sink(this, task.rank);
    if (task.event == static_cast<uint32_t>(Act::kFire)) {
      if (rule.machine->NextDeadline() == firing_) status = rule.machine->Fire(firing_, &sink);
      RefreshDeadline(task.rank);
    } else if (task.event == static_cast<uint32_t>(Act::kFinish)) {
      status = rule.machine->Finish(finish_mode_, finish_clock_, &sink);
      RefreshDeadline(task.rank);
    } else {
      status = Feed(task.rank, Arrival(moment_[task.event]));
    }
    if (!status.ok()) {
      tasks_.clear();
      return status;
    }
  }
  return absl::OkStatus();
}

absl::Status RulesRunner::Feed(uint32_t rank, const Arrival& event) {
  Sink sink(this, rank);
  absl::Status status = rules_[rank].machine->OnEvent(event, &sink);
  RefreshDeadline(rank);
  return status;
}

void RulesRunner::RefreshDeadline(uint32_t rank) {
  Rule& rule = rules_[rank];
  rule.deadline = rule.machine->NextDeadline();
  if (rule.deadline < next_deadline_) next_deadline_ = rule.deadline;
}

void RulesRunner::OnReport(uint32_t rank, const Report& report) {
  Rule& rule = rules_[rank];
  rule.deriver->Derive(report, [&](TypeId type_id, absl::Span<const Value> values) {
    const EventType& type = plan_.types[type_id.index()];
    ++rule.reports;
    ++derived_;
    if (subscriptions_.Wants(type_id)) {
      DerivedEvent event{&type, report.time, rule.plan, values, {}};
      if (options_.keep_matched) event.matched = rule.deriver->Matched(report);
      subscriptions_.Deliver(event);
    }
    if (Reads(type_id)) JoinMoment(type, report.time, values);
  });
}

// A derived event that rules of higher layers read becomes a batch of one.
void RulesRunner::JoinMoment(const EventType& type, Time time, absl::Span<const Value> values) {
  if (slots_used_ == slots_.size()) slots_.push_back(std::make_unique<DerivedSlot>());
  DerivedSlot& slot = *slots_[slots_used_++];
  if (slot.batch.columns.empty() || slot.batch.type_id() != type.id) {
    slot.batch = EventBatch(type);
  } else {
    slot.batch.Clear();
  }
  slot.batch.AppendRow(time, ++sequence_, values);
  columns_[type.id.index()]->Prepare(&slot.batch);
  columns_[type.id.index()]->Evaluate(slot.batch, &slot.bits);
  moment_.push_back({&slot.batch, 0, &slot.bits.bits});
  RouteLast();
}

// ---- time ------------------------------------------------------------------------------------

absl::Status RulesRunner::FireDue(Time watermark) {
  while (next_deadline_.DueAt(watermark)) {  // cached: maybe too early, never too late
    next_deadline_ = Deadline::None();
    for (const Rule& rule : rules_) next_deadline_ = std::min(next_deadline_, rule.deadline);
    if (!next_deadline_.DueAt(watermark)) break;
    firing_ = next_deadline_;
    moment_.clear();
    slots_used_ = 0;
    for (uint32_t rank = 0; rank < rules_.size(); ++rank) {
      if (rules_[rank].deadline == firing_) AddTask({rank, static_cast<uint32_t>(Act::kFire)});
    }
    if (absl::Status s = RunTasks(); !s.ok()) return s;
  }
  return absl::OkStatus();
}

// ---- the end of the input --------------------------------------------------------------------

absl::Status RulesRunner::Finish(EndMode mode, Time clock) {
  if (mode == EndMode::kAdvance) return FinishAdvance(clock);
  finish_mode_ = mode == EndMode::kClose ? FinishMode::kReport : FinishMode::kCount;
  finish_clock_ = clock;
  moment_.clear();
  slots_used_ = 0;
  for (uint32_t rank = 0; rank < rules_.size(); ++rank) {
    AddTask({rank, static_cast<uint32_t>(Act::kFinish)});
  }
  return RunTasks();
}

// No rule that feeds this one can say anything more.
bool RulesRunner::Quiet(uint32_t rank) const {
  return std::all_of(rules_[rank].feeders.begin(), rules_[rank].feeders.end(), [&](uint32_t f) {
    return finished_[f] && rules_[f].deadline.none;
  });
}

// The clock goes to the end of time: deadlines fire in their order, and each rule says what has no
// deadline as soon as the rules that feed it have said their last.
absl::Status RulesRunner::FinishAdvance(Time clock) {
  finish_mode_ = FinishMode::kNoDeadline;
  finish_clock_ = clock;
  finished_.assign(rules_.size(), false);
  while (true) {
    for (uint32_t rank = 0; rank < rules_.size(); ++rank) {
      if (finished_[rank] || !Quiet(rank)) continue;
      finished_[rank] = true;
      moment_.clear();
      slots_used_ = 0;
      AddTask({rank, static_cast<uint32_t>(Act::kFinish)});
      if (absl::Status s = RunTasks(); !s.ok()) return s;
    }
    Deadline next = Deadline::None();
    for (const Rule& rule : rules_) next = std::min(next, rule.deadline);
    if (next.none) return absl::OkStatus();
    if (absl::Status s = FireDue(next.inclusive ? SaturatingAdd(next.time, 1) : next.time);
        !s.ok()) {
      return s;
    }
    if (next.inclusive && next.time == kMaxTime) return absl::OkStatus();  // the end of time itself
    finish_clock_ = std::max(finish_clock_, next.time);
  }
}

namespace {

void AddIssues(const EvalIssues& issues, RuleId rule, EngineStats* stats) {
  for (const EvalIssues::Entry& e : issues.entries()) {
    stats->issues.push_back({rule, e.origin, std::string(EvalFaultText(e.fault)), e.count});
  }
}

}  // namespace

void RulesRunner::AddStats(EngineStats* stats) const {
  stats->derived = derived_;
  stats->rules.resize(plan_.rules.size());
  for (const Rule& rule : rules_) {
    const MachineStats m = rule.machine->Stats();
    stats->rules[rule.plan->id.index()] = {rule.plan->name, rule.reports, m.null_keys, m.live,
                                           m.open};
    AddIssues(*rule.issues, rule.plan->id, stats);
  }
  AddIssues(column_issues_, RuleId(), stats);
}

}  // namespace spate
