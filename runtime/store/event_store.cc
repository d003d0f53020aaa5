#include "runtime/store/event_store.h"

#include <cstring>

#include "runtime/base/check.h"

namespace spate {
namespace {

uint64_t Pack(size_t offset, size_t size) {
  return (static_cast<uint64_t>(offset) << 32) | static_cast<uint32_t>(size);
}

uint64_t Bits(double v) {
  uint64_t bits;
  std::memcpy(&bits, &v, sizeof(bits));
  return bits;
}

double FromBits(uint64_t bits) {
  double v;
  std::memcpy(&v, &bits, sizeof(v));
  return v;
}

// Lists are stored as pairs of words: kind, then the number or the packed place of text or a list.
constexpr size_t kListElementWords = 2;

}  // namespace

EventStore::EventStore(const std::vector<KeptType>& types) {
  for (const KeptType& t : types) {
    Layout layout{t.type, {}, std::vector<uint32_t>(t.type->fields.size(), kNoSlot), 0};
    for (size_t f = 0; f < t.type->fields.size(); ++f) {
      if (!t.kept[f]) continue;
      layout.slot_of[f] = static_cast<uint32_t>(layout.fields.size());
      layout.fields.push_back(FieldId(f));
    }
    layout.null_words = static_cast<uint32_t>((layout.fields.size() + 63) / 64);
    layout_of_type_[t.type->id] = static_cast<uint32_t>(layouts_.size());
    layouts_.push_back(std::move(layout));
  }
  words_.push_back(0);  // reference 0 is "none"
}

EventRef EventStore::Add(const EventBatch& batch, size_t row) {
  const size_t layout_index = layout_of_type_.At(batch.type_id());
  const Layout& layout = layouts_[layout_index];
  const size_t record = words_.size();
  const size_t values = record + kHeaderWords + layout.null_words;
  uint64_t* const words = words_.append_unset(values + layout.fields.size() - record);
  words[0] = batch.sequences[row];
  words[1] = static_cast<uint64_t>(batch.times[row]);
  for (size_t i = 0; i < layout.null_words; ++i) words[kHeaderWords + i] = 0;
  for (size_t i = 0; i < layout.fields.size(); ++i) {
    const Value v = batch.Get(row, layout.fields[i]);
    uint64_t word = 0;
    switch (v.kind) {
      case Kind::kNull:
        words_[record + kHeaderWords + i / 64] |= uint64_t{1} << (i % 64);
        break;
      case Kind::kFloat:
        word = Bits(v.f);
        break;
      case Kind::kString:
      case Kind::kIp:
        word = PutBytes(record, v);
        break;
      case Kind::kList:
        word = PutList(record, v);
        break;
      default:
        word = static_cast<uint64_t>(v.i);
    }
    words_[values + i] = word;
  }
  uint64_t flags = 0;
  if (!batch.ids.empty()) {
    words_.push_back(batch.ids[row].high);
    words_.push_back(batch.ids[row].low);
    flags = kHasId;
  }
  words_[record + 2] = (static_cast<uint64_t>(words_.size() - record) << 32) | flags | layout_index;
  SPATE_CHECK(words_.size() < ~uint32_t{0});
  return static_cast<EventRef>(record);
}

uint64_t EventStore::PutBytes(size_t record, const Value& v) {
  const size_t at = words_.size();
  words_.resize(at + (v.size + 7) / 8);
  if (v.size > 0) std::memcpy(&words_[at], v.s, v.size);
  return Pack(at - record, v.size);
}

uint64_t EventStore::PutList(size_t record, const Value& v) {
  const size_t at = words_.size();
  words_.resize(at + v.size * kListElementWords);
  for (size_t i = 0; i < v.size; ++i) {
    const Value& element = v.list[i];
    uint64_t word = 0;
    if (element.kind == Kind::kString || element.kind == Kind::kIp) {
      word = PutBytes(record, element);
    } else if (element.kind == Kind::kFloat) {
      word = Bits(element.f);
    } else if (element.kind == Kind::kList) {
      word = PutList(record, element);
    } else {
      word = static_cast<uint64_t>(element.i);
    }
    words_[at + i * kListElementWords] = static_cast<uint64_t>(element.kind);
    words_[at + i * kListElementWords + 1] = word;
  }
  return Pack(at - record, v.size);
}

namespace {

Value Decode(const uint64_t* record, Kind kind, uint64_t word, Arena* scratch) {
  switch (kind) {
    case Kind::kNull:
      return Value::Null();
    case Kind::kFloat:
      return Value::Float(FromBits(word));
    case Kind::kString:
    case Kind::kIp: {
      Value v;
      v.kind = kind;
      v.s = reinterpret_cast<const char*>(record + (word >> 32));
      v.size = static_cast<uint32_t>(word);
      return v;
    }
    case Kind::kList: {
      const uint64_t* pairs = record + (word >> 32);
      const size_t n = static_cast<uint32_t>(word);
      Value* elements = scratch->AllocateArray<Value>(n);
      for (size_t i = 0; i < n; ++i) {
        elements[i] = Decode(record, static_cast<Kind>(pairs[2 * i]), pairs[2 * i + 1], scratch);
      }
      return Value::List(absl::Span<const Value>(elements, n));
    }
    default:
      return Value::Integral(static_cast<int64_t>(word), kind);
  }
}

}  // namespace

Value EventStore::Get(EventRef e, FieldId field, Arena* scratch) const {
  const Layout& layout = layouts_[LayoutIndex(e)];
  const uint32_t slot = layout.slot_of[field.index()];
  if (slot == kNoSlot) return Value::Null();
  const uint64_t* record = &words_[e];
  if ((record[kHeaderWords + slot / 64] >> (slot % 64)) & 1) return Value::Null();
  const uint64_t word = record[kHeaderWords + layout.null_words + slot];
  return Decode(record, layout.type->fields[field.index()].type.kind, word, scratch);
}

void EventStore::Compact() {
  old_.swap(words_);
  words_.clear();
  words_.push_back(0);
  for (size_t e = 1; e < old_.size();) {
    const size_t size = old_[e + 2] >> 32;
    if ((old_[e + 2] & kMarked) != 0) {
      old_[e + 2] &= ~kMarked;
      const size_t at = words_.size();
      words_.append(&old_[e], size);
      old_[e + 2] = at;
    }
    e += size;
  }
}

void EventStore::BeginSlide() {
  slid_ = 1;
  last_from_ = kNoEvent;
}

EventRef EventStore::Slide(EventRef e) {
  if (e == last_from_) return last_to_;
  SPATE_DCHECK(e > last_from_);
  const size_t size = WordsOf(e);
  if (slid_ != e) std::memmove(&words_[slid_], &words_[e], size * sizeof(uint64_t));
  last_from_ = e;
  last_to_ = static_cast<EventRef>(slid_);
  slid_ += size;
  return last_to_;
}

}  // namespace spate
