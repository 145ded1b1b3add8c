# SPDX-License-Identifier: Apache-2.0
# One function: weir_sources(RESULT FOLDER) lists the sources of a folder, without its tests.
#
# With WEIR_UNITY it writes files that include up to twelve of them each and lists those instead:
# what a source includes is then read once and not twelve times, which takes a third of the time.
# The files name sources as includes do, so that a compiler cache knows them in any directory.
set(WEIR_UNITY_SIZE 12)

function(weir_sources result folder)
  file(GLOB_RECURSE sources RELATIVE ${PROJECT_SOURCE_DIR}/src CONFIGURE_DEPENDS
    ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(LENGTH sources count)
  set(listed "")
  if(WEIR_UNITY)
    cmake_path(GET folder FILENAME name)
    set(begin 0)
    while(begin LESS count)
      list(SUBLIST sources ${begin} ${WEIR_UNITY_SIZE} part)
      list(JOIN part "\"\n#include \"" text)
      set(file ${PROJECT_BINARY_DIR}/unity/${name}_${begin}.cpp)
      file(CONFIGURE OUTPUT ${file} CONTENT "#include \"${text}\"\n" @ONLY)
      list(APPEND listed ${file})
      math(EXPR begin "${begin} + ${WEIR_UNITY_SIZE}")
    endwhile()
  else()
    list(TRANSFORM sources PREPEND src/ OUTPUT_VARIABLE listed)
  endif()
  set(${result} ${listed} PARENT_SCOPE)
endfunction()
