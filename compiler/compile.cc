// Compile: the list of stages.
#include "compiler/compile.h"

#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "compiler/check/check.h"
#include "compiler/check/imports.h"
#include "compiler/check/state_bound.h"
#include "compiler/lower/lower.h"
#include "compiler/syntax/ast.h"
#include "compiler/syntax/parse.h"

namespace spate {
namespace {

absl::StatusOr<std::string> ReadFromDisk(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return absl::NotFoundError(absl::StrCat("cannot open ", path));
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (in.bad()) return absl::DataLossError(absl::StrCat("cannot read ", path));
  return text;
}

// Loads and parses files and what they import, each once; what a file imports stands before it.
class Loader {
 public:
  Loader(const CompileOptions& options, SourceMap& sources, Diagnostics& diagnostics)
      : options_(options), sources_(sources), diagnostics_(diagnostics) {
    limits_.max_bytes = options.max_bytes;
    limits_.max_depth = options.max_depth;
  }

  // Files given by the caller are known before any import is followed.
  void Load(const std::vector<SourceText>& files) {
    for (const SourceText& f : files) given_.emplace(NormalizePath(f.name), &f);
    for (const SourceText& f : files) {
      if (seen_.insert(NormalizePath(f.name)).second) LoadOne(f.name, f.text);
    }
  }

  std::vector<ast::File> Take() { return std::move(files_); }

 private:
  void LoadOne(const std::string& name, std::string text) {
    uint32_t index = sources_.Add(name, std::move(text));
    ast::File file = Parse(sources_, index, limits_, &diagnostics_);
    for (const ast::Declaration& d : file.declarations) {
      if (const auto* import = std::get_if<ast::ImportDecl>(&d.node)) Import(name, *import);
    }
    files_.push_back(std::move(file));
  }

  void Import(const std::string& importer, const ast::ImportDecl& import) {
    std::string path = ResolveImport(importer, import.path);
    if (!seen_.insert(path).second) return;
    if (auto it = given_.find(path); it != given_.end()) {
      return LoadOne(it->second->name, it->second->text);
    }
    absl::StatusOr<std::string> text =
        options_.read_file ? options_.read_file(path) : ReadFromDisk(path);
    if (text.ok()) return LoadOne(path, *std::move(text));
    Diagnostic& d =
        diagnostics_.Report(DiagnosticCode::kImportNotFound, import.path_span,
                            absl::StrCat("cannot read the imported file `", import.path, "`"));
    d.label = std::string(text.status().message());
  }

  const CompileOptions& options_;
  SourceMap& sources_;
  Diagnostics& diagnostics_;
  ParseLimits limits_;
  std::map<std::string, const SourceText*> given_;
  std::set<std::string> seen_;
  std::vector<ast::File> files_;
};

}  // namespace

CompileResult Compile(const std::vector<SourceText>& files, const CompileOptions& options) {
  auto sources = std::make_shared<SourceMap>();
  Diagnostics diagnostics;
  CompileResult result;

  Loader loader(options, *sources, diagnostics);
  loader.Load(files);
  std::vector<ast::File> parsed = loader.Take();
  CheckOptions check_options;
  check_options.params = options.params;
  for (const RegisteredFunction& function : options.functions) {
    check_options.functions.push_back(std::make_shared<const RegisteredFunction>(function));
  }
  CheckedRules rules = Check(parsed, *sources, check_options, &diagnostics);
  if (!diagnostics.has_errors()) {
    for (const CheckedRule& rule : rules.rules) {
      result.rules.push_back({rule.name, ToText(StateBoundOf(rule)), ToText(ReportTimesOf(rule))});
    }
    result.tests = std::move(rules.tests);
    result.plan = Lower(std::move(rules), options, *sources, &diagnostics);
  }

  if (diagnostics.has_errors()) {
    result.plan = nullptr;
    result.rules.clear();
    result.tests.clear();
  }
  diagnostics.Sort();
  result.suppressed = diagnostics.suppressed();
  result.diagnostics = diagnostics.Take();
  result.sources = std::move(sources);
  return result;
}

}  // namespace spate
