// Tables, records in lists, and functions of the embedding program: what fits and what is said.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/compiler/check/check_support.h"

namespace spate {
namespace {

constexpr char kTables[] =
    "table T { k: string key, v: int, r: { a: int, b: string? } }\n"
    "table P { a: string key, x: float, b: int key }\n"
    "event E { s: string, o: string?, n: int, xs: [{ a: int, b: { c: string } }], "
    "ys: [[int]], ts: [string] }\n";

CheckOptions WithFunctions() {
  CheckOptions options;
  const auto function = [&](const char* name, std::vector<Type> parameters, Type result) {
    options.functions.push_back(std::make_shared<const RegisteredFunction>(
        RegisteredFunction{name, std::move(parameters), result, true,
                           [result](absl::Span<const Value>, Arena*) {
                             return result.kind == Kind::kInt ? Value::Int(7) : Value::Float(7);
                           },
                           false, "Seven."}));
  };
  function("seven", {}, Type::Of(Kind::kInt));
  function("scale", {Type::Of(Kind::kFloat)}, Type::Of(Kind::kFloat));
  return options;
}

struct Case {
  std::string condition;
  std::string lines;  // of diagnostics; "" none
};

TEST(TableExpressionsTest, FitOrAreRefused) {
  const std::vector<Case> cases = {
      {"s in T", ""},
      {"s not in T", ""},
      {"o in T", ""},
      {"any(ts) in T", ""},
      {"all(ts) not in T", ""},
      {"T[s].v > 3", ""},
      {"T[s].r.b is null", ""},
      {"(T[o].v ?? 0) > T[s].v", ""},
      {"[s, n] in P", ""},
      {"P[[s, n]].x > 1", ""},
      {"n in T", "E0301 'n' the key `k` is `string?`, and this is `int`\n"},
      {"T[s].w > 3", "E0203 'T[s].w' the table `T` has no column `w`\n"},
      {"T[s].r == 1", "E0203 'T[s].r' the table `T` has no column `r`\n"},
      {"T == s", "E0310 'T' `T` is a table, not a value\n"},
      {"T[s] is null", "E0310 'T[s]' a row of a table is no value\n"},
      {"s in P", "E0308 's' the key of `P` has 2 parts\n"},
      {"[s] in P", "E0308 '[s]' the key of `P` has 2 parts\n"},
      {"any(xs, x => x.a > 1 and x.b.c == s)", ""},
      {"xs[0].b.c like \"a*\"", ""},
      {"xs[-1].b is not null", ""},
      {"xs[0] is null", ""},
      {"xs[0] == xs[1]", ""},
      {"xs[0] in xs", ""},
      {"ys[0][1] == n and [1, n] in ys", ""},
      {"any(ys, y => any(y) > 2)", ""},
      {"any(ys[0]) between 1 and 3", ""},
      {"xs + xs == xs", ""},
      {"xs[0].z == 1",
       "E0203 'xs[0].z' a record `{ a: int, b.c: string }?` has no attribute `z`\n"},
      {"any(xs, x => x.b == 1)", "E0310 'x.b' `b` is a record, not a value\n"},
      {"xs[0] > xs[1]", "E0301 '>' values of type `{ a: int, b.c: string }?` have no order\n"},
      {"s.a == 1", "E0203 's.a' `E` has no attribute `s.a`\n"},
      {"seven() == n", ""},
      {"scale(n) > 1", ""},
      {"seven(1) == n", "E0308 'seven(1)' `seven` takes 0 arguments, not 1\n"},
      {"scale(s) > 1", "E0301 's' argument 1 of `scale` is `float?`, and this is `string`\n"},
      {"sevn() == n", "E0204 'sevn' undefined function `sevn`\n"},
  };
  for (const Case& c : cases) {
    const Checked checked = CheckText(
        std::string(kTables) + "rule r { from e: E[" + c.condition + "] emit X { e.n } }\n",
        WithFunctions());
    EXPECT_EQ(Lines(checked), c.lines) << c.condition;
  }
}

TEST(TableDeclarationsTest, NeedAKeyThatIsNeverNull) {
  const std::vector<Case> cases = {
      {"table T { k: string key, v: int }", ""},
      {"table T { k: string, v: int }", "E0316 'T' the table `T` has no column that is its key\n"},
      {"table T { k: string? key }", "E0316 'k' `k` cannot be a key\n"},
      {"table T { k: [string] key }", "E0316 'k' `k` cannot be a key\n"},
      {"table T { k: string key, k: int }", "E0202 'k' `k` is declared twice\n"},
      {"table T { k: text key }", "E0314 'text' unknown type `text`\n"},
      {"table T { k: string key }\nconst T = 1", "E0202 'T' `T` is declared twice\n"},
  };
  for (const Case& c : cases) {
    std::string lines = Lines(CheckText(c.condition + "\n"));
    if (const size_t unused = lines.find("W0001"); unused != std::string::npos)
      lines.resize(unused);
    EXPECT_EQ(lines, c.lines) << c.condition;
  }
}

TEST(EmittedRecordsTest, BecomeAttributes) {
  const std::string types =
      "event R { r: { a: int?, b: { c: string } } }\n"
      "event O { r: { a: int, b: { c: string } } }\n";
  const Checked checked =
      CheckText(types + "rule r { match x: R -> y: R  within 1m  emit M { x.r, in_b: y.r.b } }\n");
  ASSERT_EQ(Lines(checked), "");
  std::vector<std::string> names;
  for (const Field& f : checked.rules.types[checked.rules.rules[0].emits[0].type.index()].fields) {
    names.push_back(f.name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"r.a", "r.b.c", "in_b.c"}));

  // Into a declared type each of them must fit; one fault gives one message.
  EXPECT_EQ(Lines(CheckText(types + "rule r { from x: R emit O { x.r } }\n")),
            "E0306 'r' `r.a` is `int`, and this is `int?`\n");
  EXPECT_EQ(Lines(CheckText(types + "rule r { from x: R emit M { x.r, r: 1 } }\n")),
            "E0202 'r' the attribute `r` is emitted twice\n");
}

TEST(RegisteredFunctionsTest, PureOnesOfConstantsAreCalledOnce) {
  const Checked checked = CheckText(
      std::string(kTables) + "rule r { from e: E emit X { seven: seven() + e.n, s: scale(2) } }\n",
      WithFunctions());
  ASSERT_EQ(Lines(checked), "");
  const ExprPtr& scaled = checked.rules.rules[0].emits[0].values[1];
  ASSERT_NE(scaled, nullptr);
  ASSERT_EQ(scaled->op, Op::kConst);
  EXPECT_EQ(std::get<double>(scaled->constant.data), 7.0);
}

}  // namespace
}  // namespace spate
