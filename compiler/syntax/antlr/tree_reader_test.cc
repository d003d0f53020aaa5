// TreeReader: the rule tests of a file; not a test of ours.
#include "compiler/syntax/antlr/tree_reader.h"

namespace spate::syntax {

ast::TestDecl TreeReader::TestHead(Tree::TestHeadContext* tree) {
  ast::TestDecl decl;
  decl.name = Text(tree->text());
  decl.name_span = SpanOf(tree->text());
  for (Tree::NameContext* rule : tree->name()) decl.rules.push_back(Name(rule));
  return decl;
}

ast::TestTime TreeReader::TestTime(Tree::TestTimeContext* tree) {
  ast::TestTime time{SpanOf(tree), tree->PLUS() != nullptr, nullptr};
  antlr4::tree::TerminalNode* node = tree->DURATION() ? tree->DURATION() : tree->TIME();
  time.value = LiteralValue(node->getSymbol());
  if (time.relative && tree->TIME() != nullptr) {
    Report(DiagnosticCode::kSyntax, time.span, "`+` stands before a duration").label =
        "a time of day is not relative";
  }
  return time;
}

ast::EventLiteral TreeReader::Event(Tree::EventLiteralContext* tree) {
  return {Name(tree->name()), EmitFields(tree->emitBlock()), SpanOf(tree)};
}

ast::TestStatement TreeReader::TestStatement(Tree::TestStatementContext* tree) {
  ast::TestStatement result{SpanOf(tree), ast::ExpectStmt{}};
  if (auto* feed = As<Tree::FeedStmtContext>(tree)) {
    ast::FeedStmt stmt;
    if (feed->testTime() != nullptr) stmt.at = TestTime(feed->testTime());
    stmt.event = Event(feed->eventLiteral());
    const auto counts = feed->expr();
    size_t next = 0;
    if (feed->K_TIMES() != nullptr) stmt.times = Expr(counts[next++]);
    if (feed->K_EVERY() != nullptr) stmt.every = Expr(counts[next]);
    result.node = std::move(stmt);
  } else if (auto* advance = As<Tree::AdvanceStmtContext>(tree)) {
    result.node = ast::AdvanceStmt{TestTime(advance->testTime())};
  } else if (As<Tree::ExpectNothingStmtContext>(tree) != nullptr) {
    result.node = ast::ExpectStmt{std::nullopt, std::nullopt, true, std::nullopt};
  } else if (auto* file = As<Tree::ExpectFileStmtContext>(tree)) {
    result.node = ast::ExpectStmt{std::nullopt, std::nullopt, false, Text(file->text())};
  } else if (auto* expect = As<Tree::ExpectStmtContext>(tree)) {
    ast::ExpectStmt stmt;
    if (expect->testTime() != nullptr) stmt.at = TestTime(expect->testTime());
    stmt.event = Event(expect->eventLiteral());
    result.node = std::move(stmt);
  } else if (auto* allow = As<Tree::AllowStmtContext>(tree)) {
    result.node = ast::AllowStmt{Name(allow->name())};
  } else if (auto* events = As<Tree::EventsFileStmtContext>(tree)) {
    result.node = ast::EventsFileStmt{Text(events->text())};
  } else if (auto* param = As<Tree::TestParamStmtContext>(tree)) {
    result.node = ast::TestParamStmt{Name(param->name()), Expr(param->expr())};
  } else if (auto* lateness = As<Tree::LatenessStmtContext>(tree)) {
    result.node = ast::TestLatenessStmt{Expr(lateness->expr())};
  } else if (auto* table = As<Tree::TestTableStmtContext>(tree)) {
    result.node = ast::TestTableStmt{Name(table->name()), EmitFields(table->emitBlock())};
  } else {
    auto* block = As<Tree::CaseStmtContext>(tree);
    auto inner = std::make_unique<ast::TestCase>();
    inner->name = Text(block->text());
    inner->name_span = SpanOf(block->text());
    for (Tree::TestStatementContext* statement : block->testStatement()) {
      inner->statements.push_back(TestStatement(statement));
    }
    result.node = std::move(inner);
  }
  return result;
}

}  // namespace spate::syntax
