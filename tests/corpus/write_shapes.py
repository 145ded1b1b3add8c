#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the files of tests/corpus/accept/ that wrap records in one of AWS's delivery shapes.

What weir has to answer is known before anything is wrapped: tests/oracle/decode_oracle.py decodes
the bare records, or the shape's own values stand here. Files that hold bare lines (*.log) are
written by hand. Run this to add a shape, then read the diff. zstd files need the program `zstd`, Parquet the package pyarrow.

Shapes: Amazon CloudWatch Logs API Reference (FilterLogEvents, GetLogEvents, GetQueryResults), User
Guide ("Real-time processing of log data with subscriptions", "Exporting log data to Amazon S3"),
AWS CLI (`aws logs tail`, `--output text`), Amazon Athena ("Work with query results"), Amazon Data
Firehose ("Understand data delivery"). Observed ones name the corpus in which they were seen.
"""
import base64
import datetime
import gzip
import json
import pathlib
import subprocess
import sys
import zlib

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "oracle"))
import decode_oracle  # noqa: E402
import ocsf_oracle  # noqa: E402

ACCEPT = HERE / "accept"
HEADER = " ".join(decode_oracle.DEFAULT_VPC)
RECORDS = (ACCEPT / "documented_default.log").read_text().splitlines()
INSIGHTS_NAMES = (
    "version accountId interfaceId srcAddr dstAddr srcPort dstPort protocol packets bytes start end"
    " action logStatus"
).split()


def decode(lines, names=None):
    records, skipped = decode_oracle.decode("\n".join(lines).encode(), names)
    assert skipped == 0, lines
    return records


def write(name, data, records, **expect):
    """One file with its answer. `expect` says what is not a matter of course: status, skipped."""
    (ACCEPT / name).write_bytes(data.encode() if isinstance(data, str) else data)
    (ACCEPT / f"{name}.ndjson").write_bytes(decode_oracle.to_ndjson(records))
    sidecar = ACCEPT / f"{name}.expect.json"
    sidecar.unlink(missing_ok=True)
    if expect:
        sidecar.write_text(json.dumps(expect) + "\n")


def pack(data):
    return gzip.compress(data.encode() if isinstance(data, str) else data, mtime=0)


def cut_gzip(*pieces):
    """gzip that ends right after the last piece: flushed to a byte, without the stream's end."""
    packer = zlib.compressobj(wbits=31)
    data = b""
    for piece in pieces:
        data += packer.compress(piece.encode()) + packer.flush(zlib.Z_SYNC_FLUSH)
    return data


def zstd(data):
    command = ["zstd", "--quiet", "--stdout", "-19"]
    return subprocess.run(command, input=data.encode(), stdout=subprocess.PIPE, check=True).stdout


def milliseconds(line):
    return int(line.split()[10]) * 1000


def iso(line, fraction):
    seconds = int(line.split()[10])
    minutes, second = divmod(seconds, 60)
    # Every example lies on a day that is easy to name; only the shape of the time matters.
    return f"2014-12-13T{minutes // 60 % 24:02}:{minutes % 60:02}:{second:02}{fraction}"


def stream(line):
    return line.split()[2] + "-all"


def subscription(lines, kind="DATA_MESSAGE"):
    return {
        "messageType": kind,
        "owner": "123456789010",
        "logGroup": "flow-logs",
        "logStream": "eni-1235b8ca123456789-all",
        "subscriptionFilters": ["everything"],
        "logEvents": [
            {"id": f"{36000 + i:056}", "timestamp": milliseconds(line), "message": line}
            for i, line in enumerate(lines)
        ],
    }


CONTROL_MESSAGE = {
    "messageType": "CONTROL_MESSAGE",
    "owner": "CloudwatchLogs",
    "logGroup": "",
    "logStream": "",
    "subscriptionFilters": [],
    "logEvents": [
        {
            "id": "",
            "timestamp": 1418530000000,
            "message": "CWL CONTROL MESSAGE: Checking health of destination Firehose.",
        }
    ],
}


def filter_log_events(lines):
    return {
        "events": [
            {
                "logStreamName": stream(line),
                "timestamp": milliseconds(line),
                "message": line,
                "ingestionTime": milliseconds(line) + 90000,
                "eventId": f"{36000 + i:056}",
            }
            for i, line in enumerate(lines)
        ],
        "searchedLogStreams": [],
    }


def get_log_events(lines):
    return {
        "events": [
            {
                "timestamp": milliseconds(line),
                "message": line,
                "ingestionTime": milliseconds(line) + 90000,
            }
            for line in lines
        ],
        "nextForwardToken": f"f/{36007:056}/s",
        "nextBackwardToken": f"b/{36000:056}/s",
    }


def as_json(value):
    return json.dumps(value, indent=4) + "\n"


def write_containers():
    text = "\n".join([HEADER, *RECORDS]) + "\n"
    records = decode(RECORDS)
    write("gzip.log.gz", pack(text), records)
    write("gzip_without_an_extension", pack(text), records)
    write("plain_text_named_gz.gz", text, records)
    members = [text[:300], text[300:310], text[310:]]
    write("gzip_of_members_cut_inside_lines.log.gz", b"".join(map(pack, members)), records)
    write("gzip_with_an_empty_member.log.gz", pack(text) + pack(""), records)
    each = [pack(f"{HEADER}\n{line}\n") for line in RECORDS]
    write("gzip_of_members_with_headers.log.gz", b"".join(each), records)
    write("gzip_of_nothing.log.gz", pack(""), [])
    write("zstd.log.zst", zstd(text), records)
    frames = zstd(text[:300]) + zstd(text[300:])
    write("zstd_of_frames_cut_inside_lines.log.zst", frames, records)
    write("gzip_cut_off_between_lines.log.gz", cut_gzip(text), records, status=1)
    head = "\n".join([HEADER, *RECORDS[:3]]) + "\n"
    piece = RECORDS[3][:50]
    cut = cut_gzip(head, piece)
    write("gzip_cut_off_inside_a_line.log.gz", cut, decode(RECORDS[:3]), status=1, skipped=1)
    broken = bytearray(pack(text))
    broken[-8] ^= 1  # the first byte of the checksum
    write("gzip_with_a_wrong_checksum.log.gz", bytes(broken), records, status=1)
    long = f"{HEADER}\n{RECORDS[0]}\n{'x' * (2 << 20)}\n{RECORDS[1]}\n"
    write("line_of_two_mebibytes.log.gz", pack(long), decode(RECORDS[:2]), status=1, skipped=1)


def write_lines():
    records = decode(RECORDS)
    exported = [f"{iso(line, '.000Z')} {line}\n" for line in RECORDS]
    write("export_task.txt", "".join(exported), records)
    write("export_task_gzip", pack("".join(exported)), records)
    tail = [f"{iso(line, '.000000+00:00')} {stream(line)} {line}\n" for line in RECORDS]
    write("logs_tail_detailed.txt", "".join(tail), records)
    short = [f"{iso(line, '')} {line}\n" for line in RECORDS]
    write("logs_tail_short.txt", "".join(short), records)
    write("yaml_list.yml", "Logs:\n" + "".join(f"  - {line}\n" for line in RECORDS), records)
    quoted = [json.dumps(line) + "\n" for line in RECORDS]
    write("json_strings_on_lines.txt", "".join(quoted), records)


def write_tabbed():
    records = decode(RECORDS)
    rows = [
        f"EVENTS\t{36000 + i:056}\t{milliseconds(line) + 90000}\t{stream(line)}\t{line}"
        f"\t{milliseconds(line)}\n"
        for i, line in enumerate(RECORDS)
    ]
    write("filter_log_events_text.txt", "".join(rows), records)
    rows = [f"b/{36000:056}/s\tf/{36007:056}/s\n"] + [
        f"EVENTS\t{milliseconds(line) + 90000}\t{line}\t{milliseconds(line)}\n" for line in RECORDS
    ]
    write("get_log_events_text.txt", "".join(rows), records)
    rows = [f"{milliseconds(line)}\t{line}\n" for line in RECORDS]
    write("timestamp_and_message_text.txt", "".join(rows), records)
    rows = [
        f"RESULTS\t@timestamp\t2014-12-14 04:06:50.000\nRESULTS\t@message\t{line}\n"
        "RESULTS\t@ptr\tCmEKJgoiMTIz\n"
        for line in RECORDS
    ]
    text = "Complete\n" + "".join(rows) + "STATISTICS\t892.0\t7.0\t7.0\n"
    write("get_query_results_text.txt", text, records)
    write("messages_on_one_tabbed_line.txt", "\t".join(RECORDS) + "\n", records)
    write("messages_on_one_tabbed_line_unended.txt", "\t".join(RECORDS), records)


def write_json():
    records = decode(RECORDS)
    write("filter_log_events.json", as_json(filter_log_events(RECORDS)), records)
    compact = json.dumps(filter_log_events(RECORDS), separators=(",", ":"))
    write("filter_log_events_compact.json", compact, records)
    write("get_log_events.json", as_json(get_log_events(RECORDS)), records)
    pages = as_json(get_log_events(RECORDS[:3])) + as_json(get_log_events(RECORDS[3:]))
    write("get_log_events_pages_back_to_back.json", pages, records)
    events = as_json(filter_log_events(RECORDS))
    write("json_with_crlf.json", events.replace("\n", "\r\n"), records)
    write("json_with_a_byte_order_mark.json", decode_oracle.BYTE_ORDER_MARK + events.encode(), records)
    escaped = ["".join(f"\\u{ord(c):04x}" for c in line) for line in RECORDS]
    objects = [f'{{"\\u006dessage": "{line}"}}' for line in escaped]
    write("json_escapes_in_messages.json", "\n".join(objects) + "\n", records)
    no_events = {"events": [], "searchedLogStreams": []}
    write("filter_log_events_without_events.json", as_json(no_events), [])
    write("array_of_strings.json", as_json(RECORDS), records)
    messages = [json.dumps({"message": line}) for line in RECORDS]
    write("message_objects_on_lines.json", "\n".join(messages) + "\n", records)
    write("message_objects_back_to_back.json", "".join(messages), records)
    write("message_objects_in_an_array.json", "[" + ",".join(messages) + "]", records)
    ended = [json.dumps({"message": line + "\n"}) for line in RECORDS]
    write("messages_that_end_in_a_newline.json", "\n".join(ended) + "\n", records)
    original = [json.dumps({"event": {"original": line}}) for line in RECORDS]
    write("event_original.json", "\n".join(original) + "\n", records)
    v5 = (ACCEPT / "v5_in_table_order_without_header.log").read_text().splitlines()
    v5_names = json.loads((ACCEPT / "v5_in_table_order_without_header.log.expect.json").read_text())
    mixed = [json.dumps({"message": line}) for line in (RECORDS[0], v5[0], RECORDS[1], v5[1])]
    v5_records = decode(v5, v5_names["inferred"].split())
    both = [records[0], v5_records[0], records[1], v5_records[1]]
    write("two_flow_logs_in_one_stream.json", "\n".join(mixed) + "\n", both)
    rubbish = [messages[0], '{"message": "no record at all"}', messages[1]]
    write(
        "message_that_is_no_record.json",
        "\n".join(rubbish) + "\n",
        records[:2],
        status=1,
        skipped=1,
    )
    # One object may hold records of several shapes, each with its own fields.
    fields = {"srcaddr": "10.0.0.1", "dstaddr": "10.0.0.2", "bytes": 1}
    shapes = [json.dumps(fields), messages[0], json.dumps(fields), messages[1]]
    several = [fields, records[0], fields, records[1]]
    write("messages_between_field_objects.json", "\n".join(shapes) + "\n", several)
    cut = json.dumps({"events": [{"message": line} for line in RECORDS[:3]]})
    cut = cut[: cut.rindex(RECORDS[2]) + 20]
    write("json_cut_off_inside_a_record.json", cut, records[:2], status=1)


def write_subscriptions():
    records = decode(RECORDS)
    write("subscription.json", as_json(subscription(RECORDS)), records)
    document = json.dumps(subscription(RECORDS), separators=(",", ":"))
    write("subscription_gzip", pack(document), records)
    data = base64.b64encode(pack(document)).decode()
    write("lambda_awslogs_data.json", as_json({"awslogs": {"data": data}}), records)
    kinesis = [
        {"kinesis": {"data": base64.b64encode(pack(json.dumps(subscription(part)))).decode()}}
        for part in (RECORDS[:3], RECORDS[3:])
    ]
    write("kinesis_records.json", as_json({"Records": kinesis}), records)
    parts = [CONTROL_MESSAGE, subscription(RECORDS[:3]), subscription(RECORDS[3:])]
    back_to_back = "".join(json.dumps(part, separators=(",", ":")) for part in parts)
    write("firehose_documents_back_to_back.json", back_to_back, records)
    members = b"".join(pack(json.dumps(part)) for part in parts)
    write("firehose_gzip_members_back_to_back", members, records)
    write("control_message_alone.json", json.dumps(CONTROL_MESSAGE), [])


def write_insights():
    records = decode(RECORDS)
    rows = [
        [
            {"field": "@timestamp", "value": "2014-12-14 04:06:50.000"},
            {"field": "@message", "value": line},
            {"field": "@ptr", "value": "CmEKJgoiMTIz"},
        ]
        for line in RECORDS
    ]
    answer = {"results": rows, "statistics": {"recordsMatched": 7.0}, "status": "Complete"}
    write("insights_messages.json", as_json(answer), records)
    # A field that a record lacks is left out of its row.
    rows = [
        [{"field": "@timestamp", "value": "2014-12-14 04:06:50.000"}]
        + [
            {"field": name, "value": token}
            for name, token in zip(INSIGHTS_NAMES, line.split())
            if token != "-"
        ]
        + [{"field": "@ptr", "value": "CmEKJgoiMTIz"}]
        for line in RECORDS
    ]
    present = [{k: v for k, v in record.items() if v is not None} for record in records]
    answer = {"results": rows, "statistics": {"recordsMatched": 7.0}, "status": "Complete"}
    write("insights_fields.json", as_json(answer), present)
    parsed = [
        dict(zip(INSIGHTS_NAMES, record.values())) for record in records if record["action"]
    ]
    typed = [record for record in records if record["action"]]
    write("parse_vpc.json", "".join(json.dumps(event) + "\n" for event in parsed), typed)


def csv_line(cells, quote):
    return ",".join(f'"{cell}"' if quote and cell else cell for cell in cells) + "\n"


def write_tables():
    records = decode(RECORDS)
    events = [f"{milliseconds(line)},{line}\n" for line in RECORDS]
    write("timestamp_message.csv", "timestamp,message\n" + "".join(events), records)
    quoted = [f'"{milliseconds(line)}","{line}"\n' for line in RECORDS]
    write("timestamp_message_quoted.csv", "timestamp,message\n" + "".join(quoted), records)
    insights = [f"2014-12-14 04:06:50.000,{line}\n" for line in RECORDS]
    write("insights_export.csv", "@timestamp,@message\n" + "".join(insights), records)
    names = [name.replace("-", "_") for name in decode_oracle.DEFAULT_VPC]
    cells = [["" if token == "-" else token for token in line.split()] for line in RECORDS]
    write("athena.csv", "".join(csv_line(row, True) for row in [names, *cells]), records)
    write("weir.csv", "".join(csv_line(row, False) for row in [names, *cells]), records)
    crlf = "".join(csv_line(row, True) for row in [names, *cells]).replace("\n", "\r\n")
    write("athena_crlf.csv", crlf, records)
    tabbed = ["\t".join(names)] + ["\t".join(line.split()) for line in RECORDS]
    write("weir.tsv", "\n".join(tabbed) + "\n", records)
    write("weir.ndjson", decode_oracle.to_ndjson(records), records)
    write("weir.json", json.dumps(records), records)
    shuffled = [names[4:] + names[:4]] + [row[4:] + row[:4] for row in cells]
    moved = [dict(sorted(r.items(), key=lambda kv: shuffled[0].index(kv[0]))) for r in records]
    write("columns_in_another_order.csv", "".join(csv_line(r, False) for r in shuffled), moved)
    short = csv_line(cells[0], False) + csv_line(cells[1][:-1], False) + csv_line(cells[2], False)
    write(
        "row_with_a_missing_cell.csv",
        csv_line(names, False) + short,
        [records[0], records[2]],
        status=1,
        skipped=1,
    )
    # Numbers as floating point, since a column had missing values, `-` and null side by side
    # (observed: sekoia-intake-formats), numbers as text with hyphens in the names (observed:
    # opensearch-catalog).
    floats = dict(records[0], srcport=20641.0, dstport=22.0, packets=20.0)
    write("whole_numbers_as_floats.json", json.dumps(floats) + "\n", records[:1])
    # Flow-log text has no spelling for a blank in a text field other than a tag's value.
    note = dict(records[0], note="two words")
    write("text_with_a_blank.json", json.dumps(note) + "\n", [note], lossy=["flowlog"])
    strings = dict(zip(decode_oracle.DEFAULT_VPC, RECORDS[2].split()))
    write("numbers_as_text.json", json.dumps(strings) + "\n", records[2:3])


# What an event keeps as text, by the order of its members, and the values of all events here.
LAKE_TEXTS = {
    "metadata.product.name": "Amazon VPC",
    "metadata.product.feature.name": "Flowlogs",
    "metadata.product.vendor_name": "AWS",
    "metadata.profiles": "cloud,security_control,datetime",
    "metadata.version": None,
    "cloud.provider": "AWS",
    "disposition": None,
    "activity_id": None,
    "class_uid": "4001",
    "class_name": "Network Activity",
    "category_uid": "4",
    "activity_name": None,
    "type_uid": None,
}
# In a table, both ends have the columns of an interface, and what no field takes has its own.
LAKE_REST = [
    f"{end}_endpoint.{name}"
    for end in ("src", "dst")
    for name in ("interface_uid", "vpc_uid", "instance_uid", "subnet_uid")
] + ["connection_info.boundary"]


def lake_records(records, events, rest=()):
    """The records as they come back from events."""
    back = []
    for record, event in zip(records, events):
        texts = dict(LAKE_TEXTS)
        texts["metadata.version"] = event["metadata"]["version"]
        for name in ("disposition", "activity_id", "activity_name", "type_uid"):
            value = str(event[name])
            texts[name] = None if value == "-" else value
        place = list(texts).index("disposition")
        rows = list(texts.items())
        back.append({**record, **dict(rows[:place] + [(n, None) for n in rest] + rows[place:])})
    return back


def lake_parquet(events):
    """A file as Security Lake writes it: the types of its table in AWS Glue. Needs pyarrow."""
    import pyarrow
    import pyarrow.parquet

    text, int32, int64 = pyarrow.string(), pyarrow.int32(), pyarrow.int64()
    ids = [(name, text) for name in ("interface_uid", "vpc_uid", "instance_uid", "subnet_uid")]
    end = pyarrow.struct(
        [("port", int32), ("svc_name", text), ("ip", text)]
        + [("intermediate_ips", pyarrow.list_(text)), *ids]
    )
    connection = [("protocol_num", int32), ("tcp_flags", int32), ("protocol_ver", text)]
    connection += [("boundary_id", int32), ("boundary", text)]
    connection += [("direction_id", int32), ("direction", text)]
    feature = pyarrow.struct([("name", text)])
    product = pyarrow.struct(
        [("version", text), ("name", text), ("feature", feature), ("vendor_name", text)]
    )
    metadata = [("product", product), ("profiles", pyarrow.list_(text)), ("version", text)]
    cloud = [("account", pyarrow.struct([("uid", text)])), ("region", text), ("zone", text)]
    traffic = [("packets", int64), ("bytes", int64)]
    schema = pyarrow.schema(
        [
            ("metadata", pyarrow.struct(metadata)),
            ("cloud", pyarrow.struct([*cloud, ("provider", text)])),
            ("src_endpoint", end),
            ("dst_endpoint", end),
            ("connection_info", pyarrow.struct(connection)),
            ("traffic", pyarrow.struct(traffic)),
            ("time", int64),
            ("start_time_dt", pyarrow.timestamp("us")),
            ("end_time_dt", pyarrow.timestamp("us")),
            ("status_code", text),
            ("action", text),
            ("action_id", int32),
            ("disposition", text),
            ("activity_id", int32),
            ("class_uid", int32),
            ("class_name", text),
            ("category_uid", int32),
            ("activity_name", text),
            ("type_uid", int64),
            ("unmapped", pyarrow.map_(text, text)),
        ]
    )
    rows = []
    for event in events:
        row = dict(event, unmapped=list(event["unmapped"].items()))
        for name in ("start_time_dt", "end_time_dt"):
            row[name] = datetime.datetime.fromisoformat(row[name].removesuffix("Z"))
        rows.append(row)
    table = pyarrow.Table.from_pylist(rows, schema=schema)
    sink = pyarrow.BufferOutputStream()
    pyarrow.parquet.write_table(table, sink, compression="gzip")
    return sink.getvalue().to_pybytes()


def write_security_lake():
    """OCSF events, which tests/oracle/ocsf_oracle.py makes of records of version 5 and 8."""
    lines = (ACCEPT / "security_lake_source.log").read_text().splitlines()
    names = lines[0].split()
    records = decode(lines[1:], names)
    fields = [dict(zip(names, record.values())) for record in records]
    for version, name in (("1.1.0", "lines"), ("1.0.0-rc.2", "release_candidate")):
        events = [ocsf_oracle.event_of(record, version) for record in fields]
        text = "".join(json.dumps(event) + "\n" for event in events)
        back = lake_records(records, events)
        write(f"security_lake_{name}.json", text, back, lossy=["flowlog"])
    events = [ocsf_oracle.event_of(record) for record in fields]
    back = lake_records(records, events)
    write("security_lake_array.json", as_json(events), back, lossy=["flowlog"])
    wrapped = {"Records": events}
    write("security_lake_records.json", as_json(wrapped), back, lossy=["flowlog"])
    write(
        "security_lake.gz.parquet",
        lake_parquet(events),
        lake_records(records, events, LAKE_REST),
        lossy=["flowlog"],
    )


def main():
    write_containers()
    write_lines()
    write_tabbed()
    write_json()
    write_subscriptions()
    write_insights()
    write_tables()
    write_security_lake()


if __name__ == "__main__":
    main()
