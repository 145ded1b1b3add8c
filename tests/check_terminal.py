#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a log and the names of files say never reaches a terminal as it is: control characters, characters that
reorder or hide text, bytes that are no UTF-8. Every such character is put into a record, an interface's name, a
name in a header, a broken line and a file's name, and every verb has to show them spelled.
Ends with `N passed, N failed`.
"""
import os
import pathlib
import pty
import re
import select
import subprocess
import sys
import tempfile
import termios
import tty

import weir_runs

PATIENCE_SECONDS = 60

# Line ends cut a line of a log, blanks a field, and neither NUL nor / stands in a file's name.
CONTROLS = [chr(code) for code in (*range(0x01, 0x20), 0x7f, *range(0x80, 0xa0)) if chr(code) not in "\t\n\r\v\f"]
HIDDEN = [chr(code) for code in (0xad, 0x61c, 0x180e, *range(0x200b, 0x2010), *range(0x2028, 0x202f),
                                 *range(0x2060, 0x2065), *range(0x2066, 0x2070), 0xfeff, 0xe0041)]
NO_UTF8 = [bytes([code]) for code in (*range(0x80, 0xc0), 0xc0, 0xff)]
EVIL = b"".join(b"x" + character.encode() for character in CONTROLS + HIDDEN) + b"x" + b"x".join(NO_UTF8)
# A terminal that obeys one of these would be renamed, cleared or written backwards.
ORDERS = b"x\x1b]0;owned\x07\x1b[2J\x9b2J\xe2\x80\xaedesrever\xe2\x80\x8b"

RECORDS = """\
2 123456789012 {id} 10.0.0.5 10.0.0.9 40000 443 6 10 1000 1700000000 1700000060 ACCEPT OK
2 123456789012 {id} 10.0.0.9 10.0.0.5 443 40000 6 9 900 1700000000 1700000060 ACCEPT OK
2 123456789012 {id} 10.0.0.7 10.0.0.9 40001 22 6 1 40 1700000000 1700000060 REJECT OK
2 123456789012 {id} 10.0.0.7 10.0.0.9 4000{id} 22 6 1 40 1700000000 1700000060 REJECT OK
2 123456789012 eni-1 10.0.0.7 10.0.0.9 40002 22 6 1 40 1700000000 1700000060 {id} OK
"""
HEADER = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action {id} "

# Sequences that weir writes itself: colours, and the line of progress before it is written anew.
OWN = re.compile(rb"\x1b\[[0-9;]*m|\r\x1b\[K")


def records(evil):
    return RECORDS.encode().replace(b"{id}", evil)


def complaint(output, may_have=b""):
    """The first byte or character that has no place in `output`, or nothing."""
    text = OWN.sub(b"", output)
    for byte in may_have:
        text = text.replace(bytes([byte]), b"")
    try:
        shown = text.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"no UTF-8 at {text[max(0, error.start - 40):error.start + 40]!r}"
    for place, character in enumerate(shown):
        code = ord(character)
        if character == "\n" or (code >= 0x20 and code != 0x7f and character not in HIDDEN and
                                 not 0x80 <= code < 0xa0):
            continue
        return f"{character!r} in {shown[max(0, place - 40):place + 40]!r}"
    return None


def run_on_terminal(arguments, environment, folder):
    """What a terminal is sent, standard error included, and nothing is changed on the way."""
    here, there = pty.openpty()
    tty.setraw(there, termios.TCSANOW)
    process = subprocess.Popen([weir_runs.WEIR, *arguments], stdin=subprocess.DEVNULL, stdout=there, stderr=there,
                               cwd=folder, env=environment)
    os.close(there)
    pieces = []
    while select.select([here], [], [], PATIENCE_SECONDS)[0]:
        try:
            piece = os.read(here, 65536)
        except OSError:
            break
        if not piece:
            break
        pieces.append(piece)
    process.wait(timeout=PATIENCE_SECONDS)
    os.close(here)
    return b"".join(pieces)


def run_in_pipe(arguments, environment, folder):
    done = subprocess.run([weir_runs.WEIR, *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                          cwd=folder, env=environment, timeout=PATIENCE_SECONDS, check=False)
    return done.stdout, done.stderr


def write_logs(folder):
    """The names of: a log with and without such a name, a broken file, one that is not there."""
    evil_name = b"log-" + ORDERS + EVIL[:100] + b"\n.log"
    for name, content in ((b"plain.log", records(EVIL)), (b"orders.log", records(ORDERS)), (evil_name, records(ORDERS)),
                          (b"header.log", HEADER.encode().replace(b"{id}", b"f" + EVIL) + b"log-status\n" +
                           re.sub(rb" OK\n", b" " + EVIL + b" OK\n", records(ORDERS))),
                          (b"broken-" + ORDERS + b".gz", b"\x1f\x8b\x08\x00garbage" + EVIL),
                          (b"text-" + ORDERS + b".log", EVIL + b" is no flow log\n" * 3),
                          (b"value-" + ORDERS + b".txt", b"10.0.0.1 " + EVIL + b"\n"),
                          (b"config-" + ORDERS + b".json", b'{"SecurityGroups": [{"GroupId": "' + ORDERS + b'"}],, }')):
        (pathlib.Path(os.fsdecode(os.fsencode(folder) + b"/" + name))).write_bytes(content)
    return evil_name


def command_lines(name):
    logs = [b"plain.log", b"orders.log", name, b"header.log"]
    broken = [b"broken-" + ORDERS + b".gz", b"text-" + ORDERS + b".log", b"missing-" + ORDERS]
    everything = logs + broken
    yield "read", [b"read", *everything]
    for kind in (b"csv", b"tsv", b"json", b"ndjson", b"flowlog"):
        yield f"read -o {kind.decode()}", [b"read", b"-o", kind, *logs]
    yield "read, rejects to the terminal", [b"read", b"--rejects", b"-", b"-o", b"csv", *everything]
    yield "read --strict", [b"read", b"--strict", name]
    yield "top", [b"top", b"interface-id,action", *everything]
    yield "top by a field of the header", [b"top", b"f" + EVIL, b"header.log"]
    yield "timeline", [b"timeline", b"--split", b"interface-id", *logs]
    yield "check", [b"check", *everything]
    yield "check -v", [b"check", b"-v", *everything]
    yield "check -o ndjson", [b"check", b"-o", b"ndjson", *everything]
    yield "explain", [b"explain", *logs]
    yield "explain -v", [b"explain", b"-v", *logs]
    yield "why", [b"why", *everything]
    yield "why --each", [b"why", b"--each", *everything]
    yield "pairs", [b"pairs", *everything]
    yield "sql", [b"sql", b"SELECT * FROM flows", *logs]
    yield "sql -o csv", [b"sql", b"-o", b"csv", b"SELECT * FROM flows", *logs]
    yield "sql with a name", [b"sql", b'SELECT 1 AS "' + ORDERS.replace(b"\x9b", b"") + b'"']
    yield "sql with a mistake", [b"sql", b"SELECT '" + ORDERS + b"' FROM x" + ORDERS, *logs]
    yield "report", [b"report", b"rejected-sources", *everything]
    yield "report that is none", [b"report", ORDERS]
    yield "a verb that is none", [ORDERS]
    yield "a flag that is none", [b"read", b"--" + ORDERS, *logs]
    yield "a filter with a mistake", [b"check", b"--where", b"interface-id = '" + ORDERS + b"' and " + ORDERS]
    yield "a filter", [b"check", b"--where", b"interface-id = '" + ORDERS + b"'"]
    yield "a list with a mistake", [b"read", b"-w", b"src in @value-" + ORDERS + b".txt", *logs]
    yield "a field that is none", [b"top", ORDERS, *logs]
    yield "a format that is none", [b"read", b"--format", ORDERS, *logs]
    yield "a time that is none", [b"read", b"--since", ORDERS, *logs]
    yield "a configuration with a mistake", [b"why", b"--config", b"config-" + ORDERS + b".json", *logs]
    yield "check --config", [b"check", b"--config", b"config-" + ORDERS + b".json"]
    yield "an output that is none", [b"read", b"-o", b"csv:no/" + ORDERS, *logs]


def check(tally, name, output, spelled, may_have=b""):
    found = complaint(output, may_have)
    if found:
        tally.fail(name, found)
    elif spelled and not re.search(rb"\\x1b|\\\\x1b|\\u001b|%1B", output):
        tally.fail(name, f"nothing spelled in {output[:200]!r}")
    else:
        tally.passed += 1


def main():
    tally = weir_runs.Tally()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        name = write_logs(folder)
        unicode_terminal = weir_runs.ENVIRONMENT | {"TERM": "xterm", "COLUMNS": "200", "TMPDIR": scratch}
        for title, arguments in command_lines(name):
            may_have = b"\t" if b"tsv" in arguments else b""
            output = run_on_terminal(arguments, unicode_terminal, folder)
            check(tally, f"{title}, on a terminal", output, True, may_have)
            narrow = unicode_terminal | {"COLUMNS": "80", "NO_COLOR": "1"}
            check(tally, f"{title}, 80 columns", run_on_terminal(arguments, narrow, folder), False,
                  may_have)
            plain = unicode_terminal | {"LC_ALL": "C"}
            output = run_on_terminal(arguments, plain, folder)
            tally.same(f"{title}, without UTF-8", None, complaint(output, may_have))
            tally.same(f"{title}, ASCII alone", True, OWN.sub(b"", output).isascii())
            said = run_in_pipe(arguments, unicode_terminal, folder)[1]
            check(tally, f"{title}, standard error", said, False)
        data = run_in_pipe([b"read", b"-o", b"tsv", b"--fields", b"interface-id", b"orders.log"], unicode_terminal,
                           folder)[0]
        tally.same("data stays as it is in a pipe", True, ORDERS in data)
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
