// The pattern part of the reference's parser.
//
// A failure is remembered by the reader. Tested by tests/reference/parse_test.cc.
#ifndef SPATE_TESTS_REFERENCE_PARSE_PATTERN_H_
#define SPATE_TESTS_REFERENCE_PARSE_PATTERN_H_

#include "tests/reference/model.h"
#include "tests/reference/parse_expr.h"

namespace spate::reference {

class PatternParser {
 public:
  explicit PatternParser(Reader* reader) : in_(*reader), expr_(reader) {}

  // A rule's whole pattern; its bounds are clauses of the rule.
  NodePtr Parse() { return Sequence(nullptr); }
  // A step or `(A | B)`, perhaps with a variable: what a ban, `until` or `window ending` name.
  NodePtr OneOf();

 private:
  NodePtr Sequence(Node* group);
  void Bounds(Node* group);
  NodePtr Ban();
  NodePtr Element();
  NodePtr Mixed();
  NodePtr Quantified();
  NodePtr Primary();
  NodePtr Quantifier(NodePtr inner);
  void Counts(Node* loop);
  bool AcceptWord(Op* word);

  Reader& in_;
  ExprParser expr_;
};

}  // namespace spate::reference

#endif  // SPATE_TESTS_REFERENCE_PARSE_PATTERN_H_
