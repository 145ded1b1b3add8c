#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs clang-tidy over the library and the program, as many files at a time as there are cores.

Up to twelve sources of a folder are read as one, as build/dev compiles them, so that the headers they
share are read once and not twelve times. Here their texts stand one after the other in a file of
build/tidy: the analyzer of Clang 14 passes over functions of a .cpp that another file includes.
Complaints name the source and its line. Tests and fuzz targets are left out; GoogleTest's macros break
the naming rules.

What was clean is not read again until it, a header of ours that it includes, its compile command or
.clang-tidy changes: the cache holds an empty file named after the hash of these. No path goes into
the hash, so another clone finds what this one has checked.
"""
import bisect
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
JOINED = ROOT / "build/tidy"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "weir-tidy"
TIDY = "clang-tidy-14"
# Warnings are the compiler's business, which has reported its own by now. The analyzer follows calls
# into our functions and not into the standard library's bodies, where it spends two thirds of its
# time; what a container does wrong with our data the tests see under AddressSanitizer. With a third
# of the steps (225,000 by default) it then goes as far into a function of ours as it did before.
ANALYZER = "c++-stdlib-inlining=false,max-nodes=75000"
ARGUMENTS = ["--quiet", "-p", JOINED, "--extra-arg=-Wno-everything"] + [
    f"--extra-arg={word}" for word in ("-Xclang", "-analyzer-config", "-Xclang", ANALYZER)
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


class Joined:
    """The sources that one unity file includes, as one text."""

    def __init__(self, entry):
        unity = pathlib.Path(entry["file"])
        self.sources = [ROOT / "src" / name.decode() for name in INCLUDE.findall(unity.read_bytes())]
        self.file = JOINED / unity.name
        self.command = entry["command"].replace(str(unity), str(self.file))
        self.files = sorted({path for source in self.sources for path in our_files(source)})
        self.begins = []
        text = ""
        for source in self.sources:
            self.begins.append(text.count("\n") + 1)
            text += source.read_text(encoding="utf-8") + "\n"
        self.file.write_text(text, encoding="utf-8")

    def key(self, version):
        digest = hashlib.sha256(version + repr(ARGUMENTS[3:]).encode())
        digest.update(self.command.replace(str(ROOT), "").encode())
        for path in [ROOT / ".clang-tidy", *self.files]:
            content = path.read_bytes()
            digest.update(f"{path.relative_to(ROOT)} {len(content)}\n".encode() + content)
        return digest.hexdigest()

    def with_sources_named(self, text):
        """Complaints about a line of the joined file, as complaints about the line it comes from."""

        def place(match):
            index = bisect.bisect_right(self.begins, int(match[1])) - 1
            return f"{self.sources[index]}:{int(match[1]) - self.begins[index] + 1}:"

        return re.sub(re.escape(str(self.file)) + r":(\d+):", place, text)


def check(joined, version):
    """What clang-tidy has against a file; empty if nothing."""
    stamp = CACHE / joined.key(version)
    if stamp.exists():
        return ""
    result = subprocess.run(
        [TIDY, *ARGUMENTS, joined.file],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if result.returncode == 0:
        stamp.touch()
        return ""
    # Beside complaints, standard error counts the warnings in system headers.
    complaints = result.stdout + re.sub(r"(?m)^\d+ warnings? generated\.\n", "", result.stderr)
    return joined.with_sources_named(complaints)


def main():
    CACHE.mkdir(parents=True, exist_ok=True)
    JOINED.mkdir(parents=True, exist_ok=True)
    version = subprocess.run([TIDY, "--version"], capture_output=True, check=True).stdout
    database = json.loads((BUILD / "compile_commands.json").read_text(encoding="utf-8"))
    joined = [Joined(entry) for entry in database
              if pathlib.Path(entry["file"]).is_relative_to(BUILD / "unity")
              and "_test_" not in pathlib.Path(entry["file"]).name]
    (JOINED / "compile_commands.json").write_text(json.dumps([
        {"directory": str(BUILD), "file": str(each.file), "command": each.command}
        for each in joined]))
    # Every source stands in one of them, or something is not checked.
    checked = {path for each in joined for path in each.sources}
    left_out = [path for path in sorted((ROOT / "src").rglob("*.cpp"))
                if not path.name.endswith("_test.cpp") and path not in checked]
    if left_out:
        sys.exit("build/dev compiles none of these: " + ", ".join(map(str, left_out)))
    joined.sort(key=lambda each: -each.file.stat().st_size)
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        checks = [pool.submit(check, each, version) for each in joined]
        bad = 0
        for done in concurrent.futures.as_completed(checks):
            if done.result():
                bad += 1
                print(done.result(), flush=True)
    print(f"{len(joined) - bad} passed, {bad} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
