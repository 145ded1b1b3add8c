# SPDX-License-Identifier: Apache-2.0
"""What the log or the network lost."""
from .records import (
    answer, fields, groups, hour_of, number_of, opens, ordered, present, seen, service, total,
    without)


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
