#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What scripts/install-packages says on machines that it cannot help.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=tests/stand_ins.sh
source tests/stand_ins.sh

installer=$PWD/scripts/install-packages
on_stubs+=(bash "$installer")

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
expect "one line names what is installed" 0 "weir: installing 13 packages (g++ cmake" "${on_stubs[@]}" run
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

finish
