#include "compiler/testing/run_test.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "compiler/testing/compare.h"
#include "compiler/testing/recorder.h"
#include "compiler/testing/test_input.h"
#include "runtime/channels/json_writer.h"
#include "runtime/engine/engine.h"
#include "runtime/model/literal.h"
#include "runtime/model/table.h"

namespace spate {
namespace {

constexpr size_t kMostNotes = 10;

// One run of a test's events through an engine.
class Run {
 public:
  Run(const CompileResult& compiled, const RuleTest& test, PartialMatches* partials)
      : plan_(*compiled.plan), compiled_(compiled), test_(test), partials_(partials) {}

  absl::Status Do() {
    using Step = absl::Status (Run::*)();
    for (const Step step : {&Run::MakeTables, &Run::MakeEngine, &Run::MakeInput, &Run::Push}) {
      if (absl::Status s = (this->*step)(); !s.ok()) return s;
    }
    return absl::OkStatus();
  }

  // What the lines of the test expect.
  std::vector<ExpectedEvent> ExpectedByLines() {
    std::vector<ExpectedEvent> all;
    for (const TestLine& line : test_.lines) {
      const auto* expect = std::get_if<TestExpect>(&line.node);
      if (expect != nullptr) all.push_back(OfLine(*expect, line.span));
    }
    return all;
  }
  // Adds what a recorded file expects: each line names every attribute.
  absl::Status AddRecorded(const std::string& path, std::vector<ExpectedEvent>* all) {
    absl::StatusOr<std::vector<RecordedEvent>> events =
        ReadRecorded(plan_, path, /*all_known=*/true, prepare_, &arena_);
    if (!events.ok()) {
      return absl::Status(events.status().code(),
                          absl::StrCat(events.status().message(), "; `--bless` writes it"));
    }
    for (const RecordedEvent& recorded : *events) {
      if (!recorded.type.valid()) continue;
      const EventType& type = plan_.types[recorded.type.index()];
      ExpectedEvent& event = all->emplace_back();
      event.type = recorded.type;
      event.time = recorded.time;
      event.file = path;
      event.line = static_cast<uint32_t>(recorded.line);
      for (size_t i = 0; i < recorded.values.size(); ++i) {
        if (type.fields[i].computed != nullptr) continue;
        event.attributes.emplace_back(FieldId(i), recorded.values[i]);
      }
    }
    return absl::OkStatus();
  }

  const std::vector<ReportedEvent>& reported() const { return reported_; }
  const TestClock& clock() const { return clock_; }
  std::vector<RuleCoverage> Coverage() const { return recorder_->Coverage(); }
  std::vector<std::string> TakeNotes() { return std::move(notes_); }

 private:
  absl::Status MakeTables() {
    for (size_t i = 0; i < plan_.tables.size(); ++i) {
      std::vector<std::vector<Value>> rows;
      for (const TestTable& table : test_.tables) {
        if (table.table != i) continue;
        for (const std::vector<Constant>& row : table.rows) {
          std::vector<Value>& values = rows.emplace_back();
          for (const Constant& c : row) values.push_back(ViewOf(c, &arena_));
        }
      }
      absl::StatusOr<std::shared_ptr<const Table>> table = Table::Create(plan_.tables[i], rows);
      if (!table.ok()) return table.status();
      tables_.push_back(*std::move(table));
    }
    return absl::OkStatus();
  }

  absl::Status MakeEngine() {
    recorder_ = std::make_unique<Recorder>(plan_, tables_, *compiled_.sources, clock_, partials_);
    for (RuleId rule : test_.rules) {
      if (absl::Status s = recorder_->Watch(rule); !s.ok()) return s;
    }
    EngineOptions options;
    options.lateness = test_.lateness.value_or(0);
    options.keep_matched = true;  // the recorder reads every attribute
    options.merge_threads = false;
    options.observer = recorder_.get();
    for (size_t i = 0; i < tables_.size(); ++i) options.tables[plan_.tables[i].name] = tables_[i];
    options.on_late = [this](const LateEvent& event) {
      if (notes_.size() == kMostNotes) notes_.push_back("..");
      if (notes_.size() > kMostNotes) return;
      notes_.push_back(absl::StrCat(event.batch.type().name, " at ", clock_.Text(event.time()),
                                    " came late and was dropped"));
    };
    absl::StatusOr<std::unique_ptr<Engine>> engine = Engine::Create(compiled_.plan, options);
    if (!engine.ok()) return engine.status();
    engine_ = *std::move(engine);
    absl::StatusOr<Subscription> all =
        engine_->Subscribe("", [this](const DerivedEvent& event) { Take(event); });
    if (!all.ok()) return all.status();
    subscription_ = *std::move(all);
    prepare_ = [this](EventBatch* batch) { engine_->Prepare(batch); };
    return absl::OkStatus();
  }

  absl::Status MakeInput() {
    absl::StatusOr<TestInput> input = MakeTestInput(plan_, test_, prepare_, &arena_);
    if (!input.ok()) return input.status();
    input_ = *std::move(input);
    clock_ = input_.clock;
    return absl::OkStatus();
  }

  absl::Status Push() {
    for (const RecordedEvent& event : input_.events) {
      absl::Status status;
      if (!event.type.valid()) {
        status = engine_->AdvanceTo(event.time);
      } else {
        const EventType& type = plan_.types[event.type.index()];
        ShowInput(type, event.time, event.values);
        absl::StatusOr<EventTypeHandle> handle = engine_->Type(type.name);
        status = handle.ok() ? engine_->Push(*handle, event.time, event.values) : handle.status();
      }
      if (!status.ok()) return status;
    }
    return engine_->Finish(EndMode::kClose);
  }

  void ShowInput(const EventType& type, Time time, absl::Span<const Value> values) {
    EventBatch batch(type);
    batch.AppendRow(time, 0, values);
    engine_->Prepare(&batch);
    recorder_->OnInput(batch);
  }

  void Take(const DerivedEvent& event) {
    ShowInput(*event.type, event.time, event.values);
    const bool under_test =
        std::find(test_.rules.begin(), test_.rules.end(), event.rule->id) != test_.rules.end();
    if (!under_test) return;
    Value* values = arena_.AllocateArray<Value>(event.values.size());
    for (size_t i = 0; i < event.values.size(); ++i)
      values[i] = CopyValue(event.values[i], &arena_);
    reported_.push_back({event.type->id, event.time, event.rule, {values, event.values.size()}});
  }

  ExpectedEvent OfLine(const TestExpect& expect, Span span) {
    const Source& source = compiled_.sources->Get(span.file);
    ExpectedEvent event;
    event.type = expect.event.type;
    event.file = source.name();
    event.line = source.Locate(span.begin).line;
    if (expect.time.has_value()) event.time = ResolveTestTime(*expect.time, input_);
    for (const TestAttribute& a : expect.event.attributes) {
      event.attributes.emplace_back(a.field, ViewOf(a.value, &arena_));
    }
    return event;
  }

  const Plan& plan_;
  const CompileResult& compiled_;
  const RuleTest& test_;
  PartialMatches* partials_;
  TestClock clock_;
  Arena arena_;
  std::vector<std::shared_ptr<const Table>> tables_;  // as in the plan
  std::unique_ptr<Recorder> recorder_;
  std::unique_ptr<Engine> engine_;
  Subscription subscription_;
  std::function<void(EventBatch*)> prepare_;
  TestInput input_;
  std::vector<ReportedEvent> reported_;
  std::vector<std::string> notes_;
};

// The test's file of expected events; empty: it has none.
std::string ExpectedFile(const RuleTest& test) {
  for (const TestLine& line : test.lines) {
    if (const auto* file = std::get_if<TestExpectFile>(&line.node)) return file->path;
  }
  return "";
}

// Writes what no line of the test expects or allows to its file of expected events.
absl::Status Bless(const Plan& plan, const std::set<TypeId>& allowed, const std::string& path,
                   Run* run) {
  const Comparison by_lines =
      Compare(plan, run->ExpectedByLines(), run->reported(), allowed, run->clock());
  JsonWriter writer;
  std::string text;
  for (size_t i = 0; i < run->reported().size(); ++i) {
    const ReportedEvent& event = run->reported()[i];
    if (by_lines.met[i] || allowed.count(event.type) != 0) continue;
    DerivedEvent derived{&plan.types[event.type.index()], event.time, event.rule, event.values, {}};
    writer.Append(derived, &text);
  }
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  out.flush();
  if (!out) return absl::UnavailableError(absl::StrCat("cannot write ", path));
  return absl::OkStatus();
}

NamedTexts AttributeTexts(const Plan& plan, const ExpectedEvent& event) {
  NamedTexts texts;
  const EventType& type = plan.types[event.type.index()];
  for (const auto& [field, value] : event.attributes) {
    const Field& f = type.fields[field.index()];
    texts.emplace_back(f.name, LiteralText(value, f.type));
  }
  return texts;
}

// Runs the test again, to say of each missing event how far a match came.
void AddNearest(const CompileResult& compiled, const RuleTest& test,
                absl::Span<const ExpectedEvent> expected, const Comparison& comparison,
                std::vector<TestProblem>* problems) {
  PartialMatches partials;
  if (!Run(compiled, test, &partials).Do().ok()) return;
  for (size_t i = 0; i < problems->size(); ++i) {
    if (comparison.missing[i] >= expected.size()) continue;
    const ExpectedEvent& event = expected[comparison.missing[i]];
    std::vector<RuleId> rules;
    for (RuleId rule : test.rules) {
      const std::vector<EmitPlan>& emits = compiled.plan->rules[rule.index()].emits;
      const bool emits_it = std::any_of(emits.begin(), emits.end(),
                                        [&](const EmitPlan& e) { return e.type == event.type; });
      if (emits_it) rules.push_back(rule);
    }
    const PartialMatch* nearest = partials.Nearest(rules, AttributeTexts(*compiled.plan, event));
    if (nearest != nullptr) (*problems)[i].nearest = *nearest;
  }
}

// Runs and compares; a status when that cannot be done.
absl::Status RunAndCompare(const CompileResult& compiled, const RuleTest& test,
                           const RunTestOptions& options, TestResult* result) {
  Run run(compiled, test, nullptr);
  if (absl::Status s = run.Do(); !s.ok()) return s;
  const Plan& plan = *compiled.plan;
  const std::set<TypeId> allowed(test.allowed.begin(), test.allowed.end());
  const std::string file = ExpectedFile(test);
  if (options.bless && !file.empty()) {
    if (absl::Status s = Bless(plan, allowed, file, &run); !s.ok()) return s;
    result->blessed = file;
  }
  std::vector<ExpectedEvent> expected = run.ExpectedByLines();
  if (!file.empty()) {
    if (absl::Status s = run.AddRecorded(file, &expected); !s.ok()) return s;
  }
  Comparison comparison = Compare(plan, expected, run.reported(), allowed, run.clock());
  result->problems = std::move(comparison.problems);
  if (!result->problems.empty()) {
    AddNearest(compiled, test, expected, comparison, &result->problems);
    result->notes = run.TakeNotes();
  }
  if (options.coverage != nullptr) AddCoverage(run.Coverage(), options.coverage);
  return absl::OkStatus();
}

}  // namespace

TestResult RunRuleTest(const CompileResult& compiled, const RuleTest& test,
                       const RunTestOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  TestResult result;
  result.name = test.name;
  result.line = compiled.sources->Get(test.span.file).Locate(test.span.begin).line;
  const absl::Status status = RunAndCompare(compiled, test, options, &result);
  if (!status.ok()) {
    TestProblem fault;
    fault.text = std::string(status.message());
    result.problems.push_back(std::move(fault));
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return result;
}

}  // namespace spate
