#include "runtime/model/literal.h"

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "runtime/base/arena.h"
#include "windows/time.h"

namespace spate {
namespace {

void AppendText(absl::string_view text, std::string* out) {
  out->push_back('"');
  for (const char c : text) {
    switch (c) {
      case '"':
        *out += "\\\"";
        break;
      case '\\':
        *out += "\\\\";
        break;
      case '\n':
        *out += "\\n";
        break;
      case '\r':
        *out += "\\r";
        break;
      case '\t':
        *out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          char code[8];
          std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(c));
          *out += code;
        } else {
          out->push_back(c);
        }
    }
  }
  out->push_back('"');
}

void AppendLiteral(const Value& v, const Type& type, std::string* out);

void AppendList(const Value& v, const Type& type, std::string* out) {
  const Type element = type.kind == Kind::kList ? type.Element() : Type();
  const absl::Span<const NamedType> attributes =
      type.kind == Kind::kRecord ? type.Attributes() : absl::Span<const NamedType>();
  *out += attributes.empty() ? "[" : "{ ";
  for (size_t i = 0; i < v.elements().size(); ++i) {
    if (i > 0) *out += ", ";
    if (i < attributes.size()) absl::StrAppend(out, attributes[i].name, ": ");
    AppendLiteral(v.elements()[i], i < attributes.size() ? attributes[i].type : element, out);
  }
  *out += attributes.empty() ? "]" : " }";
}

void AppendLiteral(const Value& v, const Type& type, std::string* out) {
  switch (v.kind) {
    case Kind::kBool:
      *out += v.is_true() ? "true" : "false";
      return;
    case Kind::kInt:
      absl::StrAppend(out, v.i);
      return;
    case Kind::kFloat:
      AppendFloat(v.f, out);
      return;
    case Kind::kString:
      AppendText(v.text(), out);
      return;
    case Kind::kIp:
      AppendText(FormatIp(v.text()), out);
      return;
    case Kind::kTime:
      absl::StrAppend(out, "@", FormatTime(v.i));
      return;
    case Kind::kDuration:
      *out += FormatDuration(v.i);
      return;
    case Kind::kList:
    case Kind::kRecord:
      AppendList(v, type, out);
      return;
    case Kind::kNull:
    case Kind::kError:
      *out += "null";
      return;
  }
}

}  // namespace

std::string LiteralText(const Value& v, const Type& type) {
  std::string out;
  AppendLiteral(v, type, &out);
  return out;
}

std::string LiteralText(const Value& v) { return LiteralText(v, Type()); }

std::string LiteralText(const Constant& constant, const Type& type) {
  Arena arena;
  return LiteralText(ViewOf(constant, &arena), type);
}

}  // namespace spate
