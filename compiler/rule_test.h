// RuleTest: a `test` of a `*_test.spate` file, checked: names are ids and values are constants.
//
// Made by compiler/check, beside the plan whose ids it uses, run by testing/. A test with cases is
// several of these: the test with the lines of one case in their place, and the test by itself
// where its own lines expect something. Thread-safety: values. Tested by tests/compiler/check.
#ifndef SPATE_COMPILER_RULE_TEST_H_
#define SPATE_COMPILER_RULE_TEST_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "compiler/source/source.h"
#include "runtime/base/ids.h"
#include "runtime/model/value.h"
#include "windows/time.h"

namespace spate {

// A moment of a test's virtual time.
struct TestTime {
  enum class Base : uint8_t {
    kStart,     // `50s`: since the test's start
    kAbsolute,  // `@2026-01-31T08:00`: since the epoch
    kLine,      // `+10s` behind a line whose time is known only when it runs: since its last event
  } base = Base::kStart;
  int64_t value = 0;  // ns
  size_t line = 0;    // kLine: index into RuleTest::lines
};

struct TestAttribute {
  FieldId field;
  Constant value;  // of the attribute's kind, or null
};

// `Login { user: "ann" }`: the attributes in the order in which they are written.
struct TestEvent {
  TypeId type;
  std::vector<TestAttribute> attributes;
};

// `at 0s Login { .. } times 5 every 10s`
struct TestFeed {
  std::optional<TestTime> time;  // of the first; none: the event's own attributes give it
  TestEvent event;
  uint64_t times = 1;
  Duration every = 0;
};
struct TestAdvance {  // `at 1h advance`
  TestTime time;
};
struct TestEventsFile {  // `events "day.jsonl"`
  std::string path;      // as the program finds it
};
struct TestExpect {              // `expect at 50s Intrusion { .. }`
  std::optional<TestTime> time;  // none: at any time
  TestEvent event;
};
struct TestExpectFile {  // `expect "expected.jsonl"`
  std::string path;
};

struct TestLine {
  Span span;
  std::variant<TestFeed, TestAdvance, TestEventsFile, TestExpect, TestExpectFile> node;
};

struct TestTable {     // a table that the test gives rows
  uint32_t table = 0;  // index into Plan::tables
  std::vector<std::vector<Constant>> rows;
};

struct RuleTest {
  std::string name;  // `five failures, then a success`, with a case ` / another user` behind it
  Span span;         // of what bears that name
  std::vector<RuleId> rules;                  // under test
  std::map<std::string, std::string> params;  // for CompileOptions::params
  std::optional<Duration> lateness;           // none: events come in the order of their times
  std::vector<TestTable> tables;
  std::vector<TypeId> allowed;  // need not be expected
  std::vector<TestLine> lines;
};

}  // namespace spate

#endif  // SPATE_COMPILER_RULE_TEST_H_
