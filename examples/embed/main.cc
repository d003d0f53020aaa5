// Spate inside a program: compile a rule, push events, get what is derived from them.
#include <spate/compiler/compile.h>
#include <spate/compiler/source/render.h>
#include <spate/runtime/engine/engine.h>

#include <iostream>

constexpr char kRules[] = R"(
event Login { user: string, ok: bool }
rule guessed {
  match fails: Login[not ok]{3,} -> hit: Login[ok]   by user   within 10m
  emit  Guessed { user, tries: count(fails) }
})";

int main() {
  spate::CompileResult compiled = spate::Compile({{"guessed.spate", kRules}});
  for (const spate::Diagnostic& d : compiled.diagnostics) {
    std::cerr << spate::RenderDiagnostic(d, *compiled.sources);
  }
  if (compiled.plan == nullptr) return 1;

  auto engine = spate::Engine::Create(compiled.plan);
  if (!engine.ok()) return 1;
  auto subscription = (*engine)->Subscribe("Guessed", [](const spate::DerivedEvent& e) {
    std::cout << e.Get("user").text() << " after " << e.Get("tries").i << " tries\n";
  });

  auto login = (*engine)->Type("Login");
  if (!login.ok()) return 1;
  using spate::Value;
  constexpr spate::Time kSecond = 1'000'000'000;
  for (int i = 0; i < 4; ++i) {
    if (!(*engine)->Push(*login, i * kSecond, {Value::String("ann"), Value::Bool(i == 3)}).ok()) {
      return 1;
    }
  }
  return (*engine)->Finish(spate::EndMode::kClose).ok() ? 0 : 1;
}
