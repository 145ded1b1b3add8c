#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the commands in tests/cases/*.case and in the ```console blocks of README.md and docs/*.md,
and compares what they print with what is written under them.

    $ weir top srcaddr -n 1 examples/logs
    srcaddr    flows
    ...
    [exit 1]

A command is a line that begins with `$ `, run by bash; it goes on over lines that end in a
backslash. Below it is what it prints on both outputs. `...` alone on a line stands for any
number of lines, `[exit N]` for an exit status other than 0. A case file may begin with `#` comments, and
have them right above a command.

Commands of one file run one after another in a scratch folder in which the repository's files are
visible, so that relative paths work and what a command writes does not lie about. Case files see a
pipe, blocks of Markdown a terminal of 80 columns, since they show what a reader would see. Seconds
and speeds are not compared.

usage: tests/run_cases.py [--update] [FILE...]
--update writes what the commands print now over what was expected.
"""
import argparse
import difflib
import fcntl
import os
import pathlib
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import tty

ROOT = pathlib.Path(__file__).resolve().parent.parent
TIMEOUT_SECONDS = 60


class Command:
    """One command of a file: its text, and the lines [begin, end) under it."""

    def __init__(self, line, text):
        self.line = line
        self.text = text
        self.begin = self.end = line
        self.expected = []


def parse_block(path, lines, begin, end):
    """The commands in lines [begin, end)."""
    commands = []
    index = begin
    while index < end:
        if not lines[index].startswith("$ "):
            if not commands:
                is_comment = path.suffix == ".case" and lines[index].startswith("#")
                if lines[index].strip() and not is_comment:
                    sys.exit(f"{path}:{index + 1}: output without a command above it")
            index += 1
            continue
        command = Command(index + 1, lines[index][2:])
        while command.text.endswith("\\") and index + 1 < end:
            index += 1
            command.text += "\n" + lines[index]
        index += 1
        command.begin = index
        while index < end and not lines[index].startswith("$ "):
            index += 1
        command.end = index
        if path.suffix == ".case" and index < end:
            while command.end > command.begin and lines[command.end - 1].startswith("#"):
                command.end -= 1
        while command.end > command.begin and not lines[command.end - 1].strip():
            command.end -= 1
        command.expected = lines[command.begin : command.end]
        commands.append(command)
    return commands


def parse_file(path, lines):
    if path.suffix == ".case":
        return parse_block(path, lines, 0, len(lines))
    commands = []
    begin = None
    for index, line in enumerate(lines):
        if begin is None and line.strip() == "```console":
            begin = index + 1
        elif begin is not None and line.strip() == "```":
            commands += parse_block(path, lines, begin, index)
            begin = None
    if begin is not None:
        sys.exit(f"{path}:{begin}: a ```console block without an end")
    return commands


def environment(scratch):
    return {
        "PATH": f"{ROOT}/build/release:{os.environ.get('PATH', '/usr/bin:/bin')}",
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        "COLUMNS": "80",
        "TERM": "xterm",
        "NO_COLOR": "1",
    }


def run(text, scratch, on_terminal):
    """Runs a command and returns its lines, `[exit N]` last if its status is not 0."""
    if on_terminal:
        reader, writer = os.openpty()
        tty.setraw(writer)  # a newline stays a newline
        fcntl.ioctl(writer, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    else:
        reader, writer = os.pipe()
    process = subprocess.Popen(
        ["bash", "-c", text],
        cwd=scratch / "work",
        env=environment(scratch),
        stdin=subprocess.DEVNULL,
        stdout=writer,
        stderr=writer,
        start_new_session=True,
    )
    os.close(writer)
    output = bytearray()
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while True:
        if not select.select([reader], [], [], max(0, deadline - time.monotonic()))[0]:
            os.killpg(process.pid, signal.SIGKILL)
            output += f"\n[no end after {TIMEOUT_SECONDS} seconds]\n".encode()
            break
        try:
            piece = os.read(reader, 65536)
        except OSError:  # how a terminal says that its last writer has gone
            break
        if not piece:
            break
        output += piece
    os.close(reader)
    status = process.wait()
    shown = re.sub(r"[^\n]*\r|\x1b\[K", "", output.decode("utf-8", "backslashreplace"))
    lines = shown.split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    if status != 0:
        lines.append(f"[exit {status}]")
    return lines


def without_timing(line):
    line = re.sub(r"\b\d+(\.\d+)? (s|ms|µs)\b", "N s", line)
    return re.sub(r"\b\d+(\.\d+)? ([KMGT]i?)?B/s", "N B/s", line)


def matches(expected, actual):
    pattern = "".join(
        "(?:.*\n)*?" if line == "..." else re.escape(without_timing(line)) + "\n"
        for line in expected
    )
    return re.fullmatch(pattern, "".join(without_timing(line) + "\n" for line in actual)) is not None


def run_file(path, update):
    """Returns how many commands of the file passed and failed."""
    name = os.path.relpath(path, ROOT)
    lines = path.read_text(encoding="utf-8").split("\n")
    commands = parse_file(path, lines)
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder)
        (scratch / "work").mkdir()
        for entry in ROOT.iterdir():
            if not entry.name.startswith("."):
                (scratch / "work" / entry.name).symlink_to(entry)
        for command in commands:
            actual = run(command.text, scratch, on_terminal=path.suffix != ".case")
            if matches(command.expected, actual):
                continue
            failed.append((command, actual))
            if not update:
                print(f"FAIL {name}:{command.line}: $ {command.text}")
                expected, printed = (
                    [without_timing(line) for line in side] for side in (command.expected, actual)
                )
                for line in difflib.unified_diff(
                    expected, printed, "expected", "printed", lineterm=""
                ):
                    print(f"  {line}")
    if update and failed:
        for command, actual in reversed(failed):
            lines[command.begin : command.end] = actual
        path.write_text("\n".join(lines), encoding="utf-8")
        print(f"updated {name}: {len(failed)} of {len(commands)}")
        failed = []
    return len(commands) - len(failed), len(failed)


def main():
    parser = argparse.ArgumentParser(description="Runs the whole-program cases.")
    parser.add_argument("--update", action="store_true", help="accept what is printed now")
    parser.add_argument("files", nargs="*", type=pathlib.Path, help="default: all")
    arguments = parser.parse_args()
    files = [path.resolve() for path in arguments.files] or [
        *sorted(ROOT.glob("tests/cases/*.case")),
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *sorted(ROOT.glob("docs/*.md")),
    ]
    passed = failed = 0
    for path in files:
        good, bad = run_file(path, arguments.update)
        passed += good
        failed += bad
    if passed + failed == 0:
        failed = 1
        print("no command found: nothing was tested")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
