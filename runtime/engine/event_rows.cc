#include "runtime/engine/event_rows.h"

#include <utility>

namespace spate {

absl::StatusOr<std::unique_ptr<EventRows>> EventRows::Create(
    const Plan& plan, size_t index_from, absl::Span<const std::shared_ptr<const Table>> tables) {
  auto rows = std::make_unique<EventRows>();
  rows->issues_.set_tables(tables);
  rows->uncounted_.set_tables(tables);
  for (const EventType& type : plan.types) {
    OfType of_type;
    for (const bool again : {false, true}) {
      absl::StatusOr<std::unique_ptr<TypeColumns>> columns = TypeColumns::Create(
          plan, type.id, index_from, again ? &rows->uncounted_ : &rows->issues_);
      if (!columns.ok()) return columns.status();
      (again ? of_type.again : of_type.columns) = *std::move(columns);
    }
    of_type.batch.Init(type);
    rows->types_.push_back(std::move(of_type));
  }
  return rows;
}

Arrival EventRows::RowOf(const EventPtr& event) {
  OfType& type = types_[event->type->id.index()];
  if (type.event != event) {
    TypeColumns& columns = event->evaluated ? *type.again : *type.columns;
    type.batch.Clear();
    type.batch.AppendRow(event->time, 0, event->values);
    if (event->id.known()) type.batch.ids = {event->id};
    columns.Prepare(&type.batch);
    columns.Evaluate(type.batch, &type.bits);
    event->evaluated = true;
    type.event = event;
  }
  type.batch.sequences[0] = ++sequence_;
  return {&type.batch, 0, &type.bits.bits};
}

}  // namespace spate
