#include "tests/property/generate_emit.h"

#include <utility>

#include "tests/property/generate_expr.h"

namespace spate::property {

using reference::Emit;
using reference::EmitKind;
using reference::Policy;
using reference::WindowKind;

std::string LayerType(int layer) { return "L" + std::to_string(layer); }

Emit EmitMaker::Start(EmitKind kind, const char* letter, bool second) const {
  return {kind, letter + std::to_string(index_) + (second ? "b" : ""), {}};
}

void EmitMaker::Reports(const std::vector<std::string>& vars,
                        const std::vector<std::string>& groups) {
  int count = random_.Percent(15) ? 2 : 1;
  for (int n = 0; n < count; ++n) {
    Emit emit = Start(EmitKind::kReport, "M", n > 0);
    for (int i = random_.Int(0, 3); i > 0; --i) {
      if (vars.empty()) break;
      bool of_window = rule_.pattern == nullptr;
      bool of_group = !groups.empty() && random_.Percent(35);
      emit.attrs.emplace_back(
          "v" + std::to_string(i),
          GenerateAttribute(random_.Pick(of_group ? groups : vars), of_window, &random_));
    }
    if (!rule_.by.empty() && random_.Percent(40)) {
      emit.attrs.emplace_back("key", Bare(rule_.by.back().name));
    }
    rule_.emits.push_back(std::move(emit));
  }
  if (feeds_) FeedNextLayer(vars);
}

void EmitMaker::FeedNextLayer(const std::vector<std::string>& vars) {
  Emit emit;
  emit.type = LayerType(layer_ + 1);
  for (const char* attr : {"x", "k", "y"}) {
    if (vars.empty() || random_.Percent(15)) continue;  // left out: null
    emit.attrs.emplace_back(attr, VarAttr(random_.Pick(vars), attr));
  }
  for (const char* attr : {"xs", "es"}) {
    if (vars.empty() || !random_.rich() || random_.Percent(50)) continue;
    emit.attrs.emplace_back(attr, VarAttr(random_.Pick(vars), attr));
  }
  if (random_.Percent(50)) rule_.emits.clear();
  rule_.emits.push_back(std::move(emit));
}

void EmitMaker::Timeout(const std::vector<std::string>& vars) {
  bool has_end = rule_.window != WindowKind::kUnbounded || rule_.gap >= 0;
  if (!has_end || !random_.Percent(12)) return;
  Emit emit = Start(EmitKind::kOnTimeout, "T");
  if (!vars.empty()) emit.attrs.emplace_back("v", VarAttr(random_.Pick(vars), "x"));
  rule_.emits.push_back(std::move(emit));
}

void EmitMaker::Summary(const std::vector<std::string>& vars) {
  bool may_sum = rule_.policy == Policy::kNoSkip && !rule_.report_each;
  if (!may_sum || !random_.Percent(20)) return;
  Emit emit = Start(EmitKind::kSummary, "S");
  emit.attrs.emplace_back("n", Call("match_count", "", ""));
  if (!vars.empty()) {
    static const std::vector<std::string> kNames = {"sum", "avg", "min", "max", "count"};
    emit.attrs.emplace_back("v", Call(random_.Pick(kNames), random_.Pick(vars), "x"));
  }
  rule_.emits.push_back(std::move(emit));
}

void EmitMaker::CountedSummaries(const std::vector<std::string>& vars) {
  if (random_.Percent(15)) CountedSummary(vars, true);
  CountedSummary(vars, false);
  if (!feeds_) return;
  Emit emit{EmitKind::kSummary, LayerType(layer_ + 1), {}};
  emit.attrs.emplace_back("x", Call("match_count", "", ""));
  if (!vars.empty()) emit.attrs.emplace_back("y", Call("max", random_.Pick(vars), "x"));
  rule_.emits.push_back(std::move(emit));
}

void EmitMaker::CountedSummary(const std::vector<std::string>& vars, bool second) {
  Emit emit = Start(EmitKind::kSummary, "S", second);
  emit.attrs.emplace_back("n", Call("match_count", "", ""));
  for (int i = random_.Int(0, 5); i > 0 && !vars.empty(); --i) {
    emit.attrs.emplace_back("v" + std::to_string(i),
                            GenerateSummaryAggregate(random_.Pick(vars), &random_));
  }
  if (!rule_.by.empty() && random_.Percent(40)) {
    emit.attrs.emplace_back("key", Bare(rule_.by.back().name));
  }
  rule_.emits.push_back(std::move(emit));
}

void EmitMaker::WindowEdges() {
  Emit& emit = rule_.emits[0];
  if (emit.type[0] != 'M' || !random_.Percent(25)) return;
  emit.attrs.emplace_back("begins", Call("window_start", "", ""));
  emit.attrs.emplace_back("ends", Call("window_end", "", ""));
}

void EmitMaker::Else() {
  Emit emit = Start(EmitKind::kElse, "E");
  emit.attrs.emplace_back("n", Call("count", "", ""));
  rule_.emits.push_back(std::move(emit));
}

void EmitMaker::ClockReport() {
  Emit emit = Start(EmitKind::kReport, "M");
  emit.attrs.emplace_back("n", Call("count", "", ""));
  emit.attrs.emplace_back("at", VarAttr("r", "time"));
  if (!rule_.by.empty()) emit.attrs.emplace_back("key", Bare("k"));
  rule_.emits.push_back(std::move(emit));
}

}  // namespace spate::property
