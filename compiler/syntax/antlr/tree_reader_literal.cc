// TreeReader: literals. A literal that the lexer has already refused (`5min`, a text without its
// end) gets a harmless value here and no second message.
#include "absl/strings/str_cat.h"
#include "compiler/syntax/antlr/lexer.h"
#include "compiler/syntax/antlr/tree_reader.h"
#include "compiler/syntax/literals.h"

namespace spate::syntax {

using ast::ExprPtr;

ExprPtr TreeReader::Literal(Tree::LiteralContext* tree) {
  const Span span = SpanOf(tree);
  if (auto* t = As<Tree::TextLiteralContext>(tree)) {
    return MakeExpr(span, ast::TextLit{Text(t->text())});
  }
  if (As<Tree::TrueLiteralContext>(tree) != nullptr) return MakeExpr(span, ast::BoolLit{true});
  if (As<Tree::FalseLiteralContext>(tree) != nullptr) return MakeExpr(span, ast::BoolLit{false});
  if (As<Tree::NullLiteralContext>(tree) != nullptr) return MakeExpr(span, ast::NullLit{});
  return LiteralValue(tree->getStart());
}

ExprPtr TreeReader::LiteralValue(const antlr4::Token* token) {
  const Span span = SpanOf(token);
  const absl::string_view text = TextOf(span);
  const auto too_large = [&](absl::string_view limit) {
    if (IsRefused(token)) return;
    Report(DiagnosticCode::kNumberTooLarge, span, absl::StrCat("`", text, "` is too large")).label =
        std::string(limit);
  };
  switch (token->getType()) {
    case Tree::FLOAT: {
      const std::optional<double> value = ReadFloat(text);
      if (!value.has_value()) too_large("a float goes up to about 1.8e308");
      return MakeExpr(span, ast::FloatLit{value.value_or(0)});
    }
    case Tree::DURATION: {
      const std::optional<spate::Duration> value = ReadDuration(text);
      if (!value.has_value()) too_large("a duration goes up to about 292 years, `106751d`");
      return MakeExpr(span, ast::DurationLit{value.value_or(0)});
    }
    case Tree::TIME: {
      const std::optional<Time> value = ParseTime(text.substr(1));
      if (!value.has_value() && !IsRefused(token)) {
        Report(DiagnosticCode::kBadTime, span, absl::StrCat("`", text, "` is not a time")).label =
            "a month, day, hour, minute, second or zone is out of its range";
      }
      return MakeExpr(span, ast::TimeLit{value.value_or(0)});
    }
    default: {
      const std::optional<int64_t> value = ReadInt(text);
      if (!value.has_value()) too_large("an int goes up to 9223372036854775807");
      return MakeExpr(span, ast::IntLit{value.value_or(0)});
    }
  }
}

}  // namespace spate::syntax
