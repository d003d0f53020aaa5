#include "runtime/match/window_aggregates.h"

#include <algorithm>
#include <optional>

#include "windows/aggregates.h"

namespace spate {
namespace {

bool CountsBit(const uint64_t* record, size_t count) {
  return ((record[1 + count / 64] >> (count % 64)) & 1) != 0;
}

Value MinOfValues(const Value& a, const Value& b) {
  if (a.kind == Kind::kFloat) return Value::Float(MinOf(a.f, b.f));
  if (Borrows(a)) return b.text() < a.text() ? b : a;
  return b.i < a.i ? b : a;
}

Value MaxOfValues(const Value& a, const Value& b) {
  if (a.kind == Kind::kFloat) return Value::Float(MaxOf(a.f, b.f));
  if (Borrows(a)) return a.text() < b.text() ? b : a;
  return a.i < b.i ? b : a;
}

// The place of `wanted` in `parts`, where it is added when it is new.
template <typename T, typename Same>
uint32_t FindOrAdd(std::vector<T>* parts, const T& wanted, Same same) {
  const auto found = std::find_if(parts->begin(), parts->end(), same);
  const auto place = static_cast<uint32_t>(found - parts->begin());
  if (found == parts->end()) parts->push_back(wanted);
  return place;
}

}  // namespace

WindowAggregates::WindowAggregates(const RulePlan& rule, const WindowArguments& arguments,
                                   size_t extra_words, bool events_leave)
    : events_leave_(events_leave), extra_words_(extra_words) {
  for (size_t i = 0; i < rule.aggregates.size(); ++i) {
    AddReading(rule.aggregates[i], arguments.ArgumentOf(i));
  }
  PlaceWords();
  FindOwned();
}

void WindowAggregates::AddReading(const Aggregate& aggregate, uint32_t argument) {
  Reading r{aggregate.kind, aggregate.type, aggregate.origin};
  r.parameter = aggregate.parameter;
  if (const std::optional<TallyKind> tally = TallyKindOf(aggregate.kind)) {
    r.tally = AddTally(*tally, argument);
    readings_.push_back(r);
    return;
  }
  const bool of_floats = argument != WindowArguments::kEveryEvent &&
                         aggregate.inputs[0].value != nullptr &&
                         aggregate.inputs[0].value->type.kind == Kind::kFloat;
  switch (aggregate.kind) {
    case AggregateKind::kCount:
      if (argument != WindowArguments::kEveryEvent) r.count = AddCount(argument);
      break;
    case AggregateKind::kSum:
    case AggregateKind::kAvg:
      r.count = AddCount(argument);
      if (of_floats) {
        r.fold = AddFold(FoldKind::kSum, argument);
      } else {
        r.sum = AddSum(argument);
      }
      break;
    case AggregateKind::kMin:
      r.fold = AddFold(FoldKind::kMin, argument);
      break;
    case AggregateKind::kMax:
      r.fold = AddFold(FoldKind::kMax, argument);
      break;
    case AggregateKind::kFirst:
      r.fold = AddFold(FoldKind::kFirst, argument);
      break;
    case AggregateKind::kLast:
      r.fold = AddFold(FoldKind::kLast, argument);
      break;
    case AggregateKind::kVariance:
    case AggregateKind::kStddev:
      r.moments = AddMoments(argument);
      break;
    default:
      r.list = AddList(argument);
  }
  readings_.push_back(r);
}

uint32_t WindowAggregates::AddCount(uint32_t argument) {
  return FindOrAdd(&counts_, Count{argument},
                   [&](const Count& c) { return c.argument == argument; });
}
uint32_t WindowAggregates::AddSum(uint32_t argument) {
  return FindOrAdd(&sums_, Sum{argument}, [&](const Sum& s) { return s.argument == argument; });
}
uint32_t WindowAggregates::AddFold(FoldKind kind, uint32_t argument) {
  return FindOrAdd(&folds_, Fold{kind, argument},
                   [&](const Fold& f) { return f.kind == kind && f.argument == argument; });
}
uint32_t WindowAggregates::AddList(uint32_t argument) {
  return FindOrAdd(&lists_, List{argument}, [&](const List& l) { return l.argument == argument; });
}

uint32_t WindowAggregates::AddMoments(uint32_t argument) {
  return FindOrAdd(&moments_, MomentsPart{argument},
                   [&](const MomentsPart& m) { return m.argument == argument; });
}
uint32_t WindowAggregates::AddTally(TallyKind kind, uint32_t argument) {
  const uint32_t count = AddCount(argument);
  return FindOrAdd(&tallies_, TallyPart{kind, argument, count},
                   [&](const TallyPart& t) { return t.kind == kind && t.argument == argument; });
}

void WindowAggregates::PlaceWords() {
  uint32_t record = 1 + static_cast<uint32_t>((counts_.size() + 63) / 64);
  uint32_t totals = 0;
  for (Count& c : counts_) c.totals = totals++;
  for (Sum& s : sums_) {
    s.record = record++;
    s.totals = totals;
    totals += 2;
  }
  for (Fold& f : folds_) {
    f.record = record;
    f.totals = totals;
    record += kValueWords;
    totals += kValueWords;
  }
  for (List& l : lists_) {
    l.record = record;
    record += kValueWords;
  }
  for (MomentsPart& m : moments_) {
    m.record = record;
    m.totals = totals;
    record += kMomentsWords;
    totals += kMomentsWords;
  }
  for (TallyPart& t : tallies_) {
    t.record = record++;
    t.totals = totals++;
  }
  pool_->free.resize(tallies_.size());
  extra_ = record;
  totals_words_ = totals;
}

void WindowAggregates::FindOwned() {
  for (const Fold& f : folds_) {
    if (f.kind == FoldKind::kSum) continue;
    kept_arguments_.push_back(f.argument);
    folded_values_.push_back(f.totals);
    record_values_.push_back(f.record);
  }
  for (const List& l : lists_) {
    kept_arguments_.push_back(l.argument);
    record_values_.push_back(l.record);
  }
  std::sort(kept_arguments_.begin(), kept_arguments_.end());
  kept_arguments_.erase(std::unique(kept_arguments_.begin(), kept_arguments_.end()),
                        kept_arguments_.end());
}

void WindowAggregates::Fill(uint64_t* record, absl::Span<const Value> arguments) const {
  for (size_t i = 0; i < counts_.size(); ++i) {
    if (i % 64 == 0) record[1 + i / 64] = 0;
    const bool counts = !arguments[counts_[i].argument].is_null();
    record[1 + i / 64] |= uint64_t{counts} << (i % 64);
  }
  for (const Sum& s : sums_) record[s.record] = static_cast<uint64_t>(arguments[s.argument].i);
  for (const Fold& f : folds_) {
    Value v = arguments[f.argument];
    const bool navigates = f.kind == FoldKind::kFirst || f.kind == FoldKind::kLast;
    if (v.is_null() && !navigates) v = AbsentValue();
    StoreValue(record + f.record, v);
  }
  for (const List& l : lists_) StoreValue(record + l.record, arguments[l.argument]);
  for (const MomentsPart& m : moments_) {
    const Value& v = arguments[m.argument];
    const bool is_float = v.kind == Kind::kFloat;
    StoreMoments(record + m.record, v.is_null()
                                        ? Moments()
                                        : Moments::Of(is_float ? static_cast<long double>(v.f)
                                                               : static_cast<long double>(v.i)));
  }
}

void WindowAggregates::AddToTallies(uint64_t* totals, absl::Span<const Value> arguments,
                                    uint64_t* record) const {
  for (const TallyPart& t : tallies_) {
    if (arguments[t.argument].is_null()) continue;
    const uint64_t handle = TallyOf(totals, t)->Add(arguments[t.argument]);
    if (record != nullptr) record[t.record] = handle;
  }
}

void WindowAggregates::ResetTallies(uint64_t* totals) const {
  for (size_t i = 0; i < tallies_.size(); ++i) {
    uint64_t& word = totals[tallies_[i].totals];
    std::vector<Tally*>& free = pool_->free[i];
    if (word != 0) {
      TallyOf(totals, tallies_[i])->Clear();
    } else if (!free.empty()) {
      word = reinterpret_cast<uint64_t>(free.back());
      free.pop_back();
    } else {
      pool_->all.push_back(Tally::Create(tallies_[i].kind, events_leave_));
      word = reinterpret_cast<uint64_t>(pool_->all.back().get());
    }
  }
}

void WindowAggregates::Release(uint64_t* totals) const {
  for (size_t i = 0; i < tallies_.size(); ++i) {
    Tally* tally = TallyOf(totals, tallies_[i]);
    if (tally == nullptr) continue;
    tally->Clear();
    pool_->free[i].push_back(tally);
    totals[tallies_[i].totals] = 0;
  }
}

void WindowAggregates::Reset(uint64_t* totals) const {
  std::fill(totals, totals + totals_words_ - tallies_.size(), 0);  // these come last
  ResetBack(totals);
  if (has_tallies()) ResetTallies(totals);
}

void WindowAggregates::ResetBack(uint64_t* totals) const {
  for (const Fold& f : folds_) StoreValue(totals + f.totals, AbsentValue());
  for (const MomentsPart& m : moments_) StoreMoments(totals + m.totals, Moments());
}

void WindowAggregates::Add(uint64_t* totals, const uint64_t* record) const {
  for (size_t i = 0; i < counts_.size(); ++i) totals[counts_[i].totals] += CountsBit(record, i);
  for (const Sum& s : sums_) {
    WideSum sum = LoadSum(totals + s.totals);
    sum.Add(static_cast<int64_t>(record[s.record]));
    StoreSum(totals + s.totals, sum);
  }
  for (const Fold& f : folds_) {
    StoreValue(totals + f.totals,
               Combine(f.kind, LoadValue(totals + f.totals), LoadValue(record + f.record)));
  }
  for (const MomentsPart& m : moments_) {
    StoreMoments(totals + m.totals,
                 Moments::Combine(LoadMoments(totals + m.totals), LoadMoments(record + m.record)));
  }
}

void WindowAggregates::Remove(uint64_t* totals, const uint64_t* record) const {
  for (size_t i = 0; i < counts_.size(); ++i) totals[counts_[i].totals] -= CountsBit(record, i);
  for (const Sum& s : sums_) {
    WideSum sum = LoadSum(totals + s.totals);
    sum.Subtract(static_cast<int64_t>(record[s.record]));
    StoreSum(totals + s.totals, sum);
  }
  for (const TallyPart& t : tallies_) {
    if (CountsBit(record, t.count)) TallyOf(totals, t)->Remove(record[t.record]);
  }
}

void WindowAggregates::Turn(uint64_t* record, const uint64_t* newer) const {
  for (const Fold& f : folds_) {
    StoreValue(record + f.record,
               Combine(f.kind, LoadValue(record + f.record), LoadValue(newer + f.record)));
  }
  for (const MomentsPart& m : moments_) {
    StoreMoments(record + m.record,
                 Moments::Combine(LoadMoments(record + m.record), LoadMoments(newer + m.record)));
  }
}

Value WindowAggregates::Combine(FoldKind kind, const Value& earlier, const Value& later) {
  if (IsAbsent(earlier)) return later;
  if (IsAbsent(later)) return earlier;
  switch (kind) {
    case FoldKind::kSum:
      return Value::Float(earlier.f + later.f);
    case FoldKind::kMin:
      return MinOfValues(earlier, later);
    case FoldKind::kMax:
      return MaxOfValues(earlier, later);
    case FoldKind::kFirst:
      return earlier;
    case FoldKind::kLast:
      return later;
  }
  return later;
}

}  // namespace spate
