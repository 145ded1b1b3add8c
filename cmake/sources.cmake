# SPDX-License-Identifier: Apache-2.0
# One function: weir_sources(RESULT FOLDER [TESTS]) lists the sources of a folder without its tests, or
# its tests alone.
#
# With WEIR_UNITY it writes files that include up to twelve sources (six tests) each and lists those
# instead: what a source includes is then read once and not twelve times, which takes a third of the
# time. The files name sources as includes do, so that a compiler cache knows them in any directory.
function(weir_sources result folder)
  file(GLOB_RECURSE sources RELATIVE ${PROJECT_SOURCE_DIR}/src CONFIGURE_DEPENDS
    ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
  cmake_path(GET folder FILENAME name)
  if("TESTS" IN_LIST ARGN)
    list(FILTER sources INCLUDE REGEX "_test\\.cpp$")
    string(APPEND name _test)
    set(size 6)
  else()
    list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
    set(size 12)
  endif()
  # Property tests try thousands of inputs: each stands alone, so that it alone can be optimised.
  set(alone ${sources})
  list(FILTER alone INCLUDE REGEX "property_test")
  list(FILTER sources EXCLUDE REGEX "property_test")
  list(TRANSFORM alone PREPEND src/ OUTPUT_VARIABLE listed)
  list(LENGTH sources count)
  if(WEIR_UNITY)
    set(begin 0)
    while(begin LESS count)
      list(SUBLIST sources ${begin} ${size} part)
      set(text "")
      foreach(source IN LISTS part)
        string(APPEND text "#include \"${source}\"  // NOLINT(bugprone-suspicious-include)\n")
      endforeach()
      set(file ${PROJECT_BINARY_DIR}/unity/${name}_${begin}.cpp)
      file(CONFIGURE OUTPUT ${file} CONTENT "${text}" @ONLY)
      list(APPEND listed ${file})
      math(EXPR begin "${begin} + ${size}")
    endwhile()
  else()
    list(TRANSFORM sources PREPEND src/)
    list(APPEND listed ${sources})
  endif()
  set(${result} ${listed} PARENT_SCOPE)
endfunction()
