// Dump of rules and tests.
#include "absl/strings/str_cat.h"
#include "compiler/syntax/dump.h"
#include "compiler/syntax/dump_parts.h"
#include "runtime/base/overload.h"

namespace spate::dump {
namespace {

std::string OfKey(const ast::Key& key) {
  std::vector<std::string> parts;
  for (const ast::KeyPart& part : key.parts) parts.push_back(Of(part.value));
  std::string result = parts.size() == 1 ? parts[0] : Form("=", parts);
  return key.as.has_value() ? Form("as", {result, key.as->text}) : result;
}

std::string OfWindow(const ast::WindowClause& window) {
  static constexpr absl::string_view kKinds[] = {"tumbling", "sliding", "hopping",
                                                 "session",  "ending",  "unbounded"};
  const auto option = [](absl::string_view word, const std::optional<ast::Period>& period) {
    return period.has_value() ? Form(word, {OfPeriod(*period)}) : "";
  };
  std::vector<std::string> parts{std::string(kKinds[static_cast<size_t>(window.kind)])};
  if (window.size.has_value()) parts.push_back(OfPeriod(*window.size));
  if (window.events != nullptr) parts.push_back(absl::StrCat(Of(window.events), " events"));
  parts.push_back(option("every", window.every));
  parts.push_back(option("offset", window.offset));
  if (window.zone.has_value()) parts.push_back(Form("zone", {Quote(window.zone->text)}));
  parts.push_back(option("max", window.max));
  if (!window.ending.empty()) parts.push_back(OfTypeUses(window.ending));
  return Form("window", parts);
}

std::string OfAfterMatch(const ast::AfterMatchClause& clause) {
  static constexpr absl::string_view kPolicies[] = {
      "skip-past-last-event", "skip-to-first", "skip-to-last", "skip-to-next-event", "no-skip"};
  return Form("after-match",
              {std::string(kPolicies[static_cast<size_t>(clause.policy)]), clause.variable.text});
}

std::string OfEmit(const ast::EmitClause& emit) {
  static constexpr absl::string_view kKinds[] = {"emit", "emit-summary", "else-emit",
                                                 "on-timeout-emit"};
  return Form(kKinds[static_cast<size_t>(emit.kind)], {emit.type.text, OfFields(emit.fields)});
}

std::string OfTime(const ast::TestTime& time) {
  return absl::StrCat("@ ", time.relative ? "+" : "", Of(time.value));
}

std::string OfEvent(const ast::EventLiteral& event) {
  return absl::StrCat(event.type.text, " ", OfFields(event.fields));
}

std::string OfStatement(const ast::TestStatement& statement) {
  return std::visit(
      Overload{
          [](const ast::FeedStmt& s) {
            const std::string times = s.times ? Form("times", {Of(s.times)}) : "";
            const std::string every = s.every ? Form("every", {Of(s.every)}) : "";
            return Form("feed", {s.at ? OfTime(*s.at) : "", OfEvent(s.event), times, every});
          },
          [](const ast::AdvanceStmt& s) { return Form("advance", {OfTime(s.at)}); },
          [](const ast::ExpectStmt& s) {
            return Form("expect", {s.at ? OfTime(*s.at) : "", s.event ? OfEvent(*s.event) : "",
                                   s.nothing ? "nothing" : "", s.file ? Quote(*s.file) : ""});
          },
          [](const ast::AllowStmt& s) { return Form("allow", {s.type.text}); },
          [](const ast::EventsFileStmt& s) { return Form("events", {Quote(s.file)}); },
          [](const ast::TestParamStmt& s) {
            return Form("param", {s.name.text, Of(s.value)});
          },
          [](const ast::TestLatenessStmt& s) { return Form("lateness", {Of(s.value)}); },
          [](const ast::TestTableStmt& s) {
            return Form("table", {s.table.text, OfFields(s.fields)});
          },
          [](const std::unique_ptr<ast::TestCase>& s) {
            std::vector<std::string> parts{Quote(s->name)};
            for (const ast::TestStatement& inner : s->statements)
              parts.push_back(OfStatement(inner));
            return Form("case", parts);
          },
      },
      statement.node);
}

void AddShortClauses(const ast::RuleDecl& rule, std::vector<std::string>* parts) {
  if (rule.report.has_value()) {
    const bool each = rule.report->when == ast::ReportWhen::kEach;
    parts->push_back(Form("report", {each ? "each" : "longest"}));
  }
  if (rule.after_match.has_value()) parts->push_back(OfAfterMatch(*rule.after_match));
  if (rule.keep.has_value()) {
    static constexpr absl::string_view kKeeps[] = {"all", "latest", "first"};
    parts->push_back(Form("keep", {std::string(kKeeps[static_cast<size_t>(rule.keep->keep)])}));
  }
  if (rule.limit.has_value()) {
    const ast::LimitClause& limit = *rule.limit;
    parts->push_back(Form("limit", {Of(limit.count), Of(limit.per), limit.ever ? "ever" : ""}));
  }
  if (rule.on_change.has_value()) parts->emplace_back("(on-change)");
}

}  // namespace

std::string OfFields(const std::vector<ast::EmitField>& fields) {
  std::vector<std::string> parts;
  for (const ast::EmitField& field : fields) {
    const std::string value = field.value ? Of(field.value) : OfFields(field.record);
    parts.push_back(field.label.has_value() ? absl::StrCat(field.label->text, ":", value) : value);
  }
  return Form("fields", parts);
}

std::string OfRule(const ast::RuleDecl& rule) {
  std::vector<std::string> parts{rule.name.text};
  if (rule.from.has_value()) {
    const std::string variable = rule.from->variable ? rule.from->variable->text + ":" : "";
    parts.push_back(Form("from", {variable, OfTypeUses(rule.from->alternatives)}));
  }
  if (rule.match != nullptr) parts.push_back(Form("match", {Dump(*rule.match)}));
  for (const ast::ExprPtr& where : rule.where) parts.push_back(Form("where", {Of(where)}));
  std::vector<std::string> keys;
  for (const ast::Key& key : rule.by) keys.push_back(OfKey(key));
  if (!keys.empty()) parts.push_back(Form("by", keys));
  for (std::string& bound : OfBounds(rule.bounds)) parts.push_back(std::move(bound));
  if (rule.window.has_value()) parts.push_back(OfWindow(*rule.window));
  if (rule.until.has_value())
    parts.push_back(Form("until", {OfTypeUses(rule.until->alternatives)}));
  if (rule.having.has_value()) {
    const std::string lasting =
        rule.having->for_duration ? Form("for", {Of(rule.having->for_duration)}) : "";
    parts.push_back(Form("having", {Of(rule.having->condition), lasting}));
  }
  AddShortClauses(rule, &parts);
  for (const ast::EmitClause& emit : rule.emits) parts.push_back(OfEmit(emit));
  return Form("rule", parts);
}

std::string OfTest(const ast::TestDecl& test) {
  std::vector<std::string> parts{Quote(test.name)};
  for (const ast::Name& rule : test.rules) parts.push_back(rule.text);
  for (const ast::TestStatement& statement : test.statements) {
    parts.push_back(OfStatement(statement));
  }
  return Form("test", parts);
}

}  // namespace spate::dump
