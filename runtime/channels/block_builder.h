// BlockBuilder: what all row formats share once a row is told apart from the next.
//
// Keeps the batches of a block, the order of its rows and where they stand; counts and hands out
// rejects and events of undeclared types; at the end of a block resolves times (those that the
// engine computes, and those taken from the event before). Readers write the columns themselves.
// Not thread-safe. Tested by tests/runtime/channels/csv_test.cc and json_lines_test.cc.
#ifndef SPATE_RUNTIME_CHANNELS_BLOCK_BUILDER_H_
#define SPATE_RUNTIME_CHANNELS_BLOCK_BUILDER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "runtime/channels/input_schema.h"
#include "runtime/channels/source.h"

namespace spate {

// In EventBatch::times until Finish: the time of the event before.
inline constexpr Time kTimeBefore = kMinTime + 1;

// A place in the input. `from` is in `row` or its end.
struct RowPlace {
  uint64_t line = 0;           // of the begin of the row
  absl::string_view row;       // the raw row without its line end
  const char* from = nullptr;  // what is wrong; null: the row as a whole
};

class BlockBuilder {
 public:
  BlockBuilder(std::shared_ptr<const InputSchema> schema, ReadOptions options, std::string file,
               uint32_t input);

  const InputSchema& schema() const { return *schema_; }
  const ReadOptions& options() const { return options_; }
  const std::string& file() const { return file_; }
  const ReadStats& stats() const { return stats_; }
  ReadStats* mutable_stats() { return &stats_; }

  // The type of events that say none, and whether `type_field` may say another.
  TypeId default_type() const { return default_type_; }
  bool reads_type_field() const { return reads_type_field_; }
  // Why an event without a type cannot be read.
  std::string WhyNoType() const;

  void Start(SourceBlock* block);
  SourceBlock* block() { return block_; }
  // The index of the batch for `type` in the block; made at its first row.
  uint32_t BatchOf(TypeId type);
  EventBatch& batch(uint32_t index) { return block_->events.batches[index]; }

  // Says that row `row` of batch `batch` comes next.
  void Append(uint32_t batch, uint32_t row, uint64_t line, absl::string_view raw) {
    block_->events.order.push_back({batch, row});
    block_->origins.push_back({input_, line});
    raws_.push_back(raw);
  }
  void Reject(const RowPlace& place, std::string reason);
  void Ignore(absl::string_view type_name);

  // Fills sequences and what is left of the times.
  void Finish();

 private:
  void ResolveTimes();

  std::shared_ptr<const InputSchema> schema_;
  ReadOptions options_;
  std::string file_;
  uint32_t input_;
  ReadStats stats_;
  TypeId default_type_;
  bool reads_type_field_ = true;

  SourceBlock* block_ = nullptr;
  std::vector<uint32_t> batch_of_type_;  // of block_; kNoBatch
  std::vector<absl::string_view> raws_;  // one for each row of the block
  Time last_time_ = 0;                   // of the event before
  uint64_t sequence_ = 0;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_CHANNELS_BLOCK_BUILDER_H_
