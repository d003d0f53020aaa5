#include "runtime/engine/speculative_event.h"

#include <algorithm>
#include <utility>

namespace spate {
namespace {

bool Less(const PlaceStep& a, const PlaceStep& b) {
  if (a.rank != b.rank) return a.rank < b.rank;
  if (a.start != b.start) return *a.start < *b.start;
  return std::pair(a.report, a.emit) < std::pair(b.report, b.emit);
}

// Bytes that a copy of the values takes.
size_t SizeOf(absl::Span<const Value> values) {
  size_t size = values.size() * sizeof(Value);
  for (const Value& v : values) {
    if (v.kind == Kind::kString || v.kind == Kind::kIp) size += (size_t{v.size} + 7) & ~size_t{7};
    if (v.kind == Kind::kList || v.kind == Kind::kRecord) size += SizeOf(v.elements());
  }
  return size;
}

absl::Span<const Value> Keep(absl::Span<const Value> values, Arena* arena) {
  Value* kept = arena->AllocateArray<Value>(values.size());
  for (size_t i = 0; i < values.size(); ++i) kept[i] = CopyValue(values[i], arena);
  return absl::Span<const Value>(kept, values.size());
}

void AddTo(absl::Span<const Value> values, EventIdHash* hash) {
  hash->Add(static_cast<uint64_t>(values.size()));
  for (const Value& v : values) {
    hash->Add(static_cast<uint64_t>(v.kind));
    if (v.kind == Kind::kString || v.kind == Kind::kIp) {
      hash->Add(v.text());
    } else if (v.kind == Kind::kList || v.kind == Kind::kRecord) {
      AddTo(v.elements(), hash);
    } else {
      hash->Add(static_cast<uint64_t>(v.i));  // of a float its bits
    }
  }
}

EventId PrintOf(const DerivedEvent& event, uint32_t emit) {
  EventIdHash hash;
  hash.Add(uint64_t{event.rule->id.value});
  hash.Add(uint64_t{emit});
  hash.Add(static_cast<uint64_t>(event.time));
  hash.Add(event.id);
  AddTo(event.values, &hash);
  for (const MatchedEvent& m : event.matched) {
    hash.Add(uint64_t{m.var.value});
    hash.Add(uint64_t{m.type->id.value});
    hash.Add(static_cast<uint64_t>(m.time));
    hash.Add(m.id);
    AddTo(m.values, &hash);
  }
  return hash.Finish();
}

}  // namespace

bool operator<(const Place& a, const Place& b) {
  if (a.time != b.time) return a.time < b.time;
  if (a.moment != b.moment) return a.moment < b.moment;
  if (a.path.size() != b.path.size()) return a.path.size() < b.path.size();
  return std::lexicographical_compare(a.path.begin(), a.path.end(), b.path.begin(), b.path.end(),
                                      Less);
}

bool operator<(const PartitionStart& a, const PartitionStart& b) {
  if (!(a.first == b.first)) return a.first < b.first;
  return a.view < b.view;
}

std::shared_ptr<SpeculativeEvent> KeepInput(const EventType& type, Time time,
                                            absl::Span<const Value> values, const EventId& id) {
  auto event = std::make_shared<SpeculativeEvent>();
  event->type = &type;
  event->time = time;
  event->id = id;
  event->content = Arena(SizeOf(values));
  event->values = Keep(values, &event->content);
  return event;
}

std::shared_ptr<SpeculativeEvent> KeepDerived(const DerivedEvent& derived, uint32_t emit) {
  auto event = std::make_shared<SpeculativeEvent>();
  event->type = derived.type;
  event->time = derived.time;
  event->id = derived.id;
  event->rule = derived.rule;
  size_t size = SizeOf(derived.values);
  for (const MatchedEvent& m : derived.matched) size += SizeOf(m.values);
  event->content = Arena(size);
  event->values = Keep(derived.values, &event->content);
  event->matched.assign(derived.matched.begin(), derived.matched.end());
  for (MatchedEvent& m : event->matched) m.values = Keep(m.values, &event->content);
  event->sources.assign(derived.sources.begin(), derived.sources.end());
  event->print = PrintOf(derived, emit);
  return event;
}

}  // namespace spate
