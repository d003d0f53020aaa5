// Attributes: the value that an attribute of an event has, once it is known which event it is.
//
// The current event's is a field of it, a bound event's may lie elsewhere by the event's type, and
// inside a step's own condition the current event is the last of what its variable has bound.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "compiler/check/event_types.h"
#include "compiler/check/expressions/convert.h"
#include "compiler/check/expressions/expression_checker.h"

namespace spate {

ExprPtr ExpressionChecker::AttributeOf(const Path& path, Span span) {
  if (path.event.poisoned) return ErrorExpr(span);
  if (path.attribute.empty()) {
    return Fail(DiagnosticCode::kNotAValue, span,
                absl::StrCat(Quoted(path.name.text), " is an event, not a value"),
                "name one of its attributes");
  }
  if (path.event.current) return CurrentAttribute(path, span);
  if (scope_.place == Place::kStep && IsOwn(path.event.var)) return OwnNavigation(path, span);
  return BoundAttribute(path, span);
}

ExprPtr ExpressionChecker::CurrentAttribute(const Path& path, Span span) {
  const EventType& type = context_.type(path.event.types[0]);
  FieldId field = type.FindField(path.attribute);
  Expr e;
  e.origin = ToOrigin(span);
  if (field.valid()) {
    e.op = Op::kField;
    e.field = field;
    e.type = type.fields[field.index()].type;
  } else if (path.attribute == "time" && !type.has_time_attribute) {
    e.op = Op::kTime;
    e.type = Type::Of(Kind::kTime);
  } else {
    return ReportMissingAttribute(path, type.id, span);
  }
  return Finish(std::move(e));
}

ExprPtr ExpressionChecker::BoundAttribute(const Path& path, Span span) {
  if (scope_.is_summary) {
    return Fail(DiagnosticCode::kAggregatePlace, span,
                "`emit summary` is over all matches, and this is of one event",
                "aggregate it: `sum(..)`, `max(..)`, `collect(..)`");
  }
  Expr e;
  e.op = Op::kBound;
  e.var = path.event.var;
  e.nav = path.event.nav;
  e.offset = path.event.offset;
  e.origin = ToOrigin(span);
  size_t times = 0;
  for (TypeId id : path.event.types) {
    const EventType& type = context_.type(id);
    FieldId field = type.FindField(path.attribute);
    if (!field.valid()) {
      if (path.attribute != "time" || type.has_time_attribute) {
        return ReportMissingAttribute(path, id, span);
      }
      ++times;
      continue;
    }
    Type t = type.fields[field.index()].type;
    if (!e.fields.empty()) {
      std::optional<Type> both = UnifyTypes(e.type, t);
      if (!both.has_value() || both->kind != t.kind || both->kind != e.type.kind) {
        return Fail(DiagnosticCode::kTypeMismatch, span,
                    absl::StrCat(Quoted(path.attribute), " is ", Quoted(TypeName(e.type)), " or ",
                                 Quoted(TypeName(t)), ", by the type of the event"));
      }
      t = *both;
    }
    e.type = t;
    e.fields.push_back({id, field});
  }
  if (times > 0 && !e.fields.empty()) {
    return Fail(DiagnosticCode::kTypeMismatch, span,
                "`time` is an attribute of some of these events only");
  }
  if (times > 0) {
    e.op = Op::kBoundTime;
    e.type = Type::Of(Kind::kTime);
  }
  e.type.nullable = e.type.nullable || path.event.nullable;
  return Finish(std::move(e));
}

// Inside a step's own condition its variable is what was bound before and the current event.
ExprPtr ExpressionChecker::OwnNavigation(const Path& path, Span span) {
  Path current = path;
  current.event = CurrentEvent();
  if (path.event.nav == Nav::kLast && path.event.offset == 0)
    return CurrentAttribute(current, span);
  Path before = path;
  before.event.nullable = true;
  if (path.event.nav == Nav::kLast) {
    --before.event.offset;
    return BoundAttribute(before, span);
  }
  ExprPtr now = CurrentAttribute(current, span);
  ExprPtr bound = BoundAttribute(before, span);
  if (AnyError({now, bound})) return ErrorExpr(span);
  auto is_missing = [&](uint32_t offset) {
    Path time = before;
    time.event.offset = offset;
    time.attribute = "time";
    Expr e;
    e.op = Op::kBoundTime;
    e.var = time.event.var;
    e.nav = Nav::kFirst;
    e.offset = offset;
    e.type = Type::Of(Kind::kTime, true);
    e.origin = ToOrigin(span);
    return MakeOp(Op::kIsNull, Type::Of(Kind::kBool), {Finish(std::move(e))}, span);
  };
  Type type = bound->type;
  uint32_t offset = path.event.offset;
  if (offset > 0) {  // the current event is number `offset` only when the one before it is there
    ExprPtr null = MakeConstant(Constant::Null(), type, span);
    now = MakeOp(Op::kIf, type, {is_missing(offset - 1), null, now}, span);
  } else {
    type.nullable = now->type.nullable;
  }
  return MakeOp(Op::kIf, type, {is_missing(offset), now, bound}, span);
}

ExprPtr ExpressionChecker::ReportMissingAttribute(const Path& path, TypeId id, Span span) {
  const EventType& type = context_.type(id);
  if (IsRecord(type, path.attribute)) {
    return Fail(DiagnosticCode::kNotAValue, span,
                absl::StrCat(Quoted(path.attribute), " is a record, not a value"),
                "name one of its attributes");
  }
  std::vector<std::string> names;
  for (const Field& f : type.fields) names.push_back(f.name);
  Diagnostic& d = context_.Report(
      DiagnosticCode::kUndefinedAttribute, span,
      absl::StrCat(Quoted(type.name), " has no attribute ", Quoted(path.attribute)));
  d.label = path.event.types.size() > 1 ? "these events have only what all their types have"
                                        : "no such attribute";
  std::string nearest = NearestName(path.attribute, names);
  if (!nearest.empty()) {
    std::string fixed = nearest;
    if (absl::EndsWith(path.name.text, path.attribute)) {
      fixed = absl::StrCat(path.name.text.substr(0, path.name.text.size() - path.attribute.size()),
                           nearest);
    }
    d.fix = Fix{absl::StrCat("did you mean ", Quoted(fixed), "?"), span, fixed};
  }
  return ErrorExpr(span);
}

// A record is null when all its attributes are; null (nothing reported) when it is no record.
ExprPtr ExpressionChecker::RecordIsNull(const Path& path, Span span) {
  if (path.attribute.empty() || path.event.types.empty()) return nullptr;
  const EventType& type = context_.type(path.event.types[0]);
  if (type.FindField(path.attribute).valid() || !IsRecord(type, path.attribute)) return nullptr;
  std::vector<ExprPtr> tests;
  for (const Field& f : type.fields) {
    if (!absl::StartsWith(f.name, absl::StrCat(path.attribute, "."))) continue;
    Path nested = path;
    nested.attribute = f.name;
    tests.push_back(MakeOp(Op::kIsNull, Type::Of(Kind::kBool), {AttributeOf(nested, span)}, span));
  }
  if (AnyError(tests)) return ErrorExpr(span);
  return MakeAnd(std::move(tests), span);
}

}  // namespace spate
