# redress_test(NAME SOURCES file... LINKS target...): the GoogleTest program test_NAME, its tests known to ctest.
include(GoogleTest)
function(redress_test NAME)
  cmake_parse_arguments(PARSE_ARGV 1 T "" "" "SOURCES;LINKS")
  add_executable(test_${NAME} ${T_SOURCES})
  target_compile_features(test_${NAME} PRIVATE cxx_std_20)
  target_include_directories(test_${NAME} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(test_${NAME} PRIVATE ${T_LINKS} GTest::gmock_main)
  # Tests are compiled fast and run once; they share one precompiled header.
  target_compile_options(test_${NAME} PRIVATE -O0)
  if(NOT TARGET redress_test_headers)
    file(WRITE ${CMAKE_BINARY_DIR}/redress_test_headers.cpp "")
    add_library(redress_test_headers STATIC ${CMAKE_BINARY_DIR}/redress_test_headers.cpp)
    target_compile_features(redress_test_headers PRIVATE cxx_std_20)
    target_compile_options(redress_test_headers PRIVATE -O0)
    target_link_libraries(redress_test_headers PRIVATE GTest::gmock)
    target_precompile_headers(redress_test_headers PRIVATE
      <functional> <map> <memory> <optional> <string> <vector> <gmock/gmock.h> <gtest/gtest.h> <nlohmann/json.hpp>)
  endif()
  if(NOT T_SOURCES MATCHES "\\.c(;|$)")  # CMake looks for a header of each of the target's languages.
    target_precompile_headers(test_${NAME} REUSE_FROM redress_test_headers)
  endif()
  gtest_discover_tests(test_${NAME} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 600)
endfunction()
