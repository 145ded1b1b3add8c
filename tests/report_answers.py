# SPDX-License-Identifier: Apache-2.0
"""The answer of every saved question of reports/, a second time: plain Python over records as dicts,
and nothing of weir's or of SQL's. A field that the log lacks is None, as one that is `-` is.

ANSWERS has a function a report; each takes the records and the values of the parameters, and gives
rows as lists of (column, value), in the order in which weir has to give them.
"""
import collections
import csv
import datetime
import ipaddress
import pathlib
import statistics

ROOT = pathlib.Path(__file__).resolve().parent.parent
ANSWERS = {}
PRIVATE = [ipaddress.ip_network(text) for text in (
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10")]
PROTOCOLS = {1: "ICMP", 6: "TCP", 17: "UDP", 58: "IPv6-ICMP"}
PATHS = {1: "another resource in the same VPC", 2: "an internet gateway or a gateway VPC endpoint",
         7: "a gateway VPC endpoint", 8: "an internet gateway"}


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
IS_PRIVATE = {}


def is_private(text):
    if text not in IS_PRIVATE:
        address = ipaddress.ip_address(text)
        IS_PRIVATE[text] = any(address in network for network in PRIVATE)
    return IS_PRIVATE[text]


def is_public(text):
    return text is not None and not is_private(text)


# ---- what the answers are made of ----

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
    return [("cost_usd", None if amount is None else round(amount / gb * usd, 4)),
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


# ---- traffic ----

@answer
def top_talkers(records, _):
    return by_fields(present(records, "srcaddr"), "srcaddr")


@answer
def packet_talkers(records, _):
    return by_fields(present(records, "pkt_srcaddr"), "pkt_srcaddr")


@answer
def top_pairs(records, _):
    return by_fields(present(records, "srcaddr"), "srcaddr", "dstaddr")


@answer
def packet_pairs(records, _):
    return by_fields(present(records, "pkt_srcaddr"), "pkt_srcaddr", "pkt_dstaddr")


def by_place(records, name):
    found = groups(present(records, name, "packets"), fields(name))
    return ordered([[(name, key[0])] + measures(group) + both_ways(group)
                    for key, group in found.items()], "-bytes", name)


@answer
def top_instances(records, _):
    return by_place(records, "instance_id")


@answer
def top_subnets(records, _):
    return by_place(records, "subnet_id")


@answer
def services(records, _):
    known = [record for record in records if record["protocol"] in (6, 17)]
    found = groups(known, lambda r: (lower_port(r), r["protocol"]))
    return ordered([[("port", port), ("protocol", PROTOCOLS[protocol]),
                     ("service", service(port, protocol))] + measures(group)
                    for (port, protocol), group in found.items()], "-bytes", "port", "protocol")


@answer
def ip_versions(records, _):
    def version(record):
        return record["type"] or ("IPv6" if ":" in record["srcaddr"] else "IPv4")
    found = groups(present(records, "srcaddr"), version)
    return ordered([[("ip_version", key)] + measures(group) for key, group in found.items()],
                   "ip_version")


@answer
def daily_trend(records, values):
    zone = values.get("zone", 0)
    found = groups(present(records, "srcaddr"), lambda r: local(r, zone).date().isoformat())
    return ordered([[("day", day), ("flows", len(group)), ("rejected", rejects(group)),
                     ("sources", number_of(group, "srcaddr")),
                     ("packets", total(group, "packets")), ("bytes", total(group))]
                    for day, group in found.items()], "day")


@answer
def daily_talkers(records, values):
    rows = []
    days = groups(present(records, "srcaddr"), lambda r: local(r).date().isoformat())
    for day in sorted(days):
        for place, row in enumerate(by_fields(days[day], "srcaddr")[:values["top"]], 1):
            rows.append([("day", day), ("place", place)] + row)
    return rows


@answer
def talker(records, values):
    address = values["address"]
    mine = [record for record in records if address in (record["srcaddr"], record["dstaddr"])]
    found = groups(mine, lambda r: r["dstaddr"] if r["srcaddr"] == address else r["srcaddr"])
    rows = []
    for peer, group in found.items():
        sent = [record for record in group if record["srcaddr"] == address]
        received = [record for record in group if record["srcaddr"] != address]
        rows.append([("peer", peer), ("flows", len(group)), ("rejected", rejects(group)),
                     ("sent_bytes", total(sent)), ("received_bytes", total(received))]
                    + seen(group) + [("all", total(group))])
    return without(ordered(rows, "-all", "peer"), "all")


@answer
def between(records, values):
    ends = {values["address"], values["other"]}
    mine = [record for record in records if {record["srcaddr"], record["dstaddr"]} == ends]
    key = fields("srcaddr", "srcport", "dstaddr", "dstport", "protocol", "action")
    rows = []
    for found, group in groups(mine, key).items():
        rows.append([("srcaddr", found[0]), ("srcport", found[1]), ("dstaddr", found[2]),
                     ("dstport", found[3]), ("protocol", PROTOCOLS[found[4]]),
                     ("action", found[5])] + measures(group) + seen(group))
    return ordered(rows, "first_seen", "srcaddr", "srcport", "dstaddr", "dstport", "protocol",
                   "action")


@answer
def private_public(records, _):
    def ends(record):
        return tuple("private" if is_private(record[name]) else "public"
                     for name in ("srcaddr", "dstaddr"))
    found = groups(present(records, "srcaddr"), ends)
    return ordered([[("source", key[0]), ("destination", key[1]), ("flows", len(group)),
                     ("rejected", rejects(group)), ("packets", total(group, "packets")),
                     ("bytes", total(group))]
                    for key, group in found.items()], "source", "destination")


@answer
def large_transfers(records, values):
    found = groups(present(records, "bytes"), lambda r: (hour_of(r), r["srcaddr"], r["dstaddr"]))
    of_source = {}
    for (_, source, _), group in found.items():
        of_source.setdefault(source, []).append(total(group))
    rows = [[("hour", key[0]), ("srcaddr", key[1]), ("dstaddr", key[2]), ("flows", len(group)),
             ("bytes", total(group)), ("usual_bytes", round(statistics.median(of_source[key[1]])))]
            for key, group in found.items() if total(group) >= values["bytes"]]
    return ordered(rows, "-bytes", "hour", "srcaddr", "dstaddr")


@answer
def udp_hosts(records, _):
    udp = [record for record in records if record["protocol"] == 17]
    return ordered([[("srcaddr", source), ("destinations", number_of(group, "dstaddr")),
                     ("ports", number_of(group, "dstport"))] + measures(group)
                    for source, group in groups(udp, lambda r: r["srcaddr"]).items()],
                   "-bytes", "srcaddr")


@answer
def receivers(records, values):
    mine = [record for record in records if record["dstport"] == values["port"]]
    return ordered([[("dstaddr", address), ("sources", number_of(group, "srcaddr"))]
                    + measures(group)
                    for address, group in groups(mine, lambda r: r["dstaddr"]).items()],
                   "-packets", "dstaddr")


@answer
def subnet_talkers(records, values):
    network = ipaddress.ip_network(values["prefix"])
    mine = [record for record in present(records, "srcaddr")
            if any(ipaddress.ip_address(record[name]) in network
                   for name in ("srcaddr", "dstaddr"))]
    return by_fields(mine, "srcaddr", "dstaddr")


@answer
def instance_services(records, values):
    mine = [record for record in present(records, "srcaddr")
            if record["instance_id"] == values["instance"]]
    rows = []
    for (port, protocol), group in groups(mine, lambda r: (lower_port(r), r["protocol"])).items():
        peers = {r["dstaddr"] if r["flow_direction"] == "egress" else r["srcaddr"] for r in group}
        rows.append([("port", port), ("protocol", PROTOCOLS[protocol]),
                     ("service", service(port, protocol)), ("peers", len(peers)),
                     ("flows", len(group))] + both_ways(group) + [("all", total(group))])
    return without(ordered(rows, "-all", "port", "protocol"), "all")


@answer
def ecs_services(records, _):
    tasks = present(records, "ecs_cluster_name", "packets")
    rows = [[("cluster", key[0]), ("service", key[1]), ("tasks", number_of(group, "ecs_task_id")),
             ("flows", len(group)), ("rejected", rejects(group)),
             ("packets", total(group, "packets")), ("bytes", total(group))] + both_ways(group)
            for key, group in groups(tasks, fields("ecs_cluster_name", "ecs_service_name")).items()]
    return ordered(rows, "-bytes", "cluster", "service")


@answer
def tags(records, _):
    rows = []
    for tag in ("instance-tag", "instance-tag-2", "interface-tag", "interface-tag-2", "asg-tag",
                "asg-tag-2"):
        found = groups(present(records, "packets"), lambda r, tag=tag: r[tag.replace("-", "_")])
        rows += [[("tag", tag), ("value", value)] + measures(group)
                 for value, group in found.items()]
    return ordered(rows, "-bytes", "tag", "value")


def opens(record):
    """A SYN without an ACK, as far as the log has flags."""
    return record["tcp_flags"] is None or record["tcp_flags"] & 18 == 2


@answer
def accepted_connections(records, _):
    mine = [record for record in records
            if record["protocol"] == 6 and record["action"] == "ACCEPT" and opens(record)]
    rows = [[("srcaddr", key[0]), ("dstaddr", key[1]), ("dstport", key[2]),
             ("service", service(key[2], 6)), ("connections", number_of(group, "srcport"))]
            + seen(group)
            for key, group in groups(mine, fields("srcaddr", "dstaddr", "dstport")).items()]
    return ordered(rows, "-connections", "srcaddr", "dstaddr", "dstport")


@answer
def admin_ports(records, values):
    mine = [record for record in records
            if record["srcport"] in values["ports"] or record["dstport"] in values["ports"]]
    rows = [[("srcaddr", key[0]), ("dstaddr", key[1]), ("flows", len(group)),
             ("bytes", total(group))]
            for key, group in groups(mine, fields("srcaddr", "dstaddr")).items()]
    return ordered(rows, "-bytes", "srcaddr", "dstaddr")


# ---- security ----

def refused_records(records):
    return [record for record in records if record["action"] == "REJECT"]


@answer
def rejected(records, _):
    found = groups(refused_records(records), fields("srcaddr", "dstport", "protocol"))
    rows = [[("srcaddr", source), ("dstport", port), ("protocol", PROTOCOLS[protocol]),
             ("service", service(port, protocol)), ("hosts", number_of(group, "dstaddr")),
             ("flows", len(group)), ("packets", total(group, "packets"))] + seen(group)
            for (source, port, protocol), group in found.items()]
    return ordered(rows, "-flows", "srcaddr", "dstport", "protocol")


@answer
def rejected_sources(records, values):
    found = groups(refused_records(records), lambda r: r["srcaddr"])
    rows = [[("srcaddr", source), ("flows", len(group)), ("hosts", number_of(group, "dstaddr")),
             ("ports", number_of(group, "dstport")), ("packets", total(group, "packets"))]
            + seen(group)
            for source, group in found.items() if len(group) >= values["attempts"]]
    return ordered(rows, "-flows", "srcaddr")


@answer
def ssh_rdp_exposure(records, values):
    mine = [with_more(record, source=record["pkt_srcaddr"] or record["srcaddr"]) for record in records
            if record["action"] == "ACCEPT" and record["protocol"] == 6
            and record["dstport"] in values["ports"]]
    mine = [record for record in mine if is_public(record["source"])]
    rows = [[("dstaddr", key[0]), ("dstport", key[1]), ("service", service(key[1], 6)),
             ("sources", number_of(group, "source")), ("flows", len(group)),
             ("bytes", total(group))] + seen(group)
            for key, group in groups(mine, fields("dstaddr", "dstport")).items()]
    return ordered(rows, "-sources", "-flows", "dstaddr", "dstport")


@answer
def brute_force(records, values):
    mine = [record for record in records
            if record["protocol"] == 6 and record["dstport"] in values["ports"]]
    found = groups(mine, lambda r: (hour_of(r), r["srcaddr"], r["dstaddr"], r["dstport"]))
    rows = [[("hour", key[0]), ("srcaddr", key[1]), ("dstaddr", key[2]), ("dstport", key[3]),
             ("service", service(key[3], 6)), ("attempts", number_of(group, "srcport")),
             ("accepted", len(group) - rejects(group)), ("rejected", rejects(group)),
             ("packets", total(group, "packets"))]
            for key, group in found.items() if number_of(group, "srcport") >= values["attempts"]]
    return ordered(rows, "-attempts", "hour", "srcaddr", "dstaddr", "dstport")


@answer
def port_scans(records, values):
    probes = [record for record in records if record["protocol"] in (6, 17)
              and (record["action"] == "REJECT" or record["tcp_flags"] == 2)]
    rows = [[("srcaddr", source), ("targets", number_of(group, "dstaddr", "dstport", "protocol")),
             ("hosts", number_of(group, "dstaddr")), ("ports", number_of(group, "dstport")),
             ("flows", len(group)), ("rejected", rejects(group)),
             ("packets", total(group, "packets"))] + seen(group)
            for source, group in groups(probes, lambda r: r["srcaddr"]).items()]
    return ordered([row for row in rows if dict(row)["targets"] >= values["targets"]],
                   "-targets", "srcaddr")


@answer
def beacons(records, values):
    out = [record for record in records if record["action"] == "ACCEPT"
           and is_private(record["srcaddr"]) and not is_private(record["dstaddr"])
           and record["srcport"] >= record["dstport"]]
    rows = []
    for key, group in groups(out, fields("srcaddr", "dstaddr", "dstport", "protocol")).items():
        at = groups(group, lambda r: r["start"])
        times = sorted(at)
        gaps = [later - earlier for earlier, later in zip(times, times[1:])]
        if len(times) < max(values["contacts"], 2):
            continue
        mean = statistics.fmean(gaps)
        spread = statistics.pstdev(gaps) / mean
        if spread > values["spread"] or total(group) / len(times) > values["bytes"]:
            continue
        ports = {min(record["srcport"] for record in at[time]) for time in times}
        rows.append([("srcaddr", key[0]), ("dstaddr", key[1]), ("dstport", key[2]),
                     ("protocol", PROTOCOLS[key[3]]), ("contacts", len(times)),
                     ("connections", len(ports)), ("interval_seconds", round(mean, 1)),
                     ("spread", round(spread, 3)), ("bytes", total(group))])
    return ordered(rows, "-contacts", "srcaddr", "dstaddr", "dstport", "protocol")


@answer
def first_seen(records, _):
    rows = [[("srcaddr", source)] + seen(group)
            + [("flows", len(group)), ("destinations", number_of(group, "dstaddr")),
               ("ports", number_of(group, "dstport")), ("bytes", total(group))]
            for source, group in groups(records, lambda r: r["srcaddr"]).items()]
    return ordered(rows, "-first_seen", "srcaddr")


@answer
def outside_hours(records, values):
    def is_outside(record):
        moment = local(record, values.get("zone", 0))
        return moment.weekday() > 4 or not values["from"] <= moment.hour < values["until"]
    mine = [record for record in records if record["action"] == "ACCEPT" and is_outside(record)]
    rows = [[("srcaddr", key[0]), ("dstaddr", key[1]), ("flows", len(group)),
             ("bytes", total(group))] + seen(group)
            for key, group in groups(mine, fields("srcaddr", "dstaddr")).items()]
    return ordered(rows, "-bytes", "srcaddr", "dstaddr")


@answer
def unencrypted_pairs(records, _):
    def key(record):
        port = lower_port(record)
        return record["srcaddr"], record["dstaddr"], port, service(port, record["protocol"])
    mine = [record for record in records if record["encryption_status"] == 0]
    rows = [[("srcaddr", found[0]), ("dstaddr", found[1]), ("port", found[2]),
             ("service", found[3]), ("flows", len(group)), ("bytes", total(group))]
            for found, group in groups(mine, key).items()]
    return ordered(rows, "-bytes", "srcaddr", "dstaddr", "port", "service")


@answer
def clear_text(records, values):
    mine = [record for record in records
            if record["action"] == "ACCEPT" and record["protocol"] in (6, 17)
            and record["dstport"] in values["ports"]]
    rows = []
    for key, group in groups(mine, fields("dstaddr", "dstport", "protocol")).items():
        public = [record for record in group if not is_private(record["srcaddr"])]
        rows.append([("dstaddr", key[0]), ("dstport", key[1]), ("protocol", PROTOCOLS[key[2]]),
                     ("service", service(key[1], key[2])), ("sources", number_of(group, "srcaddr")),
                     ("public_sources", number_of(public, "srcaddr")), ("flows", len(group)),
                     ("bytes", total(group))] + seen(group))
    return ordered(rows, "-bytes", "dstaddr", "dstport", "protocol")


@answer
def bpa_rejects(records, _):
    names = ("reject_reason", "srcaddr", "dstaddr", "dstport")
    found = groups(present(records, "reject_reason"), fields(*names, "protocol", "interface_id"))
    rows = [[*zip(names, key)] + [("protocol", PROTOCOLS[key[4]]), ("service", service(*key[3:5])),
                                  ("flows", len(group)), ("packets", total(group, "packets")),
                                  ("interface_id", key[5])]
            + seen(group) for key, group in found.items()]
    return ordered(rows, "-flows", *names, "protocol", "interface_id")


@answer
def external_talkers(records, _):
    mine = [record for record in records if record["action"] == "ACCEPT"
            and not is_private(record["srcaddr"]) and is_private(record["dstaddr"])]
    rows = []
    for source, group in groups(mine, lambda r: r["srcaddr"]).items():
        opened = [record for record in group if record["tcp_flags"] is not None and opens(record)]
        rows.append([("srcaddr", source), ("opened", len(opened)),
                     ("hosts", number_of(group, "dstaddr")), ("ports", number_of(group, "dstport")),
                     ("flows", len(group)), ("bytes", total(group))] + seen(group))
    return ordered(rows, "-bytes", "srcaddr")


@answer
def reject_alarms(records, values):
    mine = [record for record in refused_records(records) if record["dstport"] in values["ports"]]
    found = groups(mine, lambda r: (hour_of(r), r["interface_id"], r["dstport"]))
    rows = [[("hour", key[0]), ("interface_id", key[1]), ("dstport", key[2]),
             ("flows", len(group)), ("sources", number_of(group, "srcaddr"))]
            for key, group in found.items() if len(group) >= values["attempts"]]
    return ordered(rows, "hour", "interface_id", "dstport")


# ---- cost ----

@answer
def service_paths(records, _):
    mine = present(toward(records, "egress"), "pkt_dst_aws_service")
    rows = [[("service", key[0]), ("path", key[1]), ("through", PATHS.get(key[1])),
             ("flows", len(group)), ("packets", total(group, "packets")),
             ("sent_bytes", total(group))]
            for key, group in groups(mine, fields("pkt_dst_aws_service", "traffic_path")).items()]
    return ordered(rows, "-sent_bytes", "service", "path")


def is_nat_interface(record):
    if record["interface_type"] is not None:
        return record["interface_type"] == "nat_gateway"
    return (record["flow_direction"] == "ingress" and record["dstaddr"] != record["pkt_dstaddr"]
            and is_private(record["srcaddr"]) and is_public(record["pkt_dstaddr"]))


@answer
def gateway_endpoints(records, _):
    gateways = {record["interface_id"] for record in records if is_nat_interface(record)}
    mine = []
    for record in present(records, "interface_id", "flow_direction"):
        side = ("srcaddr", "pkt_dstaddr", "pkt_dst_aws_service") \
            if record["flow_direction"] == "egress" \
            else ("dstaddr", "pkt_srcaddr", "pkt_src_aws_service")
        host, server, name = fields(*side)(record)
        if name in ("S3", "DYNAMODB") and record["action"] == "ACCEPT" \
                and record["interface_id"] not in gateways:
            mine.append(with_more(record, host=host, server=server, service=name))
    paths = {}
    for key, group in groups(mine, fields("interface_id", "server")).items():
        paths[key] = max((r["traffic_path"] for r in group if r["traffic_path"] is not None),
                         default=None)
    mine = [with_more(record, path=paths[record["interface_id"], record["server"]]) for record in mine]
    rows = []
    for key, group in groups(mine, fields("interface_id", "host", "service", "path")).items():
        if key[3] not in (None, 1, 2, 8):
            continue
        rows.append([("host", key[1]), ("interface_id", key[0]), ("service", key[2]),
                     ("path", key[3]), ("flows", len(group))]
                    + both_ways(group) + cost(total(group) if key[3] == 1 else None, 0.045)
                    + [("all", total(group))])
    return without(ordered(rows, "-all", "host", "interface_id", "service", "path"), "all")


def nat_legs(records):
    """Records on the inner side of NAT gateways: (host, server, is upload, record)."""
    legs = []
    for record in present(records, "pkt_srcaddr", "flow_direction"):
        if record["action"] != "ACCEPT" or record["interface_type"] not in (
                None, "nat_gateway", "regional_nat_gateway"):
            continue
        is_upload = record["flow_direction"] == "ingress"
        near, far = ("srcaddr", "dstaddr") if is_upload else ("dstaddr", "srcaddr")
        host, server = record["pkt_" + near], record["pkt_" + far]
        is_translated = record[far] != server or record["resource_id"] is not None
        if is_private(host) and not is_private(server) and is_translated:
            legs.append((host, server, is_upload, record))
    return legs


def nat_rows(legs, first_column, more):
    rows = []
    for key, group in groups(legs, lambda leg: leg[first_column]).items():
        sent = [leg[3] for leg in group if leg[2]]
        received = [leg[3] for leg in group if not leg[2]]
        amount = total([leg[3] for leg in group])
        rows.append(more(key, group) + [("flows", len(group)), ("sent_bytes", total(sent)),
                                        ("received_bytes", total(received))]
                    + cost(amount, 0.045) + [("all", amount)])
    return rows


@answer
def nat_senders(records, _):
    rows = nat_rows(nat_legs(records), 0, lambda host, _: [("host", host)])
    return without(ordered(rows, "-all", "host"), "all")


@answer
def nat_destinations(records, _):
    def more(server, legs):
        names = [leg[3]["pkt_dst_aws_service"] or leg[3]["pkt_src_aws_service"] for leg in legs]
        return [("destination", server),
                ("service", max((name for name in names if name), default=None)),
                ("hosts", len({leg[0] for leg in legs}))]
    rows = nat_rows(nat_legs(records), 1, more)
    return without(ordered(rows, "-all", "destination"), "all")


@answer
def cross_az_pairs(records, _):
    zones = {}
    for record in present(records, "az_id", "srcaddr"):
        own = record["srcaddr" if record["flow_direction"] == "egress" else "dstaddr"]
        zones.setdefault(own, set()).add(record["az_id"])
    mine = []
    for record in toward(records, "egress"):
        known = zones.get(record["dstaddr"], set())
        other = record["next_hop_az_id"] or (min(known) if len(known) == 1 else None)
        own = record["az_id"]
        if record["action"] == "ACCEPT" and own and other and own != other \
                and own.split("-")[0] == other.split("-")[0]:
            mine.append(with_more(record, other=other))
    rows = [[("from_zone", key[0]), ("to_zone", key[1]), ("srcaddr", key[2]), ("dstaddr", key[3]),
             ("flows", len(group)), ("bytes", total(group))] + cost(2 * total(group), 0.01)
            for key, group in groups(mine, fields("az_id", "other", "srcaddr", "dstaddr")).items()]
    return ordered(rows, "-bytes", "from_zone", "to_zone", "srcaddr", "dstaddr")


@answer
def internet_egress(records, _):
    mine = [record for record in toward(records, "egress")
            if record["traffic_path"] in (2, 8) and record["pkt_dst_aws_service"] is None
            and record["action"] == "ACCEPT"]
    rows = [[("interface_id", key[0]), ("srcaddr", key[1]),
             ("destinations", number_of(group, "dstaddr")), ("flows", len(group)),
             ("sent_bytes", total(group))] + cost(total(group), 0.09)
            for key, group in groups(mine, fields("interface_id", "srcaddr")).items()]
    return ordered(rows, "-sent_bytes", "interface_id", "srcaddr")


@answer
def tgw_attachments(records, _):
    found = groups(present(records, "tgw_attachment_id", "packets"),
                   fields("tgw_id", "tgw_attachment_id"))
    rows = []
    for key, group in found.items():
        sent = total(toward(group, "ingress"))
        rows.append([("tgw_id", key[0]), ("tgw_attachment_id", key[1]), ("flows", len(group)),
                     ("sent_bytes", sent), ("received_bytes", total(toward(group, "egress")))]
                    + cost(sent, 0.02) + [("all", total(group))])
    return without(ordered(rows, "-all", "tgw_id", "tgw_attachment_id"), "all")


# ---- health ----

@answer
def nodata(records, _):
    rows = []
    for key, group in groups(records, lambda r: (hour_of(r), r["interface_id"])).items():
        def count(status, group=group):
            return len([record for record in group if record["log_status"] == status])
        rows.append([("hour", key[0]), ("interface_id", key[1]), ("ok", count("OK")),
                     ("nodata", count("NODATA")), ("skipdata", count("SKIPDATA"))])
    rows = [row for row in rows if dict(row)["nodata"] + dict(row)["skipdata"] > 0]
    return ordered(rows, "-skipdata", "-nodata", "hour", "interface_id")


LOSSES = ("no_route", "blackhole", "mtu_exceeded", "ttl_expired")


@answer
def tgw_losses(records, _):
    lost = [record for record in records
            if any((record["packets_lost_" + reason] or 0) > 0 for reason in LOSSES)]
    names = ("srcaddr", "dstaddr", "tgw_attachment_id", "tgw_pair_attachment_id")
    rows = []
    for key, group in groups(lost, fields(*names)).items():
        sums = [(reason, total(group, "packets_lost_" + reason)) for reason in LOSSES]
        cells = [*zip(names, key)]
        rows.append(cells[:2] + sums
                    + [("packets", total(group, "packets")), ("flows", len(group))] + cells[2:]
                    + [("all", sum(value or 0 for _, value in sums))])
    return without(ordered(rows, "-all", *names), "all")


TUPLE = ("interface_id", "srcaddr", "srcport", "dstaddr", "dstport")
REVERSED = ("interface_id", "dstaddr", "dstport", "srcaddr", "srcport")


@answer
def unanswered(records, _):
    tcp = [record for record in records if record["protocol"] == 6]
    answered = {fields(*REVERSED)(record) for record in tcp}
    asked = {fields(*TUPLE)(record) for record in present(tcp, "interface_id")
             if record["action"] == "ACCEPT" and opens(record)}
    rows = [[("dstaddr", key[0]), ("dstport", key[1]), ("service", service(key[1], 6)),
             ("interface_id", key[2]), ("connections", len(group)),
             ("sources", len({found[1] for found in group}))]
            for key, group in groups(asked - answered, lambda t: (t[3], t[4], t[0])).items()]
    return ordered(rows, "-connections", "dstaddr", "dstport", "interface_id")


@answer
def refused(records, _):
    tcp = [record for record in records if record["protocol"] == 6]
    asked = {fields(*REVERSED)(record) for record in present(tcp, "interface_id")
             if record["tcp_flags"] == 2}
    mine = [record for record in tcp
            if record["tcp_flags"] == 4 and fields(*TUPLE)(record) in asked]
    rows = [[("host", key[0]), ("port", key[1]), ("service", service(key[1], 6)),
             ("interface_id", key[2]), ("connections", number_of(group, "dstaddr", "dstport")),
             ("clients", number_of(group, "dstaddr"))] + seen(group)
            for key, group in groups(mine, fields("srcaddr", "srcport", "interface_id")).items()]
    return ordered(rows, "-connections", "host", "port", "interface_id")
