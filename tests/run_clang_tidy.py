#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs clang-tidy over the library and the program, two files at a time.

A file that was clean is not read again until it, a header of ours that it includes, its compile
command or .clang-tidy changes: build/tidy-cache/ holds an empty file named after the hash of these.
The commands are those of build/dev. Tests and fuzz targets are left out; GoogleTest's macros break
the naming rules.
"""
import concurrent.futures
import hashlib
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
CACHE = ROOT / "build/tidy-cache"
TIDY = "clang-tidy-14"
# Warnings are the compiler's business, which has reported its own by now; a Clang may not know all
# of GCC's flags. The analyzer follows calls into our functions and not into the standard library's
# bodies, where it spends two thirds of its time; what a container does wrong with our data the
# tests see under AddressSanitizer.
ARGUMENTS = ["--quiet", "-p", ROOT / "build/dev", "--extra-arg=-Wno-everything"] + [
    f"--extra-arg={word}"
    for word in ("-Xclang", "-analyzer-config", "-Xclang", "c++-stdlib-inlining=false")
]
INCLUDE = re.compile(rb'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def our_headers(source):
    """Every header of this repository that a source includes, also through others."""
    found = set()
    waiting = [source]
    while waiting:
        path = waiting.pop()
        for name in INCLUDE.findall(path.read_bytes()):
            for folder in (ROOT / "include", ROOT / "src", path.parent):
                header = folder / name.decode()
                if header.is_file() and header not in found:
                    found.add(header)
                    waiting.append(header)
    return sorted(found)


def key_of(entry, version):
    source = pathlib.Path(entry["file"])
    digest = hashlib.sha256(version + entry["command"].encode())
    for path in [ROOT / ".clang-tidy", source, *our_headers(source)]:
        content = path.read_bytes()
        digest.update(f"{path} {len(content)}\n".encode() + content)
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
    database = json.loads((ROOT / "build/dev/compile_commands.json").read_text(encoding="utf-8"))
    entries = {
        entry["file"]: entry
        for entry in database
        if pathlib.Path(entry["file"]).is_relative_to(ROOT / "src")
        and not entry["file"].endswith("_test.cpp")
    }
    if not entries:
        sys.exit("build/dev/compile_commands.json names no file of src/")
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        complaints = pool.map(lambda name: check(entries[name], version), sorted(entries))
        bad = 0
        for complaint in complaints:
            if complaint:
                bad += 1
                print(complaint)
    print(f"{len(entries) - bad} passed, {bad} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
