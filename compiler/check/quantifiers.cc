// Quantifiers: counts may be params and consts.
#include "compiler/check/quantifiers.h"

#include <variant>

#include "absl/strings/str_cat.h"
#include "compiler/check/constants.h"
#include "compiler/check/expressions/build.h"

namespace spate {
namespace {

// `{min_tries,}`: the value of a param or const.
uint64_t NamedCount(CheckContext& context, const ast::Name& name) {
  ConstantInfo* constant = context.FindConstant(name.text, name.span.file);
  if (constant == nullptr) {
    Diagnostic& d = context.Report(DiagnosticCode::kUndefinedName, name.span,
                                   absl::StrCat("undefined name ", Quoted(name.text)));
    d.label = "a count is a number, a `param` or a `const`";
    return 1;
  }
  ExprPtr value = ConstantValue(context, *constant);
  if (IsError(value)) return 1;
  const int64_t* count = std::get_if<int64_t>(&value->constant.data);
  if (value->type.kind == Kind::kInt && count != nullptr && *count >= 0) {
    return static_cast<uint64_t>(*count);
  }
  Diagnostic& d = context.Report(
      DiagnosticCode::kTypeMismatch, name.span,
      absl::StrCat("a count is an `int` that is not negative, and ", Quoted(name.text), " is not"));
  d.label = absl::StrCat("of type ", Quoted(TypeName(value->type)));
  return 1;
}

}  // namespace

Counts CountsOf(CheckContext& context, const ast::Quantifier& q) {
  if (q.is_default) return {};
  Counts counts{q.min, q.max};
  if (q.min_name.has_value()) counts.min = NamedCount(context, *q.min_name);
  if (q.max_name.has_value()) counts.max = NamedCount(context, *q.max_name);
  if (counts.max.has_value() && (*counts.max == 0 || *counts.max < counts.min)) {
    if (q.min_name.has_value() || q.max_name.has_value()) {  // else the parser has said so
      Diagnostic& d =
          context.Report(DiagnosticCode::kBadQuantifier, q.span, "a quantifier that cannot hold");
      d.label = absl::StrCat("at least ", counts.min, " and at most ", *counts.max);
    }
    return {};
  }
  return counts;
}

Contiguity ToContiguity(ast::SequenceOp op) {
  switch (op) {
    case ast::SequenceOp::kFollowedBy:
      return Contiguity::kRelaxed;
    case ast::SequenceOp::kFollowedByAny:
      return Contiguity::kAny;
    case ast::SequenceOp::kNext:
      return Contiguity::kStrict;
  }
  return Contiguity::kRelaxed;
}

std::optional<Contiguity> ToContiguity(ast::ContiguityWord word) {
  switch (word) {
    case ast::ContiguityWord::kNone:
      return std::nullopt;
    case ast::ContiguityWord::kStrict:
      return Contiguity::kStrict;
    case ast::ContiguityWord::kRelaxed:
      return Contiguity::kRelaxed;
    case ast::ContiguityWord::kAny:
      return Contiguity::kAny;
  }
  return std::nullopt;
}

}  // namespace spate
