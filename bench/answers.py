# SPDX-License-Identifier: Apache-2.0
"""Reads every tool's answer and compares it with DuckDB's: what is wrong is not timed."""
import csv
import datetime
import io

import jobs
import netflow
import tools

ACTION_OF_INTERFACE = {"1": "ACCEPT", "2": "REJECT"}     # as netflow.py writes them


class WrongAnswer(Exception):
    """A tool answered otherwise than DuckDB, or not at all."""


def _seconds(text):
    """Epoch seconds of an instant, which some print in ISO 8601."""
    if "T" not in text:
        return text
    return str(int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()))


def _weir_rows(job, text):
    """weir's CSV: the columns have names, and `start` may be called time."""
    rows = []
    for row in csv.DictReader(io.StringIO(text)):
        if "time" in row:
            row["start"] = row["time"]
        missing = [name for name in job.columns if name not in row]
        if missing:
            raise WrongAnswer(f"no column {missing[0]} in: {','.join(row)}")
        rows.append([_seconds(row[name]) if name == "start" else row[name]
                     for name in job.columns])
    return rows


def _nfdump_rows(job, text):
    """nfdump's statistics: the key is `val`, flows `fl`, bytes `byt` or `ibyt`."""
    rows = []
    for row in csv.DictReader(io.StringIO(text)):
        key = row["val"]
        if job.columns[0] == "action":
            key = ACTION_OF_INTERFACE.get(key, key)
        figure = row["fl"] if job.columns[-1] == "flows" and job.name != "J3" else \
            row.get("byt") or row["ibyt"]
        rows.append([key, figure])
    return rows


def rows_of(tool, job, text):
    """An answer as rows of text in the job's columns."""
    if tool.reads == "weir":
        return _weir_rows(job, text)
    if tool.reads == "nfdump":
        return _nfdump_rows(job, text)
    if tool.reads == "count":
        return [["22", text.strip()]]
    return [line.replace("\t", ",").split(",") for line in text.splitlines() if line]


def canonical(rows, measures, limit):
    """Rows in one order. Of a top-N, those that tie for the last place lose their names."""
    rows = [tuple(row) for row in rows]
    figure = -measures
    try:
        rows.sort(key=lambda row: (-int(float(row[figure])), row))
    except (ValueError, IndexError):
        raise WrongAnswer(f"is not in the columns of the job: {rows[:3]}") from None
    if limit and len(rows) >= limit:
        last = rows[limit - 1][figure]
        rows = [row if row[figure] != last else ("tied", row[figure]) for row in rows[:limit]]
    return rows


class Judge:
    """Knows the right answers: DuckDB's over the text, asked once a question."""

    def __init__(self):
        self.known = {}

    def _truth(self, key, statement):
        if key not in self.known:
            self.known[key] = tools.run_sql("duckdb", statement)
        return self.known[key]

    def _expected(self, tool, asked, text):
        table = tools.duckdb_table(text, asked.fields)
        if tool.reads == "nfdump":
            table = f"(SELECT * FROM {table} WHERE {netflow.NETFLOW_ROWS})"
            statement = asked.job.nfdump_truth or asked.job.duckdb
            return self._truth((text, asked.job.name, "netflow"), statement.format(T=table))
        return self._truth((text, asked.job.name), asked.job.duckdb.format(T=table))

    def check(self, tool, asked, text, output, size):
        """Raises WrongAnswer unless `output` answers the job over the text file `text`."""
        if tool.reads == "lines":
            lines = self._truth((text, "lines"), "SELECT count(*) + 1 FROM "
                                + tools.duckdb_table(text, asked.fields))[0][0]
            got, wanted = [output.split()[0]], [lines]
        elif tool.reads == "bytes":     # the header is repeated in each file
            header = len(" ".join(asked.fields)) + 1
            got, wanted = [output.strip()], [str(size + header * (len(asked.files) - 1))]
        elif tool.reads and asked.job.columns:
            job = asked.job
            measures = 1 if tool.reads == "nfdump" else job.measures
            got = canonical(rows_of(tool, job, output), measures, job.limit)
            wanted = canonical(self._expected(tool, asked, text), measures, job.limit)
        else:
            return
        if got != wanted:
            raise WrongAnswer(f"answered {got[:3]}, DuckDB says {wanted[:3]}")

    def check_export(self, asked, text, exported):
        """Raises WrongAnswer unless a file that weir wrote holds the records of the text file."""
        kind = asked.job.export
        if kind == "flowlog":
            if exported.read_bytes() != text.read_bytes():
                raise WrongAnswer("flow-log text differs from the flow-log text that was read")
            return
        table = tools.duckdb_table(text, asked.fields)
        columns = table[table.index("columns = "):-1]
        back = f"read_csv('{exported}', delim = ',', header = true, nullstr = '', " \
               f"auto_detect = false, {columns})"
        if kind == "ndjson":
            back = f"read_json('{exported}', format = 'newline_delimited', {columns})"
        if kind == "parquet":
            names = [name.replace("-", "_") for name in asked.fields]
            typed = ", ".join(f'"{name}"::{jobs.NUMBERS.get(field, "VARCHAR")} AS "{name}"'
                              for field, name in zip(asked.fields, names))
            back = f"(SELECT {typed} FROM read_parquet('{exported}'))"
        digest = "SELECT count(*), sum(hash(r)::HUGEINT) FROM (SELECT {} FROM {{}}) AS r"
        digest = digest.format(", ".join(f'"{name.replace("-", "_")}"' for name in asked.fields))
        wanted = self._truth((text, "digest"), digest.format(table))
        got = tools.run_sql("duckdb", digest.format(back))
        if got != wanted:
            raise WrongAnswer(f"DuckDB reads other records from it: {got}, not {wanted}")
