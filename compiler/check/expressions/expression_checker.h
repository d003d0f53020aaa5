// ExpressionChecker: one written expression in one scope -> a typed Expr.
//
// Every fault is reported once where it is found; what depends on it becomes an error expression
// and is silent. The methods are spread over the files of this folder by what they check.
// Not thread-safe. Tested by tests/compiler/check/expressions_test.cc.
#ifndef SPATE_COMPILER_CHECK_EXPRESSIONS_EXPRESSION_CHECKER_H_
#define SPATE_COMPILER_CHECK_EXPRESSIONS_EXPRESSION_CHECKER_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "compiler/check/check_context.h"
#include "compiler/check/expressions/build.h"
#include "compiler/check/scope.h"

namespace spate {

// One side of an operator: its text (null: none, as an element of a list) and what it became.
struct Operand {
  const ast::Expr* ast = nullptr;
  ExprPtr expr;
};

class ExpressionChecker {
 public:
  ExpressionChecker(CheckContext& context, Scope scope);

  ExprPtr Check(const ast::Expr& e);
  // A bool, nullable or not.
  ExprPtr CheckCondition(const ast::Expr& e);
  // Of `target`'s kind, and not null unless `target` may be. `what` names the place in messages.
  ExprPtr CheckAs(const ast::Expr& e, const Type& target, absl::string_view what);
  // A constant of `target`'s kind (kError: any); an error expression (reported) when it is none.
  ExprPtr CheckConstant(const ast::Expr& e, const Type& target, absl::string_view what);
  // The attributes of the record of an event that a path names, as `v.process`, with their names
  // in it; nullopt when the expression is something else.
  std::optional<std::vector<std::pair<std::string, ExprPtr>>> CheckRecord(const ast::Expr& e);

  static bool IsAggregate(const ast::Call& call);
  // Whether the library has an aggregate or a function of this name.
  static bool IsFunctionName(absl::string_view name);

 private:
  // A path such as `v.a.b`: an event and the dotted name of an attribute (empty: the event itself).
  struct Path {
    EventRef event;
    std::string attribute;
    ast::Name name;  // the whole path as written, for messages
  };
  using WithElement = std::function<ExprPtr(const Operand&)>;

  // expression_checker.cc
  ExprPtr CheckNode(const ast::Expr& e);
  ExprPtr CheckLiteralList(const ast::Expr& e, const ast::ListLit& list);
  ExprPtr CheckIf(const ast::Expr& e, const ast::If& node);
  ExprPtr CheckIndex(const ast::Expr& e, const ast::Index& node);
  ExprPtr ToType(const ast::Expr& source, const ExprPtr& e, const Type& target,
                 absl::string_view what);
  ExprPtr Fail(DiagnosticCode code, Span span, std::string message, std::string label = "");

  // operators.cc
  ExprPtr CheckUnary(const ast::Expr& e, const ast::Unary& node);
  ExprPtr CheckBinary(const ast::Expr& e);
  ExprPtr ApplyBinary(const ast::Binary& node, Span span, const Operand& left,
                      const Operand& right);
  ExprPtr ApplyLogic(const ast::Binary& node, Span span, const ExprPtr& left,
                     const ast::Expr& left_ast, const ast::Expr& right_ast);
  ExprPtr ApplyCoalesce(Span span, const Operand& left, const Operand& right);
  ExprPtr ApplyArithmetic(const ast::Binary& node, Span span, const Operand& left,
                          const Operand& right);
  ExprPtr ApplyNumbers(Op op, Span span, ExprPtr left, ExprPtr right);
  ExprPtr ApplyTimes(Op op, Span span, const ExprPtr& left, const ExprPtr& right);
  ExprPtr ToCondition(const ast::Expr& source, const ExprPtr& e);

  // comparisons.cc
  ExprPtr ApplyComparison(const ast::Binary& node, Span span, const Operand& left,
                          const Operand& right);
  ExprPtr ApplyIn(const ast::Binary& node, Span span, const Operand& left, const Operand& right);
  ExprPtr ApplyTextMatch(const ast::Binary& node, Span span, const Operand& left,
                         const Operand& right);
  ExprPtr CheckBetween(const ast::Expr& e, const ast::Between& node);
  ExprPtr ApplyBetween(const ast::Expr& e, const ast::Between& node, const Operand& value,
                       const Operand& low, const Operand& high);
  ExprPtr CheckIs(const ast::Expr& e, const ast::Is& node);
  ExprPtr ReportUnlike(const ast::Binary& node, const Operand& left, const Operand& right);
  ExprPtr ReportNullComparison(const ast::Binary& node, const Operand& left, const Operand& right);
  ExprPtr ReportListComparison(const ast::Binary& node, const Operand& left, const Operand& right);
  bool CheckRegexes(const ast::Expr& source, const ExprPtr& pattern);

  // paths.cc
  ExprPtr CheckPath(const ast::Expr& e);
  std::optional<Path> ResolvePath(const ast::Expr& e);
  std::optional<EventRef> ResolveNavigation(const ast::Expr& e);
  ExprPtr ResolveName(const ast::Name& name);
  EventRef CurrentEvent() const;
  EventRef VariableEvent(VarId var, Span span);
  bool IsOwn(VarId var) const;
  bool CanName(VarId var, Span span);
  std::optional<VarId> FindVariable(absl::string_view name) const;
  ExprPtr ReportUndefinedName(const ast::Name& name);
  const Local* FindLocal(absl::string_view name) const;

  // attributes.cc
  ExprPtr AttributeOf(const Path& path, Span span);
  ExprPtr CurrentAttribute(const Path& path, Span span);
  ExprPtr BoundAttribute(const Path& path, Span span);
  ExprPtr OwnNavigation(const Path& path, Span span);
  ExprPtr ReportMissingAttribute(const Path& path, TypeId type, Span span);
  ExprPtr RecordIsNull(const Path& path, Span span);

  // calls.cc
  ExprPtr CheckCall(const ast::Expr& e, const ast::Call& call);
  ExprPtr CheckFn(const ast::Expr& e, const ast::Call& call, FnInfo& fn);
  ExprPtr CheckLibrary(const ast::Expr& e, const ast::Call& call);
  ExprPtr CheckRegistered(const ast::Expr& e, const ast::Call& call,
                          const std::shared_ptr<const RegisteredFunction>& function);
  ExprPtr CheckPrev(const ast::Expr& e, const ast::Call& call);
  std::string PrevAttribute(const ast::Expr& e);
  ExprPtr CheckWindowEdge(const ast::Expr& e, const ast::Call& call);
  std::optional<std::vector<Operand>> CheckArguments(const ast::Call& call);

  // look_ups.cc
  const TableInfo* TableOf(const ast::Expr& e);
  ExprPtr CheckInTable(const ast::Binary& node, Span span, const ast::Expr& key_ast,
                       const Operand& key, const TableInfo& table);
  ExprPtr CheckTableValue(const ast::Index& row, const TableInfo& table, absl::string_view column,
                          Span span);
  std::optional<std::vector<ExprPtr>> TableKey(const ast::Expr& written, const ExprPtr& checked,
                                               const TableInfo& table);
  ExprPtr RecordAttribute(const ExprPtr& record, absl::string_view attribute, Span span);
  ExprPtr RecordPartIsNull(const ast::Expr& e, Span span);

  // lists.cc
  bool IsQuantified(const ast::Expr& e) const;
  ExprPtr CheckFirstList(const ast::Call& call);
  ExprPtr ElementOf(const Expr& list, Span span);
  ExprPtr CheckQuantified(const ast::Expr& quantified, Span span, const WithElement& with);
  ExprPtr CheckLambdaCall(const ast::Expr& e, const ast::Call& call);

  // aggregates.cc
  ExprPtr CheckAggregate(const ast::Expr& e, const ast::Call& call);
  ExprPtr CheckMatchCount(const ast::Expr& e, const ast::Call& call);
  ExprPtr CheckNavigationCall(const ast::Expr& e, const ast::Call& call);
  ExprPtr BuildAggregate(const ast::Expr& e, const ast::Call& call, AggregateKind kind,
                         std::optional<VarId> var);
  std::optional<double> AggregateParameter(const ast::Call& call, AggregateKind kind);
  std::optional<Type> AggregateType(const ast::Call& call, AggregateKind kind, const Type& input,
                                    bool maybe_empty);
  ExprPtr AddAggregate(Aggregate aggregate);
  void CollectVariables(const ast::Expr& e, std::vector<std::pair<VarId, Span>>* variables) const;
  std::optional<VarId> AggregatedVariable(const ast::Expr& e, const ast::Call& call, bool* failed);

  CheckContext& context_;
  Scope scope_;
  int depth_ = 0;
};

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_EXPRESSIONS_EXPRESSION_CHECKER_H_
