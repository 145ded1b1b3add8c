#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What is malformed must not depend on the CPU: the tests of decoding and filtering and the cases that
# are about what is read, under every kernel that this machine can run, and NEON under emulation where
# this is no ARM. The last line is `N passed, N failed`.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

passed=0
failed=0
# check NAME COMMAND...
check() {
  local name=$1
  shift
  if "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL $name"
  fi
}

cases=()
for name in bad_input_teaches damaged_objects formats_come_from_anywhere malformed_lines_are_counted \
  questions_have_answers records_convert_both_ways conversations_are_stitched why_names_the_cause; do
  cases+=("tests/cases/$name.case")
done
for kernel in scalar avx2 avx512 neon; do
  export WEIR_KERNEL=$kernel
  check "unit tests, $kernel" build/dev/weir_tests --gtest_brief=1 \
    --gtest_filter='Decoder*:*Filter*:*Node*:Pipeline*:Header*:Infer*'
  check "cases, $kernel" python3 tests/run_cases.py "${cases[@]}"
done
unset WEIR_KERNEL

# The emulated test is small: the kernels and what they stand on, nothing else.
googletest=/usr/src/googletest/googletest
if [[ $(uname -m) != aarch64 ]] && command -v aarch64-linux-gnu-g++ qemu-aarch64 >/dev/null &&
  [[ -d $googletest ]]; then
  mkdir -p build/neon
  build_neon() {
    aarch64-linux-gnu-g++ -std=c++20 -O1 -static -pthread -Wall -Wextra -Wconversion -Wshadow \
      -Werror -Iinclude -Isrc -isystem $googletest/include -isystem $googletest \
      src/decode/kernels/{kernels,scalar,neon,kernels_test}.cpp src/base/{cpu,ip}.cpp \
      $googletest/src/gtest-all.cc $googletest/src/gtest_main.cc -o build/neon/kernels_test
  }
  check "build of the NEON kernel" build_neon
  check "NEON kernel" qemu-aarch64 build/neon/kernels_test --gtest_brief=1
else
  echo "the NEON kernel is not tried: no ARM, and no aarch64-linux-gnu-g++ with qemu-aarch64"
fi

echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
