#include "cli/summary.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "cli/compile_rules.h"
#include "cli/progress.h"

namespace spate::cli {
namespace {

using NamedCount = std::pair<std::string, uint64_t>;

// `A 20, B 4`, largest first, at most ten.
std::string List(std::vector<NamedCount> counts) {
  constexpr size_t kMost = 10;
  std::stable_sort(counts.begin(), counts.end(),
                   [](const NamedCount& a, const NamedCount& b) { return a.second > b.second; });
  const size_t more = counts.size() > kMost ? counts.size() - kMost : 0;
  if (more > 0) counts.resize(kMost);
  std::string out = absl::StrJoin(counts, ", ", [](std::string* s, const NamedCount& c) {
    absl::StrAppend(s, c.first, " ", c.second);
  });
  if (more > 0) absl::StrAppend(&out, " and ", more, " more");
  return out;
}

void AppendHead(const SummaryInput& in, std::string* out) {
  const double rate = in.seconds > 0 ? static_cast<double>(in.read.rows) / in.seconds : 0;
  uint64_t derived = 0;
  std::vector<NamedCount> by_type;
  for (size_t t = 0; t < in.derived.size(); ++t) {
    derived += in.derived[t];
    if (in.derived[t] > 0) by_type.emplace_back(in.plan.types[t].name, in.derived[t]);
  }
  absl::StrAppendFormat(out, "%s in %.2f s (%s/s), %d derived", Counted(in.read.rows, "event"),
                        in.seconds, ShortCount(rate), derived);
  if (!by_type.empty()) absl::StrAppend(out, ": ", List(std::move(by_type)));
  out->push_back('\n');
}

void AppendIgnored(const SummaryInput& in, std::string* out) {
  if (in.read.ignored > 0) {
    std::vector<NamedCount> names(in.read.ignored_types.begin(), in.read.ignored_types.end());
    absl::StrAppend(out, "  ignored: ", Counted(in.read.ignored, "event"),
                    " of types that are not declared (", List(std::move(names)), ")\n");
  }
  if (in.engine.ignored > 0) {
    absl::StrAppend(out, "  ignored: ", Counted(in.engine.ignored, "event"),
                    " of types that no rule reads\n");
  }
  if (in.read.wrong_types > 0) {
    absl::StrAppend(out, "  read as null: ", Counted(in.read.wrong_types, "value"),
                    " of another type in sparse events\n");
  }
}

void AppendFirst(const std::vector<std::string>& first, uint64_t count, std::string* out) {
  for (const std::string& line : first) absl::StrAppend(out, "    ", line, "\n");
  if (count > first.size()) absl::StrAppend(out, "    and ", count - first.size(), " more\n");
}

void AppendFaults(const FaultLog& faults, std::string* out) {
  if (faults.rejects() > 0) {
    absl::StrAppend(out, "  rejected: ", Counted(faults.rejects(), "row"), "\n");
    AppendFirst(faults.first_rejects(), faults.rejects(), out);
    if (faults.rejects() > faults.first_rejects().size()) {
      absl::StrAppend(out, "    by reason:\n");
      for (const auto& [reason, count] : faults.reasons()) {
        absl::StrAppendFormat(out, "    %8d  %s\n", count, reason);
      }
    }
  }
  if (faults.late() > 0) {
    absl::StrAppend(out, "  late: ", Counted(faults.late(), "event"),
                    " before the watermark (`--lateness` holds events back for order)\n");
    AppendFirst(faults.first_late(), faults.late(), out);
  }
}

void AppendRules(const SummaryInput& in, std::string* out) {
  std::vector<NamedCount> null_keys;
  std::vector<NamedCount> open;
  std::vector<NamedCount> held_back;
  std::vector<NamedCount> null_limits;
  for (const RuleStats& rule : in.engine.rules) {
    if (rule.null_keys > 0) null_keys.emplace_back(rule.name, rule.null_keys);
    if (rule.open_at_end > 0) open.emplace_back(rule.name, rule.open_at_end);
    if (rule.held_back > 0) held_back.emplace_back(rule.name, rule.held_back);
    if (rule.null_limits > 0) null_limits.emplace_back(rule.name, rule.null_limits);
  }
  if (!null_keys.empty()) {
    absl::StrAppend(out, "  events without a key (null): ", List(std::move(null_keys)), "\n");
  }
  if (!null_limits.empty()) {
    absl::StrAppend(out, "  partial matches ended by a null `for` or `before`: ",
                    List(std::move(null_limits)), "\n");
  }
  if (!held_back.empty()) {
    absl::StrAppend(out, "  reports held back by `limit`: ", List(std::move(held_back)), "\n");
  }
  if (!open.empty()) {
    absl::StrAppend(out, "  still open at the end, not reported: ", List(std::move(open)), "\n");
  }
}

void AppendSpeculated(const SummaryInput& in, std::string* out) {
  const SummaryInput::Speculated& s = in.speculated;
  if (s.replays == 0) return;
  absl::StrAppend(out, "  events out of order: ", Counted(s.replays, "replay"), " of ",
                  Counted(s.events, "event"), ", ", Counted(s.retracted, "derived event"),
                  " retracted\n");
}

std::string Place(const SummaryInput& in, const Origin& origin) {
  if (origin.file >= in.sources.size()) return "";
  const Source& source = in.sources.Get(origin.file);
  const LineColumn at = source.Locate(origin.begin);
  return absl::StrCat(" at ", source.name(), ":", at.line, ":", at.column);
}

void AppendIssues(const SummaryInput& in, std::string* out) {
  for (const EvalIssue& issue : in.engine.issues) {
    const std::string where = issue.rule.valid() && issue.rule.index() < in.plan.rules.size()
                                  ? absl::StrCat("rule ", in.plan.rules[issue.rule.index()].name)
                                  : "a computed attribute";
    absl::StrAppend(out, "  became null: ", issue.what, " in ", where, Place(in, issue.origin),
                    ", ", Counted(issue.count, "time"), "\n");
  }
}

}  // namespace

std::string SummaryText(const SummaryInput& in) {
  std::string out;
  AppendHead(in, &out);
  AppendIgnored(in, &out);
  AppendFaults(in.faults, &out);
  AppendSpeculated(in, &out);
  AppendRules(in, &out);
  AppendIssues(in, &out);
  return out;
}

}  // namespace spate::cli
