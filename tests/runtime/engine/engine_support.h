// Helpers of the engine's tests: compile a text, push events, collect what comes out.
#ifndef SPATE_TESTS_RUNTIME_ENGINE_ENGINE_SUPPORT_H_
#define SPATE_TESTS_RUNTIME_ENGINE_ENGINE_SUPPORT_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "compiler/compile.h"
#include "compiler/source/render.h"
#include "runtime/engine/engine.h"

namespace spate {

inline std::shared_ptr<const Plan> CompileOrFail(const std::string& rules) {
  CompileResult r = Compile({{"t.spate", rules}});
  for (const Diagnostic& d : r.diagnostics) {
    if (d.severity == Severity::kError) ADD_FAILURE() << RenderDiagnostic(d, *r.sources);
  }
  return r.plan;
}

// An engine over types A and B, each { k: string, x: int }, whose output is "Type@seconds" lines.
class TestEngine {
 public:
  static constexpr const char* kTypes =
      "event A { k: string, x: int }\nevent B { k: string, x: int }\n";

  explicit TestEngine(const std::string& rules, const EngineOptions& options = {})
      : engine_(*Engine::Create(CompileOrFail(kTypes + rules), options)) {
    all_ = *engine_->Subscribe("", [this](const DerivedEvent& e) {
      out.push_back(absl::StrCat(e.type->name, "@", e.time / kSecond));
    });
  }
  absl::Status Push(const char* type, int64_t second, const char* key = "k", int64_t x = 0) {
    const Value values[] = {Value::String(key), Value::Int(x)};
    return engine_->Push(*engine_->Type(type), second * kSecond, values);
  }
  Engine& operator*() { return *engine_; }
  Engine* operator->() { return engine_.get(); }

  std::vector<std::string> out;

 private:
  std::unique_ptr<Engine> engine_;
  Subscription all_;
};

}  // namespace spate

#endif  // SPATE_TESTS_RUNTIME_ENGINE_ENGINE_SUPPORT_H_
