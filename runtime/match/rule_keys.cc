#include "runtime/match/rule_keys.h"

#include <algorithm>
#include <utility>

#include "runtime/match/key_index.h"

namespace spate {

absl::StatusOr<std::unique_ptr<RuleKeys>> RuleKeys::Create(const RulePlan& rule,
                                                           EvalIssues* issues) {
  std::unique_ptr<RuleKeys> keys(new RuleKeys());
  keys->width_ = rule.keys.size();
  keys->values_.resize(rule.keys.size());
  keys->issues_ = issues;
  for (const RuleInput& input : rule.inputs) {
    keys->every_key_[input.type] = input.every_key;
    keys->any_every_key_ |= input.every_key;
    absl::StatusOr<std::vector<Source>> sources = keys->Sources(input.keys);
    if (!sources.ok()) return sources.status();
    keys->by_type_[input.type] = *std::move(sources);
    for (const KeyView& view : input.views) {
      absl::StatusOr<std::vector<Source>> of_view = keys->Sources(view.keys);
      if (!of_view.ok()) return of_view.status();
      keys->views_[input.type].push_back({&view, *std::move(of_view)});
      keys->has_views_ = true;
    }
  }
  return keys;
}

absl::StatusOr<std::vector<RuleKeys::Source>> RuleKeys::Sources(const std::vector<ExprPtr>& keys) {
  std::vector<Source> sources;
  for (const ExprPtr& e : keys) {
    Source source;
    if (e->op == Op::kField) {
      source.field = e->field;
    } else {
      absl::StatusOr<Program> program = Program::Compile(*e);
      if (!program.ok()) return program.status();
      source.program = static_cast<int32_t>(programs_.size());
      programs_.push_back(*std::move(program));
    }
    sources.push_back(source);
  }
  return sources;
}

std::vector<Kind> RuleKeys::Kinds(const RulePlan& rule) {
  std::vector<Kind> kinds;
  for (const KeyPlan& k : rule.keys) kinds.push_back(k.type.kind);
  return kinds;
}

bool RuleKeys::IsOneIntegralAttribute(const RulePlan& rule) {
  if (rule.keys.size() != 1) return false;
  if (!IsIntegral(rule.keys[0].type.kind)) return false;
  return std::all_of(rule.inputs.begin(), rule.inputs.end(), [](const RuleInput& input) {
    return input.keys.size() == 1 && input.keys[0]->op == Op::kField;
  });
}

bool RuleKeys::Evaluate(const Arrival& event, const std::vector<Source>& sources,
                        absl::Span<const Value>* keys) {
  if (!programs_.empty()) scratch_.Reset();
  for (size_t i = 0; i < sources.size(); ++i) {
    if (sources[i].field.valid()) {
      values_[i] = event.batch->Get(event.row, sources[i].field);
    } else {
      EvalContext context;
      context.batch = event.batch;
      context.row = event.row;
      context.time = event.time();
      context.scratch = &scratch_;
      context.issues = issues_;
      values_[i] = programs_[static_cast<size_t>(sources[i].program)].Eval(context);
    }
    if (values_[i].is_null()) return false;
  }
  *keys = values_;
  return true;
}

bool RuleKeys::Hash(const Arrival& event, uint64_t* hash) {
  const std::vector<Source>& sources = by_type_.At(event.type());
  if (width_ == 1 && sources[0].field.valid()) {
    const Column& column = event.batch->columns[sources[0].field.index()];
    if (!column.ints.empty()) {
      if (column.IsNull(event.row)) return false;
      *hash = KeyIndex::HashInt(column.ints[event.row]);
      return true;
    }
  }
  if (absl::string_view text; GetText(event, &text)) {
    *hash = KeyIndex::HashText(text);
    return true;
  }
  absl::Span<const Value> keys;
  if (!Get(event, &keys)) return false;
  *hash = KeyIndex::Hash(keys);
  return true;
}

}  // namespace spate
