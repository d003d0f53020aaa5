// FaultLog: the rows that were rejected and the events that were late, counted, grouped and kept.
//
// The first few of each are kept for the summary; all go to a file when one was asked for. Rejects
// are grouped by reason without the values that differ from row to row. Not thread-safe.
// Tested by tests/cli.
#ifndef SPATE_CLI_FAULTS_H_
#define SPATE_CLI_FAULTS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "runtime/channels/json_writer.h"
#include "runtime/channels/sink.h"
#include "runtime/channels/source.h"
#include "runtime/engine/engine.h"

namespace spate::cli {

class FaultLog {
 public:
  static constexpr size_t kShown = 3;
  static constexpr size_t kMaxReasons = 50;

  // Creates the files; an empty path: none.
  absl::Status Open(const std::string& rejects_path, const std::string& late_path);

  void AddReject(const Reject& reject);
  // The file of late events keeps the event, which can be read again, and the reason as `late`.
  void AddLate(const LateEvent& event, const std::string& file, uint64_t line);
  // Writes what is buffered; the first error of a file.
  absl::Status Flush();

  uint64_t rejects() const { return rejects_; }
  uint64_t late() const { return late_; }
  const std::vector<std::string>& first_rejects() const { return first_rejects_; }
  const std::vector<std::string>& first_late() const { return first_late_; }
  const std::map<std::string, uint64_t>& reasons() const { return reasons_; }

 private:
  uint64_t rejects_ = 0;
  uint64_t late_ = 0;
  std::vector<std::string> first_rejects_;  // `a.csv:3:7: reason`
  std::vector<std::string> first_late_;  // `a.csv:3: Login of 2026-01-31T08:00:00Z, 5s before ..`
  std::map<std::string, uint64_t> reasons_;
  std::unique_ptr<OutputSink> rejects_sink_;
  std::unique_ptr<OutputSink> late_sink_;
  JsonWriter writer_;
};

// `reason` without the value that was found: "`n`: `x` is not an int" -> "`n`: is not an int".
std::string ReasonGroup(const std::string& reason);

}  // namespace spate::cli

#endif  // SPATE_CLI_FAULTS_H_
