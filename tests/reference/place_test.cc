#include "tests/reference/place.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/reference/parse.h"

namespace spate::reference {
namespace {

RuleFile Parsed(const std::string& pattern) {
  auto file = ParseRules("rule r { match " + pattern + " within unbounded }");
  EXPECT_TRUE(file.has_value()) << pattern;
  return file.value_or(RuleFile{});
}

// The bans on the way, `!` after which N is looked for, `^` before the match, each with its type.
std::string ShownGuards(const Transition& t) {
  std::string out;
  for (const Guard& g : t.guards) {
    out += g.at_start ? "^" : g.next_only ? ",!" : "!";
    out += g.ban->children[0]->type;
  }
  return out;
}

// What is offered, in order: each step's type after its operator, then its bans; `wait` for a ban
// at the end; `$` where the pattern may end.
std::string Shown(const Offer& offer) {
  std::string out;
  for (const Transition& t : offer.transitions) {
    out += out.empty() ? "" : " ";
    out += t.IsWait() ? "wait" : t.op == Op::kStrict ? "," : t.op == Op::kAny ? "->>" : "->";
    out += t.step->type + ShownGuards(t);
  }
  return out + (offer.complete ? " $" : "");
}

// Follows the types, each by the first transition to a step of that type.
std::string After(const std::string& pattern, const std::string& types) {
  RuleFile file = Parsed(pattern);
  Places places(file.rules.at(0).pattern);
  Offer offer = places.FromStart();
  for (char type : types) {
    const Transition* taken = nullptr;
    for (const Transition& t : offer.transitions) {
      if (taken == nullptr && t.step->type == std::string(1, type)) taken = &t;
    }
    if (taken == nullptr) return "no " + std::string(1, type);
    offer = places.After(taken->step, Frames(taken->frames));
  }
  return Shown(offer);
}

struct Row {
  const char* pattern;
  const char* taken;
  const char* offered;
};

TEST(Places, OffersInOrderOfPreference) {
  const Row rows[] = {
      {"A -> B, C ->> D", "", "->A"},
      {"A -> B, C ->> D", "A", "->B"},
      {"A -> B, C ->> D", "AB", ",C"},
      {"A -> B, C ->> D", "ABC", "->>D"},
      {"A -> B, C ->> D", "ABCD", " $"},
      // What follows something optional keeps the operator on its left.
      {"A -> B*, C", "A", "->B ,C"},
      {"A -> B*, C", "AB", "->B ,C"},
      {"A -> B??, C", "A", ",C ->B"},
      // Rounds are joined by the operator on the left, else on the right, else relaxed.
      {"A, B+ -> C", "AB", ",B ->C"},
      {"(A)+, B", "A", ",A ,B"},
      {"A+", "A", "->A $"},
      {"A, B+ relaxed, C", "A", ",B"},
      {"A, B+ relaxed, C", "AB", "->B ,C"},
      {"A -> (B+, C)", "AB", "->B ,C"},
      // Counts.
      {"A{2} -> B", "A", "->A"},
      {"A{2} -> B", "AA", "->B"},
      {"A{1,2}? -> B", "A", "->B ->A"},
      {"A{,2} -> B", "", "->A ->B"},
      {"(A -> B){2} -> C", "AB", "->A"},
      {"(A -> B){2} -> C", "ABAB", "->C"},
      // A round binds an event.
      {"A -> (B? -> C?){2} -> D", "AB", "->C ->B ->C"},
      {"A -> (B? -> C?){2} -> D", "ABC", "->B ->C"},
      {"A -> (B? -> C?){2} -> D", "ABCB", "->C ->D"},
      // Alternatives, left to right.
      {"(A | B -> C) -> D", "", "->A ->B"},
      {"A -> (B? | C) -> D", "A", "->B ->D ->C"},
      {"A -> (B -> C)?", "A", "->B $"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(After(row.pattern, row.taken), row.offered) << row.pattern << " after " << row.taken;
  }
}

TEST(Places, BansGuardWhatComesAfterThem) {
  const Row rows[] = {
      {"A -> not N -> B", "A", "->B!N"},
      {"A, not N -> B", "A", "->B,!N"},
      {"A+ -> not N -> B", "A", "->A ->B!N"},
      {"A -> not N -> B? -> C", "A", "->B!N ->C!N"},
      {"A -> not N -> B? -> C", "AB", "->C"},
      {"A -> not N -> not M -> B", "A", "->B!N!M"},
      // At the end it is waited for; before something optional it is not.
      {"A -> not N", "A", "wait!N"},
      {"A -> B* -> not N for 5s", "A", "->B wait!N"},
      {"A -> not N -> B*", "A", "->B!N $"},
      // At the start.
      {"not N for 5s -> A", "", "->A^N"},
      {"not N for 5s -> A? -> B", "", "->A^N ->B^N"},
      {"A? -> not N -> B", "", "->A ->B"},
      {"A? -> not N -> B", "A", "->B!N"},
      // Around groups.
      {"C -> (not N -> A){2}", "C", "->A!N"},
      {"(not N -> A){2}", "", "->A"},
      {"(not N -> A){2}", "A", "->A!N"},
      {"(A -> not N){2} -> B", "A", "->A!N"},
      {"(A -> not N){2} -> B", "AA", "->B!N"},
      {"A -> (B -> not N)? -> C", "A", "->B ->C"},
      {"A -> (B -> not N)? -> C", "AB", "->C!N"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(After(row.pattern, row.taken), row.offered) << row.pattern << " after " << row.taken;
  }
}

TEST(Places, PermutationsOfferWhatRemains) {
  const Row rows[] = {
      {"A & B{2} -> C", "", "->A ->B"},   {"A & B{2} -> C", "B", "->A ->B"},
      {"A & B{2} -> C", "BB", "->A"},     {"A & B{2} -> C", "BAB", "->C"},
      {"C, A & B", "C", ",A ,B"},         {"C, A & B", "CB", ",A"},
      {"(A & B) strict -> C", "A", ",B"}, {"(A & B) strict -> C", "AB", "->C"},
      {"(A & B)+", "AB", "->A ->B $"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(After(row.pattern, row.taken), row.offered) << row.pattern << " after " << row.taken;
  }
}

TEST(Places, NamesTheGroupsAroundAStep) {
  RuleFile file = Parsed("m: (n: (a: A -> B) -> C)");
  Places places(file.rules.at(0).pattern);
  Offer offer = places.FromStart();
  EXPECT_EQ(places.VarsOf(offer.transitions.at(0).step), (std::vector<std::string>{"m", "n", "a"}));
}

}  // namespace
}  // namespace spate::reference
