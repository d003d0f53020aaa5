#include "runtime/expr/computed_columns.h"

#include <algorithm>
#include <utility>

namespace spate {
namespace {

void FillColumn(const Program& program, EventBatch* batch, EvalIssues* issues, Column* column) {
  const size_t rows = batch->rows();
  column->present = true;
  if (column->size() == rows) return;
  column->Clear();
  EvalContext context;
  context.batch = batch;
  context.scratch = &batch->arena;
  context.issues = issues;
  for (size_t row = 0; row < rows; ++row) {
    context.row = row;
    context.time = batch->times[row];
    column->Append(program.Eval(context));
  }
}

}  // namespace

absl::StatusOr<ComputedColumns> ComputedColumns::Create(const EventType& type,
                                                        const std::vector<bool>& read) {
  ComputedColumns columns;
  std::vector<bool> needed = read;
  needed.resize(type.fields.size());
  // Backwards: what a field reads comes before it in computed_order.
  for (auto it = type.computed_order.rbegin(); it != type.computed_order.rend(); ++it) {
    if (!needed[it->index()]) continue;
    columns.fields_.push_back(*it);
    EachNode(*type.fields[it->index()].computed, [&](const Expr& e) {
      if (e.op == Op::kField) needed[e.field.index()] = true;
    });
  }
  std::reverse(columns.fields_.begin(), columns.fields_.end());
  for (const FieldId field : columns.fields_) {
    absl::StatusOr<Program> program = Program::Compile(*type.fields[field.index()].computed);
    if (!program.ok()) return program.status();
    columns.programs_.push_back(*std::move(program));
  }
  return columns;
}

void ComputedColumns::Fill(EventBatch* batch, EvalIssues* issues) const {
  for (size_t i = 0; i < fields_.size(); ++i) {
    FillColumn(programs_[i], batch, issues, &batch->columns[fields_[i].index()]);
  }
}

}  // namespace spate
