// The functions of the library, with exact results. See expression_cases.h.
#include <limits>

#include "tests/runtime/model/expression_cases.h"

namespace spate::testing {
namespace {

struct CallCase {
  const char* name;
  std::vector<ExprPtr> args;
  const char* expect;
  EvalFault fault = EvalFault::kNone;
};

const EvalFault kRange = EvalFault::kOutOfRange;
const EvalFault kInfinite = EvalFault::kNotFinite;
const EvalFault kByZero = EvalFault::kDivisionByZero;
const EvalFault kTooLarge = EvalFault::kOverflow;

std::vector<CallCase> TextCalls() {
  return {
      {"contains", {Lit("hello"), Lit("ell")}, "true"},
      {"contains", {Lit("hello"), Lit("")}, "true"},
      {"contains", {Lit("hello"), Lit("ELL")}, "false"},
      {"starts_with", {Lit("hello"), Lit("he")}, "true"},
      {"starts_with", {Lit("hello"), Lit("lo")}, "false"},
      {"ends_with", {Lit("hello"), Lit("lo")}, "true"},
      {"ends_with", {Lit("lo"), Lit("hello")}, "false"},
      {"lower", {Lit("AbÄΣ")}, "\"abäσ\""},
      {"lower", {Lit("")}, "\"\""},
      {"upper", {Lit("abäς")}, "\"ABÄΣ\""},
      {"len", {Lit("aé漢")}, "3"},
      {"len", {Lit(ListC(1, 2))}, "2"},
      {"len", {Lit(ListC())}, "0"},
      {"substr", {Lit("hello"), Lit(1), Lit(3)}, "\"el\""},
      {"substr", {Lit("hello"), Lit(-3)}, "\"llo\""},
      {"substr", {Lit("hello"), Lit(1), Lit(-1)}, "\"ell\""},
      {"substr", {Lit("hello"), Lit(3), Lit(1)}, "\"\""},
      {"substr", {Lit("hello"), Lit(9)}, "\"\""},
      {"substr", {Lit("hello"), Lit(-9), Lit(2)}, "\"he\""},
      {"substr", {Lit("aé漢"), Lit(1), Lit(2)}, "\"é\""},
      {"index_of", {Lit("hello"), Lit("l")}, "2"},
      {"index_of", {Lit("hello"), Lit("l"), Lit(3)}, "3"},
      {"index_of", {Lit("hello"), Lit("l"), Lit(4)}, "null"},
      {"index_of", {Lit("éa"), Lit("a")}, "1"},
      {"index_of", {Lit("hello"), Lit("")}, "0"},
      {"replace", {Lit("a.b.c"), Lit("."), Lit("::")}, "\"a::b::c\""},
      {"replace", {Lit("abc"), Lit(""), Lit("x")}, "\"abc\""},
      {"split", {Lit("a,b,,c"), Lit(",")}, "[\"a\", \"b\", \"\", \"c\"]"},
      {"split", {Lit("abc"), Lit(",")}, "[\"abc\"]"},
      {"split", {Lit(""), Lit(",")}, "[\"\"]"},
      {"split", {Lit("a,"), Lit(",")}, "[\"a\", \"\"]"},
      {"split", {Lit("aé"), Lit("")}, "[\"a\", \"é\"]"},
      {"split", {Lit(""), Lit("")}, "[]"},
      {"trim", {Lit(" \ta b\n")}, "\"a b\""},
      {"extract", {Lit("from 10.0.0.1 x"), Lit("from (\\S+)"), Lit(1)}, "\"10.0.0.1\""},
      {"extract", {Lit("from a"), Lit("from (\\S+)")}, "\"from a\""},
      {"extract", {Lit("to a"), Lit("from (\\S+)"), Lit(1)}, "null"},
      {"extract", {Lit("from a"), Lit("from (\\S+)"), Lit(2)}, "null"},
      {"extract", {Lit("from a"), Lit("from (\\S+)"), Lit(int64_t{1} << 32)}, "null"},
      {"extract", {Lit("b"), Lit("a|(b)?"), Lit(1)}, "\"b\""},
      {"text_between", {Lit("a[b]c]"), Lit("["), Lit("]")}, "\"b\""},
      {"text_between", {Lit("a[b]c]"), Lit("["), Lit("]"), Lit(true)}, "\"b]c\""},
      {"text_between", {Lit("a[b"), Lit("["), Lit("]")}, "null"},
      {"text_between", {Lit("]a"), Lit("["), Lit("]")}, "null"},
  };
}

std::vector<CallCase> ConvertCalls() {
  return {
      {"concat", {Lit("a"), Lit(1), Lit(true), Lit(2.0), Dur(kSecond)}, "\"a1true2.01s\""},
      {"concat", {Lit("a"), Null()}, "null"},
      {"string", {Lit(1.0)}, "\"1.0\""},
      {"string", {Lit(1e21)}, "\"1e+21\""},
      {"string", {Lit(-7)}, "\"-7\""},
      {"string", {Lit("a")}, "\"a\""},
      {"string", {At(0)}, "\"1970-01-01T00:00:00Z\""},
      {"string", {Lit(IpOf("10.0.0.1"))}, "\"10.0.0.1\""},
      {"string", {Lit(ListC(1, Constant::Null()))}, "\"[1, null]\""},
      {"string", {Lit(std::numeric_limits<double>::infinity())}, "null"},
      {"int", {Lit("42")}, "42"},
      {"int", {Lit("+42")}, "42"},
      {"int", {Lit("-42")}, "-42"},
      {"int", {Lit("x")}, "null"},
      {"int", {Lit("")}, "null"},
      {"int", {Lit("-")}, "null"},
      {"int", {Lit("--1")}, "null"},
      {"int", {Lit("+-1")}, "null"},
      {"int", {Lit("4 ")}, "null"},
      {"int", {Lit("4.5")}, "null"},
      {"int", {Lit("ff"), Lit(16)}, "255"},
      {"int", {Lit("0xFF"), Lit(16)}, "255"},
      {"int", {Lit("-101"), Lit(2)}, "-5"},
      {"int", {Lit("x"), Lit(16)}, "null"},
      {"int", {Lit("1"), Lit(1)}, "null"},
      {"int", {Lit("1"), Lit(37)}, "null"},
      {"int", {Lit("9223372036854775807")}, "9223372036854775807"},
      {"int", {Lit("9223372036854775808")}, "null"},
      {"int", {Lit("-9223372036854775808")}, "-9223372036854775808"},
      {"int", {Lit(2.7)}, "2"},
      {"int", {Lit(-2.7)}, "-2"},
      {"int", {Lit(1e30)}, "null", kRange},
      {"int", {Lit(true)}, "1"},
      {"float", {Lit("2.5e3")}, "2500.0"},
      {"float", {Lit("nan")}, "null"},
      {"float", {Lit("1e999")}, "null"},
      {"float", {Lit("2x")}, "null"},
      {"float", {Lit(2)}, "2.0"},
      {"ip", {Lit("10.0.0.9")}, "10.0.0.9"},
      {"ip", {Lit("::ffff:10.0.0.9")}, "10.0.0.9"},
      {"ip", {Lit("2001:DB8::1")}, "2001:db8::1"},
      {"ip", {Lit("10.0.0")}, "null"},
      {"time", {Lit("1970-01-02")}, "@1970-01-02T00:00:00Z"},
      {"time", {Lit("yesterday")}, "null"},
      {"duration", {Lit("1h30m")}, "1h30m"},
      {"duration", {Lit("5min")}, "null"},
      // 64-bit FNV-1a of "a" and the closing byte, by another program.
      {"hash", {Lit("a")}, "620310408636712809"},
      {"hash", {Null()}, "null"},
  };
}

std::vector<CallCase> NumberCalls() {
  const int64_t min = std::numeric_limits<int64_t>::min();
  return {
      {"abs", {Lit(-2)}, "2"},
      {"abs", {Lit(min)}, "null", kTooLarge},
      {"abs", {Lit(-2.5)}, "2.5"},
      {"abs", {Dur(-kSecond)}, "1s"},
      {"min", {Lit(3), Lit(1), Lit(2)}, "1"},
      {"max", {Lit(3), Lit(1), Lit(2)}, "3"},
      {"max", {Lit(3.5), Lit(1.0)}, "3.5"},
      {"min", {Lit("b"), Lit("a")}, "\"a\""},
      {"max", {At(1), At(0)}, "@1970-01-01T00:00:00.000000001Z"},
      {"min", {Dur(kSecond), Dur(0)}, "0s"},
      {"max", {Dur(kSecond), Dur(0)}, "1s"},
      {"min", {At(1), At(0)}, "@1970-01-01T00:00:00Z"},
      {"min", {Lit(3.5), Lit(-1.0)}, "-1.0"},
      {"max", {Lit("b"), Lit("ba"), Lit("a")}, "\"ba\""},
      {"min", {Lit(3), Null()}, "null"},
      {"round", {Lit(2.5)}, "3"},
      {"round", {Lit(-2.5)}, "-3"},
      {"round", {Lit(2.4)}, "2"},
      {"round", {Lit(1e19)}, "null", kRange},
      {"round", {Lit(3.14159), Lit(2)}, "3.14"},
      {"round", {Lit(2.675), Lit(2)}, "2.67"},
      {"round", {Lit(1250.0), Lit(-2)}, "1300.0"},
      {"floor", {Lit(-2.5)}, "-3"},
      {"ceil", {Lit(2.1)}, "3"},
      {"sqrt", {Lit(2.25)}, "1.5"},
      {"sqrt", {Lit(-1.0)}, "null", kInfinite},
      {"log", {Lit(1.0)}, "0.0"},
      {"log", {Lit(8.0), Lit(2.0)}, "3.0"},
      {"log", {Lit(1000.0), Lit(10.0)}, "3.0"},
      {"log", {Lit(0.0)}, "null", kInfinite},
      {"exp", {Lit(0.0)}, "1.0"},
      {"exp", {Lit(1e9)}, "null", kInfinite},
      {"pow", {Lit(2.0), Lit(10.0)}, "1024.0"},
      {"pow", {Lit(-8.0), Lit(0.5)}, "null", kInfinite},
      {"div", {Lit(-5), Lit(2)}, "-3"},
      {"div", {Lit(6), Lit(-2)}, "-3"},
      {"div", {Lit(5), Lit(0)}, "null", kByZero},
      {"div", {Lit(min), Lit(-1)}, "null", kTooLarge},
      {"div", {Lit(-5.5), Lit(2.0)}, "-3"},
      {"div", {Dur(kHour), Dur(25 * kMinute)}, "2"},
      {"mod", {Lit(-5), Lit(2)}, "1"},
      {"mod", {Lit(5), Lit(-2)}, "-1"},
      {"mod", {Lit(4), Lit(2)}, "0"},
      {"mod", {Lit(5), Lit(0)}, "null", kByZero},
      {"mod", {Lit(min), Lit(-1)}, "0"},
      {"mod", {Lit(-5.5), Lit(2.0)}, "0.5"},
      {"mod", {Dur(-kSecond), Dur(kMinute)}, "59s"},
      {"geo_km", {Lit(0.0), Lit(0.0), Lit(0.0), Lit(0.0)}, "0.0"},
  };
}

std::vector<CallCase> TimeCalls() {
  const Time t = *ParseTime("2026-01-31T23:15:10Z");
  const Constant inside = IpOf("10.1.2.3");
  const Constant outside = IpOf("192.168.0.1");
  return {
      {"hour", {At(t)}, "23"},
      {"hour", {At(t), Lit("Europe/Paris")}, "0"},
      {"hour", {At(t), Lit("Nowhere/Land")}, "null"},
      {"minute", {At(t)}, "15"},
      {"minute", {At(-1)}, "59"},
      {"weekday", {At(t)}, "6"},
      {"weekday", {At(t), Lit("Europe/Paris")}, "7"},
      {"weekday", {At(0)}, "4"},
      {"date", {At(t)}, "\"2026-01-31\""},
      {"date", {At(t), Lit("Europe/Paris")}, "\"2026-02-01\""},
      {"trunc", {At(t), Dur(kHour)}, "@2026-01-31T23:00:00Z"},
      {"trunc", {At(-1), Dur(kDay)}, "@1969-12-31T00:00:00Z"},
      {"trunc", {At(t), Dur(0)}, "null", kRange},
      {"hours", {Dur(90 * kMinute)}, "1.5"},
      {"minutes", {Dur(90 * kSecond)}, "1.5"},
      {"seconds", {Dur(1500 * kMillisecond)}, "1.5"},
      {"cidr", {Lit(inside), Lit("10.0.0.0/8")}, "true"},
      {"cidr", {Lit(outside), Lit("10.0.0.0/8")}, "false"},
      {"cidr", {Lit(outside), Lit("10.0.0.0/8"), Lit("192.168.0.0/16")}, "true"},
      {"cidr", {Lit(inside), Lit(ListC("::1", "10.0.0.0/8"))}, "true"},
      {"cidr", {Lit(outside), Lit(ListC("::1", Constant::Null()))}, "null"},
      {"cidr", {Lit(outside), Lit(ListC())}, "false"},
      {"cidr", {Lit(inside), Lit("ten")}, "false"},
      {"cidr", {Null(), Lit("10.0.0.0/8")}, "null"},
      {"cidr", {Lit(inside), Null()}, "null"},
  };
}

}  // namespace

std::vector<ExpressionCase> LibraryCases() {
  std::vector<ExpressionCase> cases;
  for (const auto& group : {TextCalls(), ConvertCalls(), NumberCalls(), TimeCalls()}) {
    for (const CallCase& c : group) {
      std::string name = c.name;
      for (const ExprPtr& arg : c.args) name += " " + Show(arg->constant);
      cases.push_back({name, Call(c.name, c.args), c.expect, c.fault});
    }
  }
  return cases;
}

}  // namespace spate::testing
