# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# For tests of scripts on machines that are not this one: each machine is a folder of stand-ins for
# apt, npm and their like in front of PATH. Sourced; the test ends with `finish`.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0
failed=0

# stub NAME TEXT: a command of that name that runs the text.
mkdir "$scratch/bin"
stub() { printf '#!/bin/sh\n%s\n' "$2" >"$scratch/bin/$1" && chmod +x "$scratch/bin/$1"; }
# shellcheck disable=SC2034  # the tests use it
on_stubs=(env "PATH=$scratch/bin:$PATH")

# expect WHY STATUS TEXT COMMAND...: the command ends with the status and says the text, or nothing
# where the text is empty.
expect() {
  local why=$1 wanted=$2 text=$3 said status=0
  shift 3
  said=$("$@" 2>&1) || status=$?
  if [[ $status -eq $wanted && $said == *"$text"* && (-n $text || -z $said) ]]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'FAIL %s\n  wanted status %s and: %s\n  got status %s and: %s\n' \
      "$why" "$wanted" "$text" "$status" "$said"
  fi
}

finish() {
  echo "$passed passed, $failed failed"
  [[ $failed -eq 0 ]]
}
