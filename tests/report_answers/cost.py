# SPDX-License-Identifier: Apache-2.0
"""Where money goes."""
from .records import (
    answer, both_ways, cost, fields, groups, is_private, is_public, number_of, ordered, present,
    total, toward, with_more, without)

PATHS = {1: "another resource in the same VPC", 2: "an internet gateway or a gateway VPC endpoint",
         7: "a gateway VPC endpoint", 8: "an internet gateway"}


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
        if is_private(host) and is_public(server) and is_translated:
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
