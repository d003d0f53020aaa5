#include "cli/faults.h"

#include "absl/strings/str_cat.h"
#include "windows/time.h"

namespace spate::cli {
namespace {

std::string FileName(absl::string_view file) {
  return file == "-" ? std::string("<stdin>") : std::string(file);
}

}  // namespace

std::string ReasonGroup(const std::string& reason) {
  for (const char* verb : {"` is not ", "` does not "}) {
    const size_t end = reason.find(verb);
    if (end == std::string::npos) continue;
    const size_t field = reason.find("`: `");  // behind the attribute's name, if there is one
    const size_t begin = field == std::string::npos || field > end ? 0 : field + 3;
    return reason.substr(0, begin) + reason.substr(end + 2);
  }
  return reason;
}

absl::Status FaultLog::Open(const std::string& rejects_path, const std::string& late_path) {
  if (!rejects_path.empty()) {
    absl::StatusOr<std::unique_ptr<OutputSink>> sink = OutputSink::Open(rejects_path);
    if (!sink.ok()) return sink.status();
    rejects_sink_ = *std::move(sink);
  }
  if (!late_path.empty()) {
    absl::StatusOr<std::unique_ptr<OutputSink>> sink = OutputSink::Open(late_path);
    if (!sink.ok()) return sink.status();
    late_sink_ = *std::move(sink);
  }
  return absl::OkStatus();
}

void FaultLog::AddReject(const Reject& reject) {
  ++rejects_;
  if (first_rejects_.size() < kShown) {
    first_rejects_.push_back(absl::StrCat(FileName(reject.file), ":", reject.line, ":",
                                          reject.column, ": ", reject.reason));
  }
  const std::string group = ReasonGroup(reject.reason);
  const bool known = reasons_.contains(group) || reasons_.size() < kMaxReasons;
  ++reasons_[known ? group : "other reasons"];
  if (rejects_sink_ == nullptr) return;
  std::string* out = rejects_sink_->buffer();
  out->append("{\"file\":");
  AppendJsonString(reject.file, out);
  absl::StrAppend(out, ",\"line\":", reject.line, ",\"column\":", reject.column, ",\"reason\":");
  AppendJsonString(reject.reason, out);
  out->append(",\"row\":");
  AppendJsonString(reject.row, out);
  out->append("}\n");
  rejects_sink_->Wrote().IgnoreError();  // comes back from Flush
}

void FaultLog::AddLate(const LateEvent& event, const std::string& file, uint64_t line) {
  ++late_;
  if (first_late_.size() < kShown) {
    first_late_.push_back(absl::StrCat(FileName(file), ":", line, ": ", event.batch.type().name,
                                       " of ", FormatTime(event.time()), ", ", event.Reason()));
  }
  if (late_sink_ == nullptr) return;
  std::string* out = late_sink_->buffer();
  writer_.Append(event.batch, event.row, out);
  out->resize(out->rfind('}'));  // the row goes on
  out->append(",\"late\":");
  AppendJsonString(event.Reason(), out);
  out->append("}\n");
  late_sink_->Wrote().IgnoreError();
}

absl::Status FaultLog::Flush() {
  for (OutputSink* sink : {rejects_sink_.get(), late_sink_.get()}) {
    if (sink == nullptr) continue;
    absl::Status status = sink->Flush();
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace spate::cli
