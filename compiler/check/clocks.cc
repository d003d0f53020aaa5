#include "compiler/check/clocks.h"

#include <optional>
#include <utility>
#include <variant>

#include "compiler/check/windows.h"

namespace spate {

std::vector<ClockPlan> CheckClocks(CheckContext& context) {
  std::vector<ClockPlan> clocks;
  for (const ast::File& file : context.files) {
    for (const ast::Declaration& declaration : file.declarations) {
      const auto* clock = std::get_if<ast::ClockDecl>(&declaration.node);
      if (clock == nullptr || declaration.incomplete) continue;
      const std::optional<TypeId> type = context.FindType(clock->name.text);
      if (!type.has_value() || !context.type(*type).clock) continue;  // the name was taken
      ClockPlan plan;
      plan.type = *type;
      plan.every = CheckPeriod(context, clock->every, "the period of a clock", file.file);
      if (clock->offset.has_value()) plan.offset = OffsetOf(context, *clock->offset, file.file);
      if (clock->zone.has_value()) plan.zone = CheckZone(context, *clock->zone);
      clocks.push_back(std::move(plan));
    }
  }
  return clocks;
}

}  // namespace spate
