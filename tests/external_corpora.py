# SPDX-License-Identifier: Apache-2.0
"""Logs of other projects, value by value and file by file. They are not part of this repository,
since many state no licence: they lie beside it in ../shared/corpora, or where $WEIR_CORPORA says.

    PROJECT/cases.jsonl  one case per line: `line` is a record as the project has it, `format` its
                         fields (null: the default; "json": the line is an object), `delimiter`
                         "," for CSV, `expected` the values that the project's own tests want
                         (null: they want an error)
    PROJECT/...          files as they were delivered; FILES says how many records they hold

What weir does otherwise, and why, is in DIFFERENCES, and for people in docs/formats.md.
"""
import datetime
import gzip
import json
import os
import pathlib
import tempfile

from corpus_files import decode_oracle
from weir_runs import ROOT, run

DEFAULT_FORMAT = " ".join(decode_oracle.DEFAULT_VPC)

KEPT = "kept"  # the project wants an error, weir reads the record

# (project, number of the case) -> what weir does and why.
DIFFERENCES = {
    ("take-home-samples", 7): (KEPT, "action SUCCESS: a word that AWS may add one day is kept"),
    ("take-home-samples", 15): (KEPT, "version 3 in the default layout: every field has its type"),
    ("take-home-samples", 16): (KEPT, "log-status GO_AWAY: as SUCCESS"),
}

NO_ANSWER = (0, None, 2)

# project -> file -> (records, skipped, status), counted with the oracle, grep and jq.
FILES = {
    "aws-centralized-logging": {
        "vpcflow.log": (17, 0, 0),
    },
    "duck_hunt": {
        "vpc_flow_logs.txt": (13, 0, 0),
    },
    "elastic-otel-components": {
        "aws_vpcflow.txt": (3, 0, 0),
    },
    "flowlogs-reader": {
        "flows.parquet": (2, 1, 1),  # protocol 8080
        "v2.log": (5, 0, 0),
        "v3.log": (2, 0, 0),
        "v4.log": (2, 0, 0),
        "v5.log": (2, 1, 1),  # `bogus line`
        "v6.log": (1, 0, 0),
    },
    "grafana-vpc-flow-logs-analyzer": {
        "aws-analyzer_sorting_test.log": (3, 0, 0),
        "aws-flow-logs-10.3.11.57-142.250.185.91.log": (31, 0, 0),
        "aws-test_flow_logs.log": (6, 0, 0),
    },
    "newrelic-aws-log-ingestion": {
        "entry_vpc_flow_logs.json": (1, 0, 0),
    },
    "ocsf-examples": {
        "dataprepper-v1.1.0/vpcflowlog.raw": (1, 0, 0),
        "v1.0.0-rc.2/vpcflowlog.raw": (1, 0, 0),
        "v1.1.0/vpcflowlog.raw": (1, 0, 0),
        "v1.5.0/vpcflowlog.raw": (1, 0, 0),
        "dataprepper-v1.1.0/vpcflowlog.ocsf": (1, 0, 0),
        "ilf/1_1_0_vpcflow.ilf": NO_ANSWER,
        "ilf/1_1_0_vpcflow.ocsf": (1, 0, 0),
        "ilf/1_1_0_vpcflowlog.ilf": NO_ANSWER,
        "ilf/1_1_0_vpcflowlog.ocsf": (1, 0, 0),
        "v1.0.0-rc.2/vpcflowlog.ocsf": (1, 0, 0),
        "v1.1.0/vpcflowlog.ocsf": (1, 0, 0),
        "v1.5.0/vpcflowlog.ocsf": (1, 0, 0),
    },
    "opensearch-catalog": {
        "aws-vpc-bulk_data.json": (22, 0, 0),
        "aws_vpc-logs.json": (2, 0, 0),
        "sample.json": (22, 0, 0),
    },
    "panther-analysis": {
        "attacker_vpc.yml": (6, 0, 0),
    },
    "real-captures": {
        "danieldevere__testlog.gz": (28, 0, 0),
        "m-mizutani__sample1.log": (2, 0, 0),
        "m-mizutani__sample2.log.gz": (2, 0, 0),
        "si3mshady__flowlog_data.json": (8390, 0, 0),
    },
    "sekoia-automation-library": {
        "111111111111_vpcflowlogs_eu-west-2_fl-0dcbf7c4c2483c6b6_20220221T1955Z_"
        "7fe2e5f7.log": (5, 0, 0),
        "111111111111_vpcflowlogs_eu-west-2_fl-0dcbf7c4c2483c6b6_20220221T2025Z_"
        "55a7d2af.log": (5, 0, 0),
        "111111111111_vpcflowlogs_eu-west-3_fl-032a163fae170ae52_20220831T1255Z_"
        "2ad4bef5.parquet": (7, 0, 0),
        "blank_lines_and_comments.log": (4, 0, 0),
        "test_ocsf.parquet": (3, 0, 0),
        "test_parquet.parquet": (8, 0, 0),
        "test_parquet_result.json": (7, 0, 0),
    },
    "sekoia-intake-formats": {
        "accept.json": (1, 0, 0),
        "accept_ok_v5.json": (1, 0, 0),
        "accept_structured.json": (1, 0, 0),
        "custom.json": (1, 0, 0),
        "ipv6traffic.json": (1, 0, 0),
        "network_traffic.json": (1, 0, 0),
        "nodata.json": (1, 0, 0),
        "reject.json": (1, 0, 0),
        "reject_structured.json": (1, 0, 0),
    },
    "take-home-samples": {
        "BasanthPR__AWS-VPC-Flow-Logs-Parser__flow_logs.txt": (43, 2, 1),  # protocol 999
        "Rha02__aws-vpc-flow-log-analyzer__flow_logs.txt": (14, 0, 0),
        "andyakins__VPCFlowReporter__acceptRaw.dat": (19, 0, 0),
        "andyakins__VPCFlowReporter__sample.dat": (60, 0, 0),
        # Two layouts of 14 fields without a header, one of which AWS never wrote: nothing to go by.
        "francis-pang__illumio-technical-assessment__flow-log-full.txt": NO_ANSWER,
        "francis-pang__illumio-technical-assessment__flow-log-invalid-protocol.txt": (1, 0, 0),
        "mhatremayank__vpcflowlogparser__flowlogs_v2.txt": (18, 0, 0),
        "raghu-megh__flow-log-analyzer__V2-flow-log-3-faulty.log": (16, 0, 0),
        "raghu-megh__flow-log-analyzer__V2-flow-log.log": (15, 0, 0),
        "shashi8001__illumio-tag-flow-logs__flow-logs": (14, 0, 0),
        "slatesuraj__aws-vpc-flow-log-analyser__sample_vpc_flow_log.txt": (8, 0, 0),
        "vishisth29__vpc-flowlog-parser__flow_log.txt": (14, 0, 0),
    },
}


class Case:
    def __init__(self, project, number, fields):
        self.project = project
        self.number = number
        self.name = f"{project}/cases.jsonl:{number}"
        self.line = fields["line"]
        self.format = fields["format"] or DEFAULT_FORMAT
        self.delimiter = fields.get("delimiter")
        self.expected = fields["expected"]
        self.wants_error = self.expected is None or bool(fields.get("error"))
        # Some projects name only the values that are there; then the others have to be missing.
        self.is_whole = "absent key" in fields.get("note", "")

    @property
    def is_bare(self):
        return self.format != "json" and not self.delimiter


def read_cases(path):
    with path.open(encoding="utf-8") as lines:
        return [Case(path.parent.name, i, json.loads(line)) for i, line in enumerate(lines, 1)]


def read_lines(lines, *flags, before=()):
    """Gives lines to weir and returns, for each, its record or the reason of its reject."""
    with tempfile.TemporaryDirectory() as folder:
        rejects = pathlib.Path(folder) / "rejects.ndjson"
        text = "".join(line.rstrip("\n") + "\n" for line in [*before, *lines])
        got = run("read", "-o", "ndjson", "--rejects", rejects, *flags, "-", stdin=text.encode())
        rejected = rejects.read_text().splitlines() if rejects.exists() else []
    details = {reject["line"]: reject["reason"] for reject in map(json.loads, rejected)}
    records = map(json.loads, got.output.splitlines())
    numbers = range(len(before) + 1, len(before) + len(lines) + 1)
    answers = [details.get(number) or next(records, None) for number in numbers]
    assert next(records, None) is None, "more records than lines"
    return answers


def answer_cases(cases):
    """The cases of one format go through one process, except JSON objects."""
    first = cases[0]
    lines = [case.line for case in cases]
    if first.is_bare:
        return read_lines(lines, "--format", first.format)
    if first.delimiter:
        return read_lines(lines, before=[first.format.replace(" ", first.delimiter)])
    return [read_lines([line])[0] for line in lines]


def as_oracle(case):
    """The record that the oracle decodes, or None if it decodes none."""
    names = decode_oracle.field_names(case.format)
    records, _ = decode_oracle.decode(case.line.encode(), names)
    return records[0] if records else None


def check_case(tally, case, answer):
    kind, reason = DIFFERENCES.get((case.project, case.number), (None, None))
    if case.wants_error and kind != KEPT:
        if isinstance(answer, str):
            tally.passed += 1
        else:
            tally.fail(case.name, f"skipped was expected, got {answer}")
        return
    if kind == KEPT and not case.wants_error:
        tally.fail(case.name, f"the difference is none: {reason}")
    if not isinstance(answer, dict):
        tally.fail(case.name, f"no record: {answer}")
        return
    for name, value in (case.expected or {}).items():
        tally.same(f"{case.name}: {name}", value, answer.get(name))
    if case.is_whole:
        others = {name: value for name, value in answer.items() if name not in case.expected}
        tally.same(f"{case.name}: absent", dict.fromkeys(others), others)
    if case.is_bare:
        tally.same(f"{case.name}: the oracle", as_oracle(case), answer)


def check_cases(tally, corpora):
    seen = set()
    for path in sorted(corpora.glob("*/cases.jsonl")):
        by_format = {}
        for case in read_cases(path):
            by_format.setdefault((case.format, case.delimiter), []).append(case)
            seen.add((case.project, case.number))
        for cases in by_format.values():
            for case, answer in zip(cases, answer_cases(cases)):
                check_case(tally, case, answer)
    tally.same("differences without a case", set(), set(DIFFERENCES) - seen)


def check_file(tally, path, expected):
    name = f"{path.parent.name}/{path.name}"
    if not path.exists():
        tally.fail(name, "the file is not there")
        return
    got = run("read", "-o", "ndjson", path)
    counts = (len(got.output.splitlines()), got.skipped, got.status)
    tally.same(f"{name}: (records, skipped, status)", expected, counts)
    data = path.read_bytes()
    text = gzip.decompress(data) if path.suffix == ".gz" else data
    is_bare = path.suffix in (".log", ".txt", ".dat", ".gz") or "." not in path.name
    if is_bare and expected != NO_ANSWER:
        answer = decode_oracle.to_ndjson(decode_oracle.decode(text)[0])
        tally.same(f"{name}: the oracle", answer, got.output)


def check_days(tally, corpora):
    """Real data whose times were turned into days: everything else is as it was."""
    path = corpora / "real-captures/si3mshady__flowlog_data.json"
    expected = json.loads(path.read_text())
    for record in expected:
        for name, value in record.items():
            if name in ("start", "end"):
                day = datetime.datetime.strptime(value, "%m/%d/%Y")
                record[name] = int(day.replace(tzinfo=datetime.timezone.utc).timestamp())
            elif value == "-":
                record[name] = None
    got = run("read", "-o", "ndjson", path)
    tally.same(f"{path.name}: values", decode_oracle.to_ndjson(expected), got.output)


def check(tally):
    corpora = pathlib.Path(os.environ.get("WEIR_CORPORA", ROOT / "../shared/corpora")).resolve()
    if not corpora.is_dir():
        print(f"skip logs of other projects: {corpora} is not there")
        return
    check_cases(tally, corpora)
    for project, files in FILES.items():
        for name, expected in files.items():
            check_file(tally, corpora / project / name, expected)
    check_days(tally, corpora)
