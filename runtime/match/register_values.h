// How values of registers are told apart, ordered and hashed.
//
// Thread-safety: pure functions. Tested by tests/runtime/match/register_entries_test.cc.
#ifndef SPATE_RUNTIME_MATCH_REGISTER_VALUES_H_
#define SPATE_RUNTIME_MATCH_REGISTER_VALUES_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "runtime/match/stances.h"
#include "runtime/model/value.h"

namespace spate {

// `==` of the language, of two values of one kind that is no list; null equals nothing.
bool EqualInIndex(const Value& a, const Value& b);
// The same bits.
bool IdenticalValues(const Value& a, const Value& b);
// A number as bits that order as `<` does. False: null or NaN, which no comparison holds for.
bool OrderedBits(const Value& v, uint64_t* bits);
// The number of a group: of an index (its low bits), in a partition's stance, by values.
uint64_t GroupNumber(uint32_t slot, StanceId stance, size_t index, absl::Span<const Value> values);

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_REGISTER_VALUES_H_
