// PredicateKernel::Compile: which parts of a condition have column kernels.
#include <optional>
#include <utility>

#include "runtime/expr/predicate.h"
#include "runtime/model/comparison.h"
#include "runtime/model/fold.h"
#include "runtime/model/functions.h"

namespace spate {
namespace {

constexpr int kMaxDepth = 64;  // deeper parts run as programs

}  // namespace

class PredicateCompiler {
 public:
  using Kernel = PredicateKernel;
  using Node = PredicateKernel::Node;
  using NodeKind = PredicateKernel::NodeKind;
  using Operand = PredicateKernel::Operand;

  explicit PredicateCompiler(const EventType& type) : type_(type) {}

  absl::StatusOr<Kernel> Compile(const Expr& condition) {
    Add(condition, 1);
    if (!status_.ok()) return status_;
    return std::move(kernel_);
  }

 private:
  // Adds the nodes of `e`, which stands at that depth; returns the index of its root.
  uint32_t Add(const Expr& e, int depth) {
    kernel_.depth_ = std::max(kernel_.depth_, static_cast<size_t>(depth));
    std::optional<Node> node;
    if (depth < kMaxDepth) node = Combination(e, depth);
    if (!node.has_value()) node = Leaf(e);
    kernel_.nodes_.push_back(node.has_value() ? *std::move(node) : ProgramNode(e));
    return static_cast<uint32_t>(kernel_.nodes_.size() - 1);
  }

  std::optional<Node> Combination(const Expr& e, int depth) {
    Node node;
    switch (e.op) {
      case Op::kAnd:
        node.kind = NodeKind::kAnd;
        break;
      case Op::kOr:
        node.kind = NodeKind::kOr;
        break;
      case Op::kNot:
        node.kind = NodeKind::kNot;
        break;
      case Op::kIsTrue:
        node.kind = NodeKind::kIsTrue;
        break;
      case Op::kIsFalse:
        node.kind = NodeKind::kIsFalse;
        break;
      default:
        return std::nullopt;
    }
    for (const ExprPtr& arg : e.args) node.children.push_back(Add(*arg, depth + 1));
    return node;
  }

  std::optional<Node> Leaf(const Expr& e) {
    Node node;
    if (e.op == Op::kConst) {
      node.value = e.constant.is_null() ? -1 : std::get<int64_t>(e.constant.data) != 0 ? 1 : 0;
      return node;
    }
    if (IsComparison(e.op)) return Comparison(e);
    if (e.op == Op::kIn || e.op == Op::kLike || e.op == Op::kMatches) return Match(e);
    if (e.op == Op::kCall) return Call(e);
    const Expr& column = e.op == Op::kIsNull ? *e.args[0] : e;
    if (!ColumnOf(column, &node.a)) return std::nullopt;
    if (e.op == Op::kIsNull) {
      node.kind = NodeKind::kIsNull;
      return node;
    }
    if (node.a.kind != Kind::kBool) return std::nullopt;
    node.kind = NodeKind::kBool;
    return node;
  }

  bool ColumnOf(const Expr& e, Operand* out) const {
    if (e.op == Op::kTime) {
      *out = {0, true, Kind::kTime};
      return true;
    }
    if (e.op != Op::kField) return false;
    *out = {e.field.value, false, type_.fields[e.field.index()].type.kind};
    return true;
  }

  // A column of numbers as such, or an int column as floats.
  bool NumberOf(const Expr& e, Operand* out, bool* as_float) const {
    *as_float = e.op == Op::kToFloat;
    if (!ColumnOf(*as_float ? *e.args[0] : e, out)) return false;
    if (out->kind == Kind::kFloat) *as_float = true;
    return *as_float ? IsNumeric(out->kind) : IsIntegral(out->kind);
  }

  std::optional<Node> Comparison(const Expr& e) {
    const Expr& left = *e.args[0];
    const Expr& right = *e.args[1];
    Node node;
    node.op = e.op;
    bool left_float = false;
    bool right_float = false;
    if (NumberOf(left, &node.a, &left_float)) {
      if (const auto c = ConstantOf(right)) return NumberWith(std::move(node), left_float, *c);
      if (!NumberOf(right, &node.b, &right_float) || left_float != right_float) return std::nullopt;
      node.kind = left_float ? NodeKind::kFloatColumn : NodeKind::kIntColumn;
      return node;
    }
    if (NumberOf(right, &node.a, &right_float)) {
      const auto c = ConstantOf(left);
      if (!c.has_value()) return std::nullopt;
      node.op = Mirrored(e.op);
      return NumberWith(std::move(node), right_float, *c);
    }
    return TextComparison(e);
  }

  static std::optional<Node> NumberWith(Node node, bool as_float, const Constant& c) {
    if (c.is_null()) return NullNode();
    if (as_float) {
      const auto* f = std::get_if<double>(&c.data);
      if (f == nullptr) return std::nullopt;
      node.kind = NodeKind::kFloatConst;
      node.float_constant = *f;
      return node;
    }
    const auto* i = std::get_if<int64_t>(&c.data);
    if (i == nullptr) return std::nullopt;
    node.kind = NodeKind::kIntConst;
    node.int_constant = *i;
    return node;
  }

  static Node NullNode() {
    Node node;
    node.value = -1;
    return node;
  }

  bool TextOf(const Expr& e, Operand* out) const {
    return ColumnOf(e, out) && (out->kind == Kind::kString || out->kind == Kind::kIp);
  }

  // Only == and !=.
  std::optional<Node> TextComparison(const Expr& e) {
    Node node;
    node.negate = e.op == Op::kNe;
    if (e.op != Op::kEq && e.op != Op::kNe) return std::nullopt;
    const bool swap = !TextOf(*e.args[0], &node.a);
    if (swap && !TextOf(*e.args[1], &node.a)) return std::nullopt;
    const Expr& other = *e.args[swap ? 0 : 1];
    if (const auto c = ConstantOf(other)) {
      if (c->is_null()) return NullNode();
      node.kind = e.fold ? NodeKind::kTextFold : NodeKind::kTextEqual;
      node.text = std::get<std::string>(c->data);
      return node;
    }
    if (e.fold || !TextOf(other, &node.b)) return std::nullopt;
    node.kind = NodeKind::kTextColumn;
    return node;
  }

  // in, like, matches with a constant right side. Lists with nulls are left to programs.
  std::optional<Node> Match(const Expr& e) {
    Node node;
    if (!ColumnOf(*e.args[0], &node.a) || node.a.kind == Kind::kList) return std::nullopt;
    const std::optional<Constant> right = ConstantOf(*e.args[1]);
    if (!right.has_value()) return std::nullopt;
    if (e.op == Op::kIn) {
      if (right->kind != Kind::kList) return std::nullopt;
      InSet set = InSet::Create(std::get<std::vector<Constant>>(right->data), e.fold);
      return Matcher(std::move(node), NodeKind::kInSet, std::move(set), &kernel_.in_sets_);
    }
    if (e.op == Op::kMatches) {
      absl::StatusOr<RegexSet> set = RegexSet::Create(*right, e.fold);
      if (!set.ok()) {
        status_ = set.status();
        return std::nullopt;
      }
      return Matcher(std::move(node), NodeKind::kRegexSet, *std::move(set), &kernel_.regex_sets_);
    }
    LikeSet set = LikeSet::Create(*right, e.fold);
    if (set.patterns().size() == 1 && !set.has_null()) {
      if (std::optional<Node> plain = PlainLike(node, set.patterns()[0])) return plain;
    }
    return Matcher(std::move(node), NodeKind::kLikeSet, std::move(set), &kernel_.like_sets_);
  }

  template <typename Set>
  static std::optional<Node> Matcher(Node node, NodeKind kind, Set set, std::vector<Set>* sets) {
    // These have more than "true or false for text, null for null".
    if (set.has_null() || set.empty()) return std::nullopt;
    node.kind = kind;
    node.index = static_cast<uint32_t>(sets->size());
    sets->push_back(std::move(set));
    return node;
  }

  static std::optional<Node> PlainLike(Node node, const LikePattern& pattern) {
    switch (pattern.shape()) {
      case LikePattern::Shape::kExact:
        node.kind = NodeKind::kTextEqual;
        break;
      case LikePattern::Shape::kPrefix:
        node.kind = NodeKind::kStartsWith;
        break;
      case LikePattern::Shape::kSuffix:
        node.kind = NodeKind::kEndsWith;
        break;
      case LikePattern::Shape::kContains:
        node.kind = NodeKind::kContains;
        break;
      case LikePattern::Shape::kGeneral:
        return std::nullopt;
    }
    node.text = std::string(pattern.literal());
    return node;
  }

  std::optional<Node> Call(const Expr& e) {
    if (e.registered != nullptr) return std::nullopt;
    const absl::string_view name = GetFunction(e.function).name;
    Node node;
    if (e.args.empty() || !TextOf(*e.args[0], &node.a)) return std::nullopt;
    if (name == "cidr") return Cidr(e, std::move(node));
    if (name == "starts_with")
      node.kind = NodeKind::kStartsWith;
    else if (name == "ends_with")
      node.kind = NodeKind::kEndsWith;
    else if (name == "contains")
      node.kind = NodeKind::kContains;
    else
      return std::nullopt;
    const std::optional<Constant> part = ConstantOf(*e.args[1]);
    if (!part.has_value() || part->is_null()) return std::nullopt;
    node.text = std::get<std::string>(part->data);
    return node;
  }

  std::optional<Node> Cidr(const Expr& e, Node node) {
    std::vector<Constant> nets;
    for (size_t i = 1; i < e.args.size(); ++i) {
      std::optional<Constant> c = ConstantOf(*e.args[i]);
      if (!c.has_value()) return std::nullopt;
      nets.push_back(*std::move(c));
    }
    CidrSet set = CidrSet::Create(nets);
    if (set.has_null()) return std::nullopt;
    node.kind = NodeKind::kCidrSet;
    node.index = static_cast<uint32_t>(kernel_.cidr_sets_.size());
    kernel_.cidr_sets_.push_back(std::move(set));
    return node;
  }

  Node ProgramNode(const Expr& e) {
    Node node;
    node.kind = NodeKind::kProgram;
    node.index = static_cast<uint32_t>(kernel_.programs_.size());
    absl::StatusOr<Program> program = Program::Compile(e);
    if (program.ok()) {
      kernel_.programs_.push_back(*std::move(program));
    } else {
      status_ = program.status();
    }
    return node;
  }

  const EventType& type_;
  Kernel kernel_;
  absl::Status status_;
};

absl::StatusOr<PredicateKernel> PredicateKernel::Compile(const Expr& condition,
                                                         const EventType& type) {
  return PredicateCompiler(type).Compile(condition);
}

}  // namespace spate
