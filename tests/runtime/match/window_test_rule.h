// TestRule: a `from` rule over events of one type, built by hand and run as the engine runs it.
//
// Reports come out as lines: time, keys, window, aggregates, and the events that are bound.
#ifndef SPATE_TESTS_RUNTIME_MATCH_WINDOW_TEST_RULE_H_
#define SPATE_TESTS_RUNTIME_MATCH_WINDOW_TEST_RULE_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "runtime/expr/eval_issues.h"
#include "runtime/match/window_machine.h"
#include "runtime/model/plan.h"

namespace spate {

struct TestEvent {
  Time time = 0;
  std::optional<int64_t> key = 0;
  std::optional<int64_t> n;
  std::optional<double> f;
  std::optional<std::string> s;
  bool ok = true;
};

// The fields of the type, in order.
enum TestField : uint32_t { kKeyField, kN, kF, kS, kOk };

inline Kind KindOf(TestField field) {
  constexpr Kind kKinds[] = {Kind::kInt, Kind::kInt, Kind::kFloat, Kind::kString, Kind::kBool};
  return kKinds[field];
}

inline ExprPtr MakeExpr(Op op, Kind kind, std::vector<ExprPtr> args = {}) {
  Expr e;
  e.op = op;
  e.type = Type::Of(kind, true);
  e.args = std::move(args);
  return std::make_shared<const Expr>(std::move(e));
}
inline ExprPtr FieldExpr(TestField field) {
  Expr e = *MakeExpr(Op::kField, KindOf(field));
  e.field = FieldId(uint32_t{field});
  return std::make_shared<const Expr>(std::move(e));
}
inline ExprPtr IntExpr(int64_t v) {
  Expr e = *MakeExpr(Op::kConst, Kind::kInt);
  e.constant = Constant::Int(v);
  return std::make_shared<const Expr>(std::move(e));
}
inline ExprPtr AggregateExpr(uint32_t index, Kind kind = Kind::kInt) {
  Expr e = *MakeExpr(Op::kAggregate, kind);
  e.index = index;
  return std::make_shared<const Expr>(std::move(e));
}
// `r.field`, `first(r.field)`, `last(r.field, offset)`.
inline ExprPtr BoundExpr(TestField field, Nav nav = Nav::kLast, uint32_t offset = 0) {
  Expr e = *MakeExpr(Op::kBound, KindOf(field));
  e.var = VarId(0u);
  e.nav = nav;
  e.offset = offset;
  e.fields = {{TypeId(0u), FieldId(uint32_t{field})}};
  return std::make_shared<const Expr>(std::move(e));
}

inline std::string Show(const Value& v) {
  switch (v.kind) {
    case Kind::kNull:
      return "null";
    case Kind::kFloat: {
      std::string text;
      AppendFloat(v.f, &text);
      return text;
    }
    case Kind::kString:
      return absl::StrCat("'", v.text(), "'");
    case Kind::kList: {
      std::vector<std::string> parts;
      for (const Value& element : v.elements()) parts.push_back(Show(element));
      return absl::StrCat("[", absl::StrJoin(parts, ","), "]");
    }
    default:
      return absl::StrCat(v.i);
  }
}

// An event with an `n` and a key.
inline TestEvent N(Time time, int64_t n, int64_t key = 0) {
  TestEvent e;
  e.time = time;
  e.n = n;
  e.key = key;
  return e;
}

class TestRule : public ReportSink {
 public:
  TestRule(WindowSpec::Kind kind, Duration size) {
    EventType type;
    type.id = TypeId(0u);
    type.name = "E";
    const char* const names[] = {"k", "n", "f", "s", "ok"};
    for (uint32_t i = 0; i < 5; ++i) {
      Field field;
      field.name = names[i];
      field.type = Type::Of(KindOf(static_cast<TestField>(i)), true);
      type.fields.push_back(std::move(field));
    }
    plan_.types.push_back(std::move(type));
    rule_.id = RuleId(0u);
    rule_.inputs.emplace_back().type = TypeId(0u);
    rule_.from = std::make_unique<FromPlan>();
    rule_.from->window.kind = kind;
    rule_.from->window.size.duration = size;
  }

  TestRule& By(TestField field) {
    rule_.keys.push_back({"k", Type::Of(KindOf(field))});
    rule_.inputs[0].keys.push_back(FieldExpr(field));
    return *this;
  }
  // Without `value`: `count()`, or `count(r where ..)`.
  TestRule& Aggregated(AggregateKind kind, std::optional<TestField> value = std::nullopt,
                       ExprPtr where = nullptr, double parameter = 0) {
    Aggregate a;
    a.kind = kind;
    a.parameter = parameter;
    a.var = VarId(0u);
    a.origin.begin = static_cast<uint32_t>(rule_.aggregates.size());
    a.type = kind == AggregateKind::kCollect ? Type::ListOf(KindOf(*value))
             : kind == AggregateKind::kAvg   ? Type::Of(Kind::kFloat, true)
                                             : Type::Of(value ? KindOf(*value) : Kind::kInt, true);
    if (value.has_value() || where != nullptr) {
      a.inputs.push_back({TypeId(0u), value ? FieldExpr(*value) : nullptr, std::move(where)});
    }
    rule_.aggregates.push_back(std::move(a));
    return *this;
  }
  TestRule& Having(ExprPtr condition) {
    rule_.from->having = std::move(condition);
    return *this;
  }
  // Something that `emit` reads; shown as a part of `bound` only.
  TestRule& Emits(ExprPtr value) {
    rule_.emits.push_back({EmitKind::kReport, TypeId(0u), {std::move(value)}, {}});
    return *this;
  }
  // The rest of the plan, before the first event. Predicate 0 is `ok`, predicate 1 `not ok`.
  FromPlan& From() { return *rule_.from; }
  static StepInput IfOk(bool ok = true) { return {TypeId(0u), PredicateId(ok ? 0u : 1u), nullptr}; }
  // Events go to all keys that have been seen, as those of a clock do.
  TestRule& ToEveryKey() {
    rule_.inputs[0].every_key = true;
    return *this;
  }
  // Lets `limit` hold back all reports.
  void HoldBack(bool on) { holds_back_ = on; }
  TestRule& KeepMatched() {
    options_.keep_matched = true;
    return *this;
  }

  void Take(const TestEvent& e) {
    Advance(e.time);
    TakeInMoment(e);
  }
  // Takes an event without firing first what is due, as one that is derived at that moment.
  void TakeInMoment(const TestEvent& e) {
    Start();
    EventBatch batch(plan_.types[0]);
    const Value values[] = {e.key ? Value::Int(*e.key) : Value::Null(),
                            e.n ? Value::Int(*e.n) : Value::Null(),
                            e.f ? Value::Float(*e.f) : Value::Null(),
                            e.s ? Value::String(*e.s) : Value::Null(), Value::Bool(e.ok)};
    batch.AppendRow(e.time, ++sequence_, values);
    const uint64_t masks[] = {e.ok ? 1u : 0u, e.ok ? 0u : 1u};
    const PredicateBits bits{{&masks[0], &masks[1]}, {}, {}};
    EXPECT_TRUE(machine_->OnEvent({&batch, 0, &bits}, this).ok());
    clock_ = e.time;
  }
  void Take(const std::vector<TestEvent>& events) {
    for (const TestEvent& e : events) Take(e);
  }
  // Fires what is due when the watermark stands at `watermark`.
  void Advance(Time watermark) {
    Start();
    for (Deadline d = machine_->NextDeadline(); d.DueAt(watermark); d = machine_->NextDeadline()) {
      EXPECT_TRUE(machine_->Fire(d, this).ok());
    }
  }
  void Finish(FinishMode mode) {
    Start();
    EXPECT_TRUE(machine_->Finish(mode, clock_, this).ok());
  }

  // The reports since the last call.
  std::vector<std::string> TakeLines() { return std::exchange(lines_, {}); }
  MachineStats Stats() const { return machine_->Stats(); }
  const EvalIssues& issues() const { return issues_; }

  bool OnReport(const Report& report) override {
    std::string line =
        absl::StrCat(report.kind == EmitKind::kElse ? "else " : "", "@", report.time);
    for (const Value& key : report.keys) absl::StrAppend(&line, " k", Show(key));
    absl::StrAppend(&line, " ", report.window_start, "..", report.window_end);
    for (const Value& v : report.aggregates) absl::StrAppend(&line, " ", Show(v));
    if (!report.bindings.empty()) absl::StrAppend(&line, " |");
    Arena scratch;
    for (const Binding& b : report.bindings) {
      EXPECT_EQ(b.var, VarId(0u));
      absl::StrAppend(&line, " ", report.store->TimeOf(b.event));
      for (uint32_t f = 0; f < 5; ++f) {
        const Value v = report.store->Get(b.event, FieldId(f), &scratch);
        if (!v.is_null()) absl::StrAppend(&line, ":", Show(v));
      }
    }
    if (report.bindings.empty() && report.newest_left != kNoEvent) {
      absl::StrAppend(&line, " left ", report.store->TimeOf(report.newest_left));
    }
    if (holds_back_) absl::StrAppend(&line, " held back");
    lines_.push_back(std::move(line));
    return !holds_back_;
  }

 private:
  void Start() {
    if (machine_ != nullptr) return;
    auto machine = WindowMachine::Create(plan_, rule_, options_, &issues_);
    ASSERT_TRUE(machine.ok()) << machine.status();
    machine_ = *std::move(machine);
  }

  Plan plan_;
  RulePlan rule_;
  MachineOptions options_;
  EvalIssues issues_;
  std::unique_ptr<Machine> machine_;
  uint64_t sequence_ = 0;
  Time clock_ = 0;
  bool holds_back_ = false;
  std::vector<std::string> lines_;
};

}  // namespace spate

#endif  // SPATE_TESTS_RUNTIME_MATCH_WINDOW_TEST_RULE_H_
