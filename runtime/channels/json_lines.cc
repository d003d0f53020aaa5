#include "runtime/channels/json_lines.h"

#include <cstring>
#include <memory>
#include <utility>

#include "runtime/channels/json_row.h"
#include "runtime/channels/line_skipper.h"

namespace spate {
namespace {

class JsonLinesSource : public EventSource {
 public:
  JsonLinesSource(BlockBuilder builder, RowBuffer buffer)
      : builder_(std::move(builder)), buffer_(std::move(buffer)), reader_(builder_) {}

  absl::StatusOr<bool> Next(SourceBlock* block) override;
  ReadStats Stats() const override {
    ReadStats stats = builder_.stats();
    stats.wrong_types = reader_.wrong_types();
    return stats;
  }
  uint64_t bytes_read() const override { return buffer_.bytes().bytes_read(); }
  uint64_t bytes_total() const override { return buffer_.bytes().bytes_total(); }

 private:
  void ReadLines();
  bool TakeLine(absl::string_view* line);
  void ReadLine(absl::string_view line);
  void AppendEvent(absl::string_view line, const JsonRow& row);
  void RejectLongLine();

  BlockBuilder builder_;
  RowBuffer buffer_;
  JsonRowReader reader_;
  LineSkipper skipper_;
  Arena arena_;        // text and lists of the block
  uint64_t line_ = 0;  // of the line that was taken last
  bool block_ends_ = false;
};

absl::StatusOr<bool> JsonLinesSource::Next(SourceBlock* block) {
  builder_.Start(block);
  arena_.Reset();
  block_ends_ = false;
  for (;;) {
    if (skipper_.Skip(&buffer_)) ++line_;
    if (!skipper_.active()) ReadLines();
    if (block->rows() > 0 || block_ends_) break;
    if (buffer_.at_end()) return false;
    if (buffer_.full()) {
      RejectLongLine();
      continue;
    }
    absl::Status status = buffer_.Refill();
    if (!status.ok()) return status;
  }
  builder_.Finish();
  return true;
}

void JsonLinesSource::RejectLongLine() {
  builder_.Reject({line_ + 1, absl::string_view(buffer_.begin(), buffer_.size()), nullptr},
                  LineSkipper::Reason());
  skipper_.Start();
}

// Reads the whole lines that are there, up to the block's end.
void JsonLinesSource::ReadLines() {
  absl::string_view line;
  while (builder_.block()->rows() < kMaxBatchRows && !block_ends_ && TakeLine(&line)) {
    ++line_;
    const size_t start = line.find_first_not_of(" \t");
    if (start == absl::string_view::npos) continue;
    if (line.size() > kMaxRowBytes) {
      builder_.Reject({line_, line, nullptr}, LineSkipper::Reason());
      continue;
    }
    ReadLine(line);
  }
}

bool JsonLinesSource::TakeLine(absl::string_view* line) {
  const char* begin = buffer_.begin();
  const char* end = buffer_.end();
  if (begin == end) return false;
  const char* stop = static_cast<const char*>(std::memchr(begin, '\n', buffer_.size()));
  if (stop == nullptr && !buffer_.at_end()) return false;
  buffer_.ConsumeTo(stop == nullptr ? end : stop + 1);
  if (stop == nullptr) stop = end;
  if (stop > begin && stop[-1] == '\r') --stop;
  *line = absl::string_view(begin, static_cast<size_t>(stop - begin));
  return true;
}

void JsonLinesSource::ReadLine(absl::string_view line) {
  const char* readable = buffer_.end() + RowBuffer::kPadding;
  const size_t padding = static_cast<size_t>(readable - (line.data() + line.size()));
  JsonRow row = reader_.Read(line, padding, &arena_);
  switch (row.kind) {
    case JsonRow::Kind::kEvent:
      return AppendEvent(line, row);
    case JsonRow::Kind::kIgnored:
      return builder_.Ignore(row.type_name);
    case JsonRow::Kind::kRejected:
      return builder_.Reject({line_, line, row.from}, std::move(row.reason));
    case JsonRow::Kind::kWatermark:
      builder_.block()->watermark = row.time;
      block_ends_ = true;
      return;
  }
}

void JsonLinesSource::AppendEvent(absl::string_view line, const JsonRow& row) {
  const uint32_t index = builder_.BatchOf(row.type);
  EventBatch& batch = builder_.batch(index);
  const std::vector<InputField>& fields = builder_.schema().Get(row.type).fields;
  const std::vector<Value>& values = reader_.values();
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].read) batch.columns[fields[i].id.index()].Append(values[i]);
  }
  batch.times.push_back(row.time);
  builder_.Append(index, static_cast<uint32_t>(batch.rows() - 1), line_, line);
}

}  // namespace

std::unique_ptr<EventSource> MakeJsonLinesSource(BlockBuilder builder, RowBuffer buffer) {
  return std::make_unique<JsonLinesSource>(std::move(builder), std::move(buffer));
}

}  // namespace spate
