// Column kernels against programs, row by row: random conditions over random columns with nulls,
// in batches of 1 to 2,048 rows; and faults of guarded conditions.
#include "runtime/expr/predicate.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "tests/runtime/model/expr_builder.h"

namespace spate {
namespace {

using testing::Attr;
using testing::Call;
using testing::EventTime;
using testing::ListC;
using testing::Lit;
using testing::Make;

// Fields: two of each kind, so that columns can be compared with columns.
constexpr Kind kKinds[] = {Kind::kBool,   Kind::kInt,      Kind::kFloat, Kind::kTime,
                           Kind::kString, Kind::kDuration, Kind::kIp};
constexpr uint32_t kFields = 14;

Kind KindOf(uint32_t field) { return kKinds[field / 2]; }

EventType MakeType() {
  EventType type;
  type.id = TypeId(0u);
  for (uint32_t f = 0; f < kFields; ++f) {
    type.fields.push_back({"f" + std::to_string(f), Type::Of(KindOf(f), true), nullptr});
  }
  return type;
}

class Generator {
 public:
  explicit Generator(uint64_t seed) : random_(seed) {}

  size_t Below(size_t n) { return random_() % n; }
  bool OneIn(size_t n) { return Below(n) == 0; }

  // Few values of each kind, so that equalities hold now and then.
  Constant ValueOf(Kind kind) {
    static const char* const kTexts[] = {"", "a", "A", "ab", "Abc", "é", "É", "cmd.exe", "a*"};
    static const char* const kAddresses[] = {"10.0.0.1", "10.1.0.1", "192.168.0.1", "::1"};
    static const double kFloats[] = {
        0.0, -0.0, 1.0, 1.5, -2.0, std::numeric_limits<double>::quiet_NaN(), 1e300};
    switch (kind) {
      case Kind::kBool:
        return Constant::Bool(OneIn(2));
      case Kind::kFloat:
        return Constant::Float(kFloats[Below(std::size(kFloats))]);
      case Kind::kString:
        return Constant::String(kTexts[Below(std::size(kTexts))]);
      case Kind::kIp:
        return testing::IpOf(kAddresses[Below(std::size(kAddresses))]);
      default:
        return Constant::Integral(static_cast<int64_t>(Below(5)) - 2, kind);
    }
  }

  ExprPtr Condition(int depth) {
    if (depth > 0 && !OneIn(4)) {
      const size_t n = 2 + Below(3);
      std::vector<ExprPtr> args;
      switch (Below(6)) {
        case 0:
          return Make(Op::kNot, {Condition(depth - 1)});
        case 1:
          return Make(OneIn(2) ? Op::kIsTrue : Op::kIsFalse, {Condition(depth - 1)});
        case 2:
          return Make(Op::kIsNull, {Condition(depth - 1)});
        default:
          break;
      }
      for (size_t i = 0; i < n; ++i) args.push_back(Condition(depth - 1));
      return Make(OneIn(2) ? Op::kAnd : Op::kOr, std::move(args));
    }
    switch (Below(8)) {
      case 0:
        return Make(Op::kIsNull, {AnyField()});
      case 1:
        return Attr(static_cast<uint32_t>(Below(2)), Kind::kBool);
      case 2:
        return OneIn(3) ? Lit(Constant::Null()) : Lit(OneIn(2));
      case 3:
        return TextTest();
      case 4:
        return InTest();
      case 5:
        return FaultTest();
      default:
        return Comparison();
    }
  }

 private:
  ExprPtr FieldOf(Kind kind) {
    if (kind == Kind::kTime && OneIn(2)) return EventTime();
    for (uint32_t k = 0; k < std::size(kKinds); ++k) {
      if (kKinds[k] == kind) return Attr(2 * k + static_cast<uint32_t>(Below(2)), kind);
    }
    return nullptr;
  }
  ExprPtr AnyField() {
    const uint32_t f = static_cast<uint32_t>(Below(kFields));
    return Attr(f, KindOf(f));
  }

  ExprPtr Comparison() {
    const Op op = static_cast<Op>(static_cast<int>(Op::kEq) + static_cast<int>(Below(6)));
    const Kind kind = kKinds[Below(std::size(kKinds))];
    ExprPtr a = FieldOf(kind);
    ExprPtr b = OneIn(3) ? FieldOf(kind) : Lit(ValueOf(kind));
    if (kind == Kind::kFloat && OneIn(2)) a = Make(Op::kToFloat, {FieldOf(Kind::kInt)});
    if (OneIn(12)) b = Lit(Constant::Null());
    if (OneIn(3)) std::swap(a, b);
    const bool fold = kind == Kind::kString && (op == Op::kEq || op == Op::kNe) && OneIn(2);
    return Make(op, {std::move(a), std::move(b)}, fold);
  }

  Constant Pattern() {
    static const char* const kPatterns[] = {"a", "a*", "*c", "*b*", "a?*", "[*]", "*", "é", "A*"};
    return Constant::String(kPatterns[Below(std::size(kPatterns))]);
  }
  Constant RegexText() {
    static const char* const kRegexes[] = {"a", "^a", "c$", "[é-ê]", "^$", "b|x"};
    return Constant::String(kRegexes[Below(std::size(kRegexes))]);
  }
  Constant ListOrOne(Constant a, Constant b) {
    if (OneIn(2)) return a;
    if (OneIn(6)) return Constant::List({a, Constant::Null()});
    return OneIn(8) ? Constant::List({}) : Constant::List({a, b});
  }

  ExprPtr TextTest() {
    const ExprPtr text = FieldOf(Kind::kString);
    const ExprPtr ip = FieldOf(Kind::kIp);
    const bool fold = OneIn(2);
    switch (Below(8)) {
      case 0:
        return Call("starts_with", {text, Lit(ValueOf(Kind::kString))});
      case 1:
        return Call("ends_with", {text, Lit(ValueOf(Kind::kString))});
      case 2:
        return Call("contains", {text, Lit(ValueOf(Kind::kString))});
      case 3:
        return Call("cidr", {ip, Lit("10.0.0.0/16"), Lit("::/1")});
      case 4:
        return Call("starts_with", {text, FieldOf(Kind::kString)});
      case 5:
        return Make(Op::kMatches, {text, Lit(ListOrOne(RegexText(), RegexText()))}, fold);
      case 6:
        return Make(Op::kLike, {text, FieldOf(Kind::kString)}, fold);
      default:
        return Make(Op::kLike, {text, Lit(ListOrOne(Pattern(), Pattern()))}, fold);
    }
  }

  ExprPtr InTest() {
    const Kind kind = kKinds[Below(std::size(kKinds))];
    std::vector<Constant> list;
    for (size_t n = OneIn(4) ? Below(20) : Below(4); n > 0; --n) list.push_back(ValueOf(kind));
    if (OneIn(6)) list.push_back(Constant::Null());
    const bool fold = kind == Kind::kString && OneIn(2);
    return Make(Op::kIn, {FieldOf(kind), Lit(Constant::List(std::move(list)))}, fold);
  }

  // Something that has no kernel and may fail.
  ExprPtr FaultTest() {
    const ExprPtr quotient = Make(Op::kMod, {FieldOf(Kind::kInt), FieldOf(Kind::kInt)});
    return Make(Op::kGt, {quotient, Lit(0)});
  }

  std::mt19937_64 random_;
};

void FillBatch(Generator* g, size_t rows, EventBatch* batch) {
  // Some batches have no nulls at all, some columns are all null, some are absent.
  const bool nulls = !g->OneIn(3);
  std::vector<size_t> null_rate;
  for (uint32_t f = 0; f < kFields; ++f) {
    null_rate.push_back(nulls ? 1 + g->Below(10) : 0);
    batch->columns[f].present = !(nulls && g->OneIn(30));
  }
  for (size_t row = 0; row < rows; ++row) {
    Arena arena;
    std::vector<Constant> constants;
    std::vector<Value> values;
    for (uint32_t f = 0; f < kFields; ++f) {
      const bool is_null = null_rate[f] > 0 && g->OneIn(null_rate[f]);
      constants.push_back(is_null ? Constant::Null() : g->ValueOf(KindOf(f)));
    }
    for (const Constant& c : constants) values.push_back(ViewOf(c, &arena));
    batch->AppendRow(static_cast<Time>(g->Below(5)) - 2, row + 1, values);
  }
}

std::vector<bool> RowByRow(const Expr& e, const EventBatch& batch, EvalIssues* issues) {
  const absl::StatusOr<Program> program = Program::Compile(e);
  EXPECT_TRUE(program.ok()) << program.status();
  std::vector<bool> holds;
  Arena scratch;
  EvalContext context;
  context.batch = &batch;
  context.scratch = &scratch;
  context.issues = issues;
  for (size_t row = 0; row < batch.rows(); ++row) {
    context.row = row;
    context.time = batch.times[row];
    holds.push_back(program->Holds(context));
  }
  return holds;
}

uint64_t FaultCount(const EvalIssues& issues) {
  uint64_t n = 0;
  for (const EvalIssues::Entry& e : issues.entries()) n += e.count;
  return n;
}

TEST(PredicateKernel, AgreesWithPrograms) {
  const EventType type = MakeType();
  KernelScratch scratch;
  size_t held = 0;
  size_t tested = 0;
  for (const size_t rows : {1, 7, 63, 64, 65, 2048}) {
    const int rounds = rows > 1000 ? 20 : 500;
    for (int round = 0; round < rounds; ++round) {
      const uint64_t seed = rows * 100'000 + static_cast<uint64_t>(round);
      SCOPED_TRACE(seed);
      Generator g(seed);
      EventBatch batch(type);
      FillBatch(&g, rows, &batch);
      const ExprPtr e = g.Condition(1 + static_cast<int>(g.Below(3)));
      const auto kernel = PredicateKernel::Compile(*e, type);
      ASSERT_TRUE(kernel.ok()) << kernel.status();
      EvalIssues kernel_issues;
      EvalIssues program_issues;
      scratch.issues = &kernel_issues;
      std::vector<uint64_t> mask((rows + 63) / 64, ~uint64_t{0});
      kernel->Evaluate(batch, mask.data(), &scratch);
      const std::vector<bool> expect = RowByRow(*e, batch, &program_issues);
      for (size_t row = 0; row < rows; ++row) {
        ASSERT_EQ((mask[row / 64] >> (row % 64)) & 1, expect[row] ? 1u : 0u) << "row " << row;
        held += expect[row];
      }
      for (size_t row = rows; row < 64 * mask.size(); ++row) {
        ASSERT_EQ((mask.back() >> (row % 64)) & 1, 0u);
      }
      // A kernel may know earlier that a row is decided (null and false are one at the top).
      ASSERT_LE(FaultCount(kernel_issues), FaultCount(program_issues));
      tested += rows;
    }
  }
  EXPECT_GT(held, tested / 10);
  EXPECT_LT(held, tested * 9 / 10);
}

TEST(PredicateKernel, GuardedFaultsAreNotCounted) {
  const EventType type = MakeType();
  EventBatch batch(type);
  for (int i = 0; i < 100; ++i) {
    std::vector<Value> values(kFields, Value::Null());
    values[2] = Value::Int(i % 2);
    batch.AppendRow(i, 1, values);
  }
  const ExprPtr n = Attr(2, Kind::kInt);
  const ExprPtr quotient = Make(Op::kGt, {Make(Op::kDiv, {Lit(10), n}), Lit(1.0)});
  const auto count = [&](const ExprPtr& e, uint64_t expect_mask) {
    const auto kernel = PredicateKernel::Compile(*e, type);
    EvalIssues issues;
    KernelScratch scratch;
    scratch.issues = &issues;
    uint64_t mask[2];
    kernel->Evaluate(batch, mask, &scratch);
    EXPECT_EQ(mask[0], expect_mask);
    return FaultCount(issues);
  };
  constexpr uint64_t kOdd = 0xaaaaaaaaaaaaaaaa;
  EXPECT_EQ(count(quotient, kOdd), 50u);
  EXPECT_EQ(count(Make(Op::kAnd, {Make(Op::kNe, {n, Lit(0)}), quotient}), kOdd), 0u);
  EXPECT_EQ(count(Make(Op::kOr, {Make(Op::kEq, {n, Lit(0)}), quotient}), ~uint64_t{0}), 0u);
}

TEST(PredicateKernel, DeepConditionsRunAsPrograms) {
  const EventType type = MakeType();
  ExprPtr e = Make(Op::kGt, {Attr(2, Kind::kInt), Lit(0)});
  for (int i = 0; i < 10'000; ++i) e = Make(Op::kNot, {e});
  const auto kernel = PredicateKernel::Compile(*e, type);
  ASSERT_TRUE(kernel.ok());
  EventBatch batch(type);
  std::vector<Value> values(kFields, Value::Null());
  values[2] = Value::Int(1);
  batch.AppendRow(1, 1, values);
  KernelScratch scratch;
  uint64_t mask = 0;
  kernel->Evaluate(batch, &mask, &scratch);
  EXPECT_EQ(mask, 1u);
}

TEST(PredicateKernel, RefusesPatternsThatAreNone) {
  const ExprPtr e = Make(Op::kMatches, {Attr(8, Kind::kString), Lit("(")});
  EXPECT_EQ(PredicateKernel::Compile(*e, MakeType()).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(PredicateKernel, NoRowsNoWords) {
  const EventType type = MakeType();
  EventBatch batch(type);
  KernelScratch scratch;
  const auto kernel = PredicateKernel::Compile(*Lit(true), type);
  kernel->Evaluate(batch, nullptr, &scratch);
}

}  // namespace
}  // namespace spate
