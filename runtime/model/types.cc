#include "runtime/model/types.h"

#include "absl/strings/str_cat.h"

namespace spate {

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
  if (type.kind != Kind::kList) return absl::StrCat(KindName(type.kind), mark);
  return absl::StrCat("[", KindName(type.element), type.element_nullable ? "?]" : "]", mark);
}

}  // namespace spate
