// Rule tests: what is under test, and which runs a test has. Their lines are in test_lines.cc.
#include "compiler/check/rule_tests.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "compiler/check/test_lines.h"

namespace spate {
namespace {

constexpr uint64_t kMostLines = 1'000'000;
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

// How much that is: the runs of a block, and the lines of all of them.
struct Amount {
  uint64_t runs = 0;
  uint64_t lines = 0;
};

Amount AmountOf(const std::vector<ast::TestStatement>& block) {
  Amount all{1, 0};
  Amount cases;
  for (const ast::TestStatement& s : block) {
    const auto* one = std::get_if<std::unique_ptr<ast::TestCase>>(&s.node);
    if (one == nullptr) {
      ++all.lines;
      continue;
    }
    const Amount inner = AmountOf((*one)->statements);
    cases.runs += inner.runs;
    cases.lines += inner.lines;
  }
  all.lines += cases.lines + cases.runs * all.lines;
  all.runs += cases.runs;
  return all;
}

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
    if (AmountOf(decl.statements).lines > kMostLines) {
      context_
          .Report(DiagnosticCode::kTooLong, decl.name_span,
                  absl::StrCat("the runs of this test have more than ", kMostLines, " lines"))
          .label = "each case has the lines of the test too";
      return;
    }
    const std::vector<RuleId> rules = RulesOf(decl);
    const bool knows_rules =
        knows_rules_ && (decl.rules.empty() || rules.size() == decl.rules.size());
    for (const Variant& variant : VariantsOf(decl.statements)) {
      RuleTest test;
      test.name = absl::StrCat(decl.name, variant.name);
      test.span = variant.of_case == nullptr ? decl.name_span : variant.of_case->name_span;
      test.rules = rules;
      CheckTestLines(context_, emits_, knows_rules, variant.lines, &test);
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
