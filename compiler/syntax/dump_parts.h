// Pieces of the dump that its files share.
//
// Pure. Tested by tests/compiler/syntax.
#ifndef SPATE_COMPILER_SYNTAX_DUMP_PARTS_H_
#define SPATE_COMPILER_SYNTAX_DUMP_PARTS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "compiler/syntax/ast.h"

namespace spate::dump {

// `(head part part ..)`, without the empty parts.
std::string Form(absl::string_view head, const std::vector<std::string>& parts);
std::string Quote(absl::string_view text);
std::string Of(const ast::ExprPtr& expr);  // "" for null
std::string OfPeriod(const ast::Period& period);
std::string OfTypeUse(const ast::TypeUse& use);
std::string OfTypeUses(const std::vector<ast::TypeUse>& uses);
std::vector<std::string> OfBounds(const ast::Bounds& bounds);
std::string OfFields(const std::vector<ast::EmitField>& fields);
std::string OfRule(const ast::RuleDecl& rule);
std::string OfTest(const ast::TestDecl& test);

}  // namespace spate::dump

#endif  // SPATE_COMPILER_SYNTAX_DUMP_PARTS_H_
