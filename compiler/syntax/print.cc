// FormatRules: declarations one after the other; rules by clause.
#include "compiler/syntax/print.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "compiler/syntax/dump.h"
#include "compiler/syntax/layout_tokens.h"
#include "compiler/syntax/parse.h"
#include "compiler/syntax/test_columns.h"

namespace spate {
namespace {

using Tokens = std::vector<LayoutToken>;

constexpr int kIndent = 2;
constexpr size_t kKeyword = 6;  // `within`, the longest of the common ones

// The clauses in the order in which they are written, by their first word.
constexpr absl::string_view kOrder[] = {"from",  "match",  "where", "by",     "within",
                                        "gap",   "window", "until", "having", "report",
                                        "after", "keep",   "limit", "on",     "emit"};

size_t OrderOf(absl::string_view word) {
  if (word == "else" || word == "timeout") word = "emit";  // `emit`s keep their order
  return static_cast<size_t>(std::find(std::begin(kOrder), std::end(kOrder), word) -
                             std::begin(kOrder));
}

// Writes tokens with line ends where they were.
class Writer {
 public:
  // Begins a line at that depth.
  void NewLine(int indent) {
    if (!out_.empty()) out_.push_back('\n');
    out_.append(static_cast<size_t>(indent), ' ');
    at_begin_ = true;
  }
  void BlankLine() {
    if (!out_.empty()) out_.push_back('\n');
  }
  // A token on the line, with a blank before it if it had one.
  void Add(const LayoutToken& t) {
    if (!at_begin_ && t.comment) {
      out_.append("  ");
    } else if (!at_begin_ && t.blank) {
      out_.push_back(' ');
    }
    out_.append(t.text);
    at_begin_ = false;
  }
  void AddText(absl::string_view text) {
    out_.append(text.data(), text.size());
    at_begin_ = true;
  }
  std::string Take() {
    out_.push_back('\n');
    return std::move(out_);
  }

 private:
  std::string out_;
  bool at_begin_ = true;
};

// Tokens [begin, end) of a part; lines after the first are indented by `indent` and their brackets.
void WriteLines(const Tokens& tokens, size_t begin, size_t end, int indent, Writer* writer) {
  int depth = 0;
  bool after_comment = false;
  for (size_t i = begin; i < end; ++i) {
    const LayoutToken& t = tokens[i];
    if (t.closes()) --depth;
    if (i > begin && (t.breaks > 0 || after_comment)) {
      if (t.breaks > 1 && depth > 0) writer->BlankLine();
      writer->NewLine(indent + kIndent * std::max(depth, 0));
    }
    writer->Add(t);
    if (t.opens()) ++depth;
    after_comment = t.comment;
  }
}

// One clause: the comments before it, then its tokens.
struct Clause {
  size_t comments = 0;  // index of the first token
  size_t begin = 0;
  size_t end = 0;
  size_t order = 0;
};

// The clauses of the rule whose body is [begin, end).
class ClauseFinder {
 public:
  ClauseFinder(const Tokens& tokens, size_t begin, size_t end)
      : tokens_(tokens), begin_(begin), end_(end) {}

  std::vector<Clause> Find() {
    int depth = 0;
    for (size_t i = begin_; i < end_; ++i) {
      if (tokens_[i].closes()) --depth;
      if (depth == 0 && Begins(i)) Begin(i);
      if (tokens_[i].opens()) ++depth;
    }
    if (!clauses_.empty()) clauses_.back().end = LastEnd();
    return std::move(clauses_);
  }

 private:
  absl::string_view Word(size_t i) const {
    return i >= begin_ && i < end_ ? absl::string_view(tokens_[i].text) : absl::string_view();
  }

  bool Begins(size_t i) const {
    const absl::string_view word = Word(i);
    if (!tokens_[i].blank && i > begin_ && !tokens_[i - 1].closes()) return false;
    const absl::string_view next = Word(i + 1);
    const absl::string_view before = i > begin_ ? Word(i - 1) : absl::string_view();
    if (word == "on") return next == "change" || next == "timeout";
    if (word == "else") return next == "emit";
    if (word == "emit") return before != "else" && before != "timeout";
    if (word == "match") return before != "after";
    if (word == "after") return next == "match";
    if (word == "keep") return next == "all" || next == "latest" || next == "first";
    if (word == "report") return next == "each" || next == "longest";
    return word != "timeout" && word != "on" && OrderOf(word) < std::size(kOrder);
  }

  // Comments on lines of their own before a clause go with it.
  void Begin(size_t i) {
    size_t comments = i;
    while (comments > begin_ && tokens_[comments - 1].comment && tokens_[comments - 1].breaks > 0) {
      --comments;
    }
    if (!clauses_.empty()) clauses_.back().end = comments;
    const bool timeout = Word(i) == "on" && Word(i + 1) == "timeout";
    clauses_.push_back({comments, i, end_, OrderOf(timeout ? "timeout" : Word(i))});
  }

  // Comments on lines of their own after the last clause stay at the end.
  size_t LastEnd() const {
    size_t end = end_;
    while (end > begin_ && tokens_[end - 1].comment && tokens_[end - 1].breaks > 0) --end;
    return end;
  }

  const Tokens& tokens_;
  size_t begin_;
  size_t end_;
  std::vector<Clause> clauses_;
};

class Formatter {
 public:
  explicit Formatter(Tokens tokens) : tokens_(std::move(tokens)) {}

  std::string Run() {
    for (size_t i = 0; i < tokens_.size();) {
      const size_t end = DeclarationEnd(i);
      if (i > 0) {
        if (tokens_[i].breaks > 1) writer_.BlankLine();
        if (tokens_[i].breaks == 0 && tokens_[i].comment) {
          writer_.Add(tokens_[i++]);  // behind the declaration before
          continue;
        }
        writer_.NewLine(0);
      }
      Declaration(i, end);
      i = end;
    }
    return writer_.Take();
  }

 private:
  static bool BeginsDeclaration(const LayoutToken& t) {
    static constexpr absl::string_view kWords[] = {"import", "param",  "const",    "fn",   "table",
                                                   "event",  "sparse", "internal", "rule", "test"};
    return t.comment || t.text[0] == '@' ||
           std::find(std::begin(kWords), std::end(kWords), t.text) != std::end(kWords);
  }

  // A declaration ends where the next one begins on a line of its own, outside brackets. Comments
  // and annotations are declarations of their own here.
  size_t DeclarationEnd(size_t begin) const {
    if (tokens_[begin].comment) return begin + 1;
    int depth = 0;
    for (size_t i = begin; i < tokens_.size(); ++i) {
      if (i > begin && depth == 0 && tokens_[i].breaks > 0 && BeginsDeclaration(tokens_[i])) {
        return i;
      }
      if (tokens_[i].opens()) ++depth;
      if (tokens_[i].closes()) --depth;
    }
    return tokens_.size();
  }

  void Declaration(size_t begin, size_t end) {
    if (tokens_[begin].text == "rule" && begin + 2 < end && tokens_[begin + 2].text == "{") {
      const size_t close = Closing(begin + 2, end);
      if (close < end && Rule(begin, close)) {
        WriteLines(tokens_, close, end, 2 * kIndent, &writer_);
        return;
      }
    }
    std::map<size_t, size_t> columns;
    if (tokens_[begin].text == "test") columns = TestColumns(tokens_, begin, end);
    // What is not in brackets and goes on in the next line stands further in.
    int depth = 0;
    bool after_comment = false;
    for (size_t i = begin; i < end; ++i) {
      const LayoutToken& t = tokens_[i];
      if (t.closes()) --depth;
      if (i > begin && (t.breaks > 0 || after_comment)) {
        if (t.breaks > 1 && depth > 0) writer_.BlankLine();
        const int hanging = depth == 0 && !t.closes() ? 2 * kIndent : 0;
        writer_.NewLine(kIndent * depth + hanging);
      }
      const auto column = columns.find(i);
      if (column != columns.end()) writer_.AddText(std::string(column->second, ' '));
      writer_.Add(t);
      if (t.opens()) ++depth;
      after_comment = t.comment;
    }
  }

  // The bracket that closes the one at `open`; `end` when there is none.
  size_t Closing(size_t open, size_t end) const {
    int depth = 0;
    for (size_t i = open; i < end; ++i) {
      if (tokens_[i].opens()) ++depth;
      if (tokens_[i].closes() && --depth == 0) return i;
    }
    return end;
  }

  // Writes `rule name {` and the clauses, up to the closing bracket, which is not written unless
  // the rule stands on several lines; false when the body is not made of clauses.
  bool Rule(size_t begin, size_t close) {
    const size_t body = begin + 3;
    std::vector<Clause> clauses = ClauseFinder(tokens_, body, close).Find();
    if (clauses.empty() || !StartsWithClause(clauses, body)) return false;
    const bool one_line =
        std::all_of(tokens_.begin() + static_cast<ptrdiff_t>(body),
                    tokens_.begin() + static_cast<ptrdiff_t>(close) + 1,
                    [](const LayoutToken& t) { return t.breaks == 0 && !t.comment; });
    const size_t rest = clauses.back().end;
    std::stable_sort(clauses.begin(), clauses.end(),
                     [](const Clause& a, const Clause& b) { return a.order < b.order; });
    for (size_t i = begin; i < body; ++i) writer_.Add(tokens_[i]);
    if (one_line) return OneLine(clauses, close);
    size_t head = body;  // comments behind the bracket
    for (; head < close && tokens_[head].comment && tokens_[head].breaks == 0; ++head) {
      writer_.Add(tokens_[head]);
    }
    for (const Clause& c : clauses) WriteClause(c);
    for (size_t i = rest; i < close; ++i) {
      writer_.NewLine(kIndent);
      writer_.Add(tokens_[i]);
    }
    writer_.NewLine(0);
    return true;
  }

  bool StartsWithClause(const std::vector<Clause>& clauses, size_t body) const {
    for (size_t i = body; i < clauses[0].begin; ++i) {
      if (!tokens_[i].comment) return false;
    }
    return true;
  }

  bool OneLine(const std::vector<Clause>& clauses, size_t close) {
    for (const Clause& c : clauses) {
      writer_.AddText(c.order == clauses[0].order && &c == &clauses[0] ? " " : "  ");
      for (size_t i = c.begin; i < c.end; ++i) writer_.Add(tokens_[i]);
    }
    tokens_[close].blank = true;
    return true;
  }

  void WriteClause(const Clause& c) {
    for (size_t i = c.comments; i < c.begin; ++i) {
      writer_.NewLine(kIndent);
      writer_.Add(tokens_[i]);
    }
    writer_.NewLine(kIndent);
    writer_.Add(tokens_[c.begin]);
    size_t first = c.begin + 1;
    if (first >= c.end) return;
    // `match  `, `by     `: what follows stands in one column.
    const size_t width = tokens_[c.begin].text.size();
    if (!tokens_[first].comment) {
      writer_.AddText(std::string(width < kKeyword ? kKeyword - width + 1 : 1, ' '));
    }
    // The attributes of an `emit` on several lines stand under the clause, all else in its column.
    const bool is_emit = c.order == OrderOf("emit");
    const int column = kIndent + static_cast<int>(kKeyword) + 1;
    WriteLines(tokens_, first, c.end, is_emit ? kIndent : column, &writer_);
  }

  Tokens tokens_;
  Writer writer_;
};

// The declarations as the parser reads them; clauses are kept by kind, so that their order does not
// show. An error when there are faults.
absl::StatusOr<std::string> MeaningOf(const std::string& text) {
  SourceMap sources;
  Diagnostics diagnostics;
  const uint32_t file = sources.Add("rules", text);
  const ast::File parsed = Parse(sources, file, {}, &diagnostics);
  if (diagnostics.has_errors()) {
    return absl::InvalidArgumentError(
        absl::StrCat("has ", diagnostics.error_count(),
                     diagnostics.error_count() == 1 ? " syntax error" : " syntax errors",
                     ": `spate check` shows them"));
  }
  return Dump(parsed);
}

// Lines that have only blanks have none, and none end in blanks.
std::string TrimLines(const std::string& text) {
  std::string out;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    const size_t end = line.find_last_not_of(" \t");
    line = line.substr(0, end == absl::string_view::npos ? 0 : end + 1);
    absl::StrAppend(&out, line, "\n");
  }
  while (out.size() > 1 && out[out.size() - 2] == '\n') out.pop_back();
  return out;
}

}  // namespace

absl::StatusOr<std::string> FormatRules(absl::string_view text) {
  absl::StatusOr<std::string> before = MeaningOf(std::string(text));
  if (!before.ok()) return before.status();
  Tokens tokens = LayoutTokens(text);
  if (tokens.empty()) return std::string();
  std::string formatted = TrimLines(Formatter(std::move(tokens)).Run());
  absl::StatusOr<std::string> after = MeaningOf(formatted);
  if (!after.ok() || *after != *before) {
    return absl::InvalidArgumentError(
        "its layout cannot be changed: a clause's word is a name in it");
  }
  return formatted;
}

}  // namespace spate
