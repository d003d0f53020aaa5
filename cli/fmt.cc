#include "cli/fmt.h"

#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/exit_code.h"
#include "compiler/syntax/print.h"

namespace spate::cli {
namespace {

void Complain(const std::string& file, absl::string_view message) {
  std::fprintf(stderr, "spate fmt: %s: %s\n", file.c_str(), std::string(message).c_str());
}

absl::StatusOr<std::string> ReadText(const std::string& path) {
  if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream in(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  if (!in) return absl::NotFoundError("cannot be read");
  return text;
}

absl::Status WriteText(const std::string& path, const std::string& text) {
  if (path == "-") {
    std::fputs(text.c_str(), stdout);
    return absl::OkStatus();
  }
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  out.flush();
  return out ? absl::OkStatus() : absl::UnavailableError("cannot be written");
}

}  // namespace

int Fmt(const FmtArgs& args) {
  bool failed = false;
  bool differs = false;
  for (const std::string& file : args.files) {
    absl::StatusOr<std::string> text = ReadText(file);
    absl::StatusOr<std::string> formatted = text.ok() ? FormatRules(*text) : text.status();
    if (!formatted.ok()) {
      Complain(file, formatted.status().message());
      failed = true;
      continue;
    }
    const bool same = *formatted == *text;
    differs = differs || !same;
    if (args.check) {
      if (!same) std::fprintf(stderr, "%s\n", file.c_str());
    } else if (!same || file == "-") {
      if (absl::Status s = WriteText(file, *formatted); !s.ok()) {
        Complain(file, s.message());
        failed = true;
      }
    }
  }
  if (failed) return kUsage;
  return args.check && differs ? kFindings : kOk;
}

}  // namespace spate::cli
