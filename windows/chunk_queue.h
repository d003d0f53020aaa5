// ChunkQueuePool: many first-in-first-out queues of fixed-size records, all in one pool.
//
// A record is a fixed number of 8-byte words. A queue is a doubly linked list of chunks of some
// 128 bytes, named by number, so that a key with few events costs one chunk, a key without events
// nothing, and a long queue never moves. Chunks that are given back are used again: a steady state
// allocates nothing. Not thread-safe. Tested by tests/windows/chunk_queue_test.cc.
#ifndef SPATE_WINDOWS_CHUNK_QUEUE_H_
#define SPATE_WINDOWS_CHUNK_QUEUE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace spate {

// One queue of a pool. Trivially copyable; a default one is empty.
struct ChunkQueue {
  static constexpr uint32_t kNone = ~uint32_t{0};

  uint32_t first = kNone;  // chunk with the oldest record
  uint32_t last = kNone;   // chunk with the newest record
  uint32_t begin = 0;      // place of the oldest record in its chunk
  uint32_t end = 0;        // place behind the newest record in its chunk

  bool empty() const { return first == kNone; }
};

class ChunkQueuePool {
 public:
  explicit ChunkQueuePool(size_t record_words)
      : record_words_(record_words),
        per_chunk_(static_cast<uint32_t>(
            std::max<size_t>(kMinRecords, (kChunkWords - 1) / std::max<size_t>(record_words, 1)))),
        chunk_words_(1 + per_chunk_ * record_words) {}

  // Adds a record, whose words are not initialised. Valid until it is popped.
  uint64_t* PushBack(ChunkQueue* queue) {
    if (queue->empty() || queue->end == per_chunk_) AddChunk(queue);
    return Record(queue->last, queue->end++);
  }

  // The oldest record of a queue that is not empty.
  uint64_t* Front(const ChunkQueue& queue) { return Record(queue.first, queue.begin); }

  // Removes the oldest record of a queue that is not empty.
  void PopFront(ChunkQueue* queue) {
    ++queue->begin;
    if (queue->first == queue->last) {
      if (queue->begin == queue->end) Clear(queue);
    } else if (queue->begin == per_chunk_) {
      const uint32_t chunk = queue->first;
      queue->first = Next(chunk);
      queue->begin = 0;
      Free(chunk);
    }
  }

  void Clear(ChunkQueue* queue) {
    while (!queue->empty()) {
      const uint32_t chunk = queue->first;
      queue->first = chunk == queue->last ? ChunkQueue::kNone : Next(chunk);
      Free(chunk);
    }
    *queue = ChunkQueue();
  }

  // Calls `f(uint64_t* record)` from the oldest to the newest, or the other way about, for as long
  // as it returns true.
  template <typename F>
  void ForEach(const ChunkQueue& queue, F&& f) {
    if (queue.empty()) return;
    uint32_t chunk = queue.first;
    for (uint32_t i = queue.begin;; ++i) {
      if (i == per_chunk_ && chunk != queue.last) {
        chunk = Next(chunk);
        i = 0;
      }
      if (chunk == queue.last && i == queue.end) return;
      if (!f(Record(chunk, i))) return;
    }
  }
  template <typename F>
  void ForEachBackward(const ChunkQueue& queue, F&& f) {
    if (queue.empty()) return;
    uint32_t chunk = queue.last;
    for (uint32_t i = queue.end;; --i) {
      if (chunk == queue.first && i == queue.begin) return;
      if (i == 0) {
        chunk = Previous(chunk);
        i = per_chunk_;
      }
      if (chunk == queue.first && i == queue.begin) return;
      if (!f(Record(chunk, i - 1))) return;
    }
  }

  size_t record_words() const { return record_words_; }
  size_t chunks_in_use() const { return used_ - free_.size(); }

 private:
  static constexpr size_t kChunkWords = 16;
  static constexpr size_t kMinRecords = 2;
  static constexpr uint32_t kSlabBits = 8;  // chunks are allocated 256 at a time

  uint64_t* Words(uint32_t chunk) {
    return slabs_[chunk >> kSlabBits].get() +
           (chunk & ((uint32_t{1} << kSlabBits) - 1)) * chunk_words_;
  }
  // Word 0 of a chunk: the next chunk in the high half, the previous one in the low half.
  uint32_t Next(uint32_t chunk) { return static_cast<uint32_t>(*Words(chunk) >> 32); }
  uint32_t Previous(uint32_t chunk) { return static_cast<uint32_t>(*Words(chunk)); }
  void SetNext(uint32_t chunk, uint32_t next) {
    *Words(chunk) = (uint64_t{next} << 32) | Previous(chunk);
  }
  uint64_t* Record(uint32_t chunk, uint32_t i) { return Words(chunk) + 1 + i * record_words_; }

  void AddChunk(ChunkQueue* queue) {
    const uint32_t chunk = Allocate();
    if (queue->empty()) {
      queue->first = chunk;
      queue->begin = 0;
    } else {
      SetNext(queue->last, chunk);
    }
    *Words(chunk) = queue->last;
    queue->last = chunk;
    queue->end = 0;
  }

  uint32_t Allocate() {
    if (!free_.empty()) {
      const uint32_t chunk = free_.back();
      free_.pop_back();
      return chunk;
    }
    if ((used_ >> kSlabBits) == slabs_.size()) {
      slabs_.emplace_back(new uint64_t[chunk_words_ << kSlabBits]);
    }
    return used_++;
  }
  void Free(uint32_t chunk) { free_.push_back(chunk); }

  size_t record_words_;
  uint32_t per_chunk_;
  size_t chunk_words_;  // one word of links, then the records
  std::vector<std::unique_ptr<uint64_t[]>> slabs_;
  std::vector<uint32_t> free_;
  uint32_t used_ = 0;  // chunks ever taken from the slabs
};

}  // namespace spate

#endif  // SPATE_WINDOWS_CHUNK_QUEUE_H_
