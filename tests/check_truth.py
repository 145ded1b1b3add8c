#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One truth: what weir adds up itself (top, timeline) is what SQL adds up over the same inputs, row by
row; and what SQL sees of invented logs is what DuckDB's own reader of CSV sees. Where every value is sound,
every verb sees the same number of records, whatever columns it asks for.

Inputs are the example logs, every log of tests/corpus/accept/ and invented ones of several formats.
Ends with `N passed, N failed`.
"""
import csv
import io
import pathlib
import re
import sys
import tempfile

import corpus_files
import weir_runs

ROOT = pathlib.Path(__file__).resolve().parent.parent
EVERY_SECONDS = 300
KEYS = [
    ("action",),
    ("srcaddr",),
    ("srcaddr", "dstport", "protocol"),
    ("interface-id", "log-status"),
    ("vpc-id", "flow-direction"),
    ("pkt-srcaddr", "tcp-flags"),
    ("account-id", "type"),
]
FILTERS = [
    ("rejected", "action = 'REJECT'"),
    ("dstport in (22, 443, 8000-8100)",
     "dstport IN (22, 443) OR dstport BETWEEN 8000 AND 8100"),
    ("srcaddr in 10.0.0.0/8", "cidr_contains('10.0.0.0/8', srcaddr)"),
    ("bytes > 1K and not tcp", "bytes > 1000 AND protocol <> 6"),
]


def column(field):
    return '"' + field.replace("-", "_") + '"'


def rows_of(run):
    """Rows of a CSV as they are, sorted, a line each; without the share, which is rounded."""
    rows = csv.DictReader(io.StringIO(run.output.decode()))
    return sorted(" ".join(value or "-" for name, value in row.items() if name != "share")
                  for row in rows)


def as_text(rows):
    return "\n".join(rows)


def sums(columns):
    """SQL for the measures of top and timeline, null where no input has the field."""
    return ", ".join(["count(*) AS flows",
                      *(f"sum({name}) AS {name}" if name in columns else f"NULL AS {name}"
                        for name in ("packets", "bytes"))])


def columns_of(source, flags=()):
    described = weir_runs.run("sql", "-q", "-o", "csv", "DESCRIBE flows", *flags,
                              source)
    return {row[0] for row in csv.reader(io.StringIO(described.output.decode()))} \
        if described.status in (0, 1) else set()


def is_traffic(columns):
    """NODATA and SKIPDATA stand for a window: they are no flows, unless their status is asked for."""
    return "(log_status IS NULL OR log_status NOT IN ('NODATA', 'SKIPDATA'))" if "log_status" in columns else "true"


def compare_top(tally, source, columns, keys, where=None, flags=()):
    if any(key.replace("-", "_") not in columns for key in keys):
        return
    listed = ", ".join(column(key) for key in keys)
    # A record without a single one of the keys is in no group of weir's.
    condition = " OR ".join(f"{column(key)} IS NOT NULL" for key in keys)
    if "log-status" not in keys:
        condition = f"({condition}) AND {is_traffic(columns)}"
    if where:
        condition = f"({condition}) AND ({where[1]})"
    query = f"SELECT {listed}, {sums(columns)} FROM flows WHERE {condition} GROUP BY {listed}"
    own = weir_runs.run("top", ",".join(keys), "--by", "flows", "-n", "0", "-q", "-o", "csv",
                        *(["-w", where[0]] if where else []), *flags, source)
    sql = weir_runs.run("sql", "-q", "-o", "csv", query, *flags, source)
    name = f"top {','.join(keys)} {where[0] if where else ''} over {source}"
    if tally.same(f"{name}: exit status", own.status, sql.status):
        tally.same(name, as_text(rows_of(own)), as_text(rows_of(sql)))


def compare_timeline(tally, source, columns, flags=()):
    if "start" not in columns:
        return
    query = (f"SELECT time_bucket(INTERVAL {EVERY_SECONDS} SECOND, start_time) AS time, "
             f"{sums(columns)} FROM flows WHERE start IS NOT NULL AND {is_traffic(columns)} GROUP BY ALL")
    own = weir_runs.run("timeline", "--every", f"{EVERY_SECONDS}s", "-n", "0", "-q", "-o", "csv",
                        *flags, source)
    sql = weir_runs.run("sql", "-q", "-o", "csv", query, *flags, source)
    name = f"timeline over {source}"
    if tally.same(f"{name}: exit status", own.status, sql.status):
        # Buckets without a record are rows of a timeline, and no group of SQL.
        filled = [row for row in rows_of(own) if row.split()[1] != "0"]
        tally.same(name, as_text(filled), as_text(rows_of(sql)))


def compare_reader(tally, source):
    """The same log, read by DuckDB alone: nothing of weir's decoder is in this answer."""
    fields = source.open(encoding="ascii").readline().split()
    names = ", ".join(f"'{field.replace('-', '_')}': 'VARCHAR'" for field in fields)
    table = (f"read_csv('{source}', delim = ' ', header = true, quote = '', escape = '', "
             f"nullstr = '-', auto_detect = false, columns = {{{names}}})")
    own = ", ".join(f"{column(field)}::VARCHAR AS {column(field)}" for field in fields)
    # Tags stand percent-encoded in the log (AWS VPC User Guide, "Flow log records"), and decoded here.
    theirs = ", ".join(f"url_decode({column(field)}) AS {column(field)}" if "-tag" in field
                       else column(field) for field in fields)
    query = (f"SELECT count(*) AS n FROM (SELECT {own} FROM flows EXCEPT ALL "
             f"SELECT {theirs} FROM {table})")
    back = (f"SELECT count(*) AS n FROM (SELECT {theirs} FROM {table} EXCEPT ALL "
            f"SELECT {own} FROM flows)")
    for which, text in (("more", query), ("less", back)):
        run = weir_runs.run("sql", "-q", "-o", "csv", text, source)
        tally.same(f"{source}: records that weir has {which} than read_csv", b"n\n0\n", run.output)


def compare_records(tally, source, flags=()):
    """What an object is does not depend on the question."""
    check = weir_runs.run("check", *flags, source)
    if check.status != 0 or check.skipped != 0:
        return  # a bad value is met only by those that read its column
    counts = {"check": records_of(check)}
    for verb in (("top", "srcaddr"), ("top", "bytes", "--count"), ("timeline",)):
        answer = weir_runs.run(*verb, *flags, source)
        if answer.status == 0:  # not every log has the field
            counts[" ".join(verb)] = records_of(answer)
    counts["read"] = weir_runs.run("read", "-o", "ndjson", *flags, source).output.count(b"\n")
    sql = weir_runs.run("sql", "-o", "csv", "SELECT count(*) AS n FROM flows", *flags, source)
    counts["sql"] = int(sql.output.split()[-1]) if sql.status == 0 else sql.messages
    tally.same(f"{source.name}: records of every verb",
               "\n".join(f"{verb} {counts['check']}" for verb in counts),
               "\n".join(f"{verb} {count}" for verb, count in counts.items()))


def records_of(run):
    match = re.search(r"^weir: ([\d,]+) records?, ", run.messages, re.MULTILINE)
    return int(match.group(1).replace(",", "")) if match else None


def main():
    tally = weir_runs.Tally()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        for fields, seed in (("v2", 1), ("v5", 2), ("v11", 3)):
            source = folder / f"{fields}.log"
            weir_runs.run("synth", "-q", "--seed", seed, "--records", 5000, "--fields", fields,
                          "-o", source)
            compare_reader(tally, source)
        for source in (ROOT / "examples/logs", *sorted(folder.iterdir())):
            columns = columns_of(source)
            for keys in KEYS:
                compare_top(tally, source, columns, keys)
            compare_timeline(tally, source, columns)
            for where in FILTERS:
                compare_top(tally, source, columns, ("dstport",), where)
        compare_records(tally, ROOT / "examples/logs")
        for source in corpus_files.accepted():
            compare_records(tally, source.path, source.flags)
            columns = columns_of(source.path, source.flags)
            if columns:  # a file may have no record
                compare_top(tally, source.path, columns, ("srcaddr", "dstport"), None, source.flags)
                compare_timeline(tally, source.path, columns, source.flags)
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
