// TreeReader: ANTLR's parse tree -> Ast, by one typed function a rule of the grammar.
//
// Reads whole trees only: what did not parse never gets here. What parses but means nothing (a ban
// outside a sequence, `{0}`, `unless` twice) is reported here, with the place and a fix, and the
// result stays usable. Not thread-safe; one reader a file. Tested by tests/compiler/syntax.
#ifndef SPATE_COMPILER_SYNTAX_ANTLR_TREE_READER_H_
#define SPATE_COMPILER_SYNTAX_ANTLR_TREE_READER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "SpateParser.h"
#include "absl/strings/string_view.h"
#include "compiler/source/diagnostic.h"
#include "compiler/source/source.h"
#include "compiler/syntax/ast.h"

namespace spate::syntax {

using Tree = spate_grammar::SpateParser;

// Nested operators of one expression, counted along its deepest path. Whoever walks an Ast may
// recurse this deep.
inline constexpr size_t kMaxExpressionDepth = 1200;

class TreeReader {
 public:
  TreeReader(const Source& source, uint32_t file, antlr4::TokenStream* tokens,
             Diagnostics* diagnostics)
      : source_(source), file_(file), tokens_(tokens), diagnostics_(diagnostics) {}

  Span SpanOf(const antlr4::Token* token) const;
  Span SpanOf(antlr4::ParserRuleContext* tree) const;
  Span SpanOf(antlr4::tree::TerminalNode* node) const { return SpanOf(node->getSymbol()); }
  absl::string_view TextOf(Span span) const;

  // tree_reader_decl.cc. The reader of a rule or test gets the head here and its parts below.
  ast::Declaration Declaration(Tree::DeclarationContext* tree);
  std::vector<ast::Annotation> Annotations(const std::vector<Tree::AnnotationContext*>& trees);
  // The `///` lines before `token`, joined by line ends.
  std::string DocBefore(const antlr4::Token* token);

  // tree_reader_rule.cc: adds one clause; reports a second one of its kind.
  void Clause(Tree::ClauseContext* tree, ast::RuleDecl* rule);
  ast::Name RuleName(Tree::RuleHeadContext* tree) { return Name(tree->name()); }

  // tree_reader_test.cc
  ast::TestDecl TestHead(Tree::TestHeadContext* tree);
  ast::TestStatement TestStatement(Tree::TestStatementContext* tree);

 private:
  // tree_reader.cc: names and texts
  ast::Name Name(Tree::NameContext* tree);
  ast::Name Name(Tree::LabelContext* tree);
  std::string Text(Tree::TextContext* tree);
  Diagnostic& Report(DiagnosticCode code, Span span, std::string message) {
    return diagnostics_->Report(code, span, std::move(message));
  }

  // tree_reader_expr.cc
  ast::ExprPtr Expr(Tree::ExprContext* tree);
  ast::ExprPtr Condition(Tree::ConditionContext* tree);
  ast::ExprPtr Comparisons(Tree::ComparisonConditionContext* tree);
  ast::ExprPtr Comparison(ast::ExprPtr left, Tree::ComparisonContext* tree);
  ast::ExprPtr WordComparison(ast::ExprPtr left, Tree::WordComparisonContext* tree);
  ast::ExprPtr IsComparison(ast::ExprPtr left, Tree::IsComparisonContext* tree);
  ast::ExprPtr Value(Tree::ValueContext* tree);
  ast::ExprPtr Primary(Tree::ValueContext* tree);
  ast::ExprPtr Extend(ast::ExprPtr left, Tree::ValueContext* tree);
  ast::ExprPtr Negated(Tree::NegatedValueContext* tree);
  ast::ExprPtr Call(Tree::CallValueContext* tree);
  ast::Argument Argument(Tree::ArgumentContext* tree);
  ast::ExprPtr Literal(Tree::LiteralContext* tree);
  ast::ExprPtr LiteralValue(const antlr4::Token* token);
  std::vector<ast::ExprPtr> Exprs(const std::vector<Tree::ExprContext*>& trees);
  bool Enter(size_t levels, Span span);  // false: too deep, reported
  void Leave(size_t levels) { depth_ -= levels; }

  // tree_reader_pattern.cc
  ast::PatternPtr Sequence(Tree::SequenceContext* tree);
  ast::PatternPtr Alternation(Tree::AlternationContext* tree, bool in_sequence);
  ast::PatternPtr Permutation(Tree::PermutationContext* tree, bool in_sequence);
  ast::PatternPtr Element(Tree::ElementContext* tree, bool in_sequence);
  ast::PatternPtr Ban(Tree::BanContext* tree, bool in_sequence);
  ast::PatternPtr Repeated(Tree::RepeatedContext* tree);
  ast::Quantifier Quantifier(Tree::QuantifierContext* tree);
  void Count(Tree::CountContext* tree, uint64_t* number, std::optional<ast::Name>* name);
  ast::ContiguityWord Contiguity(Tree::ContiguityContext* tree);
  void CheckPermuted(const ast::Pattern& element);
  void CheckBanned(const ast::Pattern& banned);
  void Bound(Tree::BoundContext* tree, ast::Bounds* bounds);
  // `Type[c]`, `(A | B)`, `v: (A | B)`; `what` names the place in messages ("`from`"). Alternatives
  // without parentheses are an error when `parentheses`.
  std::vector<ast::TypeUse> TypeUses(Tree::AlternationContext* tree, absl::string_view what,
                                     bool parentheses, std::optional<ast::Name>* variable);
  void FlattenTypes(ast::PatternPtr pattern, absl::string_view what,
                    std::optional<ast::Name>* variable, std::vector<ast::TypeUse>* out);

  // tree_reader_period.cc
  ast::Period Period(Tree::PeriodContext* tree);
  // A plain duration: `events` and calendar units are refused.
  ast::ExprPtr Duration(Tree::PeriodContext* tree);
  bool IsEvents(Tree::PeriodContext* tree);
  void Window(Tree::WindowContext* tree, ast::WindowClause* window);
  void WindowSize(Tree::PeriodContext* tree, ast::WindowClause* window);
  void WindowOptions(const std::vector<Tree::WindowOptionContext*>& trees,
                     ast::WindowClause* window);

  // tree_reader_decl.cc
  ast::TypeExpr Type(Tree::TypeExprContext* tree);
  std::vector<ast::RecordField> Fields(Tree::FieldBlockContext* tree, bool is_table);
  ast::RecordField Field(Tree::FieldContext* tree, bool is_table);
  ast::EventDecl Event(Tree::EventDeclContext* tree);
  ast::ClockDecl Clock(Tree::ClockDeclContext* tree);
  ast::FnDecl Function(Tree::FnDeclContext* tree);
  void RefuseUnbounded(const ast::Name& name, absl::string_view what);

  // tree_reader_rule.cc
  bool Once(bool is_there, Span span, absl::string_view what);
  void Keys(Tree::ByClauseContext* tree, ast::RuleDecl* rule);
  ast::Key Key(Tree::KeyContext* tree);
  void Emit(Span span, ast::EmitKind kind, Tree::NameContext* name, Tree::EmitBlockContext* block,
            ast::RuleDecl* rule);
  ast::AfterMatchClause SkipPolicy(Tree::SkipPolicyContext* tree);
  std::vector<ast::EmitField> EmitFields(Tree::EmitBlockContext* tree);
  void AddEmitField(std::vector<Tree::LabelContext*> path, ast::EmitField leaf,
                    std::vector<ast::EmitField>* fields);

  // tree_reader_test.cc
  ast::TestTime TestTime(Tree::TestTimeContext* tree);
  ast::EventLiteral Event(Tree::EventLiteralContext* tree);

  const Source& source_;
  uint32_t file_;
  antlr4::TokenStream* tokens_;
  Diagnostics* diagnostics_;
  size_t depth_ = 0;
};

// The tree as a `T`, or null: one alternative of a rule.
template <typename T>
T* As(antlr4::ParserRuleContext* tree) {
  return dynamic_cast<T*>(tree);
}

template <typename Node>
ast::ExprPtr MakeExpr(Span span, Node node) {
  return ast::ExprPtr(new ast::Expr{span, std::move(node)});
}

template <typename Node>
ast::PatternPtr MakePattern(Span span, Node node) {
  ast::Quantifier once;
  once.max = 1;
  return ast::PatternPtr(new ast::Pattern{span, std::nullopt, once, std::move(node)});
}

}  // namespace spate::syntax

#endif  // SPATE_COMPILER_SYNTAX_ANTLR_TREE_READER_H_
