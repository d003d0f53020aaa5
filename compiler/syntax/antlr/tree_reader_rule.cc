// TreeReader: the clauses of a rule, each read into its place; a second one of a kind is reported.
#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "compiler/syntax/antlr/tree_reader.h"

namespace spate::syntax {
namespace {

const ast::Expr* WithoutParentheses(const ast::Expr* expr) {
  while (const auto* p = std::get_if<ast::Parenthesized>(&expr->node)) expr = p->inner.get();
  return expr;
}

bool IsLogic(ast::BinaryOp op) {
  return op == ast::BinaryOp::kAnd || op == ast::BinaryOp::kOr || op == ast::BinaryOp::kUnless;
}

// The comparison or condition that `expr` is at its top, or null.
const ast::Binary* TopCondition(const ast::Expr& expr) {
  const auto* binary = std::get_if<ast::Binary>(&expr.node);
  if (binary == nullptr) return nullptr;
  const bool is_value = binary->op >= ast::BinaryOp::kCoalesce;
  return is_value ? nullptr : binary;
}

}  // namespace

bool TreeReader::Once(bool is_there, Span span, absl::string_view what) {
  if (!is_there) return true;
  Report(DiagnosticCode::kDuplicateClause, span, absl::StrCat(what, " stands twice")).label =
      "it can stand once";
  return false;
}

void TreeReader::Clause(Tree::ClauseContext* tree, ast::RuleDecl* rule) {
  const Span span = SpanOf(tree);
  if (auto* from = As<Tree::FromClauseContext>(tree)) {
    ast::FromClause clause{span, std::nullopt, {}};
    clause.alternatives = TypeUses(from->alternation(), "`from`", true, &clause.variable);
    if (Once(rule->from.has_value(), span, "`from`")) rule->from = std::move(clause);
  } else if (auto* match = As<Tree::MatchClauseContext>(tree)) {
    ast::PatternPtr pattern = Sequence(match->sequence());
    if (Once(rule->match != nullptr, span, "`match`")) rule->match = std::move(pattern);
  } else if (auto* where = As<Tree::WhereClauseContext>(tree)) {
    rule->where.push_back(Expr(where->expr()));
  } else if (auto* by = As<Tree::ByClauseContext>(tree)) {
    Keys(by, rule);
  } else if (auto* bound = As<Tree::BoundClauseContext>(tree)) {
    Bound(bound->bound(), &rule->bounds);
  } else if (auto* window = As<Tree::WindowClauseContext>(tree)) {
    ast::WindowClause clause;
    clause.span = span;
    Window(window->window(), &clause);
    if (Once(rule->window.has_value(), span, "`window`")) rule->window = std::move(clause);
  } else if (auto* until = As<Tree::UntilClauseContext>(tree)) {
    ast::UntilClause clause{span, TypeUses(until->alternation(), "`until`", true, nullptr)};
    if (Once(rule->until.has_value(), span, "`until`")) rule->until = std::move(clause);
  } else if (auto* having = As<Tree::HavingClauseContext>(tree)) {
    ast::HavingClause clause{span, Expr(having->expr()), nullptr};
    if (having->period() != nullptr) clause.for_duration = Duration(having->period());
    if (Once(rule->having.has_value(), span, "`having`")) rule->having = std::move(clause);
  } else if (auto* report = As<Tree::ReportClauseContext>(tree)) {
    if (!Once(rule->report.has_value(), span, "`report`")) return;
    const bool each = report->K_EACH() != nullptr;
    rule->report = {span, each ? ast::ReportWhen::kEach : ast::ReportWhen::kLongest};
  } else if (auto* after = As<Tree::AfterMatchClauseContext>(tree)) {
    if (!Once(rule->after_match.has_value(), span, "`after match`")) return;
    rule->after_match = SkipPolicy(after->skipPolicy());
    rule->after_match->span = span;
  } else if (auto* keep = As<Tree::KeepClauseContext>(tree)) {
    if (!Once(rule->keep.has_value(), span, "`keep`")) return;
    const ast::Keep latest_or_first = keep->K_LATEST() ? ast::Keep::kLatest : ast::Keep::kFirst;
    rule->keep = {span, keep->K_ALL() != nullptr ? ast::Keep::kAll : latest_or_first};
  } else if (auto* limit = As<Tree::LimitClauseContext>(tree)) {
    ast::LimitClause clause{span, Expr(limit->expr()), nullptr, limit->K_EVER() != nullptr};
    if (limit->period() != nullptr) clause.per = Duration(limit->period());
    if (Once(rule->limit.has_value(), span, "`limit`")) rule->limit = std::move(clause);
  } else if (As<Tree::OnChangeClauseContext>(tree) != nullptr) {
    if (Once(rule->on_change.has_value(), span, "`on change`")) rule->on_change = {span};
  } else if (auto* emit = As<Tree::EmitClauseContext>(tree)) {
    const bool summary = emit->K_SUMMARY() != nullptr;
    Emit(span, summary ? ast::EmitKind::kSummary : ast::EmitKind::kPlain, emit->name(),
         emit->emitBlock(), rule);
  } else if (auto* otherwise = As<Tree::ElseEmitClauseContext>(tree)) {
    Emit(span, ast::EmitKind::kElse, otherwise->name(), otherwise->emitBlock(), rule);
  } else {
    auto* timeout = As<Tree::OnTimeoutClauseContext>(tree);
    Emit(span, ast::EmitKind::kOnTimeout, timeout->name(), timeout->emitBlock(), rule);
  }
}

void TreeReader::Keys(Tree::ByClauseContext* tree, ast::RuleDecl* rule) {
  if (!Once(!rule->by.empty(), SpanOf(tree), "`by`")) return;
  for (Tree::KeyContext* key : tree->key()) rule->by.push_back(Key(key));
}

ast::Key TreeReader::Key(Tree::KeyContext* tree) {
  ast::Key key;
  key.span = SpanOf(tree);
  for (Tree::ExprContext* part : tree->expr()) {
    ast::ExprPtr value = Expr(part);
    const ast::Expr* inner = WithoutParentheses(value.get());
    const ast::Binary* condition = TopCondition(*inner);
    const bool is_condition = condition != nullptr ||
                              std::holds_alternative<ast::Between>(inner->node) ||
                              std::holds_alternative<ast::Is>(inner->node);
    if (is_condition) {
      Diagnostic& d = Report(DiagnosticCode::kComparisonKey, value->span, "a comparison is no key");
      d.label = "`by A.x = B.y` gives the key of each type; conditions stand in `where`";
      if (condition != nullptr && condition->op == ast::BinaryOp::kEq) {
        d.fix = Fix{"write `=`", condition->op_span, "="};
      } else if (condition != nullptr && IsLogic(condition->op)) {
        d.fix = Fix{"several keys are separated by commas", std::nullopt, ""};
      }
    }
    key.parts.push_back({std::move(value)});
  }
  if (tree->name() != nullptr) key.as = Name(tree->name());
  return key;
}

void TreeReader::Emit(Span span, ast::EmitKind kind, Tree::NameContext* name,
                      Tree::EmitBlockContext* block, ast::RuleDecl* rule) {
  ast::EmitClause clause{span, kind, Name(name), EmitFields(block)};
  const bool is_repeatable = kind == ast::EmitKind::kPlain || kind == ast::EmitKind::kSummary;
  for (const ast::EmitClause& other : rule->emits) {
    if (is_repeatable || other.kind != kind) continue;
    Once(true, span, kind == ast::EmitKind::kElse ? "`else emit`" : "`on timeout emit`");
    return;
  }
  rule->emits.push_back(std::move(clause));
}

ast::AfterMatchClause TreeReader::SkipPolicy(Tree::SkipPolicyContext* tree) {
  ast::AfterMatchClause clause{SpanOf(tree), ast::AfterMatch::kNoSkip, {}};
  if (auto* first = As<Tree::SkipToFirstContext>(tree)) {
    clause.policy = ast::AfterMatch::kSkipToFirst;
    clause.variable = Name(first->name());
  } else if (auto* last = As<Tree::SkipToLastContext>(tree)) {
    clause.policy = ast::AfterMatch::kSkipToLast;
    clause.variable = Name(last->name());
  } else if (As<Tree::SkipPastLastEventContext>(tree) != nullptr) {
    clause.policy = ast::AfterMatch::kSkipPastLastEvent;
  } else if (As<Tree::SkipToNextEventContext>(tree) != nullptr) {
    clause.policy = ast::AfterMatch::kSkipToNextEvent;
  }
  return clause;
}

std::vector<ast::EmitField> TreeReader::EmitFields(Tree::EmitBlockContext* tree) {
  std::vector<ast::EmitField> fields;
  for (Tree::EmitFieldContext* field : tree->emitField()) {
    ast::EmitField leaf;
    leaf.span = SpanOf(field);
    if (auto* record = As<Tree::RecordFieldContext>(field)) {
      leaf.record = EmitFields(record->emitBlock());
      AddEmitField(record->label(), std::move(leaf), &fields);
    } else if (auto* labelled = As<Tree::LabelledFieldContext>(field)) {
      leaf.value = Expr(labelled->expr());
      AddEmitField(labelled->label(), std::move(leaf), &fields);
    } else {
      leaf.value = Expr(As<Tree::PlainFieldContext>(field)->expr());
      fields.push_back(std::move(leaf));
    }
  }
  return fields;
}

// `process.name: x` is `process: { name: x }`; the parts of one record come together.
void TreeReader::AddEmitField(std::vector<Tree::LabelContext*> path, ast::EmitField leaf,
                              std::vector<ast::EmitField>* fields) {
  const auto record_of = [](std::vector<ast::EmitField>* all, const ast::Name& label) {
    const auto same = [&](const ast::EmitField& field) {
      return field.value == nullptr && field.label->text == label.text;
    };
    const auto it = std::find_if(all->begin(), all->end(), same);
    return it == all->end() ? nullptr : &*it;
  };
  for (size_t i = 0; i + 1 < path.size(); ++i) {
    ast::Name label = Name(path[i]);
    ast::EmitField* record = record_of(fields, label);
    if (record == nullptr) {
      fields->push_back({std::move(label), nullptr, {}, leaf.span});
      record = &fields->back();
    }
    fields = &record->record;
  }
  leaf.label = Name(path.back());
  ast::EmitField* record = leaf.value == nullptr ? record_of(fields, *leaf.label) : nullptr;
  if (record == nullptr) {
    fields->push_back(std::move(leaf));
    return;
  }
  std::move(leaf.record.begin(), leaf.record.end(), std::back_inserter(record->record));
}

}  // namespace spate::syntax
