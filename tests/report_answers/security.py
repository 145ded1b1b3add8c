# SPDX-License-Identifier: Apache-2.0
"""What was refused, and what should not have been there."""
import statistics

from .records import (
    PROTOCOLS, answer, fields, groups, hour_of, is_private, is_public, local, lower_port,
    number_of, opens, ordered, present, rejects, seen, service, total, with_more)


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
           and is_private(record["srcaddr"]) and is_public(record["dstaddr"])
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
        public = [record for record in group if is_public(record["srcaddr"])]
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
            and is_public(record["srcaddr"]) and is_private(record["dstaddr"])]
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
