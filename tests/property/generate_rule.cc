#include "tests/property/generate_rule.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "tests/property/generate_emit.h"
#include "tests/property/generate_expr.h"
#include "tests/property/generate_pattern.h"
#include "tests/property/generate_window.h"
#include "tests/reference/keys.h"

namespace spate::property {
namespace {

using reference::Admitted;
using reference::Expr;
using reference::Keep;
using reference::Key;
using reference::kSecond;
using reference::Policy;
using reference::Rule;
using reference::WindowKind;

class RuleMaker {
 public:
  RuleMaker(int index, int layer, bool feeds, bool clock, Random* random)
      : index_(index),
        layer_(layer),
        feeds_(feeds),
        clock_(clock),
        random_(*random),
        emits_(index, layer, feeds, &rule_, random) {}

  Rule Make() {
    rule_.name = "r" + std::to_string(index_);
    ChooseTypes();
    if (clock_ && !feeds_ && random_.Percent(40)) {
      ClockFromRule();
    } else if (random_.Percent(18)) {
      FromRule();
    } else if (random_.Percent(15)) {
      JoinRule();
    } else if (random_.Percent(10)) {
      SummaryRule();
    } else {
      PatternRule();
    }
    return std::move(rule_);
  }

 private:
  void ChooseTypes() {
    std::vector<std::string> base = {"A", "B", "C"};
    size_t count = static_cast<size_t>(random_.Int(1, 3));
    while (types_.size() < count) {
      const std::string& t = random_.Pick(base);
      if (std::find(types_.begin(), types_.end(), t) == types_.end()) types_.push_back(t);
    }
    if (layer_ > 0) types_.push_back(LayerType(layer_));
    if (layer_ > 1 && random_.Percent(30)) types_.push_back(LayerType(1));
  }

  void PatternRule() {
    GeneratedPattern made = GeneratePattern(PatternShape::kAny, types_, clock_, &random_);
    rule_.pattern = made.root;
    if (!made.has_clock) PatternFrom();
    PatternWindow(made.needs_window);
    if (random_.Percent(12)) rule_.gap = random_.Int(1, 5) * kSecond / 2;
    if (random_.Percent(9)) rule_.until = GenerateOneOf(types_, &random_);
    Where(made);
    GenerateLimit(&rule_, &random_);
    PatternKeys(made);
    rule_.report_each = random_.Percent(14);
    ChoosePolicy(made);
    ChooseKeep();
    emits_.Reports(made.vars, made.groups);
    emits_.Timeout(made.vars);
    emits_.Summary(made.vars);
  }

  // What PatternShape::kJoin is for: few clauses.
  void JoinRule() {
    GeneratedPattern made = GeneratePattern(PatternShape::kJoin, types_, false, &random_);
    rule_.pattern = made.root;
    PatternFrom();
    Within(random_.Percent(12) ? 100 : random_.Int(1, 70));
    if (random_.Percent(25)) Where(made);
    GenerateLimit(&rule_, &random_);
    PatternKeys(made);
    if (random_.Percent(45)) {
      rule_.policy = Policy::kNoSkip;
    } else {
      ChoosePolicy(made);
    }
    rule_.report_each = random_.Percent(25);
    emits_.Reports(made.vars, made.groups);
    emits_.Summary(made.vars);
  }

  // `emit summary` alone, over a pattern whose matches need not be listed for it.
  void SummaryRule() {
    GeneratedPattern made = GeneratePattern(PatternShape::kPlain, types_, clock_, &random_);
    rule_.pattern = made.root;
    if (!made.has_clock) PatternFrom();
    Within(random_.Int(1, 100));
    PatternKeys(made);
    rule_.policy = Policy::kNoSkip;
    rule_.report_each = random_.Percent(25);
    std::vector<std::string> vars = made.vars;
    vars.insert(vars.end(), made.groups.begin(), made.groups.end());
    emits_.CountedSummaries(vars);
  }

  void PatternWindow(bool needs_window) {
    if (random_.Percent(18)) return OtherPatternWindow();
    int p = random_.Int(1, 100);
    Within(needs_window && p > 70 ? 1 : p);
  }

  void Within(int percent) {
    if (percent <= 50) {
      rule_.window = WindowKind::kWithin;
      rule_.window_size = random_.Int(1, 12) * kSecond / 2;
    } else if (percent <= 70) {
      rule_.window = WindowKind::kEvents;
      rule_.window_size = random_.Int(2, 6);
    } else {
      rule_.window = WindowKind::kUnbounded;
    }
  }

  void OtherPatternWindow() {
    switch (random_.Int(0, 3)) {
      case 0:
        rule_.window = WindowKind::kTumbling;
        rule_.window_size = random_.Int(2, 8) * kSecond / 2;
        if (random_.Percent(30)) rule_.offset = {"", random_.Int(1, 3) * kSecond / 2};
        return;
      case 1:
        rule_.window = WindowKind::kTumblingEvents;
        rule_.window_size = random_.Int(2, 6);
        return;
      case 2:
        rule_.window = WindowKind::kSession;
        rule_.window_size = random_.Int(1, 3) * kSecond / 2;
        if (random_.Percent(35)) rule_.session_max = random_.Int(2, 6) * kSecond / 2;
        return;
      default:
        rule_.window = WindowKind::kEnding;
        rule_.ending = GenerateOneOf(types_, &random_);
    }
  }

  // Conjuncts over variables that a match can bind all.
  void Where(const GeneratedPattern& made) {
    std::vector<std::string> left = made.vars, together;
    auto apart = [&](const std::string& v, const std::string& w) {
      return std::any_of(made.apart.begin(), made.apart.end(), [&](const auto& p) {
        return (p.first == v && p.second == w) || (p.first == w && p.second == v);
      });
    };
    auto add_one = [&] {
      if (left.empty()) return;
      std::string var = random_.Pick(left);
      together.push_back(var);
      std::erase_if(left, [&](const std::string& v) { return v == var || apart(v, var); });
    };
    add_one();
    add_one();
    if (together.empty()) return;
    for (int n = random_.Percent(30) ? random_.Int(1, 2) : 0; n > 0; --n) {
      rule_.where.push_back(GenerateConjunct(together, &random_));
    }
    if (!random_.Percent(12)) return;
    for (const std::string& group : made.groups) {
      bool fits = std::none_of(together.begin(), together.end(),
                               [&](const std::string& v) { return apart(v, group); });
      if (fits) together.push_back(group);
    }
    rule_.where.push_back(GenerateEndConjunct(together, &random_));
  }

  void ChooseKeep() {
    if (random_.Percent(9)) {
      rule_.keep = Keep::kFirst;
    } else if (HasPlainShape(*rule_.pattern) && random_.Percent(20)) {
      rule_.keep = Keep::kLatest;
    }
  }

  // Steps, exact counts, alternatives and bans: what `keep latest` is for.
  static bool HasPlainShape(const reference::Node& node) {
    if (node.kind == reference::NodeKind::kLoop && node.min != node.max) return false;
    if (node.kind == reference::NodeKind::kPermutation) return false;
    return std::all_of(node.children.begin(), node.children.end(),
                       [](const auto& child) { return HasPlainShape(*child); });
  }

  // `from` admits all types of the steps, some with a condition, and perhaps one more.
  void PatternFrom() {
    if (!random_.Percent(12)) return;
    for (const std::string& type : types_) AddAdmitted(type);
    for (const char* more : {"A", "B", "C"}) {
      if (std::find(types_.begin(), types_.end(), more) == types_.end()) {
        types_.push_back(more);
        AddAdmitted(more);
        return;
      }
    }
  }

  void AddAdmitted(const std::string& type) {
    Admitted a{type, std::nullopt};
    if (random_.Percent(35)) a.condition = GenerateCondition({}, "", &random_);
    rule_.from.push_back(std::move(a));
  }

  void ChoosePolicy(const GeneratedPattern& made) {
    int p = random_.Int(1, 100);
    if (p <= 25) return;
    if (p <= 55) {
      rule_.policy = Policy::kNoSkip;
    } else if (p <= 70) {
      rule_.policy = Policy::kNextEvent;
    } else if (p <= 85) {
      if (made.can_follow.empty()) return;
      rule_.policy = Policy::kToFirst;
      rule_.policy_var = random_.Pick(made.can_follow);
    } else {
      std::vector<std::string> vars = made.can_follow;
      vars.insert(vars.end(), made.can_repeat.begin(), made.can_repeat.end());
      if (vars.empty()) return;
      rule_.policy = Policy::kToLast;
      rule_.policy_var = random_.Pick(vars);
    }
  }

  void FromRule() {
    rule_.from_var = "r";
    size_t count = random_.Percent(65) ? 1 : types_.size();
    if (layer_ > 0) std::swap(types_[0], types_.back());  // read what the layer below emits
    types_.resize(count);
    for (const std::string& type : types_) AddAdmitted(type);
    GenerateWindow(types_, &rule_, &random_);
    if (random_.Percent(25)) rule_.where.push_back(GenerateConjunct({"r"}, &random_));
    Keys();
    if (rule_.window != WindowKind::kNone && random_.Percent(60)) {
      rule_.having = GenerateHaving("r", &random_);
    }
    GenerateReporting(&rule_, &random_);
    emits_.Reports({"r"}, {});
    if (rule_.window == WindowKind::kTumbling || rule_.window == WindowKind::kHopping) {
      emits_.WindowEdges();
    }
    bool changes = rule_.on_change || rule_.having_for != 0;
    if (changes && random_.Percent(50)) emits_.Else();
  }

  // Windows over clock events, beside others or alone, and windows that one closes.
  void ClockFromRule() {
    rule_.from_var = "r";
    const std::string type = random_.Pick(types_);
    const bool ends = random_.Percent(40);
    if (ends || random_.Percent(50)) AddAdmitted(type);
    if (!ends) rule_.from.push_back({kClockType, std::nullopt});
    if (ends) {
      reference::Node step;
      step.type = kClockType;
      rule_.window = WindowKind::kEnding;
      rule_.ending = std::make_shared<const reference::Node>(std::move(step));
    } else {
      GenerateWindow({type}, &rule_, &random_);
    }
    if (rule_.from[0].type == type && random_.Percent(50)) rule_.by = {KeyOf("k", Bare("k"))};
    if (rule_.window != WindowKind::kNone && random_.Percent(50)) {
      rule_.having = Binary(">=", Call("count", "", ""), Number(random_.Int(1, 3)));
    }
    GenerateReporting(&rule_, &random_);
    emits_.ClockReport();
  }

  static Key KeyOf(const std::string& name, Expr value) {
    Key key;
    key.name = name;
    key.parts.push_back({"", std::move(value)});
    return key;
  }

  void Keys() {
    if (!random_.Percent(38)) return;
    if (random_.rich() && random_.Percent(15)) {
      rule_.by = {KeyOf("of_rec", Bare("rec.b"))};
      return;
    }
    int p = random_.Int(1, 100);
    if (random_.Percent(12)) {
      rule_.by = {random_.Percent(50) ? KeyOf("p", Modulo(Bare("x"), 2))
                                      : KeyOf("u", Lower(Bare("k")))};
    } else if (p <= 55) {
      rule_.by = {KeyOf("k", Bare("k"))};
    } else if (p <= 65) {
      rule_.by = {KeyOf("x", Bare("x"))};
    } else if (p <= 78 || rule_.window == WindowKind::kEnding) {
      rule_.by = {KeyOf("k", Bare("k")), KeyOf("x", Bare("x"))};
    } else {
      Key key;
      for (const std::string& type : types_) {
        key.parts.push_back({type, Bare(random_.Percent(60) ? "x" : "y")});
      }
      key.name = key.parts[0].value.name;
      rule_.by.push_back(std::move(key));
    }
  }

  // `by a.x = b.y` needs a variable at every step.
  void PatternKeys(const GeneratedPattern& made) {
    std::vector<reference::PlacedStep> steps;
    CollectSteps(*rule_.pattern, {}, &steps);
    if (rule_.until != nullptr) CollectSteps(*rule_.until, {}, &steps);
    if (rule_.ending != nullptr) CollectSteps(*rule_.ending, {}, &steps);
    std::vector<std::string> vars;
    for (const auto& s : steps) {
      if (s.vars.empty()) return Keys();
      const std::string& var = s.vars.back();
      if (std::find(vars.begin(), vars.end(), var) == vars.end()) vars.push_back(var);
    }
    bool named_groups = !made.groups.empty();
    if (named_groups || !rule_.from.empty() || !random_.Percent(12)) return Keys();
    Key key;
    for (const std::string& var : vars) {
      key.parts.push_back({var, Bare(random_.Percent(60) ? "x" : "y")});
    }
    key.name = key.parts[0].value.name;
    rule_.by = {std::move(key)};
  }

  int index_;
  int layer_;
  bool feeds_;
  bool clock_;
  Random& random_;
  Rule rule_;
  std::vector<std::string> types_;
  EmitMaker emits_;
};

}  // namespace

Rule GenerateRule(int index, int layer, bool feeds, bool clock, Random* random) {
  return RuleMaker(index, layer, feeds, clock, random).Make();
}

}  // namespace spate::property
