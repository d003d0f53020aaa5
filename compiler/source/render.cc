// Diagnostics for people. Each line that matters is shown once, with all its marks under it: `^`
// for the place itself, `-` for the others; the rightmost label stands beside its mark, the others
// hang below.
#include "compiler/source/render.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "compiler/source/text_width.h"

namespace spate {
namespace {

constexpr absl::string_view kBold = "1", kRed = "1;31", kYellow = "1;33", kBlue = "1;34";

// One mark under one line; a span over several lines is two of them.
struct Mark {
  uint32_t begin = 0;  // bytes of the file
  uint32_t end = 0;
  bool primary = false;
  std::string text;
};

using MarksByLine = std::map<uint32_t, std::vector<Mark>>;

class Renderer {
 public:
  Renderer(const Diagnostic& d, const SourceMap& sources, const RenderOptions& options)
      : d_(d), sources_(sources), options_(options) {}

  std::string Run() {
    Head();
    std::map<uint32_t, MarksByLine> files;
    AddMarks(d_.span, d_.label, true, &files[d_.span.file]);
    for (const Label& label : d_.labels) {
      AddMarks(label.span, label.text, false, &files[label.span.file]);
    }
    for (const auto& [file, marks] : files) {
      gutter_ = std::max(gutter_, absl::StrCat(marks.rbegin()->first).size());
    }
    Place("-->", d_.span);
    Lines(sources_.Get(d_.span.file), files[d_.span.file]);
    for (const auto& [file, marks] : files) {
      if (file == d_.span.file) continue;
      const uint32_t first = marks.begin()->second.front().begin;
      Place(":::", {file, first, first});
      Lines(sources_.Get(file), marks);
    }
    if (d_.fix.has_value()) {
      absl::StrAppend(&out_, std::string(gutter_ + 1, ' '), Paint("=", kBlue), " ",
                      Paint("help", kBold), ": ", d_.fix->message, "\n");
    }
    return std::move(out_);
  }

 private:
  std::string Paint(absl::string_view text, absl::string_view style) const {
    if (!options_.color) return std::string(text);
    return absl::StrCat("\033[", style, "m", text, "\033[0m");
  }

  absl::string_view SeverityStyle() const {
    if (d_.severity == Severity::kError) return kRed;
    return d_.severity == Severity::kWarning ? kYellow : kBlue;
  }

  void Head() {
    const absl::string_view name = d_.severity == Severity::kError     ? "error"
                                   : d_.severity == Severity::kWarning ? "warning"
                                                                       : "note";
    absl::StrAppend(&out_, Paint(absl::StrCat(name, "[", CodeText(d_.code), "]"), SeverityStyle()),
                    Paint(absl::StrCat(": ", d_.message), kBold), "\n");
  }

  void Place(absl::string_view arrow, Span span) {
    const Source& source = sources_.Get(span.file);
    const LineColumn at = source.Locate(span.begin);
    absl::StrAppend(&out_, std::string(gutter_, ' '), Paint(arrow, kBlue), " ", source.name(), ":",
                    at.line, ":", at.column, "\n");
  }

  void Gutter(absl::string_view number) {
    const std::string padding(gutter_ - number.size(), ' ');
    absl::StrAppend(&out_, Paint(absl::StrCat(padding, number, " |"), kBlue));
  }

  void AddMarks(Span span, const std::string& text, bool primary, MarksByLine* marks) const {
    const Source& source = sources_.Get(span.file);
    const uint32_t first = source.Locate(span.begin).line;
    // An end at the begin of a line belongs to the line before.
    const uint32_t last = source.Locate(std::max(span.begin, span.end - (span.end > 0))).line;
    if (last <= first) {
      (*marks)[first].push_back({span.begin, span.end, primary, text});
      return;
    }
    const auto first_end =
        static_cast<uint32_t>(source.LineStart(first) + source.Line(first).size());
    (*marks)[first].push_back({span.begin, first_end, primary, ""});
    const size_t indent =
        std::min(source.Line(last).find_first_not_of(" \t"), source.Line(last).size());
    const auto last_begin = static_cast<uint32_t>(source.LineStart(last) + indent);
    (*marks)[last].push_back({std::min(last_begin, span.end), span.end, primary, text});
  }

  void Lines(const Source& source, const MarksByLine& marks) {
    Gutter("");
    out_ += "\n";
    uint32_t last = 0;
    for (const auto& [line, line_marks] : marks) {
      if (last != 0 && line == last + 2) ShowText(source, last + 1);
      if (last != 0 && line > last + 2) absl::StrAppend(&out_, Paint("...", kBlue), "\n");
      ShowText(source, line);
      ShowMarks(source, line, line_marks);
      last = line;
    }
  }

  void ShowText(const Source& source, uint32_t line) {
    Gutter(absl::StrCat(line));
    const std::string text = ShowLine(source.Line(line)).text;
    if (!text.empty()) absl::StrAppend(&out_, " ", text);
    out_ += "\n";
  }

  struct Placed {
    size_t begin;
    size_t end;
    const Mark* mark;
  };

  void ShowMarks(const Source& source, uint32_t line, const std::vector<Mark>& marks) {
    const ShownLine shown = ShowLine(source.Line(line));
    const uint32_t start = source.LineStart(line);
    const auto column = [&](uint32_t byte) {
      const size_t i = byte < start ? 0 : byte - start;
      return shown.columns[std::min(i, shown.columns.size() - 1)];
    };
    std::vector<Placed> placed;
    for (const Mark& mark : marks) {
      const size_t begin = column(mark.begin);
      placed.push_back({begin, std::max(begin + 1, column(mark.end)), &mark});
    }
    // Rightmost first; the primary one last among equals, so that it is drawn over the others.
    std::stable_sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) {
      return std::pair(a.begin, !a.mark->primary) > std::pair(b.begin, !b.mark->primary);
    });
    MarkLine(placed);
    HangingLabels(placed);
  }

  void MarkLine(const std::vector<Placed>& placed) {
    std::string marks;
    for (const bool primary : {false, true}) {
      for (const Placed& p : placed) {
        if (p.mark->primary != primary) continue;
        if (marks.size() < p.end) marks.resize(p.end, ' ');
        std::fill(marks.begin() + static_cast<ptrdiff_t>(p.begin),
                  marks.begin() + static_cast<ptrdiff_t>(p.end), primary ? '^' : '-');
      }
    }
    Gutter("");
    out_ += " ";
    for (size_t i = 0; i < marks.size();) {
      const size_t end = std::min(marks.find_first_not_of(marks[i], i), marks.size());
      const std::string run = marks.substr(i, end - i);
      absl::StrAppend(&out_, marks[i] == ' '   ? run
                             : marks[i] == '^' ? Paint(run, SeverityStyle())
                                               : Paint(run, kBlue));
      i = end;
    }
    const Mark& beside = *placed.front().mark;
    if (!beside.text.empty()) {
      absl::StrAppend(&out_, " ", Paint(beside.text, beside.primary ? SeverityStyle() : kBlue));
    }
    out_ += "\n";
  }

  // Labels that could not stand beside their mark, from right to left, each under its own.
  void HangingLabels(const std::vector<Placed>& placed) {
    std::vector<Placed> rest;
    for (size_t i = 1; i < placed.size(); ++i) {
      if (!placed[i].mark->text.empty()) rest.push_back(placed[i]);
    }
    if (!rest.empty()) Bars(rest, rest.size(), nullptr);
    for (size_t i = 0; i < rest.size(); ++i) {
      // Bars of those further left, then this label.
      Bars(std::vector<Placed>(rest.begin() + static_cast<ptrdiff_t>(i), rest.end()),
           rest.size() - i, rest[i].mark);
    }
  }

  // `|` under each mark, or the label in place of the first (rightmost) one's bar.
  void Bars(const std::vector<Placed>& marks, size_t count, const Mark* label) {
    Gutter("");
    out_ += " ";
    size_t column = 0;
    for (size_t i = count; i-- > 0;) {
      if (marks[i].begin < column) continue;
      absl::StrAppend(&out_, std::string(marks[i].begin - column, ' '));
      const bool primary = marks[i].mark->primary;
      const bool is_label = i == 0 && label != nullptr;
      absl::StrAppend(&out_, Paint(is_label ? absl::string_view(label->text) : "|",
                                   primary ? SeverityStyle() : kBlue));
      column = marks[i].begin + 1;
    }
    out_ += "\n";
  }

  const Diagnostic& d_;
  const SourceMap& sources_;
  const RenderOptions& options_;
  size_t gutter_ = 1;  // width of the largest line number
  std::string out_;
};

}  // namespace

std::string RenderDiagnostic(const Diagnostic& d, const SourceMap& sources,
                             const RenderOptions& options) {
  return Renderer(d, sources, options).Run();
}

}  // namespace spate
