#include "tests/property/generate.h"

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/property/generate_expr.h"
#include "tests/property/generate_pattern.h"

namespace spate::property {
namespace {

using reference::Admitted;
using reference::DeclPtr;
using reference::Emit;
using reference::End;
using reference::Event;
using reference::EventDecl;
using reference::Expr;
using reference::Input;
using reference::Key;
using reference::kSecond;
using reference::Policy;
using reference::Rule;
using reference::RuleFile;
using reference::Stream;
using reference::Time;
using reference::Val;
using reference::WindowKind;

std::string LayerType(int layer) { return "L" + std::to_string(layer); }

class RuleMaker {
 public:
  // `layer`: the rule reads derived events of layers up to this one; `feeds`: it emits for the
  // next.
  RuleMaker(int index, int layer, bool feeds, Random* random)
      : index_(index), layer_(layer), feeds_(feeds), random_(*random) {}

  Rule Make() {
    rule_.name = "r" + std::to_string(index_);
    ChooseTypes();
    if (random_.Percent(18)) {
      FromRule();
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
    GeneratedPattern made = GeneratePattern(types_, &random_);
    rule_.pattern = made.root;
    PatternFrom();
    int p = random_.Int(1, 100);
    if (p <= 50) {
      rule_.window = WindowKind::kWithin;
      rule_.window_size = random_.Int(1, 12) * kSecond / 2;
    } else if (p <= 70) {
      rule_.window = WindowKind::kEvents;
      rule_.window_size = random_.Int(2, 6);
    } else {
      rule_.window = WindowKind::kUnbounded;
    }
    if (!made.vars.empty()) {
      for (int n = random_.Percent(30) ? random_.Int(1, 2) : 0; n > 0; --n) {
        rule_.where.push_back(GenerateConjunct(made.vars, &random_));
      }
    }
    Keys();
    rule_.report_each = random_.Percent(14);
    ChoosePolicy(made);
    Emits(made.vars);
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
    int p = random_.Int(1, 100);
    if (p <= 40) {
      rule_.window = WindowKind::kTumbling;
      rule_.window_size = random_.Int(1, 6) * kSecond / 2;
    } else if (p <= 80) {
      rule_.window = WindowKind::kSliding;
      rule_.window_size = random_.Int(0, 6) * kSecond / 2 + kSecond / 2;
    }
    if (random_.Percent(25)) rule_.where.push_back(GenerateConjunct({"r"}, &random_));
    Keys();
    if (rule_.window != WindowKind::kNone && random_.Percent(50)) {
      rule_.having = GenerateHaving("r", &random_);
    }
    Emits({"r"});
  }

  static Key BareKey(const std::string& attr) { return {attr, {{"", Bare(attr)}}}; }

  void Keys() {
    if (!random_.Percent(38)) return;
    int p = random_.Int(1, 100);
    if (p <= 55) {
      rule_.by = {BareKey("k")};
    } else if (p <= 65) {
      rule_.by = {BareKey("x")};
    } else if (p <= 78) {
      rule_.by = {BareKey("k"), BareKey("x")};
    } else {
      Key key;
      for (const std::string& type : types_) {
        key.parts.push_back({type, Bare(random_.Percent(60) ? "x" : "y")});
      }
      key.name = key.parts[0].value.name;
      rule_.by.push_back(std::move(key));
    }
  }

  void Emits(const std::vector<std::string>& vars) {
    int count = random_.Percent(15) ? 2 : 1;
    for (int n = 0; n < count; ++n) {
      Emit emit;
      emit.type = "M" + std::to_string(index_) + (n > 0 ? "b" : "");
      for (int i = random_.Int(0, 3); i > 0; --i) {
        if (vars.empty()) break;
        bool of_window = rule_.pattern == nullptr;
        emit.attrs.emplace_back("v" + std::to_string(i),
                                GenerateAttribute(random_.Pick(vars), of_window, &random_));
      }
      if (!rule_.by.empty() && random_.Percent(40)) {
        emit.attrs.emplace_back("key", Bare(rule_.by.back().name));
      }
      rule_.emits.push_back(std::move(emit));
    }
    if (feeds_) FeedNextLayer(vars);
  }

  void FeedNextLayer(const std::vector<std::string>& vars) {
    Emit emit;
    emit.type = LayerType(layer_ + 1);
    for (const char* attr : {"x", "k", "y"}) {
      if (vars.empty() || random_.Percent(15)) continue;  // left out: null
      emit.attrs.emplace_back(attr, VarAttr(random_.Pick(vars), attr));
    }
    if (random_.Percent(50)) rule_.emits.clear();
    rule_.emits.push_back(std::move(emit));
  }

  int index_;
  int layer_;
  bool feeds_;
  Random& random_;
  Rule rule_;
  std::vector<std::string> types_;
};

// The time attribute and, so that events can be told apart, an id.
DeclPtr BaseType(const std::string& name) {
  return std::make_shared<EventDecl>(EventDecl{
      .name = name,
      .attrs = {{"ts", "time"}, {"id", "int"}, {"x", "int"}, {"k", "string?"}, {"y", "int?"}},
      .at = "ts"});
}

DeclPtr DerivedType(const std::string& name) {
  return std::make_shared<EventDecl>(
      EventDecl{.name = name, .attrs = {{"x", "int?"}, {"k", "string?"}, {"y", "int?"}}, .at = ""});
}

void AddTypes(const reference::Node& node, std::set<std::string>* types) {
  if (node.kind == reference::NodeKind::kStep) types->insert(node.type);
  for (const auto& child : node.children) AddTypes(*child, types);
}

// The base types that the rules read, most of the time; else any.
std::vector<DeclPtr> TypesToPush(const RuleFile& file, Random* random) {
  std::set<std::string> read;
  for (const Rule& rule : file.rules) {
    if (rule.pattern != nullptr) AddTypes(*rule.pattern, &read);
    for (const Admitted& a : rule.from) read.insert(a.type);
  }
  std::vector<DeclPtr> types;
  for (const DeclPtr& type : file.types) {
    if (type->at.empty()) continue;
    if (read.contains(type->name) || random->Percent(20)) types.push_back(type);
  }
  return types.empty() ? std::vector<DeclPtr>{file.types[0]} : types;
}

reference::EventPtr MakeEvent(const DeclPtr& type, Time time, int id, Random* random) {
  auto event = std::make_shared<Event>();
  event->decl = type;
  event->time = time;
  Val k = random->Percent(25) ? Val::Null() : Val::Text(random->Percent(65) ? "u" : "v");
  Val y = random->Percent(30) ? Val::Null() : Val::Int(random->Int(0, 3));
  event->values = {Val::Null(), Val::Int(id), Val::Int(random->Int(0, 3)), k, y};
  return event;
}

// Delays events by up to the lateness, a few by more (these are late), as a network would.
void Disorder(Stream* stream, Random* random) {
  stream->lateness = random->Int(1, 4) * kSecond / 2;
  std::vector<std::pair<Time, Input>> arrivals;
  for (Input& input : stream->inputs) {
    int64_t most = random->Percent(4) ? 2 * stream->lateness : stream->lateness;
    int64_t delay = most / 4 * random->Int(0, 4);
    arrivals.emplace_back(input.event->time + delay, input);
  }
  std::stable_sort(arrivals.begin(), arrivals.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (size_t i = 0; i < arrivals.size(); ++i) stream->inputs[i] = arrivals[i].second;
}

void AddWatermarks(Stream* stream, Random* random) {
  for (int n = random->Int(1, 2); n > 0; --n) {
    size_t at = static_cast<size_t>(random->Int(0, static_cast<int>(stream->inputs.size())));
    Time last = 0;
    for (size_t i = 0; i < at; ++i) {
      if (stream->inputs[i].event != nullptr) last = stream->inputs[i].event->time;
    }
    Input watermark{nullptr, last + random->Int(-1, 3) * kSecond / 2};
    if (at == stream->inputs.size()) watermark.time += random->Int(0, 10) * kSecond;
    if (watermark.time < 0) watermark.time = 0;
    stream->inputs.insert(stream->inputs.begin() + static_cast<long>(at), watermark);
  }
}

}  // namespace

std::vector<DeclPtr> BaseTypes() {
  return {BaseType("A"), BaseType("B"), BaseType("C"), DerivedType("L1"), DerivedType("L2")};
}

RuleFile GenerateRules(Random* random) {
  RuleFile file;
  file.types = BaseTypes();
  static const std::vector<int> kRules = {1, 1, 1, 1, 1, 1, 2, 2, 3};
  int count = random->Pick(kRules);
  int layer = 0;
  bool fed = false;  // the rule before emits for this layer
  for (int i = 0; i < count; ++i) {
    if (fed) ++layer;
    bool feeds = i + 1 < count && layer < 2 && random->Percent(65);
    file.rules.push_back(RuleMaker(i, layer, feeds, random).Make());
    fed = feeds;
  }
  // The place in the file need not follow the layer.
  for (size_t i = file.rules.size(); i > 1; --i) {
    std::swap(file.rules[i - 1], file.rules[random->Next() % i]);
  }
  return file;
}

Stream GenerateStream(const RuleFile& file, Random* random) {
  Stream stream;
  std::vector<DeclPtr> types = TypesToPush(file, random);
  static const std::vector<int> kHalfSeconds = {0, 0, 0, 1, 1, 2, 2, 2, 4};
  Time now = random->Int(0, 4) * kSecond / 2;
  for (int i = 0, n = random->Int(3, 12); i < n; ++i) {
    now += random->Pick(kHalfSeconds) * kSecond / 2;
    stream.inputs.push_back({MakeEvent(random->Pick(types), now, i + 1, random), 0});
  }
  if (random->Percent(30)) Disorder(&stream, random);
  if (random->Percent(20)) AddWatermarks(&stream, random);
  int p = random->Int(1, 100);
  stream.end = p <= 60 ? End::kClose : p <= 85 ? End::kAdvance : End::kHold;
  return stream;
}

}  // namespace spate::property
