#include "tests/property/engine_runner.h"

#include <algorithm>
#include <map>
#include <utility>

#include "compiler/compile.h"
#include "compiler/source/render.h"
#include "runtime/engine/engine.h"
#include "runtime/engine/speculative.h"
#include "runtime/match/summary_machine.h"
#include "runtime/match/summary_runs.h"
#include "tests/reference/print.h"

namespace spate::property {
namespace {

using reference::Val;

Val FromValue(const Value& v) {
  switch (v.kind) {
    case Kind::kNull:
      return Val::Null();
    case Kind::kBool:
      return Val::Bool(v.i != 0);
    case Kind::kFloat:
      return Val::Float(v.f);
    case Kind::kString:
      return Val::Text(std::string(v.text().data(), v.text().size()));
    case Kind::kList: {
      std::vector<Val> list;
      for (const Value& e : v.elements()) list.push_back(FromValue(e));
      return Val::List(std::move(list));
    }
    default:
      return Val::Int(v.i);
  }
}

reference::FlatEvent Flatten(const EventType& type, Time time, absl::Span<const Value> values) {
  reference::FlatEvent flat{type.name, time, {}};
  for (size_t i = 0; i < values.size() && i < type.fields.size(); ++i) {
    if (FieldId(i) == type.time_field || type.fields[i].internal) continue;
    flat.attrs.emplace_back(type.fields[i].name, FromValue(values[i]));
  }
  return flat;
}

// Text borrows from the value, lists lie in the arena.
Value ToValue(const Val& v, Arena* arena) {
  if (const auto* n = std::get_if<int64_t>(&v.v)) return Value::Int(*n);
  if (const auto* s = std::get_if<std::string>(&v.v)) {
    return Value::String(absl::string_view(s->data(), s->size()));
  }
  const auto* list = std::get_if<std::vector<Val>>(&v.v);
  if (list == nullptr) return Value::Null();
  Value* elements = arena->AllocateArray<Value>(list->size());
  for (size_t i = 0; i < list->size(); ++i) elements[i] = ToValue((*list)[i], arena);
  return Value::List(absl::MakeConstSpan(elements, list->size()));
}

// Values of the fields, in the order of the type's declaration.
std::vector<Value> ValuesOf(const reference::Event& event, Arena* arena) {
  std::vector<Value> values;
  for (size_t i = 0; i < event.values.size(); ++i) {
    const bool is_time = event.decl->attrs[i].name == event.decl->at;
    values.push_back(is_time ? Value::OfTime(event.time) : ToValue(event.values[i], arena));
  }
  return values;
}

absl::StatusOr<std::shared_ptr<const Table>> ToTable(const Plan& plan,
                                                     const reference::Table& table) {
  Arena arena;
  std::vector<std::vector<Value>> rows;
  for (const auto& row : table.rows) {
    rows.emplace_back();
    for (const Val& v : row) rows.back().push_back(ToValue(v, &arena));
  }
  for (const TablePlan& t : plan.tables) {
    if (t.name == table.name) return Table::Create(t, rows);
  }
  return absl::NotFoundError(table.name);
}

// The functions that the reference knows (eval.cc): one pure, the other not.
std::vector<RegisteredFunction> Functions() {
  RegisteredFunction third;
  third.name = "third";
  third.parameters = {Type::Of(Kind::kInt)};
  third.result = Type::Of(Kind::kInt, true);
  third.call = [](absl::Span<const Value> args, Arena*) {
    return args[0].i % 3 == 0 ? Value::Int(args[0].i / 3) : Value::Null();
  };
  RegisteredFunction mark;
  mark.name = "mark";
  mark.parameters = {Type::Of(Kind::kString, true), Type::Of(Kind::kInt, true)};
  mark.result = Type::Of(Kind::kString);
  mark.is_pure = false;
  mark.takes_null = true;
  mark.call = [](absl::Span<const Value> args, Arena* arena) {
    std::string text = args[0].is_null() ? "-" : std::string(args[0].text());
    text += args[1].is_null() ? "-" : std::to_string(args[1].i);
    return Value::String(arena->Copy(text));
  };
  return {third, mark};
}

template <typename AnyEngine>
class Feeder {
 public:
  Feeder(AnyEngine* engine, const Mode& mode) : engine_(*engine), mode_(mode) {}

  absl::Status Feed(const reference::Stream& stream) {
    for (const reference::Input& input : stream.inputs) {
      absl::Status status = input.event == nullptr ? Advance(input.time) : Push(*input.event);
      if (!status.ok()) return status;
    }
    return Flush();
  }

 private:
  absl::Status Advance(Time time) {
    absl::Status status = Flush();
    return status.ok() ? engine_.AdvanceTo(time) : status;
  }

  absl::Status Push(const reference::Event& event) {
    auto type = engine_.Type(event.decl->name);
    if (!type.ok()) return type.status();
    arena_.Reset();
    std::vector<Value> values = ValuesOf(event, &arena_);
    ++sequence_;
    if (mode_.batch == 0) return engine_.Push(*type, event.time, values);
    auto [slot, added] = batches_.try_emplace(event.decl->name, block_.batches.size());
    if (added) block_.batches.emplace_back(type->type());
    EventBatch& batch = block_.batches[slot->second];
    block_.order.push_back(
        {static_cast<uint32_t>(slot->second), static_cast<uint32_t>(batch.rows())});
    batch.AppendRow(event.time, sequence_, values);
    return block_.order.size() < mode_.batch ? absl::OkStatus() : Flush();
  }

  absl::Status Flush() {
    if (block_.order.empty()) return absl::OkStatus();
    absl::Status status = engine_.Push(block_);
    block_.Clear();
    return status;
  }

  AnyEngine& engine_;
  const Mode& mode_;
  Arena arena_;  // lists of the event at hand
  uint64_t sequence_ = 0;
  std::map<std::string, size_t> batches_;  // index into block_.batches by type
  EventBlock block_;
};

EndMode ToEndMode(reference::End end) {
  if (end == reference::End::kClose) return EndMode::kClose;
  return end == reference::End::kAdvance ? EndMode::kAdvance : EndMode::kHold;
}

// The variables that name a bound event: its step's own, and those of groups around it.
std::vector<std::string> NamesOf(const RulePlan& rule, VarId var, const reference::RuleFile& file) {
  if (!var.valid()) return {};
  if (rule.pattern == nullptr) {
    for (const reference::Rule& r : file.rules) {
      if (r.name == rule.name) return {r.from_var};
    }
    return {};
  }
  const auto& variables = rule.pattern->variables;
  if (var.index() < variables.size()) return {variables[var.index()].name};
  std::vector<std::string> names;
  for (VarId name : rule.pattern->shared_names[var.index() - variables.size()]) {
    if (name.valid()) names.push_back(variables[name.index()].name);
  }
  return names;
}

std::string Line(const DerivedEvent& e, const reference::RuleFile& file, const Mode& mode) {
  std::map<std::string, std::vector<reference::FlatEvent>> matched;
  for (const MatchedEvent& m : e.matched) {
    for (const std::string& var : NamesOf(*e.rule, m.var, file)) {
      if (!var.empty()) matched[var].push_back(Flatten(*m.type, m.time, m.values));
    }
  }
  const std::string line =
      reference::FormatFlat(Flatten(*e.type, e.time, e.values), e.rule->name, matched);
  return mode.ids ? line + " id " + FormatEventId(e.id) : line;
}

absl::StatusOr<EngineOptions> OptionsOf(const Plan& plan, const reference::RuleFile& file,
                                        const reference::Stream& stream, const Mode& mode) {
  EngineOptions options;
  options.lateness = stream.lateness;
  options.keep_matched = mode.matched;
  options.keep_ids = mode.ids;
  options.merge_threads = mode.merge_threads;
  // Runs that are compared with speculation, which repeats them, are kept small.
  if (mode.ids) options.max_partial_matches = 20'000;
  options.index_matches_from = mode.batch == 7 ? 5 : 1;
  // Rules are found by their conditions, however few they are, in half of the modes.
  if (mode.batch % 2 == 0) options.index_from = 1;
  for (const reference::TablePtr& table : file.tables) {
    auto made = ToTable(plan, *table);
    if (!made.ok()) return made.status();
    options.tables[table->name] = *made;
  }
  return options;
}

}  // namespace

std::string ModeName(const Mode& mode) {
  std::string name = mode.batch == 0 ? "single pushes" : "batches of " + std::to_string(mode.batch);
  if (!mode.matched) name += ", no match listed";
  return name + (mode.merge_threads ? "" : ", threads not merged");
}

std::vector<std::string> CountedSummaries(const Plan& plan) {
  std::vector<std::string> names;
  std::string why;
  for (const RulePlan& rule : plan.rules) {
    if (SummaryMachine::IsFor(rule) && SummaryRuns::Of(rule, &why)) names.push_back(rule.name);
  }
  return names;
}

Compiled CompileRules(const std::string& text) {
  CompileOptions options;
  options.functions = Functions();
  CompileResult result = Compile({SourceText{"case.spate", text}}, options);
  Compiled compiled{result.plan, ""};
  if (result.plan != nullptr) return compiled;
  for (const Diagnostic& d : result.diagnostics) {
    if (d.severity == Severity::kError) {
      compiled.errors += RenderDiagnostic(d, *result.sources) + "\n";
    }
  }
  return compiled;
}

std::vector<std::string> RunEngine(const std::shared_ptr<const Plan>& plan,
                                   const reference::RuleFile& file, const reference::Stream& stream,
                                   const Mode& mode) {
  std::vector<std::string> lines;
  absl::StatusOr<EngineOptions> options = OptionsOf(*plan, file, stream, mode);
  if (!options.ok()) return {"error: " + std::string(options.status().message())};
  auto engine = Engine::Create(plan, *options);
  if (!engine.ok()) return {"error: " + std::string(engine.status().message())};
  auto subscription = (*engine)->Subscribe(
      "", [&](const DerivedEvent& e) { lines.push_back(Line(e, file, mode)); });
  absl::Status status = Feeder<Engine>(engine->get(), mode).Feed(stream);
  if (status.ok()) status = (*engine)->Finish(ToEndMode(stream.end));
  if (!status.ok()) lines.push_back("error: " + std::string(status.message()));
  return lines;
}

Speculated RunSpeculative(const std::shared_ptr<const Plan>& plan, const reference::RuleFile& file,
                          const reference::Stream& stream, const Mode& mode) {
  Speculated result;
  std::map<std::string, int> standing;
  absl::StatusOr<EngineOptions> options = OptionsOf(*plan, file, stream, mode);
  if (!options.ok()) {
    result.fault = std::string(options.status().message());
    return result;
  }
  auto engine =
      SpeculativeEngine::Create(plan, *options, [&](const DerivedEvent& e, bool retracted) {
        const std::string line = Line(e, file, mode);
        int& count = standing[line];
        count += retracted ? -1 : 1;
        if (count < 0) result.fault = "retracted without having been derived: " + line;
      });
  if (!engine.ok()) {
    result.fault = std::string(engine.status().message());
    return result;
  }
  absl::Status status = Feeder<SpeculativeEngine>(engine->get(), mode).Feed(stream);
  if (status.ok()) status = (*engine)->Finish(ToEndMode(stream.end));
  if (!status.ok()) result.fault = "error: " + std::string(status.message());
  for (const auto& [line, count] : standing)
    result.stands.insert(result.stands.end(), static_cast<size_t>(std::max(count, 0)), line);
  result.retracted = (*engine)->retracted();
  result.replays = (*engine)->replays();
  result.late = (*engine)->Stats().late;
  return result;
}

}  // namespace spate::property
