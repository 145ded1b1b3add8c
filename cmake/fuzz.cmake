# SPDX-License-Identifier: Apache-2.0
# One function: weir_add_fuzz_target(NAME) for fuzz/NAME_fuzz.cpp and the inputs in fuzz/corpus/NAME/.
#
# With WEIR_FUZZ it is a libFuzzer program, otherwise one that only runs files. Either way the corpus
# is a test, so that an input that once broke something is tried on every build.
#
# libFuzzer's counters make code more than twice as slow: the layers that parse foreign input are
# compiled once more with them, so that the unit tests run without.
if(WEIR_FUZZ)
  weir_add_library(weir_fuzzed base field batch source envelope duckdb parquet decode filter policy)
  target_include_directories(weir_fuzzed PUBLIC ${PROJECT_SOURCE_DIR}/include)
  target_compile_options(weir_fuzzed PRIVATE -fsanitize=fuzzer-no-link)
endif()

function(weir_add_fuzz_target name)
  add_executable(${name}_fuzz ${PROJECT_SOURCE_DIR}/fuzz/${name}_fuzz.cpp)
  target_include_directories(${name}_fuzz PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${name}_fuzz PRIVATE weir_warnings)
  set(corpus ${PROJECT_SOURCE_DIR}/fuzz/corpus/${name})
  if(WEIR_FUZZ)
    target_link_libraries(${name}_fuzz PRIVATE weir_fuzzed)
    target_link_options(${name}_fuzz PRIVATE -fsanitize=fuzzer)
    add_test(NAME fuzz_replay.${name} COMMAND ${name}_fuzz -runs=0 ${corpus})
  else()
    target_link_libraries(${name}_fuzz PRIVATE weir_core)
    target_sources(${name}_fuzz PRIVATE ${PROJECT_SOURCE_DIR}/fuzz/replay_main.cpp)
    add_test(NAME fuzz_replay.${name} COMMAND ${name}_fuzz ${corpus})
  endif()
  set_tests_properties(fuzz_replay.${name} PROPERTIES LABELS property)
endfunction()
