#include "runtime/channels/open.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "runtime/channels/block_builder.h"
#include "runtime/channels/csv.h"
#include "runtime/channels/json_lines.h"
#include "runtime/channels/row_buffer.h"

namespace spate {
namespace {

constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

// An input that has nothing in it.
class EmptySource : public EventSource {
 public:
  absl::StatusOr<bool> Next(SourceBlock* block) override {
    block->Clear();
    return false;
  }
  ReadStats Stats() const override { return {}; }
  uint64_t bytes_read() const override { return 0; }
  uint64_t bytes_total() const override { return 0; }
};

absl::string_view Text(const RowBuffer& buffer) {
  return absl::string_view(buffer.begin(), buffer.size());
}

// Reads until the first line that is not blank is there as a whole (or is very long), behind the
// mark of byte order. UTF-16 is refused.
absl::Status ReadFirstLine(RowBuffer* buffer, const std::string& name) {
  bool at_start = true;
  for (;;) {
    const absl::string_view text = Text(*buffer);
    if (at_start && (text.size() >= kByteOrderMark.size() || buffer->at_end())) {
      at_start = false;
      if (absl::StartsWith(text, "\xFF\xFE") || absl::StartsWith(text, "\xFE\xFF")) {
        return absl::InvalidArgumentError(absl::StrCat(name, ": is UTF-16; UTF-8 is expected"));
      }
      if (absl::StartsWith(text, kByteOrderMark)) {
        buffer->ConsumeTo(buffer->begin() + kByteOrderMark.size());
        continue;
      }
    }
    const size_t start = text.find_first_not_of(" \t\r\n");
    const bool whole = start != absl::string_view::npos &&
                       (text[start] == '{' || text.find('\n', start) != absl::string_view::npos);
    if ((!at_start && whole) || buffer->at_end() || buffer->full()) return absl::OkStatus();
    absl::Status status = buffer->Refill();
    if (!status.ok()) return status;
  }
}

// Tabs or commas, whichever the first line has more of outside quotes.
char Delimiter(absl::string_view text) {
  size_t commas = 0;
  size_t tabs = 0;
  bool quoted = false;
  for (const char c : text.substr(std::min(text.size(), text.find_first_not_of("\r\n")))) {
    if (c == '\n') break;
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    commas += c == ',' ? 1 : 0;
    tabs += c == '\t' ? 1 : 0;
  }
  return tabs > commas ? '\t' : ',';
}

}  // namespace

absl::StatusOr<std::unique_ptr<EventSource>> OpenSource(std::unique_ptr<ByteSource> bytes,
                                                        const std::string& name,
                                                        std::shared_ptr<const InputSchema> schema,
                                                        const ReadOptions& options,
                                                        uint32_t input) {
  RowBuffer buffer(std::move(bytes));
  absl::Status status = ReadFirstLine(&buffer, name);
  if (!status.ok()) return status;
  const absl::string_view text = Text(buffer);
  const size_t start = text.find_first_not_of(" \t\r\n");
  if (start == absl::string_view::npos && buffer.at_end()) return std::make_unique<EmptySource>();
  BlockBuilder builder(std::move(schema), options, name, input);
  if (start != absl::string_view::npos && text[start] == '{') {
    return MakeJsonLinesSource(std::move(builder), std::move(buffer));
  }
  if (start != absl::string_view::npos && text[start] == '[') {
    return absl::InvalidArgumentError(absl::StrCat(
        name, ": is a JSON array; JSON Lines are expected, one object a line (`jq -c '.[]'`)"));
  }
  const char delimiter = Delimiter(text);
  return MakeCsvSource(std::move(builder), std::move(buffer), delimiter);
}

absl::StatusOr<std::unique_ptr<EventSource>> OpenSource(const std::string& path,
                                                        std::shared_ptr<const InputSchema> schema,
                                                        const ReadOptions& options,
                                                        uint32_t input) {
  absl::StatusOr<std::unique_ptr<ByteSource>> bytes = OpenBytes(path);
  if (!bytes.ok()) return bytes.status();
  return OpenSource(*std::move(bytes), path, std::move(schema), options, input);
}

}  // namespace spate
