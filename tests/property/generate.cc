#include "tests/property/generate.h"

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/property/generate_pattern.h"
#include "tests/property/generate_rule.h"
#include "tests/property/generate_values.h"
#include "tests/property/generate_window.h"
#include "tests/reference/keys.h"

namespace spate::property {
namespace {

using reference::DeclPtr;
using reference::End;
using reference::Event;
using reference::EventDecl;
using reference::Input;
using reference::kSecond;
using reference::Rule;
using reference::RuleFile;
using reference::Stream;
using reference::Time;
using reference::Val;

DeclPtr TypeOf(EventDecl decl, bool rich) {
  if (rich) {
    for (const reference::Attr& attr : RichAttributes(/*nullable=*/decl.at.empty())) {
      decl.attrs.push_back(attr);
    }
  }
  return std::make_shared<EventDecl>(std::move(decl));
}

// The time attribute and, so that events can be told apart, an id.
DeclPtr BaseType(const std::string& name, bool rich) {
  return TypeOf(
      {.name = name,
       .attrs = {{"ts", "time"}, {"id", "int"}, {"x", "int"}, {"k", "string?"}, {"y", "int?"}},
       .at = "ts"},
      rich);
}

DeclPtr DerivedType(const std::string& name, bool rich) {
  return TypeOf({.name = name, .attrs = {{"x", "int?"}, {"k", "string?"}, {"y", "int?"}}, .at = ""},
                rich);
}

void AddTypes(const reference::NodePtr& node, std::set<std::string>* types) {
  if (node == nullptr) return;
  std::vector<reference::PlacedStep> steps;
  CollectSteps(*node, {}, &steps);
  for (const auto& s : steps) types->insert(s.step->type);
}

// The base types that the rules read, most of the time; else any.
std::vector<DeclPtr> TypesToPush(const RuleFile& file, Random* random) {
  std::set<std::string> read;
  for (const Rule& rule : file.rules) {
    AddTypes(rule.pattern, &read);
    AddTypes(rule.until, &read);
    AddTypes(rule.ending, &read);
    for (const auto& a : rule.from) read.insert(a.type);
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
  if (type->attrs.size() > event->values.size()) {
    for (Val& v : RichValues(random)) event->values.push_back(std::move(v));
  }
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

void AddClock(RuleFile* file, Random* random) {
  reference::Clock clock;
  clock.type = std::make_shared<EventDecl>(
      EventDecl{.name = kClockType, .attrs = {}, .at = "", .declared = true, .ticks = true});
  clock.every = {"", random->Int(1, 8) * kSecond / 2};
  if (random->Percent(40)) clock.offset = {"", random->Int(1, 5) * kSecond / 2};
  if (FollowsCalendar(*file)) {
    clock.every = {"day", 1};
    clock.zone = "Europe/Paris";
  }
  file->types.push_back(clock.type);
  file->clocks.push_back(std::move(clock));
}

Stream OrderedStream(const RuleFile& file, int events, Random* random) {
  Stream stream;
  std::vector<DeclPtr> types = TypesToPush(file, random);
  // By the calendar: the nights of summer time, and the end of a month.
  static const std::vector<Time> kNights = {1'774'724'400, 1'792'868'400, 1'772'236'800,
                                            1'775'314'800};
  bool by_calendar = FollowsCalendar(file);
  Time start = by_calendar ? random->Pick(kNights) * kSecond : 0;
  Time half = by_calendar ? random->Int(1, 8) * 1'800 * kSecond : kSecond / 2;
  static const std::vector<int> kSteps = {0, 0, 0, 1, 1, 2, 2, 2, 4};
  Time now = start + random->Int(0, 4) * half;
  for (int i = 0; i < events; ++i) {
    now += random->Pick(kSteps) * half;
    stream.inputs.push_back({MakeEvent(random->Pick(types), now, i + 1, random), 0});
  }
  return stream;
}

void EndSomehow(Stream* stream, Random* random) {
  int p = random->Int(1, 100);
  stream->end = p <= 60 ? End::kClose : p <= 85 ? End::kAdvance : End::kHold;
}

}  // namespace

std::vector<DeclPtr> BaseTypes(bool rich) {
  return {BaseType("A", rich), BaseType("B", rich), BaseType("C", rich), DerivedType("L1", rich),
          DerivedType("L2", rich)};
}

RuleFile GenerateRules(Random* random, bool may_be_rich) {
  RuleFile file;
  random->set_rich(may_be_rich && random->Percent(35));
  file.types = BaseTypes(random->rich());
  static const std::vector<int> kRules = {1, 1, 1, 1, 1, 1, 2, 2, 3};
  int count = random->Pick(kRules);
  bool clock = random->Percent(12);
  int layer = 0;
  bool fed = false;  // the rule before emits for this layer
  for (int i = 0; i < count; ++i) {
    if (fed) ++layer;
    bool feeds = i + 1 < count && layer < 2 && random->Percent(65);
    file.rules.push_back(GenerateRule(i, layer, feeds, clock, random));
    fed = feeds;
  }
  if (clock) AddClock(&file, random);
  AddTables(&file);
  // The place in the file need not follow the layer.
  for (size_t i = file.rules.size(); i > 1; --i) {
    std::swap(file.rules[i - 1], file.rules[random->Next() % i]);
  }
  return file;
}

Stream GenerateStream(const RuleFile& file, Random* random) {
  Stream stream = OrderedStream(file, random->Int(3, 12), random);
  if (random->Percent(30)) Disorder(&stream, random);
  if (random->Percent(20)) AddWatermarks(&stream, random);
  EndSomehow(&stream, random);
  return stream;
}

Stream GenerateDisorder(const RuleFile& file, int events, Random* random) {
  Stream stream = OrderedStream(file, events, random);
  Disorder(&stream, random);
  if (random->Percent(20)) AddWatermarks(&stream, random);
  EndSomehow(&stream, random);
  return stream;
}

}  // namespace spate::property
