// EventStore: the events that a rule's partial matches or windows still hold.
//
// One store per rule keeps, of each event, the attributes which that rule reads later ("kept"
// fields). Records lie one behind the other in a flat array of 8-byte words; an EventRef is the
// index of a record's first word, so references order by arrival, records contain no pointers, and
// moving a record is a copy. Memory is given back by copying what is live into a new array
// (Mark, Compact), at a cost amortised over the events added since.
//
//   word 0: sequence     word 2: layout (low 16 bits), mark (bit 31), id (bit 30: the last two
//                        words are the event's id), size in words << 32
//   word 1: time         then ceil(kept / 64) words of null bits, one word per kept field,
//                        and the bytes of text, ip and list values (offsets from the record start)
//
// Not thread-safe. Tested by tests/runtime/store/event_store_test.cc.
#ifndef SPATE_RUNTIME_STORE_EVENT_STORE_H_
#define SPATE_RUNTIME_STORE_EVENT_STORE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "runtime/base/arena.h"
#include "runtime/base/ids.h"
#include "runtime/base/large_array.h"
#include "runtime/model/event_batch.h"
#include "runtime/model/schema.h"
#include "runtime/model/type_table.h"
#include "runtime/model/value.h"

namespace spate {

using EventRef = uint32_t;  // 0: none
inline constexpr EventRef kNoEvent = 0;

class EventStore {
 public:
  struct KeptType {
    const EventType* type;
    std::vector<bool> kept;  // by field
  };
  explicit EventStore(const std::vector<KeptType>& types);

  // Copies the kept fields of a row.
  EventRef Add(const EventBatch& batch, size_t row);

  Time TimeOf(EventRef e) const { return static_cast<Time>(words_[e + 1]); }
  uint64_t SequenceOf(EventRef e) const { return words_[e]; }
  // Not known when the event came without one.
  EventId IdOf(EventRef e) const {
    if ((words_[e + 2] & kHasId) == 0) return {};
    const size_t end = e + WordsOf(e);
    return {words_[end - 2], words_[end - 1]};
  }
  const EventType& TypeOf(EventRef e) const { return *layouts_[LayoutIndex(e)].type; }
  // Null for a field that is not kept. Text points into the store: valid until the next Add or
  // compaction. List elements are materialised in `scratch`.
  Value Get(EventRef e, FieldId field, Arena* scratch) const;

  size_t words() const { return words_.size(); }
  // Forgets the events that were added since words() was `words`.
  void Truncate(size_t words) { words_.resize(words); }

  // Gives memory back: Mark each live reference, then Compact, which copies the marked records in
  // their order; Forwarded tells where a marked record went, until Forget.
  void Mark(EventRef e) { words_[e + 2] |= kMarked; }
  void Compact();
  EventRef Forwarded(EventRef old_ref) const {
    return static_cast<EventRef>(old_[old_ref + 2] & 0xffffffff);
  }
  void Forget() { old_.clear(); }  // its memory serves the next compaction

  // The same in place, for a caller that knows the live references in ascending order, some of them
  // more than once: BeginSlide, then Slide each, which tells where its record went, then EndSlide.
  void BeginSlide();
  EventRef Slide(EventRef e);
  void EndSlide() { words_.resize(slid_); }

 private:
  struct Layout {
    const EventType* type;
    std::vector<FieldId> fields;    // kept, in slot order
    std::vector<uint32_t> slot_of;  // by field; kNoSlot
    uint32_t null_words;
  };
  static constexpr uint32_t kNoSlot = ~uint32_t{0};
  static constexpr size_t kHeaderWords = 3;
  static constexpr uint64_t kMarked = uint64_t{1} << 31;
  static constexpr uint64_t kHasId = uint64_t{1} << 30;

  size_t LayoutIndex(EventRef e) const { return words_[e + 2] & 0xffff; }
  uint32_t WordsOf(EventRef e) const { return static_cast<uint32_t>(words_[e + 2] >> 32); }
  const Layout& LayoutFor(TypeId type) const { return layouts_[layout_of_type_.At(type)]; }
  uint64_t PutBytes(size_t record, const Value& v);
  uint64_t PutList(size_t record, const Value& v);

  std::vector<Layout> layouts_;
  TypeTable<uint32_t> layout_of_type_;
  LargeArray<uint64_t> words_;
  LargeArray<uint64_t> old_;  // after Compact: records with their new places

  // While sliding: where the next record goes, and the last one's old and new place.
  size_t slid_ = 0;
  EventRef last_from_ = kNoEvent;
  EventRef last_to_ = kNoEvent;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_STORE_EVENT_STORE_H_
