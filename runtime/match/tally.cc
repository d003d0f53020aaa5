#include "runtime/match/tally.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <deque>
#include <limits>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_set.h"
#include "runtime/match/window_values.h"
#include "windows/order_statistics.h"

namespace spate {
namespace {

constexpr uint64_t kSign = uint64_t{1} << 63;

// ---- order -----------------------------------------------------------------------------------

// Numbers as unsigned words that have the same order; what is not a number comes last.
uint64_t OrderedWord(const Value& v) {
  if (v.kind != Kind::kFloat) return static_cast<uint64_t>(v.i) ^ kSign;
  const double f = v.f == v.f ? v.f : std::numeric_limits<double>::quiet_NaN();
  uint64_t bits = 0;
  std::memcpy(&bits, &f, sizeof(bits));
  return (bits & kSign) != 0 ? ~bits : bits | kSign;
}

class OrderTally : public Tally {
 public:
  uint64_t Add(const Value& value) override {
    kind_ = value.kind;
    const uint64_t word = OrderedWord(value);
    values_.Insert(word);
    return word;
  }
  void Remove(uint64_t handle) override { values_.Erase(handle); }
  void Clear() override { values_.Clear(); }

  // Linear between the two values around rank p / 100 * (n - 1), counted from 0.
  Value Result(AggregateKind kind, double parameter, Arena*) const override {
    if (values_.size() == 0) return Value::Null();
    const double p = kind == AggregateKind::kMedian ? 50 : std::clamp(parameter, 0.0, 100.0);
    const double rank = p / 100 * static_cast<double>(values_.size() - 1);
    const auto below = static_cast<size_t>(rank);
    const double part = rank - static_cast<double>(below);
    const long double low = At(below);
    const long double high = part > 0 ? At(below + 1) : low;
    if (kind_ == Kind::kDuration) {
      return Value::OfDuration(std::llround(low + (high - low) * part));
    }
    const auto from = static_cast<double>(low);
    return Value::Float(part > 0 ? from + (static_cast<double>(high) - from) * part : from);
  }

 private:
  long double At(size_t rank) const {
    const uint64_t word = values_.Kth(rank);
    if (kind_ != Kind::kFloat) return static_cast<int64_t>(word ^ kSign);
    const uint64_t bits = (word & kSign) != 0 ? word ^ kSign : ~word;
    double f = 0;
    std::memcpy(&f, &bits, sizeof(f));
    return f;
  }

  OrderStatistics values_;
  Kind kind_ = Kind::kInt;
};

// ---- different values ------------------------------------------------------------------------

// The different values that are there, by number; numbers are used again.
class ValueTable {
 public:
  struct Entry {
    Value value;
    std::unique_ptr<char[]> content;
    uint64_t count = 0;
    uint64_t first = 0;  // for TopTally: the oldest and the newest of its values
    uint64_t last = 0;
  };
  ValueTable() : numbers_(0, Hash{&entries_}, Same{&entries_}) {}
  ValueTable(const ValueTable&) = delete;
  ValueTable& operator=(const ValueTable&) = delete;

  size_t size() const { return numbers_.size(); }
  Entry& operator[](uint64_t number) { return entries_[number]; }
  const Entry& operator[](uint64_t number) const { return entries_[number]; }

  // The number of a value, a new entry with count 0 when it is not there.
  uint32_t FindOrAdd(const Value& value) {
    const auto found = numbers_.find(value);
    if (found != numbers_.end()) return *found;
    uint32_t number = static_cast<uint32_t>(entries_.size());
    if (free_.empty()) {
      entries_.emplace_back();
    } else {
      number = free_.back();
      free_.pop_back();
    }
    Entry& entry = entries_[number];
    const size_t bytes = ContentBytes(value);
    if (bytes > 0) entry.content.reset(new char[bytes]);
    entry.value = CopyContent(value, entry.content.get());
    numbers_.insert(number);
    return number;
  }

  void Erase(uint32_t number) {
    numbers_.erase(number);
    entries_[number] = Entry();
    free_.push_back(number);
  }

  void Clear() {
    numbers_.clear();
    entries_.clear();
    free_.clear();
  }

 private:
  struct Hash {
    using is_transparent = void;
    const std::vector<Entry>* entries;
    size_t operator()(uint32_t number) const { return HashValue((*entries)[number].value); }
    size_t operator()(const Value& value) const { return HashValue(value); }
  };
  struct Same {
    using is_transparent = void;
    const std::vector<Entry>* entries;
    const Value& Get(uint32_t number) const { return (*entries)[number].value; }
    static const Value& Get(const Value& value) { return value; }
    template <typename A, typename B>
    bool operator()(const A& a, const B& b) const {
      return SameValue(Get(a), Get(b));
    }
  };

  std::vector<Entry> entries_;
  std::vector<uint32_t> free_;
  absl::flat_hash_set<uint32_t, Hash, Same> numbers_;
};

class DistinctTally : public Tally {
 public:
  uint64_t Add(const Value& value) override {
    const uint32_t number = table_.FindOrAdd(value);
    ++table_[number].count;
    return number;
  }
  void Remove(uint64_t handle) override {
    if (--table_[handle].count == 0) table_.Erase(static_cast<uint32_t>(handle));
  }
  void Clear() override { table_.Clear(); }
  Value Result(AggregateKind, double, Arena*) const override {
    return Value::Int(static_cast<int64_t>(table_.size()));
  }

 private:
  ValueTable table_;
};

// Ties go by the oldest value that is still there. Values leave in the order in which they came, so
// that a queue with, for each, the next one that equals it tells which is then the oldest.
class TopTally : public Tally {
 public:
  explicit TopTally(bool values_leave) : values_leave_(values_leave) {}

  uint64_t Add(const Value& value) override {
    const uint32_t number = table_.FindOrAdd(value);
    ValueTable::Entry& entry = table_[number];
    const uint64_t now = arrivals_++;
    if (entry.count == 0) {
      entry.first = now;
    } else {
      order_.erase(RankOf(number));
      if (values_leave_) next_equal_[entry.last - oldest_] = now;
    }
    if (values_leave_) next_equal_.push_back(kNoneNext);
    entry.last = now;
    ++entry.count;
    order_.insert(RankOf(number));
    return number;
  }

  void Remove(uint64_t handle) override {
    const auto number = static_cast<uint32_t>(handle);
    ValueTable::Entry& entry = table_[number];
    order_.erase(RankOf(number));
    if (--entry.count == 0) {
      table_.Erase(number);
    } else {
      entry.first = next_equal_.front();
      order_.insert(RankOf(number));
    }
    next_equal_.pop_front();
    ++oldest_;
  }

  void Clear() override {
    table_.Clear();
    order_.clear();
    next_equal_.clear();
    oldest_ = arrivals_ = 0;
  }

  Value Result(AggregateKind, double parameter, Arena* scratch) const override {
    const size_t k = std::min(static_cast<size_t>(std::max(parameter, 0.0)), order_.size());
    Value* elements = scratch->AllocateArray<Value>(k);
    auto next = order_.begin();
    for (size_t i = 0; i < k; ++i, ++next) elements[i] = table_[next->number].value;
    return Value::List(absl::Span<const Value>(elements, k));
  }

 private:
  static constexpr uint64_t kNoneNext = ~uint64_t{0};
  struct Rank {
    uint64_t count;
    uint64_t first;
    uint32_t number;
    friend bool operator<(const Rank& a, const Rank& b) {
      return a.count != b.count ? a.count > b.count : a.first < b.first;
    }
  };
  Rank RankOf(uint32_t number) const {
    return {table_[number].count, table_[number].first, number};
  }

  ValueTable table_;
  absl::btree_set<Rank> order_;
  const bool values_leave_;
  std::deque<uint64_t> next_equal_;  // by arrival - oldest_; where values leave
  uint64_t oldest_ = 0;
  uint64_t arrivals_ = 0;
};

}  // namespace

std::optional<TallyKind> TallyKindOf(AggregateKind kind) {
  switch (kind) {
    case AggregateKind::kMedian:
    case AggregateKind::kPercentile:
      return TallyKind::kOrder;
    case AggregateKind::kCountDistinct:
      return TallyKind::kDistinct;
    case AggregateKind::kTop:
      return TallyKind::kTop;
    default:
      return std::nullopt;
  }
}

std::unique_ptr<Tally> Tally::Create(TallyKind kind, bool values_leave) {
  switch (kind) {
    case TallyKind::kOrder:
      return std::make_unique<OrderTally>();
    case TallyKind::kDistinct:
      return std::make_unique<DistinctTally>();
    case TallyKind::kTop:
      break;
  }
  return std::make_unique<TopTally>(values_leave);
}

Value TallyOf(AggregateKind kind, double parameter, absl::Span<const Value> values,
              Arena* scratch) {
  const std::optional<TallyKind> tally_kind = TallyKindOf(kind);
  if (!tally_kind.has_value()) return Value::Null();
  const std::unique_ptr<Tally> tally = Tally::Create(*tally_kind, /*values_leave=*/false);
  for (const Value& v : values) {
    if (!v.is_null()) tally->Add(v);
  }
  return CopyValue(tally->Result(kind, parameter, scratch), scratch);
}

}  // namespace spate
