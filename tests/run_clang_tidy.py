#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs clang-tidy over the library and the program, as many files at a time as there are cores.

The files are those that build/dev compiles: up to twelve sources of a folder in one, so that the
headers they share are read once and not twelve times. Tests and fuzz targets are left out;
GoogleTest's macros break the naming rules.

What is missing: clang-analyzer-* of Clang 14 passes over a .cpp that another file includes, unless it
is given -analyzer-opt-analyze-headers. All other checks see every source.

What was clean is not read again until it, a header of ours that it includes, its compile command or
.clang-tidy changes: the cache holds an empty file named after the hash of these. No path goes into
the hash, so another clone finds what this one has checked.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build/dev"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "weir-tidy"
TIDY = "clang-tidy-14"
# Warnings are the compiler's business, which has reported its own by now. The analyzer follows calls
# into our functions and not into the standard library's bodies, where it spends two thirds of its
# time; what a container does wrong with our data the tests see under AddressSanitizer.
ARGUMENTS = ["--quiet", "-p", BUILD, "--extra-arg=-Wno-everything"] + [
    f"--extra-arg={word}"
    for word in ("-Xclang", "-analyzer-config", "-Xclang", "c++-stdlib-inlining=false")
]
INCLUDE = re.compile(rb'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def our_files(source):
    """A source and every file of this repository or its build that it includes, also through others."""
    found = {source}
    waiting = [source]
    while waiting:
        path = waiting.pop()
        for name in INCLUDE.findall(path.read_bytes()):
            for folder in (ROOT / "include", ROOT / "src", BUILD / "generated", path.parent):
                file = folder / name.decode()
                if file.is_file() and file not in found:
                    found.add(file)
                    waiting.append(file)
    return sorted(found)


def key_of(entry, version):
    digest = hashlib.sha256(version + entry["command"].replace(str(ROOT), "").encode())
    for path in [ROOT / ".clang-tidy", *our_files(pathlib.Path(entry["file"]))]:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(ROOT)} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def check(entry, version):
    """What clang-tidy has against a file; empty if nothing."""
    stamp = CACHE / key_of(entry, version)
    if stamp.exists():
        return ""
    result = subprocess.run(
        [TIDY, *ARGUMENTS, entry["file"]],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if result.returncode == 0:
        stamp.touch()
        return ""
    # Beside complaints, standard error counts the warnings in system headers.
    return result.stdout + re.sub(r"(?m)^\d+ warnings? generated\.\n", "", result.stderr)


def main():
    CACHE.mkdir(parents=True, exist_ok=True)
    version = subprocess.run([TIDY, "--version"], capture_output=True, check=True).stdout
    database = json.loads((BUILD / "compile_commands.json").read_text(encoding="utf-8"))
    entries = [entry for entry in database
               if pathlib.Path(entry["file"]).is_relative_to(BUILD / "unity")
               and "_test_" not in pathlib.Path(entry["file"]).name]
    # Every source stands in one of them, or something is not checked.
    checked = {path for entry in entries for path in our_files(pathlib.Path(entry["file"]))}
    left_out = [path for path in sorted((ROOT / "src").rglob("*.cpp"))
                if not path.name.endswith("_test.cpp") and path not in checked]
    if left_out:
        sys.exit("build/dev compiles none of these: " + ", ".join(map(str, left_out)))
    entries.sort(key=lambda entry: -sum(
        path.stat().st_size for path in our_files(pathlib.Path(entry["file"]))))
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        complaints = list(pool.map(lambda entry: check(entry, version), entries))
    for complaint in filter(None, complaints):
        print(complaint)
    bad = sum(map(bool, complaints))
    print(f"{len(entries) - bad} passed, {bad} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
