// TreeReader: patterns. The grammar takes a ban and a quantifier anywhere; what may not stand where
// it stands is refused here with a fix.

#include "absl/strings/str_cat.h"
#include "compiler/syntax/antlr/tree_reader.h"
#include "compiler/syntax/literals.h"

namespace spate::syntax {

using ast::PatternPtr;

PatternPtr TreeReader::Sequence(Tree::SequenceContext* tree) {
  const auto elements = tree->alternation();
  if (elements.size() == 1) return Alternation(elements[0], /*in_sequence=*/true);
  ast::Sequence sequence;
  for (Tree::AlternationContext* element : elements) {
    sequence.elements.push_back(Alternation(element, /*in_sequence=*/true));
  }
  for (Tree::SequenceOpContext* op : tree->sequenceOp()) {
    ast::SequenceOp kind = ast::SequenceOp::kNext;
    if (op->ARROW() != nullptr) kind = ast::SequenceOp::kFollowedBy;
    if (op->DOUBLE_ARROW() != nullptr) kind = ast::SequenceOp::kFollowedByAny;
    sequence.ops.push_back(kind);
    sequence.op_spans.push_back(SpanOf(op));
  }
  return MakePattern(SpanOf(tree), std::move(sequence));
}

PatternPtr TreeReader::Alternation(Tree::AlternationContext* tree, bool in_sequence) {
  const auto elements = tree->permutation();
  if (elements.size() == 1) return Permutation(elements[0], in_sequence);
  ast::Alternation alternation;
  for (Tree::PermutationContext* element : elements) {
    alternation.elements.push_back(Permutation(element, /*in_sequence=*/false));
  }
  return MakePattern(SpanOf(tree), std::move(alternation));
}

PatternPtr TreeReader::Permutation(Tree::PermutationContext* tree, bool in_sequence) {
  const auto elements = tree->element();
  if (elements.size() == 1) return Element(elements[0], in_sequence);
  ast::Permutation permutation;
  for (Tree::ElementContext* element : elements) {
    permutation.elements.push_back(Element(element, /*in_sequence=*/false));
    CheckPermuted(*permutation.elements.back());
  }
  return MakePattern(SpanOf(tree), std::move(permutation));
}

// A permutation is of steps, alternatives under one variable, and steps with exact counts.
void TreeReader::CheckPermuted(const ast::Pattern& element) {
  const ast::Quantifier& q = element.quantifier;
  const bool named = q.min_name.has_value() || q.max_name.has_value();
  const bool exact = named ? q.min_name.has_value() && q.max_name.has_value() &&
                                 q.min_name->text == q.max_name->text
                           : q.max.has_value() && *q.max == q.min;
  bool simple = (q.is_default || exact) && q.contiguity == ast::ContiguityWord::kNone;
  if (const auto* group = std::get_if<ast::Group>(&element.node)) {
    const bool bounded = group->bounds.within.has_value() || group->bounds.gap.has_value();
    const bool of_steps = std::holds_alternative<ast::Step>(group->inner->node) ||
                          std::holds_alternative<ast::Alternation>(group->inner->node);
    simple = simple && !bounded && of_steps;
    if (simple && std::holds_alternative<ast::Step>(group->inner->node)) {
      CheckPermuted(*group->inner);
      return;
    }
  }
  if (simple || std::holds_alternative<ast::Ban>(element.node)) return;  // a ban is reported
  Report(DiagnosticCode::kBadPermutation, element.span,
         "a permutation is of steps and of steps with exact counts")
      .label = "write alternatives: `(A -> B) | (B -> A)`";
}

PatternPtr TreeReader::Element(Tree::ElementContext* tree, bool in_sequence) {
  if (auto* t = As<Tree::BanContext>(tree)) return Ban(t, in_sequence);
  return Repeated(As<Tree::PlainElementContext>(tree)->repeated());
}

PatternPtr TreeReader::Ban(Tree::BanContext* tree, bool in_sequence) {
  const Span word = SpanOf(tree->R_NOT());
  ast::Ban ban;
  ban.span = word;
  ban.banned = Repeated(tree->repeated());
  if (!in_sequence) {
    Diagnostic& d =
        Report(DiagnosticCode::kBanPlace, SpanOf(tree), "a ban is an element of a sequence only");
    d.label = "use parentheses: `not (A | B)` bans both, `(A -> not B) | C` bans in one branch";
  } else {
    CheckBanned(*ban.banned);
  }
  if (Tree::BanTailContext* tail = tree->banTail()) {
    if (tail->K_FOR() != nullptr) ban.for_duration = Duration(tail->period());
    if (tail->K_BEFORE() != nullptr) ban.before_time = Expr(tail->expr());
    ban.ever = tail->K_EVER() != nullptr;
  }
  return MakePattern(SpanOf(tree), std::move(ban));
}

// What is banned is a step or alternatives of steps, each taken once.
void TreeReader::CheckBanned(const ast::Pattern& banned) {
  if (!banned.quantifier.is_default || banned.quantifier.contiguity != ast::ContiguityWord::kNone) {
    Report(DiagnosticCode::kBadQuantifier, banned.quantifier.span, "a ban takes no quantifier")
        .label = "`not A` already bans every A";
    return;
  }
  if (std::holds_alternative<ast::Step>(banned.node)) return;
  if (const auto* group = std::get_if<ast::Group>(&banned.node)) {
    if (!group->bounds.within.has_value() && !group->bounds.gap.has_value()) {
      CheckBanned(*group->inner);
      return;
    }
  }
  if (const auto* alternation = std::get_if<ast::Alternation>(&banned.node)) {
    for (const PatternPtr& element : alternation->elements) CheckBanned(*element);
    return;
  }
  Report(DiagnosticCode::kBanPlace, banned.span, "a ban is on a step or on alternatives of steps")
      .label = "write `not A` or `not (A | B)`";
}

PatternPtr TreeReader::Repeated(Tree::RepeatedContext* tree) {
  PatternPtr result;
  Tree::AtomContext* atom = tree->atom();
  if (auto* step = As<Tree::StepAtomContext>(atom)) {
    ast::TypeUse use{Name(step->name()), nullptr, SpanOf(atom)};
    if (step->expr() != nullptr) use.condition = Expr(step->expr());
    result = MakePattern(SpanOf(tree), ast::Step{std::move(use)});
  } else {
    auto* group = As<Tree::GroupAtomContext>(atom);
    ast::Group inner{Sequence(group->sequence()), {}};
    for (Tree::BoundContext* bound : group->bound()) Bound(bound, &inner.bounds);
    result = MakePattern(SpanOf(tree), std::move(inner));
  }
  if (tree->label() != nullptr) result->variable = Name(tree->label());
  if (tree->quantifier() != nullptr) result->quantifier = Quantifier(tree->quantifier());
  if (Tree::ContiguityContext* word = tree->contiguity()) {
    const bool is_group = std::holds_alternative<ast::Group>(result->node);
    result->quantifier.contiguity = Contiguity(word);
    if (result->quantifier.is_default) result->quantifier.span = SpanOf(word);
    if (result->quantifier.is_default && !is_group) {
      Report(DiagnosticCode::kBadQuantifier, SpanOf(word),
             absl::StrCat("`", TextOf(SpanOf(word)), "` stands after a quantifier or a group"))
          .label = "it says how the rounds of a loop follow each other: `A+ strict`";
    }
  }
  return result;
}

ast::ContiguityWord TreeReader::Contiguity(Tree::ContiguityContext* tree) {
  if (tree->K_STRICT() != nullptr) return ast::ContiguityWord::kStrict;
  return tree->K_RELAXED() != nullptr ? ast::ContiguityWord::kRelaxed : ast::ContiguityWord::kAny;
}

void TreeReader::Count(Tree::CountContext* tree, uint64_t* number, std::optional<ast::Name>* name) {
  if (tree->name() != nullptr) {
    *name = Name(tree->name());
    return;
  }
  const Span span = SpanOf(tree);
  const std::optional<int64_t> value = ReadInt(TextOf(span));
  if (!value.has_value()) {
    Report(DiagnosticCode::kNumberTooLarge, span, "this count is too large");
  }
  *number = static_cast<uint64_t>(value.value_or(1));
}

ast::Quantifier TreeReader::Quantifier(Tree::QuantifierContext* tree) {
  ast::Quantifier q;
  q.is_default = false;
  q.span = SpanOf(tree);
  uint64_t max = 1;
  if (auto* plus = As<Tree::PlusQuantifierContext>(tree)) {
    q.reluctant = plus->QUESTION() != nullptr;
  } else if (auto* star = As<Tree::StarQuantifierContext>(tree)) {
    q.min = 0;
    q.reluctant = star->QUESTION() != nullptr;
  } else if (auto* optional = As<Tree::OptionalQuantifierContext>(tree)) {
    q.min = 0;
    q.max = 1;
    q.reluctant = optional->QUESTION().size() > 1;
  } else if (As<Tree::OptionalReluctantQuantifierContext>(tree) != nullptr) {
    q.min = 0;
    q.max = 1;
    q.reluctant = true;
  } else if (auto* exact = As<Tree::ExactQuantifierContext>(tree)) {
    Count(exact->count(), &q.min, &q.min_name);
    q.max = q.min;
    q.max_name = q.min_name;
    if (exact->QUESTION() != nullptr) {
      Diagnostic& d =
          Report(DiagnosticCode::kBadQuantifier, q.span, "an exact count cannot be reluctant");
      d.label = "write it without `?`; for an optional group: `(A{2})?`";
      d.fix = Fix{"leave the `?` out", SpanOf(exact->QUESTION()), ""};
    }
  } else if (auto* range = As<Tree::RangeQuantifierContext>(tree)) {
    Count(range->count(0), &q.min, &q.min_name);
    if (range->count().size() > 1) {
      Count(range->count(1), &max, &q.max_name);
      q.max = max;
    }
    q.reluctant = range->QUESTION() != nullptr;
  } else {
    auto* at_most = As<Tree::AtMostQuantifierContext>(tree);
    q.min = 0;
    Count(at_most->count(), &max, &q.max_name);
    q.max = max;
    q.reluctant = at_most->QUESTION() != nullptr;
  }
  const bool max_is_number = q.max.has_value() && !q.max_name.has_value();
  if (max_is_number && *q.max == 0) {
    Report(DiagnosticCode::kBadQuantifier, q.span, "a quantifier that allows no event").label =
        "leave the step out, or ban it with `not`";
  } else if (max_is_number && !q.min_name.has_value() && *q.max < q.min) {
    Report(DiagnosticCode::kBadQuantifier, q.span, "a quantifier that cannot hold").label =
        "the first count is larger than the second";
  }
  return q;
}

void TreeReader::Bound(Tree::BoundContext* tree, ast::Bounds* bounds) {
  const Span span = SpanOf(tree);
  if (tree->K_GAP() != nullptr) {
    if (bounds->gap.has_value() && !Once(true, span, "`gap`")) return;
    bounds->gap = ast::GapBound{span, Duration(tree->period())};
    return;
  }
  if (bounds->within.has_value() && !Once(true, span, "`within`")) return;
  ast::WithinBound within;
  within.span = span;
  if (IsEvents(tree->period())) {
    within.events = Expr(tree->period()->expr());
  } else {
    within.duration = Duration(tree->period());
    const ast::Expr* inner = within.duration.get();
    while (const auto* p = std::get_if<ast::Parenthesized>(&inner->node)) inner = p->inner.get();
    const auto* name = std::get_if<ast::NameRef>(&inner->node);
    if (name != nullptr && TextOf(name->name.span) == "unbounded") {
      within.unbounded = true;
      within.duration = nullptr;
    }
  }
  bounds->within = std::move(within);
}

std::vector<ast::TypeUse> TreeReader::TypeUses(Tree::AlternationContext* tree,
                                               absl::string_view what, bool parentheses,
                                               std::optional<ast::Name>* variable) {
  std::vector<ast::TypeUse> result;
  PatternPtr pattern = Alternation(tree, /*in_sequence=*/true);
  auto* alternation = std::get_if<ast::Alternation>(&pattern->node);
  if (parentheses && alternation != nullptr && tree->permutation().size() > 1) {
    const Span span = SpanOf(tree);
    Span types = span;
    // `from e: A | B`: the variable is meant to name either.
    std::optional<ast::Name>& first = alternation->elements.front()->variable;
    if (variable != nullptr && first.has_value()) {
      auto* step = As<Tree::PlainElementContext>(tree->permutation(0)->element(0));
      types.begin = SpanOf(step->repeated()->atom()).begin;
      *variable = std::move(first);
      first.reset();
    }
    Diagnostic& d = Report(DiagnosticCode::kNeedsParentheses, span,
                           absl::StrCat("alternatives stand in parentheses after ", what));
    d.fix = Fix{"put them in parentheses", types, absl::StrCat("(", TextOf(types), ")")};
  }
  FlattenTypes(std::move(pattern), what, variable, &result);
  return result;
}

void TreeReader::FlattenTypes(PatternPtr pattern, absl::string_view what,
                              std::optional<ast::Name>* variable, std::vector<ast::TypeUse>* out) {
  if (pattern->variable.has_value()) {
    if (variable == nullptr || variable->has_value() || !out->empty()) {
      Report(DiagnosticCode::kBadClause, pattern->variable->span,
             absl::StrCat("no variable can stand here in ", what))
          .label = variable == nullptr ? "leave it out" : "one variable names all: `e: (A | B)`";
    } else {
      *variable = std::move(pattern->variable);
    }
  }
  if (!pattern->quantifier.is_default ||
      pattern->quantifier.contiguity != ast::ContiguityWord::kNone) {
    Report(DiagnosticCode::kBadClause, pattern->quantifier.span,
           absl::StrCat(what, " takes types, not a quantifier"));
  }
  if (auto* step = std::get_if<ast::Step>(&pattern->node)) {
    out->push_back(std::move(step->use));
    return;
  }
  if (auto* alternation = std::get_if<ast::Alternation>(&pattern->node)) {
    for (PatternPtr& element : alternation->elements) {
      FlattenTypes(std::move(element), what, nullptr, out);
    }
    return;
  }
  auto* group = std::get_if<ast::Group>(&pattern->node);
  if (group != nullptr && !group->bounds.within.has_value() && !group->bounds.gap.has_value()) {
    FlattenTypes(std::move(group->inner), what, variable, out);
    return;
  }
  Report(DiagnosticCode::kBadClause, pattern->span,
         absl::StrCat(what, " takes types, not a pattern"))
      .label = "write `Type[condition]` or `(A | B)`";
}

}  // namespace spate::syntax
