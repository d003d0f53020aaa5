#include "cli/completions.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"

namespace spate::cli {
namespace {

std::string Names(absl::Span<const VerbHelp> verbs) {
  return absl::StrJoin(verbs, " ", [](std::string* s, const VerbHelp& v) { s->append(v.name); });
}

// In single quotes, for zsh and fish.
std::string Quote(const std::string& text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "'\\''"}}), "'");
}

// In the words of `_arguments`, colons and brackets end a part.
std::string ZshText(const std::string& text) {
  return absl::StrReplaceAll(text, {{"[", "("}, {"]", ")"}, {":", " "}});
}

}  // namespace

std::string BashCompletions(absl::Span<const VerbHelp> verbs) {
  std::string values;   // by verb and option
  std::string options;  // by verb
  for (const VerbHelp& v : verbs) {
    std::vector<std::string> names;
    for (const OptionHelp& o : v.options) {
      names.push_back(o.name);
      if (o.choices.empty()) continue;
      absl::StrAppend(&values, "    ", v.name, ".", o.name, ") words=\"",
                      absl::StrJoin(o.choices, " "), "\" ;;\n");
    }
    absl::StrAppend(&options, "    ", v.name, ") options=\"", absl::StrJoin(names, " "),
                    "\"; words=\"", absl::StrJoin(v.words, " "), "\" ;;\n");
  }
  return absl::StrCat(
      "# bash completion of spate: source it, or put it where bash looks for completions.\n"
      "_spate() {\n"
      "  local word=\"${COMP_WORDS[COMP_CWORD]}\" before=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
      "  local verb=\"${COMP_WORDS[1]}\" options=\"\" words=\"\"\n"
      "  COMPREPLY=()\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
      "    COMPREPLY=($(compgen -W \"",
      Names(verbs),
      " --help --version\" -- \"$word\"))\n"
      "    return\n"
      "  fi\n"
      "  case \"$verb.$before\" in\n",
      values,
      "  esac\n"
      "  if [ -n \"$words\" ]; then\n"
      "    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
      "    return\n"
      "  fi\n"
      "  case \"$verb\" in\n",
      options,
      "  esac\n"
      "  case \"$word\" in\n"
      "    -*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\")) ;;\n"
      "    *) COMPREPLY=($(compgen -W \"$words\" -- \"$word\") $(compgen -f -- \"$word\")) ;;\n"
      "  esac\n"
      "}\n"
      "complete -o filenames -F _spate spate\n");
}

std::string ZshCompletions(absl::Span<const VerbHelp> verbs) {
  std::string names;
  std::string cases;
  for (const VerbHelp& v : verbs) {
    absl::StrAppend(&names, "    ", Quote(absl::StrCat(v.name, ":", ZshText(v.text))), "\n");
    absl::StrAppend(&cases, "    ", v.name, ")\n      _arguments");
    for (const OptionHelp& o : v.options) {
      std::string spec = absl::StrCat("*", o.name, "[", ZshText(o.text), "]");
      if (o.takes_value) {
        absl::StrAppend(&spec, ":value:",
                        o.choices.empty() ? std::string("_files")
                                          : absl::StrCat("(", absl::StrJoin(o.choices, " "), ")"));
      }
      absl::StrAppend(&cases, " \\\n        ", Quote(spec));
    }
    const std::string rest = v.words.empty()
                                 ? std::string("*:file:_files")
                                 : absl::StrCat("*:word:(", absl::StrJoin(v.words, " "), ")");
    absl::StrAppend(&cases, " \\\n        ", Quote(rest), " ;;\n");
  }
  return absl::StrCat(
      "#compdef spate\n"
      "# zsh completion of spate: put it as `_spate` into a directory of $fpath.\n"
      "local -a verbs\n"
      "verbs=(\n",
      names,
      ")\n"
      "if (( CURRENT == 2 )); then\n"
      "  _describe 'verb' verbs\n"
      "else\n"
      "  local verb=$words[2]\n"
      "  shift words\n"
      "  (( CURRENT-- ))\n"
      "  case $verb in\n",
      cases,
      "  esac\n"
      "fi\n");
}

std::string FishCompletions(absl::Span<const VerbHelp> verbs) {
  std::string out =
      "# fish completion of spate: put it as `spate.fish` into fish's directory of completions.\n";
  for (const VerbHelp& v : verbs) {
    absl::StrAppend(&out, "complete -c spate -n __fish_use_subcommand -f -a ", v.name, " -d ",
                    Quote(v.text), "\n");
    const std::string only =
        absl::StrCat("complete -c spate -n '__fish_seen_subcommand_from ", v.name, "'");
    for (const OptionHelp& o : v.options) {
      absl::StrAppend(&out, only, " -l ", o.name.substr(2), " -d ", Quote(o.text));
      if (o.takes_value) absl::StrAppend(&out, " -r");
      if (!o.choices.empty()) {
        absl::StrAppend(&out, " -f -a ", Quote(absl::StrJoin(o.choices, " ")));
      }
      absl::StrAppend(&out, "\n");
    }
    if (!v.words.empty()) {
      absl::StrAppend(&out, only, " -f -a ", Quote(absl::StrJoin(v.words, " ")), "\n");
    }
  }
  return out;
}

}  // namespace spate::cli
