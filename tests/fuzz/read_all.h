// ReadAll: any bytes as an input file, read to the end, for the fuzz targets of the channels.
//
// Reads twice, in large pieces and in tiny ones: what is read must not depend on how bytes arrive,
// and the columns of each block must have one element a row.
#ifndef SPATE_TESTS_FUZZ_READ_ALL_H_
#define SPATE_TESTS_FUZZ_READ_ALL_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "compiler/compile.h"
#include "runtime/base/check.h"
#include "runtime/channels/byte_source.h"
#include "runtime/channels/input_schema.h"
#include "runtime/channels/open.h"
#include "runtime/channels/source.h"
#include "runtime/model/plan.h"

namespace spate::fuzz {

// Every kind of attribute, nullable and not, nested, in lists, and a sparse type.
inline constexpr char kRules[] = R"(
event A at ts { ts: time, i: int, f: float?, s: string, b: bool?, d: duration?, p: ip?,
                xs: [int]?, r: { s: string?, t: { i: int? } } }
sparse event S { i: int, xs: [string], r: { f: float } }
rule a { from a: A emit OutA { a.ts, a.i, a.f, a.s, a.b, a.d, a.p, a.xs, x: a.r.s, y: a.r.t.i } }
rule s { from s: S emit OutS { s.i, s.xs, x: s.r.f } }
)";

struct Seen {
  uint64_t rows = 0;
  uint64_t rejects = 0;
  uint64_t times = 0;  // a sum, to compare
  bool failed = false;
};

inline Seen ReadPieces(const Plan& plan, const std::string& bytes, size_t piece) {
  Seen seen;
  auto schema = std::make_shared<const InputSchema>(plan, /*all_fields=*/true);
  ReadOptions options;
  options.all_fields = true;
  options.epoch_unit = 1'000'000;
  options.on_reject = [&seen](const Reject& reject) {
    SPATE_CHECK(!reject.reason.empty() && reject.line > 0 && reject.column > 0);
    ++seen.rejects;
  };
  auto opened = OpenMemory(bytes, piece);
  if (!opened.ok()) return {.failed = true};
  auto source = OpenSource(*std::move(opened), "fuzz", schema, options);
  if (!source.ok()) return {.failed = true};
  SourceBlock block;
  while (true) {
    const absl::StatusOr<bool> more = (*source)->Next(&block);
    seen.failed = seen.failed || !more.ok();
    if (!more.ok() || !*more) return seen;
    SPATE_CHECK(block.origins.size() == block.rows());
    for (const EventBatch& batch : block.events.batches) {
      for (const Column& column : batch.columns) {
        SPATE_CHECK(!column.present || column.size() == batch.rows());
      }
      for (const Time time : batch.times) seen.times += static_cast<uint64_t>(time);
    }
    seen.rows += block.rows();
  }
}

inline void ReadAll(absl::string_view bytes) {
  static const CompileResult* const compiled = new CompileResult(Compile({{"fuzz.spate", kRules}}));
  SPATE_CHECK(compiled->plan != nullptr);
  const Seen large = ReadPieces(*compiled->plan, std::string(bytes), 1 << 16);
  const Seen small = ReadPieces(*compiled->plan, std::string(bytes), 3);
  SPATE_CHECK(large.rows == small.rows && large.rejects == small.rejects);
  SPATE_CHECK(large.times == small.times && large.failed == small.failed);
}

}  // namespace spate::fuzz

#endif  // SPATE_TESTS_FUZZ_READ_ALL_H_
