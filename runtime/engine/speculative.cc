#include "runtime/engine/speculative.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "runtime/engine/given.h"
#include "runtime/engine/issue_places.h"
#include "runtime/engine/router.h"
#include "runtime/engine/rules_runner.h"
#include "runtime/engine/speculative_rule.h"
#include "runtime/engine/subscriptions.h"

namespace spate {

// Takes events to the rules, in the order of the rules' layers.
class SpeculativeEngine::Impl {
 public:
  Impl(std::shared_ptr<const Plan> plan, const EngineOptions& options, Consumer consumer)
      : plan_(std::move(plan)),
        options_(options),
        consumer_(std::move(consumer)),
        router_(*plan_, options.index_from) {}

  absl::Status Init();
  const Plan& plan() const { return *plan_; }
  void Prepare(EventBatch* batch) { shared_->rows->Prepare(batch); }
  absl::Status PushRow(const EventBatch& batch, size_t row);
  absl::Status AdvanceTo(Time time);
  absl::Status Finish(EndMode mode);
  EngineStats Stats() const;

  // An engine that has failed, or was finished, takes nothing more.
  absl::Status CanGoOn() const {
    if (!failure_.ok()) return failure_;
    return finished_ ? absl::FailedPreconditionError("the engine has been finished")
                     : absl::OkStatus();
  }
  absl::Status Fail(absl::Status status) {
    if (!status.ok()) failure_ = status;
    return status;
  }
  const SpeculativeShared& shared() const { return *shared_; }
  uint64_t retracted() const { return retracted_; }
  uint64_t kept() const {
    uint64_t kept = 0;
    for (const auto& rule : rules_) kept += rule->kept();
    return kept;
  }

 private:
  Time Watermark() const {
    return std::max(advanced_, SaturatingSubtract(last_seen_, options_.lateness));
  }
  absl::Status Process(Time time, const EventPtr& event);
  void RouteClocks(Time time, Time before, bool seen);
  void RouteChange(const Change& change);
  absl::Status RunRules(Time before, std::vector<Change>* changes);
  void Deliver(std::vector<Change> changes);
  void Tell(const SpeculativeEvent& event, bool retracted);
  void Forget();

  const std::shared_ptr<const Plan> plan_;
  const EngineOptions options_;
  const Consumer consumer_;
  std::vector<std::shared_ptr<const Table>> tables_;
  std::unique_ptr<SpeculativeShared> shared_;
  std::vector<std::unique_ptr<SpeculativeRule>> rules_;  // by rank
  Router router_;
  std::set<uint32_t> pending_;  // ranks of rules that must run
  Deadline next_deadline_;      // maybe too early, never too late

  Time clock_ = kMinTime;
  Time last_seen_ = kMinTime;
  Time advanced_ = kMinTime;
  uint64_t pushed_ = 0;
  uint64_t events_ = 0;
  uint64_t late_ = 0;
  uint64_t ignored_ = 0;
  uint64_t null_times_ = 0;
  uint64_t derived_ = 0;
  uint64_t retracted_ = 0;
  std::vector<Value> values_;
  absl::Status failure_;
  bool finished_ = false;
  std::shared_ptr<SubscriptionRegistry> subscriptions_;
  std::unique_ptr<RulesRunner> end_;  // of the input
};

absl::Status SpeculativeEngine::Impl::Init() {
  absl::StatusOr<std::vector<std::shared_ptr<const Table>>> tables = TablesOf(*plan_, options_);
  if (!tables.ok()) return tables.status();
  tables_ = *std::move(tables);
  absl::StatusOr<std::unique_ptr<EventRows>> rows =
      EventRows::Create(*plan_, options_.index_from, tables_);
  if (!rows.ok()) return rows.status();
  absl::StatusOr<ClockEvents> clocks = ClockEvents::Create(*plan_, options_.keep_ids);
  if (!clocks.ok()) return clocks.status();
  shared_ = std::make_unique<SpeculativeShared>(
      SpeculativeShared{*plan_, options_, tables_, *std::move(rows), *std::move(clocks)});
  for (const RulePlan* plan : RulesByRank(*plan_)) {
    const auto rank = static_cast<uint32_t>(rules_.size());
    absl::StatusOr<std::unique_ptr<SpeculativeRule>> rule =
        SpeculativeRule::Create(shared_.get(), *plan, rank);
    if (!rule.ok()) return rule.status();
    rules_.push_back(*std::move(rule));
    for (const RuleInput& input : plan->inputs) {
      router_.Add(input.type, rank, input.predicate, rules_[rank]->Interest(input.type),
                  /*keyed=*/false);
    }
  }
  return absl::OkStatus();
}

absl::Status SpeculativeEngine::Impl::PushRow(const EventBatch& batch, size_t row) {
  const EventId number = EventId::OfNumber(++pushed_);
  const Time time = batch.times[row];
  if (time == kNullTime) {
    ++null_times_;
    return absl::OkStatus();
  }
  if (time < Watermark()) {
    ++late_;
    if (options_.on_late) options_.on_late({batch, row, Watermark()});
    return absl::OkStatus();
  }
  ++events_;
  last_seen_ = std::max(last_seen_, time);
  if (!router_.Reads(batch.type_id())) ++ignored_;
  values_.clear();
  for (const Column& column : batch.columns) {
    values_.push_back(column.size() > row ? column.Get(row) : Value::Null());
  }
  EventId id;
  if (options_.keep_ids) id = batch.ids.size() == batch.rows() ? batch.ids[row] : number;
  std::shared_ptr<SpeculativeEvent> event = KeepInput(batch.type(), time, values_, id);
  event->place = Place::Of(time, Place::kInput, pushed_);
  return Fail(Process(time, event));
}

absl::Status SpeculativeEngine::Impl::AdvanceTo(Time time) {
  advanced_ = std::max(advanced_, time);
  return Fail(Process(time, nullptr));
}

// Lets time go on to `time`, and takes an event of that time unless it is null.
absl::Status SpeculativeEngine::Impl::Process(Time time, const EventPtr& event) {
  const Time before = clock_;
  clock_ = std::max(clock_, time);
  shared_->watermark = Watermark();
  if (!shared_->clocks.empty()) RouteClocks(time, before, event != nullptr);
  if (event != nullptr) RouteChange({event});
  std::vector<Change> changes;
  if (absl::Status s = RunRules(before, &changes); !s.ok()) return s;
  if (!changes.empty()) Deliver(std::move(changes));
  shared_->moved.clear();
  Forget();
  return absl::OkStatus();
}

// Clock events begin with the earliest event's time, also when that comes late.
void SpeculativeEngine::Impl::RouteClocks(Time time, Time before, bool seen) {
  ClockEvents& clocks = shared_->clocks;
  const Time begin = clocks.begin();
  const auto route = [&](Time from, Time until) {
    for (const EventPtr& event : clocks.Between(from, until)) RouteChange({event});
  };
  if (seen && time < begin) {
    clocks.See(time);
    route(time, std::min(begin - 1, clock_));
  }
  if (begin < kMaxTime && clock_ > before) route(std::max(begin, before + 1), clock_);
}

// Gives a change to the rules that read the event.
void SpeculativeEngine::Impl::RouteChange(const Change& change) {
  const TypeId type = change.event->type->id;
  if (!router_.Reads(type)) return;
  const Arrival row = shared_->rows->RowOf(change.event);
  router_.Find(*row.batch, shared_->rows->BitsOf(type));
  router_.ForEach(type, *row.bits, row.row, [&](uint32_t rank, bool) {
    rules_[rank]->Add(change);
    pending_.insert(rank);
    return true;
  });
}

// A rule only reads what rules of lower ranks derive: each runs once.
absl::Status SpeculativeEngine::Impl::RunRules(Time before, std::vector<Change>* changes) {
  const bool due = next_deadline_.DueAt(clock_);
  for (uint32_t rank = 0; due && rank < rules_.size(); ++rank) {
    if (rules_[rank]->NextDeadline().DueAt(clock_)) pending_.insert(rank);
  }
  if (due) next_deadline_ = Deadline::None();
  while (!pending_.empty()) {
    const uint32_t rank = *pending_.begin();
    pending_.erase(pending_.begin());
    const size_t known = changes->size();
    if (absl::Status s = rules_[rank]->Run(before, clock_, changes); !s.ok()) return s;
    next_deadline_ = std::min(next_deadline_, rules_[rank]->NextDeadline());
    for (size_t i = known; i < changes->size(); ++i) RouteChange((*changes)[i]);
  }
  for (uint32_t rank = 0; due && rank < rules_.size(); ++rank) {
    next_deadline_ = std::min(next_deadline_, rules_[rank]->NextDeadline());
  }
  return absl::OkStatus();
}

// Retractions first; each in the order of the events.
void SpeculativeEngine::Impl::Deliver(std::vector<Change> changes) {
  changes.erase(std::remove_if(changes.begin(), changes.end(),
                               [](const Change& change) { return !change.shown; }),
                changes.end());
  std::stable_sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) {
    if (a.removed != b.removed) return a.removed;
    return a.event->place < b.event->place;
  });
  for (const Change& change : changes) {
    ++(change.removed ? retracted_ : derived_);
    consumer_(change.event->View(), change.removed);
  }
}

void SpeculativeEngine::Impl::Forget() {
  while (!shared_->due.empty() && shared_->due.top().time <= shared_->watermark) {
    const SpeculativeShared::Due due = shared_->due.top();
    shared_->due.pop();
    rules_[due.rank]->OnDue(due.slot);
  }
}

// No event is expected any more: the rest is that of an engine in order.
absl::Status SpeculativeEngine::Impl::Finish(EndMode mode) {
  subscriptions_ = std::make_shared<SubscriptionRegistry>();
  subscriptions_->Add(TypeId(), [this](const DerivedEvent& event) {
    ++derived_;
    consumer_(event, /*retracted=*/false);
  });
  absl::StatusOr<std::unique_ptr<RulesRunner>> end =
      RulesRunner::Create(*plan_, options_, subscriptions_.get());
  if (!end.ok()) return Fail(end.status());
  end_ = *std::move(end);
  for (uint32_t rank = 0; rank < rules_.size(); ++rank) {
    SpeculativeRule& rule = *rules_[rank];
    if (absl::Status s = rule.Gather(clock_); !s.ok()) return Fail(s);
    end_->Adopt(rank, rule.TakeMachine(), rule.TakeLimiter());
  }
  end_->ContinueAfter(shared_->rows->sequence());
  finished_ = true;
  return Fail(end_->Finish(mode, clock_));
}

EngineStats SpeculativeEngine::Impl::Stats() const {
  EngineStats stats;
  if (end_ != nullptr) end_->AddStats(&stats);
  stats.events = events_;
  stats.late = late_;
  stats.ignored = ignored_;
  stats.null_times = null_times_;
  stats.derived = derived_ - retracted_;
  stats.watermark = Watermark();
  stats.rules.resize(plan_->rules.size());
  for (const std::unique_ptr<SpeculativeRule>& rule : rules_) {
    RuleStats& s = stats.rules[rule->plan().id.index()];
    const RuleStats more = rule->Stats();
    s.name = more.name;
    s.reports += more.reports;
    s.null_keys += more.null_keys;
    s.live_threads += more.live_threads;
    s.held_back += more.held_back;
    s.null_limits += more.null_limits;
    AddIssues(*plan_, rule->issues(), rule->plan().id, &stats);
  }
  AddIssues(*plan_, shared_->rows->issues(), RuleId(), &stats);
  return stats;
}

// ---- the interface -----------------------------------------------------------------------------

absl::StatusOr<std::unique_ptr<SpeculativeEngine>> SpeculativeEngine::Create(
    std::shared_ptr<const Plan> plan, const EngineOptions& options, Consumer consumer) {
  if (plan == nullptr) {
    return absl::InvalidArgumentError("there is no plan: look at the diagnostics");
  }
  if (options.lateness < 0) return absl::InvalidArgumentError("a negative lateness");
  auto impl = std::make_unique<Impl>(std::move(plan), options, std::move(consumer));
  if (absl::Status s = impl->Init(); !s.ok()) return s;
  return std::unique_ptr<SpeculativeEngine>(new SpeculativeEngine(std::move(impl)));
}

SpeculativeEngine::SpeculativeEngine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SpeculativeEngine::~SpeculativeEngine() = default;

absl::StatusOr<EventTypeHandle> SpeculativeEngine::Type(absl::string_view name) const {
  const TypeId id = impl_->plan().FindType(name);
  if (!id.valid()) return absl::NotFoundError(absl::StrCat("no event type `", name, "`"));
  return EventTypeHandle(&impl_->plan().types[id.index()]);
}

void SpeculativeEngine::Prepare(EventBatch* batch) { impl_->Prepare(batch); }

absl::Status SpeculativeEngine::Push(const EventTypeHandle& type, Time time,
                                     absl::Span<const Value> values) {
  if (absl::Status s = CheckValues(type.type(), values); !s.ok()) return s;
  EventBatch batch(type.type());
  batch.AppendRow(time, 0, values);
  return Push(batch);
}

absl::Status SpeculativeEngine::Push(EventBatch& batch) {
  if (absl::Status s = impl_->CanGoOn(); !s.ok()) return s;
  impl_->Prepare(&batch);
  for (size_t row = 0; row < batch.rows(); ++row) {
    if (absl::Status s = impl_->PushRow(batch, row); !s.ok()) return s;
  }
  return absl::OkStatus();
}

absl::Status SpeculativeEngine::Push(EventBlock& block) {
  if (absl::Status s = impl_->CanGoOn(); !s.ok()) return s;
  for (EventBatch& batch : block.batches) {
    if (batch.rows() > 0) impl_->Prepare(&batch);
  }
  for (const EventBlock::Entry& e : block.order) {
    if (absl::Status s = impl_->PushRow(block.batches[e.batch], e.row); !s.ok()) return s;
  }
  return absl::OkStatus();
}

absl::Status SpeculativeEngine::AdvanceTo(Time time) {
  if (absl::Status s = impl_->CanGoOn(); !s.ok()) return s;
  return impl_->AdvanceTo(time);
}

absl::Status SpeculativeEngine::Finish(EndMode mode) {
  if (absl::Status s = impl_->CanGoOn(); !s.ok()) return s;
  return impl_->Finish(mode);
}

EngineStats SpeculativeEngine::Stats() const { return impl_->Stats(); }
uint64_t SpeculativeEngine::retracted() const { return impl_->retracted(); }
uint64_t SpeculativeEngine::replays() const { return impl_->shared().replays; }
uint64_t SpeculativeEngine::replayed_events() const { return impl_->shared().replayed_events; }
uint64_t SpeculativeEngine::kept_events() const { return impl_->kept(); }

}  // namespace spate
