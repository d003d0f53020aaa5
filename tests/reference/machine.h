// The matching machine of one partition, as docs/language.md tells it.
//
// Threads, pending matches and the bars that reports set are kept as plain lists; each event walks
// them all. The caller sees to time: before an event of time t it ends all that is due (Due,
// Expire). Steps 1 to 3 are in machine.cc, 4 and 5 in machine_report.cc, windows, bounds and
// deadlines in machine_time.cc. Not for concurrent use. Tested by
// tests/reference/examples_test.cc.
#ifndef SPATE_TESTS_REFERENCE_MACHINE_H_
#define SPATE_TESTS_REFERENCE_MACHINE_H_

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/reference/keys.h"
#include "tests/reference/model.h"
#include "tests/reference/place.h"

namespace spate::reference {

// A moment at which windows end: before the events of that time (exclusive), or after them.
struct Deadline {
  Time time = 0;
  bool after_events = false;
  friend auto operator<=>(const Deadline&, const Deadline&) = default;
};

// One event taken: which (its number in the partition's input) and by which transition.
struct Choice {
  int64_t index = 0;
  int rank = 0;
  friend bool operator==(const Choice&, const Choice&) = default;
};

struct Match {
  std::vector<Binding> bound;
  std::vector<Choice> choices;
  std::set<int64_t> grown_from;  // reports of which this is the growth
  bool timeout = false;          // no match: what came of a start whose time is over
  int64_t first() const { return choices.front().index; }
  int64_t last() const { return choices.back().index; }
};

// Whether `a` is reported before `b`: by first event, then preference.
bool Before(const Match& a, const Match& b);

// Whether both bind the same events to the same variables.
bool SameBindings(const Match& a, const Match& b);

// Thrown when one event leaves more threads than plain enumeration can follow. A test that meets it
// counts the case as given up.
class TooManyThreads : public std::exception {
 public:
  static constexpr size_t kMost = 4'000;
  const char* what() const noexcept override { return "more threads than the reference follows"; }
};

class Machine {
 public:
  Machine(const Rule& rule, const Places& places, KeyValues keys)
      : rule_(rule), places_(places), keys_(std::move(keys)) {}

  // Takes an event of the partition's input; returns the matches reported at it, in order.
  std::vector<Match> Take(const EventPtr& event);

  // The next moment at which a transition closes, if any has one.
  std::optional<Deadline> Due() const;
  // Whether a match can still come without a further event.
  bool WaitsOrPends() const;
  // Closes what is due at that moment.
  std::vector<Match> Expire(Deadline deadline);

  // Reports the pending matches: all of them, or those that no deadline will report.
  std::vector<Match> Close(bool all);

  const KeyValues& keys() const { return keys_; }

 private:
  struct Thread {
    const Node* step = nullptr;
    Frames frames;
    std::vector<Transition> open;
    Match match;                 // what it has taken
    std::set<int64_t> pendings;  // pending matches that it grew out of, its own included
    bool complete = false;       // it took the event at hand and has all it needs
  };
  enum class Ending { kPending, kReportAndGoOn, kReport };
  struct Pending {
    int64_t id = 0;
    Match match;
  };
  // What a report bars: starts before `bound`, or at `bound` alone; but not its own growth.
  struct Bar {
    int64_t report = 0;
    int64_t bound = 0;
    bool only_start = false;
  };
  struct Finished {
    Match match;
    size_t thread = 0;  // reported at an acceptance: the thread that may go on
    bool goes_on = false;
  };

  // Steps 1 to 3.
  std::vector<Match> Until(const EventPtr& event);
  bool Fits(const Node& step, const std::vector<std::string>& vars, const Event& event,
            std::vector<Binding> bound, int64_t index) const;
  bool IsBanned(const Node& ban, const Thread& thread, const EventPtr& event, int64_t index) const;
  bool CameBefore(const Guard& guard, const EventPtr& event) const;
  bool LetIn(const Thread& thread, const Transition& t, const EventPtr& event) const;
  bool Accepts(const Thread& thread, const Transition& t, const EventPtr& event,
               Thread* taken) const;
  bool Arm(Thread* thread, const EventPtr& event) const;
  bool WhereAtStep(const Match& match, const std::vector<std::string>& step_vars) const;
  bool WhereAtEnd(const Match& match) const;
  void Step(const Thread& thread, const EventPtr& event, std::vector<Thread>* next) const;
  void Merge(std::vector<Thread>* threads) const;
  void KeepLatest(std::vector<Thread>* threads) const;

  // Steps 4 and 5.
  std::vector<Finished> Complete();
  Ending EndOf(const Thread& thread) const;
  void ReplacePrefixes(const Match& match);
  std::vector<Match> Report(std::vector<Finished> finished);
  void ReportOne(const Finished& f, std::vector<Match>* reported);
  bool PendingFirst(const Match& match, std::vector<Match>* reported);
  void CollectEnded(std::vector<Finished>* finished);
  bool SetsBound() const;
  std::optional<Bar> BarOf(const Match& match, int64_t report) const;
  static bool Bars(const Bar& bar, const Match& match);
  bool IsBarred(const Match& match) const;
  void Apply(const Bar& bar);

  // Windows, bounds and deadlines.
  void OpenWindow(const EventPtr& event);
  bool ClosesWindow(const EventPtr& event) const;
  std::optional<Deadline> WindowEnd(const Thread& thread) const;
  std::optional<Deadline> WaitEnd(const Thread& thread, const Guard& guard) const;
  bool LivesForEver(const Thread& thread) const;
  std::optional<Deadline> DeadlineOf(const Thread& thread, const Transition& t) const;
  bool CountedOut(const Thread& thread, const Transition& t, bool window_closes) const;
  bool IsOverAtOnce(const Thread& thread, const Transition& t, const EventPtr& event,
                    bool window_closes) const;
  using IsOver = std::function<bool(const Thread&, const Transition&)>;
  void FinishWaits(const IsOver& is_over, std::vector<Finished>* finished);
  void CloseSteps(const IsOver& is_over);
  void AddTimeouts(std::vector<Match>* reported);

  const Rule& rule_;
  const Places& places_;
  KeyValues keys_;
  std::vector<EventPtr> history_;  // the partition's input so far
  int64_t index_ = 0;              // how many these are
  int64_t next_id_ = 0;            // of pending matches and reports
  std::vector<Thread> threads_;
  std::vector<Pending> pendings_;
  std::vector<Bar> bars_;
  Deadline session_end_;               // of the newest session
  Time session_start_ = 0;             // its first event's time
  std::set<int64_t> matched_;          // starts that gave a match
  std::map<int64_t, Match> furthest_;  // by start: of the threads whose time was over
  std::set<int64_t> over_;             // starts of threads that ended so just now
};

}  // namespace spate::reference

#endif  // SPATE_TESTS_REFERENCE_MACHINE_H_
