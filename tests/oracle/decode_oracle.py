#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Decodes bare flow-log lines slowly and obviously: the judge of `weir read -o ndjson`.

Written from AWS's pages and never from what weir prints:

- fields, their types and what `-` means: AWS VPC User Guide, "Flow log records",
  https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
- Transit Gateway fields: https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html
- default format and runs of blanks: "Flow log record examples",
  https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-records-examples.html
- addresses: RFC 4291 for reading, RFC 5952 for writing

It knows nothing of wrappings: no JSON, no CSV, no gzip.

usage: tests/oracle/decode_oracle.py [--format FIELDS] [FILE]
prints one JSON object a record, and `N skipped` on standard error.
"""
import argparse
import ipaddress
import json
import re
import sys
import urllib.parse

DEFAULT_VPC = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes"
    " start end action log-status"
).split()

# AWS's tables, version by version. INT_32 and INT_64 of the tables are numbers here.
NUMBERS = {
    "version": 2**31 - 1,
    # What a packet has room for: RFC 9293 3.1 and RFC 768; RFC 791 3.1 and RFC 8200 3.
    "srcport": 65535,
    "dstport": 65535,
    "protocol": 255,
    "packets": 2**63 - 1,
    "bytes": 2**63 - 1,
    "tcp-flags": 2**31 - 1,
    "traffic-path": 2**31 - 1,
    "encryption-status": 2**31 - 1,
    "packets-lost-no-route": 2**63 - 1,
    "packets-lost-blackhole": 2**63 - 1,
    "packets-lost-mtu-exceeded": 2**63 - 1,
    "packets-lost-ttl-expired": 2**63 - 1,
}
TIMES = {"start", "end"}
ADDRESSES = {"srcaddr", "dstaddr", "pkt-srcaddr", "pkt-dstaddr"}
# The values of tags are percent-encoded, so that they stay one token.
TAGS = set(
    "instance-tag instance-tag-2 interface-tag interface-tag-2 asg-tag asg-tag-2".split()
)
TEXTS = set(
    """
    account-id interface-id action log-status
    vpc-id subnet-id instance-id type
    region az-id sublocation-type sublocation-id
    pkt-src-aws-service pkt-dst-aws-service flow-direction
    resource-type tgw-id tgw-attachment-id tgw-src-vpc-account-id tgw-dst-vpc-account-id
    tgw-src-vpc-id tgw-dst-vpc-id tgw-src-subnet-id tgw-dst-subnet-id tgw-src-eni tgw-dst-eni
    tgw-src-az-id tgw-dst-az-id tgw-pair-attachment-id
    ecs-cluster-arn ecs-cluster-name ecs-container-instance-arn ecs-container-instance-id
    ecs-container-id ecs-second-container-id ecs-service-name ecs-task-definition-arn
    ecs-task-arn ecs-task-id
    reject-reason resource-id interface-type
    next-hop-interface-id next-hop-subnet-id next-hop-az-id next-hop-vpc-id next-hop-interface-type
    """.split()
)
KNOWN = set(NUMBERS) | TIMES | ADDRESSES | TAGS | TEXTS

# Twelve digits as seconds are the year 5138 and later; thirteen have been seen, as milliseconds
# (observed: flowlogs-reader).
LARGEST_SECONDS = 99_999_999_999

BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # editors on Windows put it in front of UTF-8


class BadRecord(Exception):
    pass


def decode_digits(name, token, largest):
    if not (token.isascii() and token.isdigit()) or int(token) > largest:
        raise BadRecord(f"{name}: {token}")
    return int(token)


def decode_address(name, token):
    try:
        address = ipaddress.ip_address(token)
    except ValueError as error:
        raise BadRecord(f"{name}: {token}") from error
    if address.version == 6 and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(address)


def decode_value(name, token):
    if token == "-":
        return None
    if name in NUMBERS:
        return decode_digits(name, token, NUMBERS[name])
    if name in TIMES:
        time = decode_digits(name, token, LARGEST_SECONDS * 1000 + 999)
        return time // 1000 if time > LARGEST_SECONDS else time
    if name in ADDRESSES:
        return decode_address(name, token)
    if name in TAGS:
        return urllib.parse.unquote(token)
    return token


def field_names(text):
    """The fields of a format or header line, in AWS's spelling; `${srcaddr}` is srcaddr."""
    return [token.strip("${}").replace("_", "-") for token in text.replace(",", " ").split()]


def is_header(line):
    """AWS writes a line of field names first. A name that is not in the tables may be newer."""
    names = field_names(line)
    return 2 * sum(name in KNOWN for name in names) >= len(names) > 0


def decode_line(line, names):
    tokens = [token for token in re.split("[ \t\r]+", line) if token]
    if len(tokens) != len(names):
        raise BadRecord(f"{len(tokens)} tokens, {len(names)} fields")
    record = {}
    for name, token in zip(names, tokens):
        record[name.replace("-", "_")] = decode_value(name, token)
    return record


def decode(data, names=None):
    """Bytes -> (records, number of lines that are none)."""
    names = names or DEFAULT_VPC
    records = []
    skipped = 0
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):  # what Windows PowerShell redirects
        data = data.decode("utf-16", "replace").encode()
    for raw in data.removeprefix(BYTE_ORDER_MARK).split(b"\n"):
        line = raw.decode("utf-8", "surrogateescape").strip(" \t\r")
        if not line or line.startswith("#"):
            continue
        if is_header(line):
            names = field_names(line)
            continue
        try:
            records.append(decode_line(line, names))
        except BadRecord:
            skipped += 1
    return records, skipped


def encode_value(name, value):
    if value is None:
        return "-"
    if name in TAGS:
        return "%2D" if value == "-" else urllib.parse.quote(value, safe="")
    return str(value)


def encode(records):
    """Records -> flow-log text as AWS writes it: a header, one blank between fields."""
    lines = []
    names = None
    for record in records:
        if list(record) != names:
            names = list(record)
            lines.append(" ".join(name.replace("_", "-") for name in names))
        lines.append(
            " ".join(encode_value(name.replace("_", "-"), value) for name, value in record.items())
        )
    return "".join(line + "\n" for line in lines).encode()


def to_ndjson(records):
    lines = (json.dumps(record, separators=(",", ":"), ensure_ascii=False) for record in records)
    return "".join(line + "\n" for line in lines).encode()


def main():
    parser = argparse.ArgumentParser(description="Decodes bare flow-log lines.")
    parser.add_argument("--format", help="the fields of lines without a header")
    parser.add_argument("file", nargs="?")
    arguments = parser.parse_args()
    if arguments.file:
        with open(arguments.file, "rb") as file:
            data = file.read()
    else:
        data = sys.stdin.buffer.read()
    names = field_names(arguments.format) if arguments.format else None
    records, skipped = decode(data, names)
    sys.stdout.buffer.write(to_ndjson(records))
    print(f"{skipped} skipped", file=sys.stderr)


if __name__ == "__main__":
    main()
