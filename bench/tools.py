# SPDX-License-Identifier: Apache-2.0
"""weir and its rivals: how each is called, what it can be asked, and which version it is.

A tool's command is None where it has no way to answer. The paths are relative to the repository,
so that the report can show every command as it was run.
"""
import dataclasses
import json
import os
import pathlib
import shlex
import subprocess
import tempfile

import jobs

BUILD = pathlib.Path("build/release")
WORK = pathlib.Path("build/bench")      # data, rivals, answers
WEIR = BUILD / "weir"
NPM = WORK / "npm"
WRITTEN = WORK / "data" / "written.parquet"     # where tools write that cannot write to nothing
CSV_OF_CLICKHOUSE = (" SETTINGS format_csv_delimiter = ' ', format_csv_null_representation = '-', "
                     "format_csv_allow_double_quotes = 0, format_csv_allow_single_quotes = 0, "
                     "input_format_csv_allow_whitespace_or_tab_as_delimiter = 1, "
                     "input_format_skip_unknown_fields = 1")
TYPES_OF_CLICKHOUSE = {"UTINYINT": "UInt8", "USMALLINT": "UInt16", "UBIGINT": "UInt64"}


@dataclasses.dataclass(frozen=True)
class Asked:
    """One job asked of one data set: what a command is made from."""
    job: jobs.Job
    data_set: jobs.DataSet
    fields: list                # of a record, in order
    folder: pathlib.Path        # where the data sets lie
    files: list
    threads: int

    def pattern(self):
        """All files in one word, as SQL and shells take them."""
        if len(self.files) == 1:
            return str(self.files[0])
        return f"{self.files[0].parent}/*.gz"

    def filled(self, template, table=""):
        positions = {name: index + 1 for index, name in enumerate(self.fields)}
        return template.format(T=table, out=WRITTEN, before_srcaddr=positions["srcaddr"] - 1,
                               to_dstport=positions["dstport"] - positions["srcaddr"] - 1,
                               **positions)


def library(name):
    """The shared library of an npm package that was installed for this machine, or None."""
    return next(iter(sorted(NPM.glob(f"node_modules/@*/*/{name}"))), None)


def sql(engine, threads, statement):
    name = library("libduckdb.so" if engine == "duckdb" else "libchdb.so")
    if name is None:
        return None
    return [str(BUILD / "sql_library"), engine, str(name), str(threads), statement]


def duckdb_table(pattern, fields):
    """DuckDB's reader at its best: every type given, nothing guessed, no quotes looked for."""
    columns = ", ".join(f"'{name.replace('-', '_')}': '{jobs.NUMBERS.get(name, 'VARCHAR')}'"
                        for name in fields)
    return (f"read_csv('{pattern}', delim = ' ', header = true, quote = '', escape = '', "
            f"nullstr = '-', auto_detect = false, columns = {{{columns}}})")


def parquet_of(asked):
    return asked.folder / f"{asked.data_set.fields}.parquet"


def _weir(asked):
    return [str(WEIR), *asked.job.weir, *_weir_input(asked)]


def _weir_input(asked):
    if asked.job.name == "start-up":
        return []
    one = asked.files[0] if len(asked.files) == 1 else asked.files[0].parent
    kind = [] if asked.job.export else ["-q", "-o", "csv"]
    if asked.job.export == "parquet":
        kind = ["-q", "-o", f"parquet:{WRITTEN}"]
    return ["--threads", str(asked.threads), *kind, str(one)]


def _duckdb(asked):
    if asked.job.name == "start-up":
        return sql("duckdb", asked.threads, "SELECT version()")
    if not asked.job.duckdb:
        return None
    table = duckdb_table(asked.pattern(), asked.fields)
    return sql("duckdb", asked.threads, asked.filled(asked.job.duckdb, table))


def _parquet(asked):
    if asked.data_set.shape != "text" or asked.job.export or not parquet_of(asked).exists():
        return None
    table = f"read_parquet('{parquet_of(asked)}')"
    return sql("duckdb", asked.threads, asked.filled(asked.job.duckdb, table))


def _lines(asked):
    if asked.job.name == "start-up":
        return sql("chdb", asked.threads, "SELECT version()")
    if not asked.job.lines:
        return None
    table = f"file('{asked.pattern()}', LineAsString)"
    return sql("chdb", asked.threads, asked.filled(asked.job.lines, table))


def _typed(asked):
    if not asked.job.typed or asked.data_set.shape == "megabyte":
        return None
    types = ((name, TYPES_OF_CLICKHOUSE.get(jobs.NUMBERS.get(name), "String"))
             for name in asked.job.typed_fields)
    schema = ", ".join(f"`{name}` Nullable({kind})" for name, kind in types)
    table = f"file('{asked.pattern()}', CSVWithNames, '{schema}')"
    return sql("chdb", asked.threads, asked.filled(asked.job.typed, table) + CSV_OF_CLICKHOUSE)


def _mawk(asked):
    if not asked.job.mawk or asked.data_set.shape == "megabyte":
        return None
    program = asked.filled(asked.job.mawk)
    if asked.data_set.shape == "text":
        return ["mawk", program, asked.pattern()] if asked.threads == 1 else None
    return ["sh", "-c", f"zcat {asked.pattern()} | mawk {shlex.quote(program)}"]


def _ripgrep(asked):
    if not asked.job.ripgrep or asked.data_set.shape != "text":
        return None
    return ["rg", "--count", "--threads", str(asked.threads), asked.filled(asked.job.ripgrep),
            asked.pattern()]


def flows_of(asked):
    return asked.folder / "nfcapd"


def _nfdump(asked):
    if not asked.job.nfdump or asked.data_set.name != "v2" or not flows_of(asked).is_dir():
        return None
    return ["nfdump", "-R", str(flows_of(asked)), "-q", "-N", "-o", "csv", *asked.job.nfdump]


def _wc(asked):
    if asked.data_set.shape != "text" or asked.job.name not in ("J1", "J4") or asked.threads > 1:
        return None
    return ["wc", "-l", asked.pattern()]


def _inflate_only(asked):
    if not asked.data_set.shape.endswith("gz"):
        return None
    return [str(BUILD / "inflate_only"), str(asked.threads), *map(str, asked.files)]


def _unpacker(program):
    def command(asked):
        if asked.data_set.shape != "gz" or asked.job.name != "J1":
            return None
        return ["sh", "-c", f"ls {asked.pattern()} | xargs -n 1 -P {asked.threads} {program}"]
    return command


@dataclasses.dataclass(frozen=True)
class Tool:
    name: str
    command: object             # Asked -> list of words, or None
    version: str = ""           # a command whose first line has it
    reads: str = ""             # how its answer is written: answers.py knows the names
    bound: bool = False         # does a part of the work only: weir cannot be faster
    environment: tuple = ()     # (name, value) pairs


TOOLS = [
    Tool("weir", _weir, reads="weir"),
    Tool("weir, AVX2", lambda asked: None if asked.job.name == "start-up" or asked.job.export
         or asked.data_set.shape != "text" else _weir(asked), reads="weir",
         environment=(("WEIR_KERNEL", "avx2"),)),
    Tool("DuckDB", _duckdb, reads="rows"),
    Tool("DuckDB on Parquet", _parquet, reads="rows"),
    Tool("ClickHouse, lines", _lines, reads="rows"),
    Tool("ClickHouse, typed", _typed, reads="rows"),
    Tool("nfdump", _nfdump, "nfdump -V", reads="nfdump"),
    Tool("ripgrep", _ripgrep, "rg --version", reads="count"),
    Tool("mawk", _mawk, "mawk -W version", reads="rows"),
    Tool("wc -l", _wc, "wc --version", reads="lines", bound=True),
    Tool("inflate only", _inflate_only, reads="bytes", bound=True),
    Tool("igzip -dc", _unpacker("igzip -dc"), "igzip --version", bound=True),
    Tool("zcat", _unpacker("zcat"), "zcat --version", bound=True),
]


def run_sql(engine, statement):
    """The rows of a query on all processors, as a list of lists of text."""
    command = sql(engine, 2, statement)
    with tempfile.TemporaryDirectory() as scratch:      # ClickHouse leaves folders behind
        done = subprocess.run(command, capture_output=True, text=True, check=False,
                              env=os.environ | {"TMPDIR": scratch})
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip())
    return [line.split("\t") for line in done.stdout.splitlines()]


def versions():
    """What each tool says it is."""
    found = {}
    for tool in TOOLS:
        if tool.version:
            done = subprocess.run(tool.version.split(), capture_output=True, text=True,
                                  stdin=subprocess.DEVNULL, check=False)
            found[tool.name] = (done.stdout or done.stderr).splitlines()[0].strip()
    for name, engine, file in (("DuckDB", "duckdb", "libduckdb.so"),
                               ("ClickHouse (chDB)", "chdb", "libchdb.so")):
        if library(file):
            package = json.loads((library(file).parent / "package.json").read_text())
            version = run_sql(engine, "SELECT version()")[0][0]
            found[name] = f"{version} (npm {package['name']} {package['version']})"
    return found
