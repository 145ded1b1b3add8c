# SPDX-License-Identifier: Apache-2.0
"""Who talks to whom, and how much."""
import ipaddress
import statistics

from .records import (
    PROTOCOLS, answer, both_ways, by_fields, fields, groups, hour_of, is_private, local,
    lower_port, measures, number_of, opens, ordered, present, rejects, seen, service, total,
    without)


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
