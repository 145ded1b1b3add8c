# SPDX-License-Identifier: Apache-2.0
"""What the answers are made of: records chosen, put into groups, counted and brought into order."""
import collections
import csv
import datetime
import ipaddress
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
ANSWERS = {}
PRIVATE = [ipaddress.ip_network(text) for text in (
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "198.18.0.0/15", "169.254.0.0/16",
    "127.0.0.0/8", "fc00::/7", "fe80::/10", "::1/128")]
# Multicast, broadcast, unspecified: neither private nor public.
NOBODY = [ipaddress.ip_network(text) for text in (
    "224.0.0.0/4", "255.255.255.255/32", "0.0.0.0/8", "ff00::/8", "::/128")]
PROTOCOLS = {1: "ICMP", 6: "TCP", 17: "UDP", 58: "IPv6-ICMP"}


def answer(function):
    ANSWERS[function.__name__.replace("_", "-")] = function
    return function


def read_services():
    """(port, protocol) -> name, from the table that weir is built with."""
    numbers = {"tcp": 6, "udp": 17}
    services = {}
    with open(ROOT / "src/field/service_ports.csv", encoding="utf-8") as file:
        next(file)
        for row in csv.DictReader(file):
            for protocol in row["Protocol"].split("|"):
                if protocol in numbers:
                    services.setdefault((int(row["Port"]), numbers[protocol]), row["Name"])
    return services


SERVICES = read_services()
SCOPES = {None: None}


def scope_of(text):
    """private, public or other."""
    if text not in SCOPES:
        address = ipaddress.ip_address(text)
        if address.version == 6 and address in ipaddress.ip_network("64:ff9b::/96"):
            address = ipaddress.ip_address(int(address) & 0xffffffff)
        elif address.version == 6 and address.sixtofour is not None:
            address = address.sixtofour
        SCOPES[text] = "private" if any(address in network for network in PRIVATE) else \
            "other" if any(address in network for network in NOBODY) else "public"
    return SCOPES[text]


def is_private(text):
    return scope_of(text) == "private"


def is_public(text):
    return scope_of(text) == "public"


def groups(records, key):
    """Records by what `key` makes of each, None left out."""
    found = {}
    for record in records:
        value = key(record)
        if value is not None:
            found.setdefault(value, []).append(record)
    return found


def fields(*names):
    return lambda record: tuple(record[name] for name in names)


def total(records, name="bytes"):
    values = [record[name] for record in records if record[name] is not None]
    return sum(values) if values else None


def number_of(records, *names):
    """Different values, None left out."""
    return len({fields(*names)(r) for r in records if all(r[name] is not None for name in names)})


def toward(records, direction):
    return [record for record in records if record["flow_direction"] == direction]


def rejects(records):
    return len([record for record in records if record["action"] == "REJECT"])


def instant(seconds):
    moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def hour_of(record):
    return instant(record["start"] // 3600 * 3600)


def local(record, zone_hours=0):
    return datetime.datetime.fromtimestamp(record["start"] + zone_hours * 3600,
                                           datetime.timezone.utc)


def seen(records):
    return [("first_seen", instant(min(record["start"] for record in records))),
            ("last_seen", instant(max(record["end"] for record in records)))]


def measures(records):
    return [("flows", len(records)), ("packets", total(records, "packets")),
            ("bytes", total(records))]


def both_ways(records):
    return [("sent_bytes", total(toward(records, "egress"))),
            ("received_bytes", total(toward(records, "ingress")))]


def service(port, protocol):
    return SERVICES.get((port, protocol))


def lower_port(record):
    return min(record["srcport"], record["dstport"])


def ordered(rows, *columns):
    """Sorts by columns, `-` for the largest first; None comes last either way."""
    for column in reversed(columns):
        name = column.lstrip("-")
        with_value = [row for row in rows if dict(row)[name] is not None]
        without = [row for row in rows if dict(row)[name] is None]
        with_value.sort(key=lambda row, name=name: dict(row)[name], reverse=column.startswith("-"))
        rows = with_value + without
    return rows


def without(rows, *columns):
    """Drops columns that were there for the order."""
    return [[cell for cell in row if cell[0] not in columns] for row in rows]


def cost(amount, usd, gb=10**9):
    return [("cost_usd", None if amount is None else amount / gb * usd),
            ("usd_per_gb", usd), ("price_date", "2026-08")]


def with_more(record, **more):
    return collections.defaultdict(lambda: None, {**record, **more})


def present(records, *names):
    return [record for record in records if all(record[name] is not None for name in names)]


def by_fields(records, *names):
    """A row for each combination, with flows, packets and bytes; most bytes first."""
    rows = [[*zip(names, key)] + measures(group)
            for key, group in groups(records, fields(*names)).items()]
    return ordered(rows, "-bytes", *names)


def opens(record):
    """A SYN without an ACK, as far as the log has flags."""
    return record["tcp_flags"] is None or record["tcp_flags"] & 18 == 2
