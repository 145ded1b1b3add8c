# SPDX-License-Identifier: Apache-2.0
"""The table of ./bench/run: what is asked, and how every tool is asked it.

A job is one question with one right answer. A text in braces is filled in for each data set: {T}
is the table (DuckDB's read_csv, ClickHouse's file), {action} and its like the position of a field
in a line. Every tool prints its answer in the columns of the job, so that one check reads all of
them; only weir's own and nfdump's output are read in their own way (answers.py).
"""
import dataclasses

V2 = ("version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start "
      "end action log-status").split()
NUMBERS = {"version": "UTINYINT", "srcport": "USMALLINT", "dstport": "USMALLINT",
           "protocol": "UTINYINT", "packets": "UBIGINT", "bytes": "UBIGINT", "start": "UBIGINT",
           "end": "UBIGINT", "tcp-flags": "USMALLINT", "traffic-path": "UTINYINT"}
ADDRESSES = ("srcaddr", "dstaddr")

# Every field of v2 has to be converted to know that this holds, and it holds wherever it can.
EVERY_FIELD_WEIR = " and ".join(
    f"{name} >= 0" if name in NUMBERS else
    f"{name} not in 255.255.255.255" if name in ADDRESSES else f'{name} != "none"' for name in V2)
EVERY_FIELD_SQL = " AND ".join(
    f'"{name}" >= 0' if name in NUMBERS else f"\"{name}\" <> 'none'"
    for name in (field.replace("-", "_") for field in V2))


@dataclasses.dataclass(frozen=True)
class Job:
    """One question. `columns` name the answer's; the last ones, `measures` many, are figures."""
    name: str
    title: str
    columns: tuple
    weir: tuple
    measures: int = 1
    limit: int = 0              # rows of a top-N, 0 for all groups
    duckdb: str = ""
    lines: str = ""             # ClickHouse over whole lines
    typed: str = ""             # ClickHouse over typed CSV; it skips the columns not named
    typed_fields: tuple = ()
    mawk: str = ""
    ripgrep: str = ""
    nfdump: tuple = ()
    nfdump_truth: str = ""      # what it is asked, where that differs
    export: str = ""            # not a question: everything as csv, ndjson, flowlog or parquet


JOBS = [
    Job("J1", "records by action", ("action", "flows"),
        weir=("top", "action", "--count"),
        duckdb="SELECT action, count(*) FROM {T} WHERE action IS NOT NULL GROUP BY action",
        lines="SELECT if(r, 'REJECT', 'ACCEPT'), n FROM (SELECT line LIKE '% REJECT %' AS r, "
              "count() AS n FROM {T} WHERE r OR line LIKE '% ACCEPT %' GROUP BY r)",
        typed="SELECT action, count() FROM {T} WHERE action IS NOT NULL GROUP BY action",
        typed_fields=("action",),
        mawk='$1 != "version" && ${action} != "-" {{ n[${action}]++ }} '
             'END {{ for (k in n) print k "," n[k] }}',
        nfdump=("-s", "inif/flows", "-n", "0")),
    Job("J2", "top 10 srcaddr by bytes among REJECT", ("srcaddr", "bytes"), limit=10,
        weir=("top", "srcaddr", "--by", "bytes", "-w", "rejected", "-n", "10"),
        duckdb="SELECT srcaddr, sum(bytes) AS b FROM {T} WHERE action = 'REJECT' "
               "GROUP BY srcaddr ORDER BY b DESC LIMIT 10",
        lines="SELECT f[{srcaddr}] AS s, sum(toUInt64OrZero(f[{bytes}])) AS b FROM (SELECT "
              "splitByChar(' ', line) AS f FROM {T} WHERE line LIKE '% REJECT %') "
              "GROUP BY s ORDER BY b DESC LIMIT 10",
        typed="SELECT srcaddr, sum(bytes) AS b FROM {T} WHERE action = 'REJECT' "
              "GROUP BY srcaddr ORDER BY b DESC LIMIT 10",
        typed_fields=("srcaddr", "bytes", "action"),
        mawk='${action} == "REJECT" {{ b[${srcaddr}] += ${bytes} }} '
             'END {{ for (k in b) printf "%s,%.0f\\n", k, b[k] | "sort -t, -k2,2nr | head -n 10" }}',
        nfdump=("-s", "srcip/bytes", "-n", "10", "in if 2")),
    Job("J3", "bytes and flows by five minutes and dstport, top 20",
        ("start", "dstport", "bytes", "flows"), measures=2, limit=20,
        weir=("top", "start,dstport", "--every", "5m", "-n", "20"),
        duckdb='SELECT "start" // 300 * 300 AS t, dstport, sum(bytes) AS b, count(*) FROM {T} '
               "WHERE dstport IS NOT NULL GROUP BY t, dstport ORDER BY b DESC LIMIT 20",
        lines="SELECT intDiv(toUInt32OrZero(f[{start}]), 300) * 300 AS t, toUInt16OrZero("
              "f[{dstport}]) AS p, sum(toUInt64OrZero(f[{bytes}])) AS b, count() FROM (SELECT "
              "splitByChar(' ', line) AS f FROM {T}) WHERE f[{dstport}] NOT IN ('-', 'dstport') "
              "GROUP BY t, p ORDER BY b DESC LIMIT 20",
        typed="SELECT intDiv(`start`, 300) * 300 AS t, dstport, sum(bytes) AS b, count() FROM {T} "
              "WHERE dstport IS NOT NULL GROUP BY t, dstport ORDER BY b DESC LIMIT 20",
        typed_fields=("start", "dstport", "bytes"),
        mawk='$1 != "version" && ${dstport} != "-" {{ k = (${start} - ${start} % 300) "," '
             '${dstport}; b[k] += ${bytes}; n[k]++ }} END {{ for (k in b) printf "%s,%.0f,%d\\n", '
             'k, b[k], n[k] | "sort -t, -k3,3nr | head -n 20" }}',
        nfdump=("-s", "dstport/bytes", "-n", "20"),
        nfdump_truth="SELECT dstport, sum(bytes) AS b FROM {T} GROUP BY dstport "
                     "ORDER BY b DESC LIMIT 20"),
    Job("J4", "count of dstport 22 from 10.0.0.0/8", ("dstport", "flows"),
        weir=("top", "dstport", "--count", "-w", "dstport = 22 and srcaddr in 10.0.0.0/8"),
        duckdb="SELECT 22, count(*) FROM {T} WHERE dstport = 22 AND srcaddr LIKE '10.%'",
        lines="SELECT 22, count() FROM {T} WHERE line LIKE '% 10.% 22 %' AND splitByChar(' ', "
              "line)[{dstport}] = '22' AND splitByChar(' ', line)[{srcaddr}] LIKE '10.%'",
        typed="SELECT 22, count() FROM {T} WHERE dstport = 22 AND srcaddr LIKE '10.%'",
        typed_fields=("srcaddr", "dstport"),
        mawk="${dstport} == 22 && ${srcaddr} ~ /^10\\./ {{ n++ }} END {{ print \"22,\" n + 0 }}",
        ripgrep=r"^(?:[^ ]+ ){{{before_srcaddr}}}10\.[^ ]+ (?:[^ ]+ ){{{to_dstport}}}22 ",
        nfdump=("-s", "dstport/flows", "-n", "0", "dst port 22 and src net 10.0.0.0/8")),
    Job("decode", "records by action where all 14 fields are converted and compared",
        ("action", "flows"),
        weir=("top", "action", "--count", "-w", EVERY_FIELD_WEIR),
        duckdb="SELECT action, count(*) FROM {T} WHERE " + EVERY_FIELD_SQL + " GROUP BY action"),
    Job("flowlog", "every record as flow-log text", (), weir=("read", "-o", "flowlog"),
        export="flowlog"),
    Job("csv", "every record as CSV", (), weir=("read", "-o", "csv"), export="csv",
        duckdb="COPY (SELECT * FROM {T}) TO '/dev/null' (FORMAT csv, USE_TMP_FILE false)",
        lines="SELECT arrayStringConcat(splitByChar(' ', line), ',') FROM {T} "
              "INTO OUTFILE '/dev/null' TRUNCATE FORMAT LineAsString"),
    Job("ndjson", "every record as JSON lines", (), weir=("read", "-o", "ndjson"), export="ndjson",
        duckdb="COPY (SELECT * FROM {T}) TO '/dev/null' (FORMAT json, USE_TMP_FILE false)"),
    Job("J5", "every record to Parquet, zstd, sorted by time", (), weir=("convert",),
        export="parquet", duckdb="COPY (SELECT * FROM {T} ORDER BY \"start\") TO '{out}' "
                                 "(FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)"),
    Job("start-up", "the program's version; an answer about one megabyte", (),
        weir=("--version",)),
]


@dataclasses.dataclass(frozen=True)
class DataSet:
    """The same records in one shape. `jobs` are asked of it."""
    name: str
    title: str
    fields: str                 # v2 or v5
    shape: str                  # text, gz, small-gz or megabyte
    jobs: tuple


DATA_SETS = [
    DataSet("v2", "default v2, one text file", "v2", "text",
            ("J1", "J2", "J3", "J4", "J5", "decode", "flowlog", "csv", "ndjson")),
    DataSet("v2-gz", "default v2, 16 gzip files", "v2", "gz",
            ("J1", "J2", "J3", "J4", "J5", "decode", "csv")),
    DataSet("v2-small-gz", "default v2, gzip files of 0.5 MB of text", "v2", "small-gz",
            ("J1", "J2")),
    DataSet("v5", "29 fields, one text file", "v5", "text", ("J1", "J2", "J3", "J4")),
    DataSet("v5-gz", "29 fields, 16 gzip files", "v5", "gz", ("J1", "J2")),
    DataSet("v2-1MB", "default v2, one megabyte of text", "v2", "megabyte", ("start-up", "J1")),
]
