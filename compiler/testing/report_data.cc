// Reports of rule tests for programs: JSON Lines and JUnit's XML.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "compiler/testing/report.h"
#include "runtime/channels/json_writer.h"

namespace spate {
namespace {

void Member(absl::string_view name, absl::string_view text, std::string* out) {
  if (text.empty()) return;
  absl::StrAppend(out, ",\"", name, "\":");
  AppendJsonString(text, out);
}

absl::string_view KindName(TestProblem::Kind kind) {
  static constexpr absl::string_view kNames[] = {"differs", "missing", "unexpected", "fault"};
  return kNames[static_cast<size_t>(kind)];
}

void AppendNearest(const PartialMatch& n, std::string* out) {
  *out += ",\"nearest\":{\"rule\":";
  AppendJsonString(n.rule_name, out);
  *out += ",\"keys\":{";
  for (size_t i = 0; i < n.keys.size(); ++i) {
    if (i > 0) *out += ",";
    AppendJsonString(n.keys[i].first, out);
    *out += ":";
    AppendJsonString(n.keys[i].second, out);
  }
  *out += "},\"events\":[";
  for (size_t i = 0; i < n.events.size(); ++i) {
    if (i > 0) *out += ",";
    AppendJsonString(n.events[i], out);
  }
  *out += "]";
  Member("stopped", n.stopped, out);
  Member("ended", n.ended, out);
  Member("needed", n.needed, out);
  *out += "}";
}

void AppendProblem(const TestProblem& p, std::string* out) {
  absl::StrAppend(out, "{\"kind\":\"", KindName(p.kind), "\"");
  Member("type", p.type, out);
  Member("time", p.time, out);
  Member("rule", p.rule, out);
  Member("file", p.file, out);
  if (p.line > 0) absl::StrAppend(out, ",\"line\":", p.line);
  Member("text", p.text, out);
  if (!p.attributes.empty()) {
    *out += ",\"attributes\":[";
    for (size_t i = 0; i < p.attributes.size(); ++i) {
      const AttributePair& a = p.attributes[i];
      *out += i == 0 ? "{\"name\":" : ",{\"name\":";
      AppendJsonString(a.name, out);
      Member("expected", a.expected, out);
      Member("actual", a.actual, out);
      absl::StrAppend(out, ",\"differs\":", a.differs ? "true" : "false", "}");
    }
    *out += "]";
  }
  if (p.nearest.has_value()) AppendNearest(*p.nearest, out);
  *out += "}";
}

std::string Xml(absl::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':
        out += "&#10;";
        break;
      default:
        out.push_back(static_cast<unsigned char>(c) < 0x20 ? ' ' : c);
    }
  }
  return out;
}

// What is said of one problem in a line.
std::string InWords(const TestProblem& p) {
  std::string text = absl::StrCat(KindName(p.kind), ": ", p.text.empty() ? p.type : p.text);
  for (const AttributePair& a : p.attributes) {
    if (!a.differs) continue;
    absl::StrAppend(&text, "; ", a.name, ": expected ", a.expected, ", actual ", a.actual);
  }
  if (p.nearest.has_value() && !p.nearest->stopped.empty()) {
    absl::StrAppend(&text, "; nearest: ", p.nearest->stopped);
  }
  return text;
}

// A file that fails as a whole is one failed test.
std::string WholeFault(const TestFileResult& r) {
  if (r.compiled.plan == nullptr) return "the file does not compile";
  return r.tests.empty() && r.left_out == 0 ? "the file has no test" : "";
}

}  // namespace

std::string TestReportJson(const TestFileResult& result) {
  std::string out;
  if (const std::string fault = WholeFault(result); !fault.empty()) {
    out += "{\"file\":";
    AppendJsonString(result.file, &out);
    out += ",\"ok\":false,\"problems\":[{\"kind\":\"fault\"";
    Member("text", fault, &out);
    out += "}]}\n";
  }
  for (const TestResult& test : result.tests) {
    out += "{\"file\":";
    AppendJsonString(result.file, &out);
    absl::StrAppend(&out, ",\"line\":", test.line, ",\"test\":");
    AppendJsonString(test.name, &out);
    absl::StrAppend(&out, ",\"ok\":", test.ok() ? "true" : "false",
                    absl::StrFormat(",\"ms\":%.3f", test.seconds * 1e3));
    Member("blessed", test.blessed, &out);
    out += ",\"problems\":[";
    for (size_t i = 0; i < test.problems.size(); ++i) {
      if (i > 0) out += ",";
      AppendProblem(test.problems[i], &out);
    }
    out += "]}\n";
  }
  return out;
}

std::string TestReportJUnit(absl::Span<const TestFileResult> results) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (const TestFileResult& r : results) {
    const std::string fault = WholeFault(r);
    const size_t whole = fault.empty() ? 0 : 1;
    absl::StrAppend(&out, "  <testsuite name=\"", Xml(r.file), "\" tests=\"",
                    r.tests.size() + whole, "\" failures=\"", r.failed() + whole,
                    absl::StrFormat("\" time=\"%.6f\">\n", r.seconds));
    if (whole > 0) {
      absl::StrAppend(&out, "    <testcase name=\"", Xml(r.file), "\" classname=\"", Xml(r.file),
                      "\">\n      <failure message=\"", Xml(fault), "\"/>\n    </testcase>\n");
    }
    for (const TestResult& test : r.tests) {
      absl::StrAppend(&out, "    <testcase name=\"", Xml(test.name), "\" classname=\"", Xml(r.file),
                      "\" file=\"", Xml(r.file), "\" line=\"", test.line,
                      absl::StrFormat("\" time=\"%.6f\"", test.seconds),
                      test.ok() ? "/>\n" : ">\n");
      for (const TestProblem& p : test.problems) {
        absl::StrAppend(&out, "      <failure message=\"", Xml(InWords(p)), "\"/>\n");
      }
      if (!test.ok()) out += "    </testcase>\n";
    }
    out += "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

}  // namespace spate
