# SPDX-License-Identifier: Apache-2.0
"""Runs the release binary for the corpus checks and keeps count of what agreed."""
import dataclasses
import difflib
import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
WEIR = ROOT / "build/release/weir"
TIMEOUT_SECONDS = 60
ENVIRONMENT = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "TZ": "UTC", "LC_ALL": "C.UTF-8"}


@dataclasses.dataclass
class Run:
    status: int
    output: bytes
    messages: str

    @property
    def skipped(self):
        """The summary's count, or None if there is no summary."""
        match = re.search(r"^weir: .*?([\d,]+) skipped", self.messages, re.MULTILINE)
        return int(match.group(1).replace(",", "")) if match else None


def run(*arguments, stdin=b""):
    done = subprocess.run(
        [WEIR, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        env=ENVIRONMENT,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    return Run(done.returncode, done.stdout, done.stderr.decode("utf-8", "backslashreplace"))


class Tally:
    """Counts checks, and prints those that failed with the difference."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def same(self, name, expected, actual):
        """Compares two values, or two texts line by line."""
        if expected == actual:
            self.passed += 1
            return True
        self.failed += 1
        print(f"FAIL {name}")
        for line in difflib.unified_diff(
            to_lines(expected), to_lines(actual), "expected", "got", lineterm="", n=1
        ):
            print(f"  {line}")
        return False

    def fail(self, name, message):
        self.failed += 1
        print(f"FAIL {name}\n  {message}")

    def finish(self):
        """Prints the closing line and returns the exit status."""
        if self.passed + self.failed == 0:
            self.fail("nothing was tested", f"is {ROOT / 'tests/corpus'} empty?")
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0


def to_lines(value):
    text = value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)
    return text.split("\n")
