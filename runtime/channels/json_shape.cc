#include "runtime/channels/json_shape.h"

#include "absl/strings/str_cat.h"

namespace spate {

JsonShape::JsonShape(const InputType& type, absl::string_view type_field)
    : type_field_(type_field) {
  prefixes_.push_back("");
  if (type.time_from == TimeFrom::kEnvelope) {
    targets_["time"] = JsonTarget{JsonTarget::Kind::kTime, false, 0};
  }
  for (size_t i = 0; i < type.fields.size(); ++i) {
    const std::string& name = type.fields[i].name;
    targets_[name] = JsonTarget{JsonTarget::Kind::kField, false, static_cast<uint32_t>(i)};
    for (size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1)) {
      const std::string path = name.substr(0, dot);
      if (targets_.contains(path)) continue;
      targets_[path] = JsonTarget{JsonTarget::Kind::kRecord, false, RecordOf(path)};
    }
  }
}

uint32_t JsonShape::RecordOf(absl::string_view path) {
  prefixes_.push_back(absl::StrCat(path, "."));
  return static_cast<uint32_t>(prefixes_.size() - 1);
}

JsonTarget JsonShape::Find(uint32_t record, absl::string_view key, bool expect) {
  path_ = prefixes_[record];
  path_.append(key.data(), key.size());
  JsonTarget target;
  const auto it = targets_.find(path_);
  if (it != targets_.end()) target = it->second;
  target.is_type_field = record == kRoot && key == type_field_ && !type_field_.empty();
  if (expect && next_ < kMaxExpected && key.size() <= kMaxKey) {
    if (next_ >= expected_.size()) expected_.resize(next_ + 1);
    expected_[next_] = {record, std::string(key), target};
    ++next_;
  }
  return target;
}

}  // namespace spate
