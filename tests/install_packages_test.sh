#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What scripts/install-packages says on machines that it cannot help. Each machine is a folder of
# stand-ins for apt and its like in front of PATH.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0
failed=0

stub() { printf '#!/bin/sh\n%s\n' "$2" >"$scratch/$1" && chmod +x "$scratch/$1"; }

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

installer=$PWD/scripts/install-packages
on_stubs=(env "PATH=$scratch:$PATH" bash "$installer")

expect "no list is named" 2 "usage:" bash "$installer"
expect "no apt at all" 1 "neither Debian nor Ubuntu" env PATH=/nowhere "$BASH" "$installer" run

# The stand-in for apt-get behaves as the file `server` says.
stub dpkg-query 'exit 1'
stub id 'echo 0'
stub apt-cache 'exit 100'
# shellcheck disable=SC2016  # the stand-in expands it
stub apt-get '
case "$*" in
  *" update") touch "'"$scratch"'/updated"; [ "$(cat "'"$scratch"'/server")" != gone ] || {
    echo "W: Failed to fetch http://server.invalid Could not resolve"; exit 100; } ;;
  *) case "$(cat "'"$scratch"'/server")" in
       up) exit 0 ;;
       moved) [ -e "'"$scratch"'/updated" ] || { echo "E: Unable to locate package"; exit 100; } ;;
       gone) echo "E: Unable to locate package"; exit 100 ;;
       broken) echo "E: dpkg was interrupted"; exit 100 ;;
     esac ;;
esac'

echo up >"$scratch/server"
expect "one line names what is installed" 0 "weir: installing 14 packages (g++ cmake" "${on_stubs[@]}" run
echo moved >"$scratch/server"
expect "old package lists are renewed once" 0 "weir: installing" "${on_stubs[@]}" run
echo gone >"$scratch/server"
expect "no network" 1 "no package server could be reached" "${on_stubs[@]}" run
expect "the command to run is named" 1 "apt-get update && apt-get install" "${on_stubs[@]}" run
echo broken >"$scratch/server"
expect "apt's own words are passed on" 1 "dpkg was interrupted" "${on_stubs[@]}" run

stub id 'echo 1000'
stub sudo 'exit 1'
expect "no root" 1 "needs root" "${on_stubs[@]}" run
stub sudo 'shift; exec "$@"'
echo up >"$scratch/server"
expect "sudo without a password will do" 0 "weir: installing" "${on_stubs[@]}" test
# shellcheck disable=SC2016  # the stand-in expands it
stub dpkg-query 'shift 3; for package; do echo "installed $package"; done'
expect "nothing is missing" 0 "" "${on_stubs[@]}" test

echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
