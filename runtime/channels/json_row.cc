#include "runtime/channels/json_row.h"

#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "runtime/channels/json_shape.h"
#include "runtime/channels/json_value.h"
#include "runtime/channels/read_value.h"
#include "simdjson.h"

namespace spate {
namespace {

namespace json = simdjson::ondemand;

using Outcome = JsonValueReader::Outcome;

// Only what does not depend on the bytes behind a damaged line is told apart.
std::string DamageText(simdjson::error_code error) {
  switch (error) {
    case simdjson::UTF8_ERROR:
      return "the text is not valid UTF-8";
    case simdjson::UNCLOSED_STRING:
      return "no valid JSON: a string is not closed";
    case simdjson::UNESCAPED_CHARS:
      return "no valid JSON: a string has a control character that is not escaped";
    case simdjson::MEMALLOC:
      return "there is no memory for the line";
    default:
      return "no valid JSON";
  }
}

// How walking one object ended.
enum class Walk { kDone, kOtherType, kStop };

}  // namespace

class JsonRowReader::Impl {
 public:
  explicit Impl(const BlockBuilder& builder)
      : schema_(builder.schema()),
        default_type_(builder.default_type()),
        type_field_(builder.reads_type_field() ? builder.options().type_field : ""),
        why_no_type_(builder.WhyNoType()),
        reader_(builder.options().epoch_unit),
        shapes_(schema_.size()) {
    last_type_ = default_type_;
    if (!last_type_.valid() && schema_.size() > 0) last_type_ = TypeId(size_t{0});
  }

  JsonRow Read(absl::string_view line, size_t padding, Arena* arena) {
    row_ = JsonRow();
    arena_ = arena;
    reader_.Start(arena);
    end_ = line.data() + line.size();
    json::document document;
    const simdjson::padded_string_view padded(line.data(), line.size(), line.size() + padding);
    if (auto error = parser_.iterate(padded).get(document)) return Damaged(error, nullptr);
    const uint64_t wrong_before = wrong_types_;
    if (last_type_.valid()) {
      ReadAs(last_type_, &document);
    } else {
      Reject(nullptr, why_no_type_);
    }
    if (row_.kind != JsonRow::Kind::kEvent) wrong_types_ = wrong_before;  // it is not taken
    return std::move(row_);
  }

  const std::vector<Value>& values() const { return values_; }
  uint64_t wrong_types() const { return wrong_types_; }

 private:
  // Reads the row as an event of `type`, or of the type that its `type` says.
  void ReadAs(TypeId type, json::document* document) {
    json::object object;
    if (auto error = document->get_object().get(object)) {
      const bool other = error == simdjson::INCORRECT_TYPE;
      if (other) return Reject(nullptr, "the line is no JSON object");
      Damaged(error, nullptr);
      return;
    }
    StartType(type);
    const uint64_t wrong_before = wrong_types_;
    switch (WalkObject(&object, JsonShape::kRoot)) {
      case Walk::kStop:
        return;
      case Walk::kOtherType:
        document->rewind();
        wrong_types_ = wrong_before;
        return ReadAs(other_type_, document);
      case Walk::kDone:
        break;
    }
    if (document->current_location().error() != simdjson::OUT_OF_BOUNDS) {
      return Reject(nullptr, "text after the object");
    }
    if (watermark_.has_value() && keys_ == 1) {
      row_.kind = JsonRow::Kind::kWatermark;
      row_.time = *watermark_;
      return;
    }
    if (type_said_ || type_ == default_type_) return CheckMissing();
    if (!default_type_.valid()) return Reject(nullptr, why_no_type_);
    document->rewind();
    wrong_types_ = wrong_before;
    ReadAs(default_type_, document);
  }

  void StartType(TypeId type) {
    type_ = type;
    last_type_ = type;
    input_ = &schema_.Get(type);
    std::unique_ptr<JsonShape>& shape = shapes_[type.index()];
    if (shape == nullptr) shape = std::make_unique<JsonShape>(*input_, type_field_);
    shape_ = shape.get();
    shape_->StartRow();
    reader_.set_sparse(input_->type->sparse);
    values_.assign(input_->fields.size(), Value());
    seen_.assign(input_->fields.size(), 0);
    row_.type = type;
    row_.time = kTimeBefore;
    type_said_ = false;
    watermark_.reset();
    keys_ = 0;
  }

  Walk WalkObject(json::object* object, uint32_t record) {
    for (auto maybe_field : *object) {
      json::field field;
      if (auto error = std::move(maybe_field).get(field)) return StopDamaged(error);
      JsonTarget target;
      if (!FindKey(&field, record, &target)) return Walk::kStop;
      if (record == JsonShape::kRoot) ++keys_;
      const Walk walk = target.is_type_field ? TakeType(&field.value(), target)
                                             : TakeValue(&field.value(), target);
      if (walk != Walk::kDone) return walk;
    }
    return Walk::kDone;
  }

  bool FindKey(json::field* field, uint32_t record, JsonTarget* target) {
    const char* raw = field->key().raw();
    if (const JsonTarget* expected = shape_->Expected(record, raw, end_); expected != nullptr) {
      *target = *expected;
      return true;
    }
    const char* quote =
        static_cast<const char*>(std::memchr(raw, '"', static_cast<size_t>(end_ - raw)));
    absl::string_view key(raw, quote == nullptr ? 0 : static_cast<size_t>(quote - raw));
    if (quote == nullptr || std::memchr(raw, '\\', key.size()) != nullptr) {
      std::string_view unescaped;
      if (auto error = field->unescaped_key().get(unescaped)) {
        StopDamaged(error);
        return false;
      }
      key = absl::string_view(unescaped.data(), unescaped.size());
    }
    const bool watermark = record == JsonShape::kRoot && keys_ == 0 && key == "watermark";
    if (watermark) PeekWatermark(JsonToken(&field->value()));
    // It is never expected, so that the next such key comes here too.
    *target = shape_->Find(record, key, !watermark);
    return true;
  }

  // The value of a first key `watermark`, which may be an attribute: it is not consumed.
  void PeekWatermark(absl::string_view token) {
    if (token.size() >= 2 && token.front() == '"') token = token.substr(1, token.size() - 2);
    Time time = 0;
    if (reader_.times()->Read(token, &time)) watermark_ = time;
  }

  // `type` says whose event this is, and may be an attribute too.
  Walk TakeType(json::value* value, JsonTarget target) {
    Value name;
    const absl::string_view token = JsonToken(value);
    switch (reader_.ReadOne(value, Kind::kString, &name)) {
      case Outcome::kDamaged:
        return StopDamaged(reader_.error());
      case Outcome::kWrong:
        Reject(token.data(), absl::StrCat("`", type_field_, "`: the name of a type is expected"));
        return Walk::kStop;
      case Outcome::kNull:
        break;
      case Outcome::kValue:
        if (const Walk walk = SayType(name.text()); walk != Walk::kDone) return walk;
        break;
    }
    if (target.kind != JsonTarget::Kind::kField) return Walk::kDone;
    const Type& type = input_->fields[target.index].type;
    Outcome outcome = name.is_null() ? Outcome::kNull : Outcome::kValue;
    if (outcome == Outcome::kValue && type.kind == Kind::kList) {
      outcome = type.element == Kind::kString ? OneElement(&name) : Outcome::kWrong;
    } else if (outcome == Outcome::kValue && type.kind != Kind::kString) {
      outcome = Outcome::kWrong;
    }
    return TakeOutcome(outcome, name, token, target.index);
  }

  Outcome OneElement(Value* v) {
    Value* element = arena_->AllocateArray<Value>(1);
    *element = *v;
    *v = Value::List(absl::Span<const Value>(element, 1));
    return Outcome::kValue;
  }

  // Of two such keys the first counts.
  Walk SayType(absl::string_view name) {
    if (type_said_) return Walk::kDone;
    type_said_ = true;
    if (input_->type->declared && name == input_->type->name) return Walk::kDone;
    other_type_ = schema_.Find(name);
    if (other_type_.valid()) return Walk::kOtherType;
    row_.kind = JsonRow::Kind::kIgnored;
    row_.type_name = std::string(name);
    return Walk::kStop;
  }

  Walk TakeValue(json::value* value, JsonTarget target) {
    switch (target.kind) {
      case JsonTarget::Kind::kUnknown:
        return Walk::kDone;
      case JsonTarget::Kind::kField:
        return TakeField(value, target.index);
      case JsonTarget::Kind::kRecord:
        return TakeRecord(value, target.index);
      case JsonTarget::Kind::kTime:
        return TakeTime(value);
    }
    return Walk::kDone;
  }

  Walk TakeTime(json::value* value) {
    Value time;
    const absl::string_view token = JsonToken(value);
    switch (reader_.ReadOne(value, Kind::kTime, &time)) {
      case Outcome::kDamaged:
        return StopDamaged(reader_.error());
      case Outcome::kWrong:
        return Wrong("time", Kind::kTime, token, input_->type->sparse);
      case Outcome::kNull:
        return Walk::kDone;
      case Outcome::kValue:
        row_.time = time.i;
        return Walk::kDone;
    }
    return Walk::kDone;
  }

  Walk TakeField(json::value* value, uint32_t index) {
    const InputField& field = input_->fields[index];
    const absl::string_view token = JsonToken(value);
    const bool list = field.type.kind == Kind::kList;
    Value v;
    const Outcome outcome = list ? reader_.ReadList(value, field.type, &v)
                                 : reader_.ReadOne(value, field.type.kind, &v);
    if (list) wrong_types_ += reader_.TakeWrongElements();
    return TakeOutcome(outcome, v, token, index);
  }

  // What becomes of an attribute whose value was read.
  Walk TakeOutcome(Outcome outcome, const Value& v, absl::string_view token, uint32_t index) {
    const InputField& field = input_->fields[index];
    const Kind kind = field.type.kind == Kind::kList ? field.type.element : field.type.kind;
    seen_[index] = 1;
    values_[index] = outcome == Outcome::kValue ? v : Value();
    switch (outcome) {
      case Outcome::kDamaged:
        return StopDamaged(reader_.error());
      case Outcome::kWrong:
        return Wrong(field.name, kind, token, input_->type->sparse);
      case Outcome::kNull:
        if (field.nullable) return Walk::kDone;
        Reject(token.data(), absl::StrCat("`", field.name, "`: null is no ", TypeName(field.type)));
        return Walk::kStop;
      case Outcome::kValue:
        return Walk::kDone;
    }
    return Walk::kDone;
  }

  // An object, a list of one object, or null for a record.
  Walk TakeRecord(json::value* value, uint32_t record) {
    const absl::string_view token = JsonToken(value);
    const char first = token.empty() ? '\0' : token[0];
    if (first == '{') return TakeObject(value, record);
    if (first == 'n') return Walk::kDone;
    if (first == '[') {
      json::array array;
      if (auto error = value->get_array().get(array)) return StopDamaged(error);
      size_t count = 0;
      bool wrong = false;
      for (auto maybe : array) {
        json::value element;
        if (auto error = std::move(maybe).get(element)) return StopDamaged(error);
        const absl::string_view inner = JsonToken(&element);
        wrong |= ++count > 1 || inner.empty() || inner[0] != '{';
        if (wrong) continue;
        const Walk walk = TakeObject(&element, record);
        if (walk != Walk::kDone) return walk;
      }
      if (count == 1 && !wrong) return Walk::kDone;
    }
    if (input_->type->sparse) {
      ++wrong_types_;
      return Walk::kDone;
    }
    Reject(token.data(), absl::StrCat("`", Excerpt(token), "` is not an object"));
    return Walk::kStop;
  }

  Walk TakeObject(json::value* value, uint32_t record) {
    json::object object;
    if (auto error = value->get_object().get(object)) return StopDamaged(error);
    return WalkObject(&object, record);
  }

  Walk Wrong(absl::string_view name, Kind kind, absl::string_view token, bool sparse) {
    if (sparse) {
      ++wrong_types_;
      return Walk::kDone;
    }
    const bool nested = kind == Kind::kRecord || kind == Kind::kList;
    const std::string why =
        nested ? absl::StrCat("`", Excerpt(token), "`: an element has another type")
        : kind == Kind::kString ? absl::StrCat("`", Excerpt(token), "` is not a string")
                                : WhyNotRead(kind, token, reader_.times()->epoch_unit());
    Reject(token.data(), absl::StrCat("`", name, "`: ", why));
    return Walk::kStop;
  }

  void CheckMissing() {
    for (size_t i = 0; i < seen_.size(); ++i) {
      const InputField& field = input_->fields[i];
      if (seen_[i] != 0 || field.nullable) continue;
      return Reject(nullptr, absl::StrCat("`", field.name, "`: the field is missing"));
    }
    CheckTime();
  }

  // The event time of a type that has an attribute for it.
  void CheckTime() {
    if (input_->time_from == TimeFrom::kComputed) row_.time = kNoTime;
    if (input_->time_from != TimeFrom::kAttribute && input_->time_from != TimeFrom::kOptional) {
      return;
    }
    for (size_t i = 0; i < values_.size(); ++i) {
      if (input_->fields[i].id != input_->time_field) continue;
      if (!values_[i].is_null()) {
        row_.time = values_[i].i;
      } else if (input_->time_from == TimeFrom::kAttribute) {
        Reject(nullptr, absl::StrCat("the event time `", input_->fields[i].name, "` is null"));
      }
    }
  }

  Walk StopDamaged(simdjson::error_code error) {
    Damaged(error, nullptr);
    return Walk::kStop;
  }
  JsonRow Damaged(simdjson::error_code error, const char* from) {
    Reject(from, DamageText(error));
    return row_;
  }
  void Reject(const char* from, std::string reason) {
    row_.kind = JsonRow::Kind::kRejected;
    row_.from = from;
    row_.reason = std::move(reason);
  }

  const InputSchema& schema_;
  const TypeId default_type_;
  const std::string type_field_;
  const std::string why_no_type_;
  JsonValueReader reader_;
  json::parser parser_;
  std::vector<std::unique_ptr<JsonShape>> shapes_;  // by type, made when needed
  TypeId last_type_;                                // of the row before

  // Of the row that is being read.
  JsonRow row_;
  Arena* arena_ = nullptr;
  const char* end_ = nullptr;
  TypeId type_;
  TypeId other_type_;
  const InputType* input_ = nullptr;
  JsonShape* shape_ = nullptr;
  std::vector<Value> values_;
  std::vector<uint8_t> seen_;
  bool type_said_ = false;
  std::optional<Time> watermark_;
  size_t keys_ = 0;
  uint64_t wrong_types_ = 0;
};

JsonRowReader::JsonRowReader(const BlockBuilder& builder)
    : impl_(std::make_unique<Impl>(builder)) {}
JsonRowReader::~JsonRowReader() = default;
JsonRowReader::JsonRowReader(JsonRowReader&&) noexcept = default;

JsonRow JsonRowReader::Read(absl::string_view line, size_t padding, Arena* arena) {
  return impl_->Read(line, padding, arena);
}
const std::vector<Value>& JsonRowReader::values() const { return impl_->values(); }
uint64_t JsonRowReader::wrong_types() const { return impl_->wrong_types(); }

}  // namespace spate
