// Tables: records in columns are flattened as in events; at least one column is a key.
#include "compiler/check/tables.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "compiler/check/event_types.h"

namespace spate {
namespace {

class TableChecker {
 public:
  TableChecker(CheckContext& context, TableInfo& info)
      : context_(context), info_(info), plan_(context.table_plans[info.index]) {}

  void Run() {
    const ast::TableDecl& decl = *info_.decl;
    for (const ast::RecordField& f : decl.columns) {
      const size_t first = plan_.columns.size();
      if (!AppendAttributes(context_, f, "", false, &plan_.columns)) info_.poisoned = true;
      if (f.is_key) AddKey(f, first);
    }
    if (!plan_.keys.empty() || info_.poisoned) return;
    Diagnostic& d = context_.Report(
        DiagnosticCode::kTableKey, decl.name.span,
        absl::StrCat("the table ", Quoted(decl.name.text), " has no column that is its key"));
    d.label = "rows are found by their key";
    d.fix = Fix{"write `key` after the type of a column", std::nullopt, ""};
    info_.poisoned = true;
  }

 private:
  void AddKey(const ast::RecordField& f, size_t first) {
    if (plan_.columns.size() != first + 1 || f.type.is_record) return Refuse(f);
    const Type& type = plan_.columns[first].type;
    if (type.kind == Kind::kError) return;
    if (type.kind == Kind::kList || type.nullable) return Refuse(f);
    plan_.keys.push_back(static_cast<uint32_t>(first));
  }

  void Refuse(const ast::RecordField& f) {
    if (info_.poisoned) return;
    context_
        .Report(DiagnosticCode::kTableKey, f.name.span,
                absl::StrCat(Quoted(f.name.text), " cannot be a key"))
        .label = "a key is a scalar and never null";
    info_.poisoned = true;
  }

  CheckContext& context_;
  TableInfo& info_;
  TablePlan& plan_;
};

}  // namespace

void CheckTables(CheckContext& context) {
  context.tables.ForEach([&](const std::string&, uint32_t, TableInfo& info) {
    if (!info.poisoned) TableChecker(context, info).Run();
  });
}

}  // namespace spate
