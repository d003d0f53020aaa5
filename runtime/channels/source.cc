#include "runtime/channels/source.h"

#include "absl/strings/str_cat.h"

namespace spate {

void ReadStats::Add(const ReadStats& other) {
  rows += other.rows;
  rejected += other.rejected;
  ignored += other.ignored;
  wrong_types += other.wrong_types;
  for (const auto& [name, count] : other.ignored_types) ignored_types[name] += count;
}

std::function<void(const Reject&)> KeepFirstReject(absl::Status* fault) {
  return [fault](const Reject& reject) {
    if (!fault->ok()) return;
    *fault = absl::InvalidArgumentError(
        absl::StrCat(reject.file, ":", reject.line, ":", reject.column, ": ", reject.reason));
  };
}

}  // namespace spate
