#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Converts every log of tests/corpus/ with the release binary to every output and reads it back:
the records must be the same. Flow-log text is also compared byte by byte with what
tests/oracle/decode_oracle.py writes, so canonical text comes back as it was."""
import gzip
import json
import pathlib
import sys
import tempfile

import corpus_files
from corpus_files import decode_oracle
from weir_runs import Tally, run

RECORD_KINDS = ("ndjson", "json")  # every record keeps its own fields
COLUMN_KINDS = ("csv", "tsv")  # every record has every column
READS_PARQUET = True  # until every verb does
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


def columns_of(records):
    """The fields of all records, in order of appearance."""
    return list(dict.fromkeys(name for record in records for name in record))


def convert(file, kind, *flags):
    return run("convert", *file.flags, *flags, "-o", f"{kind}:-", file.path)


def check_back(tally, name, file, expected, converted):
    tally.same(f"{name}: status", file.status, converted.status)
    back = run("read", "-o", "ndjson", "-", stdin=converted.output)
    tally.same(f"{name}: read back", expected, back.output)
    tally.same(f"{name}: status of reading back", 0, back.status)


def check_flow_log(tally, file):
    name = f"{file.name} -> flowlog"
    converted = convert(file, "flowlog")
    if file.records:
        tally.same(f"{name}: text", decode_oracle.encode(file.records), converted.output)
    check_back(tally, name, file, file.answer, converted)
    return converted.output


def check_packed(tally, file, text, folder):
    """A name that ends in .gz or .zst asks for a packed file."""
    for suffix in (".gz", ".zst"):
        name = f"{file.name} -> flowlog{suffix}"
        path = pathlib.Path(folder) / f"converted.log{suffix}"
        run("convert", *file.flags, "-o", f"flowlog:{path}", file.path)
        packed = path.read_bytes()
        if suffix == ".gz":
            tally.same(f"{name}: unpacked", text, gzip.decompress(packed))
        else:
            tally.same(f"{name}: magic", ZSTD_MAGIC, packed[:4])
        back = run("read", "-o", "ndjson", path)
        tally.same(f"{name}: read back", file.answer, back.output)
        path.unlink()


def check_columns(tally, file, kind):
    columns = columns_of(file.records)
    wide = [{name: record.get(name) for name in columns} for record in file.records]
    flags = ["--fields", ",".join(columns)] if wide != file.records else []
    converted = convert(file, kind, *flags)
    expected = decode_oracle.to_ndjson(wide)
    check_back(tally, f"{file.name} -> {kind}", file, expected, converted)


def in_order_of_time(records):
    """Ordered by start, and those without one last."""
    return sorted(records, key=lambda record: (record.get("start") is None, record.get("start")))


def as_logged(record):
    """Tags as they stand in a log."""
    return {
        name: decode_oracle.encode_value(name.replace("_", "-"), value)
        if value is not None and name.replace("_", "-") in decode_oracle.TAGS
        else value
        for name, value in record.items()
    }


def check_parquet(tally, file, folder):
    """Rows have every column, and are ordered by time."""
    name = f"{file.name} -> parquet"
    path = pathlib.Path(folder) / "converted.parquet"
    converted = run("convert", *file.flags, "-o", f"parquet:{path}", file.path)
    tally.same(f"{name}: status", file.status, converted.status)
    columns = columns_of(file.records)
    wide = [{name: record.get(name) for name in columns} for record in file.records]
    wide = in_order_of_time(wide)
    rows = run("sql", "-o", "ndjson", f"SELECT * FROM read_parquet('{path}')")
    expected = decode_oracle.to_ndjson([as_logged(record) for record in wide])
    tally.same(f"{name}: rows", expected, rows.output)
    if READS_PARQUET:
        back = run("read", "-o", "ndjson", path)
        tally.same(f"{name}: read back", decode_oracle.to_ndjson(wide), back.output)
        tally.same(f"{name}: status of reading back", 0, back.status)
    path.unlink(missing_ok=True)


def check(tally, file, folder):
    if "flowlog" not in file.lossy:
        text = check_flow_log(tally, file)
        check_packed(tally, file, text, folder)
    for kind in RECORD_KINDS:
        if kind not in file.lossy:
            check_back(tally, f"{file.name} -> {kind}", file, file.answer, convert(file, kind))
    for kind in COLUMN_KINDS:
        if kind not in file.lossy:
            check_columns(tally, file, kind)
    if "parquet" not in file.lossy and file.records:
        check_parquet(tally, file, folder)
    array = convert(file, "json")
    tally.same(f"{file.name} -> json: an array", file.records, json.loads(array.output))


def main():
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        for file in corpus_files.accepted():
            check(tally, file, folder)
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
