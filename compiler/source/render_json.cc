// Diagnostics as JSON, one object a line, for editors and scripts.
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "compiler/source/render.h"

namespace spate {
namespace {

std::string Quote(absl::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        result += "\\\"";
        break;
      case '\\':
        result += "\\\\";
        break;
      case '\n':
        result += "\\n";
        break;
      case '\r':
        result += "\\r";
        break;
      case '\t':
        result += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          result += absl::StrFormat("\\u%04x", static_cast<int>(c));
        } else {
          result += c;
        }
    }
  }
  return result + "\"";
}

std::string Place(Span span, const SourceMap& sources) {
  const Source& source = sources.Get(span.file);
  const LineColumn begin = source.Locate(span.begin), end = source.Locate(span.end);
  return absl::StrCat("\"file\":", Quote(source.name()), ",\"line\":", begin.line,
                      ",\"column\":", begin.column, ",\"end_line\":", end.line,
                      ",\"end_column\":", end.column);
}

absl::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    case Severity::kNote:
      return "note";
  }
  return "error";
}

}  // namespace

std::string DiagnosticToJson(const Diagnostic& d, const SourceMap& sources) {
  std::string result = absl::StrCat("{\"code\":", Quote(CodeText(d.code)),
                                    ",\"severity\":", Quote(SeverityName(d.severity)),
                                    ",\"message\":", Quote(d.message), ",", Place(d.span, sources),
                                    ",\"label\":", Quote(d.label), ",\"labels\":[");
  for (size_t i = 0; i < d.labels.size(); ++i) {
    absl::StrAppend(&result, i > 0 ? ",{" : "{", Place(d.labels[i].span, sources),
                    ",\"text\":", Quote(d.labels[i].text), "}");
  }
  absl::StrAppend(&result, "],\"fix\":");
  if (!d.fix.has_value()) return result + "null}";
  absl::StrAppend(&result, "{\"message\":", Quote(d.fix->message));
  if (d.fix->span.has_value()) {
    absl::StrAppend(&result, ",", Place(*d.fix->span, sources),
                    ",\"replacement\":", Quote(d.fix->replacement));
  }
  return result + "}}";
}

}  // namespace spate
