// Dump: an Ast as text, for golden tests and for eyes. S-expressions, one declaration a line;
// deterministic, without places. Not a formatter: it need not parse.
//
//   rule r { match a: A[x > 1]+ -> b: B  within 5m }
//   (rule r (match (seq (step a: A[(> x 1)] {1,}) -> (step b: B))) (within 5m))
//
// Pure. Tested by tests/compiler/syntax.
#ifndef SPATE_COMPILER_SYNTAX_DUMP_H_
#define SPATE_COMPILER_SYNTAX_DUMP_H_

#include <string>

#include "compiler/syntax/ast.h"

namespace spate {

std::string Dump(const ast::Expr& expr);
std::string Dump(const ast::Pattern& pattern);
std::string Dump(const ast::Declaration& declaration);
std::string Dump(const ast::File& file);

}  // namespace spate

#endif  // SPATE_COMPILER_SYNTAX_DUMP_H_
