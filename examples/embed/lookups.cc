// What rules can ask the program around them for: a function of its own, and the rows of a table.
#include <spate/compiler/compile.h>
#include <spate/compiler/source/render.h>
#include <spate/runtime/engine/engine.h>

#include <iostream>

constexpr char kRules[] = R"(
event Tx { card: string, country: string, amount: float }
table Watchlist { card: string key, level: int }

rule watched {
  from t: Tx[card in Watchlist and risk(country, amount) > 0.5]
  emit Watched { t.card, level: Watchlist[t.card].level, risk: risk(t.country, t.amount) }
})";

int main() {
  using spate::Kind;
  using spate::Type;
  using spate::Value;

  spate::CompileOptions options;
  spate::RegisteredFunction risk;
  risk.name = "risk";
  risk.parameters = {Type::Of(Kind::kString), Type::Of(Kind::kFloat)};
  risk.result = Type::Of(Kind::kFloat);
  risk.is_pure = true;  // equal arguments give an equal result
  risk.call = [](absl::Span<const Value> arguments, spate::Arena*) {
    const double by_country = arguments[0].text() == "fr" ? 0.1 : 0.4;
    return Value::Float(by_country + arguments[1].f / 1000);
  };
  options.functions.push_back(risk);

  spate::CompileResult compiled = spate::Compile({{"watched.spate", kRules}}, options);
  for (const spate::Diagnostic& d : compiled.diagnostics) {
    std::cerr << spate::RenderDiagnostic(d, *compiled.sources);
  }
  if (compiled.plan == nullptr) return 1;

  spate::EngineOptions engine_options;
  engine_options.keep_ids = true;  // derived events know their id and the ids they came from
  absl::StatusOr<std::shared_ptr<const spate::Table>> watchlist =
      spate::Table::Create(compiled.plan->tables[0], {{Value::String("c1"), Value::Int(3)}});
  if (!watchlist.ok()) return 1;
  engine_options.tables["Watchlist"] = *watchlist;

  auto engine = spate::Engine::Create(compiled.plan, engine_options);
  if (!engine.ok()) {
    std::cerr << engine.status() << "\n";
    return 1;
  }
  auto subscription = (*engine)->Subscribe("Watched", [](const spate::DerivedEvent& e) {
    std::cout << e.Get("card").text() << " level " << e.Get("level").i << " from event "
              << spate::FormatEventId(e.sources[0]) << "\n";
  });
  auto tx = (*engine)->Type("Tx");
  if (!tx.ok()) return 1;
  for (const char* card : {"c1", "c2"}) {
    for (const double amount : {10.0, 900.0}) {
      absl::Status pushed =
          (*engine)->Push(*tx, 0, {Value::String(card), Value::String("fr"), Value::Float(amount)});
      if (!pushed.ok()) return 1;
    }
  }
  return (*engine)->Finish(spate::EndMode::kClose).ok() ? 0 : 1;
}
