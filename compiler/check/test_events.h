// Test events: the event and row literals of rule tests -> ids and constants.
//
// What a test feeds must be whole, as a row of an input must; what it expects names what is to be
// compared. Not thread-safe. Tested by tests/compiler/check/rule_tests_test.cc.
#ifndef SPATE_COMPILER_CHECK_TEST_EVENTS_H_
#define SPATE_COMPILER_CHECK_TEST_EVENTS_H_

#include <optional>
#include <vector>

#include "compiler/check/check_context.h"
#include "compiler/rule_test.h"

namespace spate {

// The event type that a literal names; nullopt where there is none that a test can make or expect
// (reported).
std::optional<TypeId> TestEventType(CheckContext& context, const ast::Name& name);

// The attributes that are written, of an event that is fed; reports what is missing.
std::vector<TestAttribute> CheckFedEvent(CheckContext& context, TypeId type,
                                         const ast::EventLiteral& literal);
// The same of an event that is expected: any of its attributes.
std::vector<TestAttribute> CheckExpectedEvent(CheckContext& context, TypeId type,
                                              const ast::EventLiteral& literal);

// A row of a table: one value a column. nullopt: a part was reported.
std::optional<std::vector<Constant>> CheckTableRow(CheckContext& context, const TablePlan& table,
                                                   const ast::Name& name,
                                                   const std::vector<ast::EmitField>& fields);

// A constant of that type in a test file; nullopt: reported.
std::optional<Constant> CheckTestValue(CheckContext& context, const ast::Expr& written,
                                       const Type& type, absl::string_view what);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_TEST_EVENTS_H_
