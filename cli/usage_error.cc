#include "cli/usage_error.h"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "compiler/source/diagnostic.h"

namespace spate::cli {
namespace {

std::vector<std::string> OptionNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

int Fail(absl::string_view verb, absl::string_view message) {
  const std::string program = verb.empty() ? "spate" : absl::StrCat("spate ", verb);
  std::fprintf(stderr, "%s: %s\nTry `%s --help`.\n", program.c_str(), std::string(message).c_str(),
               program.c_str());
  return kUsage;
}

std::string WithProposal(std::string message, const std::string& name,
                         const std::vector<std::string>& names) {
  const std::string nearest = NearestName(name, names);
  if (!nearest.empty()) absl::StrAppend(&message, "; did you mean `", nearest, "`?");
  return message;
}

}  // namespace

int FailParse(const CLI::App& verb, const CLI::ParseError& error) {
  const std::string what = error.what();
  const size_t colon = what.rfind(": ");
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr && colon != std::string::npos) {
    // The words that were left over stand at the end of the message.
    const std::string name =
        what.substr(colon + 2, what.find_first_of(" =", colon + 2) - colon - 2);
    return Fail(verb.get_name(),
                WithProposal(absl::StrCat("unknown option `", name, "`"), name, OptionNames(verb)));
  }
  return Fail(verb.get_name(), what);
}

std::optional<int> FailUnknownVerb(int argc, const char* const* argv) {
  const std::vector<std::string> verbs = {"run", "check", "test", "explain", "fmt", "completions"};
  if (argc < 2 || argv[1][0] == '-') return std::nullopt;
  const std::string word = argv[1];
  if (std::find(verbs.begin(), verbs.end(), word) != verbs.end()) return std::nullopt;
  if (absl::EndsWith(word, ".spate")) {
    return Fail("",
                absl::StrCat("a verb is expected before `", word, "`: spate run ", word, " ..."));
  }
  return Fail("", WithProposal(absl::StrCat("unknown verb `", word, "`"), word, verbs));
}

}  // namespace spate::cli
