// Dump of patterns.
#include "absl/strings/str_cat.h"
#include "compiler/syntax/dump.h"
#include "compiler/syntax/dump_parts.h"
#include "runtime/base/overload.h"

namespace spate {
namespace dump {
namespace {

absl::string_view Text(ast::SequenceOp op) {
  if (op == ast::SequenceOp::kFollowedBy) return "->";
  return op == ast::SequenceOp::kFollowedByAny ? "->>" : ",";
}

std::string Bound(const std::optional<ast::Name>& name, uint64_t number) {
  return name.has_value() ? name->text : absl::StrCat(number);
}

std::string OfQuantifier(const ast::Quantifier& q) {
  static constexpr absl::string_view kWords[] = {"", "strict", "relaxed", "any"};
  const absl::string_view word = kWords[static_cast<size_t>(q.contiguity)];
  if (q.is_default) return std::string(word);
  std::string result = absl::StrCat("{", Bound(q.min_name, q.min), ",");
  if (q.max.has_value()) absl::StrAppend(&result, Bound(q.max_name, *q.max));
  absl::StrAppend(&result, "}", q.reluctant ? "?" : "");
  return word.empty() ? result : absl::StrCat(result, " ", word);
}

std::string OfNode(const ast::Pattern& p, const std::string& variable,
                   const std::string& quantifier) {
  const auto elements = [](const std::vector<ast::PatternPtr>& list) {
    std::vector<std::string> parts;
    for (const ast::PatternPtr& element : list) parts.push_back(Dump(*element));
    return parts;
  };
  return std::visit(Overload{
                        [&](const ast::Step& step) {
                          return Form("step", {variable, OfTypeUse(step.use), quantifier});
                        },
                        [&](const ast::Sequence& sequence) {
                          std::vector<std::string> parts{Dump(*sequence.elements[0])};
                          for (size_t i = 0; i < sequence.ops.size(); ++i) {
                            parts.emplace_back(Text(sequence.ops[i]));
                            parts.push_back(Dump(*sequence.elements[i + 1]));
                          }
                          return Form("seq", parts);
                        },
                        [&](const ast::Permutation& permutation) {
                          return Form("&", elements(permutation.elements));
                        },
                        [&](const ast::Alternation& alternation) {
                          return Form("|", elements(alternation.elements));
                        },
                        [&](const ast::Group& group) {
                          std::vector<std::string> parts{variable, Dump(*group.inner)};
                          for (std::string& bound : OfBounds(group.bounds))
                            parts.push_back(std::move(bound));
                          parts.push_back(quantifier);
                          return Form("group", parts);
                        },
                        [&](const ast::Ban& ban) {
                          std::vector<std::string> parts{Dump(*ban.banned)};
                          if (ban.for_duration != nullptr)
                            parts.push_back(Form("for", {Of(ban.for_duration)}));
                          if (ban.before_time != nullptr)
                            parts.push_back(Form("before", {Of(ban.before_time)}));
                          if (ban.ever) parts.emplace_back("ever");
                          return Form("ban", parts);
                        },
                    },
                    p.node);
}

}  // namespace

std::vector<std::string> OfBounds(const ast::Bounds& bounds) {
  std::vector<std::string> parts;
  if (bounds.within.has_value()) {
    const ast::WithinBound& within = *bounds.within;
    const std::string events = within.events ? absl::StrCat(Of(within.events), " events") : "";
    parts.push_back(
        Form("within", {within.unbounded ? "unbounded" : "", Of(within.duration), events}));
  }
  if (bounds.gap.has_value()) parts.push_back(Form("gap", {Of(bounds.gap->duration)}));
  return parts;
}

std::string OfTypeUse(const ast::TypeUse& use) {
  const std::string condition = Of(use.condition);
  return condition.empty() ? use.type.text : absl::StrCat(use.type.text, "[", condition, "]");
}

std::string OfTypeUses(const std::vector<ast::TypeUse>& uses) {
  std::vector<std::string> parts;
  for (const ast::TypeUse& use : uses) parts.push_back(OfTypeUse(use));
  return parts.size() == 1 ? parts[0] : Form("|", parts);
}

}  // namespace dump

std::string Dump(const ast::Pattern& pattern) {
  const std::string variable =
      pattern.variable.has_value() ? absl::StrCat(pattern.variable->text, ":") : "";
  return dump::OfNode(pattern, variable, dump::OfQuantifier(pattern.quantifier));
}

}  // namespace spate
