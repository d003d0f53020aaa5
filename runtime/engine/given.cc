#include "runtime/engine/given.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace spate {

absl::Status CheckValues(const EventType& type, absl::Span<const Value> values) {
  if (type.clock) {
    return absl::InvalidArgumentError(
        absl::StrCat("`", type.name, "` is a clock: the engine makes its events"));
  }
  if (values.size() != type.fields.size()) {
    return absl::InvalidArgumentError(absl::StrCat("`", type.name, "` has ", type.fields.size(),
                                                   " attributes, not ", values.size()));
  }
  for (size_t i = 0; i < values.size(); ++i) {
    const Field& f = type.fields[i];
    if (f.computed != nullptr) continue;
    if (IsOfType(values[i], f.type)) continue;
    return absl::InvalidArgumentError(absl::StrCat("`", type.name, ".", f.name, "` is a ",
                                                   TypeName(f.type), ", not a ",
                                                   KindName(values[i].kind)));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::shared_ptr<const Table>>> TablesOf(const Plan& plan,
                                                                   const EngineOptions& options) {
  std::vector<std::shared_ptr<const Table>> tables;
  for (const TablePlan& table : plan.tables) {
    const auto found = options.tables.find(table.name);
    if (found == options.tables.end() || found->second == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat("the rules look up the table `", table.name, "`, which is not given"));
    }
    if (!found->second->Fits(table)) {
      return absl::InvalidArgumentError(
          absl::StrCat("the table `", table.name, "` was made for other columns"));
    }
    tables.push_back(found->second);
  }
  for (const auto& [name, table] : options.tables) {
    const std::string& given = name;
    if (std::any_of(plan.tables.begin(), plan.tables.end(),
                    [&](const TablePlan& t) { return t.name == given; })) {
      continue;
    }
    return absl::InvalidArgumentError(absl::StrCat("the rules have no table `", given, "`"));
  }
  return tables;
}

MachineOptions MachineOptionsOf(const EngineOptions& options) {
  MachineOptions machine;
  machine.keep_matched = options.keep_matched || options.keep_ids;
  machine.merge_threads = options.merge_threads;
  machine.max_partial_matches = options.max_partial_matches;
  machine.index_matches_from = options.index_matches_from;
  machine.observer = options.observer;
  return machine;
}

std::vector<const RulePlan*> RulesByRank(const Plan& plan) {
  std::vector<const RulePlan*> order;
  for (const RulePlan& rule : plan.rules) order.push_back(&rule);
  std::stable_sort(order.begin(), order.end(),
                   [](const RulePlan* a, const RulePlan* b) { return a->layer < b->layer; });
  return order;
}

}  // namespace spate
