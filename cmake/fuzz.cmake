# SPDX-License-Identifier: Apache-2.0
# One function: weir_add_fuzz_target(NAME) for fuzz/NAME_fuzz.cpp and the inputs in fuzz/corpus/NAME/.
#
# With WEIR_FUZZ it is a libFuzzer program. Otherwise the same code runs the corpus as a test, so
# that an input that once broke something is tried on every build.
function(weir_add_fuzz_target name)
  if(WEIR_FUZZ)
    add_executable(${name}_fuzz ${PROJECT_SOURCE_DIR}/fuzz/${name}_fuzz.cpp)
    target_link_options(${name}_fuzz PRIVATE -fsanitize=fuzzer)
    target_include_directories(${name}_fuzz PRIVATE ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(${name}_fuzz PRIVATE weir_core weir_warnings)
    if(NOT TARGET fuzz_targets)
      add_custom_target(fuzz_targets)
    endif()
    add_dependencies(fuzz_targets ${name}_fuzz)
  else()
    add_executable(${name}_replay ${PROJECT_SOURCE_DIR}/fuzz/${name}_fuzz.cpp
      ${PROJECT_SOURCE_DIR}/fuzz/replay_main.cpp)
    target_include_directories(${name}_replay PRIVATE ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(${name}_replay PRIVATE weir_core weir_warnings)
    add_test(NAME fuzz_replay.${name}
      COMMAND ${name}_replay ${PROJECT_SOURCE_DIR}/fuzz/corpus/${name})
    set_tests_properties(fuzz_replay.${name} PROPERTIES LABELS property)
  endif()
endfunction()
