#include "runtime/match/register_asks.h"

#include <algorithm>
#include <utility>

#include "runtime/base/check.h"
#include "runtime/model/comparison.h"
#include "runtime/model/fold.h"

namespace spate {
namespace {

bool IsBound(const Expr& e) { return e.op == Op::kBound || e.op == Op::kBoundTime; }

bool ReadsBound(const Expr& root) { return AnyNode(root, IsBound); }

bool ReadsEvent(const Expr& root) {
  return AnyNode(root, [](const Expr& e) { return e.op == Op::kField || e.op == Op::kTime; });
}

bool IsHashed(Kind kind) {
  return IsQuantity(kind) || kind == Kind::kBool || kind == Kind::kString || kind == Kind::kIp;
}

// A conjunct as `event op registers`; no event side: it has not that form.
struct Split {
  ExprPtr event;
  ExprPtr registers;
  Op op = Op::kEq;
};

Split SplitSides(const Expr& e) {
  if (!IsComparison(e.op) || e.op == Op::kNe || e.fold) return {};
  const Kind kind = e.args[0]->type.kind;
  if (kind != e.args[1]->type.kind) return {};
  if (e.op == Op::kEq ? !IsHashed(kind) : !IsQuantity(kind)) return {};
  for (const bool mirrored : {false, true}) {
    const ExprPtr& event = e.args[mirrored ? 1 : 0];
    const ExprPtr& registers = e.args[mirrored ? 0 : 1];
    if (ReadsBound(*event) || ReadsEvent(*registers) || !ReadsBound(*registers)) continue;
    return {event, registers, mirrored ? Mirrored(e.op) : e.op};
  }
  return {};
}

absl::StatusOr<EventSide> CompileEventSide(const Expr& e) {
  if (e.op == Op::kField) return EventSide{e.field, std::nullopt};
  absl::StatusOr<Program> program = Program::Compile(e);
  if (!program.ok()) return program.status();
  return EventSide{FieldId(), *std::move(program)};
}

BoundRef RegisterOf(const Expr& e) {
  return {e.var, Nav::kLast, 0, e.fields, e.op == Op::kBoundTime};
}

}  // namespace

bool ReadsRegistersOnly(const Expr& residual) {
  return !AnyNode(residual, [](const Expr& e) {
    if (IsBound(e)) return e.nav != Nav::kLast || e.offset != 0;
    return e.op == Op::kAggregate || e.op == Op::kPrev || e.op == Op::kWindowStart ||
           e.op == Op::kWindowEnd;
  });
}

bool SameRegister(const BoundRef& a, const BoundRef& b) {
  return a.var == b.var && a.is_time == b.is_time &&
         std::equal(a.fields.begin(), a.fields.end(), b.fields.begin(), b.fields.end(),
                    [](const TypeField& x, const TypeField& y) {
                      return x.type == y.type && x.field == y.field;
                    });
}

void AddRegisters(const Expr& residual, std::vector<BoundRef>* registers) {
  EachNode(residual, [&](const Expr& e) {
    if (!IsBound(e)) return;
    BoundRef ref = RegisterOf(e);
    const bool known = std::any_of(registers->begin(), registers->end(),
                                   [&](const BoundRef& r) { return SameRegister(r, ref); });
    if (!known) registers->push_back(std::move(ref));
  });
}

void RegisterAsks::AddStart() {
  SPATE_CHECK(indexes_.empty());
  registers_.push_back(BoundRef{});
  RegisterIndex index;
  index.order = IndexColumn{nullptr, static_cast<uint32_t>(registers_.size() - 1), std::nullopt};
  indexes_.push_back(std::move(index));
}

uint32_t RegisterAsks::SlotOf(const BoundRef& ref) const {
  for (uint32_t i = 0; i < registers_.size(); ++i) {
    if (SameRegister(registers_[i], ref)) return i;
  }
  SPATE_CHECK(false);
  return 0;
}

absl::StatusOr<RegisterCondition> RegisterAsks::Compile(const Expr& e) const {
  absl::StatusOr<Program> program = Program::Compile(e);
  if (!program.ok()) return program.status();
  RegisterCondition condition{*std::move(program), {}};
  for (const BoundRef& ref : condition.program.bound_refs()) {
    condition.slots.push_back(SlotOf(ref));
  }
  return condition;
}

absl::StatusOr<RegisterAsk> RegisterAsks::Add(const ExprPtr& residual) {
  RegisterAsk ask;
  if (residual == nullptr) return ask;
  absl::StatusOr<RegisterCondition> whole = Compile(*residual);
  if (!whole.ok()) return whole.status();
  ask.whole = *std::move(whole);
  std::vector<ExprPtr> equal;
  std::vector<ExprPtr> rest;
  ExprPtr order;
  std::vector<ExprPtr> conjuncts;
  AppendConjuncts(residual, &conjuncts);
  for (size_t i = 0; i < conjuncts.size(); ++i) {
    const ExprPtr& c = conjuncts[i];
    const Split split = SplitSides(*c);
    const bool guarded =
        i > 0 && split.event != nullptr && (CanFault(*split.event) || CanFault(*split.registers));
    if (split.event == nullptr || guarded || (split.op != Op::kEq && order != nullptr)) {
      rest.push_back(c);
      continue;
    }
    absl::StatusOr<EventSide> side = CompileEventSide(*split.event);
    if (!side.ok()) return side.status();
    if (split.op == Op::kEq) {
      ask.equal.push_back(*std::move(side));
      equal.push_back(split.registers);
    } else {
      ask.order = *std::move(side);
      ask.op = split.op;
      order = split.registers;
    }
  }
  if (equal.empty() && order == nullptr) return ask;
  absl::StatusOr<int32_t> index = FindOrAddIndex(equal, order);
  if (!index.ok()) return index.status();
  ask.index = *index;
  if (rest.empty()) return ask;
  absl::StatusOr<RegisterCondition> filter = Compile(*Conjunction(std::move(rest)));
  if (!filter.ok()) return filter.status();
  ask.rest = *std::move(filter);
  return ask;
}

absl::StatusOr<int32_t> RegisterAsks::FindOrAddIndex(const std::vector<ExprPtr>& equal,
                                                     const ExprPtr& order) {
  const auto same = [&](const RegisterIndex& index) {
    if (index.order.has_value() != (order != nullptr)) return false;
    if (order != nullptr && index.order->value == nullptr) return false;  // of the start
    if (order != nullptr && !SameExpr(*index.order->value, *order)) return false;
    return std::equal(
        index.equal.begin(), index.equal.end(), equal.begin(), equal.end(),
        [](const IndexColumn& a, const ExprPtr& b) { return SameExpr(*a.value, *b); });
  };
  const auto found = std::find_if(indexes_.begin(), indexes_.end(), same);
  if (found != indexes_.end()) return static_cast<int32_t>(found - indexes_.begin());
  if (indexes_.size() == kMaxIndexes) return RegisterAsk::kScan;
  RegisterIndex index;
  for (const ExprPtr& e : equal) {
    absl::StatusOr<IndexColumn> column = Column(e);
    if (!column.ok()) return column.status();
    index.equal.push_back(*std::move(column));
  }
  if (order != nullptr) {
    absl::StatusOr<IndexColumn> column = Column(order);
    if (!column.ok()) return column.status();
    index.order = *std::move(column);
  }
  indexes_.push_back(std::move(index));
  return static_cast<int32_t>(indexes_.size() - 1);
}

absl::StatusOr<IndexColumn> RegisterAsks::Column(const ExprPtr& value) {
  if (IsBound(*value)) return IndexColumn{value, SlotOf(RegisterOf(*value)), std::nullopt};
  absl::StatusOr<RegisterCondition> computed = Compile(*value);
  if (!computed.ok()) return computed.status();
  const auto slot = static_cast<uint32_t>(registers_.size() + computed_++);
  return IndexColumn{value, slot, *std::move(computed)};
}

int32_t RegisterAsks::Identity() const {
  for (size_t i = 0; i < indexes_.size(); ++i) {
    if (indexes_[i].order.has_value()) continue;
    std::vector<bool> seen(registers_.size(), false);
    bool plain = true;
    for (const IndexColumn& c : indexes_[i].equal) {
      if (c.computed.has_value()) {
        plain = false;
      } else {
        seen[c.slot] = true;
      }
    }
    if (plain && std::find(seen.begin(), seen.end(), false) == seen.end())
      return static_cast<int32_t>(i);
  }
  return -1;
}

}  // namespace spate
