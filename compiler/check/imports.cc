// Imports: paths relative to the importing file, and the closure of "sees".
#include "compiler/check/imports.h"

#include <map>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace spate {

std::string NormalizePath(absl::string_view path) {
  bool absolute = !path.empty() && path[0] == '/';
  std::vector<std::string> parts;
  for (absl::string_view part : absl::StrSplit(path, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == ".." && !parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (part != ".." || !absolute) {
      parts.emplace_back(part);
    }
  }
  return absl::StrCat(absolute ? "/" : "", absl::StrJoin(parts, "/"));
}

std::string ResolveImport(absl::string_view importer, absl::string_view path) {
  if (!path.empty() && path[0] == '/') return NormalizePath(path);
  size_t slash = importer.rfind('/');
  if (slash == absl::string_view::npos) return NormalizePath(path);
  return NormalizePath(absl::StrCat(importer.substr(0, slash + 1), path));
}

namespace {

using Graph = std::map<uint32_t, std::vector<uint32_t>>;

Graph DirectImports(const CheckContext& context) {
  Graph graph;
  for (const ast::File& f : context.files) {
    for (const ast::Declaration& d : f.declarations) {
      const auto* import = std::get_if<ast::ImportDecl>(&d.node);
      if (import != nullptr && import->file.has_value()) graph[f.file].push_back(*import->file);
    }
  }
  return graph;
}

}  // namespace

void CollectImports(CheckContext& context) {
  Graph graph = DirectImports(context);
  for (const auto& [from, targets] : graph) {
    for (uint32_t to : targets) {
      if (to != from) context.imported.insert(to);
    }
  }
  for (const ast::File& f : context.files) {
    std::set<uint32_t>& seen = context.visible[f.file];
    std::vector<uint32_t> todo = {f.file};
    while (!todo.empty()) {
      uint32_t file = todo.back();
      todo.pop_back();
      if (!seen.insert(file).second) continue;
      todo.insert(todo.end(), graph[file].begin(), graph[file].end());
    }
  }
}

}  // namespace spate
