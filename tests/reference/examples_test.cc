// The reference against the worked examples of the language: every one that its parser can read.
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/examples/worked_examples.h"
#include "tests/reference/parse.h"
#include "tests/reference/print.h"
#include "tests/reference/run.h"

namespace spate::reference {
namespace {

using Json = nlohmann::json;

// "1970-01-01T00:00:01.500Z"; the examples stay inside one day.
Time ParseExampleTime(const std::string& text) {
  int h = 0, m = 0;
  double s = 0;
  std::sscanf(text.c_str(), "1970-01-01T%d:%d:%lfZ", &h, &m, &s);
  return (h * 3600 + m * 60) * kSecond + static_cast<Time>(s * 1000 + 0.5) * (kSecond / 1000);
}

Val FromJson(const Json& j) {
  if (j.is_boolean()) return Val::Bool(j.get<bool>());
  if (j.is_number_integer()) return Val::Int(j.get<int64_t>());
  if (j.is_number_float()) return Val::Float(j.get<double>());
  if (j.is_string()) {
    std::string text = j.get<std::string>();
    bool is_time = text.starts_with("1970-01-01T") && text.ends_with("Z");
    return is_time ? Val::Int(ParseExampleTime(text)) : Val::Text(text);
  }
  if (!j.is_array()) return Val::Null();
  std::vector<Val> list;
  for (const Json& e : j) list.push_back(FromJson(e));
  return Val::List(std::move(list));
}

DeclPtr FindType(const RuleFile& file, const std::string& name) {
  for (const DeclPtr& type : file.types) {
    if (type->name == name) return type;
  }
  return nullptr;
}

// The event's attributes without the envelope and the time attribute.
FlatEvent FlatFromJson(const Json& j, const RuleFile& file) {
  FlatEvent flat{j["type"], ParseExampleTime(j["time"]), {}};
  DeclPtr type = FindType(file, flat.type);
  for (const auto& [name, value] : j.items()) {
    if (name == "type" || name == "time" || name == "rule" || name == "matched") continue;
    if (type != nullptr && name == type->at) continue;
    flat.attrs.emplace_back(name, FromJson(value));
  }
  return flat;
}

std::string ExpectedLine(const Json& j, const RuleFile& file) {
  std::map<std::string, std::vector<FlatEvent>> matched;
  for (const auto& [var, events] : j["matched"].items()) {
    for (const Json& e : events) matched[var].push_back(FlatFromJson(e, file));
  }
  return FormatFlat(FlatFromJson(j, file), j["rule"], matched);
}

// False when the input has what the reference's events cannot hold.
bool ReadStream(const Json& example, const RuleFile& file, Stream* stream) {
  for (const Json& j : example["events"]) {
    if (j.contains("watermark")) {
      stream->inputs.push_back({nullptr, ParseExampleTime(j["watermark"])});
      continue;
    }
    DeclPtr type = j.contains("type") ? FindType(file, j["type"]) : nullptr;
    if (type == nullptr) continue;  // of an undeclared type: ignored
    auto event = std::make_shared<Event>();
    event->decl = type;
    if (type->at.empty() || !j.contains(type->at)) return false;
    event->time = ParseExampleTime(j[type->at]);
    for (const Attr& attr : type->attrs) {
      event->values.push_back(j.contains(attr.name) ? FromJson(j[attr.name]) : Val::Null());
    }
    stream->inputs.push_back({event, 0});
  }
  Json args = example.value("args", Json::array());
  for (size_t i = 0; i < args.size(); i += 2) {
    if (args[i] == "--lateness") {
      stream->lateness = std::stoll(args[i + 1].get<std::string>()) * kSecond;
    } else if (args[i] == "--at-end") {
      stream->end = args[i + 1] == "advance" ? End::kAdvance : End::kHold;
    } else {
      return false;
    }
  }
  return true;
}

std::string Joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += "  " + line + "\n";
  return out;
}

TEST(ReferenceExamples, AllThatItCanRead) {
  std::ifstream in(test::WorkedExamplesPath());
  if (!in) GTEST_SKIP() << "no worked examples at " << test::WorkedExamplesPath();
  int covered = 0, beyond = 0;
  for (std::string line; std::getline(in, line);) {
    Json example = Json::parse(line);
    if (example.contains("error")) continue;
    auto file = ParseRules(example["rules"]);
    Stream stream;
    if (!file.has_value() || !ReadStream(example, *file, &stream)) {
      ++beyond;
      continue;
    }
    ++covered;
    std::vector<std::string> expected, actual;
    for (const Json& j : example["expect"]) expected.push_back(ExpectedLine(j, *file));
    for (const Derived& d : RunReference(*file, stream)) actual.push_back(FormatDerived(d));
    EXPECT_EQ(Joined(actual), Joined(expected)) << example["name"] << "\n" << PrintRules(*file);
    // What is printed reads back as the same.
    auto again = ParseRules(PrintRules(*file));
    ASSERT_TRUE(again.has_value()) << PrintRules(*file);
    EXPECT_EQ(PrintRules(*again), PrintRules(*file));
  }
  std::printf("[ examples ] %d held by the reference, %d beyond it\n", covered, beyond);
  EXPECT_GE(covered, 100);
}

}  // namespace
}  // namespace spate::reference
