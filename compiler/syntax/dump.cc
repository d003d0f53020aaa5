// Dump of files and declarations.
#include "compiler/syntax/dump.h"

#include "absl/strings/str_cat.h"
#include "compiler/syntax/dump_parts.h"
#include "runtime/base/overload.h"

namespace spate {
namespace dump {
namespace {

std::string OfType(const ast::TypeExpr& type);

std::string OfRecord(const std::vector<ast::RecordField>& fields) {
  std::vector<std::string> parts;
  for (const ast::RecordField& field : fields) {
    std::string text = absl::StrCat(field.name.text, ":", OfType(field.type));
    if (field.is_key) text += " key";
    if (field.computed != nullptr) absl::StrAppend(&text, "=", Of(field.computed));
    if (!field.doc.empty()) text = Form("doc", {Quote(field.doc), text});
    parts.push_back(std::move(text));
  }
  return Form("fields", parts);
}

std::string OfType(const ast::TypeExpr& type) {
  std::string result = type.name.text;
  if (type.element != nullptr) result = absl::StrCat("[", OfType(*type.element), "]");
  if (type.is_record) result = OfRecord(type.record);
  return type.nullable ? result + "?" : result;
}

std::string OfOptionalType(const std::optional<ast::TypeExpr>& type) {
  return type.has_value() ? absl::StrCat(": ", OfType(*type)) : "";
}

std::string OfFunction(const ast::FnDecl& fn) {
  std::vector<std::string> parts{fn.name.text};
  for (const ast::FnParam& param : fn.params) {
    parts.push_back(absl::StrCat(param.name.text, ":", OfType(param.type)));
  }
  if (fn.result.has_value()) parts.push_back(absl::StrCat("-> ", OfType(*fn.result)));
  parts.push_back(Of(fn.body));
  return Form("fn", parts);
}

std::string OfEventDecl(const ast::EventDecl& event) {
  return Form("event",
              {event.sparse ? "sparse" : "", event.internal ? "internal" : "", event.name.text,
               event.at ? absl::StrCat("at ", event.at->text) : "", OfRecord(event.fields)});
}

std::string OfClock(const ast::ClockDecl& clock) {
  return Form("clock", {clock.name.text, OfPeriod(clock.every),
                        clock.offset ? Form("offset", {OfPeriod(*clock.offset)}) : "",
                        clock.zone ? Form("zone", {Quote(clock.zone->text)}) : ""});
}

}  // namespace

std::string Form(absl::string_view head, const std::vector<std::string>& parts) {
  std::string result = absl::StrCat("(", head);
  for (const std::string& part : parts) {
    if (!part.empty()) absl::StrAppend(&result, " ", part);
  }
  return result + ")";
}

std::string Quote(absl::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (c == '\n') {
      result += "\\n";
    } else {
      result += c;
    }
  }
  return result + "\"";
}

std::string OfPeriod(const ast::Period& period) {
  static constexpr absl::string_view kUnits[] = {"", "day", "week", "month", "year"};
  if (period.unit == ast::CalendarUnit::kNone) return Of(period.duration);
  return absl::StrCat(period.count, " ", kUnits[static_cast<size_t>(period.unit)]);
}

}  // namespace dump

std::string Dump(const ast::Declaration& declaration) {
  using dump::Form;
  const std::string node = std::visit(
      Overload{
          [](const ast::ImportDecl& d) { return Form("import", {dump::Quote(d.path)}); },
          [](const ast::ParamDecl& d) {
            return Form("param", {d.name.text, dump::OfOptionalType(d.type), dump::Of(d.value)});
          },
          [](const ast::ConstDecl& d) {
            return Form("const", {d.name.text, dump::OfOptionalType(d.type), dump::Of(d.value)});
          },
          [](const ast::FnDecl& d) { return dump::OfFunction(d); },
          [](const ast::TableDecl& d) {
            return Form("table", {d.name.text, dump::OfRecord(d.columns)});
          },
          [](const ast::EventDecl& d) { return dump::OfEventDecl(d); },
          [](const ast::ViewDecl& d) {
            return Form("view", {d.name.text, dump::OfTypeUses(d.alternatives)});
          },
          [](const ast::ClockDecl& d) { return dump::OfClock(d); },
          [](const ast::RuleDecl& d) { return dump::OfRule(d); },
          [](const ast::TestDecl& d) { return dump::OfTest(d); },
      },
      declaration.node);
  std::vector<std::string> parts;
  if (!declaration.doc.empty()) parts.push_back(dump::Quote(declaration.doc));
  for (const ast::Annotation& annotation : declaration.annotations) {
    std::vector<std::string> arguments;
    for (const ast::ExprPtr& argument : annotation.arguments) {
      arguments.push_back(dump::Of(argument));
    }
    parts.push_back(Form(absl::StrCat("@", annotation.name.text), arguments));
  }
  if (parts.empty()) return node;
  parts.push_back(node);
  return Form("with", parts);
}

std::string Dump(const ast::File& file) {
  std::string result;
  for (const ast::Declaration& declaration : file.declarations) {
    absl::StrAppend(&result, Dump(declaration), "\n");
  }
  return result;
}

}  // namespace spate
