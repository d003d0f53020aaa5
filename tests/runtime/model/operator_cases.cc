// The operators, with exact results. See expression_cases.h.
#include <limits>

#include "tests/runtime/model/expression_cases.h"

namespace spate::testing {
namespace {

constexpr int64_t kMaxInt = std::numeric_limits<int64_t>::max();
constexpr int64_t kMinInt = std::numeric_limits<int64_t>::min();

void Logic(std::vector<ExpressionCase>* cases) {
  const ExprPtr t = Lit(true);
  const ExprPtr f = Lit(false);
  const ExprPtr n = Null();
  struct Row {
    ExprPtr a, b;
    const char *both, *either;
  };
  for (const Row& r :
       {Row{t, t, "true", "true"}, Row{t, f, "false", "true"}, Row{f, t, "false", "true"},
        Row{f, f, "false", "false"}, Row{t, n, "null", "true"}, Row{n, t, "null", "true"},
        Row{f, n, "false", "null"}, Row{n, f, "false", "null"}, Row{n, n, "null", "null"}}) {
    const std::string names = Show(r.a->constant) + ", " + Show(r.b->constant);
    cases->push_back({"and " + names, Make(Op::kAnd, {r.a, r.b}), r.both});
    cases->push_back({"or " + names, Make(Op::kOr, {r.a, r.b}), r.either});
  }
  cases->push_back({"and of three", Make(Op::kAnd, {n, t, f}), "false"});
  cases->push_back({"or of three", Make(Op::kOr, {n, f, t}), "true"});
  cases->push_back({"not true", Make(Op::kNot, {t}), "false"});
  cases->push_back({"not false", Make(Op::kNot, {f}), "true"});
  cases->push_back({"not null", Make(Op::kNot, {n}), "null"});
  cases->push_back({"null is null", Make(Op::kIsNull, {n}), "true"});
  cases->push_back({"1 is null", Make(Op::kIsNull, {Lit(1)}), "false"});
  cases->push_back({"null is true", Make(Op::kIsTrue, {n}), "false"});
  cases->push_back({"true is true", Make(Op::kIsTrue, {t}), "true"});
  cases->push_back({"null is false", Make(Op::kIsFalse, {n}), "false"});
  cases->push_back({"false is false", Make(Op::kIsFalse, {f}), "true"});
  cases->push_back({"true is false", Make(Op::kIsFalse, {t}), "false"});
  cases->push_back({"if true", Make(Op::kIf, {t, Lit(1), Lit(2)}), "1"});
  cases->push_back({"if false", Make(Op::kIf, {f, Lit(1), Lit(2)}), "2"});
  cases->push_back({"if null is else", Make(Op::kIf, {n, Lit(1), Lit(2)}), "2"});
  const ExprPtr either = Make(Op::kIf, {t, Lit(1), Lit(2)});
  const ExprPtr first = Make(Op::kCoalesce, {Lit(1), Lit(2)});
  cases->push_back({"if as right operand", Make(Op::kEq, {Lit(1), either}), "true"});
  cases->push_back({"if as left operand", Make(Op::kLt, {either, Lit(2)}), "true"});
  cases->push_back({"if as both operands", Make(Op::kAdd, {either, either}), "2"});
  cases->push_back({"?? as right operand", Make(Op::kSub, {Lit(1), first}), "0"});
  cases->push_back({"?? as left operand", Make(Op::kAdd, {first, Lit(1)}), "2"});
  cases->push_back({"??", Make(Op::kCoalesce, {n, n, Lit(7)}), "7"});
  cases->push_back({"?? takes the first", Make(Op::kCoalesce, {Lit(1), Lit(7)}), "1"});
  cases->push_back({"?? of nulls", Make(Op::kCoalesce, {n, n}), "null"});
  const ExprPtr fault = Make(Op::kDiv, {Lit(1), Lit(0)});
  const ExprPtr fails = Make(Op::kGt, {fault, Lit(0.0)});
  cases->push_back({"and stops at false", Make(Op::kAnd, {f, fails}), "false"});
  cases->push_back({"or stops at true", Make(Op::kOr, {t, fails}), "true"});
  cases->push_back(
      {"and goes on at null", Make(Op::kAnd, {n, fails}), "null", EvalFault::kDivisionByZero});
  cases->push_back({"if leaves the other out", Make(Op::kIf, {t, Lit(1.5), fault}), "1.5"});
  cases->push_back({"?? leaves the rest out", Make(Op::kCoalesce, {Lit(1.5), fault}), "1.5"});
}

void Comparisons(std::vector<ExpressionCase>* cases) {
  struct Row {
    const char* name;
    ExprPtr a, b;
    const char *eq, *lt, *gt;
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const Row& r : {
           Row{"ints", Lit(1), Lit(2), "false", "true", "false"},
           Row{"equal ints", Lit(2), Lit(2), "true", "false", "false"},
           Row{"floats", Lit(1.5), Lit(-1.5), "false", "false", "true"},
           Row{"zeros", Lit(0.0), Lit(-0.0), "true", "false", "false"},
           Row{"not a number", Lit(nan), Lit(nan), "false", "false", "false"},
           Row{"text", Lit("a"), Lit("ab"), "false", "true", "false"},
           Row{"text by bytes", Lit("Z"), Lit("a"), "false", "true", "false"},
           Row{"high bytes", Lit("z"), Lit("é"), "false", "true", "false"},
           Row{"bools", Lit(false), Lit(true), "false", "true", "false"},
           Row{"times", At(5), At(4), "false", "false", "true"},
           Row{"durations", Dur(4), Dur(4), "true", "false", "false"},
           Row{"addresses", Lit(IpOf("10.0.0.2")), Lit(IpOf("10.0.0.10")), "false", "true",
               "false"},
           Row{"null left", Null(), Lit(2), "null", "null", "null"},
           Row{"null right", Lit(2), Null(), "null", "null", "null"},
       }) {
    const auto opposite = [](const std::string& text) {
      return text == "null" ? text : text == "true" ? "false" : "true";
    };
    const std::string name = r.name;
    const bool unordered = name == "not a number";
    cases->push_back({name + " ==", Make(Op::kEq, {r.a, r.b}), r.eq});
    cases->push_back({name + " !=", Make(Op::kNe, {r.a, r.b}), opposite(r.eq)});
    cases->push_back({name + " <", Make(Op::kLt, {r.a, r.b}), r.lt});
    cases->push_back({name + " >", Make(Op::kGt, {r.a, r.b}), r.gt});
    cases->push_back(
        {name + " >=", Make(Op::kGe, {r.a, r.b}), unordered ? "false" : opposite(r.lt)});
    cases->push_back(
        {name + " <=", Make(Op::kLe, {r.a, r.b}), unordered ? "false" : opposite(r.gt)});
  }
  cases->push_back({"==~", Make(Op::kEq, {Lit("cmd.EXE"), Lit("CMD.exe")}, true), "true"});
  cases->push_back({"!=~", Make(Op::kNe, {Lit("ÄB"), Lit("äb")}, true), "false"});
  cases->push_back({"==~ null", Make(Op::kEq, {Null(), Lit("a")}, true), "null"});
  cases->push_back({"lists ==", Make(Op::kEq, {Lit(ListC(1, 2)), Lit(ListC(1, 2))}), "true"});
  cases->push_back({"lists !=", Make(Op::kNe, {Lit(ListC(1, 2)), Lit(ListC(1, 3))}), "true"});
  cases->push_back(
      {"lists of two lengths", Make(Op::kEq, {Lit(ListC(1)), Lit(ListC(1, 3))}), "false"});
  cases->push_back({"a null in a list",
                    Make(Op::kEq, {Lit(ListC(1, Constant::Null())), Lit(ListC(1, 3))}), "null"});
  cases->push_back({"a null and a difference",
                    Make(Op::kEq, {Lit(ListC(1, Constant::Null())), Lit(ListC(2, 3))}), "false"});
}

void Membership(std::vector<ExpressionCase>* cases) {
  const auto in = [&](const char* name, ExprPtr item, Constant list, const char* expect,
                      bool fold = false) {
    cases->push_back({name, Make(Op::kIn, {std::move(item), Lit(std::move(list))}, fold), expect});
  };
  in("in", Lit(2), ListC(1, 2), "true");
  in("not in", Lit(3), ListC(1, 2), "false");
  in("in text", Lit("b"), ListC("a", "b"), "true");
  in("in text, case", Lit("B"), ListC("a", "b"), "false");
  in("in~", Lit("B"), ListC("a", "b"), "true", true);
  in("in floats", Lit(2.0), ListC(1.0, 2.0), "true");
  in("in addresses", Lit(IpOf("10.0.0.1")), ListC(IpOf("::1"), IpOf("::ffff:10.0.0.1")), "true");
  in("null in", Null(), ListC(1, 2), "null");
  in("in with a null, found", Lit(2), ListC(Constant::Null(), 2), "true");
  in("in with a null, not found", Lit(3), ListC(Constant::Null(), 2), "null");
  in("in nothing", Lit(3), ListC(), "false");
  in("null in nothing", Null(), ListC(), "false");
  in("in a long list", Lit(11), ListC(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), "true");
  in("in a long list, not", Lit(12), ListC(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), "false");
  in("in~ a long list", Lit("K"), ListC("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"),
     "true", true);
  in("in a long list of text", Lit("K"),
     ListC("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"), "false");
  cases->push_back({"in null", Make(Op::kIn, {Lit(1), Null()}), "null"});
  cases->push_back(
      {"in a list of expressions",
       Make(Op::kIn, {Lit(3), Make(Op::kList, {Lit(1), Make(Op::kAdd, {Lit(1), Lit(2)})})}),
       "true"});
}

void Patterns(std::vector<ExpressionCase>* cases) {
  struct Row {
    Op op;
    const char* text;
    Constant pattern;
    const char* expect;
    bool fold;
  };
  const Constant null = Constant::Null();
  for (const Row& r : {
           Row{Op::kLike, "hello", C("h*o"), "true", false},
           Row{Op::kLike, "hello", C("h?llo"), "true", false},
           Row{Op::kLike, "hello", C("ell"), "false", false},
           Row{Op::kLike, "a\\*", C("a\\[*]"), "true", false},
           Row{Op::kLike, "a\\b", C("a\\[*]"), "false", false},
           Row{Op::kLike, "HELLO", C("h*"), "false", false},
           Row{Op::kLike, "HELLO", C("h*"), "true", true},
           Row{Op::kLike, "ux", ListC("u*", "v?"), "true", false},
           Row{Op::kLike, "v", ListC("u*", "v?"), "false", false},
           Row{Op::kLike, "v", ListC(null, "v"), "true", false},
           Row{Op::kLike, "w", ListC(null, "v"), "null", false},
           Row{Op::kLike, "w", ListC(), "false", false},
           Row{Op::kLike, "w", null, "null", false},
           Row{Op::kMatches, "xu", C("u$"), "true", false},
           Row{Op::kMatches, "xu", C("^u"), "false", false},
           Row{Op::kMatches, "XU", C("xu"), "true", true},
           Row{Op::kMatches, "x1", ListC("^u", "\\d"), "true", false},
           Row{Op::kMatches, "xu", ListC("^u", "\\d"), "false", false},
           Row{Op::kMatches, "xu", ListC("^u", null), "null", false},
           Row{Op::kMatches, "xu", ListC(), "false", false},
           Row{Op::kMatches, "xu", null, "null", false},
       }) {
    const std::string name = std::string(r.op == Op::kLike ? "like " : "matches ") + r.text + " " +
                             Show(r.pattern) + (r.fold ? " ~" : "");
    cases->push_back({name, Make(r.op, {Lit(r.text), Lit(r.pattern)}, r.fold), r.expect});
  }
  cases->push_back({"null like", Make(Op::kLike, {Null(), Lit("a")}), "null"});
  cases->push_back({"null matches", Make(Op::kMatches, {Null(), Lit("a")}), "null"});
}

void Numbers(std::vector<ExpressionCase>* cases) {
  const auto overflow = EvalFault::kOverflow;
  const auto by_zero = EvalFault::kDivisionByZero;
  const auto add = [&](const char* name, Op op, ExprPtr a, ExprPtr b, const char* expect,
                       EvalFault fault = EvalFault::kNone) {
    cases->push_back({name, Make(op, {std::move(a), std::move(b)}), expect, fault});
  };
  add("1 + 2", Op::kAdd, Lit(1), Lit(2), "3");
  add("1 - 2", Op::kSub, Lit(1), Lit(2), "-1");
  add("3 * 4", Op::kMul, Lit(3), Lit(4), "12");
  add("5 / 2", Op::kDiv, Lit(5), Lit(2), "2.5");
  add("-5 % 2", Op::kMod, Lit(-5), Lit(2), "-1");
  add("5 % -2", Op::kMod, Lit(5), Lit(-2), "1");
  add("5 / 0", Op::kDiv, Lit(5), Lit(0), "null", by_zero);
  add("5 % 0", Op::kMod, Lit(5), Lit(0), "null", by_zero);
  add("max + 1", Op::kAdd, Lit(kMaxInt), Lit(1), "null", overflow);
  add("min - 1", Op::kSub, Lit(kMinInt), Lit(1), "null", overflow);
  add("max * 2", Op::kMul, Lit(kMaxInt), Lit(2), "null", overflow);
  add("min % -1", Op::kMod, Lit(kMinInt), Lit(-1), "0");
  add("null + 1", Op::kAdd, Null(), Lit(1), "null");
  add("1 + null", Op::kAdd, Lit(1), Null(), "null");
  add("1.5 + 2.0", Op::kAdd, Lit(1.5), Lit(2.0), "3.5");
  add("1.5 - 2.0", Op::kSub, Lit(1.5), Lit(2.0), "-0.5");
  add("1.5 * 2.0", Op::kMul, Lit(1.5), Lit(2.0), "3.0");
  add("1.5 / 0.0", Op::kDiv, Lit(1.5), Lit(0.0), "null", by_zero);
  add("-5.5 % 2.0", Op::kMod, Lit(-5.5), Lit(2.0), "-1.5");
  add("5.5 % 0.0", Op::kMod, Lit(5.5), Lit(0.0), "null", by_zero);
  add("text + text", Op::kAdd, Lit("ab"), Lit("c"), "\"abc\"");
  add("text + empty", Op::kAdd, Lit(""), Lit(""), "\"\"");
  add("list + list", Op::kAdd, Lit(ListC(1)), Lit(ListC(2, 3)), "[1, 2, 3]");
  add("time + duration", Op::kAdd, At(kHour), Dur(kHour), "@1970-01-01T02:00:00Z");
  add("duration + time", Op::kAdd, Dur(kHour), At(kHour), "@1970-01-01T02:00:00Z");
  add("time - duration", Op::kSub, At(kHour), Dur(kHour), "@1970-01-01T00:00:00Z");
  add("time - time", Op::kSub, At(kHour), At(kMinute), "59m");
  add("duration + duration", Op::kAdd, Dur(kHour), Dur(kMinute), "1h1m");
  add("duration - duration", Op::kSub, Dur(kMinute), Dur(kHour), "-59m");
  add("time overflow", Op::kAdd, At(kMaxTime), Dur(1), "null", overflow);
  add("duration * 3", Op::kMul, Dur(kMinute), Lit(3), "3m");
  add("3 * duration", Op::kMul, Lit(3), Dur(kMinute), "3m");
  add("1.5 * duration", Op::kMul, Lit(1.5), Dur(kMinute), "1m30s");
  add("duration * overflow", Op::kMul, Dur(kMaxTime), Lit(2), "null", overflow);
  add("duration * 1e300", Op::kMul, Dur(kMinute), Lit(1e300), "null", EvalFault::kOutOfRange);
  add("duration / 2", Op::kDiv, Dur(kMinute), Lit(2), "30s");
  add("duration / 0.5", Op::kDiv, Dur(kMinute), Lit(0.5), "2m");
  add("3ns / 2", Op::kDiv, Dur(3), Lit(2), "2ns");
  add("duration / 0", Op::kDiv, Dur(kMinute), Lit(0), "null", by_zero);
  add("duration / duration", Op::kDiv, Dur(kMinute), Dur(kHour), "0.016666666666666666");
  add("duration / no duration", Op::kDiv, Dur(kMinute), Dur(0), "null", by_zero);
  add("duration % duration", Op::kMod, Dur(90 * kSecond), Dur(kMinute), "30s");
  cases->push_back({"-5", Make(Op::kNegate, {Lit(5)}), "-5"});
  cases->push_back({"-(5.5)", Make(Op::kNegate, {Lit(5.5)}), "-5.5"});
  cases->push_back({"-duration", Make(Op::kNegate, {Dur(kSecond)}), "-1s"});
  cases->push_back({"-min", Make(Op::kNegate, {Lit(kMinInt)}), "null", overflow});
  cases->push_back({"-null", Make(Op::kNegate, {Null()}), "null"});
  cases->push_back({"to float", Make(Op::kToFloat, {Lit(5)}), "5.0"});
  cases->push_back({"null to float", Make(Op::kToFloat, {Null()}), "null"});
}

void Lists(std::vector<ExpressionCase>* cases) {
  const Constant list = ListC(1, 2, 3);
  const auto index = [&](const char* name, ExprPtr xs, ExprPtr i, const char* expect) {
    cases->push_back({name, Make(Op::kIndex, {std::move(xs), std::move(i)}), expect});
  };
  index("xs[0]", Lit(list), Lit(0), "1");
  index("xs[-1]", Lit(list), Lit(-1), "3");
  index("xs[3]", Lit(list), Lit(3), "null");
  index("xs[-4]", Lit(list), Lit(-4), "null");
  index("null[0]", Null(), Lit(0), "null");
  index("xs[null]", Lit(list), Null(), "null");
  cases->push_back({"a list", Make(Op::kList, {Lit(1), Null(), Lit(2)}), "[1, null, 2]"});
  cases->push_back({"an empty list", Make(Op::kList, {}), "[]"});

  const ExprPtr y = Local(0, Kind::kInt);
  const auto loop = [&](const char* name, Op op, Constant xs, ExprPtr condition,
                        const char* expect) {
    cases->push_back({name, Loop(op, Lit(std::move(xs)), std::move(condition)), expect});
  };
  const ExprPtr over2 = Make(Op::kGt, {y, Lit(2)});
  const Constant with_null = ListC(1, Constant::Null(), 3);
  const Constant low_and_null = ListC(1, Constant::Null());
  loop("any", Op::kAny, list, over2, "true");
  loop("any, none", Op::kAny, ListC(1, 2), over2, "false");
  loop("any of nothing", Op::kAny, ListC(), over2, "false");
  loop("any with a null", Op::kAny, with_null, over2, "true");
  loop("any, null and false", Op::kAny, low_and_null, over2, "null");
  loop("all", Op::kAll, ListC(3, 4), over2, "true");
  loop("all, not", Op::kAll, list, over2, "false");
  loop("all of nothing", Op::kAll, ListC(), over2, "true");
  loop("all with a null", Op::kAll, ListC(3, Constant::Null()), over2, "null");
  loop("all, null and false", Op::kAll, low_and_null, over2, "false");
  loop("count_if", Op::kCountIf, with_null, over2, "1");
  loop("count_if of nothing", Op::kCountIf, ListC(), over2, "0");
  cases->push_back({"any of null", Loop(Op::kAny, Null(), over2), "null"});
  cases->push_back({"count_if of null", Loop(Op::kCountIf, Null(), over2), "null"});
  // any(xs, x => count_if(xs, y => y > x) == 2)
  const ExprPtr inner =
      Loop(Op::kCountIf, Lit(list), Make(Op::kGt, {Local(1, Kind::kInt), Local(0, Kind::kInt)}), 1);
  loop("nested", Op::kAny, list, Make(Op::kEq, {inner, Lit(2)}), "true");
  loop("nested, not", Op::kAny, list, Make(Op::kEq, {inner, Lit(3)}), "false");
  cases->push_back({"two loops side by side",
                    Make(Op::kAdd, {Loop(Op::kCountIf, Lit(list), over2),
                                    Loop(Op::kCountIf, Lit(ListC(5, 6)), over2)}),
                    "3"});
}

}  // namespace

std::vector<ExpressionCase> OperatorCases() {
  std::vector<ExpressionCase> cases;
  Logic(&cases);
  Comparisons(&cases);
  Membership(&cases);
  Patterns(&cases);
  Numbers(&cases);
  Lists(&cases);
  return cases;
}

}  // namespace spate::testing
