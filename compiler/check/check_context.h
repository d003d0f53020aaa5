// CheckContext: everything that is known about all files while they are checked.
//
// Filled by the stages in check.cc, in order. Files are named by their index in the SourceMap, as
// in Span. Event types and rules share one namespace over all files; views, consts, params, fns and
// tables are seen where their file is imported, also through another import. A name that was
// refused already is `poisoned`: its uses are silent, so that one fault gives one message. Not
// thread-safe. Tested by tests/compiler/check.
#ifndef SPATE_COMPILER_CHECK_CHECK_CONTEXT_H_
#define SPATE_COMPILER_CHECK_CHECK_CONTEXT_H_

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "compiler/check/check.h"
#include "compiler/check/checked_rules.h"
#include "compiler/source/diagnostic.h"
#include "compiler/source/source.h"
#include "compiler/syntax/ast.h"

namespace spate {

// Work that may be asked for before it is done, and may turn out to need itself.
enum class Progress { kNotBegun, kBusy, kDone };

struct ConstantInfo {  // `const` and `param`
  ast::Name name;
  const std::optional<ast::TypeExpr>* type = nullptr;
  const ast::Expr* value = nullptr;
  bool is_param = false;
  bool used = false;
  Progress progress = Progress::kNotBegun;
  ExprPtr result;  // a kConst, or an error expression
};

struct FnInfo {
  const ast::FnDecl* decl = nullptr;
  bool used = false;
  bool busy = false;      // being inlined
  bool poisoned = false;  // a part of it had a fault
};

struct ViewInfo {
  const ast::ViewDecl* decl = nullptr;
  bool used = false;
  Progress progress = Progress::kNotBegun;
  std::vector<CheckedInput> inputs;  // each event type once
};

struct TableInfo {
  const ast::TableDecl* decl = nullptr;
  uint32_t index = 0;     // in CheckContext::table_plans
  bool poisoned = false;  // a part of it had a fault
};

// What the checker knows of an event type beside its EventType (same index).
struct TypeInfo {
  Span span;                             // where it is declared or first emitted
  const ast::EventDecl* decl = nullptr;  // null: inferred from `emit`, or a clock
  bool poisoned = false;                 // not known for a reason that is reported
};

struct RuleInfo {
  const ast::Declaration* declaration = nullptr;
  const ast::RuleDecl* decl = nullptr;
};

// Names seen only where their file is imported.
template <typename Info>
class ScopedNames {
 public:
  // Adds a name of `file`; the reference stays valid.
  Info& Add(const std::string& name, uint32_t file, Info info) {
    return entries_.emplace(name, Entry{file, std::move(info)})->second.info;
  }
  // The one of that name that `file` sees (its own before an imported one), or null.
  Info* Find(absl::string_view name, const std::set<uint32_t>& visible, uint32_t file) {
    Info* found = nullptr;
    auto [begin, end] = entries_.equal_range(std::string(name));
    for (auto it = begin; it != end; ++it) {
      if (it->second.file == file) return &it->second.info;
      if (found == nullptr && visible.count(it->second.file) != 0) found = &it->second.info;
    }
    return found;
  }
  // Calls f(name, file, info) for each.
  template <typename F>
  void ForEach(F f) {
    for (auto& [name, entry] : entries_) f(name, entry.file, entry.info);
  }

 private:
  struct Entry {
    uint32_t file;
    Info info;
  };
  std::multimap<std::string, Entry> entries_;
};

struct CheckContext {
  CheckContext(const std::vector<ast::File>& all_files, const SourceMap& source_map,
               const CheckOptions& check_options, Diagnostics* sink);

  const std::vector<ast::File>& files;
  const SourceMap& sources;
  const CheckOptions& options;
  Diagnostics& diagnostics;

  std::map<uint32_t, std::set<uint32_t>> visible;  // by file: itself and what it imports
  std::set<uint32_t> imported;                     // files that another one imports

  std::deque<EventType> types;  // references stay valid while types are added
  std::deque<TypeInfo> type_infos;
  std::map<std::string, TypeId, std::less<>> type_ids;
  std::map<std::string, Span, std::less<>> rule_names;
  std::vector<RuleInfo> rules;              // in the order of the files
  std::vector<const ast::TestDecl*> tests;  // in the order of the files

  ScopedNames<ConstantInfo> constants;
  ScopedNames<FnInfo> fns;
  ScopedNames<ViewInfo> views;
  ScopedNames<TableInfo> tables;
  std::vector<TablePlan> table_plans;  // in the order of the files
  int inlined_calls = 0;               // of fns, all together

  // Adds an event type without attributes.
  TypeId AddType(const std::string& name, TypeInfo info);
  std::optional<TypeId> FindType(absl::string_view name) const;
  ConstantInfo* FindConstant(absl::string_view name, uint32_t file);
  FnInfo* FindFn(absl::string_view name, uint32_t file);
  ViewInfo* FindView(absl::string_view name, uint32_t file);
  TableInfo* FindTable(absl::string_view name, uint32_t file);

  const EventType& type(TypeId id) const { return types[id.index()]; }
  bool poisoned(TypeId id) const { return type_infos[id.index()].poisoned; }

  Diagnostic& Report(DiagnosticCode code, Span span, std::string message) {
    return diagnostics.Report(code, span, std::move(message));
  }
  // Reports an undefined event type, with the nearest name that its file sees, and adds it as a
  // poisoned one.
  TypeId ReportUndefinedType(const ast::Name& name);
};

// Adds `did you mean` to `d` when a candidate is near.
void SuggestName(Diagnostic& d, const ast::Name& name, const std::vector<std::string>& candidates);

// "`" + name + "`".
std::string Quoted(absl::string_view name);

inline Span ToSpan(Origin o) { return {o.file, o.begin, o.end}; }

}  // namespace spate

#endif  // SPATE_COMPILER_CHECK_CHECK_CONTEXT_H_
