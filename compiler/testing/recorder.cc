#include "compiler/testing/recorder.h"

#include <utility>

namespace spate {

absl::Status Recorder::Watch(RuleId rule) {
  absl::StatusOr<std::unique_ptr<RuleWatch>> watch =
      RuleWatch::Create(plan_, plan_.rules[rule.index()], sources_, clock_, &issues_, partials_);
  if (!watch.ok()) return watch.status();
  watches_[rule.index()] = *std::move(watch);
  return absl::OkStatus();
}

void Recorder::OnInput(const EventBatch& batch) {
  for (const std::unique_ptr<RuleWatch>& watch : watches_) {
    if (watch != nullptr) watch->OnInput(batch);
  }
}

std::vector<RuleCoverage> Recorder::Coverage() const {
  std::vector<RuleCoverage> all;
  for (const std::unique_ptr<RuleWatch>& watch : watches_) {
    if (watch != nullptr) all.push_back(watch->Coverage());
  }
  return all;
}

}  // namespace spate
