#include "tests/property/constructs.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <sstream>

namespace spate::property {
namespace {

// What the engine does not do yet. What is counted under another name goes with one of these.
const std::set<std::string>& NotYet() {
  static const std::set<std::string> kNotYet = {
      "ban",
      "ban after ,",
      "ban of alternatives",
      "ban with a variable",
      "ban for D in the middle",
      "ban before t in the middle",
      "ban at the end",
      "ban at the start",
      "ban ever",
      "until",
      "permutation",
      "permutation with a word",
      "gap",
      "gap of a group",
      "keep latest",
      "keep first",
      "named group",
      "key per variable",
      "key expression",
      "aggregate in a condition",
      "navigation in a condition",
      "prev",
      "where with an aggregate",
      "on timeout emit",
      "emit summary",
      "pattern window tumbling",
      "pattern window tumbling N events",
      "pattern window session",
      "pattern window ending",
      "window hopping",
      "window session",
      "window ending",
      "window unbounded",
      "window sliding N events",
      "window tumbling N events",
      "window with an offset",
      "window by the calendar",
      "report each of windows",
      "on change",
      "else emit",
      "having for",
      "limit",
      "aggregate median",
  };
  return kNotYet;
}

const std::map<std::string, std::string>& GoesWith() {
  static const std::map<std::string, std::string> kGoesWith = {
      {"ban in the middle", "ban"},
      {"ban for a computed D", "ban at the end"},
      {"ban at the end, no limit", "ban at the end"},
      {"ban for D at the end", "ban at the end"},
      {"ban before t at the end", "ban at the end"},
      {"ban for D at the start", "ban at the start"},
      {"permutation with counts", "permutation"},
      {"window session, max", "window session"},
      {"window with a zone", "window by the calendar"},
      {"window in calendar units", "window by the calendar"},
      {"limit ever", "limit"},
      {"aggregate count_distinct", "aggregate median"},
      {"aggregate percentile", "aggregate median"},
      {"aggregate stddev", "aggregate median"},
      {"aggregate variance", "aggregate median"},
      {"aggregate top", "aggregate median"},
  };
  return kGoesWith;
}

const std::vector<std::string>& Everything() {
  static const std::vector<std::string> kEverything = {
      "->",
      "->>",
      ",",
      "quantifier ?",
      "quantifier *",
      "quantifier +",
      "quantifier {n}",
      "quantifier {n,}",
      "quantifier {n,m}",
      "quantifier {,m}",
      "reluctant",
      "loop strict",
      "loop relaxed",
      "loop any",
      "loop of a group",
      "group within D",
      "group within N events",
      "alternatives",
      "v: (A | B)",
      "variable in two branches",
      "step without a variable",
      "condition on the event",
      "condition on an earlier variable",
      "ban",
      "ban in the middle",
      "ban after ,",
      "ban of alternatives",
      "ban with a variable",
      "ban for D in the middle",
      "ban before t in the middle",
      "ban for a computed D",
      "ban at the end",
      "ban at the end, no limit",
      "ban for D at the end",
      "ban before t at the end",
      "ban at the start",
      "ban for D at the start",
      "ban ever",
      "until",
      "permutation",
      "permutation with counts",
      "permutation with a word",
      "gap",
      "gap of a group",
      "keep latest",
      "keep first",
      "named group",
      "key per variable",
      "key expression",
      "aggregate in a condition",
      "navigation in a condition",
      "prev",
      "where with an aggregate",
      "on timeout emit",
      "emit summary",
      "pattern window tumbling",
      "pattern window tumbling N events",
      "pattern window session",
      "pattern window ending",
      "where",
      "by one key",
      "by several keys",
      "key per type",
      "key emitted",
      "within D",
      "within N events",
      "within unbounded",
      "skip past last event",
      "skip to first v",
      "skip to last v",
      "skip to next event",
      "no skip",
      "report each",
      "from before match",
      "from without window",
      "window tumbling",
      "window sliding",
      "window sliding N events",
      "window tumbling N events",
      "window hopping",
      "window session",
      "window session, max",
      "window ending",
      "window unbounded",
      "window with an offset",
      "window with a zone",
      "window in calendar units",
      "report each of windows",
      "on change",
      "else emit",
      "having for",
      "limit",
      "limit ever",
      "from of one type",
      "from of several types",
      "having",
      "aggregate count",
      "aggregate sum",
      "aggregate avg",
      "aggregate min",
      "aggregate max",
      "aggregate collect",
      "aggregate count_distinct",
      "aggregate median",
      "aggregate percentile",
      "aggregate stddev",
      "aggregate variance",
      "aggregate top",
      "aggregate with where",
      "first(v.x)",
      "last(v.x)",
      "v[n].x",
      "several emits",
      "several rules",
      "layers",
      "equal times",
      "null keys",
      "null attributes",
      "lateness",
      "late events",
      "watermark advanced",
      "end close",
      "end advance",
      "end hold",
  };
  return kEverything;
}

std::set<std::string> Wanted() {
  std::set<std::string> wanted;
  const char* also = std::getenv("SPATE_ALSO");
  std::istringstream list(also == nullptr ? "" : also);
  for (std::string name; std::getline(list, name, ',');) wanted.insert(name);
  return wanted;
}

}  // namespace

bool IsMade(const std::string& construct) {
  static const std::set<std::string> kWanted = Wanted();
  return !NotYet().contains(construct) || kWanted.contains(construct) || kWanted.contains("all");
}

std::vector<std::string> AllConstructs() {
  std::vector<std::string> made;
  for (const std::string& name : Everything()) {
    auto with = GoesWith().find(name);
    if (IsMade(with == GoesWith().end() ? name : with->second)) made.push_back(name);
  }
  return made;
}

}  // namespace spate::property
