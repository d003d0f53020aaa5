#include "runtime/channels/csv_scanner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace spate {
namespace {

TEST(CsvMaskTest, FastAndPortableAgree) {
  std::mt19937 random(5);
  for (int i = 0; i < 2000; ++i) {
    char text[64];
    for (char& c : text) c = "a,\n\t\"\xC3\x7f\0"[random() % 8];
    uint64_t high = 0;
    uint64_t portable_high = 0;
    ASSERT_EQ(CsvMask(text, ',', &high), CsvMaskPortable(text, ',', &portable_high));
    ASSERT_EQ(high, portable_high);
  }
}

// The same grammar a character at a time.
std::vector<std::vector<std::string>> PlainScan(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  size_t at = 0;
  while (at < text.size()) {
    if (text[at] == '\n') {
      ++at;
      continue;
    }
    if (text.compare(at, 2, "\r\n") == 0) {
      at += 2;
      continue;
    }
    const size_t row_begin = at;
    std::vector<std::string> row;
    bool fault = false;
    bool unclosed = false;
    for (;;) {
      std::string cell;
      if (at < text.size() && text[at] == '"') {
        ++at;
        for (;; ++at) {
          if (at >= text.size()) {
            unclosed = true;
            break;
          }
          if (text[at] == '"') {
            if (at + 1 >= text.size() || text[at + 1] != '"') break;
            ++at;
          }
          cell += text[at];
        }
        if (unclosed) break;
        ++at;
        std::string tail;
        while (at < text.size() && text[at] != ',' && text[at] != '\n') tail += text[at++];
        const bool line_end = at >= text.size() || text[at] == '\n';
        if (!tail.empty() && !(tail == "\r" && line_end)) fault = true;
      } else {
        while (at < text.size() && text[at] != ',' && text[at] != '\n') cell += text[at++];
        const bool line_end = at >= text.size() || text[at] == '\n';
        if (line_end && !cell.empty() && cell.back() == '\r') cell.pop_back();
      }
      row.push_back(cell);
      if (at >= text.size()) break;
      if (text[at++] == '\n') break;
    }
    if (unclosed) {
      row = {"<unclosed>"};
      const size_t end = text.find('\n', row_begin);
      at = end == std::string::npos ? text.size() : end + 1;
    } else if (fault) {
      row = {"<fault>"};
    }
    rows.push_back(row);
  }
  return rows;
}

std::vector<std::vector<std::string>> FastScan(const std::string& text, size_t max_rows) {
  std::vector<std::vector<std::string>> rows;
  std::string padded = text + std::string(128, ',');
  size_t at = 0;
  CsvScanner scanner(',');
  while (at < text.size()) {
    const char* base = padded.data() + at;
    const size_t used = scanner.Scan(absl::string_view(base, text.size() - at), true, max_rows);
    for (const CsvRow& row : scanner.rows()) {
      if (row.fault != CsvFault::kNone) {
        rows.push_back({row.fault == CsvFault::kUnclosedQuote ? "<unclosed>" : "<fault>"});
        continue;
      }
      rows.emplace_back();
      for (uint32_t c = 0; c < row.cells; ++c) {
        const CsvCell cell = scanner.cells()[row.first_cell + c];
        std::string value(base + cell.begin, cell.end - cell.begin);
        if (cell.escaped != 0) value.resize(UnescapeCsv(value, value.data()));
        rows.back().push_back(value);
      }
    }
    if (used == 0) break;
    at += used;
  }
  return rows;
}

TEST(CsvScannerTest, AgreesWithAPlainScanOnRandomText) {
  std::mt19937 random(11);
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    const size_t size = random() % (i % 10 == 0 ? 300 : 40);
    const int alphabet = i % 3 == 0 ? 6 : 10;  // denser in quotes, or not
    for (size_t k = 0; k < size; ++k) text += "\",\n\r\"x,yz\xC3"[random() % alphabet];
    const auto want = PlainScan(text);
    ASSERT_EQ(FastScan(text, 1000000), want) << ::testing::PrintToString(text);
    ASSERT_EQ(FastScan(text, 1), want) << ::testing::PrintToString(text);
  }
}

// Cutting the text anywhere gives the rows before the cut, never a different one.
TEST(CsvScannerTest, AnIncompleteRowIsLeftAlone) {
  const std::string text = "a,\"b\"\"c\n\",d\r\n\"e\",\"f\"\nghi,\"\"\n";
  CsvScanner scanner(',');
  for (size_t cut = 0; cut <= text.size(); ++cut) {
    std::string padded = text.substr(0, cut) + std::string(128, '"');
    const size_t used = scanner.Scan(absl::string_view(padded.data(), cut), false, 100);
    const size_t rows = cut >= text.size() ? 3 : cut >= 21 ? 2 : cut >= 13 ? 1 : 0;
    EXPECT_EQ(scanner.rows().size(), rows) << cut;
    EXPECT_EQ(used, rows == 3 ? text.size() : rows == 2 ? 21u : rows == 1 ? 13u : 0u) << cut;
  }
}

TEST(CsvScannerTest, CountsLineEnds) {
  const std::string text = "\n\na\n\"b\n\n\"\n\nc";
  std::string padded = text + std::string(128, 'x');
  CsvScanner scanner(',');
  scanner.Scan(absl::string_view(padded.data(), text.size()), true, 100);
  ASSERT_EQ(scanner.rows().size(), 3u);
  EXPECT_EQ(scanner.rows()[0].line, 2u);
  EXPECT_EQ(scanner.rows()[1].line, 3u);
  EXPECT_EQ(scanner.rows()[2].line, 7u);
  EXPECT_EQ(scanner.line_ends(), 7u);
}

}  // namespace
}  // namespace spate
