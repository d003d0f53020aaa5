#include "runtime/channels/merge.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "runtime/base/ids.h"

namespace spate {
namespace {

class MergedSource : public EventSource {
 public:
  explicit MergedSource(std::vector<std::unique_ptr<EventSource>> sources) {
    for (std::unique_ptr<EventSource>& s : sources) inputs_.push_back({std::move(s)});
  }

  absl::StatusOr<bool> Next(SourceBlock* block) override {
    block->Clear();
    for (Input& input : inputs_) {
      absl::Status status = Fill(&input);
      if (!status.ok()) return status;
    }
    return Merge(block);
  }

  ReadStats Stats() const override {
    ReadStats stats;
    for (const Input& input : inputs_) stats.Add(input.source->Stats());
    return stats;
  }
  uint64_t bytes_read() const override { return Sum(&EventSource::bytes_read); }
  uint64_t bytes_total() const override { return Sum(&EventSource::bytes_total); }

 private:
  struct Input {
    std::unique_ptr<EventSource> source;
    SourceBlock block{};
    size_t next = 0;  // row of block
    bool at_end = false;
    std::vector<uint32_t> batches{};  // of the merged block, by batch of this one

    bool empty() const { return next == block.rows() && block.watermark == kMinTime; }
    // The time of what stands first; rows before the watermark.
    Time head() const {
      if (next == block.rows()) return block.watermark;
      const EventBlock::Entry e = block.events.order[next];
      return block.events.batches[e.batch].times[e.row];
    }
  };

  static absl::Status Fill(Input* input) {
    while (!input->at_end && input->empty()) {
      absl::StatusOr<bool> more = input->source->Next(&input->block);
      if (!more.ok()) return more.status();
      input->at_end = !*more;
      input->next = 0;
      input->batches.assign(input->block.events.batches.size(), kNoBatch);
    }
    return absl::OkStatus();
  }

  // Takes rows until the block is full, a watermark is said, or an input must be asked for more:
  // what was taken from it is borrowed until then.
  bool Merge(SourceBlock* block) {
    bool any = false;
    while (block->rows() < kMaxBatchRows) {
      Input* first = nullptr;
      for (Input& input : inputs_) {
        if (input.empty()) continue;
        if (first == nullptr || input.head() < first->head()) first = &input;
      }
      if (first == nullptr) break;
      any = true;
      if (first->next == first->block.rows()) {
        block->watermark = std::exchange(first->block.watermark, kMinTime);
        break;
      }
      TakeRow(first, block);
      if (first->empty() && !first->at_end) break;
    }
    return any;
  }

  void TakeRow(Input* input, SourceBlock* block) {
    const size_t i = input->next++;
    const EventBlock::Entry from = input->block.events.order[i];
    const EventBatch& source = input->block.events.batches[from.batch];
    uint32_t& index = input->batches[from.batch];
    // The merged block keeps its batches, in an order of its own.
    if (index == kNoBatch) index = BatchOf(source, block);
    EventBatch& batch = block->events.batches[index];
    for (size_t c = 0; c < batch.columns.size(); ++c) {
      // A column that is not there, or not filled yet, stays empty.
      if (source.columns[c].size() > from.row)
        batch.columns[c].Append(source.Get(from.row, FieldId(c)));
    }
    batch.times.push_back(source.times[from.row]);
    batch.sequences.push_back(++sequence_);
    block->events.order.push_back({index, static_cast<uint32_t>(batch.rows() - 1)});
    block->origins.push_back(input->block.origins[i]);
  }

  static uint32_t BatchOf(const EventBatch& source, SourceBlock* block) {
    std::vector<EventBatch>& batches = block->events.batches;
    for (size_t b = 0; b < batches.size(); ++b) {
      if (batches[b].type_id() == source.type_id()) return static_cast<uint32_t>(b);
    }
    EventBatch& batch = batches.emplace_back(source.type());
    for (size_t c = 0; c < batch.columns.size(); ++c) {
      batch.columns[c].present = source.columns[c].present;
    }
    return static_cast<uint32_t>(batches.size() - 1);
  }

  uint64_t Sum(uint64_t (EventSource::*of)() const) const {
    uint64_t sum = 0;
    for (const Input& input : inputs_) sum += ((*input.source).*of)();
    return sum;
  }

  static constexpr uint32_t kNoBatch = 0xffffffff;

  std::vector<Input> inputs_;
  uint64_t sequence_ = 0;
};

}  // namespace

std::unique_ptr<EventSource> MergeSources(std::vector<std::unique_ptr<EventSource>> inputs) {
  if (inputs.size() == 1) return std::move(inputs[0]);
  return std::make_unique<MergedSource>(std::move(inputs));
}

}  // namespace spate
