#include "runtime/model/types.h"

#include <memory>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"

namespace spate {
namespace {

// One object for all equal parts: types are then compared by comparing pointers. A program has few
// of them, so they are looked through one by one.
const std::vector<NamedType>* Interned(std::vector<NamedType> parts) {
  static std::mutex* const mutex = new std::mutex;
  static auto* const all = new std::vector<std::unique_ptr<const std::vector<NamedType>>>;
  const std::lock_guard<std::mutex> lock(*mutex);
  for (const auto& known : *all) {
    if (*known == parts) return known.get();
  }
  all->push_back(std::make_unique<const std::vector<NamedType>>(std::move(parts)));
  return all->back().get();
}

}  // namespace

Type Type::ListOf(const Type& element_type, bool is_nullable) {
  Type list{Kind::kList, is_nullable, element_type.kind, element_type.nullable, nullptr};
  if (element_type.kind == Kind::kRecord) list.parts = element_type.parts;
  if (element_type.kind == Kind::kList) list.parts = Interned({{"", element_type}});
  return list;
}

Type Type::RecordOf(std::vector<NamedType> attributes, bool is_nullable) {
  Type record = Of(Kind::kRecord, is_nullable);
  record.parts = Interned(std::move(attributes));
  return record;
}

Type Type::Element() const {
  if (element == Kind::kList && parts != nullptr) return (*parts)[0].type;
  Type type = Of(element, element_nullable);
  if (element == Kind::kRecord) type.parts = parts;
  return type;
}

absl::Span<const NamedType> Type::Attributes() const {
  if (kind != Kind::kRecord || parts == nullptr) return {};
  return *parts;
}

absl::string_view KindName(Kind kind) {
  switch (kind) {
    case Kind::kNull:
      return "null";
    case Kind::kBool:
      return "bool";
    case Kind::kInt:
      return "int";
    case Kind::kFloat:
      return "float";
    case Kind::kString:
      return "string";
    case Kind::kTime:
      return "time";
    case Kind::kDuration:
      return "duration";
    case Kind::kIp:
      return "ip";
    case Kind::kList:
      return "list";
    case Kind::kRecord:
      return "record";
    case Kind::kError:
      return "error";
  }
  return "error";
}

std::string TypeName(const Type& type) {
  const absl::string_view mark = type.nullable ? "?" : "";
  if (type.kind == Kind::kList) return absl::StrCat("[", TypeName(type.Element()), "]", mark);
  if (type.kind != Kind::kRecord) return absl::StrCat(KindName(type.kind), mark);
  std::string attributes;
  for (const NamedType& a : type.Attributes()) {
    absl::StrAppend(&attributes, attributes.empty() ? "" : ", ", a.name, ": ", TypeName(a.type));
  }
  return absl::StrCat("{ ", attributes, " }", mark);
}

}  // namespace spate
