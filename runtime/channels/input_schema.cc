#include "runtime/channels/input_schema.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "runtime/model/expr.h"

namespace spate {
namespace {

// Marks the attributes of the same event that an expression reads.
void MarkFields(const Expr& e, std::vector<bool>* read) {
  if (e.op == Op::kField && e.field.valid()) (*read)[e.field.index()] = true;
  for (const ExprPtr& arg : e.args) {
    if (arg != nullptr) MarkFields(*arg, read);
  }
}

// The attributes that must be decoded, with those that computed ones among them need.
std::vector<bool> NeededFields(const Plan& plan, const EventType& type, bool all_fields) {
  std::vector<bool> read(type.fields.size(), false);
  for (size_t f = 0; f < read.size(); ++f) {
    read[f] = all_fields && type.fields[f].computed == nullptr;
  }
  if (type.id.index() < plan.read_fields.size()) {
    const std::vector<bool>& by_rules = plan.read_fields[type.id.index()];
    for (size_t f = 0; f < std::min(by_rules.size(), read.size()); ++f) {
      if (by_rules[f]) read[f] = true;
    }
  }
  if (type.time_field.valid()) read[type.time_field.index()] = true;
  // Each computed attribute depends on earlier ones of this order, so backwards is enough.
  for (auto it = type.computed_order.rbegin(); it != type.computed_order.rend(); ++it) {
    const Field& field = type.fields[it->index()];
    if (read[it->index()] && field.computed != nullptr) MarkFields(*field.computed, &read);
  }
  return read;
}

InputType MakeInputType(const Plan& plan, const EventType& type, bool all_fields) {
  InputType result;
  result.type = &type;
  result.present = NeededFields(plan, type, all_fields);
  const FieldId time = type.FindField("time");
  if (type.time_field.valid()) {
    const bool computed = type.fields[type.time_field.index()].computed != nullptr;
    result.time_from = computed ? TimeFrom::kComputed : TimeFrom::kAttribute;
    result.time_field = type.time_field;
  } else if (time.valid() && type.fields[time.index()].computed == nullptr &&
             type.fields[time.index()].type.kind == Kind::kTime) {
    result.time_from = TimeFrom::kOptional;
    result.time_field = time;
    result.present[time.index()] = true;
  } else if (time.valid()) {
    result.time_from = TimeFrom::kBefore;
  }
  for (size_t f = 0; f < type.fields.size(); ++f) {
    const Field& field = type.fields[f];
    if (field.computed != nullptr || field.internal) continue;
    result.fields.push_back({FieldId(f), field.name, field.type, field.type.nullable || type.sparse,
                             result.present[f]});
  }
  return result;
}

// `logs/Login.csv.gz` -> `Login`.
absl::string_view Stem(absl::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash != absl::string_view::npos) path.remove_prefix(slash + 1);
  return path.substr(0, path.find('.'));
}

}  // namespace

void InputType::InitBatch(EventBatch* batch) const {
  batch->Init(*type);
  for (size_t f = 0; f < present.size(); ++f) batch->columns[f].present = present[f];
}

InputSchema::InputSchema(const Plan& plan, bool all_fields) {
  TypeId only_declared;
  TypeId only_source;  // declared, and emitted by no rule
  size_t declared = 0;
  size_t sources = 0;
  for (const EventType& type : plan.types) {
    types_.push_back(MakeInputType(plan, type, all_fields));
    if (!type.declared) continue;
    by_name_.emplace(type.name, type.id);
    ++declared;
    only_declared = type.id;
    if (type.derived) continue;
    ++sources;
    only_source = type.id;
  }
  if (sources == 1) {
    only_ = only_source;
  } else if (declared == 1) {
    only_ = only_declared;
  }
}

TypeId InputSchema::Find(absl::string_view name) const {
  const auto it = by_name_.find(name);
  return it == by_name_.end() ? TypeId() : it->second;
}

TypeId InputSchema::ForFile(absl::string_view path) const {
  const absl::string_view stem = Stem(path);
  if (const TypeId exact = Find(stem); exact.valid()) return exact;
  for (const InputType& type : types_) {
    if (type.type->declared && absl::EqualsIgnoreCase(type.type->name, stem)) return type.type->id;
  }
  return only_;
}

std::vector<std::string> InputSchema::Names() const {
  std::vector<std::string> names;
  for (const InputType& type : types_) {
    if (type.type->declared) names.push_back(type.type->name);
  }
  return names;
}

}  // namespace spate
