// Names: one pass over the declarations of all files.
#include "compiler/check/names.h"

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "compiler/check/expressions/build.h"
#include "runtime/base/overload.h"

namespace spate {
namespace {

class Declarer {
 public:
  explicit Declarer(CheckContext& context) : context_(context) {}

  void DeclareFile(const ast::File& file) {
    file_ = file.file;
    for (const ast::Declaration& d : file.declarations) DeclareOne(d);
  }

  // Two names of one kind that differ only in case.
  void WarnSimilar() {
    for (auto& [kind, names] : by_kind_) {
      std::map<std::string, ast::Name> lower;
      for (const ast::Name& n : names) {
        auto [it, is_new] = lower.emplace(absl::AsciiStrToLower(n.text), n);
        if (is_new || it->second.text == n.text) continue;
        Diagnostic& d = context_.Report(
            DiagnosticCode::kSimilarNames, n.span,
            absl::StrCat(Quoted(n.text), " and ", Quoted(it->second.text), " differ only in case"));
        d.labels.push_back({it->second.span, "the other one"});
      }
    }
  }

 private:
  void DeclareOne(const ast::Declaration& d) {
    std::visit(
        Overload{
            [](const ast::ImportDecl&) {},
            [&](const ast::ParamDecl& p) {
              AddConstant(d, p.name, p.type, p.value.get(), /*is_param=*/true);
            },
            [&](const ast::ConstDecl& c) {
              AddConstant(d, c.name, c.type, c.value.get(), /*is_param=*/false);
            },
            [&](const ast::FnDecl& f) {
              if (!AddScoped(f.name, "fn")) return;
              FnInfo& info = context_.fns.Add(f.name.text, file_, FnInfo{});
              info.decl = &f;
              info.poisoned = d.incomplete;
            },
            [&](const ast::TableDecl& t) {
              if (!AddScoped(t.name, "table")) return;
              const auto index = static_cast<uint32_t>(context_.table_plans.size());
              context_.table_plans.push_back({t.name.text, {}, {}});
              context_.tables.Add(t.name.text, file_, {&t, index, d.incomplete});
            },
            [&](const ast::EventDecl& e) {
              if (AddGlobal(e.name, "event type")) {
                context_.AddType(e.name.text, {e.name.span, &e, d.incomplete});
              }
            },
            [&](const ast::ViewDecl& v) {
              if (!AddGlobal(v.name, "event type")) return;
              if (d.incomplete) {
                context_.AddType(v.name.text, {v.name.span, nullptr, /*poisoned=*/true});
              } else {
                context_.views.Add(v.name.text, file_, ViewInfo{}).decl = &v;
              }
            },
            [&](const ast::ClockDecl& c) {
              if (!AddGlobal(c.name, "event type")) return;
              const TypeId id = context_.AddType(c.name.text, {c.name.span, nullptr, d.incomplete});
              context_.types[id.index()].clock = true;
            },
            [&](const ast::RuleDecl& r) {
              if (AddGlobal(r.name, "rule")) {
                context_.rule_names.emplace(r.name.text, r.name.span);
                context_.rules.push_back({&d, &r});
              }
            },
            [&](const ast::TestDecl& t) {
              if (!d.incomplete) context_.tests.push_back(&t);
            },
        },
        d.node);
  }

  void AddConstant(const ast::Declaration& declaration, const ast::Name& name,
                   const std::optional<ast::TypeExpr>& type, const ast::Expr* value,
                   bool is_param) {
    if (!AddScoped(name, "constant")) return;
    ConstantInfo& info = context_.constants.Add(name.text, file_, ConstantInfo{});
    info.name = name;
    info.type = &type;
    info.value = value;
    info.is_param = is_param;
    if (!declaration.incomplete) return;
    info.progress = Progress::kDone;
    info.result = ErrorExpr(name.span);
  }

  // False when the name is taken (reported).
  bool AddGlobal(const ast::Name& name, const std::string& kind) {
    by_kind_[kind].push_back(name);
    auto [it, is_new] = global_.emplace(name.text, name.span);
    if (!is_new) ReportTwice(name, it->second);
    return is_new;
  }

  // Consts, params and fns: one namespace for the files that see each other.
  bool AddScoped(const ast::Name& name, const std::string& kind) {
    by_kind_[kind].push_back(name);
    std::vector<Span>& taken = scoped_[name.text];
    for (const Span& other : taken) {
      if (context_.visible[name.span.file].count(other.file) != 0 ||
          context_.visible[other.file].count(name.span.file) != 0) {
        ReportTwice(name, other);
        return false;
      }
    }
    taken.push_back(name.span);
    return true;
  }

  void ReportTwice(const ast::Name& name, Span first) {
    Diagnostic& d = context_.Report(DiagnosticCode::kDuplicateName, name.span,
                                    absl::StrCat(Quoted(name.text), " is declared twice"));
    d.label = "a second time here";
    d.labels.push_back({first, "first declared here"});
  }

  CheckContext& context_;
  uint32_t file_ = 0;
  std::map<std::string, Span> global_;
  std::map<std::string, std::vector<Span>> scoped_;
  std::map<std::string, std::vector<ast::Name>> by_kind_;
};

}  // namespace

void DeclareNames(CheckContext& context) {
  Declarer declarer(context);
  for (const ast::File& file : context.files) declarer.DeclareFile(file);
  declarer.WarnSimilar();
}

}  // namespace spate
