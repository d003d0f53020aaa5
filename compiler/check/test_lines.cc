#include "compiler/check/test_lines.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "compiler/check/constants.h"
#include "compiler/check/expressions/build.h"
#include "compiler/check/imports.h"
#include "compiler/check/test_events.h"
#include "runtime/base/overload.h"
#include "runtime/model/literal.h"

namespace spate {
namespace {

constexpr int64_t kMostTimes = 1'000'000;

class LineChecker {
 public:
  // `emits`: by RuleId, the types that the rule emits.
  LineChecker(CheckContext& context, const std::vector<std::set<TypeId>>& emits, bool knows_rules,
              RuleTest* test)
      : context_(context), emits_(emits), knows_rules_(knows_rules), test_(*test) {}

  void Line(const ast::TestStatement& s) {
    span_ = s.span;
    std::visit(Overload{[&](const ast::FeedStmt& n) { Feed(n); },
                        [&](const ast::AdvanceStmt& n) {
                          last_ = Resolve(n.at);
                          Add(TestAdvance{last_});
                        },
                        [&](const ast::ExpectStmt& n) { Expect(n); },
                        [&](const ast::AllowStmt& n) { Allow(n); },
                        [&](const ast::EventsFileStmt& n) {
                          Add(TestEventsFile{PathOf(n.file)});
                          AfterThisLine();
                        },
                        [&](const ast::TestParamStmt& n) { Param(n); },
                        [&](const ast::TestLatenessStmt& n) { Lateness(n); },
                        [&](const ast::TestTableStmt& n) { TableRow(n); },
                        [](const std::unique_ptr<ast::TestCase>&) {}},
               s.node);
  }

 private:
  template <typename Node>
  void Add(Node node) {
    test_.lines.push_back({span_, std::move(node)});
  }

  Diagnostic& ReportLine(Span span, std::string message) {
    return context_.Report(DiagnosticCode::kBadTestLine, span, std::move(message));
  }

  std::string PathOf(const std::string& file) const {
    return ResolveImport(context_.sources.Get(span_.file).name(), file);
  }

  // ---- time ----

  TestTime Resolve(const ast::TestTime& written) const {
    if (const auto* time = std::get_if<ast::TimeLit>(&written.value->node)) {
      return {TestTime::Base::kAbsolute, time->value, 0};
    }
    const auto* duration = std::get_if<ast::DurationLit>(&written.value->node);
    const Duration d = duration == nullptr ? 0 : duration->value;
    if (!written.relative) return {TestTime::Base::kStart, d, 0};
    TestTime time = last_;
    time.value = SaturatingAdd(time.value, d);
    return time;
  }

  // The time of the line that was added is known when it runs.
  void AfterThisLine() { last_ = {TestTime::Base::kLine, 0, test_.lines.size() - 1}; }

  // ---- events ----

  bool IsEmittedUnderTest(TypeId type) const {
    return std::any_of(test_.rules.begin(), test_.rules.end(),
                       [&](RuleId r) { return emits_[r.index()].count(type) != 0; });
  }

  void Feed(const ast::FeedStmt& s) {
    const std::optional<TypeId> type = TestEventType(context_, s.event.type);
    TestFeed feed;
    Repeat(s, &feed);
    if (!type.has_value()) {
      if (s.at.has_value()) last_ = Resolve(*s.at);
      return;
    }
    if (IsEmittedUnderTest(*type)) {
      context_
          .Report(DiagnosticCode::kFeedsDerived, s.event.type.span,
                  absl::StrCat("the test feeds ", Quoted(s.event.type.text),
                               ", which a rule under test emits"))
          .label = "is this an `expect`?";
    }
    feed.event = {*type, CheckFedEvent(context_, *type, s.event)};
    Time(s, context_.type(*type), &feed);
    Add(feed);
    if (!feed.time.has_value()) return AfterThisLine();
    last_ = *feed.time;
    const auto rounds = static_cast<int64_t>(feed.times - 1);
    last_.value =
        SaturatingAdd(last_.value, CheckedMultiply(rounds, feed.every).value_or(kMaxTime));
  }

  // `times 5 every 10s`
  void Repeat(const ast::FeedStmt& s, TestFeed* feed) {
    if (s.times != nullptr) {
      const std::optional<Constant> n =
          CheckTestValue(context_, *s.times, Type::Of(Kind::kInt), "`times`");
      const int64_t times = n.has_value() ? std::get<int64_t>(n->data) : 1;
      if (times < 1 || times > kMostTimes) {
        ReportLine(s.times->span, absl::StrCat("`times` is a number from 1 to ", kMostTimes))
            .label = absl::StrCat("is ", times);
      } else {
        feed->times = static_cast<uint64_t>(times);
      }
    }
    if (s.every == nullptr) return;
    const std::optional<Constant> d =
        CheckTestValue(context_, *s.every, Type::Of(Kind::kDuration), "`every`");
    if (d.has_value()) feed->every = std::get<int64_t>(d->data);
    if (feed->every < 0) ReportLine(s.every->span, "`every` is not negative").label = "in the past";
    if (s.times != nullptr) return;
    Diagnostic& d2 = ReportLine(s.every->span, "`every` stands behind `times`");
    d2.label = "how many events?";
    d2.fix = Fix{"write `times 5 every 10s`", std::nullopt, ""};
  }

  // The line's time, or the one that the event's own attribute says.
  void Time(const ast::FeedStmt& s, const EventType& type, TestFeed* feed) {
    feed->time = s.at.has_value() ? Resolve(*s.at) : last_;
    if (!type.time_field.valid()) return;
    const Field& field = type.fields[type.time_field.index()];
    if (field.computed != nullptr) {
      feed->time = std::nullopt;
      if (!s.at.has_value()) return;
      ReportLine(s.at->span, absl::StrCat("the time of ", Quoted(type.name),
                                          " is computed from its attributes"))
          .label = "leave `at` out";
      return;
    }
    std::vector<TestAttribute>& attributes = feed->event.attributes;
    const auto given = std::find_if(attributes.begin(), attributes.end(),
                                    [&](const auto& a) { return a.field == type.time_field; });
    if (given == attributes.end()) return;
    if (s.at.has_value() || given->value.is_null()) {
      ReportLine(s.at.has_value() ? s.at->span : s.event.span,
                 absl::StrCat("the event needs one time, and ", Quoted(field.name), " is its time"))
          .label = s.at.has_value() ? "a second time" : "null is no time";
      return;
    }
    feed->time = TestTime{TestTime::Base::kAbsolute, std::get<int64_t>(given->value.data), 0};
    attributes.erase(given);
  }

  // ---- what is expected ----

  void Expect(const ast::ExpectStmt& s) {
    if (s.nothing) return;
    if (s.file.has_value()) {
      const bool second = std::any_of(test_.lines.begin(), test_.lines.end(), [](const auto& line) {
        return std::holds_alternative<TestExpectFile>(line.node);
      });
      if (second)
        ReportLine(span_, "a test has one file of expected events").label = "a second one";
      return Add(TestExpectFile{PathOf(*s.file)});
    }
    TestExpect expect;
    if (s.at.has_value()) {
      last_ = Resolve(*s.at);
      expect.time = last_;
    }
    const std::optional<TypeId> type = ExpectedType(s.event->type, "expect");
    if (!type.has_value()) return;
    expect.event = {*type, CheckExpectedEvent(context_, *type, *s.event)};
    Add(std::move(expect));
  }

  void Allow(const ast::AllowStmt& s) {
    const std::optional<TypeId> type = ExpectedType(s.type, "allow");
    if (type.has_value()) test_.allowed.push_back(*type);
  }

  std::optional<TypeId> ExpectedType(const ast::Name& name, absl::string_view word) {
    const std::optional<TypeId> type = TestEventType(context_, name);
    if (!type.has_value() || !knows_rules_ || IsEmittedUnderTest(*type)) return type;
    Diagnostic& d = context_.Report(DiagnosticCode::kNeverReported, name.span,
                                    absl::StrCat("no rule under test emits ", Quoted(name.text)));
    d.label = absl::StrCat("there is nothing to ", word);
    for (size_t r = 0; r < emits_.size(); ++r) {
      if (emits_[r].count(*type) == 0) continue;
      const ast::Name& rule = context_.rules[r].decl->name;
      d.labels.push_back({rule.span, "this rule emits it"});
      d.fix = Fix{absl::StrCat("name it: `for .., ", rule.text, "`"), std::nullopt, ""};
      break;
    }
    return std::nullopt;
  }

  // ---- the set-up ----

  void Param(const ast::TestParamStmt& s) {
    ConstantInfo* info = context_.FindConstant(s.name.text, s.name.span.file);
    if (info == nullptr || !info->is_param) {
      std::vector<std::string> names;
      context_.constants.ForEach([&](const std::string& name, uint32_t file, ConstantInfo& c) {
        const bool seen = context_.visible[s.name.span.file].count(file) != 0;
        if (c.is_param && seen) names.push_back(name);
      });
      Diagnostic& d = context_.Report(DiagnosticCode::kUndefinedName, s.name.span,
                                      absl::StrCat("there is no param ", Quoted(s.name.text)));
      d.label = info == nullptr ? "no file that is seen here declares it" : "a const";
      return SuggestName(d, s.name, names);
    }
    const ExprPtr current = ConstantValue(context_, *info);
    if (IsError(current)) return;
    const std::optional<Constant> value =
        CheckTestValue(context_, *s.value, current->type, Quoted(s.name.text));
    if (value.has_value()) test_.params[s.name.text] = LiteralText(*value, current->type);
  }

  void Lateness(const ast::TestLatenessStmt& s) {
    const std::optional<Constant> d =
        CheckTestValue(context_, *s.value, Type::Of(Kind::kDuration), "`lateness`");
    if (!d.has_value()) return;
    test_.lateness = std::get<int64_t>(d->data);
    if (*test_.lateness < 0) ReportLine(s.value->span, "`lateness` is not negative");
  }

  void TableRow(const ast::TestTableStmt& s) {
    const TableInfo* info = context_.FindTable(s.table.text, s.table.span.file);
    if (info == nullptr) {
      std::vector<std::string> names;
      for (const TablePlan& table : context_.table_plans) names.push_back(table.name);
      Diagnostic& d = context_.Report(DiagnosticCode::kUndefinedName, s.table.span,
                                      absl::StrCat("there is no table ", Quoted(s.table.text)));
      d.label = "no file that is seen here declares it";
      return SuggestName(d, s.table, names);
    }
    if (info->poisoned) return;
    std::optional<std::vector<Constant>> row =
        CheckTableRow(context_, context_.table_plans[info->index], s.table, s.fields);
    if (!row.has_value()) return;
    auto at = std::find_if(test_.tables.begin(), test_.tables.end(),
                           [&](const TestTable& t) { return t.table == info->index; });
    if (at == test_.tables.end()) at = test_.tables.insert(at, {info->index, {}});
    at->rows.push_back(*std::move(row));
  }

  CheckContext& context_;
  const std::vector<std::set<TypeId>>& emits_;
  const bool knows_rules_;  // false: what a faulty rule emits is not known
  RuleTest& test_;
  Span span_;      // of the line at hand
  TestTime last_;  // of the line before
};

}  // namespace

void CheckTestLines(CheckContext& context, const std::vector<std::set<TypeId>>& emits,
                    bool knows_rules, absl::Span<const ast::TestStatement* const> lines,
                    RuleTest* test) {
  LineChecker checker(context, emits, knows_rules, test);
  for (const ast::TestStatement* line : lines) checker.Line(*line);
}

}  // namespace spate
