#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Flow-log records -> OCSF events, as Security Lake makes them: the way that weir goes back.

Written from the mapping that AWS has published, and never from what weir reads:
https://github.com/ocsf/examples/tree/main/mappings/markdown/AWS/v1.1.0/VPC%20Flowlogs (the rows and
the conditions below are its rows and conditions), with the captions and numbers of
https://schema.ocsf.io/1.1.0/classes/network_activity.

usage: tests/oracle/ocsf_oracle.py [--version 1.0.0-rc.2|1.1.0] < LOG > EVENTS
reads lines with a header, prints one event a line.
"""
import argparse
import datetime
import json
import sys

import decode_oracle

# Raw -> OCSF, "Mapping".
PLACES = {
    "region": "cloud.region",
    "az-id": "cloud.zone",
    "srcport": "src_endpoint.port",
    "dstport": "dst_endpoint.port",
    "protocol": "connection_info.protocol_num",
    "packets": "traffic.packets",
    "bytes": "traffic.bytes",
    "tcp-flags": "connection_info.tcp_flags",
    "type": "connection_info.protocol_ver",
    "pkt-src-aws-service": "src_endpoint.svc_name",
    "pkt-dst-aws-service": "dst_endpoint.svc_name",
    "log-status": "status_code",
}
# "Conditional Mapping".
INTERFACE = {
    "interface-id": "interface_uid",
    "vpc-id": "vpc_uid",
    "instance-id": "instance_uid",
    "subnet-id": "subnet_uid",
}
ACTIONS = {"ACCEPT": ("Allowed", 1, "Allowed", 6), "REJECT": ("Denied", 2, "Blocked", 5)}
ACTIVITIES = {5: "Refuse", 6: "Traffic", 0: "Unknown"}
DIRECTIONS = {"ingress": ("Inbound", 1), "egress": ("Outbound", 2)}
BOUNDARIES = {
    1: "Same VPC",
    2: "Internet/VPC Gateway",
    3: "Virtual Private Gateway",
    4: "Intra-region VPC",
    5: "Inter-region VPC",
    6: "Local Gateway",
    7: "Gateway VPC",
    8: "Internet Gateway",
}


def put(event, path, value):
    *parents, last = path.split(".")
    for parent in parents:
        event = event.setdefault(parent, {})
    event[last] = value


def put_time(event, name, seconds, version):
    """1.0.0-rc.2 has milliseconds, 1.1.0 by its profile `datetime` a text."""
    if version == "1.0.0-rc.2":
        event[name] = seconds * 1000
    else:
        moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
        event[name + "_dt"] = moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def put_end(event, end, record, address):
    """The addresses of one end: the packet's own, and between them what the interface saw."""
    seen, packet = record.get(address), record.get("pkt-" + address)
    put(event, f"{end}.ip", packet if packet is not None else seen or "-")
    if packet is not None and packet != seen:
        put(event, f"{end}.intermediate_ips", [seen])


def event_of(record, version="1.1.0"):
    """`record` has values by the names of the fields, None where they are missing."""
    event = {}
    put(event, "metadata.product", {"version": str(record["version"]), "name": "Amazon VPC"})
    put(event, "metadata.product.feature.name", "Flowlogs")
    put(event, "metadata.product.vendor_name", "AWS")
    put(event, "metadata.profiles", ["cloud", "security_control", "datetime"])
    put(event, "metadata.version", version)
    account = "cloud.account_uid" if version == "1.0.0-rc.2" else "cloud.account.uid"
    put(event, account, record["account-id"])
    put(event, "cloud.provider", "AWS")
    for name, path in PLACES.items():
        if name not in record:
            continue
        number = name in decode_oracle.NUMBERS
        put(event, path, record[name] if record[name] is not None or number else "-")
    put_end(event, "src_endpoint", record, "srcaddr")
    put_end(event, "dst_endpoint", record, "dstaddr")
    end = "src_endpoint" if record.get("flow-direction") == "egress" else "dst_endpoint"
    for name, member in INTERFACE.items():
        if name in record:
            put(event, f"{end}.{member}", record[name] or "-")
    direction, number = DIRECTIONS.get(record.get("flow-direction"), ("-", 99))
    put(event, "connection_info.direction", direction)
    put(event, "connection_info.direction_id", number)
    path = record.get("traffic-path")
    put(event, "connection_info.boundary", BOUNDARIES.get(path, "-"))
    put(event, "connection_info.boundary_id", path + 3 if path in BOUNDARIES else 99)
    event["time"] = record["start"] * 1000
    put_time(event, "start_time", record["start"], version)
    put_time(event, "end_time", record["end"], version)
    action, action_id, disposition, activity = ACTIONS.get(record["action"], ("-", 0, "-", 0))
    if version != "1.0.0-rc.2":
        event.update(action=action, action_id=action_id)
    event.update(disposition=disposition, activity_id=activity)
    event.update(class_uid=4001, class_name="Network Activity", category_uid=4)
    event.update(activity_name=ACTIVITIES[activity], type_uid=400100 + activity)
    known = {*PLACES, *INTERFACE, "version", "account-id", "action", "start", "end", "srcaddr",
             "dstaddr", "pkt-srcaddr", "pkt-dstaddr", "flow-direction", "traffic-path"}
    # "Any fields not present in an explicit mapping will be mapped to the unmapped object."
    for name, value in record.items():
        if name not in known:
            put(event, "unmapped." + name.replace("-", "_"), "-" if value is None else str(value))
    return event


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--version", default="1.1.0", choices=["1.0.0-rc.2", "1.1.0"])
    version = arguments.parse_args().version
    records, skipped = decode_oracle.decode(sys.stdin.buffer.read())
    for record in records:
        fields = {name.replace("_", "-"): value for name, value in record.items()}
        print(json.dumps(event_of(fields, version)))
    print(f"{skipped} skipped", file=sys.stderr)


if __name__ == "__main__":
    main()
