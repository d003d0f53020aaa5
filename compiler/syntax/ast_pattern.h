// Ast of patterns: steps, how they follow each other, quantifiers, bans and bounds.
//
// Thread-safety: values. See ast.h.
#ifndef SPATE_COMPILER_SYNTAX_AST_PATTERN_H_
#define SPATE_COMPILER_SYNTAX_AST_PATTERN_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "compiler/source/source.h"
#include "compiler/syntax/ast_expr.h"

namespace spate::ast {

// `Type[condition]`: as a step, in a view, in `from`, in a ban.
struct TypeUse {
  Name type;
  ExprPtr condition;  // or null
  Span span;
};

struct Pattern;
using PatternPtr = std::unique_ptr<Pattern>;

enum class SequenceOp { kFollowedBy, kFollowedByAny, kNext };  // ->  ->>  ,
enum class ContiguityWord { kNone, kStrict, kRelaxed, kAny };  // after a quantifier or group

struct Quantifier {
  uint64_t min = 1;
  std::optional<uint64_t> max;  // none: open
  bool is_default = true;       // nothing was written
  bool reluctant = false;
  ContiguityWord contiguity = ContiguityWord::kNone;
  Span span;
  // `{min_tries,}`: a param or const in place of a number; `min` (`max`) means nothing then. For
  // `{n}` both are the same name, and `max` is set.
  std::optional<Name> min_name;
  std::optional<Name> max_name;
};

// `within ..` and `gap ..` at the end of a pattern.
struct WithinBound {
  Span span;
  bool unbounded = false;
  ExprPtr duration;  // or
  ExprPtr events;    // `within N events`
};
struct GapBound {
  Span span;
  ExprPtr duration;
};
struct Bounds {
  std::optional<WithinBound> within;
  std::optional<GapBound> gap;
};

struct Step {
  TypeUse use;
};
struct Sequence {  // elements.size() == ops.size() + 1
  std::vector<PatternPtr> elements;
  std::vector<SequenceOp> ops;
  std::vector<Span> op_spans;
};
struct Permutation {
  std::vector<PatternPtr> elements;
};  // &
struct Alternation {
  std::vector<PatternPtr> elements;
};  // |
struct Group {
  PatternPtr inner;
  Bounds bounds;
};                    // ( pattern within .. )
struct Ban {          // not N [for D | before t | ever]
  PatternPtr banned;  // a step, or a group of an alternation of steps
  ExprPtr for_duration;
  ExprPtr before_time;
  bool ever = false;
  Span span;  // of `not`
};

struct Pattern {
  Span span;
  std::optional<Name> variable;
  Quantifier quantifier;
  std::variant<Step, Sequence, Permutation, Alternation, Group, Ban> node;
};

}  // namespace spate::ast

#endif  // SPATE_COMPILER_SYNTAX_AST_PATTERN_H_
