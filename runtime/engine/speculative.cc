#include "runtime/engine/speculative.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

namespace spate {
namespace {

void AppendKey(const Value& v, std::string* out) {
  out->push_back(static_cast<char>(v.kind));
  switch (v.kind) {
    case Kind::kNull:
      return;
    case Kind::kString:
    case Kind::kIp:
      absl::StrAppend(out, v.size, ":", v.text());
      return;
    case Kind::kList:
    case Kind::kRecord:
      absl::StrAppend(out, v.size, "[");
      for (const Value& element : v.elements()) AppendKey(element, out);
      return;
    default:
      out->append(reinterpret_cast<const char*>(&v.i), sizeof(v.i));
  }
}

std::string KeyOf(const DerivedEvent& event) {
  std::string key = absl::StrCat(event.type->id.value, " ", event.rule->id.value, " ", event.time);
  for (const Value& v : event.values) AppendKey(v, &key);
  return key;
}

}  // namespace

SpeculativeEngine::SpeculativeEngine(std::shared_ptr<const Plan> plan, const EngineOptions& options,
                                     Consumer consumer)
    : plan_(std::move(plan)), options_(options), consumer_(std::move(consumer)) {}

absl::StatusOr<std::unique_ptr<SpeculativeEngine>> SpeculativeEngine::Create(
    std::shared_ptr<const Plan> plan, const EngineOptions& options, Consumer consumer) {
  if (options.lateness < 0) return absl::InvalidArgumentError("a negative lateness");
  std::unique_ptr<SpeculativeEngine> engine(
      new SpeculativeEngine(std::move(plan), options, std::move(consumer)));
  if (absl::Status s = engine->Start(); !s.ok()) return s;
  return engine;
}

// A new engine, which has seen nothing.
absl::Status SpeculativeEngine::Start() {
  EngineOptions options = options_;
  options.lateness = 0;
  options.keep_matched = options.keep_ids = false;
  options.on_late = nullptr;
  absl::StatusOr<std::unique_ptr<Engine>> engine = Engine::Create(plan_, options);
  if (!engine.ok()) return engine.status();
  absl::StatusOr<Subscription> all =
      (*engine)->Subscribe("", [this](const DerivedEvent& event) { Take(event); });
  if (!all.ok()) return all.status();
  subscription_ = *std::move(all);
  live_ = *std::move(engine);
  return absl::OkStatus();
}

void SpeculativeEngine::Take(const DerivedEvent& event) {
  derived_.push_back({event.type, event.time, event.rule,
                      Keep(event.values, derived_content_.get()), KeyOf(event)});
  if (!replaying_) Deliver(derived_.back(), /*retracted=*/false);
}

void SpeculativeEngine::Deliver(const Output& output, bool retracted) const {
  consumer_({output.type, output.time, output.rule, output.values, {}}, retracted);
}

absl::Span<const Value> SpeculativeEngine::Keep(absl::Span<const Value> values, Arena* arena) {
  Value* kept = arena->AllocateArray<Value>(values.size());
  for (size_t i = 0; i < values.size(); ++i) kept[i] = CopyValue(values[i], arena);
  return absl::Span<const Value>(kept, values.size());
}

// The time that the engine will give the event; kNullTime where its attribute is null.
absl::StatusOr<Time> SpeculativeEngine::TimeOf(const EventTypeHandle& type, Time time,
                                               absl::Span<const Value> values) {
  if (!type.type().time_field.valid()) return time;
  if (values.size() != type.type().fields.size()) {
    return absl::InvalidArgumentError(absl::StrCat("`", type.type().name, "` has ",
                                                   type.type().fields.size(), " attributes, not ",
                                                   values.size()));
  }
  EventBatch batch(type.type());
  batch.AppendRow(time, 0, values);
  live_->Prepare(&batch);
  return batch.times[0];
}

absl::Status SpeculativeEngine::Push(const EventTypeHandle& type, Time time,
                                     absl::Span<const Value> values) {
  absl::StatusOr<Time> at = TimeOf(type, time, values);
  if (!at.ok()) return at.status();
  if (*at == kNullTime) return live_->Push(type, time, values);  // counts it
  const Time watermark = std::max(advanced_, SaturatingSubtract(last_, options_.lateness));
  if (*at < watermark) {
    ++late_;
    EventBatch batch(type.type());
    batch.AppendRow(*at, 0, values);
    if (options_.on_late) options_.on_late({batch, 0, watermark});
    return absl::OkStatus();
  }
  const bool in_order = *at >= last_;
  if (in_order) {  // what is wrong with the values is said before anything is kept
    if (absl::Status s = live_->Push(type, time, values); !s.ok()) return s;
  }
  last_ = std::max(last_, *at);
  const auto place = std::upper_bound(log_.begin(), log_.end(), *at,
                                      [](Time t, const Input& input) { return t < input.time; });
  log_.insert(place, {type, *at, Keep(values, &log_content_)});
  return in_order ? absl::OkStatus() : Replay();
}

absl::Status SpeculativeEngine::Replay() {
  ++replays_;
  const std::vector<Output> before = std::exchange(derived_, {});
  const std::unique_ptr<Arena> content_before =
      std::exchange(derived_content_, std::make_unique<Arena>());
  if (absl::Status s = Start(); !s.ok()) return s;
  replaying_ = true;
  absl::Status status;
  for (size_t i = 0; i < log_.size() && status.ok(); ++i) {
    status = live_->Push(log_[i].type, log_[i].time, log_[i].values);
  }
  if (status.ok() && advanced_ > kMinTime) status = live_->AdvanceTo(advanced_);
  replaying_ = false;
  if (!status.ok()) return status;
  absl::flat_hash_map<std::string, int64_t> counts;
  for (const Output& output : derived_) ++counts[output.key];
  for (const Output& output : before) {
    if (--counts[output.key] < 0) Deliver(output, /*retracted=*/true);
  }
  // Of equal events those are new that are more than there were.
  for (const Output& output : derived_) {
    int64_t& more = counts[output.key];
    if (more > 0) {
      --more;
      Deliver(output, /*retracted=*/false);
    }
  }
  return absl::OkStatus();
}

absl::Status SpeculativeEngine::AdvanceTo(Time time) {
  advanced_ = std::max(advanced_, time);
  last_ = std::max(last_, time);
  return live_->AdvanceTo(time);
}

absl::Status SpeculativeEngine::Finish(EndMode mode) { return live_->Finish(mode); }

EngineStats SpeculativeEngine::Stats() const {
  EngineStats stats = live_->Stats();
  stats.late += late_;
  return stats;
}

}  // namespace spate
