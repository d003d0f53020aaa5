// Emits: what a rule derives; undeclared types take their attributes from their emits.
//
// Not thread-safe. Tested by tests/compiler/check.
#ifndef SPATE_COMPILER_CHECK_EMITS_H_
#define SPATE_COMPILER_CHECK_EMITS_H_

#include <map>
#include <string>
#include <vector>

#include "compiler/check/check_context.h"
#include "compiler/check/scope.h"

namespace spate {

struct EmittedAttribute {
  std::string name;  // dotted
  Span span;
  ExprPtr value;
};

struct PendingEmit {
  EmitKind kind = EmitKind::kReport;
  TypeId type;
  Span span;
  std::vector<EmittedAttribute> attributes;
};

// Stage: the types that rules emit, as event types without attributes where they are not declared.
// By rule (index into context.rules): the type of each of its emits, invalid for a faulty one.
std::vector<std::vector<TypeId>> DeclareEmitted(CheckContext& context);

// One rule's emits (`types`: of DeclareEmitted). A rule without `emit` gives its keys.
std::vector<PendingEmit> CheckEmits(CheckContext& context, const ast::RuleDecl& rule,
                                    const std::vector<TypeId>& types, RuleNames& names);

// Collects the emits of undeclared types until all rules that emit one are checked.
class InferredTypes {
 public:
  explicit InferredTypes(CheckContext& context) : context_(context) {}

  void Add(const std::vector<PendingEmit>& emits);
  // Gives `type` its attributes, once; reports emits that do not agree.
  void Finish(TypeId type);
  void FinishAll();

 private:
  bool Agree(TypeId type, const PendingEmit& first, const PendingEmit& other,
             std::vector<Field>& fields);

  CheckContext& context_;
  std::map<TypeId, std::vector<PendingEmit>> emits_;
};

// The values in the order of the type's attributes.
CheckedEmit FinishEmit(const CheckContext& context, const PendingEmit& emit);

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_EMITS_H_
