#include "compiler/syntax/test_columns.h"

#include <algorithm>

namespace spate {
namespace {

// The lines of one block that stand together: indices of what follows their times.
struct Lines {
  std::vector<size_t> heads;
  size_t width = 0;  // of the longest time

  void Add(size_t head, size_t time_width) {
    heads.push_back(head);
    width = std::max(width, time_width);
  }
};

class ColumnFinder {
 public:
  ColumnFinder(const std::vector<LayoutToken>& tokens, size_t begin, size_t end)
      : tokens_(tokens), begin_(begin), end_(end) {}

  std::map<size_t, size_t> Find() {
    blocks_.emplace_back();
    for (size_t i = begin_; i < end_; ++i) {
      const LayoutToken& t = tokens_[i];
      if (t.closes() && blocks_.size() > 1) {
        Settle();
        blocks_.pop_back();
      }
      if (t.breaks > 0) Line(i);
      if (t.opens()) blocks_.emplace_back();
    }
    while (!blocks_.empty()) {
      Settle();
      blocks_.pop_back();
    }
    return std::move(blanks_);
  }

 private:
  void Line(size_t i) {
    if (tokens_[i].breaks > 1 || tokens_[i].text == "case") Settle();
    const bool has_time = tokens_[i].text == "at" && i + 2 < end_ && tokens_[i + 1].breaks == 0 &&
                          tokens_[i + 2].breaks == 0 && tokens_[i + 2].blank &&
                          !tokens_[i + 2].comment;
    if (has_time) blocks_.back().Add(i + 2, tokens_[i + 1].text.size());
  }

  // A line by itself is as any other.
  void Settle() {
    const Lines lines = std::move(blocks_.back());
    blocks_.back() = Lines();
    if (lines.heads.size() < 2) return;
    for (size_t head : lines.heads) {
      blanks_[head] = lines.width - tokens_[head - 1].text.size() + 2;
    }
  }

  const std::vector<LayoutToken>& tokens_;
  size_t begin_;
  size_t end_;
  std::vector<Lines> blocks_;  // the brackets that are open
  std::map<size_t, size_t> blanks_;
};

}  // namespace

std::map<size_t, size_t> TestColumns(const std::vector<LayoutToken>& tokens, size_t begin,
                                     size_t end) {
  return ColumnFinder(tokens, begin, end).Find();
}

}  // namespace spate
