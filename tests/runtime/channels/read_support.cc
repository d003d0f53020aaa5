#include "tests/runtime/channels/read_support.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "runtime/base/check.h"

namespace spate::test {
namespace {

Kind KindOf(const std::string& name) {
  for (const Kind kind : {Kind::kBool, Kind::kInt, Kind::kFloat, Kind::kString, Kind::kTime,
                          Kind::kDuration, Kind::kIp}) {
    if (KindName(kind) == name) return kind;
  }
  SPATE_CHECK(false && "a kind of a test");
  return Kind::kNull;
}

Type ParseType(std::string text) {
  Type type;
  if (absl::EndsWith(text, "?")) {
    type.nullable = true;
    text.pop_back();
  }
  if (text[0] == '[') {
    text = text.substr(1, text.size() - 2);
    type.element_nullable = absl::EndsWith(text, "?");
    if (type.element_nullable) text.pop_back();
    type.kind = Kind::kList;
    type.element = KindOf(text);
  } else {
    type.kind = KindOf(text);
  }
  return type;
}

}  // namespace

Plan MakePlan(const std::vector<TypeSpec>& types) {
  Plan plan;
  for (const TypeSpec& spec : types) {
    EventType type;
    type.id = TypeId(plan.types.size());
    type.name = spec.name;
    type.sparse = spec.sparse;
    type.declared = spec.declared;
    type.derived = spec.derived;
    for (const auto& [name, kind] : spec.fields) {
      Field field;
      field.name = name;
      field.type = ParseType(kind);
      type.fields.push_back(field);
    }
    if (!spec.at.empty()) type.time_field = type.FindField(spec.at);
    type.has_time_attribute = type.FindField("time").valid();
    plan.read_fields.push_back(std::vector<bool>(type.fields.size(), true));
    plan.types.push_back(std::move(type));
  }
  return plan;
}

std::string ValueText(const Value& v) {
  std::string out;
  switch (v.kind) {
    case Kind::kNull:
      return "null";
    case Kind::kBool:
      return v.i != 0 ? "true" : "false";
    case Kind::kInt:
      return absl::StrCat(v.i);
    case Kind::kFloat:
      AppendFloat(v.f, &out);
      return out;
    case Kind::kString:
      return absl::StrCat("\"", v.text(), "\"");
    case Kind::kTime:
      return FormatTime(v.i);
    case Kind::kDuration:
      return FormatDuration(v.i);
    case Kind::kIp:
      return FormatIp(v.text());
    case Kind::kList:
      for (const Value& element : v.elements()) {
        absl::StrAppend(&out, out.empty() ? "" : ",", ValueText(element));
      }
      return absl::StrCat("[", out, "]");
    default:
      return "?";
  }
}

std::string RowText(const EventBatch& batch, size_t row) {
  std::string out = absl::StrCat(
      batch.type().name, "@", batch.times[row] == kNoTime ? "none" : FormatTime(batch.times[row]));
  for (size_t f = 0; f < batch.columns.size(); ++f) {
    if (!batch.columns[f].present || batch.columns[f].size() == 0) continue;
    absl::StrAppend(&out, " ", batch.type().fields[f].name, "=",
                    ValueText(batch.Get(row, FieldId(f))));
  }
  return out;
}

std::vector<std::string> Drain(EventSource* source, absl::Status* status, bool places) {
  std::vector<std::string> rows;
  SourceBlock block;
  uint64_t sequence = 0;
  for (;;) {
    absl::StatusOr<bool> more = source->Next(&block);
    *status = more.status();
    if (!more.ok() || !*more) return rows;
    SPATE_CHECK(block.rows() <= kMaxBatchRows && block.origins.size() == block.rows());
    for (size_t i = 0; i < block.rows(); ++i) {
      const EventBlock::Entry e = block.events.order[i];
      const EventBatch& batch = block.events.batches[e.batch];
      SPATE_CHECK(batch.sequences[e.row] == ++sequence);
      std::string row = RowText(batch, e.row);
      if (places) absl::StrAppend(&row, " ", block.origins[i].input, ":", block.origins[i].line);
      rows.push_back(std::move(row));
    }
    if (block.watermark != kMinTime) {
      rows.push_back(absl::StrCat("watermark ", FormatTime(block.watermark)));
    }
  }
}

ReadOutcome ReadText(const Plan& plan, const std::string& text, ReadOptions options, size_t chunk,
                     const std::string& name) {
  ReadOutcome outcome;
  options.on_reject = [&](const Reject& r) {
    outcome.rejects.push_back(
        absl::StrCat(r.line, ":", r.column, " ", r.reason, " | ", r.row.substr(0, 100)));
  };
  auto schema = std::make_shared<InputSchema>(plan, options.all_fields);
  absl::StatusOr<std::unique_ptr<ByteSource>> bytes = OpenMemory(text, chunk);
  outcome.status = bytes.status();
  if (!bytes.ok()) return outcome;
  auto source = OpenSource(*std::move(bytes), name, schema, options);
  outcome.status = source.status();
  if (!source.ok()) return outcome;
  outcome.rows = Drain(source->get(), &outcome.status, false);
  outcome.stats = (*source)->Stats();
  return outcome;
}

}  // namespace spate::test
