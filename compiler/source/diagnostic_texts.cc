// The texts, in the order of diagnostic_codes.def; each begins on the line after its code.
#include "compiler/source/diagnostic_texts.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"

namespace spate {
namespace {

using D = DiagnosticCode;

struct Entry {
  DiagnosticCode code;
  absl::string_view text;
};

constexpr Entry kTexts[] = {
    // Files and limits
    {D::kFileTooLarge, R"~(
A rule file has at most 16 MiB. Share what is large (lists of addresses, say) as a `table`,
which is read at run time, or divide the file and import its parts.)~"},
    {D::kInvalidUtf8, R"~(
Rule files are UTF-8. Convert the file, or write the character as an escape in a text:
    "caf\u00e9")~"},
    {D::kTooDeep, R"~(
Brackets are nested deeper than the compiler follows. Give inner parts a name with `const` or
`fn`.)~"},
    {D::kTooLong, R"~(
One declaration has more parts than the compiler takes. Divide it, or put a long list into a
`table`.)~"},
    {D::kImportNotFound, R"~(
The path of an import is relative to the file that imports, and each file is read once. The
message says what the system said.)~"},
    {D::kExpressionTooDeep, R"~(
An expression is nested too deeply, or calls of `fn`s grow it beyond what can be evaluated. A
long chain of `a == 1 or a == 2 ..` is better written as `a in [1, 2, ..]`.)~"},
    // Syntax
    {D::kSyntax, R"~(
The text does not follow the grammar at this place. The message says what was found and what
can stand there; the rest of the file is checked all the same.)~"},
    {D::kUnclosedBracket, R"~(
A bracket has no partner. The second place in the message is where the other one was opened.)~"},
    {D::kMissingOperand, R"~(
An operator, a clause or a list lacks what belongs to it.)~"},
    {D::kBadNumber, R"~(
What begins with a digit is a number (42, 1_000, 0.5, 1e-3) or a duration with the units ns us
ms s m h d w (1h30m). `5min` is `5m`.)~"},
    {D::kNumberTooLarge, R"~(
An `int` has 64 bits, and a duration 64 bits of nanoseconds (about 292 years).)~"},
    {D::kBadTime, R"~(
A time is written
    @2026-01-31   @2026-01-31T08:00   @2026-01-31T08:00:00.5+01:00
without a zone it is UTC.)~"},
    {D::kUnterminatedText, R"~(
A text ends on the line on which it begins. Write a line break as \n.)~"},
    {D::kBadEscape, R"~(
A text has the escapes of JSON: \" \\ \/ \b \f \n \r \t \u0041. In regular expressions write a
raw text, in which nothing is an escape:
    extract(path, r"^/user/(\d+)", 1))~"},
    {D::kBlockComment, R"~(
There are only comments to the end of the line, `//`, because globs such as "/etc/*" contain
what would begin a block comment.)~"},
    {D::kBadCharacter, R"~(
This character begins nothing in the language. A name with other characters stands in
back-quotes:
    `@timestamp`)~"},
    {D::kReservedWord, R"~(
Only these words are reserved: and or not in is between like matches unless if then else true
false null where. As a name put it into back-quotes.)~"},
    {D::kDuplicateClause, R"~(
Each clause stands at most once in a rule, but for `emit` and `where`.)~"},
    {D::kNeedsParentheses, R"~(
The meaning would depend on which operator binds tighter; parentheses say it.)~"},
    {D::kUnlessTwice, R"~(
`a unless b` is `a and (b is not true)`. Of two of them it would not be clear what the second
excepts:
    a unless (b or c))~"},
    {D::kCalendarUnit, R"~(
Days, weeks, months and years of the calendar (`1 day`) differ in length, so they stand only
where a window or clock takes them. `1d` is exactly 24 hours.)~"},
    {D::kBanPlace, R"~(
A ban (`not N`) is an element of a sequence:
    A -> not N -> B)~"},
    {D::kBadQuantifier, R"~(
A step that stands zero times is no step, and a number of rounds needs a lower bound that is
not above the upper one.)~"},
    {D::kComparisonKey, R"~(
In `by` one `=` says that keys of two variables are the same key. A comparison is `where`'s.)~"},
    {D::kBadClause, R"~(
The clause is known, but one of its parts is not what it takes; the message says which.)~"},
    {D::kBadPermutation, R"~(
`A & B` finds steps in any order. Its elements are steps with exact counts, at most 16.)~"},
    // Names
    {D::kUndefinedName, R"~(
A bare name is, in this order: a parameter of the `fn` or lambda, an attribute of the current
event, a variable of the rule, a key, a const or param, a table. It is none of them here. In
`emit` and `where` an attribute needs its variable: `hit.user`.)~"},
    {D::kDuplicateName, R"~(
Event types and rules share one namespace over all files; consts, params, fns, tables and
views have one among the files that see each other.)~"},
    {D::kUndefinedType, R"~(
No event type or view of this name is declared or emitted. Types that rules emit need no
declaration; views are seen only in the files that import theirs.)~"},
    {D::kUndefinedAttribute, R"~(
The event's type, the table or the record has nothing of this name. A variable with several
types has only the attributes that all of them have.)~"},
    {D::kUndefinedFunction, R"~(
`spate explain --functions` lists the functions. Others are declared with `fn`, or registered
by the embedding program (CompileOptions::functions).)~"},
    {D::kVariableIsAttribute, R"~(
A variable with the name of an attribute of one of the rule's types would hide it. Rename the
variable.)~"},
    {D::kVariableTwice, R"~(
A variable stands at one step, or at several in different branches of one `|`.)~"},
    {D::kNotBoundYet, R"~(
The condition of a step sees variables that are bound before it. Write the condition at the
later step, or as `where`, which sees all:
    match a: A -> b: B[b.x > a.x])~"},
    {D::kCircularDefinition, R"~(
A const, fn, view or computed attribute needs itself to be known.)~"},
    {D::kUnknownParam, R"~(
A value was given (`--param name=value`) for a param that no file declares.)~"},
    // Types
    {D::kTypeMismatch, R"~(
Types are static, and only an int becomes a float by itself. Functions convert: string(x)
int(x) float(x) ip(x) time(x) duration(x); what cannot be converted is null.)~"},
    {D::kUnlikeComparison, R"~(
Values of different types are never equal, so that such a comparison is a mistake. Text
literals are read as what the other side is:
    source != "127.0.0.1"     // source: ip)~"},
    {D::kCompareWithNull, R"~(
As in SQL an operation on null is null, and a condition that is null does not hold. Ask with
    x is null    x is not null    x ?? default)~"},
    {D::kListWithElement, R"~(
A list is not equal to its element.
    "web" in tags          // one of them is
    any(tags) like "w*"    // with any comparison
    all(tags, t => len(t) < 10))~"},
    {D::kNotACondition, R"~(
A condition is a `bool`; compare the value with something.)~"},
    {D::kMayBeNull, R"~(
The place takes no null, and the value may be one: its attribute is declared `T?`, its
variable may be unbound, a division may be by zero, a table may have no such row. `x ??
default` gives a value for null, or declare the target `T?`.)~"},
    {D::kBadLiteral, R"~(
A text literal beside a time, duration or address is read as one, and this one cannot be.)~"},
    {D::kWrongArguments, R"~(
`spate explain --functions NAME` shows what a function takes.)~"},
    {D::kNotConstant, R"~(
The value must be known when the rules are compiled: literals, consts, params and functions of
them.)~"},
    {D::kNotAValue, R"~(
An event, a record, a table or a row of one is no value by itself; name one of its attributes
or columns.)~"},
    {D::kAggregatePlace, R"~(
Aggregates range over the events of a variable, in `emit`, `where` and the conditions of a
pattern rule, or over the events of a window, in `having` and `emit` of a `from` rule.)~"},
    {D::kAggregateVariables, R"~(
What is inside an aggregate is evaluated for each event of one variable, so only that variable
can be named.)~"},
    {D::kBadRegex, R"~(
Regular expressions are RE2's: no back-references and no look-around. Write them as raw texts,
r"..".)~"},
    {D::kUnknownScalarType, R"~(
The types are bool int float string time duration ip, lists `[T]`, records `{ a: T }`, and
`T?` where null is possible.)~"},
    {D::kBadTimeAttribute, R"~(
`event E at x` names the attribute that carries the event's time; its type is `time`.)~"},
    {D::kTableKey, R"~(
Rows of a table are found by the columns marked `key`, at least one, which are scalars and
never null:
    table Watchlist { card: string key, level: int })~"},
    // Patterns and rules
    {D::kNeedsWindow, R"~(
The pattern could wait for ever, and its state could not be bounded. Say how long a match may
take, or that this is meant:
    within 10m    within 100 events    gap 5s    within unbounded)~"},
    {D::kBadBound, R"~(
A bound, window or count is positive.)~"},
    {D::kUnknownZone, R"~(
Zones have the names of the IANA database, as "Europe/Paris" or "UTC".)~"},
    {D::kMissingKey, R"~(
Every step needs a value for each key of `by`. Where the attribute has another name, say so:
    by user, A.src_ip = B.client_ip)~"},
    {D::kKeyTypes, R"~(
The values of one key have one type, a scalar one, whichever event they come from.)~"},
    {D::kNotAdmitted, R"~(
`from` before `match` says which events are the rule's input; a step of another type never
finds one.)~"},
    {D::kCannotAdvance, R"~(
`skip to` an event at which the match itself begins would find the same match again. Name a
variable that comes later, or take another policy.)~"},
    {D::kClausePlace, R"~(
Some clauses are for pattern rules (`match`), others for rules over windows (`from`).)~"},
    {D::kNoInput, R"~(
A rule reads events: `match` a pattern, or `from` a type.)~"},
    {D::kRuleCycle, R"~(
Rules that feed each other in a circle would never come to rest. The message shows the circle.)~"},
    {D::kBanNeedsLimit, R"~(
A ban at the beginning or end of a pattern needs to know how long nothing may come:
    A -> not B for 5m       not A for 1h -> B       A -> not B before a.ts + 5m)~"},
    {D::kBanMisplaced, R"~(
At this place the ban could not change which matches there are.)~"},
    {D::kBindsNothing, R"~(
A match binds at least one event. A pattern whose parts may all be left out would match
nothing at all times.)~"},
    {D::kBanVariable, R"~(
A ban binds no event: its variable is seen only in its own condition and in `by`.)~"},
    {D::kCannotReport, R"~(
What the rule asks for excludes itself, so that it could never report.)~"},
    {D::kPatternTooLarge, R"~(
The automaton of the pattern would be larger than allowed. Large counts multiply:
`((A{50}){50}){50}`.)~"},
    // Emit and derived types
    {D::kCannotEmit, R"~(
`emit` makes events of a type of its own: not of a view, a clock, or with the name of another
rule.)~"},
    {D::kEnvelopeName, R"~(
`type time rule event_id matched` belong to every derived event. Give the attribute another
name.)~"},
    {D::kFilledAttribute, R"~(
The time attribute (`at ts`) of a derived event and computed attributes are filled by
themselves.)~"},
    {D::kEmitsDisagree, R"~(
A type that is not declared takes its attributes from its `emit`s, which must have the same
ones with the same types. Declare the type to say what it is.)~"},
    {D::kMissingAttribute, R"~(
An attribute that is left out is null, and this one cannot be. Give it, or declare it `T?`.)~"},
    {D::kAttributeNeedsName, R"~(
A path gives its last word as a name; anything else needs one:
    emit Spike { user, worst: max(r.ms) })~"},
    // Rule tests
    {D::kTestPlace, R"~(
Tests live in files of their own, whose names end in `_test.spate`. So a file of rules stays
what runs, and `spate test` finds the tests of a folder. Move the test, and import its rules:
    import "brute_force.spate")~"},
    {D::kUndefinedRule, R"~(
`for` names the rules whose events the test expects. They stand in the file itself or in one
that it imports.)~"},
    {D::kBadTestLine, R"~(
The line has parts that do not go together: `every` without `times`, two times for one event,
`expect nothing` beside another `expect`, an event that only the engine makes.)~"},
    {D::kNeverReported, R"~(
A test compares the events of its rules, those after `for`, or all that the file sees. None of
them emits this type, so the test could never pass. Name the rule that emits it:
    test "five failures, then a success" for brute_force, takeover { .. })~"},
    // Warnings
    {D::kUnusedName, R"~(
Nothing names it. Remove it, or use it.)~"},
    {D::kNeverHolds, R"~(
No value can make the condition true, as in `x > 5 and x < 3`, so the step never takes an
event.)~"},
    {D::kSimilarNames, R"~(
Two names that differ only in case are easily taken for each other.)~"},
    {D::kNegationOverNull, R"~(
Where the attribute is null the negated comparison is null too, and does not hold. If such
events should pass, say so:
    name != "root" or name is null        .. unless name == "root")~"},
    {D::kLoopSwallows, R"~(
The loop takes every event that the step after it could take. The match still completes at the
first such event, but the step may not be what was meant; a condition can tell the two apart.)~"},
    {D::kEqualityIsNoKey, R"~(
An equality with an earlier variable that is not in `by` leaves all values in one partition,
where a match of one value discards the partial matches of the others. As a key, each has a
partition of its own:
    by user
Where the step comes at once after the variable, joined by `,`, nothing of another value can be
under way between them, and there is no warning.)~"},
    {D::kAlwaysHolds, R"~(
Every value makes the condition true, so it says nothing.)~"},
    {D::kWindowTooShort, R"~(
The parts of the pattern need more time than the window around them gives.)~"},
    {D::kFeedsDerived, R"~(
Events of this type are what a rule under test makes. Fed by the test they go to the rules that
read them, and are not compared with what is expected; most often they were meant as `expect`.)~"},
    {D::kExpectsUnsaid, R"~(
Without an `expect` the test holds when nothing is reported. If that is meant, say so:
    expect nothing)~"},
    {D::kHidesFunction, R"~(
In this file, and in those that import it, calls of the name mean the fn. Who reads a rule there will
take it for the function of the library.)~"},
};

}  // namespace

absl::string_view DiagnosticText(DiagnosticCode code) {
  const auto* found = std::find_if(std::begin(kTexts), std::end(kTexts),
                                   [&](const Entry& e) { return e.code == code; });
  return found == std::end(kTexts) ? absl::string_view() : found->text.substr(1);
}

std::vector<DiagnosticCode> AllDiagnosticCodes() {
  return {
#define SPATE_DIAGNOSTIC(name, code, severity, title) DiagnosticCode::name,
#include "compiler/source/diagnostic_codes.def"
#undef SPATE_DIAGNOSTIC
  };
}

std::optional<DiagnosticCode> FindDiagnosticCode(absl::string_view text) {
  for (const DiagnosticCode code : AllDiagnosticCodes()) {
    if (absl::EqualsIgnoreCase(CodeText(code), text)) return code;
  }
  return std::nullopt;
}

}  // namespace spate
