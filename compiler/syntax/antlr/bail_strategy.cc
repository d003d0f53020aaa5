#include "compiler/syntax/antlr/bail_strategy.h"

namespace spate::syntax {
namespace {

std::vector<size_t> RulesUnderWay(antlr4::RuleContext* tree) {
  constexpr size_t kEnough = 40;  // messages look at the innermost ones
  std::vector<size_t> rules;
  for (; tree != nullptr && rules.size() < kEnough;
       tree = dynamic_cast<antlr4::RuleContext*>(tree->parent)) {
    rules.push_back(tree->getRuleIndex());
  }
  return rules;
}

std::vector<size_t> ExpectedTypes(antlr4::Parser* parser) {
  std::vector<size_t> result;
  for (ssize_t type : parser->getExpectedTokens().toList()) {
    result.push_back(static_cast<size_t>(type));
  }
  return result;
}

}  // namespace

antlr4::Token* BailStrategy::recoverInline(antlr4::Parser* parser) {
  throw Stop{false, parser->getCurrentToken(), ExpectedTypes(parser),
             RulesUnderWay(parser->getContext())};
}

void BailStrategy::reportError(antlr4::Parser* parser, const antlr4::RecognitionException& e) {
  const antlr4::Token* token = e.getOffendingToken();
  // After look-ahead the tokens expected where it began say nothing about this one.
  const bool at_decision = token == parser->getCurrentToken();
  throw Stop{false, token, at_decision ? ExpectedTypes(parser) : std::vector<size_t>{},
             RulesUnderWay(parser->getContext())};
}

void DepthGuard::enterEveryRule(antlr4::ParserRuleContext* tree) {
  if (++depth_ > kMaxRules) throw Stop{true, tree->getStart(), {}, {}};
}

}  // namespace spate::syntax
