#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads the logs of tests/corpus/ with the release binary and compares every value with what
stands beside them; what is no flow log must be refused with a message that says why. Bare lines are
decoded a second time by tests/oracle/decode_oracle.py, so that what stands there cannot have been
made by the program that is judged.

Where logs of other projects are at hand (../shared/corpora or $WEIR_CORPORA), these are checked as
well: tests/external_corpora.py.
"""
import sys

import corpus_files
import external_corpora
from weir_runs import Tally, run


def check_accepted(tally, file):
    got = run("read", "-o", "ndjson", *file.flags, file.path)
    if not tally.same(file.name, file.answer, got.output) and got.messages:
        print(f"  {got.messages.strip()}")
    expected = f"status {file.status}, {file.skipped} skipped"
    tally.same(f"{file.name}: status", expected, f"status {got.status}, {got.skipped} skipped")
    if file.is_bare:
        answer, skipped = file.ask_oracle()
        tally.same(f"{file.name}: the oracle", answer, file.answer)
        tally.same(f"{file.name}: skipped by the oracle", skipped, file.skipped)


def check_rejected(tally, path, pieces):
    got = run("read", "-o", "ndjson", path)
    name = f"reject/{path.name}"
    tally.same(f"{name}: status", 2, got.status)
    tally.same(f"{name}: output", b"", got.output)
    for piece in pieces:
        if piece in got.messages:
            tally.passed += 1
        else:
            tally.fail(name, f"'{piece}' is not in: {got.messages.strip()}")


def check_together(tally, files):
    """Shapes and formats mix freely in one run, and the number of threads changes nothing."""
    files = [file for file in files if file.status == 0 and not file.format]
    answer = b"".join(file.answer for file in files)
    for threads in (1, 4):
        flags = ("-o", "ndjson", "--threads", threads)
        got = run("read", *flags, *(file.path for file in files))
        tally.same(f"all files in one run, {threads} threads", answer, got.output)
        tally.same("all files in one run: status", 0, got.status)


def main():
    tally = Tally()
    files = corpus_files.accepted()
    for file in files:
        check_accepted(tally, file)
    check_together(tally, files)
    for path, pieces in corpus_files.rejected():
        check_rejected(tally, path, pieces)
    external_corpora.check(tally)
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
