#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every saved question (`weir report`) against a second answer in plain Python (report_answers/), row
by row, over invented logs of versions 2, 5 and 11 and of a Transit Gateway. To what `weir synth` invents
comes by hand what reports look for: scans, guessers, beacons, losses, traffic that must not be found.

A report that needs a field which a log lacks must say which, and give no answer. What `--sql` prints must
give the same bytes through `weir sql`. Ends with `N passed, N failed`.
"""
import collections
import datetime
import json
import math
import pathlib
import re
import sys
import tempfile
import urllib.parse

import report_answers
import weir_runs

NUMBERS = {"version", "srcport", "dstport", "protocol", "packets", "bytes", "start", "end",
           "tcp_flags", "traffic_path", "encryption_status", "packets_lost_no_route",
           "packets_lost_blackhole", "packets_lost_mtu_exceeded", "packets_lost_ttl_expired"}
FIELDS_OF_V2 = 14  # in AWS's order, VPC User Guide, "Flow log records"
FIELDS_OF_V5 = 29
FRIDAY = datetime.date(2025, 12, 5)
MORNING = int(datetime.datetime(2025, 12, 5, 10, tzinfo=datetime.timezone.utc).timestamp())
TRANSIT_GATEWAY = (
    "version resource-type account-id tgw-id tgw-attachment-id tgw-src-vpc-account-id "
    "tgw-dst-vpc-account-id tgw-src-vpc-id tgw-dst-vpc-id tgw-src-subnet-id tgw-dst-subnet-id "
    "tgw-src-eni tgw-dst-eni tgw-src-az-id tgw-dst-az-id tgw-pair-attachment-id srcaddr dstaddr "
    "srcport dstport protocol packets bytes start end log-status type packets-lost-no-route "
    "packets-lost-blackhole packets-lost-mtu-exceeded packets-lost-ttl-expired tcp-flags region "
    "flow-direction pkt-src-aws-service pkt-dst-aws-service")


# ---- logs ----

def line(header, **values):
    """A record with these fields, `-` in the others."""
    return " ".join(str(values.get(name.replace("-", "_"), "-")) for name in header.split())


def flow(header, source, destination, at=0, **more):
    """An accepted TCP record with usual values; `at` is seconds behind Friday 10:00."""
    values = {"version": 11, "account_id": "123456789012", "interface_id": "eni-0aaaaaaaaaaaaaaa1",
              "srcaddr": source[0], "srcport": source[1], "dstaddr": destination[0],
              "dstport": destination[1], "pkt_srcaddr": source[0], "pkt_dstaddr": destination[0],
              "protocol": 6, "packets": 3, "bytes": 180, "start": MORNING + at,
              "end": MORNING + at + 30, "action": "ACCEPT", "log_status": "OK", "tcp_flags": 2,
              "type": "IPv4", "flow_direction": "ingress"}
    return line(header, **{**values, **more})


def write_suspicious(header):
    """What people look for, and beside each what is just not it."""
    scanner = ("198.51.100.9", 40000)
    lines = [flow(header, scanner, ("10.0.0.5", port), port, action="REJECT")
             for port in range(1, 41)]
    lines += [flow(header, ("198.51.100.10", 40000), (f"10.0.0.{host}", 22), host)
              for host in range(1, 31)]
    lines += [flow(header, ("198.51.100.11", 40000), ("10.0.0.5", port), action="REJECT")
              for port in range(1, 20)]  # one too few
    for attempt in range(15):  # recorded at two interfaces
        for interface in ("eni-0aaaaaaaaaaaaaaa1", "eni-0aaaaaaaaaaaaaaa2"):
            lines.append(flow(header, ("198.51.100.12", 50000 + attempt), ("10.0.0.6", 3389),
                              60 * attempt, interface_id=interface))
    lines += [flow(header, ("198.51.100.13", 50000 + attempt), ("10.0.0.6", 3389), 3500 + attempt * 20)
              for attempt in range(15)]  # over the hour's end: five and ten
    for contact in range(12):
        lines.append(flow(header, ("10.0.0.7", 41000 + contact), ("203.0.113.50", 443),
                          300 * contact + contact % 3, flow_direction="egress", traffic_path=8))
        lines.append(flow(header, ("10.0.0.7", 42000 + contact), ("203.0.113.51", 443),
                          30 * contact * contact, flow_direction="egress"))  # no clock
        lines.append(flow(header, ("10.0.0.7", 43000), ("203.0.113.52", 443), 60 * contact,
                          flow_direction="egress", bytes=5_000_000))  # too much to say
    lines += [flow(header, ("198.51.100.16", 40000 + attempt), ("10.0.0.8", 22), 300 * attempt,
                   action="REJECT") for attempt in range(12)]
    lines += [
        flow(header, ("198.51.100.14", 40001), ("10.0.0.8", 23), bytes=4242),
        flow(header, ("10.0.0.9", 40001), ("10.0.0.8", 23), bytes=42),
        flow(header, ("198.51.100.15", 40001), ("10.0.0.8", 8443), reject_reason="EC",
             action="REJECT"),
        flow(header, ("10.0.0.10", 60001), ("10.0.0.8", 81)),
        flow(header, ("10.0.0.8", 81), ("10.0.0.10", 60001), 1, tcp_flags=4, bytes=40,
             flow_direction="egress"),
        flow(header, ("10.0.0.10", 60002), ("10.0.0.8", 82), tcp_flags=3),  # was open, then reset
        flow(header, ("10.0.0.8", 82), ("10.0.0.10", 60002), 1, tcp_flags=4, flow_direction="egress"),
        flow(header, ("2001:db8::7", 60002), ("2001:db8::8", 443), type="IPv6", bytes=777),
    ]
    return lines


def write_transit_gateway():
    def record(source, destination, direction, **more):
        values = {"version": 6, "resource_type": "TransitGateway", "account_id": "123456789012",
                  "tgw_id": "tgw-0aaaaaaaaaaaaaaa1", "srcaddr": source, "dstaddr": destination,
                  "tgw_attachment_id": f"tgw-attach-{source.split('.')[1]}",
                  "tgw_pair_attachment_id": f"tgw-attach-{destination.split('.')[1]}",
                  "srcport": 40000, "dstport": 443, "protocol": 6, "packets": 10, "bytes": 1000,
                  "start": MORNING, "end": MORNING + 60, "log_status": "OK", "type": "IPv4",
                  "tcp_flags": 0, "flow_direction": direction, "packets_lost_no_route": 0,
                  "packets_lost_blackhole": 0, "packets_lost_mtu_exceeded": 0,
                  "packets_lost_ttl_expired": 0}
        return line(TRANSIT_GATEWAY, **{**values, **more})
    return [
        record("10.1.0.5", "10.2.0.5", "ingress", bytes=10**10),
        record("10.1.0.5", "10.2.0.5", "egress", tgw_attachment_id="tgw-attach-2",
               tgw_pair_attachment_id="tgw-attach-1", bytes=10**10),
        record("10.2.0.5", "10.1.0.5", "ingress", bytes=123456789),
        record("10.1.0.5", "10.9.0.5", "ingress", packets_lost_no_route=7,
               tgw_pair_attachment_id="-"),
        record("10.1.0.5", "10.9.0.5", "ingress", packets_lost_no_route=3,
               tgw_pair_attachment_id="-"),
        record("10.1.0.6", "10.3.0.5", "ingress", packets_lost_blackhole=2),
        record("10.1.0.6", "10.4.0.5", "ingress", packets_lost_mtu_exceeded=10),
        record("10.2.0.6", "10.4.0.5", "ingress", packets_lost_ttl_expired=1),
        line(TRANSIT_GATEWAY, version=6, start=MORNING, end=MORNING + 60, log_status="NODATA",
             tgw_attachment_id="tgw-attach-5"),
    ]


class Log:
    """A folder of logs of one format, and its records."""

    def __init__(self, folder, header, lines):
        folder.mkdir()
        self.path = folder
        self.header = header
        self.lines = lines
        self.columns = [name.replace("-", "_") for name in header.split()]
        half = len(lines) // 2
        for name, part in (("first.log", lines[:half]), ("second.log", lines[half:])):
            (folder / name).write_text("\n".join([header, *part]) + "\n", encoding="ascii")
        self.records = [self.read(text) for text in lines]

    def read(self, text):
        record = collections.defaultdict(lambda: None)
        for name, value in zip(self.columns, text.split(" ")):
            if value != "-":
                record[name] = int(value) if name in NUMBERS else \
                    urllib.parse.unquote(value) if "_tag" in name else value
        return record


def cut(lines, places):
    """The fields at these places of each line."""
    return [" ".join(map(text.split(" ").__getitem__, places)) for text in lines]


def make_logs(folder):
    invented = []
    for seed, day in ((5, FRIDAY), (6, FRIDAY + datetime.timedelta(days=1))):
        run = weir_runs.run("synth", "-q", "--seed", seed, "--records", 6000, "--fields", "v11",
                            "--interfaces", 200, "--day", day)
        header, *lines = run.output.decode("ascii").splitlines()
        invented += lines
    lines = invented + write_suspicious(header)
    return {
        "v11": Log(folder / "v11", header, lines),
        "v5": Log(folder / "v5", *cut_all(header, lines, range(FIELDS_OF_V5))),
        "v2": Log(folder / "v2", *cut_all(header, lines, range(FIELDS_OF_V2))),
        "tgw": Log(folder / "tgw", TRANSIT_GATEWAY, write_transit_gateway()),
    }


def cut_all(header, lines, places):
    return cut([header], places)[0], cut(lines, places)


def with_needs_alone(report, log, folder):
    """The same log with the fields that a report needs and no others."""
    needs = [need.split("|")[0] for need in report["needs"].split()]
    names = log.header.split()
    return Log(folder, *cut_all(log.header, log.lines, [names.index(need) for need in needs]))


# ---- questions ----

def most(records, *names):
    """The values that most records have."""
    found = collections.Counter(tuple(record[name] for name in names) for record in records
                                if all(record[name] is not None for name in names))
    return found.most_common(1)[0][0]


def settings_of(name, log):
    """What is set for a report: parameters that have to be set, and some that are better for so
    little traffic."""
    if name == "talker":
        return {"address": most(log.records, "srcaddr")[0]}
    if name == "between":
        pair = most(log.records, "srcaddr", "dstaddr")
        return {"address": pair[0], "other": pair[1]}
    if name == "subnet-talkers":
        return {"prefix": most(log.records, "srcaddr")[0].rsplit(".", 1)[0] + ".0/24"}
    if name == "instance-services":
        return {"instance": most(log.records, "instance_id")[0]}
    return {"large-transfers": {"bytes": 2_000_000}, "daily-talkers": {"top": 7}}.get(name, {})


def value_of(text):
    """The value of a parameter as the listing has it: 443, 0.2, [22, 3389] or a text."""
    if text.replace(".", "", 1).isdigit():
        return float(text) if "." in text else int(text)
    return text


def parameters_of(report, settings):
    values = {}
    for assignment in report["parameters"].split():
        name, text = assignment.split("=")
        values[name] = value_of(text)
        if name == "ports":
            values[name] = [int(port) for port in text.split(",")]
    return {**values, **settings}


def missing_fields(report, columns):
    """Of each need that no column meets the fields that would."""
    needs = [need.replace("-", "_").split("|") for need in report["needs"].split()]
    return [name for need in needs if not set(need) & set(columns) for name in need]


def fields_of(report):
    """Every field that the report's SQL may name."""
    names = f"{report['needs']} {report['better_with'] or ''}".replace("|", " ")
    return set(names.replace("-", "_").split())


def as_utc(value):
    """An instant with the offset of --tz, as the answers here have it."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]{8}[+-]\d\d:\d\d", value):
        return value
    return datetime.datetime.fromisoformat(value).astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def same_value(expected, actual):
    actual = as_utc(actual)
    if isinstance(expected, float) and isinstance(actual, (int, float)):
        return math.isclose(expected, actual, rel_tol=1e-9, abs_tol=1e-12)
    return expected == actual and isinstance(actual, type(expected))


def compare_rows(tally, name, expected, output):
    actual = [list(json.loads(text).items()) for text in output.splitlines()]
    same = len(expected) == len(actual) and all(
        len(left) == len(right) and all(a[0] == b[0] and same_value(a[1], b[1])
                                        for a, b in zip(left, right))
        for left, right in zip(expected, actual))
    if same:
        tally.passed += 1
    else:
        tally.same(name, "\n".join(map(str, expected)),
                   "\n".join(str([tuple(cell) for cell in row]) for row in actual) + "\n")


def check_answer(tally, report, log, label, zone=0, settings=None):
    """Returns how many rows the answer has."""
    name = report["name"]
    settings = settings or settings_of(name, log)
    values = parameters_of(report, settings)
    expected = report_answers.ANSWERS[name](log.records, {**values, "zone": zone})
    flags = [flag for setting in settings.items() for flag in ("--set", "{}={}".format(*setting))]
    if zone:
        flags += ["--tz", f"{zone:+03d}:00"]
    run = weir_runs.run("report", name, "-q", "-n", "0", "-o", "ndjson", *flags, log.path)
    if tally.same(f"{name} over {label}: status and messages", (0, ""), (run.status, run.messages)):
        compare_rows(tally, f"{name} over {label}", expected, run.output.decode())
    if not zone and fields_of(report) <= set(log.columns):
        check_sql(tally, name, flags, log, run.output)
    return len(expected)


def check_sql(tally, name, flags, log, expected):
    sql = weir_runs.run("report", name, "--sql", *flags)
    run = weir_runs.run("sql", "-q", "-o", "ndjson", "-f", "-", log.path, stdin=sql.output)
    tally.same(f"{name} --sql through weir sql", expected, run.output)


def check_refusal(tally, report, log, label):
    """What is missing is named, with its version, and there is no answer."""
    settings = settings_of(report["name"], log) if report["name"] != "instance-services" \
        else {"instance": "i-1"}
    flags = [flag for setting in settings.items() for flag in ("--set", "{}={}".format(*setting))]
    run = weir_runs.run("report", report["name"], *flags, log.path)
    name = f"{report['name']} over {label}"
    tally.same(f"{name}: no answer", (2, b""), (run.status, run.output))
    for field in missing_fields(report, log.columns):
        wanted = field.replace("_", "-") + " (version "
        tally.same(f"{name}: names {field}", True, wanted in run.messages)


def main():
    tally = weir_runs.Tally()
    listed = weir_runs.run("report", "-o", "ndjson").output.decode().splitlines()
    reports = [json.loads(text) for text in listed]
    tally.same("reports that are answered here",
               "\n".join(sorted(report_answers.ANSWERS)),
               "\n".join(sorted(report["name"] for report in reports)))
    with tempfile.TemporaryDirectory() as scratch:
        logs = make_logs(pathlib.Path(scratch))
        for report in reports:
            if report["name"] not in report_answers.ANSWERS:
                continue
            rows = 0
            for label, log in logs.items():
                if missing_fields(report, log.columns):
                    check_refusal(tally, report, log, label)
                else:
                    rows += check_answer(tally, report, log, label)
            tally.same(f"{report['name']}: some log has an answer", True, rows > 0)
            whole = logs["tgw" if missing_fields(report, logs["v11"].columns) else "v11"]
            least = with_needs_alone(report, whole, pathlib.Path(scratch) / report["name"])
            check_answer(tally, report, least, "what it needs", 0,
                         settings_of(report["name"], whole))
            if report["name"] in ("daily-trend", "outside-hours"):
                check_answer(tally, report, logs["v2"], "v2 in another zone", 3)
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
