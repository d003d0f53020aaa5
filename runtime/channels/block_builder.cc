#include "runtime/channels/block_builder.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace spate {
namespace {

constexpr uint32_t kNoBatch = 0xffffffff;

bool HasInputField(const InputType& type, absl::string_view name) {
  return std::any_of(type.fields.begin(), type.fields.end(),
                     [&](const InputField& f) { return f.name == name; });
}

// Line and column (from 1, in characters) of `place.from`.
void Locate(const RowPlace& place, uint64_t* line, uint64_t* column) {
  *line = place.line;
  *column = 1;
  if (place.from == nullptr) return;
  for (const char* p = place.row.data(); p < place.from; ++p) {
    if (*p == '\n') {
      ++*line;
      *column = 1;
    } else if ((*p & 0xC0) != 0x80) {
      ++*column;
    }
  }
}

}  // namespace

BlockBuilder::BlockBuilder(std::shared_ptr<const InputSchema> schema, ReadOptions options,
                           std::string file, uint32_t input)
    : schema_(std::move(schema)),
      options_(std::move(options)),
      file_(std::move(file)),
      input_(input) {
  default_type_ = options_.type.valid() ? options_.type : schema_->ForFile(file_);
  reads_type_field_ = !options_.type.valid();
  // An attribute of that name belongs to the event and says nothing about its type.
  if (default_type_.valid() && HasInputField(schema_->Get(default_type_), options_.type_field)) {
    reads_type_field_ = false;
  }
}

std::string BlockBuilder::WhyNoType() const {
  const std::vector<std::string> names = schema_->Names();
  if (names.empty()) return "the rules declare no event type";
  return absl::StrCat("the event has no `", options_.type_field,
                      "` and the rules declare several types (", absl::StrJoin(names, ", "),
                      "); `--events Type=FILE` says which");
}

void BlockBuilder::Start(SourceBlock* block) {
  block->Clear();
  block_ = block;
  raws_.clear();
  batch_of_type_.assign(schema_->size(), kNoBatch);
  std::vector<EventBatch>& batches = block->events.batches;
  for (size_t i = 0; i < batches.size(); ++i) {  // of the block before: their memory is kept
    const TypeId type = batches[i].type_id();
    if (type.index() >= schema_->size() || schema_->Get(type).type != &batches[i].type()) {
      batches.clear();
      batch_of_type_.assign(schema_->size(), kNoBatch);
      return;
    }
    schema_->Get(type).InitBatch(&batches[i]);
    batch_of_type_[type.index()] = static_cast<uint32_t>(i);
  }
}

uint32_t BlockBuilder::BatchOf(TypeId type) {
  uint32_t& index = batch_of_type_[type.index()];
  if (index == kNoBatch) {
    index = static_cast<uint32_t>(block_->events.batches.size());
    schema_->Get(type).InitBatch(&block_->events.batches.emplace_back());
  }
  return index;
}

void BlockBuilder::Reject(const RowPlace& place, std::string reason) {
  ++stats_.rejected;
  if (options_.on_reject == nullptr) return;
  spate::Reject reject;
  reject.file = file_;
  Locate(place, &reject.line, &reject.column);
  reject.reason = std::move(reason);
  reject.row = place.row.substr(0, kMaxRowBytes);
  options_.on_reject(reject);
}

void BlockBuilder::Ignore(absl::string_view type_name) {
  ++stats_.ignored;
  auto it = stats_.ignored_types.find(std::string(type_name));
  if (it == stats_.ignored_types.end()) {
    if (stats_.ignored_types.size() >= ReadStats::kMaxIgnoredNames) return;
    it = stats_.ignored_types.emplace(std::string(type_name.substr(0, 200)), 0).first;
  }
  ++it->second;
}

void BlockBuilder::Finish() {
  ResolveTimes();
  EventBlock& events = block_->events;
  for (EventBatch& b : events.batches) b.sequences.resize(b.rows());
  for (const EventBlock::Entry& e : events.order) {
    events.batches[e.batch].sequences[e.row] = ++sequence_;
  }
  stats_.rows += events.order.size();
}

void BlockBuilder::ResolveTimes() {
  EventBlock& events = block_->events;
  for (EventBatch& b : events.batches) {
    if (b.rows() == 0 || schema_->Get(b.type_id()).time_from != TimeFrom::kComputed) continue;
    if (options_.prepare != nullptr) options_.prepare(&b);
  }
  for (size_t i = 0; i < events.order.size(); ++i) {
    const EventBlock::Entry e = events.order[i];
    Time& time = events.batches[e.batch].times[e.row];
    if (time == kTimeBefore) {
      time = last_time_;
    } else if (time == kNoTime) {
      const EventType& type = events.batches[e.batch].type();
      Reject(
          {block_->origins[i].line, raws_[i], nullptr},
          absl::StrCat("the event time `", type.fields[type.time_field.index()].name, "` is null"));
    } else {
      last_time_ = time;
    }
  }
}

}  // namespace spate
