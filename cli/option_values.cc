#include "cli/option_values.h"

#include "absl/strings/str_cat.h"
#include "cli/usage_error.h"

namespace spate::cli {

std::pair<std::string, std::string> SplitPair(const std::string& text, const std::string& option,
                                              const std::string& form) {
  const size_t equal = text.find('=');
  if (equal == std::string::npos || equal == 0) {
    throw UsageError(absl::StrCat(option, " takes ", form, ", not `", text, "`"));
  }
  return {text.substr(0, equal), text.substr(equal + 1)};
}

void AddParams(CLI::App* verb, std::vector<std::string>* params) {
  verb->add_option("--param", *params, "the value of a param of the rules")
      ->type_name("name=value")
      ->allow_extra_args(false);
}

std::map<std::string, std::string> ReadParams(const std::vector<std::string>& texts) {
  std::map<std::string, std::string> params;
  for (const std::string& text : texts) {
    auto [name, value] = SplitPair(text, "--param", "name=value");
    if (!params.emplace(name, value).second) {
      throw UsageError(absl::StrCat("--param ", name, " is given twice"));
    }
  }
  return params;
}

CLI::Validator OneOf(const std::vector<std::string>& choices) {
  return CLI::Validator(CLI::IsMember(choices)).description("");
}

void AddColor(CLI::App* verb, std::string* color) {
  verb->add_option("--color", *color, "colour in diagnostics")
      ->check(OneOf({"auto", "always", "never"}))
      ->type_name("auto|always|never");
}

ColorMode ReadColor(const std::string& text) {
  if (text == "always") return ColorMode::kAlways;
  return text == "never" ? ColorMode::kNever : ColorMode::kAuto;
}

}  // namespace spate::cli
