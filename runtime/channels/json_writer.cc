#include "runtime/channels/json_writer.h"

#include <array>
#include <charconv>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "runtime/model/plan.h"
#include "simdjson.h"

namespace spate {
namespace {

// What stands for a byte below 128: 0 itself, else `\` and this character, `u` for \u00XX.
constexpr std::array<char, 128> kEscapes = [] {
  std::array<char, 128> table{};
  for (size_t c = 0; c < 32; ++c) table[c] = 'u';
  table['\n'] = 'n';
  table['\r'] = 'r';
  table['\t'] = 't';
  table['\b'] = 'b';
  table['\f'] = 'f';
  table['"'] = '"';
  table['\\'] = '\\';
  table[127] = 'u';
  return table;
}();

void AppendEscaped(absl::string_view text, std::string* out) {
  constexpr absl::string_view kHex = "0123456789abcdef";
  size_t plain = 0;  // begin of what needs no escape
  for (size_t i = 0; i < text.size(); ++i) {
    const unsigned char c = static_cast<unsigned char>(text[i]);
    if (c >= 128 || kEscapes[c] == 0) continue;
    out->append(text.data() + plain, i - plain);
    plain = i + 1;
    out->push_back('\\');
    out->push_back(kEscapes[c]);
    if (kEscapes[c] != 'u') continue;
    out->append("00");
    out->push_back(kHex[c >> 4]);
    out->push_back(kHex[c & 15]);
  }
  out->append(text.data() + plain, text.size() - plain);
}

// The length of the valid UTF-8 sequence at the begin of `text`; 0 when there is none.
size_t SequenceLength(absl::string_view text) {
  for (size_t n = 1; n <= 4 && n <= text.size(); ++n) {
    if (simdjson::validate_utf8(text.data(), n)) return n;
  }
  return 0;
}

void AppendRepaired(absl::string_view text, std::string* out) {
  while (!text.empty()) {
    const size_t n = SequenceLength(text);
    if (n == 0) {
      out->append("\xEF\xBF\xBD");
      text.remove_prefix(1);
    } else {
      AppendEscaped(text.substr(0, n), out);
      text.remove_prefix(n);
    }
  }
}

void AppendId(const EventId& id, std::string* out) {
  absl::StrAppend(out, ",\"event_id\":\"", FormatEventId(id), "\"");
}

bool IsEnvelope(absl::string_view name) {
  return name == "type" || name == "rule" || name == "event_id" || name == "matched";
}

}  // namespace

void AppendJsonString(absl::string_view text, std::string* out) {
  out->push_back('"');
  if (simdjson::validate_utf8(text.data(), text.size())) {
    AppendEscaped(text, out);
  } else {
    AppendRepaired(text, out);
  }
  out->push_back('"');
}

namespace {

void AppendList(const Value& v, const Type& type, std::string* out) {
  const Type element_type = type.Element();
  out->push_back('[');
  bool first = true;
  for (const Value& element : v.elements()) {
    if (!first) out->push_back(',');
    first = false;
    AppendJsonValue(element, element_type, out);
  }
  out->push_back(']');
}

void AppendRecord(const Value& v, const Type& type, std::string* out) {
  out->push_back('{');
  const absl::Span<const NamedType> attributes = type.Attributes();
  for (size_t i = 0; i < attributes.size() && i < v.size; ++i) {
    if (i > 0) out->push_back(',');
    AppendJsonString(attributes[i].name, out);
    out->push_back(':');
    AppendJsonValue(v.list[i], attributes[i].type, out);
  }
  out->push_back('}');
}

}  // namespace

void AppendJsonValue(const Value& v, const Type& type, std::string* out) {
  switch (v.kind) {
    case Kind::kBool:
      out->append(v.i != 0 ? "true" : "false");
      return;
    case Kind::kInt: {
      char digits[24];
      const auto [end, error] = std::to_chars(digits, digits + sizeof(digits), v.i);
      out->append(digits, static_cast<size_t>(end - digits));
      return;
    }
    case Kind::kFloat:
      if (!std::isfinite(v.f)) break;
      AppendFloat(v.f, out);
      return;
    case Kind::kString:
      AppendJsonString(v.text(), out);
      return;
    case Kind::kTime:
      out->push_back('"');
      AppendTime(v.i, out);
      out->push_back('"');
      return;
    case Kind::kDuration:
      out->push_back('"');
      AppendDuration(v.i, out);
      out->push_back('"');
      return;
    case Kind::kIp:
      absl::StrAppend(out, "\"", FormatIp(v.text()), "\"");
      return;
    case Kind::kList:
      if (type.kind == Kind::kRecord) return AppendRecord(v, type, out);
      return AppendList(v, type, out);
    default:
      break;
  }
  out->append("null");
}

const JsonWriter::TypeShape& JsonWriter::ShapeOf(const EventType& type) {
  const auto [it, is_new] = shapes_.try_emplace(&type);
  TypeShape& shape = it->second;
  if (!is_new) return shape;
  shape.begin = "{\"type\":";
  AppendJsonString(type.name, &shape.begin);
  for (size_t f = 0; f < type.fields.size(); ++f) {
    const Field& field = type.fields[f];
    // An attribute of an input type that is called like the envelope would be a second such key.
    if (field.computed != nullptr || field.internal || IsEnvelope(field.name)) continue;
    if (field.name == "time") shape.prints_time = false;
    std::string prefix = ",";
    AppendJsonString(field.name, &prefix);
    prefix.push_back(':');
    shape.fields.push_back({f, field.type, std::move(prefix)});
  }
  return shape;
}

void JsonWriter::AppendTimeField(Time time, std::string* out) {
  if (time != last_time_ || last_time_text_.empty()) {
    last_time_ = time;
    last_time_text_ = ",\"time\":\"";
    AppendTime(time, &last_time_text_);
    last_time_text_.push_back('"');
  }
  out->append(last_time_text_);
}

void JsonWriter::AppendEnvelope(const TypeShape& shape, Time time, std::string* out) {
  out->append(shape.begin);
  if (shape.prints_time) AppendTimeField(time, out);
}

void JsonWriter::AppendFields(const TypeShape& shape, absl::Span<const Value> values,
                              std::string* out) const {
  for (const PrintedField& field : shape.fields) {
    out->append(field.prefix);
    AppendJsonValue(values[field.index], field.type, out);
  }
}

void JsonWriter::Append(const DerivedEvent& event, std::string* out) {
  const TypeShape& shape = ShapeOf(*event.type);
  AppendEnvelope(shape, event.time, out);
  const auto [rule, is_new] = rules_.try_emplace(event.rule);
  if (is_new) {
    rule->second = ",\"rule\":";
    AppendJsonString(event.rule->name, &rule->second);
  }
  out->append(rule->second);
  if (options_.id) AppendId(event.id, out);
  AppendFields(shape, event.values, out);
  if (options_.matched) {
    out->append(",\"matched\":");
    AppendMatchedObject(event, out);
  }
  out->append("}\n");
}

void JsonWriter::AppendRetraction(const DerivedEvent& event, std::string* out) {
  out->append("{\"type\":\"retract\",\"event\":");
  Append(event, out);
  out->back() = '}';
  out->push_back('\n');
}

// Variables in the order of their rule; one that bound nothing has an empty list.
void JsonWriter::AppendMatchedObject(const DerivedEvent& event, std::string* out) {
  out->push_back('{');
  const RulePlan& rule = *event.rule;
  if (rule.from != nullptr && !rule.from->variable.empty()) {
    AppendVariable(rule.from->variable, event, VarId(), out);
  }
  if (rule.pattern != nullptr) {
    bool first = true;
    for (size_t v = 0; v < rule.pattern->variables.size(); ++v) {
      const absl::string_view name = rule.pattern->variables[v].name;
      if (name.empty()) continue;
      if (!first) out->push_back(',');
      first = false;
      AppendVariable(name, event, VarId(v), out);
    }
  }
  out->push_back('}');
}

// `"a":[{..},{..}]`: the events bound to `var`, all of the match when that is invalid.
void JsonWriter::AppendVariable(absl::string_view name, const DerivedEvent& event, VarId var,
                                std::string* out) {
  AppendJsonString(name, out);
  out->append(":[");
  bool first = true;
  for (const MatchedEvent& bound : event.matched) {
    if (var.valid() && !event.rule->pattern->Names(bound.var, var)) continue;
    if (!first) out->push_back(',');
    first = false;
    const TypeShape& shape = ShapeOf(*bound.type);
    AppendEnvelope(shape, bound.time, out);
    if (options_.id) AppendId(bound.id, out);
    AppendFields(shape, bound.values, out);
    out->push_back('}');
  }
  out->push_back(']');
}

void JsonWriter::Append(const EventBatch& batch, size_t row, std::string* out) {
  const TypeShape& shape = ShapeOf(batch.type());
  AppendEnvelope(shape, batch.times[row], out);
  row_.resize(batch.columns.size());
  for (const PrintedField& field : shape.fields) {
    const bool filled = batch.columns[field.index].size() > row;
    row_[field.index] = filled ? batch.Get(row, FieldId(field.index)) : Value();
  }
  AppendFields(shape, row_, out);
  out->append("}\n");
}

}  // namespace spate
