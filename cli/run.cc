#include "cli/run.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "cli/compile_rules.h"
#include "cli/exit_code.h"
#include "cli/faults.h"
#include "cli/progress.h"
#include "cli/summary.h"
#include "cli/terminal.h"
#include "runtime/channels/byte_source.h"
#include "runtime/channels/csv_writer.h"
#include "runtime/channels/input_schema.h"
#include "runtime/channels/json_writer.h"
#include "runtime/channels/merge.h"
#include "runtime/channels/open.h"
#include "runtime/channels/sink.h"
#include "runtime/channels/table_file.h"
#include "runtime/engine/engine.h"
#include "runtime/engine/speculative.h"

namespace spate::cli {
namespace {

int Fail(ExitCode code, absl::string_view message) {
  std::fprintf(stderr, "spate run: %s\n", std::string(message).c_str());
  return code;
}

// One run from the opened rules to the summary. Steps return an exit code when the run ends there.
class Runner {
 public:
  Runner(const RunArgs& args, CompileResult compiled)
      : args_(args),
        compiled_(std::move(compiled)),
        plan_(*compiled_.plan),
        writer_(JsonWriterOptions{.id = args.with_id, .matched = args.with_matched}),
        derived_(plan_.types.size(), 0),
        printed_(plan_.types.size(), true) {}

  int Run() {
    using Step = std::optional<int> (Runner::*)();
    for (const Step step : {&Runner::ChooseTypes, &Runner::OpenOutputs, &Runner::ReadTables,
                            &Runner::MakeEngine, &Runner::OpenInputs}) {
      if (const std::optional<int> code = (this->*step)(); code.has_value()) return *code;
    }
    Progress progress(args_.progress && !args_.quiet && IsTerminal(STDERR_FILENO) &&
                      !IsTerminal(STDOUT_FILENO));
    std::optional<int> code = ReadAll(&progress);
    const bool whole = !code.has_value();
    if (whole) code = Finish();
    progress.Clear();
    if (absl::IsAborted(out_->Flush())) return kOk;  // the reader has seen enough
    if (!args_.quiet) PrintSummary(progress.seconds());
    if (!error_.empty()) return Fail(static_cast<ExitCode>(*code), error_);
    return *code;
  }

 private:
  // What `--only` names.
  std::optional<int> ChooseTypes() {
    for (const EventType& type : plan_.types) printed_[type.id.index()] = !type.internal;
    if (args_.only.empty()) return std::nullopt;
    printed_.assign(plan_.types.size(), false);
    for (const std::string& name : args_.only) {
      const TypeId type = plan_.FindType(name);
      if (!type.valid()) return FailType("--only", name);
      if (plan_.types[type.index()].internal) {
        return Fail(kUsage, absl::StrCat("--only: `", name, "` is internal and never printed"));
      }
      printed_[type.index()] = true;
    }
    return std::nullopt;
  }

  int FailType(absl::string_view option, const std::string& name) const {
    std::vector<std::string> names;
    for (const EventType& type : plan_.types) names.push_back(type.name);
    const std::string nearest = NearestName(name, names);
    return Fail(kUsage, absl::StrCat(option, ": there is no event type `", name, "`",
                                     nearest.empty() ? "" : "; did you mean `", nearest,
                                     nearest.empty() ? "" : "`?"));
  }

  std::optional<int> OpenOutputs() {
    out_ = OutputSink::Stdout();
    struct stat info {};
    prompt_ = fstat(STDOUT_FILENO, &info) != 0 || !S_ISREG(info.st_mode);
    const absl::Status status = faults_.Open(args_.rejects_path, args_.late_path);
    if (!status.ok()) return Fail(kUsage, status.message());
    if (args_.format == OutputFormat::kCsv) {
      std::vector<const EventType*> types;
      for (const EventType& type : plan_.types) {
        if (type.derived && printed_[type.id.index()]) types.push_back(&type);
      }
      csv_.emplace(types, JsonWriterOptions{.id = args_.with_id, .matched = args_.with_matched});
      csv_->AppendHeader(out_->buffer());
    }
    return std::nullopt;
  }

  std::optional<int> ReadTables() {
    std::vector<std::string> names;
    for (const TablePlan& table : plan_.tables) names.push_back(table.name);
    for (const auto& [name, path] : args_.tables) {
      const auto found = std::find(names.begin(), names.end(), name);
      if (found == names.end()) {
        const std::string nearest = NearestName(name, names);
        return Fail(kUsage, absl::StrCat("--table: the rules have no table `", name, "`",
                                         nearest.empty() ? "" : "; did you mean `", nearest,
                                         nearest.empty() ? "" : "`?"));
      }
      const TablePlan& plan = plan_.tables[static_cast<size_t>(found - names.begin())];
      absl::StatusOr<std::shared_ptr<const Table>> table = ReadTable(plan, path, args_.epoch_unit);
      if (!table.ok()) {
        const bool missing = absl::IsNotFound(table.status());
        return Fail(missing ? kUsage : kBadInput,
                    absl::StrCat("table `", name, "`: ", table.status().message()));
      }
      tables_[name] = *std::move(table);
    }
    for (const std::string& name : names) {
      if (tables_.count(name) != 0) continue;
      return Fail(kUsage, absl::StrCat("the rules look up the table `", name, "`: give --table ",
                                       name, "=FILE"));
    }
    return std::nullopt;
  }

  std::optional<int> MakeEngine() {
    EngineOptions options;
    options.tables = tables_;
    options.keep_ids = args_.with_id;
    options.lateness = args_.lateness;
    options.keep_matched = args_.with_matched;
    options.on_late = [this](const LateEvent& event) { AddLate(event); };
    if (args_.speculate) return MakeSpeculative(options);
    absl::StatusOr<std::unique_ptr<Engine>> engine = Engine::Create(compiled_.plan, options);
    if (!engine.ok()) return Fail(kInternal, engine.status().message());
    engine_ = *std::move(engine);
    absl::StatusOr<Subscription> all =
        engine_->Subscribe("", [this](const DerivedEvent& event) { Take(event); });
    if (!all.ok()) return Fail(kInternal, all.status().message());
    subscription_ = *std::move(all);
    return std::nullopt;
  }

  std::optional<int> MakeSpeculative(const EngineOptions& options) {
    absl::StatusOr<std::unique_ptr<SpeculativeEngine>> engine = SpeculativeEngine::Create(
        compiled_.plan, options, [this](const DerivedEvent& event, bool retracted) {
          retracted ? TakeBack(event) : Take(event);
        });
    if (!engine.ok()) return Fail(kInternal, engine.status().message());
    speculative_ = *std::move(engine);
    return std::nullopt;
  }

  // Calls with the engine that runs.
  template <typename Call>
  auto WithEngine(const Call& call) {
    return speculative_ != nullptr ? call(*speculative_) : call(*engine_);
  }

  std::optional<int> OpenInputs() {
    const bool all_fields = args_.with_matched || !args_.late_path.empty();
    auto schema = std::make_shared<InputSchema>(plan_, all_fields);
    std::vector<std::unique_ptr<EventSource>> sources;
    for (const EventsArg& events : args_.events) {
      ReadOptions options;
      options.type_field = args_.type_field;
      options.epoch_unit = args_.epoch_unit;
      options.all_fields = all_fields;
      options.on_reject = [this](const Reject& reject) { faults_.AddReject(reject); };
      options.prepare = [this](EventBatch* batch) {
        WithEngine([&](auto& engine) { engine.Prepare(batch); });
      };
      if (!events.type.empty()) {
        options.type = schema->Find(events.type);
        if (!options.type.valid()) return FailType("--events", events.type);
      }
      absl::StatusOr<std::unique_ptr<ByteSource>> bytes = OpenBytes(events.path);
      if (!bytes.ok()) return Fail(kUsage, bytes.status().message());
      absl::StatusOr<std::unique_ptr<EventSource>> source = OpenSource(
          *std::move(bytes), events.path, schema, options, static_cast<uint32_t>(sources.size()));
      if (!source.ok()) return Fail(kBadInput, source.status().message());
      sources.push_back(*std::move(source));
    }
    source_ = MergeSources(std::move(sources));
    return std::nullopt;
  }

  std::optional<int> ReadAll(Progress* progress) {
    uint64_t events = 0;
    for (;;) {
      absl::StatusOr<bool> more = source_->Next(&block_);
      if (!more.ok()) return Stop(kBadInput, more.status().message());
      const uint64_t most = args_.max_rejects.value_or(~uint64_t{0});
      if (faults_.rejects() > most) {
        return Stop(kBadInput,
                    absl::StrCat("more than ", Counted(most, "row"), " rejected (--max-rejects)"));
      }
      if (!*more) return std::nullopt;
      if (const std::optional<int> code = PushBlock(); code.has_value()) return code;
      events += block_.rows();
      progress->Update(events, total_derived_, *source_);
    }
  }

  std::optional<int> PushBlock() {
    const absl::Status status = WithEngine([this](auto& engine) {
      absl::Status pushed = engine.Push(block_.events);
      if (!pushed.ok() || block_.watermark == kMinTime) return pushed;
      return engine.AdvanceTo(block_.watermark);
    });
    if (!status.ok()) return Stop(kInternal, status.message());
    return FlushOutputs(prompt_);
  }

  std::optional<int> FlushOutputs(bool all) {
    absl::Status status = all ? out_->Flush() : out_->Wrote();
    if (absl::IsAborted(status)) return kOk;
    if (status.ok() && all) status = faults_.Flush();
    if (!status.ok()) return Stop(kInternal, status.message());
    return std::nullopt;
  }

  int Finish() {
    block_.Clear();
    const absl::Status status =
        WithEngine([this](auto& engine) { return engine.Finish(args_.at_end); });
    if (!status.ok()) return Stop(kInternal, status.message());
    return FlushOutputs(true).value_or(kOk);
  }

  // Ends the run after the summary with these words.
  int Stop(ExitCode code, absl::string_view message) {
    error_ = std::string(message);
    return code;
  }

  void Take(const DerivedEvent& event) {
    const size_t type = event.type->id.index();
    ++total_derived_;
    ++derived_[type];
    if (!printed_[type]) return;
    if (csv_.has_value()) {
      csv_->Append(event, out_->buffer());
    } else {
      writer_.Append(event, out_->buffer());
    }
    out_->Wrote().IgnoreError();  // seen by FlushOutputs
  }

  // An event that has been written, or would have been, no longer holds.
  void TakeBack(const DerivedEvent& event) {
    const size_t type = event.type->id.index();
    --total_derived_;
    --derived_[type];
    if (!printed_[type]) return;
    writer_.AppendRetraction(event, out_->buffer());
    out_->Wrote().IgnoreError();  // seen by FlushOutputs
  }

  // The block's rows have consecutive sequences, so a row's place in it is known by its own.
  void AddLate(const LateEvent& event) {
    const EventBatch& batch = event.batch;
    const size_t row = event.row;
    RowOrigin origin;
    if (!block_.events.order.empty() && row < batch.sequences.size()) {
      const EventBlock::Entry first = block_.events.order[0];
      const uint64_t begin = block_.events.batches[first.batch].sequences[first.row];
      const uint64_t place = batch.sequences[row] - begin;
      if (place < block_.origins.size()) origin = block_.origins[place];
    }
    faults_.AddLate(event, args_.events[origin.input].path, origin.line);
  }

  void PrintSummary(double seconds) {
    SummaryInput in{.plan = plan_,
                    .sources = *compiled_.sources,
                    .engine = WithEngine([](auto& engine) { return engine.Stats(); }),
                    .read = source_->Stats(),
                    .faults = faults_,
                    .derived = derived_,
                    .seconds = seconds};
    if (speculative_ != nullptr) {
      in.speculated = {speculative_->retracted(), speculative_->replays(),
                       speculative_->replayed_events()};
    }
    std::fputs(SummaryText(in).c_str(), stderr);
  }

  const RunArgs& args_;
  CompileResult compiled_;
  const Plan& plan_;
  JsonWriter writer_;
  std::optional<CsvWriter> csv_;  // instead of writer_
  std::map<std::string, std::shared_ptr<const Table>> tables_;
  std::unique_ptr<OutputSink> out_;
  bool prompt_ = false;  // results are written after each block: somebody may wait for them
  FaultLog faults_;
  std::vector<uint64_t> derived_;  // by type
  uint64_t total_derived_ = 0;
  std::vector<bool> printed_;  // by type
  SourceBlock block_;
  std::string error_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<SpeculativeEngine> speculative_;  // instead of engine_
  std::unique_ptr<EventSource> source_;
  Subscription subscription_;
};

}  // namespace

int Run(const RunArgs& args) {
  absl::StatusOr<CompileResult> compiled = CompileFiles(args.rules, args.params);
  if (!compiled.ok()) return Fail(kUsage, compiled.status().message());
  if (!args.quiet || compiled->plan == nullptr) {
    std::fputs(RenderAll(*compiled, UseColor(args.color, STDERR_FILENO)).c_str(), stderr);
  }
  if (compiled->plan == nullptr) {
    const size_t errors = CountSeverity(*compiled, Severity::kError);
    return Fail(kUsage, absl::StrCat(Counted(errors, "error"), " in the rules; nothing was run"));
  }
  return Runner(args, *std::move(compiled)).Run();
}

}  // namespace spate::cli
