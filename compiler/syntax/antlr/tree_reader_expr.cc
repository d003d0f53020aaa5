// TreeReader: expressions. Chains of left-recursive operators are read in a loop, so that a long
// sum needs no deep recursion; their depth is limited for those who walk the Ast.

#include "absl/strings/str_cat.h"
#include "compiler/syntax/antlr/tree_reader.h"
#include "compiler/syntax/literals.h"

namespace spate::syntax {
namespace {

using ast::BinaryOp;
using ast::ExprPtr;

ExprPtr MakeBinary(BinaryOp op, Span op_span, ExprPtr left, ExprPtr right) {
  const Span span = Join(left->span, right->span);
  return MakeExpr(span, ast::Binary{op, op_span, std::move(left), std::move(right)});
}

BinaryOp ComparisonOperator(Tree::ComparisonOpContext* tree) {
  switch (tree->getStart()->getType()) {
    case Tree::EQ:
      return BinaryOp::kEq;
    case Tree::NE:
      return BinaryOp::kNe;
    case Tree::LT:
      return BinaryOp::kLt;
    case Tree::LE:
      return BinaryOp::kLe;
    case Tree::GT:
      return BinaryOp::kGt;
    case Tree::GE:
      return BinaryOp::kGe;
    case Tree::EQ_FOLD:
      return BinaryOp::kEqFold;
    default:
      return BinaryOp::kNeFold;
  }
}

BinaryOp WordOperator(Tree::WordOpContext* tree, bool negated) {
  using enum BinaryOp;
  switch (tree->getStart()->getType()) {
    case Tree::R_IN:
      return negated ? kNotIn : kIn;
    case Tree::IN_FOLD:
      return negated ? kNotInFold : kInFold;
    case Tree::R_LIKE:
      return negated ? kNotLike : kLike;
    case Tree::LIKE_FOLD:
      return negated ? kNotLikeFold : kLikeFold;
    case Tree::R_MATCHES:
      return negated ? kNotMatches : kMatches;
    default:
      return negated ? kNotMatchesFold : kMatchesFold;
  }
}

BinaryOp ProductOperator(Tree::ProductValueContext* tree) {
  if (tree->STAR() != nullptr) return BinaryOp::kMul;
  return tree->SLASH() != nullptr ? BinaryOp::kDiv : BinaryOp::kMod;
}

Span WithStart(Span span, const ExprPtr& left) { return {span.file, left->span.begin, span.end}; }

// The left operand of an operator that extends a value, or null for a value that stands alone.
Tree::ValueContext* LeftOf(Tree::ValueContext* tree) {
  if (auto* t = As<Tree::MemberValueContext>(tree)) return t->value();
  if (auto* t = As<Tree::IndexValueContext>(tree)) return t->value();
  if (auto* t = As<Tree::ProductValueContext>(tree)) return t->value(0);
  if (auto* t = As<Tree::SumValueContext>(tree)) return t->value(0);
  if (auto* t = As<Tree::CoalesceValueContext>(tree)) return t->value(0);
  return nullptr;
}

}  // namespace

bool TreeReader::Enter(size_t levels, Span span) {
  depth_ += levels;
  if (depth_ <= kMaxExpressionDepth) return true;
  Report(DiagnosticCode::kTooLong, span,
         absl::StrCat("an expression with more than ", kMaxExpressionDepth, " nested operators"))
      .fix = Fix{"list values in `in [..]`, or name parts with `const` and `fn`", std::nullopt, ""};
  return false;
}

ExprPtr TreeReader::Expr(Tree::ExprContext* tree) {
  const Span span = SpanOf(tree);
  const bool fits = Enter(1, span);
  ExprPtr result;
  if (!fits) {
    result = MakeExpr(span, ast::NullLit{});
  } else if (auto* t = As<Tree::IfExprContext>(tree)) {
    const auto parts = t->expr();
    ExprPtr condition = Expr(parts[0]), then_value = Expr(parts[1]), else_value = Expr(parts[2]);
    result =
        MakeExpr(span, ast::If{std::move(condition), std::move(then_value), std::move(else_value)});
  } else {
    auto* exceptions = As<Tree::UnlessExprContext>(tree);
    const auto parts = exceptions->condition();
    const auto words = exceptions->R_UNLESS();
    result = Condition(parts[0]);
    if (parts.size() > 1) {
      result =
          MakeBinary(BinaryOp::kUnless, SpanOf(words[0]), std::move(result), Condition(parts[1]));
    }
    if (parts.size() > 2) {
      Diagnostic& d = Report(DiagnosticCode::kUnlessTwice, SpanOf(words[1]),
                             "`unless` stands twice in one condition");
      d.label = "use parentheses, or `or` between the exceptions";
      d.labels.push_back({SpanOf(words[0]), "the first one"});
      d.fix = Fix{"join the exceptions", SpanOf(words[1]), "or"};
    }
  }
  Leave(1);
  return result;
}

ExprPtr TreeReader::Condition(Tree::ConditionContext* tree) {
  // The chain `a and b or c ..`, outermost first.
  std::vector<Tree::ConditionContext*> chain;
  Tree::ConditionContext* first = tree;
  for (;;) {
    Tree::ConditionContext* left = nullptr;
    if (auto* t = As<Tree::AndConditionContext>(first)) left = t->condition(0);
    if (auto* t = As<Tree::OrConditionContext>(first)) left = t->condition(0);
    if (left == nullptr) break;
    chain.push_back(first);
    first = left;
  }
  const size_t levels = chain.size() + 1;
  if (!Enter(levels, SpanOf(tree))) {
    Leave(levels);
    return MakeExpr(SpanOf(tree), ast::NullLit{});
  }
  ExprPtr result;
  if (auto* t = As<Tree::NotConditionContext>(first)) {
    ExprPtr operand = Condition(t->condition());
    result = MakeExpr(SpanOf(first),
                      ast::Unary{ast::UnaryOp::kNot, SpanOf(t->R_NOT()), std::move(operand)});
  } else {
    result = Comparisons(As<Tree::ComparisonConditionContext>(first));
  }
  for (auto it = chain.rbegin(); it != chain.rend(); ++it) {
    if (auto* t = As<Tree::AndConditionContext>(*it)) {
      result = MakeBinary(BinaryOp::kAnd, SpanOf(t->R_AND()), std::move(result),
                          Condition(t->condition(1)));
    } else {
      auto* either = As<Tree::OrConditionContext>(*it);
      result = MakeBinary(BinaryOp::kOr, SpanOf(either->R_OR()), std::move(result),
                          Condition(either->condition(1)));
    }
  }
  Leave(levels);
  return result;
}

ExprPtr TreeReader::Comparisons(Tree::ComparisonConditionContext* tree) {
  const auto parts = tree->comparison();
  if (!Enter(parts.size(), SpanOf(tree))) {
    Leave(parts.size());
    return MakeExpr(SpanOf(tree), ast::NullLit{});
  }
  ExprPtr result = Value(tree->value());
  const Tree::ComparisonContext* last = nullptr;
  for (Tree::ComparisonContext* part : parts) {
    const bool is_test = As<Tree::IsComparisonContext>(part) != nullptr;
    if (last != nullptr && !is_test) {
      Diagnostic& d = Report(DiagnosticCode::kNeedsParentheses, SpanOf(part),
                             "comparisons do not follow each other");
      d.label = "join two comparisons with `and`, or use parentheses";
      break;
    }
    result = Comparison(std::move(result), part);
    last = part;
  }
  Leave(parts.size());
  return result;
}

ExprPtr TreeReader::Comparison(ExprPtr left, Tree::ComparisonContext* tree) {
  if (auto* t = As<Tree::PlainComparisonContext>(tree)) {
    Tree::ComparisonOpContext* op = t->comparisonOp();
    return MakeBinary(ComparisonOperator(op), SpanOf(op), std::move(left), Value(t->value()));
  }
  if (auto* t = As<Tree::BetweenComparisonContext>(tree)) {
    ExprPtr low = Value(t->value(0)), high = Value(t->value(1));
    const Span span = WithStart(SpanOf(tree), left);
    return MakeExpr(span, ast::Between{std::move(left), std::move(low), std::move(high),
                                       t->R_NOT() != nullptr});
  }
  if (auto* t = As<Tree::WordComparisonContext>(tree)) return WordComparison(std::move(left), t);
  return IsComparison(std::move(left), As<Tree::IsComparisonContext>(tree));
}

ExprPtr TreeReader::WordComparison(ExprPtr left, Tree::WordComparisonContext* tree) {
  const Span word = SpanOf(tree->wordOp());
  const bool negated = tree->R_NOT() != nullptr;
  const Span op_span = negated ? Join(SpanOf(tree->R_NOT()), word) : word;
  return MakeBinary(WordOperator(tree->wordOp(), negated), op_span, std::move(left),
                    Value(tree->value()));
}

ExprPtr TreeReader::IsComparison(ExprPtr left, Tree::IsComparisonContext* tree) {
  ast::IsTest test = ast::IsTest::kNull;
  if (tree->R_TRUE() != nullptr) test = ast::IsTest::kTrue;
  if (tree->R_FALSE() != nullptr) test = ast::IsTest::kFalse;
  const Span span = WithStart(SpanOf(tree), left);
  return MakeExpr(span, ast::Is{std::move(left), test, tree->R_NOT() != nullptr});
}

ExprPtr TreeReader::Value(Tree::ValueContext* tree) {
  std::vector<Tree::ValueContext*> chain;  // outermost first
  Tree::ValueContext* first = tree;
  for (Tree::ValueContext* left = LeftOf(first); left != nullptr; left = LeftOf(first)) {
    chain.push_back(first);
    first = left;
  }
  const size_t levels = chain.size() + 1;
  if (!Enter(levels, SpanOf(tree))) {
    Leave(levels);
    return MakeExpr(SpanOf(tree), ast::NullLit{});
  }
  ExprPtr result = Primary(first);
  for (auto it = chain.rbegin(); it != chain.rend(); ++it) result = Extend(std::move(result), *it);
  Leave(levels);
  return result;
}

ExprPtr TreeReader::Extend(ExprPtr left, Tree::ValueContext* tree) {
  const Span span = WithStart(SpanOf(tree), left);
  if (auto* t = As<Tree::MemberValueContext>(tree)) {
    return MakeExpr(span, ast::Member{std::move(left), Name(t->label())});
  }
  if (auto* t = As<Tree::IndexValueContext>(tree)) {
    ExprPtr index = Expr(t->expr());
    return MakeExpr(span, ast::Index{std::move(left), std::move(index)});
  }
  if (auto* t = As<Tree::ProductValueContext>(tree)) {
    const auto* op = dynamic_cast<antlr4::tree::TerminalNode*>(t->children[1])->getSymbol();
    return MakeBinary(ProductOperator(t), SpanOf(op), std::move(left), Value(t->value(1)));
  }
  if (auto* t = As<Tree::SumValueContext>(tree)) {
    const bool plus = t->PLUS() != nullptr;
    const Span op = SpanOf(plus ? t->PLUS() : t->MINUS());
    return MakeBinary(plus ? BinaryOp::kAdd : BinaryOp::kSub, op, std::move(left),
                      Value(t->value(1)));
  }
  auto* t = As<Tree::CoalesceValueContext>(tree);
  return MakeBinary(BinaryOp::kCoalesce, SpanOf(t->COALESCE()), std::move(left),
                    Value(t->value(1)));
}

ExprPtr TreeReader::Primary(Tree::ValueContext* tree) {
  const Span span = SpanOf(tree);
  if (auto* t = As<Tree::NegatedValueContext>(tree)) return Negated(t);
  if (auto* t = As<Tree::CallValueContext>(tree)) return Call(t);
  if (auto* t = As<Tree::NameValueContext>(tree))
    return MakeExpr(span, ast::NameRef{Name(t->name())});
  if (auto* t = As<Tree::LiteralValueContext>(tree)) return Literal(t->literal());
  if (auto* t = As<Tree::ListValueContext>(tree)) {
    return MakeExpr(span, ast::ListLit{Exprs(t->expr())});
  }
  return MakeExpr(span,
                  ast::Parenthesized{Expr(As<Tree::ParenthesizedValueContext>(tree)->expr())});
}

ExprPtr TreeReader::Negated(Tree::NegatedValueContext* tree) {
  const Span span = SpanOf(tree);
  // The smallest int has no positive twin: `-` and its digits are one literal.
  if (auto* value = As<Tree::LiteralValueContext>(tree->value())) {
    if (As<Tree::IntLiteralContext>(value->literal()) != nullptr) {
      const absl::string_view digits = TextOf(SpanOf(value));
      const std::optional<int64_t> smallest = ReadInt(digits, true);
      if (smallest == std::numeric_limits<int64_t>::min()) {
        return MakeExpr(span, ast::IntLit{*smallest});
      }
    }
  }
  ExprPtr operand = Value(tree->value());
  return MakeExpr(span,
                  ast::Unary{ast::UnaryOp::kNegate, SpanOf(tree->MINUS()), std::move(operand)});
}

ExprPtr TreeReader::Call(Tree::CallValueContext* tree) {
  ast::Call call{Name(tree->name()), {}};
  for (Tree::ArgumentContext* argument : tree->argument()) {
    call.arguments.push_back(Argument(argument));
  }
  return MakeExpr(SpanOf(tree), std::move(call));
}

ast::Argument TreeReader::Argument(Tree::ArgumentContext* tree) {
  ast::Argument argument;
  if (auto* t = As<Tree::LambdaArgumentContext>(tree)) {
    argument.lambda_params.push_back(Name(t->name()));
    argument.lambda_body = Expr(t->expr());
    return argument;
  }
  const auto parts = As<Tree::PlainArgumentContext>(tree)->expr();
  argument.value = Expr(parts[0]);
  if (parts.size() > 1) argument.where = Expr(parts[1]);
  return argument;
}

std::vector<ExprPtr> TreeReader::Exprs(const std::vector<Tree::ExprContext*>& trees) {
  std::vector<ExprPtr> result;
  result.reserve(trees.size());
  for (Tree::ExprContext* tree : trees) result.push_back(Expr(tree));
  return result;
}

}  // namespace spate::syntax
