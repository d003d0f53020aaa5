#include "runtime/channels/json_value.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace spate {
namespace {

namespace json = simdjson::ondemand;

absl::string_view ToAbsl(std::string_view text) {
  return absl::string_view(text.data(), text.size());
}

bool LooksLikeNumber(absl::string_view token) {
  return token.find_first_not_of("0123456789+-.eE") == absl::string_view::npos;
}

}  // namespace

absl::string_view JsonToken(json::value* value) {
  absl::string_view token = ToAbsl(value->raw_json_token());
  while (!token.empty() && (token.back() == ' ' || token.back() == '\t' || token.back() == '\n' ||
                            token.back() == '\r')) {
    token.remove_suffix(1);
  }
  return token;
}

// A scalar, or the element of a list of one.
JsonValueReader::Outcome JsonValueReader::ReadOne(json::value* value, Kind kind, Value* out) {
  const absl::string_view token = JsonToken(value);
  if (token.empty() || token[0] != '[') return ReadScalarOnce(value, kind, out);
  json::array array;
  if (auto error = value->get_array().get(array)) return Fail(error);
  Outcome outcome = Outcome::kWrong;
  size_t count = 0;
  for (auto maybe : array) {
    json::value element;
    if (auto error = std::move(maybe).get(element)) return Fail(error);
    if (++count == 1) outcome = ReadScalarOnce(&element, kind, out);
    if (outcome == Outcome::kDamaged) return outcome;
  }
  return count == 1 ? outcome : Outcome::kWrong;
}

// A list, or a scalar or record as a list of one.
JsonValueReader::Outcome JsonValueReader::ReadList(json::value* value, const Type& type,
                                                   Value* out) {
  const absl::string_view token = JsonToken(value);
  const size_t first = list_.size();
  Outcome outcome = Outcome::kValue;
  if (token.empty() || token[0] != '[') {
    Value element;
    outcome = ReadElement(value, type.Element(), &element);
    list_.push_back(element);
  } else {
    outcome = ReadElements(value, type);
  }
  const size_t size = list_.size() - first;
  if (outcome == Outcome::kValue) {
    Value* elements = arena_->AllocateArray<Value>(size);
    std::copy(list_.begin() + static_cast<ptrdiff_t>(first), list_.end(), elements);
    *out = Value::List(absl::Span<const Value>(elements, size));
  }
  list_.resize(first);
  return outcome;
}

JsonValueReader::Outcome JsonValueReader::ReadElements(json::value* value, const Type& type) {
  json::array array;
  if (auto error = value->get_array().get(array)) return Fail(error);
  const Type element_type = type.Element();
  Outcome result = Outcome::kValue;
  for (auto maybe : array) {
    json::value element;
    if (auto error = std::move(maybe).get(element)) return Fail(error);
    Value v;
    const Outcome outcome = ReadElement(&element, element_type, &v);
    if (outcome == Outcome::kDamaged) return outcome;
    if (outcome == Outcome::kWrong && sparse_ && type.element_nullable) {
      ++wrong_elements_;
    } else if (outcome == Outcome::kWrong ||
               !(outcome == Outcome::kValue || type.element_nullable)) {
      result = Outcome::kWrong;
    }
    list_.push_back(outcome == Outcome::kValue ? v : Value());
  }
  return result;
}

JsonValueReader::Outcome JsonValueReader::ReadElement(json::value* value, const Type& type,
                                                      Value* out) {
  if (type.kind == Kind::kRecord) return ReadRecord(value, type, out);
  if (type.kind != Kind::kList) return ReadScalarOnce(value, type.kind, out);
  const absl::string_view token = JsonToken(value);
  return absl::StartsWith(token, "n") ? ReadScalarOnce(value, type.kind, out)
                                      : ReadList(value, type, out);
}

// An object becomes the list of its attributes' values; keys that are none are passed over.
JsonValueReader::Outcome JsonValueReader::ReadRecord(json::value* value, const Type& type,
                                                     Value* out) {
  if (!absl::StartsWith(JsonToken(value), "{")) return ReadScalarOnce(value, type.kind, out);
  json::object object;
  if (auto error = value->get_object().get(object)) return Fail(error);
  const absl::Span<const NamedType> attributes = type.Attributes();
  Value* values = arena_->AllocateArray<Value>(attributes.size());
  std::fill(values, values + attributes.size(), Value());
  Outcome outcome =
      ReadAttributes(&object, attributes, "", absl::Span<Value>(values, attributes.size()));
  if (outcome != Outcome::kValue) return outcome;
  for (size_t i = 0; i < attributes.size(); ++i) {
    if (values[i].is_null() && !attributes[i].type.nullable) return Outcome::kWrong;
  }
  *out = Value::List(absl::Span<const Value>(values, attributes.size()));
  return Outcome::kValue;
}

// Walks an object whose keys stand below `prefix`; of two values for one attribute the last counts.
JsonValueReader::Outcome JsonValueReader::ReadAttributes(json::object* object,
                                                         absl::Span<const NamedType> attributes,
                                                         const std::string& prefix,
                                                         absl::Span<Value> values) {
  Outcome result = Outcome::kValue;
  for (auto maybe : *object) {
    json::field field;
    if (auto error = std::move(maybe).get(field)) return Fail(error);
    std::string_view key;
    if (auto error = field.unescaped_key().get(key)) return Fail(error);
    const std::string name = absl::StrCat(prefix, ToAbsl(key));
    Outcome outcome = Outcome::kValue;
    bool is_record = false;
    for (size_t i = 0; i < attributes.size(); ++i) {
      if (attributes[i].name == name) {
        outcome = ReadAttribute(&field.value(), attributes[i].type, &values[i]);
        break;
      }
      is_record = is_record || absl::StartsWith(attributes[i].name, absl::StrCat(name, "."));
    }
    if (is_record && absl::StartsWith(JsonToken(&field.value()), "{")) {
      json::object inner;
      if (auto error = field.value().get_object().get(inner)) return Fail(error);
      outcome = ReadAttributes(&inner, attributes, absl::StrCat(name, "."), values);
    }
    if (outcome == Outcome::kDamaged) return outcome;
    if (outcome == Outcome::kWrong) result = outcome;
  }
  return result;
}

// The value of a record's attribute; in sparse events one of another type is null and counted.
JsonValueReader::Outcome JsonValueReader::ReadAttribute(json::value* value, const Type& type,
                                                        Value* out) {
  *out = Value();
  const Outcome outcome =
      type.kind == Kind::kList ? ReadList(value, type, out) : ReadOne(value, type.kind, out);
  if (outcome == Outcome::kDamaged) return outcome;
  if (outcome == Outcome::kWrong && !sparse_) return outcome;
  if (outcome == Outcome::kWrong) ++wrong_elements_;
  if (outcome != Outcome::kValue) *out = Value();
  return Outcome::kValue;
}

// A scalar; objects and lists are wrong here.
JsonValueReader::Outcome JsonValueReader::ReadScalarOnce(json::value* value, Kind kind,
                                                         Value* out) {
  const absl::string_view token = JsonToken(value);
  switch (token.empty() ? '\0' : token[0]) {
    case '"':
      return ReadString(value, token, kind, out);
    case 't':
    case 'f': {
      bool truth = false;
      if (auto error = value->get_bool().get(truth)) return Fail(error);
      if (kind != Kind::kBool) return Outcome::kWrong;
      *out = Value::Bool(truth);
      return Outcome::kValue;
    }
    case 'n': {
      bool null = false;
      if (auto error = value->is_null().get(null)) return Fail(error);
      return null ? Outcome::kNull : Fail(simdjson::N_ATOM_ERROR);
    }
    case '{':
    case '[':
      return Outcome::kWrong;
    default:
      return ReadNumber(value, token, kind, out);
  }
}

JsonValueReader::Outcome JsonValueReader::ReadNumber(json::value* value, absl::string_view token,
                                                     Kind kind, Value* out) {
  if (kind == Kind::kInt) {
    int64_t number = 0;
    if (!value->get_int64().get(number)) {
      *out = Value::Int(number);
      return Outcome::kValue;
    }
  }
  double number = 0;  // also says whether the token is a number at all
  if (auto error = value->get_double().get(number)) {
    // A number that is too large is JSON all the same.
    if (!ReadFloat(token, &number) && !LooksLikeNumber(token)) return Fail(error);
    return Outcome::kWrong;
  }
  if (kind == Kind::kFloat) {
    *out = Value::Float(number);
    return Outcome::kValue;
  }
  int64_t time = 0;
  if (kind == Kind::kTime && times_.epoch_unit() != 0 && times_.Read(token, &time)) {
    *out = Value::OfTime(time);
    return Outcome::kValue;
  }
  return Outcome::kWrong;
}

JsonValueReader::Outcome JsonValueReader::ReadString(json::value* value, absl::string_view token,
                                                     Kind kind, Value* out) {
  absl::string_view text;
  if (token.size() >= 2 && token.back() == '"' &&
      std::memchr(token.data(), '\\', token.size()) == nullptr) {
    text = token.substr(1, token.size() - 2);
  } else {
    std::string_view unescaped;
    if (auto error = value->get_string().get(unescaped)) return Fail(error);
    text = arena_->Copy(ToAbsl(unescaped));
  }
  switch (kind) {
    case Kind::kString:
      *out = Value::String(text);
      return Outcome::kValue;
    case Kind::kTime:
    case Kind::kDuration:
    case Kind::kIp:
      return ReadScalar(kind, text, &times_, arena_, out) ? Outcome::kValue : Outcome::kWrong;
    default:
      return Outcome::kWrong;
  }
}

JsonValueReader::Outcome JsonValueReader::Fail(simdjson::error_code error) {
  error_ = error;
  return Outcome::kDamaged;
}

}  // namespace spate
