#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What scripts/install-duckdb and ./run do where npm fails, brings no library, or works. A copy of the
# two in a scratch folder, with stand-ins for npm and for the build.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=tests/stand_ins.sh
source tests/stand_ins.sh

clone=$scratch/clone
mkdir -p "$clone"/{scripts,src,include,cmake} "$clone/third_party"
cp run CMakeLists.txt CMakePresets.json "$clone"
cp scripts/install-duckdb "$clone/scripts"
cp -r third_party/duckdb "$clone/third_party"
printf '#!/bin/sh\n' >"$clone/scripts/install-packages"
chmod +x "$clone/scripts/install-packages"
installer=("${on_stubs[@]}" bash "$clone/scripts/install-duckdb")
run=("${on_stubs[@]}" bash "$clone/run" --version)

machine() { stub uname "echo $1"; }
machine x86_64

# The stand-in for npm behaves as the file `registry` says; it counts its calls.
# shellcheck disable=SC2016  # the stand-in expands it
stub npm 'echo "$PWD $*" >>"'"$scratch"'/calls"
case "$(cat "'"$scratch"'/registry")" in
  gone) echo "npm error code ENOTFOUND"
        echo "npm error network request to https://registry.invalid failed"
        echo "npm error A complete log of this run can be found in: /somewhere" >&2
        exit 1 ;;
  old) echo "npm ERR! code EAI_AGAIN"
       echo "npm ERR! A complete log of this run can be found in:"
       echo "npm ERR!     /somewhere/_logs/debug.log"; exit 1 ;;
  mute) echo "Killed"; exit 137 ;;
  empty) mkdir -p node_modules/package; exit 0 ;;
  up) grep -q "\"cpu\"" package-lock.json && mkdir -p node_modules/package &&
      sed -n "s/.*node-bindings-linux-\([a-z0-9]*\)\": \".*/\1/p" package.json \
        >node_modules/package/libduckdb.so ;;
esac'
calls() { if [[ -e $scratch/calls ]]; then wc -l <"$scratch/calls"; else echo 0; fi; }

echo gone >"$scratch/registry"
expect "npm's own error is shown" 1 "npm error network request to https://registry.invalid failed
weir: npm could not install DuckDB" "${installer[@]}"
expect "a failure leaves no library" 1 "" test -e "$clone/build/duckdb/libduckdb.so"
echo old >"$scratch/registry"
expect "the npm of Debian 12 words it otherwise" 1 "  npm ERR! code EAI_AGAIN
weir: npm could" "${installer[@]}"
echo mute >"$scratch/registry"
expect "an npm that was killed" 1 "  Killed" "${installer[@]}"
echo empty >"$scratch/registry"
expect "success without a library" 1 "there is no libduckdb.so" "${installer[@]}"
expect "scripts of packages stay off" 0 "ci --ignore-scripts" tail -n 1 "$scratch/calls"

# The stand-in for the build makes a weir that says that it ran.
# shellcheck disable=SC2016  # the stand-in expands it
stub cmake 'printf "#!/bin/sh\necho answered\n" >build/release/weir && chmod +x build/release/weir'
echo gone >"$scratch/registry"
expect "./run goes on without SQL, and says so" 0 "the next ./run tries again
answered" "${run[@]}"
before=$(calls)
expect "./run with nothing to build goes on, too" 0 "answered" "${run[@]}"
expect "and has tried again" 0 "$((before + 1))" calls
expect "unless another library is named" 0 "answered" env WEIR_DUCKDB=/elsewhere.so "${run[@]}"
expect "and then has not tried" 0 "$((before + 1))" calls

echo up >"$scratch/registry"
expect "./run installs it when the registry is back" 0 "installing DuckDB" "${run[@]}"
expect "the package is this machine's" 0 "x64" cat "$clone/build/duckdb/libduckdb.so"
before=$(calls)
expect "nothing is to be done" 0 "" "${installer[@]}"
expect "and npm is left alone" 0 "$before" calls
machine aarch64
expect "another machine's library is replaced" 0 "installing DuckDB" "${installer[@]}"
expect "by its own" 0 "arm64" cat "$clone/build/duckdb/libduckdb.so"
stub cmake 'echo "x.cpp:1: error: broken"; exit 1'
touch "$clone/src/newer"
expect "a build that fails is shown" 2 "error: broken
weir: the build failed" "${run[@]}"
machine riscv64
expect "no package for the machine" 1 "DuckDB has no package for riscv64" "${installer[@]}"

# One version on every machine, each pinned by a hash, and nothing optional: npm takes a missing
# optional package for success.
for folder in third_party/duckdb/*/; do
  expect "$folder is pinned" 0 '"integrity": "sha512-' cat "${folder}package-lock.json"
  expect "$folder is of DuckDB 1.4" 0 '": "1.4.' cat "${folder}package.json"
  expect "$folder has nothing optional" 1 "" grep -ri optional "$folder"
done
finish
