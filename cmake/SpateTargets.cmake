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
  target_precompile_headers(${name} PRIVATE <gtest/gtest.h> <gmock/gmock.h> <string> <vector>)
  add_test(NAME ${name} COMMAND ${name})
endfunction()
