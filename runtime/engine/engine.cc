#include "runtime/engine/engine.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "runtime/engine/given.h"
#include "runtime/engine/intake.h"
#include "runtime/engine/rules_runner.h"
#include "runtime/engine/subscriptions.h"
#include "runtime/model/table.h"

namespace spate {

Value DerivedEvent::Get(absl::string_view field) const {
  const FieldId found = type->FindField(field);
  return found.valid() ? values[found.index()] : Value::Null();
}

std::string LateEvent::Reason() const {
  return absl::StrCat(FormatDuration(SaturatingSubtract(watermark, time())),
                      " before the watermark ", FormatTime(watermark));
}

Subscription::Subscription(Subscription&& other) noexcept
    : registry_(std::move(other.registry_)), id_(std::exchange(other.id_, 0)) {}

Subscription& Subscription::operator=(Subscription&& other) noexcept {
  if (this == &other) return *this;
  if (auto registry = registry_.lock()) registry->Remove(id_);
  registry_ = std::move(other.registry_);
  id_ = std::exchange(other.id_, 0);
  return *this;
}

Subscription::~Subscription() {
  if (auto registry = registry_.lock()) registry->Remove(id_);
}

// The state of an engine, and the queue of what consumers push.
class Engine::Impl {
 public:
  struct Queued {
    std::unique_ptr<EventBatch> batch;
    uint32_t source;
  };

  Impl(std::shared_ptr<const Plan> p, const EngineOptions& o)
      : plan(std::move(p)), options(o), subscriptions(std::make_shared<SubscriptionRegistry>()) {}

  absl::Status Init() {
    absl::StatusOr<std::unique_ptr<RulesRunner>> created =
        RulesRunner::Create(*plan, options, subscriptions.get());
    if (!created.ok()) return created.status();
    runner = *std::move(created);
    intake = std::make_unique<Intake>(options, runner.get());
    return absl::OkStatus();
  }

  // Runs `work` and then what consumers have pushed meanwhile.
  template <typename Work>
  absl::Status Run(Work&& work) {
    if (!failure.ok()) return failure;
    if (finished) return absl::FailedPreconditionError("the engine has been finished");
    busy = true;
    const absl::Cleanup done = [this] { busy = false; };
    absl::Status status = work();
    while (status.ok() && !queue.empty()) {
      const Queued next = std::move(queue.front());
      queue.pop_front();
      status = intake->Push(next.batch.get(), next.source);
    }
    if (!status.ok()) failure = status;
    return status;
  }

  // A batch of one in the engine's own memory.
  std::unique_ptr<EventBatch> RowBatch(const EventType& type, Time time,
                                       absl::Span<const Value> values) {
    auto batch = std::make_unique<EventBatch>(type);
    batch->AppendRow(time, 0, values);
    return batch;
  }

  std::shared_ptr<const Plan> plan;
  EngineOptions options;
  std::shared_ptr<SubscriptionRegistry> subscriptions;
  std::unique_ptr<RulesRunner> runner;
  std::unique_ptr<Intake> intake;
  std::vector<std::unique_ptr<EventBatch>> row_batches;  // by type, reused by Push of one event
  std::deque<Queued> queue;
  bool busy = false;
  bool finished = false;
  absl::Status failure;  // of a machine: the engine cannot go on
};

absl::StatusOr<std::unique_ptr<Engine>> Engine::Create(std::shared_ptr<const Plan> plan,
                                                       const EngineOptions& options) {
  if (plan == nullptr)
    return absl::InvalidArgumentError("there is no plan: look at the diagnostics");
  if (options.lateness < 0) return absl::InvalidArgumentError("a negative lateness");
  auto impl = std::make_unique<Impl>(std::move(plan), options);
  if (absl::Status s = impl->Init(); !s.ok()) return s;
  impl->row_batches.resize(impl->plan->types.size());
  return std::unique_ptr<Engine>(new Engine(std::move(impl)));
}

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::~Engine() = default;

const Plan& Engine::plan() const { return *impl_->plan; }

absl::StatusOr<EventTypeHandle> Engine::Type(absl::string_view name) const {
  const TypeId id = impl_->plan->FindType(name);
  if (!id.valid()) return absl::NotFoundError(absl::StrCat("no event type `", name, "`"));
  return EventTypeHandle(&impl_->plan->types[id.index()]);
}

absl::StatusOr<Subscription> Engine::Subscribe(absl::string_view type, Consumer consumer) {
  TypeId id;
  if (!type.empty()) {
    absl::StatusOr<EventTypeHandle> handle = Type(type);
    if (!handle.ok()) return handle.status();
    id = handle->id();
  }
  Subscription subscription;
  subscription.registry_ = impl_->subscriptions;
  subscription.id_ = impl_->subscriptions->Add(id, std::move(consumer));
  return subscription;
}

void Engine::Prepare(EventBatch* batch) { impl_->runner->Prepare(batch); }

absl::Status Engine::Push(const EventTypeHandle& type, Time time, absl::Span<const Value> values) {
  return Push(SourceHandle(0), type, time, values);
}
absl::Status Engine::Push(EventBatch& batch) { return Push(SourceHandle(0), batch); }
absl::Status Engine::Push(EventBlock& block) { return Push(SourceHandle(0), block); }

absl::Status Engine::Push(const SourceHandle& source, const EventTypeHandle& handle, Time time,
                          absl::Span<const Value> values) {
  const EventType& type = handle.type();
  if (absl::Status s = CheckValues(type, values); !s.ok()) return s;
  if (impl_->busy) {
    impl_->queue.push_back({impl_->RowBatch(type, time, values), source.id()});
    return absl::OkStatus();
  }
  std::unique_ptr<EventBatch>& batch = impl_->row_batches[type.id.index()];
  if (batch == nullptr) {
    batch = std::make_unique<EventBatch>(type);
  } else {
    batch->Clear();
  }
  batch->AppendRow(time, 0, values);
  return impl_->Run([&] { return impl_->intake->Push(batch.get(), source.id()); });
}

absl::Status Engine::Push(const SourceHandle& source, EventBatch& batch) {
  if (impl_->busy) {
    return absl::FailedPreconditionError("a consumer may push single events, not batches");
  }
  return impl_->Run([&] { return impl_->intake->Push(&batch, source.id()); });
}

absl::Status Engine::Push(const SourceHandle& source, EventBlock& block) {
  if (impl_->busy) {
    return absl::FailedPreconditionError("a consumer may push single events, not blocks");
  }
  return impl_->Run([&] { return impl_->intake->Push(&block, source.id()); });
}

absl::StatusOr<SourceHandle> Engine::AddSource(Duration lateness) {
  if (lateness < 0) return absl::InvalidArgumentError("a negative lateness");
  return SourceHandle(impl_->intake->AddSource(lateness));
}

absl::Status Engine::AdvanceTo(const SourceHandle& source, Time time) {
  if (impl_->busy) return absl::FailedPreconditionError("AdvanceTo from inside a consumer");
  return impl_->Run([&] { return impl_->intake->AdvanceTo(source.id(), time); });
}

absl::Status Engine::SetIdle(const SourceHandle& source) {
  if (impl_->busy) return absl::FailedPreconditionError("SetIdle from inside a consumer");
  return impl_->Run([&] { return impl_->intake->SetIdle(source.id()); });
}

absl::Status Engine::AdvanceTo(Time time) {
  if (impl_->busy) return absl::FailedPreconditionError("AdvanceTo from inside a consumer");
  return impl_->Run([&] { return impl_->intake->AdvanceTo(time); });
}

absl::Status Engine::Finish(EndMode mode) {
  if (impl_->busy) return absl::FailedPreconditionError("Finish from inside a consumer");
  absl::Status status = impl_->Run([&]() -> absl::Status {
    if (absl::Status s = impl_->intake->Flush(); !s.ok()) return s;
    return impl_->runner->Finish(mode, impl_->intake->Clock());
  });
  impl_->finished = true;
  return status;
}

EngineStats Engine::Stats() const {
  EngineStats stats;
  impl_->intake->AddStats(&stats);
  impl_->runner->AddStats(&stats);
  return stats;
}

}  // namespace spate
