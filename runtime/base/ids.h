// Strong integer ids: an index into one particular array cannot be used for another.
//
// A StrongId<Tag> is as cheap as its uint32_t. `value` is the index; the default is "none".
// Thread-safety: values. Tested by tests/runtime/base/ids_test.cc.
#ifndef SPATE_RUNTIME_BASE_IDS_H_
#define SPATE_RUNTIME_BASE_IDS_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

namespace spate {

template <typename Tag>
struct StrongId {
  static constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

  uint32_t value = kNone;

  constexpr StrongId() = default;
  constexpr explicit StrongId(uint32_t v) : value(v) {}
  constexpr explicit StrongId(size_t v) : value(static_cast<uint32_t>(v)) {}
  constexpr bool valid() const { return value != kNone; }
  constexpr size_t index() const { return value; }

  friend constexpr bool operator==(StrongId a, StrongId b) { return a.value == b.value; }
  friend constexpr auto operator<=>(StrongId a, StrongId b) { return a.value <=> b.value; }
  template <typename H>
  friend H AbslHashValue(H h, StrongId id) {
    return H::combine(std::move(h), id.value);
  }
};

using TypeId = StrongId<struct TypeTag>;            // an event type, index into Plan::types
using FieldId = StrongId<struct FieldTag>;          // an attribute, index into EventType::fields
using RuleId = StrongId<struct RuleTag>;            // a rule, in the order of the files
using VarId = StrongId<struct VarTag>;              // a variable, index into one rule's vars
using StateId = StrongId<struct StateTag>;          // a state of one rule's automaton
using GroupId = StrongId<struct GroupTag>;          // a bounded group of one rule's pattern
using PredicateId = StrongId<struct PredicateTag>;  // a condition on one event, Plan::predicates

}  // namespace spate

#endif  // SPATE_RUNTIME_BASE_IDS_H_
