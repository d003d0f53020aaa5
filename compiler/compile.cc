// Compile: the list of stages.
#include "compiler/compile.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <system_error>
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

// Which file a path names: two paths may lead to one file. Where texts come from the caller, its
// name is all there is.
std::string IdentityOf(const std::string& path, bool on_disk) {
  std::error_code error;
  if (on_disk) {
    const std::filesystem::path real = std::filesystem::canonical(path, error);
    if (!error) return real.string();
  }
  return NormalizePath(path);
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
    for (const SourceText& f : files) given_.emplace(Identity(f.name), &f);
    for (const SourceText& f : files) {
      const std::string identity = Identity(f.name);
      if (loaded_.count(identity) == 0) LoadOne(identity, f.name, f.text);
    }
  }

  std::vector<ast::File> Take() { return std::move(files_); }

 private:
  std::string Identity(const std::string& path) const {
    return IdentityOf(path, options_.read_file == nullptr);
  }

  void LoadOne(const std::string& identity, const std::string& name, std::string text) {
    uint32_t index = sources_.Add(name, std::move(text));
    loaded_.emplace(identity, index);
    ast::File file = Parse(sources_, index, limits_, &diagnostics_);
    for (ast::Declaration& d : file.declarations) {
      if (auto* import = std::get_if<ast::ImportDecl>(&d.node)) Import(name, *import);
    }
    files_.push_back(std::move(file));
  }

  void Import(const std::string& importer, ast::ImportDecl& import) {
    const std::string path = ResolveImport(importer, import.path);
    const std::string identity = Identity(path);
    if (loaded_.count(identity) == 0 && failed_.count(identity) == 0) {
      LoadImport(identity, path, import);
    }
    if (auto it = loaded_.find(identity); it != loaded_.end()) import.file = it->second;
  }

  void LoadImport(const std::string& identity, const std::string& path,
                  const ast::ImportDecl& import) {
    if (auto it = given_.find(identity); it != given_.end()) {
      return LoadOne(identity, it->second->name, it->second->text);
    }
    absl::StatusOr<std::string> text =
        options_.read_file ? options_.read_file(path) : ReadFromDisk(path);
    if (text.ok()) return LoadOne(identity, path, *std::move(text));
    failed_.insert(identity);
    Diagnostic& d =
        diagnostics_.Report(DiagnosticCode::kImportNotFound, import.path_span,
                            absl::StrCat("cannot read the imported file `", import.path, "`"));
    d.label = std::string(text.status().message());
  }

  const CompileOptions& options_;
  SourceMap& sources_;
  Diagnostics& diagnostics_;
  ParseLimits limits_;
  std::map<std::string, const SourceText*> given_;  // by identity, as below
  std::map<std::string, uint32_t> loaded_;          // index into the SourceMap
  std::set<std::string> failed_;
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
