// Rule tests: what is under test, then line by line with the time that each has.
#include "compiler/check/rule_tests.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "compiler/check/constants.h"
#include "compiler/check/event_types.h"
#include "compiler/check/expressions/build.h"
#include "compiler/check/imports.h"
#include "compiler/check/test_events.h"
#include "runtime/base/overload.h"
#include "runtime/model/literal.h"

namespace spate {
namespace {

constexpr int64_t kMostTimes = 1'000'000;
constexpr absl::string_view kSuffix = "_test.spate";

bool IsExpectation(const ast::TestStatement& s) {
  return std::holds_alternative<ast::ExpectStmt>(s.node);
}

// The lines of one run: of the test by itself, or with those of a case.
struct Variant {
  std::string name;  // of the case, ` / ` before it; empty: the test by itself
  const ast::TestCase* of_case = nullptr;
  std::vector<const ast::TestStatement*> lines;
};

// What is meant to run of a block: it alone, unless it only prepares its cases, and each case.
std::vector<Variant> VariantsOf(const std::vector<ast::TestStatement>& block) {
  std::vector<Variant> variants(1);
  bool expects = false;
  bool has_cases = false;
  const auto is_case = [](const ast::TestStatement& s) {
    return std::holds_alternative<std::unique_ptr<ast::TestCase>>(s.node);
  };
  for (const ast::TestStatement& s : block) {
    has_cases = has_cases || is_case(s);
    expects = expects || IsExpectation(s);
    if (!is_case(s)) variants[0].lines.push_back(&s);
  }
  for (size_t i = 0; i < block.size(); ++i) {
    if (!is_case(block[i])) continue;
    const ast::TestCase& one = *std::get<std::unique_ptr<ast::TestCase>>(block[i].node);
    for (Variant& inner : VariantsOf(one.statements)) {
      Variant v{absl::StrCat(" / ", one.name, inner.name),
                inner.of_case == nullptr ? &one : inner.of_case,
                {}};
      for (size_t k = 0; k < block.size(); ++k) {
        if (k == i) v.lines.insert(v.lines.end(), inner.lines.begin(), inner.lines.end());
        if (!is_case(block[k])) v.lines.push_back(&block[k]);
      }
      variants.push_back(std::move(v));
    }
  }
  if (has_cases && !expects) variants.erase(variants.begin());
  return variants;
}

// One run of a test.
class VariantChecker {
 public:
  // `emits`: by RuleId, the types that the rule emits.
  VariantChecker(CheckContext& context, const std::vector<std::set<TypeId>>& emits,
                 bool knows_rules, RuleTest* test)
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

class TestChecker {
 public:
  TestChecker(CheckContext& context, const std::vector<CheckedRule>& rules)
      : context_(context), knows_rules_(!context.diagnostics.has_errors()) {
    for (const CheckedRule& rule : rules) {
      std::set<TypeId>& types = emits_.emplace_back();
      for (const CheckedEmit& emit : rule.emits) types.insert(emit.type);
    }
  }

  void Check(const ast::TestDecl& decl) {
    Place(decl);
    Names(decl.name, decl.name_span, &names_[decl.name_span.file]);
    Block(decl.statements);
    const std::vector<RuleId> rules = RulesOf(decl);
    const bool knows_rules =
        knows_rules_ && (decl.rules.empty() || rules.size() == decl.rules.size());
    for (const Variant& variant : VariantsOf(decl.statements)) {
      RuleTest test;
      test.name = absl::StrCat(decl.name, variant.name);
      test.span = variant.of_case == nullptr ? decl.name_span : variant.of_case->name_span;
      test.rules = rules;
      VariantChecker checker(context_, emits_, knows_rules, &test);
      for (const ast::TestStatement* line : variant.lines) checker.Line(*line);
      WarnUnsaid(variant, test.span);
      tests.push_back(std::move(test));
    }
  }

  std::vector<RuleTest> tests;

 private:
  void Place(const ast::TestDecl& decl) {
    const std::string& file = context_.sources.Get(decl.name_span.file).name();
    if (absl::EndsWith(file, kSuffix) || !misplaced_.insert(decl.name_span.file).second) return;
    Diagnostic& d = context_.Report(DiagnosticCode::kTestPlace, decl.name_span,
                                    "a test stands in a file of rules");
    d.label = "tests live in files whose names end in `_test.spate`";
    const size_t slash = file.rfind('/') + 1;
    const std::string stem = file.substr(slash, file.rfind('.') - slash);
    d.fix = Fix{absl::StrCat("move it to `", stem, kSuffix, "`, with `import \"",
                             file.substr(slash), "\"`"),
                std::nullopt, ""};
  }

  void Names(const std::string& name, Span span, std::map<std::string, Span>* taken) {
    const auto [it, is_new] = taken->emplace(name, span);
    if (is_new) return;
    Diagnostic& d = context_.Report(DiagnosticCode::kDuplicateName, span,
                                    absl::StrCat("two tests are called \"", name, "\""));
    d.label = "a second time here";
    d.labels.push_back({it->second, "first here"});
  }

  // What holds for each block as it is written.
  void Block(const std::vector<ast::TestStatement>& block) {
    std::map<std::string, Span> names;
    const ast::TestStatement* nothing = nullptr;
    const ast::TestStatement* other = nullptr;
    for (const ast::TestStatement& s : block) {
      if (const auto* one = std::get_if<std::unique_ptr<ast::TestCase>>(&s.node)) {
        Names((*one)->name, (*one)->name_span, &names);
        Block((*one)->statements);
      } else if (IsExpectation(s)) {
        (std::get<ast::ExpectStmt>(s.node).nothing ? nothing : other) = &s;
      }
    }
    if (nothing == nullptr || other == nullptr) return;
    Diagnostic& d = context_.Report(DiagnosticCode::kBadTestLine, nothing->span,
                                    "`expect nothing` beside another `expect`");
    d.label = "which of the two?";
    d.labels.push_back({other->span, "this is something"});
  }

  std::vector<RuleId> RulesOf(const ast::TestDecl& decl) {
    std::vector<RuleId> rules;
    const std::set<uint32_t>& visible = context_.visible[decl.name_span.file];
    for (size_t r = 0; r < context_.rules.size() && decl.rules.empty(); ++r) {
      if (visible.count(context_.rules[r].decl->name.span.file) != 0) rules.push_back(RuleId(r));
    }
    if (rules.empty() && decl.rules.empty()) {
      Diagnostic& d = context_.Report(DiagnosticCode::kUndefinedRule, decl.name_span,
                                      "there is no rule to test");
      d.label = "the file sees none";
      d.fix = Fix{"import the file of the rule", std::nullopt, ""};
    }
    for (const ast::Name& name : decl.rules) {
      std::optional<RuleId> rule = FindRule(name);
      if (rule.has_value()) rules.push_back(*rule);
    }
    return rules;
  }

  std::optional<RuleId> FindRule(const ast::Name& name) {
    std::vector<std::string> names;
    for (size_t r = 0; r < context_.rules.size(); ++r) {
      const std::string& rule = context_.rules[r].decl->name.text;
      if (rule == name.text) return RuleId(r);
      names.push_back(rule);
    }
    Diagnostic& d = context_.Report(DiagnosticCode::kUndefinedRule, name.span,
                                    absl::StrCat("undefined rule ", Quoted(name.text)));
    d.label = "no rule has this name";
    SuggestName(d, name, names);
    return std::nullopt;
  }

  void WarnUnsaid(const Variant& variant, Span span) {
    const bool expects = std::any_of(variant.lines.begin(), variant.lines.end(),
                                     [](const ast::TestStatement* s) { return IsExpectation(*s); });
    if (expects) return;
    Diagnostic& d = context_.Report(DiagnosticCode::kExpectsUnsaid, span,
                                    "the test does not say what it expects");
    d.label = "holds when nothing is reported";
    d.fix = Fix{"add `expect nothing`", std::nullopt, ""};
  }

  CheckContext& context_;
  const bool knows_rules_;
  std::vector<std::set<TypeId>> emits_;                    // by RuleId
  std::set<uint32_t> misplaced_;                           // files: one message each
  std::map<uint32_t, std::map<std::string, Span>> names_;  // of the tests of a file
};

}  // namespace

std::vector<RuleTest> CheckTests(CheckContext& context, const std::vector<CheckedRule>& rules) {
  TestChecker checker(context, rules);
  for (const ast::TestDecl* decl : context.tests) checker.Check(*decl);
  return std::move(checker.tests);
}

}  // namespace spate
