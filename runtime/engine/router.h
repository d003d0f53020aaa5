// Router: which rules an event goes to.
//
// A rule reads types, and of many pattern rules only the events that one of their steps accepts can
// change anything (Machine::Interest). Where many rules read a type, the rules of each row of a
// batch are found from the predicates that hold for some row, so that an event costs nothing for
// the rules that it cannot move. Ranks ascend, as the order of reports asks.
// Not thread-safe (scratch). Tested by tests/runtime/engine/many_rules_test.cc and tests/property.
#ifndef SPATE_RUNTIME_ENGINE_ROUTER_H_
#define SPATE_RUNTIME_ENGINE_ROUTER_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "runtime/engine/type_columns.h"
#include "runtime/model/plan.h"

namespace spate {

class Router {
 public:
  // `index_from`: from so many rules of a type on their rows are found by predicates.
  Router(const Plan& plan, size_t index_from)
      : index_from_(index_from), by_type_(plan.types.size()), predicates_(plan.predicates.size()) {}

  // Adds a rule, in ascending order of ranks. It gets the events of the type for which `from` holds
  // and, unless it is nullopt, one of `interest`. `keyed`: its keys are looked up ahead.
  void Add(TypeId type, uint32_t rank, PredicateId from,
           const std::optional<std::vector<PredicateId>>& interest, bool keyed);

  bool Reads(TypeId type) const { return !by_type_[type.index()].routes.empty(); }
  bool ReadsKeyed(TypeId type) const { return by_type_[type.index()].keyed; }

  // Finds the rules of each row of a batch, whose predicates have been evaluated.
  void Find(const EventBatch& batch, BatchBits* bits);

  // Calls take(rank, keyed) for each rule that a row goes to; it returns false to stop.
  template <typename Take>
  void ForEach(TypeId type, const PredicateBits& bits, size_t row, Take&& take) const {
    const OfType& of = by_type_[type.index()];
    if (of.only) {
      take(of.routes[0].rank, of.keyed);
      return;
    }
    if (!of.by_predicates) {
      for (const Route& r : of.routes) {
        if (IsFor(r, bits, row) && !take(r.rank, r.keyed)) return;
      }
      return;
    }
    const size_t end = bits.row_routes[row + 1];
    for (size_t i = bits.row_routes[row]; i < end; ++i) {
      const Route& r = of.routes[bits.routes[i]];
      if (!take(r.rank, r.keyed)) return;
    }
  }

 private:
  using Interest = std::vector<PredicateId>;
  struct Route {
    uint32_t rank;
    PredicateId from;
    bool keyed = false;
    bool every = true;  // every event that `from` admits
    Interest interest;  // else one of these must hold
  };
  struct OfType {
    std::vector<Route> routes;
    std::vector<uint32_t> every;  // indices of routes that no predicate decides
    bool keyed = false;
    bool only = false;           // one route, for every event
    bool by_predicates = false;  // many: see Find
  };

  static bool IsFor(const Route& r, const PredicateBits& bits, size_t row) {
    if (!bits.Test(r.from, row)) return false;
    if (r.every) return true;
    for (PredicateId p : r.interest) {
      if (bits.Test(p, row)) return true;
    }
    return false;
  }
  void FindCandidates(const OfType& of, const BatchBits& bits);
  uint64_t Word(const Route& r, const PredicateBits& bits, size_t w, size_t rows) const;

  size_t index_from_;
  std::vector<OfType> by_type_;
  std::vector<std::vector<uint32_t>> predicates_;  // by predicate: routes of its type that ask it
  std::vector<uint32_t> candidates_;               // of one batch: indices of routes, ascending
};

}  // namespace spate

#endif  // SPATE_RUNTIME_ENGINE_ROUTER_H_
