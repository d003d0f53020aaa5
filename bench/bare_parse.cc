// The least that reading the demo's logins costs: the yardstick beside the whole program.
//
//   bare_parse logins.csv|logins.jsonl
//
// Reads the file into memory, finds the columns ts, user, ip and ok of each row, turns the time
// into nanoseconds and the address into four bytes, and adds everything up. No types, no rejects,
// no rules, no quotes in CSV. Prints rows, milliseconds and a checksum. Run by bench/whole_process.
#include <simdjson.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>

namespace {

int64_t Digits(const char* p, int n) {
  int64_t v = 0;
  for (int i = 0; i < n; ++i) v = v * 10 + (p[i] - '0');
  return v;
}

// `2026-03-02T08:00:00.250Z` as ns since 1970 (days by the civil calendar).
int64_t ParseTime(std::string_view t) {
  const char* p = t.data();
  int64_t y = Digits(p, 4), m = Digits(p + 5, 2), d = Digits(p + 8, 2);
  y -= m <= 2;
  const int64_t era = y / 400, yoe = y - era * 400;
  const int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  const int64_t days = era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
  const int64_t seconds =
      days * 86400 + Digits(p + 11, 2) * 3600 + Digits(p + 14, 2) * 60 + Digits(p + 17, 2);
  return seconds * 1'000'000'000 + Digits(p + 20, 3) * 1'000'000;
}

uint32_t ParseAddress(std::string_view text) {
  uint32_t address = 0, part = 0;
  for (const char c : text) {
    if (c == '.') {
      address = (address << 8) | part;
      part = 0;
    } else {
      part = part * 10 + static_cast<uint32_t>(c - '0');
    }
  }
  return (address << 8) | part;
}

struct Sum {
  uint64_t rows = 0;
  uint64_t value = 0;
  void Add(std::string_view ts, std::string_view user, std::string_view ip, bool ok) {
    ++rows;
    value += static_cast<uint64_t>(ParseTime(ts)) + user.size() + ParseAddress(ip) + (ok ? 1 : 0);
  }
};

// ts,user,ip,country,ok
Sum ReadCsv(const std::string& text) {
  Sum sum;
  const char* p = text.data();
  const char* end = p + text.size();
  const auto next = [&](char stop) {
    const char* begin = p;
    const void* found = std::memchr(p, stop, static_cast<size_t>(end - p));
    const char* at = found == nullptr ? end : static_cast<const char*>(found);
    p = at == end ? end : at + 1;
    return std::string_view(begin, static_cast<size_t>(at - begin));
  };
  next('\n');
  while (p < end) {
    const std::string_view ts = next(','), user = next(','), ip = next(',');
    next(',');
    sum.Add(ts, user, ip, next('\n') == "true");
  }
  return sum;
}

Sum ReadJsonLines(const std::string& text) {
  Sum sum;
  simdjson::ondemand::parser parser;
  const simdjson::padded_string padded(text);
  simdjson::ondemand::document_stream lines;
  if (parser.iterate_many(padded, 1 << 20).get(lines) != simdjson::SUCCESS) return sum;
  for (auto line : lines) {
    simdjson::ondemand::object object;
    std::string_view ts, user, ip;
    bool ok = false;
    if (line.get_object().get(object) != simdjson::SUCCESS ||
        object["ts"].get_string().get(ts) != simdjson::SUCCESS ||
        object["user"].get_string().get(user) != simdjson::SUCCESS ||
        object["ip"].get_string().get(ip) != simdjson::SUCCESS ||
        object["ok"].get_bool().get(ok) != simdjson::SUCCESS) {
      std::fputs("a row that is not as expected\n", stderr);
      break;
    }
    sum.Add(ts, user, ip, ok);
  }
  return sum;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: bare_parse FILE.csv|FILE.jsonl\n", stderr);
    return 2;
  }
  const auto started = std::chrono::steady_clock::now();
  const std::string_view path = argv[1];
  std::ifstream in(argv[1], std::ios::binary);
  std::string text;
  in.seekg(0, std::ios::end);
  text.resize(static_cast<size_t>(in.tellg()));
  in.seekg(0);
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  const Sum sum = path.substr(path.size() - 4) == ".csv" ? ReadCsv(text) : ReadJsonLines(text);
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                      std::chrono::steady_clock::now() - started)
                      .count();
  std::printf("%llu rows in %lld ms, checksum %llu\n", static_cast<unsigned long long>(sum.rows),
              static_cast<long long>(ms), static_cast<unsigned long long>(sum.value));
  return sum.rows > 0 ? 0 : 1;
}
