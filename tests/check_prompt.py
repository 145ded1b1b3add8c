#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The prompt of `weir sql` on a terminal: statements over several lines, commands, completion, history,
mistakes, and Ctrl-C both while it waits and while a query runs; and Ctrl-C without a prompt.
Ends with `N passed, N failed`.
"""
import os
import pathlib
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import time

import weir_runs

ROOT = pathlib.Path(__file__).resolve().parent.parent
PATIENCE_SECONDS = 20
PAUSE_SECONDS = 0.5
ENDLESS = "SELECT count(*) FROM range(1000000000000) t(i) WHERE hash(i) = 7"
SOON_SECONDS = 1.0  # a tenth of a second, and what a busy machine adds


class Terminal:
    """weir at the other end of a terminal."""

    def __init__(self, home, *arguments):
        self.text = ""
        environment = weir_runs.ENVIRONMENT | {"HOME": str(home), "TERM": "dumb", "COLUMNS": "100",
                                               "TMPDIR": str(home)}
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            os.execve(weir_runs.WEIR, [str(weir_runs.WEIR), *arguments], environment)

    def send(self, text):
        # The prompt is there a moment before the terminal hands out single keys, and a control
        # character in between is lost.
        time.sleep(PAUSE_SECONDS)
        os.write(self.terminal, text.encode())

    def expect(self, pattern):
        """Waits until the output since the last call matches; what it was, or None in the end."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (found := re.search(pattern, self.text)):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.terminal], [], [], left)[0]:
                return None
            try:
                piece = os.read(self.terminal, 65536)
            except OSError:
                piece = b""
            if not piece:
                return None
            self.text += piece.decode("utf-8", "replace").replace("\r", "")
        seen, self.text = self.text[:found.end()], self.text[found.end():]
        return seen

    def end(self):
        """The exit status, once it has ended."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        self.expect(r"\Z.\A")  # to the end of its output
        if time.monotonic() > deadline:
            os.kill(self.pid, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def check_prompt(tally, home):
    terminal = Terminal(home, "sql", "examples/logs")

    def step(name, sent, pattern):
        terminal.send(sent)
        if terminal.expect(pattern) is None:
            tally.fail(name, f"no /{pattern}/ in {terminal.text!r}")
            return
        tally.passed += 1

    step("it names its tables", "", r"Table flows: \.schema(.|\n)*sql> ")
    step("a statement takes several lines", "SELECT count(*)\n", r"\.\.\.> ")
    step("and ends at the semicolon", "AS n FROM flows;\n", r"3,866\n(.|\n)*sql> ")
    step("a mistake is shown with its place", "SELECT dstprt FROM flows;\n",
         r"there is no column dstprt\n  SELECT dstprt FROM flows\n         \^(.|\n)*sql> ")
    step("Tab completes a column", "SELECT max(pkt_srca\t", r"pkt_srcaddr")
    step("and Ctrl-C drops the line", "\x03", r"\nsql> ")
    step(".schema lists columns", ".schema\n", r"srcaddr +VARCHAR(.|\n)*line_number +BIGINT\n(.|\n)*sql> ")
    step(".timer shows times", ".timer on\n", r"sql> ")
    step("of each statement", "SELECT 1 AS a; SELECT 2 AS b;\n", r"\d s\n(.|\n)*\d s\n(.|\n)*sql> ")
    step("a command that is none", ".frobnicate\n", r"no command '\.frobnicate'(.|\n)*sql> ")
    terminal.send(ENDLESS + ";\n")
    terminal.expect(r"hash\(i\) = 7;")
    time.sleep(PAUSE_SECONDS)  # Ctrl-C drops what has not been read
    time_before = time.monotonic()
    step("Ctrl-C ends a query, not the prompt", "\x03", r"weir: ended\n(.|\n)*sql> ")
    tally.same("and soon", True, time.monotonic() - time_before < SOON_SECONDS)
    step("which goes on", "SELECT 40 + 2 AS n;\n", r"42\n(.|\n)*sql> ")
    terminal.send(".quit\n")
    tally.same("the status is that of a complete answer", 0, terminal.end())

    terminal = Terminal(home, "sql", "examples/logs")
    step("history outlives the program", "", "sql> ")
    step("the last line but one", "\x1b[A\x1b[A\n", r"SELECT 40 \+ 2 AS n;(.|\n)*42\n(.|\n)*sql> ")
    terminal.send("\x04")
    tally.same("Ctrl-D ends it", 0, terminal.end())


def check_signal(tally, home):
    """Without a prompt a signal ends the program, and leaves nothing behind."""
    for name, arguments in (("a query", ["sql", ENDLESS]),
                            ("waiting for standard input", ["sql", "SELECT count(*) FROM flows"])):
        process = subprocess.Popen([weir_runs.WEIR, *arguments], stdin=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                   env=weir_runs.ENVIRONMENT | {"TMPDIR": str(home)})
        while not list(home.glob("weir-sql-*")):  # the session has begun
            time.sleep(0.01)
        before = time.monotonic()
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=PATIENCE_SECONDS)[1]
        tally.same(f"{name}: the status of the signal", -signal.SIGINT, process.returncode)
        tally.same(f"{name}: soon", True, time.monotonic() - before < SOON_SECONDS)
        tally.same(f"{name}: quietly", b"", said)
        tally.same(f"{name}: nothing left behind", [], list(home.glob("weir-*")))


def check_kill(tally, home):
    """What a killed process leaves behind, the next one removes."""
    process = subprocess.Popen([weir_runs.WEIR, "sql", ENDLESS], stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               env=weir_runs.ENVIRONMENT | {"TMPDIR": str(home)})
    while not list(home.glob("weir-sql-*/lock")):
        time.sleep(0.01)
    process.kill()
    process.wait()
    tally.same("a killed session leaves its folder", 1, len(list(home.glob("weir-sql-*"))))
    subprocess.run([weir_runs.WEIR, "sql", "-q", "SELECT 1"], stdin=subprocess.DEVNULL, check=True,
                   stdout=subprocess.DEVNULL, env=weir_runs.ENVIRONMENT | {"TMPDIR": str(home)})
    tally.same("the next one removes it", [], list(home.glob("weir-sql-*")))


def main():
    tally = weir_runs.Tally()
    with tempfile.TemporaryDirectory() as scratch:
        home = pathlib.Path(scratch)
        check_prompt(tally, home)
        check_signal(tally, home)
        check_kill(tally, home)
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
