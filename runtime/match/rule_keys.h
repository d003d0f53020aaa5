// RuleKeys: the key of an event for one rule (`by`), as values.
//
// Not thread-safe (scratch). Tested by tests/property.
#ifndef SPATE_RUNTIME_MATCH_RULE_KEYS_H_
#define SPATE_RUNTIME_MATCH_RULE_KEYS_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "runtime/base/arena.h"
#include "runtime/expr/program.h"
#include "runtime/match/machine.h"
#include "runtime/model/plan.h"
#include "runtime/model/type_table.h"

namespace spate {

class RuleKeys {
 public:
  static absl::StatusOr<std::unique_ptr<RuleKeys>> Create(const RulePlan& rule, EvalIssues* issues);

  // The kinds of the keys, for a KeyIndex.
  static std::vector<Kind> Kinds(const RulePlan& rule);

  // Whether each event's key is one attribute of an integral kind (bool, int, time, duration).
  static bool IsOneIntegralAttribute(const RulePlan& rule);

  bool empty() const { return width_ == 0; }
  size_t width() const { return width_; }

  // Whether the type is that of a clock, whose events go to all keys that the rule has seen.
  bool GoesToEveryKey(TypeId type) const { return any_every_key_ && every_key_.At(type); }

  // The hash of the event's keys in a KeyIndex, without collecting them where the key is one number
  // or text; false when one of them is null.
  bool Hash(const Arrival& event, uint64_t* hash);

  // The event's key where IsOneIntegralAttribute; false when it is null.
  bool GetInteger(const Arrival& event, int64_t* key) const {
    const Column& column = event.batch->columns[by_type_.At(event.type())[0].field.index()];
    if (!column.present || column.IsNull(event.row)) return false;
    *key = column.ints[event.row];
    return true;
  }

  // The event's key where it is one string or ip, an attribute itself; false when it is another or
  // null.
  bool GetText(const Arrival& event, absl::string_view* text) const {
    const std::vector<Source>& sources = by_type_.At(event.type());
    if (width_ != 1 || !sources[0].field.valid()) return false;
    const Column& column = event.batch->columns[sources[0].field.index()];
    if (column.texts.empty() || column.IsNull(event.row)) return false;
    *text = column.texts[event.row];
    return true;
  }

  // The event's keys, valid until the next call; false when one of them is null.
  bool Get(const Arrival& event, absl::Span<const Value>* keys) {
    return Evaluate(event, by_type_.At(event.type()), keys);
  }

  // Where steps have keys of their own: which choices of keys an event of the type has, and the
  // keys of one of them.
  bool has_views() const { return has_views_; }
  // Whether some type is that of a clock.
  bool any_every_key() const { return any_every_key_; }
  // Whether some key is more than an attribute.
  bool has_programs() const { return !programs_.empty(); }
  size_t ViewCount(TypeId type) const { return views_.At(type).size(); }
  const KeyView& ViewAt(TypeId type, size_t i) const { return *views_.At(type)[i].view; }
  bool GetView(const Arrival& event, size_t i, absl::Span<const Value>* keys) {
    return Evaluate(event, views_.At(event.type())[i].sources, keys);
  }

 private:
  struct Source {   // one key of one event type
    FieldId field;  // valid: the attribute itself
    int32_t program = -1;
  };
  struct View {
    const KeyView* view;
    std::vector<Source> sources;
  };
  RuleKeys() = default;

  absl::StatusOr<std::vector<Source>> Sources(const std::vector<ExprPtr>& keys);
  bool Evaluate(const Arrival& event, const std::vector<Source>& sources,
                absl::Span<const Value>* keys);

  size_t width_ = 0;
  bool has_views_ = false;
  bool any_every_key_ = false;
  TypeTable<bool> every_key_;
  TypeTable<std::vector<Source>> by_type_;
  TypeTable<std::vector<View>> views_;
  std::vector<Program> programs_;
  std::vector<Value> values_;
  Arena scratch_;
  EvalIssues* issues_ = nullptr;
};

}  // namespace spate

#endif  // SPATE_RUNTIME_MATCH_RULE_KEYS_H_
