# Language level, warnings, build type, sanitizers, linker and ccache, for every target.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

find_program(SPATE_CCACHE ccache)
if(SPATE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${SPATE_CCACHE})
endif()

# mold links in a fraction of the time; the default linker serves where it is absent.
find_program(SPATE_MOLD mold)
if(SPATE_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# Functions of the library are not replaced at load time, so gcc may inline them as clang does.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-fno-semantic-interposition)
endif()

set(SPATE_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual)
# gcc 12 sees overlaps where a short text is put before another (its bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  list(APPEND SPATE_WARNINGS -Wno-restrict)
endif()
if(SPATE_WERROR)
  list(APPEND SPATE_WARNINGS -Werror)
endif()

# "address,undefined" or "thread"; empty: none. A finding stops the program.
set(SPATE_SANITIZE "" CACHE STRING "Sanitizers for all targets")
if(SPATE_SANITIZE)
  add_compile_options(-fsanitize=${SPATE_SANITIZE} -fno-sanitize-recover=all
                      -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=${SPATE_SANITIZE})
  # gcc 12 has false alarms of these kinds under the sanitizers.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wno-maybe-uninitialized)
  endif()
endif()
if(SPATE_BUILD_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
