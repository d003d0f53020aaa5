#include "runtime/match/window_none.h"

#include <utility>

namespace spate {

NoWindowMachine::NoWindowMachine(std::unique_ptr<WindowParts> window_parts)
    : WindowMachine(std::move(window_parts)),
      record_(parts().aggregates->record_words()),
      totals_(parts().aggregates->totals_words()) {}

void NoWindowMachine::Take(uint32_t slot, const Arrival& event, ReportSink* sink) {
  const WindowAggregates& aggregates = *parts().aggregates;
  const absl::Span<const Value> arguments = parts().arguments->Evaluate(event);
  aggregates.Fill(record_.data(), arguments);
  aggregates.Reset(totals_.data());
  aggregates.Add(totals_.data(), record_.data());
  if (aggregates.has_tallies()) aggregates.AddToTallies(totals_.data(), arguments, record_.data());
  const auto for_each = [&](size_t list, WindowContent::Take take) {
    take(aggregates.ListValue(record_.data(), list));
  };
  const WindowContent content{1, totals_.data(), nullptr, for_each};
  const auto bindings = [&]() -> absl::Span<const Binding> {
    if (parts().events_read.none()) return {};
    if (parts().StoreIsFull()) {
      parts().store.Compact();  // nothing is marked: it becomes empty
      parts().Compacted();
    }
    binding_ = {VarId(0u), parts().Store(event)};
    return absl::Span<const Binding>(&binding_, 1);
  };
  const Time time = event.time();
  Judge(nullptr, slot, kNoWindow, {time, time, time, KeysOf(slot), content, &event, bindings},
        sink);
}

}  // namespace spate
