#include "runtime/channels/table_file.h"

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "runtime/channels/input_schema.h"
#include "runtime/channels/open.h"

namespace spate {
namespace {

// A plan whose only event type has the table's columns, so that rows are read as events are.
Plan AsEvents(const TablePlan& table) {
  Plan plan;
  EventType type;
  type.id = TypeId(size_t{0});
  type.name = table.name;
  for (const NamedType& column : table.columns) {
    Field field;
    field.name = column.name;
    field.type = column.type;
    type.fields.push_back(std::move(field));
  }
  plan.types.push_back(std::move(type));
  return plan;
}

absl::Status AddRows(const SourceBlock& block, const std::string& name, TableBuilder* builder) {
  std::vector<Value> row;
  for (size_t i = 0; i < block.rows(); ++i) {
    const EventBlock::Entry e = block.events.order[i];
    const EventBatch& batch = block.events.batches[e.batch];
    row.clear();
    for (size_t c = 0; c < batch.columns.size(); ++c) row.push_back(batch.Get(e.row, FieldId(c)));
    if (absl::Status s = builder->Add(row); !s.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat(name, ":", block.origins[i].line, ": ", s.message()));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Table>> ReadTable(const TablePlan& plan,
                                                       std::unique_ptr<ByteSource> bytes,
                                                       const std::string& name,
                                                       Duration epoch_unit) {
  const Plan as_events = AsEvents(plan);
  absl::Status rejected;
  ReadOptions options;
  options.type = as_events.types[0].id;
  options.epoch_unit = epoch_unit;
  options.all_fields = true;
  options.on_reject = KeepFirstReject(&rejected);
  absl::StatusOr<std::unique_ptr<EventSource>> source =
      OpenSource(std::move(bytes), name, std::make_shared<InputSchema>(as_events, true), options);
  if (!source.ok()) return source.status();
  TableBuilder builder(plan);
  SourceBlock block;
  for (;;) {
    absl::StatusOr<bool> more = (*source)->Next(&block);
    if (!more.ok()) return more.status();
    if (!rejected.ok()) return rejected;
    if (!*more) return builder.Finish();
    if (absl::Status s = AddRows(block, name, &builder); !s.ok()) return s;
  }
}

absl::StatusOr<std::shared_ptr<const Table>> ReadTable(const TablePlan& plan,
                                                       const std::string& path,
                                                       Duration epoch_unit) {
  absl::StatusOr<std::unique_ptr<ByteSource>> bytes = OpenBytes(path);
  if (!bytes.ok()) return bytes.status();
  return ReadTable(plan, *std::move(bytes), path, epoch_unit);
}

}  // namespace spate
