# Functions that every folder's CMakeLists.txt uses.

# spate_add_library(NAME SOURCES a.cc .. DEPS other ..): a static library of the project.
function(spate_add_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;PRIVATE_DEPS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_compile_options(${name} PRIVATE ${SPATE_WARNINGS})
  target_include_directories(${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:include/spate>)
  target_link_libraries(${name} PUBLIC ${ARG_DEPS} PRIVATE ${ARG_PRIVATE_DEPS})
  set_property(GLOBAL APPEND PROPERTY SPATE_LIBRARIES ${name})
endfunction()

# spate_add_test(NAME SOURCES a_test.cc .. DEPS lib ..): a GoogleTest binary, run by ctest.
function(spate_add_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;DEFINES" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_compile_options(${name} PRIVATE ${SPATE_WARNINGS})
  target_compile_definitions(${name} PRIVATE
    SPATE_SOURCE_DIR="${PROJECT_SOURCE_DIR}" ${ARG_DEFINES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} GTest::gtest GTest::gmock GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name})
endfunction()

# spate_add_fuzzer(NAME SOURCES a_fuzz.cc DEPS lib ..): a libFuzzer target `fuzz_NAME` with the seeds in
# tests/fuzz/corpus/NAME. Without SPATE_BUILD_FUZZ it is a plain program that replays the seeds, and
# a test that does so; with it scripts/fuzz runs it.
function(spate_add_fuzzer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  set(target fuzz_${name})
  set(corpus ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name})
  if(SPATE_BUILD_FUZZ)
    add_executable(${target} ${ARG_SOURCES})
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    set_target_properties(${target} PROPERTIES
      RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/fuzz)
  else()
    add_executable(${target} ${ARG_SOURCES} ${PROJECT_SOURCE_DIR}/tests/fuzz/replay_main.cc)
    add_test(NAME ${target} COMMAND ${target} ${corpus})
  endif()
  target_compile_options(${target} PRIVATE ${SPATE_WARNINGS})
  target_link_libraries(${target} PRIVATE ${ARG_DEPS})
endfunction()

# spate_add_script_test(NAME SCRIPT ARGS..): a Python test, run from the repository's root. Exit code
# 77 means skipped, with a message. LABELS tree: does not need to run again under a sanitizer.
function(spate_add_script_test name script)
  cmake_parse_arguments(ARG "" "" "ARGS;LABELS" ${ARGN})
  cmake_path(ABSOLUTE_PATH script)
  add_test(NAME ${name} COMMAND ${Python3_EXECUTABLE} ${script} ${ARG_ARGS}
           WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77 LABELS "${ARG_LABELS}")
endfunction()
