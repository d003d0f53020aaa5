// The worked examples of the language, each through the `spate` binary as a user runs it.
//
// An example must hold exactly, or be refused with exit code 2 where it shows an error. Skipped
// where the examples are not there.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/examples/worked_examples.h"

namespace spate {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

struct Outcome {
  int exit_code = -1;
  std::string out;
  std::string err;
};

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

Outcome RunSpate(const fs::path& dir, const Json& example) {
  std::ofstream(dir / "rules.spate") << example["rules"].get<std::string>();
  std::ofstream events(dir / "events.jsonl");
  for (const Json& e : example.value("events", Json::array())) events << e.dump() << "\n";
  events.close();
  std::string command = "'" SPATE_BINARY "' run '" + (dir / "rules.spate").string() + "' '" +
                        (dir / "events.jsonl").string() + "' --with matched";
  for (const Json& arg : example.value("args", Json::array())) {
    command += " '" + arg.get<std::string>() + "'";
  }
  command += " > '" + (dir / "out").string() + "' 2> '" + (dir / "err").string() + "'";
  int status = std::system(command.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, ReadFile(dir / "out"),
          ReadFile(dir / "err")};
}

// Dotted keys and nested objects are the same; attributes of bound events that are null may be
// absent.
void AddFlat(const std::string& prefix, const Json& object, Json* flat) {
  for (const auto& [name, value] : object.items()) {
    if (value.is_object()) {
      AddFlat(prefix + name + ".", value, flat);
    } else if (!value.is_null()) {
      (*flat)[prefix + name] = value;
    }
  }
}

// Variables that bind nothing may be absent.
Json Normalized(Json derived) {
  if (!derived.contains("matched")) return derived;
  Json matched = Json::object();
  for (const auto& [var, events] : derived["matched"].items()) {
    for (const Json& event : events) {
      Json flat = Json::object();
      AddFlat("", event, &flat);
      matched[var].push_back(std::move(flat));
    }
  }
  derived["matched"] = std::move(matched);
  return derived;
}

std::string Lines(const std::vector<Json>& events) {
  std::string out;
  for (const Json& e : events) out += Normalized(e).dump() + "\n";
  return out;
}

class Examples : public ::testing::Test {
 protected:
  void SetUp() override {
    dir_ = fs::temp_directory_path() / ("spate_examples_" + std::to_string(getpid()));
    fs::create_directories(dir_);
  }
  void TearDown() override { fs::remove_all(dir_); }

  void CheckOne(const Json& example) {
    std::string rules = example["rules"];
    Outcome outcome = RunSpate(dir_, example);
    if (example.contains("error")) {
      ++errors_;
      EXPECT_EQ(outcome.exit_code, 2)
          << example["name"] << " must be refused (" << example["error"] << ")\n"
          << rules << outcome.err;
      return;
    }
    ASSERT_EQ(outcome.exit_code, 0) << example["name"] << "\n" << rules << outcome.err;
    CompareOutput(example, outcome.out);
  }

  void CompareOutput(const Json& example, const std::string& out) {
    std::vector<Json> actual;
    std::istringstream in(out);
    for (std::string line; std::getline(in, line);) {
      Json parsed = Json::parse(line, nullptr, /*allow_exceptions=*/false);
      ASSERT_FALSE(parsed.is_discarded()) << example["name"] << ": no JSON: " << line;
      actual.push_back(std::move(parsed));
    }
    bool same = actual.size() == example["expect"].size();
    for (size_t i = 0; same && i < actual.size(); ++i) {
      same = Normalized(actual[i]) == Normalized(example["expect"][i]);
    }
    held_ += same ? 1 : 0;
    EXPECT_TRUE(same) << example["name"] << "\n"
                      << example["rules"].get<std::string>() << example["events"].dump()
                      << "\nexpected:\n"
                      << Lines(example["expect"]) << "actual:\n"
                      << Lines(actual);
  }

  fs::path dir_;
  int held_ = 0, errors_ = 0;
};

TEST_F(Examples, Hold) {
  std::ifstream in(test::WorkedExamplesPath());
  if (!in) GTEST_SKIP() << "no worked examples at " << test::WorkedExamplesPath();
  for (std::string line; std::getline(in, line);) CheckOne(Json::parse(line));
  std::printf("[ examples ] %d hold, %d are errors\n", held_, errors_);
  EXPECT_GE(held_, 100);
}

}  // namespace
}  // namespace spate
