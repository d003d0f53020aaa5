# Installation: binary, static libraries, headers, CMake config (target spate::spate), spate.pc.
#
# Headers include each other from the repository's root ("runtime/engine/engine.h"), so both include/
# (for <spate/runtime/engine/engine.h>) and include/spate/ are on the path of those who link.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# What embedding programs link: compiler, engine, channels and rule tests with all below them.
add_library(spate INTERFACE)
target_link_libraries(spate INTERFACE spate_compiler spate_engine spate_channels spate_testing)
target_include_directories(spate INTERFACE
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/spate>)
target_compile_features(spate INTERFACE cxx_std_20)
add_library(spate::spate ALIAS spate)

get_property(SPATE_LIBRARY_TARGETS GLOBAL PROPERTY SPATE_LIBRARIES)
install(TARGETS spate ${SPATE_LIBRARY_TARGETS} spate_grammar EXPORT SpateTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS spate_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY windows runtime compiler
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/spate
        FILES_MATCHING PATTERN "*.h" PATTERN "*.def" PATTERN "antlr" EXCLUDE)

set(SPATE_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/spate)
install(EXPORT SpateTargets NAMESPACE spate:: DESTINATION ${SPATE_CMAKE_DIR})
configure_package_config_file(
  cmake/spateConfig.cmake.in ${PROJECT_BINARY_DIR}/spateConfig.cmake
  INSTALL_DESTINATION ${SPATE_CMAKE_DIR} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/spateConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/spateConfig.cmake ${PROJECT_BINARY_DIR}/spateConfigVersion.cmake
        DESTINATION ${SPATE_CMAKE_DIR})

# The archives refer to each other in both directions of the list: one group for the linker.
set(SPATE_PC_LIBS "")
foreach(library ${SPATE_LIBRARY_TARGETS} spate_grammar)
  string(APPEND SPATE_PC_LIBS " -l${library}")
endforeach()
# Found relative to the file itself, so that an installed tree can be moved.
file(RELATIVE_PATH SPATE_PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(cmake/spate.pc.in ${PROJECT_BINARY_DIR}/spate.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/spate.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
