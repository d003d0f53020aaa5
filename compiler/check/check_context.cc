// CheckContext: look-ups and the messages that many stages share.
#include "compiler/check/check_context.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace spate {

CheckContext::CheckContext(const std::vector<ast::File>& all_files, const SourceMap& source_map,
                           const CheckOptions& check_options, Diagnostics* sink)
    : files(all_files), sources(source_map), options(check_options), diagnostics(*sink) {}

TypeId CheckContext::AddType(const std::string& name, TypeInfo info) {
  TypeId id(types.size());
  EventType type;
  type.id = id;
  type.name = name;
  type.declared = info.decl != nullptr;
  types.push_back(std::move(type));
  type_infos.push_back(info);
  type_ids.emplace(name, id);
  return id;
}

std::optional<TypeId> CheckContext::FindType(absl::string_view name) const {
  auto it = type_ids.find(std::string(name));
  if (it == type_ids.end()) return std::nullopt;
  return it->second;
}

ConstantInfo* CheckContext::FindConstant(absl::string_view name, uint32_t file) {
  return constants.Find(name, visible[file], file);
}

FnInfo* CheckContext::FindFn(absl::string_view name, uint32_t file) {
  return fns.Find(name, visible[file], file);
}

ViewInfo* CheckContext::FindView(absl::string_view name, uint32_t file) {
  return views.Find(name, visible[file], file);
}

TableInfo* CheckContext::FindTable(absl::string_view name, uint32_t file) {
  return tables.Find(name, visible[file], file);
}

TypeId CheckContext::ReportUndefinedType(const ast::Name& name) {
  std::vector<std::string> candidates;
  for (const EventType& t : types) {
    if (!poisoned(t.id)) candidates.push_back(t.name);
  }
  views.ForEach([&](const std::string& view, uint32_t file, const ViewInfo&) {
    if (visible[name.span.file].count(file) != 0) candidates.push_back(view);
  });
  Diagnostic& d = Report(DiagnosticCode::kUndefinedType, name.span,
                         absl::StrCat("undefined event type ", Quoted(name.text)));
  d.label = "no event, view or rule has this name";
  SuggestName(d, name, candidates);
  return AddType(name.text, {name.span, nullptr, /*poisoned=*/true});
}

void SuggestName(Diagnostic& d, const ast::Name& name, const std::vector<std::string>& candidates) {
  std::string nearest = NearestName(name.text, candidates);
  if (nearest.empty()) return;
  d.fix = Fix{absl::StrCat("did you mean ", Quoted(nearest), "?"), name.span, nearest};
}

std::string Quoted(absl::string_view name) { return absl::StrCat("`", name, "`"); }

}  // namespace spate
