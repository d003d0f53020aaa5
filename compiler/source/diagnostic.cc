#include "compiler/source/diagnostic.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"

namespace spate {
namespace {

struct CodeInfo {
  absl::string_view code;
  Severity severity;
  absl::string_view title;
};

const CodeInfo& Info(DiagnosticCode code) {
  using enum Severity;
  static constexpr CodeInfo kInfos[] = {
#define SPATE_DIAGNOSTIC(name, code, severity, title) {code, severity, title},
#include "compiler/source/diagnostic_codes.def"
#undef SPATE_DIAGNOSTIC
  };
  return kInfos[static_cast<size_t>(code)];
}

// Damerau-Levenshtein (optimal string alignment): insert, delete, replace, swap neighbours.
size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replace = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replace, last[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

}  // namespace

absl::string_view CodeText(DiagnosticCode code) { return Info(code).code; }
Severity CodeSeverity(DiagnosticCode code) { return Info(code).severity; }
absl::string_view CodeTitle(DiagnosticCode code) { return Info(code).title; }

Diagnostic& Diagnostics::Report(DiagnosticCode code, Span span, std::string message) {
  const Severity severity = CodeSeverity(code);
  Diagnostic d{code, severity, std::move(message), span, "", {}, std::nullopt};
  const bool known = std::any_of(all_.begin(), all_.end(), [&](const Diagnostic& other) {
    return other.code == code && other.span == span;
  });
  if (!known && severity == Severity::kError) ++errors_;
  if (known || all_.size() >= kMaxDiagnostics) {
    if (!known) ++suppressed_;
    overflow_ = std::move(d);  // takes what the caller adds to it
    return overflow_;
  }
  all_.push_back(std::move(d));
  return all_.back();
}

void Diagnostics::Sort() {
  std::stable_sort(all_.begin(), all_.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::pair(a.span.file, a.span.begin) < std::pair(b.span.file, b.span.begin);
  });
}

std::string NearestName(absl::string_view name, const std::vector<std::string>& candidates) {
  const std::string wanted = absl::AsciiStrToLower(name);
  const size_t limit = std::max<size_t>(1, wanted.size() / 3);
  const std::string* best = nullptr;
  size_t best_distance = limit + 1;
  for (const std::string& candidate : candidates) {
    const size_t a = candidate.size(), b = wanted.size();
    if (candidate == name || (a > b ? a - b : b - a) > limit) continue;
    const size_t distance = EditDistance(wanted, absl::AsciiStrToLower(candidate));
    // A name of one letter is near to every other one: only its other case counts.
    if (distance < best_distance && distance < std::max(a, size_t{1})) {
      best = &candidate;
      best_distance = distance;
    }
  }
  return best == nullptr ? "" : *best;
}

}  // namespace spate
