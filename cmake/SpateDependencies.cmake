# Packages of Debian 12 that the project stands on (see docs/building.md).
find_package(Threads REQUIRED)
find_package(absl REQUIRED)
find_package(antlr4-runtime 4.9 REQUIRED)
find_program(ANTLR4_TOOL antlr4 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(simdjson REQUIRED)
find_package(CLI11 REQUIRED)

# RE2 has no CMake config in Debian; elsewhere it may.
find_package(re2 CONFIG QUIET)
if(TARGET re2::re2)
  add_library(spate_re2 ALIAS re2::re2)
else()
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
  add_library(spate_re2 ALIAS PkgConfig::RE2)
endif()

# Letter cases of Unicode (runtime/base/unicode.cc).
find_package(PkgConfig REQUIRED)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
add_library(spate_utf8proc ALIAS PkgConfig::UTF8PROC)

# Compressed input (runtime/channels/byte_source.cc).
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
add_library(spate_zstd ALIAS PkgConfig::ZSTD)
