// PredicateKernel::Evaluate: masks of nodes, from the leaves up.
#include "runtime/expr/predicate.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "runtime/base/unicode.h"
#include "runtime/expr/kernels.h"

namespace spate {

// One evaluation. Each node gets a mask of active rows, those that it can still decide, and fills
// `truth` and, where asked for, `nulls` with disjoint parts of it; the remaining rows are false.
class PredicateRun {
 public:
  using Kernel = PredicateKernel;
  using Node = PredicateKernel::Node;
  using NodeKind = PredicateKernel::NodeKind;
  using Operand = PredicateKernel::Operand;

  PredicateRun(const Kernel& kernel, const EventBatch& batch, KernelScratch* scratch)
      : kernel_(kernel), batch_(batch), scratch_(scratch), words_(MaskWords(batch.rows())) {}

  // `narrow`: only for the rows that are set in `mask`.
  void Run(bool narrow, uint64_t* mask) {
    // Three masks for each level of the tree, and the active rows at the top.
    scratch_->words.resize((3 * kernel_.depth_ + 2) * words_);
    uint64_t* const active = scratch_->words.data();
    if (narrow) {
      std::copy(mask, mask + words_, active);
    } else {
      FillMask(batch_.rows(), active);
    }
    Eval(static_cast<uint32_t>(kernel_.nodes_.size() - 1), active, mask, nullptr, active + words_);
  }

 private:
  // `nulls` may be null: then null and false need not be told apart. `free` is unused memory.
  void Eval(uint32_t index, const uint64_t* active, uint64_t* truth, uint64_t* nulls,
            uint64_t* free) {
    const Node& node = kernel_.nodes_[index];
    switch (node.kind) {
      case NodeKind::kAnd:
        EvalAnd(node, active, truth, nulls, free);
        break;
      case NodeKind::kOr:
        EvalOr(node, active, truth, nulls, free);
        break;
      case NodeKind::kNot:
        EvalNot(node, active, truth, nulls, free);
        break;
      case NodeKind::kIsTrue:
        Eval(node.children[0], active, truth, nullptr, free);
        ClearNulls(nulls);
        break;
      case NodeKind::kIsFalse:
        EvalNot(node, active, truth, nullptr, free);
        ClearNulls(nulls);
        break;
      case NodeKind::kConstant:
        for (size_t w = 0; w < words_; ++w) {
          truth[w] = node.value == 1 ? active[w] : 0;
          if (nulls != nullptr) nulls[w] = node.value == -1 ? active[w] : 0;
        }
        break;
      case NodeKind::kProgram:
        EvalProgram(node, active, truth, nulls);
        break;
      default:
        EvalColumn(node, active, truth, nulls);
        break;
    }
  }

  void ClearNulls(uint64_t* nulls) const {
    if (nulls != nullptr) std::fill(nulls, nulls + words_, 0);
  }

  bool AnyBit(const uint64_t* mask) const {
    uint64_t any = 0;
    for (size_t w = 0; w < words_; ++w) any |= mask[w];
    return any != 0;
  }

  // Rows are open while all children were true or (where it matters) null.
  void EvalAnd(const Node& node, const uint64_t* active, uint64_t* truth, uint64_t* nulls,
               uint64_t* free) {
    uint64_t* const open = free;
    uint64_t* const t = free + words_;
    uint64_t* const n = free + 2 * words_;
    std::copy(active, active + words_, truth);
    ClearNulls(nulls);
    for (const uint32_t child : node.children) {
      for (size_t w = 0; w < words_; ++w) open[w] = truth[w] | (nulls != nullptr ? nulls[w] : 0);
      if (!AnyBit(open)) return;
      Eval(child, open, t, nulls != nullptr ? n : nullptr, free + 3 * words_);
      for (size_t w = 0; w < words_; ++w) {
        if (nulls != nullptr) nulls[w] = (nulls[w] & (t[w] | n[w])) | (truth[w] & n[w]);
        truth[w] &= t[w];
      }
    }
  }

  // Rows are open until a child is true.
  void EvalOr(const Node& node, const uint64_t* active, uint64_t* truth, uint64_t* nulls,
              uint64_t* free) {
    uint64_t* const open = free;
    uint64_t* const t = free + words_;
    uint64_t* const n = free + 2 * words_;
    std::fill(truth, truth + words_, 0);
    ClearNulls(nulls);
    for (const uint32_t child : node.children) {
      for (size_t w = 0; w < words_; ++w) open[w] = active[w] & ~truth[w];
      if (!AnyBit(open)) return;
      Eval(child, open, t, nulls != nullptr ? n : nullptr, free + 3 * words_);
      for (size_t w = 0; w < words_; ++w) {
        truth[w] |= t[w];
        if (nulls != nullptr) nulls[w] = (nulls[w] | n[w]) & ~truth[w];
      }
    }
  }

  void EvalNot(const Node& node, const uint64_t* active, uint64_t* truth, uint64_t* nulls,
               uint64_t* free) {
    uint64_t* const t = free + words_;
    uint64_t* const n = free + 2 * words_;
    Eval(node.children[0], active, t, n, free + 3 * words_);
    for (size_t w = 0; w < words_; ++w) {
      truth[w] = active[w] & ~t[w] & ~n[w];
      if (nulls != nullptr) nulls[w] = n[w];
    }
  }

  void EvalProgram(const Node& node, const uint64_t* active, uint64_t* truth, uint64_t* nulls) {
    EvalContext context;
    context.batch = &batch_;
    context.scratch = &scratch_->arena;
    context.issues = scratch_->issues;
    const Program& program = kernel_.programs_[node.index];
    ClearNulls(nulls);
    TestActive(
        batch_.rows(), active,
        [&](size_t row) {
          context.row = row;
          context.time = batch_.times[row];
          const Value v = program.Eval(context);
          if (v.is_null() && nulls != nullptr) nulls[row / 64] |= uint64_t{1} << (row % 64);
          return v.is_true();
        },
        truth);
    scratch_->arena.Reset();
  }

  const Column& ColumnOf(const Operand& operand) const { return batch_.columns[operand.field]; }

  const int64_t* Ints(const Operand& operand) const {
    return operand.is_time ? batch_.times.data() : ColumnOf(operand).ints.data();
  }

  bool IsPresent(const Operand& operand) const {
    return operand.is_time || ColumnOf(operand).present;
  }

  // Word `w` of the operand's null bits.
  uint64_t NullWord(const Operand& operand, size_t w) const {
    if (operand.is_time) return 0;
    const Column& column = ColumnOf(operand);
    if (!column.present) return ~uint64_t{0};
    return column.has_nulls ? column.nulls[w] : 0;
  }

  static bool HasTwo(const Node& node) {
    return node.kind == NodeKind::kIntColumn || node.kind == NodeKind::kFloatColumn ||
           node.kind == NodeKind::kTextColumn;
  }

  // Leaves over columns: null where an operand is; elsewhere what the kernel says.
  void EvalColumn(const Node& node, const uint64_t* active, uint64_t* truth, uint64_t* nulls) {
    const bool two = HasTwo(node);
    if (node.kind == NodeKind::kIsNull) {
      for (size_t w = 0; w < words_; ++w) truth[w] = active[w] & NullWord(node.a, w);
      ClearNulls(nulls);
      return;
    }
    if (!IsPresent(node.a) || (two && !IsPresent(node.b))) {
      std::fill(truth, truth + words_, 0);
      if (nulls != nullptr) std::copy(active, active + words_, nulls);
      return;
    }
    Test(node, active, truth);
    for (size_t w = 0; w < words_; ++w) {
      const uint64_t null = NullWord(node.a, w) | (two ? NullWord(node.b, w) : 0);
      truth[w] &= ~null;
      if (nulls != nullptr) nulls[w] = active[w] & null;
    }
  }

  // truth = active rows for which the kernel holds; anything for rows with a null.
  void Test(const Node& node, const uint64_t* active, uint64_t* truth) const {
    switch (node.kind) {
      case NodeKind::kBool: {
        const int64_t* a = Ints(node.a);
        TestBlocks(
            batch_.rows(), active, [a](size_t r) { return a[r] != 0; }, truth);
        break;
      }
      case NodeKind::kIntConst: {
        const int64_t* a = Ints(node.a);
        const int64_t c = node.int_constant;
        Compare(
            node.op, active, [a](size_t r) { return a[r]; }, [c](size_t) { return c; }, truth);
        break;
      }
      case NodeKind::kIntColumn: {
        const int64_t* a = Ints(node.a);
        const int64_t* b = Ints(node.b);
        Compare(
            node.op, active, [a](size_t r) { return a[r]; }, [b](size_t r) { return b[r]; }, truth);
        break;
      }
      case NodeKind::kFloatConst: {
        const double c = node.float_constant;
        WithFloats(node.a, [&](auto a) {
          Compare(
              node.op, active, a, [c](size_t) { return c; }, truth);
        });
        break;
      }
      case NodeKind::kFloatColumn:
        WithFloats(node.a, [&](auto a) {
          WithFloats(node.b, [&](auto b) { Compare(node.op, active, a, b, truth); });
        });
        break;
      default:
        TestText(node, active, truth);
        break;
    }
  }

  // Calls `use` with a function from row to float.
  template <typename Use>
  void WithFloats(const Operand& operand, Use use) const {
    if (operand.kind == Kind::kFloat) {
      const double* a = ColumnOf(operand).floats.data();
      use([a](size_t r) { return a[r]; });
    } else {
      const int64_t* a = Ints(operand);
      use([a](size_t r) { return static_cast<double>(a[r]); });
    }
  }

  template <typename A, typename B>
  void Compare(Op op, const uint64_t* active, A a, B b, uint64_t* truth) const {
    const size_t rows = batch_.rows();
    switch (op) {
      case Op::kEq:
        TestBlocks(
            rows, active, [=](size_t r) { return a(r) == b(r); }, truth);
        break;
      case Op::kNe:
        TestBlocks(
            rows, active, [=](size_t r) { return a(r) != b(r); }, truth);
        break;
      case Op::kLt:
        TestBlocks(
            rows, active, [=](size_t r) { return a(r) < b(r); }, truth);
        break;
      case Op::kLe:
        TestBlocks(
            rows, active, [=](size_t r) { return a(r) <= b(r); }, truth);
        break;
      case Op::kGt:
        TestBlocks(
            rows, active, [=](size_t r) { return a(r) > b(r); }, truth);
        break;
      default:
        TestBlocks(
            rows, active, [=](size_t r) { return a(r) >= b(r); }, truth);
        break;
    }
  }

  template <typename Holds>
  void TestTexts(const Node& node, const uint64_t* active, Holds holds, uint64_t* truth) const {
    const absl::string_view* texts = ColumnOf(node.a).texts.data();
    const Column& column = ColumnOf(node.a);
    TestActive(
        batch_.rows(), active, [&](size_t r) { return !column.IsNull(r) && holds(texts[r]); },
        truth);
  }

  void TestText(const Node& node, const uint64_t* active, uint64_t* truth) const {
    const absl::string_view text = node.text;
    const bool negate = node.negate;
    switch (node.kind) {
      case NodeKind::kTextEqual:
        TestTexts(
            node, active, [=](absl::string_view v) { return (v == text) != negate; }, truth);
        break;
      case NodeKind::kTextFold:
        TestTexts(
            node, active, [=](absl::string_view v) { return EqualFolded(v, text) != negate; },
            truth);
        break;
      case NodeKind::kTextColumn: {
        const absl::string_view* a = ColumnOf(node.a).texts.data();
        const absl::string_view* b = ColumnOf(node.b).texts.data();
        TestActive(
            batch_.rows(), active, [=](size_t r) { return (a[r] == b[r]) != negate; }, truth);
        break;
      }
      case NodeKind::kStartsWith:
        TestTexts(
            node, active, [=](absl::string_view v) { return absl::StartsWith(v, text); }, truth);
        break;
      case NodeKind::kEndsWith:
        TestTexts(
            node, active, [=](absl::string_view v) { return absl::EndsWith(v, text); }, truth);
        break;
      case NodeKind::kContains:
        TestTexts(
            node, active, [=](absl::string_view v) { return absl::StrContains(v, text); }, truth);
        break;
      default:
        TestMatcher(node, active, truth);
        break;
    }
  }

  void TestMatcher(const Node& node, const uint64_t* active, uint64_t* truth) const {
    switch (node.kind) {
      case NodeKind::kLikeSet: {
        const LikeSet& set = kernel_.like_sets_[node.index];
        TestTexts(
            node, active, [&](absl::string_view v) { return set.Matches(v); }, truth);
        break;
      }
      case NodeKind::kRegexSet: {
        const RegexSet& set = kernel_.regex_sets_[node.index];
        TestTexts(
            node, active, [&](absl::string_view v) { return set.Matches(v); }, truth);
        break;
      }
      case NodeKind::kCidrSet: {
        const CidrSet& set = kernel_.cidr_sets_[node.index];
        TestTexts(
            node, active, [&](absl::string_view v) { return set.Contains(v); }, truth);
        break;
      }
      default:
        TestInSet(node, active, truth);
        break;
    }
  }

  void TestInSet(const Node& node, const uint64_t* active, uint64_t* truth) const {
    const InSet& set = kernel_.in_sets_[node.index];
    if (node.a.kind == Kind::kString || node.a.kind == Kind::kIp) {
      TestTexts(
          node, active, [&](absl::string_view v) { return set.ContainsText(v); }, truth);
    } else if (node.a.kind == Kind::kFloat) {
      const double* a = ColumnOf(node.a).floats.data();
      TestActive(
          batch_.rows(), active, [&](size_t r) { return set.ContainsFloat(a[r]); }, truth);
    } else {
      const int64_t* a = Ints(node.a);
      TestActive(
          batch_.rows(), active, [&](size_t r) { return set.ContainsInt(a[r]); }, truth);
    }
  }

  const Kernel& kernel_;
  const EventBatch& batch_;
  KernelScratch* const scratch_;
  const size_t words_;
};

void PredicateKernel::Evaluate(const EventBatch& batch, uint64_t* mask,
                               KernelScratch* scratch) const {
  if (batch.rows() > 0) PredicateRun(*this, batch, scratch).Run(/*narrow=*/false, mask);
}

void PredicateKernel::Narrow(const EventBatch& batch, uint64_t* mask,
                             KernelScratch* scratch) const {
  if (batch.rows() > 0) PredicateRun(*this, batch, scratch).Run(/*narrow=*/true, mask);
}

}  // namespace spate
