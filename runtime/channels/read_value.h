// Reading one typed value from text: the fast ways, and words for what went wrong.
//
// Numbers, truth values, times, durations and addresses may have blanks around them; text is taken
// as it is. Every function returns false, and leaves `out` alone, when the text is no such value.
// TimeReader keeps the last date it saw, so that most times cost a few comparisons; it gives what
// ParseTime gives. Thread-safety: pure functions; a TimeReader belongs to one thread.
// Tested by tests/runtime/channels/read_value_test.cc.
#ifndef SPATE_RUNTIME_CHANNELS_READ_VALUE_H_
#define SPATE_RUNTIME_CHANNELS_READ_VALUE_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "runtime/base/arena.h"
#include "runtime/model/types.h"
#include "runtime/model/value.h"
#include "windows/time.h"

namespace spate {

absl::string_view TrimBlanks(absl::string_view text);

bool ReadBool(absl::string_view text, int64_t* out);  // true, false, in any case; 0 or 1
bool ReadInt(absl::string_view text, int64_t* out);   // decimal, 64 bits
bool ReadFloat(absl::string_view text, double* out);  // finite
bool ReadDuration(absl::string_view text, int64_t* out);

class TimeReader {
 public:
  // `epoch_unit`: what a number counts, in ns; 0: a number is no time.
  explicit TimeReader(Duration epoch_unit = 0) : epoch_unit_(epoch_unit) {}
  bool Read(absl::string_view text, Time* out);
  Duration epoch_unit() const { return epoch_unit_; }

 private:
  bool ReadClock(absl::string_view text, Time* out);  // `YYYY-MM-DDThh:mm:ss[.f][Z]`
  bool ReadSlow(absl::string_view text, Time* out) const;

  Duration epoch_unit_;
  char date_[10] = {};  // the date of the last time read
  Time midnight_ = 0;   // its begin
  bool has_date_ = false;
};

// Reads a scalar of `kind`. Text is borrowed; the bytes of an address go to the arena.
bool ReadScalar(Kind kind, absl::string_view text, TimeReader* times, Arena* arena, Value* out);

// Why `text` was not read as `kind`: "`x` is not an int".
std::string WhyNotRead(Kind kind, absl::string_view text, Duration epoch_unit);

// `text` shortened for a message, without control characters.
std::string Excerpt(absl::string_view text);

}  // namespace spate

#endif  // SPATE_RUNTIME_CHANNELS_READ_VALUE_H_
