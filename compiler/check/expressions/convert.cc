// Convert: by kind, element by element for lists.
#include "compiler/check/expressions/convert.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "compiler/check/expressions/build.h"

namespace spate {
namespace {

// The literal's text as a value of `kind`.
std::optional<Constant> ReadText(const std::string& text, Kind kind) {
  if (kind == Kind::kIp) {
    char bytes[16];
    if (!ParseIp(text, bytes)) return std::nullopt;
    return Constant::Ip(std::string(bytes, 16));
  }
  std::optional<int64_t> v = kind == Kind::kTime ? ParseTime(text) : ParseDuration(text);
  if (!v.has_value()) return std::nullopt;
  return Constant::Integral(*v, kind);
}

bool IsEmptyList(const Expr& e) {
  return e.type.kind == Kind::kList && e.type.element == Kind::kNull && !e.type.element_nullable;
}

bool IsReadFromText(Kind kind) {
  return kind == Kind::kIp || kind == Kind::kTime || kind == Kind::kDuration;
}

// One constant as `kind`; nullopt when it is none. `literal`: text may be read.
std::optional<Constant> ConvertConstant(const Constant& c, Kind kind, bool literal) {
  if (c.kind == kind || c.is_null()) return c;
  if (c.kind == Kind::kInt && kind == Kind::kFloat) {
    return Constant::Float(static_cast<double>(std::get<int64_t>(c.data)));
  }
  if (literal && c.kind == Kind::kString && IsReadFromText(kind)) {
    return ReadText(std::get<std::string>(c.data), kind);
  }
  return std::nullopt;
}

ExprPtr ReportBadText(CheckContext& context, Span span, Kind kind) {
  Diagnostic& d = context.Report(DiagnosticCode::kBadLiteral, span,
                                 absl::StrCat("this text does not read as ", KindName(kind)));
  if (kind == Kind::kIp) d.label = "an address is `10.0.0.9` or `2001:db8::1`";
  if (kind == Kind::kTime) d.label = "a time is `2026-01-31T08:00:00Z`";
  if (kind == Kind::kDuration) d.label = "a duration is `1h30m`";
  return ErrorExpr(span);
}

// Equal but for what may be null.
bool SameShape(const Type& a, const Type& b) {
  if (a.kind != b.kind) return false;
  if (a.kind == Kind::kList) return SameShape(a.Element(), b.Element());
  const absl::Span<const NamedType> left = a.Attributes();
  const absl::Span<const NamedType> right = b.Attributes();
  if (left.size() != right.size()) return false;
  for (size_t i = 0; i < left.size(); ++i) {
    if (left[i].name != right[i].name || !SameShape(left[i].type, right[i].type)) return false;
  }
  return true;
}

ExprPtr ConvertList(CheckContext& context, const ast::Expr* source, const ExprPtr& e,
                    const Type& target) {
  Span span = ToSpan(e->origin);
  Type type = Type::ListOf(target.Element().AsNullable(e->type.element_nullable), e->type.nullable);
  const auto* list = source == nullptr ? nullptr : std::get_if<ast::ListLit>(&Bare(*source).node);
  if (e->op == Op::kConst) {
    if (e->constant.is_null()) return MakeConstant(Constant::Null(), type, span);
    std::vector<Constant> elements;
    for (const Constant& c : std::get<std::vector<Constant>>(e->constant.data)) {
      size_t i = elements.size();
      bool literal =
          list != nullptr && i < list->elements.size() && IsTextLiteral(list->elements[i].get());
      std::optional<Constant> converted = ConvertConstant(c, target.element, literal);
      if (!converted.has_value()) {
        if (!literal || !IsReadFromText(target.element)) return nullptr;
        return ReportBadText(context, list->elements[i]->span, target.element);
      }
      elements.push_back(*std::move(converted));
    }
    return MakeConstant(Constant::List(std::move(elements)), type, span);
  }
  if (e->op != Op::kList) return nullptr;
  std::vector<ExprPtr> elements;
  for (const ExprPtr& a : e->args) {
    size_t i = elements.size();
    const ast::Expr* from =
        list != nullptr && i < list->elements.size() ? list->elements[i].get() : nullptr;
    elements.push_back(Convert(context, from, a, target.Element()));
    if (elements.back() == nullptr) return nullptr;
  }
  return MakeOp(Op::kList, type, std::move(elements), span);
}

}  // namespace

const ast::Expr& Bare(const ast::Expr& e) {
  const ast::Expr* at = &e;
  while (const auto* p = std::get_if<ast::Parenthesized>(&at->node)) at = p->inner.get();
  return *at;
}

bool IsTextLiteral(const ast::Expr* e) {
  return e != nullptr && std::holds_alternative<ast::TextLit>(Bare(*e).node);
}

ExprPtr Convert(CheckContext& context, const ast::Expr* source, const ExprPtr& e,
                const Type& target) {
  const Type& from = e->type;
  Span span = ToSpan(e->origin);
  if (from.kind == Kind::kError || target.kind == Kind::kError) return e;
  if (from.kind == Kind::kNull) {
    return MakeConstant(Constant::Null(), target.AsNullable(), span);
  }
  if (from.kind == Kind::kList && target.kind == Kind::kList) {
    if (SameShape(from, target)) return e;
    if (target.parts != nullptr && !IsEmptyList(*e)) return nullptr;
    return ConvertList(context, source, e, target);
  }
  if (from.kind == Kind::kRecord) return SameShape(from, target) ? e : nullptr;
  if (from.kind == target.kind) return e;
  if (from.kind == Kind::kInt && target.kind == Kind::kFloat) {
    return MakeOp(Op::kToFloat, Type::Of(Kind::kFloat, from.nullable), {e}, span);
  }
  if (IsTextLiteral(source) && e->op == Op::kConst && IsReadFromText(target.kind)) {
    auto value = ConvertConstant(e->constant, target.kind, /*literal=*/true);
    if (!value.has_value()) return ReportBadText(context, span, target.kind);
    return MakeConstant(*std::move(value), Type::Of(target.kind), span);
  }
  return nullptr;
}

namespace {

std::optional<Type> UnifyRecords(const Type& a, const Type& b) {
  if (!SameShape(a, b)) return std::nullopt;
  std::vector<NamedType> attributes;
  for (size_t i = 0; i < a.Attributes().size(); ++i) {
    const NamedType& left = a.Attributes()[i];
    attributes.push_back({left.name, *UnifyTypes(left.type, b.Attributes()[i].type)});
  }
  return Type::RecordOf(std::move(attributes), a.nullable || b.nullable);
}

}  // namespace

std::optional<Type> UnifyTypes(const Type& a, const Type& b) {
  bool nullable = a.nullable || b.nullable;
  if (a.kind == Kind::kError || b.kind == Kind::kError) return Type();
  if (a.kind == Kind::kNull) return b.AsNullable();
  if (b.kind == Kind::kNull) return a.AsNullable();
  if (IsNumeric(a.kind) && IsNumeric(b.kind) && a.kind != b.kind) {
    return Type::Of(Kind::kFloat, nullable);
  }
  if (a.kind != b.kind) return std::nullopt;
  if (a.kind == Kind::kRecord) return UnifyRecords(a, b);
  if (a.kind != Kind::kList) return a.AsNullable(nullable);
  // The literal `[]` is a list of nothing, which says nothing of null.
  if (a.element == Kind::kNull && !a.element_nullable) return b.AsNullable(nullable);
  if (b.element == Kind::kNull && !b.element_nullable) return a.AsNullable(nullable);
  std::optional<Type> element = UnifyTypes(a.Element(), b.Element());
  if (!element.has_value()) return std::nullopt;
  return Type::ListOf(*element, nullable);
}

}  // namespace spate
