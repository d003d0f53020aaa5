#include "runtime/model/table.h"

#include <string>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"

namespace spate {
namespace {

std::string KeyText(const Value& v) {
  switch (v.kind) {
    case Kind::kString:
      return absl::StrCat("\"", v.text(), "\"");
    case Kind::kIp:
      return FormatIp(v.text());
    case Kind::kBool:
      return v.i != 0 ? "true" : "false";
    case Kind::kFloat: {
      std::string text;
      AppendFloat(v.f, &text);
      return text;
    }
    case Kind::kTime:
    case Kind::kDuration: {
      std::string text;
      v.kind == Kind::kTime ? AppendTime(v.i, &text) : AppendDuration(v.i, &text);
      return text;
    }
    default:
      return absl::StrCat(v.i);
  }
}

}  // namespace

bool IsOfType(const Value& v, const Type& type) {
  if (v.is_null()) return type.nullable;
  if (type.kind == Kind::kRecord) {
    const absl::Span<const NamedType> attributes = type.Attributes();
    if (v.kind != Kind::kList || v.size != attributes.size()) return false;
    for (size_t i = 0; i < attributes.size(); ++i) {
      if (!IsOfType(v.list[i], attributes[i].type)) return false;
    }
    return true;
  }
  if (v.kind != type.kind) return false;
  if (v.kind != Kind::kList) return true;
  const Type element = type.Element();
  for (const Value& e : v.elements()) {
    if (!IsOfType(e, element)) return false;
  }
  return true;
}

size_t Table::Hash::operator()(uint32_t row) const {
  size_t h = 0;
  for (const uint32_t k : table->keys_) h = absl::HashOf(h, HashValue(table->Row(row)[k]));
  return h;
}

size_t Table::Hash::operator()(absl::Span<const Value> key) const {
  size_t h = 0;
  for (const Value& part : key) h = absl::HashOf(h, HashValue(part));
  return h;
}

bool Table::Equal::operator()(uint32_t a, uint32_t b) const {
  for (const uint32_t k : table->keys_) {
    if (!SameValue(table->Row(a)[k], table->Row(b)[k])) return false;
  }
  return true;
}

bool Table::Equal::operator()(uint32_t row, absl::Span<const Value> key) const {
  for (size_t i = 0; i < key.size(); ++i) {
    if (!SameValue(table->Row(row)[table->keys_[i]], key[i])) return false;
  }
  return true;
}

Table::Table(const TablePlan& plan)
    : types_(plan.columns),
      columns_(plan.columns.size()),
      keys_(plan.keys),
      index_(/*bucket_count=*/0, Hash{this}, Equal{this}) {}

const Value* Table::Find(absl::Span<const Value> key) const {
  const auto found = index_.find(key);
  return found == index_.end() ? nullptr : Row(*found);
}

absl::StatusOr<std::shared_ptr<const Table>> Table::Create(
    const TablePlan& plan, absl::Span<const std::vector<Value>> rows) {
  TableBuilder builder(plan);
  for (size_t i = 0; i < rows.size(); ++i) {
    if (absl::Status s = builder.Add(rows[i]); !s.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("table `", plan.name, "`, row ", i + 1, ": ", s.message()));
    }
  }
  return builder.Finish();
}

TableBuilder::TableBuilder(const TablePlan& plan) : plan_(plan), table_(new Table(plan)) {}

absl::Status TableBuilder::Add(absl::Span<const Value> row) {
  if (row.size() != plan_.columns.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat(plan_.columns.size(), " values are expected, not ", row.size()));
  }
  for (size_t i = 0; i < row.size(); ++i) {
    if (IsOfType(row[i], plan_.columns[i].type)) continue;
    return absl::InvalidArgumentError(absl::StrCat("`", plan_.columns[i].name, "` is not of type ",
                                                   TypeName(plan_.columns[i].type)));
  }
  const auto number = static_cast<uint32_t>(table_->rows());
  for (const Value& v : row) table_->values_.push_back(CopyValue(v, &table_->arena_));
  if (table_->index_.insert(number).second) return absl::OkStatus();
  table_->values_.resize(table_->values_.size() - row.size());
  std::string key;
  for (const uint32_t k : plan_.keys) {
    absl::StrAppend(&key, key.empty() ? "" : ", ", KeyText(row[k]));
  }
  return absl::InvalidArgumentError(absl::StrCat("the key ", key, " stands in two rows"));
}

}  // namespace spate
