#include "runtime/engine/router.h"

#include <algorithm>

namespace spate {

void Router::Add(TypeId type, uint32_t rank, PredicateId from,
                 const std::optional<std::vector<PredicateId>>& interest, bool keyed) {
  OfType& of = by_type_[type.index()];
  const auto place = static_cast<uint32_t>(of.routes.size());
  of.keyed |= keyed;
  of.routes.push_back({rank, from, keyed, !interest.has_value(), interest.value_or(Interest())});
  of.only = of.routes.size() == 1 && !from.valid() && !interest.has_value();
  of.by_predicates = of.routes.size() >= index_from_;
  if (from.valid()) {
    predicates_[from.index()].push_back(place);
  } else if (!interest.has_value()) {
    of.every.push_back(place);
  } else {
    for (PredicateId p : *interest) predicates_[p.index()].push_back(place);
  }
}

// The routes that some row of the batch may take.
void Router::FindCandidates(const OfType& of, const BatchBits& bits) {
  candidates_.assign(of.every.begin(), of.every.end());
  for (PredicateId p : bits.candidates) {
    const std::vector<uint32_t>& routes = predicates_[p.index()];
    candidates_.insert(candidates_.end(), routes.begin(), routes.end());
  }
  std::sort(candidates_.begin(), candidates_.end());
  candidates_.erase(std::unique(candidates_.begin(), candidates_.end()), candidates_.end());
}

// The rows of word `w` of a mask that a route takes.
uint64_t Router::Word(const Route& r, const PredicateBits& bits, size_t w, size_t rows) const {
  const size_t left = rows - 64 * w;
  uint64_t word = left >= 64 ? ~uint64_t{0} : (uint64_t{1} << left) - 1;
  if (r.from.valid()) word &= bits.masks[r.from.index()][w];
  if (r.every) return word;
  uint64_t any = 0;
  for (PredicateId p : r.interest) any |= bits.masks[p.index()][w];
  return word & any;
}

void Router::Find(const EventBatch& batch, BatchBits* bits) {
  const OfType& of = by_type_[batch.type_id().index()];
  if (!of.by_predicates) return;
  FindCandidates(of, *bits);
  const size_t rows = batch.rows();
  const auto for_each = [&](auto&& take) {
    for (uint32_t place : candidates_) {
      for (size_t w = 0; 64 * w < rows; ++w) {
        for (uint64_t word = Word(of.routes[place], bits->bits, w, rows); word != 0;
             word &= word - 1) {
          take(64 * w + static_cast<size_t>(__builtin_ctzll(word)), place);
        }
      }
    }
  };
  // Counts the routes of each row, then puts each at its place behind those of lower ranks.
  std::vector<uint32_t>& begin = bits->bits.row_routes;
  begin.assign(rows + 2, 0);
  for_each([&](size_t row, uint32_t) { ++begin[row + 2]; });
  for (size_t row = 2; row < begin.size(); ++row) begin[row] += begin[row - 1];
  bits->bits.routes.resize(begin.back());
  for_each([&](size_t row, uint32_t place) { bits->bits.routes[begin[row + 1]++] = place; });
}

}  // namespace spate
