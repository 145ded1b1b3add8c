#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The line of progress: every verb tells its phases, for every kind of input, it is erased before anything else
is printed, and it never reaches what the answer is. Ends with `N passed, N failed`.

WEIR_PROGRESS_MS=0 has every phase drawn once, when it begins, so that nothing here waits for a clock.
"""
import gzip
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import weir_runs

TIMEOUT_SECONDS = 120
ERASED = "\r\x1b[K"
LONGEST_LINE = 79


def run(arguments, scratch, stdin=None, every="0"):
    return subprocess.run([weir_runs.WEIR, *map(str, arguments)], stdin=stdin or subprocess.DEVNULL,
                          capture_output=True, check=False, timeout=TIMEOUT_SECONDS, cwd=scratch,
                          env=weir_runs.ENVIRONMENT | {"TMPDIR": str(scratch), "WEIR_PROGRESS_MS": every})


def split(messages):
    """The lines of progress, and what is left when each has been erased, as a terminal shows it."""
    drawn, left = [], []
    for line in messages.split("\n"):
        pieces = line.split(ERASED)
        drawn += [piece for piece in pieces[:-1] if piece]
        left.append(pieces[-1])
    return drawn, "\n".join(left)


def phases_of(drawn):
    """`weir: reading 1.2 MiB of ...`, `weir: judging, 0 s` -> reading, judging: each change once."""
    phases = []
    for line in drawn:
        words = re.match(r"weir: ([A-Za-z ]+?)(?: [\d,.]+ |, |$)", line)
        phase = words.group(1) if words else line
        if not phases or phases[-1] != phase:
            phases.append(phase)
    return phases


def check(tally, title, arguments, expected, scratch, stdin=None):
    done = run([*arguments, "--progress", "always"], scratch, stdin)
    drawn, left = split(done.stderr.decode())
    tally.same(f"{title}: the phases", expected, phases_of(drawn))
    tally.same(f"{title}: the line fits", [], [line for line in drawn if len(line) > LONGEST_LINE])
    tally.same(f"{title}: nothing is left of it", False, "\x1b" in left or "\r" in left)
    tally.same(f"{title}: the answer is without it", False, b"\x1b" in done.stdout)
    if stdin is None:
        quiet = run([*arguments, "--progress", "never"], scratch)
        tally.same(f"{title}: the answer is the same", quiet.stdout, done.stdout)
        tally.same(f"{title}: never is never", False, b"\x1b" in quiet.stderr)


def check_one_terminal(tally, title, arguments, scratch):
    """Where both outputs are one pipe or one terminal, nothing is printed while a line stands."""
    for every in ("0", "1"):
        for kind in ("pipe", "terminal"):
            ours, theirs = os.openpty() if kind == "terminal" else os.pipe()
            with subprocess.Popen([weir_runs.WEIR, *map(str, arguments), "-q", "--progress", "always"],
                                  stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, cwd=scratch,
                                  env=weir_runs.ENVIRONMENT | {"TMPDIR": str(scratch), "WEIR_PROGRESS_MS": every}):
                os.close(theirs)
                said = read_all(ours)
            os.close(ours)
            drawn, left = split(said.replace(b"\r\n", b"\n").decode())
            name = f"{title}, one {kind}, every {every} ms"
            tally.same(f"{name}: something is drawn", True, bool(drawn) or every == "1")
            tally.same(f"{name}: nothing stands beside it", [],
                       [line for line in left.split("\n") if line.startswith("weir: ")])


def read_all(descriptor):
    pieces = []
    while True:
        try:
            piece = os.read(descriptor, 1 << 16)
        except OSError:  # how a terminal ends
            piece = b""
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)


def main():
    tally = weir_runs.Tally()
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        network = scratch / "network"
        made = run(["synth", "--seed", "7", "--records", "20000", "-o", "plain.log", "--config", network], scratch)
        tally.same("a log is made", 0, made.returncode)
        log = (scratch / "plain.log").read_bytes()
        (scratch / "packed.log.gz").write_bytes(gzip.compress(log))
        lines = log.split(b"\n")
        (scratch / "many").mkdir()
        for i in range(40):
            (scratch / f"many/{i:02}.log").write_bytes(b"\n".join([lines[0], *lines[1 + i * 50:51 + i * 50], b""]))
        inputs = {"a plain file": ["plain.log"], "a packed file": ["packed.log.gz"], "many files": ["many"]}

        reading = ["listing inputs", "reading"]
        stitching = [*reading, "stitching"]
        config = ["--config", network]
        configured = ["reading the configuration", *reading]
        verbs = [
            ("read", ["read", "-o", "csv"], reading),
            ("read as a table", ["read", "-o", "table"], reading),
            ("explain", ["explain", "-o", "csv"], reading),
            ("top", ["top", "srcaddr,dstaddr", "-o", "csv"], [*reading, "merging groups", "ranking groups", "writing"]),
            ("top, all", ["top", "srcaddr,dstaddr", "-n", "0", "-o", "csv"],
             [*reading, "merging groups", "sorting groups", "writing"]),
            ("timeline", ["timeline", "-o", "csv"], [*reading, "merging groups", "sorting groups", "writing"]),
            ("check", ["check", "-o", "csv"], [*reading, "judging"]),
            ("pairs", ["pairs", "-o", "csv"], [*stitching, "writing"]),
            ("why", ["why", "--grouped", "-o", "csv"], [*reading, "gathering evidence", "judging"]),
            ("why --each", ["why", "--each", "-o", "csv"],
             [*reading, "gathering evidence", "judging", "reading again"]),
            ("rules", ["rules", *config, "-o", "csv"], [*configured, "matching rules"]),
            ("suggest", ["suggest", *config, "-o", "csv"], [*configured, "gathering traffic"]),
            ("whatif", ["whatif", *config, "--proposed", network, "-o", "csv"], [*configured, "replaying"]),
            ("sql", ["sql", "SELECT count(*) FROM flows", "-o", "csv"], ["listing inputs", "answering"]),
            ("report", ["report", "top-talkers", "-o", "csv"], ["listing inputs", "answering"]),
        ]
        for kind, names in inputs.items():
            for title, arguments, expected in verbs:
                check(tally, f"{title}, {kind}", [*arguments, *names], expected, scratch)

        check(tally, "check of a configuration", ["check", *config, "-o", "csv"], ["reading the configuration"], scratch)
        check(tally, "synth", ["synth", "--records", "2000"], ["writing"], scratch)
        check(tally, "synth of objects", ["synth", "--records", "2000", "--objects", "3", "-o", "objects/"], ["writing"],
              scratch)
        check(tally, "convert to Parquet", ["convert", "-o", "parquet:flows.parquet", "plain.log"],
              ["listing inputs", "reading"], scratch)
        check(tally, "read Parquet", ["top", "srcaddr", "-o", "csv", "flows.parquet"],
              [*reading, "merging groups", "ranking groups", "writing"], scratch)
        check(tally, "sql over Parquet", ["sql", "SELECT count(*) FROM flows", "-o", "csv", "flows.parquet"],
              ["listing inputs", "answering"], scratch)
        check(tally, "convert to folders", ["convert", "--partition", "day", "-o", "parquet:tree/", "plain.log"],
              ["listing inputs", "reading", "writing Parquet"], scratch)
        check(tally, "an answer to Parquet", ["top", "srcaddr", "-o", "parquet:top.parquet", "plain.log"],
              [*reading, "merging groups", "ranking groups", "writing", "writing Parquet"], scratch)
        for title, arguments, expected in (
                ("top", ["top", "srcaddr", "-o", "csv"], [*reading, "merging groups", "ranking groups", "writing"]),
                ("sql", ["sql", "SELECT count(*) FROM flows", "-o", "csv", "-"],
                 ["listing inputs", "answering", "keeping standard input", "answering"])):
            with subprocess.Popen(["cat", str(scratch / "plain.log")], stdout=subprocess.PIPE) as pipe:
                check(tally, f"{title}, a pipe", arguments, expected, scratch, pipe.stdout)

        for title, arguments in (
                ("read", ["read", "-o", "table", "plain.log"]), ("top", ["top", "srcaddr", "-o", "table", "plain.log"]),
                ("pairs", ["pairs", "-o", "table", "plain.log"]),
                ("sql", ["sql", "SELECT srcaddr, count(*) FROM flows GROUP BY 1 LIMIT 5", "-o", "table", "plain.log"]),
                ("report", ["report", "top-talkers", "-o", "table", "plain.log"])):
            check_one_terminal(tally, title, arguments, scratch)

        # The first second shows nothing, however much is done in it.
        done = run(["check", "--progress", "always", "plain.log"], scratch, every="100000")
        tally.same("nothing is drawn before its time", False, b"\x1b" in done.stderr)
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
