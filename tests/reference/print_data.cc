// Streams, values and derived events as text.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>

#include "tests/reference/print.h"

namespace spate::reference {
namespace {

std::string FormatAttributes(Attributes attrs) {
  std::sort(attrs.begin(), attrs.end());
  std::string out = "{";
  for (const auto& [name, value] : attrs) {
    if (value.null()) continue;
    out += (out.size() > 1 ? ", " : "") + name + ": " + FormatVal(value);
  }
  return out + "}";
}

std::string FormatEvents(const std::vector<FlatEvent>& events) {
  std::string out;
  for (const FlatEvent& e : events) {
    out += (out.empty() ? "" : ", ") + e.type + "@" + PrintDuration(e.time) +
           FormatAttributes(e.attrs);
  }
  return out;
}

// Records in a list (`[{ a: int, b: string? }]`) with the names of their attributes.
std::string FormatJson(const Val& v, const std::string& type) {
  if (type.rfind("[{", 0) != 0 || v.null()) return FormatVal(v);
  std::vector<std::string> names;
  for (size_t colon = type.find(':'); colon != std::string::npos;
       colon = type.find(':', colon + 1)) {
    const size_t begin = type.find_last_of(" ", colon) + 1;
    names.push_back(type.substr(begin, colon - begin));
  }
  std::string out;
  for (const Val& record : std::get<std::vector<Val>>(v.v)) {
    out += out.empty() ? "{" : ", {";
    const auto& values = std::get<std::vector<Val>>(record.v);
    for (size_t i = 0; i < values.size(); ++i) {
      out += (i > 0 ? ", \"" : "\"") + names[i] + "\": " + FormatVal(values[i]);
    }
    out += "}";
  }
  return "[" + out + "]";
}

}  // namespace

std::string PrintDuration(int64_t ns) {
  if (ns < 0) return "-" + PrintDuration(-ns);
  return ns % kSecond == 0 ? std::to_string(ns / kSecond) + "s"
                           : std::to_string(ns / 1'000'000) + "ms";
}

std::string PrintStream(const Stream& stream) {
  std::string out;
  for (const Input& input : stream.inputs) {
    if (input.event == nullptr) {
      out += "{\"watermark\": \"" + FormatTime(input.time) + "\"}\n";
      continue;
    }
    const Event& e = *input.event;
    out += "{\"type\": \"" + e.decl->name + "\"";
    for (size_t i = 0; i < e.values.size(); ++i) {
      const std::string& name = e.decl->attrs[i].name;
      std::string value = name == e.decl->at ? "\"" + FormatTime(e.time) + "\""
                                             : FormatJson(e.values[i], e.decl->attrs[i].type);
      out += ", \"" + name + "\": " + value;
    }
    out += "}\n";
  }
  return out;
}

std::string PrintArgs(const Stream& stream) {
  std::string out = "--lateness " + PrintDuration(stream.lateness) + " --at-end ";
  return out + (stream.end == End::kClose     ? "close"
                : stream.end == End::kAdvance ? "advance"
                                              : "hold");
}

std::string FormatVal(const Val& v) {
  switch (v.v.index()) {
    case 1:
      return std::get<bool>(v.v) ? "true" : "false";
    case 2:
      return std::to_string(std::get<int64_t>(v.v));
    case 3: {
      char buffer[40];
      // Sums of parts in another order differ in the last places.
      double rounded = std::round(std::get<double>(v.v) * 1e9) / 1e9 + 0.0;
      std::snprintf(buffer, sizeof buffer, "%.17g", rounded);
      std::string s = buffer;
      return s.find_first_of(".en") == std::string::npos ? s + ".0" : s;
    }
    case 4:
      return "\"" + std::get<std::string>(v.v) + "\"";
    case 5: {
      std::string out = "[";
      for (const Val& e : std::get<std::vector<Val>>(v.v)) {
        out += (out.size() > 1 ? ", " : "") + FormatVal(e);
      }
      return out + "]";
    }
    default:
      return "null";
  }
}

std::string FormatTime(Time time) {
  time_t seconds = static_cast<time_t>(time / kSecond);
  std::tm tm{};
  gmtime_r(&seconds, &tm);
  char buffer[64];
  size_t n = std::strftime(buffer, sizeof buffer, "%Y-%m-%dT%H:%M:%S", &tm);
  std::snprintf(buffer + n, sizeof buffer - n, ".%03dZ",
                static_cast<int>(time % kSecond / 1'000'000));
  return buffer;
}

std::string FormatFlat(const FlatEvent& event, const std::string& rule,
                       const std::map<std::string, std::vector<FlatEvent>>& matched) {
  std::string out = event.type + "@" + PrintDuration(event.time) + " " + rule + " " +
                    FormatAttributes(event.attrs);
  for (const auto& [var, events] : matched) {
    if (!events.empty()) out += "  " + var + "=" + FormatEvents(events);
  }
  return out;
}

FlatEvent Flatten(const Event& event) {
  FlatEvent flat{event.decl->name, event.time, {}};
  for (size_t i = 0; i < event.values.size(); ++i) {
    const Attr& attr = event.decl->attrs[i];
    if (attr.name != event.decl->at) flat.attrs.emplace_back(attr.name, event.values[i]);
  }
  return flat;
}

std::string FormatDerived(const Derived& derived) {
  std::map<std::string, std::vector<FlatEvent>> matched;
  for (const Binding& b : derived.matched) {
    for (const std::string& var : b.vars) {
      if (!var.empty()) matched[var].push_back(Flatten(*b.event));
    }
  }
  return FormatFlat(Flatten(*derived.event), derived.rule, matched);
}

}  // namespace spate::reference
