#include "compiler/testing/test_input.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "runtime/channels/input_schema.h"
#include "runtime/channels/open.h"
#include "runtime/channels/source.h"
#include "runtime/model/value.h"

namespace spate {
namespace {

absl::Span<const Value> CopyRow(const EventBatch& batch, size_t row, Arena* arena) {
  const size_t fields = batch.type().fields.size();
  Value* values = arena->AllocateArray<Value>(fields);
  for (size_t i = 0; i < fields; ++i) values[i] = CopyValue(batch.Get(row, FieldId(i)), arena);
  return {values, fields};
}

void TakeBlock(const SourceBlock& block, Arena* arena, std::vector<RecordedEvent>* events) {
  for (size_t i = 0; i < block.events.order.size(); ++i) {
    const EventBlock::Entry entry = block.events.order[i];
    const EventBatch& batch = block.events.batches[entry.batch];
    events->push_back({batch.type_id(), batch.times[entry.row], CopyRow(batch, entry.row, arena),
                       block.origins[i].line});
  }
  if (block.watermark != kMinTime) events->push_back({TypeId(), block.watermark, {}, 0});
}

std::optional<Time> FirstAbsolute(const RuleTest& test) {
  for (const TestLine& line : test.lines) {
    const TestTime* time = nullptr;
    if (const auto* feed = std::get_if<TestFeed>(&line.node)) {
      time = feed->time.has_value() ? &*feed->time : nullptr;
    } else if (const auto* advance = std::get_if<TestAdvance>(&line.node)) {
      time = &advance->time;
    } else if (const auto* expect = std::get_if<TestExpect>(&line.node)) {
      time = expect->time.has_value() ? &*expect->time : nullptr;
    }
    if (time != nullptr && time->base == TestTime::Base::kAbsolute) return time->value;
  }
  return std::nullopt;
}

class Builder {
 public:
  Builder(const Plan& plan, const RuleTest& test, const std::function<void(EventBatch*)>& prepare,
          Arena* arena)
      : plan_(plan), test_(test), prepare_(prepare), arena_(arena) {}

  absl::StatusOr<TestInput> Build() {
    if (absl::Status s = ReadFiles(); !s.ok()) return s;
    SetStart();
    input_.line_times.assign(test_.lines.size(), kMinTime);
    for (size_t i = 0; i < test_.lines.size(); ++i) {
      const auto& node = test_.lines[i].node;
      if (const auto* feed = std::get_if<TestFeed>(&node)) {
        if (absl::Status s = Feed(*feed, i); !s.ok()) return s;
      } else if (const auto* advance = std::get_if<TestAdvance>(&node)) {
        Add({TypeId(), ResolveTestTime(advance->time, input_), {}, 0}, i);
      } else if (recorded_.count(i) != 0) {
        for (const RecordedEvent& event : recorded_[i]) Add(event, i);
      }
    }
    if (!test_.lateness.has_value()) {
      std::stable_sort(
          input_.events.begin(), input_.events.end(),
          [](const RecordedEvent& a, const RecordedEvent& b) { return a.time < b.time; });
    }
    for (const RecordedEvent& e : input_.events) {
      input_.clock.now = std::max(input_.clock.now, e.time);
    }
    return std::move(input_);
  }

 private:
  absl::Status ReadFiles() {
    for (size_t i = 0; i < test_.lines.size(); ++i) {
      const auto* file = std::get_if<TestEventsFile>(&test_.lines[i].node);
      if (file == nullptr) continue;
      absl::StatusOr<std::vector<RecordedEvent>> events =
          ReadRecorded(plan_, file->path, /*all_known=*/false, prepare_, arena_);
      if (!events.ok()) return events.status();
      recorded_[i] = *std::move(events);
    }
    return absl::OkStatus();
  }

  // The test's start: the first time of day that it says, else the first recorded event, else the
  // epoch.
  void SetStart() {
    std::optional<Time> start = FirstAbsolute(test_);
    for (const auto& [line, events] : recorded_) {
      if (!start.has_value() && !events.empty()) start = events[0].time;
    }
    input_.clock.absolute = start.has_value();
    input_.clock.start = input_.clock.now = start.value_or(0);
  }

  void Add(const RecordedEvent& event, size_t line) {
    input_.events.push_back(event);
    input_.line_times[line] = std::max(input_.line_times[line], event.time);
  }

  absl::Status Feed(const TestFeed& feed, size_t line) {
    const EventType& type = plan_.types[feed.event.type.index()];
    for (uint64_t n = 0; n < feed.times; ++n) {
      Value* values = arena_->AllocateArray<Value>(type.fields.size());
      std::fill_n(values, type.fields.size(), Value::Null());
      for (const TestAttribute& a : feed.event.attributes) {
        values[a.field.index()] = ViewOf(a.value, arena_);
      }
      Time time = 0;
      if (feed.time.has_value()) {
        const auto later = CheckedMultiply(static_cast<int64_t>(n), feed.every).value_or(kMaxTime);
        time = SaturatingAdd(ResolveTestTime(*feed.time, input_), later);
        if (type.time_field.valid()) values[type.time_field.index()] = Value::OfTime(time);
      } else {
        time = ComputedTime(type, {values, type.fields.size()});
        if (time == kNoTime) {
          return absl::InvalidArgumentError(absl::StrCat(
              "an event of `", type.name, "` has no time: what computes it gives null"));
        }
      }
      Add({type.id, time, {values, type.fields.size()}, 0}, line);
    }
    return absl::OkStatus();
  }

  Time ComputedTime(const EventType& type, absl::Span<const Value> values) {
    EventBatch batch(type);
    batch.AppendRow(0, 0, values);
    prepare_(&batch);
    return batch.times[0];
  }

  const Plan& plan_;
  const RuleTest& test_;
  const std::function<void(EventBatch*)>& prepare_;
  Arena* arena_;
  std::map<size_t, std::vector<RecordedEvent>> recorded_;  // by line
  TestInput input_;
};

}  // namespace

absl::StatusOr<std::vector<RecordedEvent>> ReadRecorded(
    const Plan& plan, const std::string& path, bool all_known,
    const std::function<void(EventBatch*)>& prepare, Arena* arena) {
  absl::Status fault;
  ReadOptions options;
  options.all_fields = true;
  options.prepare = prepare;
  options.on_reject = KeepFirstReject(&fault);
  // A file may hold events of every type, also of those that only `emit` makes.
  Plan types;
  types.types = plan.types;
  types.read_fields = plan.read_fields;
  for (EventType& type : types.types) type.declared = true;
  auto schema = std::make_shared<InputSchema>(types, /*all_fields=*/true);
  absl::StatusOr<std::unique_ptr<EventSource>> source = OpenSource(path, schema, options);
  if (!source.ok()) return source.status();
  std::vector<RecordedEvent> events;
  SourceBlock block;
  for (;;) {
    absl::StatusOr<bool> more = (*source)->Next(&block);
    if (!more.ok()) return more.status();
    if (!fault.ok()) return fault;
    if (!*more) break;
    TakeBlock(block, arena, &events);
  }
  const ReadStats stats = (*source)->Stats();
  if (all_known && stats.ignored > 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": there is no event type `", stats.ignored_types.begin()->first, "`"));
  }
  return events;
}

absl::StatusOr<TestInput> MakeTestInput(const Plan& plan, const RuleTest& test,
                                        const std::function<void(EventBatch*)>& prepare,
                                        Arena* arena) {
  return Builder(plan, test, prepare, arena).Build();
}

Time ResolveTestTime(const TestTime& time, const TestInput& input) {
  switch (time.base) {
    case TestTime::Base::kStart:
      return SaturatingAdd(input.clock.start, time.value);
    case TestTime::Base::kAbsolute:
      return time.value;
    case TestTime::Base::kLine:
      break;
  }
  const Time last = input.line_times[time.line];
  return SaturatingAdd(last == kMinTime ? input.clock.start : last, time.value);
}

}  // namespace spate
