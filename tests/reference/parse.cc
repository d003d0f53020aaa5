#include "tests/reference/parse.h"

#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "tests/reference/lex.h"
#include "tests/reference/parse_expr.h"
#include "tests/reference/parse_pattern.h"

namespace spate::reference {
namespace {

class RuleParser {
 public:
  explicit RuleParser(Reader* reader) : in_(*reader), expr_(reader), pattern_(reader) {}

  std::optional<RuleFile> Parse() {
    while (!in_.AtEnd()) {
      if (in_.Accept("event")) {
        EventType();
      } else {
        in_.Expect("rule");
        if (!in_.failed()) ParseRule();
      }
    }
    if (in_.failed()) return std::nullopt;
    return std::move(file_);
  }

 private:
  void EventType() {
    EventDecl decl;
    decl.name = in_.Word();
    if (in_.Accept("every")) {
      TickingType(std::move(decl));
      return;
    }
    if (in_.Accept("at")) decl.at = in_.Word();
    in_.Expect("{");
    while (!in_.failed() && !in_.Accept("}")) {
      static const std::set<std::string> kTypes = {"int", "string", "time", "float", "bool"};
      std::string name = in_.Word();
      in_.Expect(":");
      std::string type = in_.Word();
      if (!kTypes.contains(type)) in_.Fail();
      if (in_.Accept("?")) type += "?";
      decl.attrs.push_back({name, type});
      if (!in_.Accept(",") && !in_.Is("}")) in_.Fail();
    }
    file_.types.push_back(std::make_shared<EventDecl>(std::move(decl)));
  }

  // `event Beat every 10s offset 2s zone "Europe/Paris"`.
  void TickingType(EventDecl decl) {
    Clock clock;
    clock.every = ParsePeriod();
    if (in_.Accept("offset")) clock.offset = ParsePeriod();
    if (in_.Accept("zone")) clock.zone = in_.Take().text;
    decl.ticks = true;
    clock.type = std::make_shared<EventDecl>(std::move(decl));
    file_.types.push_back(clock.type);
    file_.clocks.push_back(std::move(clock));
  }

  void ParseRule() {
    Rule rule;
    rule.name = in_.Word();
    in_.Expect("{");
    bool says_after = false;
    while (!in_.failed() && !in_.Accept("}")) {
      says_after |= in_.Is("after");
      Clause(&rule);
    }
    if (rule.pattern == nullptr && rule.from.empty()) in_.Fail();
    if (rule.keep == Keep::kLatest && !says_after) rule.policy = Policy::kNoSkip;
    file_.rules.push_back(std::move(rule));
  }

  void Clause(Rule* rule) {
    if (in_.Accept("match")) {
      rule->pattern = pattern_.Parse();
    } else if (in_.Accept("from")) {
      From(rule);
    } else if (in_.Accept("by")) {
      do By(rule);
      while (in_.Accept(","));
    } else if (in_.Accept("within")) {
      Within(rule);
    } else if (in_.Accept("gap")) {
      rule->gap = in_.Take().number;
    } else if (in_.Accept("window")) {
      Window(rule);
    } else if (in_.Accept("until")) {
      rule->until = pattern_.OneOf();
    } else if (in_.Accept("where")) {
      for (Expr& e : expr_.ParseConjuncts()) rule->where.push_back(std::move(e));
    } else if (in_.Accept("having")) {
      rule->having = expr_.Parse();
      if (in_.Accept("for")) rule->having_for = in_.Take().number;
    } else {
      Reporting(rule);
    }
  }

  // The clauses that say when and what is reported.
  void Reporting(Rule* rule) {
    if (in_.Accept("report")) {
      if (in_.Accept("each"))
        rule->report_each = true;
      else
        in_.Expect("longest");
    } else if (in_.Accept("after")) {
      AfterMatch(rule);
    } else if (in_.Accept("keep")) {
      rule->keep = in_.Accept("latest") ? Keep::kLatest : Keep::kAll;
      if (rule->keep == Keep::kAll && in_.Accept("first"))
        rule->keep = Keep::kFirst;
      else if (rule->keep == Keep::kAll)
        in_.Expect("all");
    } else if (in_.Accept("limit")) {
      rule->limit.count = in_.Take().number;
      if (in_.Accept("ever")) {
        rule->limit.per = -1;
      } else {
        in_.Expect("per");
        rule->limit.per = in_.Take().number;
      }
    } else if (in_.Accept("on")) {
      if (in_.Accept("change")) {
        rule->on_change = true;
        return;
      }
      in_.Expect("timeout");
      in_.Expect("emit");
      ParseEmit(EmitKind::kOnTimeout, rule);
    } else if (in_.Accept("else")) {
      in_.Expect("emit");
      ParseEmit(EmitKind::kElse, rule);
    } else {
      in_.Expect("emit");
      bool summary = in_.Is("summary") && !in_.Is("{", 1);
      if (summary) in_.Take();
      ParseEmit(summary ? EmitKind::kSummary : EmitKind::kReport, rule);
    }
  }

  void Within(Rule* rule) {
    Token t = in_.Take();
    rule->window_size = t.number;
    if (t.kind == TokenKind::kDuration) {
      rule->window = WindowKind::kWithin;
    } else if (t.kind == TokenKind::kInt) {
      rule->window = WindowKind::kEvents;
      in_.Expect("events");
    } else {
      rule->window = WindowKind::kUnbounded;
      if (t.text != "unbounded") in_.Fail();
    }
  }

  // `5m`, `2 weeks`.
  Period ParsePeriod() {
    Token t = in_.Take();
    if (t.kind == TokenKind::kDuration) return {"", t.number};
    std::string unit = in_.Word();
    if (!unit.empty() && unit.back() == 's') unit.pop_back();
    if (unit != "day" && unit != "week" && unit != "month" && unit != "year") in_.Fail();
    return {unit, t.number};
  }

  void Window(Rule* rule) {
    static const std::map<std::string, WindowKind> kKinds = {
        {"tumbling", WindowKind::kTumbling}, {"sliding", WindowKind::kSliding},
        {"hopping", WindowKind::kHopping},   {"session", WindowKind::kSession},
        {"ending", WindowKind::kEnding},     {"unbounded", WindowKind::kUnbounded}};
    auto kind = kKinds.find(in_.Word());
    if (kind == kKinds.end()) return in_.Fail();
    rule->window = kind->second;
    if (rule->window == WindowKind::kUnbounded) return;
    if (rule->window == WindowKind::kEnding) {
      rule->ending = pattern_.OneOf();
      return;
    }
    if (in_.Peek().kind == TokenKind::kInt && in_.Is("events", 1)) {
      rule->window_size = in_.Take().number;
      in_.Take();
      rule->window =
          rule->window == WindowKind::kSliding ? WindowKind::kEvents : WindowKind::kTumblingEvents;
      return;
    }
    Period size = ParsePeriod();
    rule->window_size = size.amount;
    rule->calendar = size.unit;
    while (!in_.failed()) {
      if (in_.Accept("every"))
        rule->every = ParsePeriod();
      else if (in_.Accept("max"))
        rule->session_max = in_.Take().number;
      else if (in_.Accept("offset"))
        rule->offset = ParsePeriod();
      else if (in_.Accept("zone"))
        rule->zone = in_.Take().text;
      else
        return;
    }
  }

  void From(Rule* rule) {
    if (in_.Is(":", 1)) {
      rule->from_var = in_.Word();
      in_.Expect(":");
    }
    bool several = in_.Accept("(");
    do {
      Admitted a;
      a.type = in_.Word();
      if (in_.Accept("[")) {
        a.condition = expr_.Parse();
        in_.Expect("]");
      }
      rule->from.push_back(std::move(a));
    } while (several && in_.Accept("|"));
    if (several) in_.Expect(")");
  }

  // The reader of expressions takes `A.x` for an attribute of a variable; here it is a type's or a
  // variable's key.
  void By(Rule* rule) {
    Key key;
    do {
      Key::Part part;
      part.value = expr_.ParseOperand();
      if (part.value.kind == ExprKind::kVarAttr) {
        part.of = part.value.var;
        part.value.kind = ExprKind::kName;
        part.value.name = part.value.attr;
        part.value.var.clear();
        part.value.attr.clear();
      }
      key.parts.push_back(std::move(part));
    } while (in_.Accept("="));
    key.name = in_.Accept("as") ? in_.Word() : key.parts[0].value.name;
    rule->by.push_back(std::move(key));
  }

  void AfterMatch(Rule* rule) {
    in_.Expect("match");
    if (in_.Accept("no")) {
      in_.Expect("skip");
      rule->policy = Policy::kNoSkip;
      return;
    }
    in_.Expect("skip");
    if (in_.Accept("past")) {
      in_.Expect("last");
      in_.Expect("event");
      return;
    }
    in_.Expect("to");
    if (in_.Accept("next")) {
      in_.Expect("event");
      rule->policy = Policy::kNextEvent;
      return;
    }
    rule->policy = in_.Accept("first") ? Policy::kToFirst : Policy::kToLast;
    if (rule->policy == Policy::kToLast) in_.Expect("last");
    rule->policy_var = in_.Word();
  }

  void ParseEmit(EmitKind kind, Rule* rule) {
    Emit emit;
    emit.kind = kind;
    emit.type = in_.Word();
    in_.Expect("{");
    while (!in_.failed() && !in_.Accept("}")) {
      std::string name;
      if (in_.Is(":", 1)) {
        name = in_.Word();
        in_.Expect(":");
      }
      Expr e = expr_.Parse();
      if (name.empty()) name = e.kind == ExprKind::kName ? e.name : e.attr;
      if (HasDuration(e)) in_.Fail();
      emit.attrs.emplace_back(name, std::move(e));
      if (!in_.Accept(",") && !in_.Is("}")) in_.Fail();
    }
    rule->emits.push_back(std::move(emit));
  }

  Reader& in_;
  ExprParser expr_;
  PatternParser pattern_;
  RuleFile file_;
};

}  // namespace

std::optional<RuleFile> ParseRules(const std::string& text) {
  std::vector<Token> tokens;
  if (!Lex(text, &tokens)) return std::nullopt;
  Reader reader(std::move(tokens));
  return RuleParser(&reader).Parse();
}

}  // namespace spate::reference
