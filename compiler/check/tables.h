// Tables: their columns and keys.
//
// Not thread-safe. Tested by tests/compiler/check/tables_test.cc.
#ifndef SPATE_COMPILER_CHECK_TABLES_H_
#define SPATE_COMPILER_CHECK_TABLES_H_

#include "compiler/check/check_context.h"

namespace spate {

// Fills `context.table_plans` from the declarations.
void CheckTables(CheckContext& context);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_TABLES_H_
