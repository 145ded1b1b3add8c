#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes examples/network/: what `aws ec2 describe-…` would print for the invented company whose
logs are in examples/logs/; and examples/proposed/: the groups that somebody would like to change.

Run this to change something, then read the diff; `--check` fails if the files are not what it
writes. Ids are hashes of names, except for those that stand in the logs.

Shapes: Amazon EC2 API Reference, the actions after which the files are named, as the AWS CLI
prints them.
"""
import hashlib
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
REGION = "eu-central-1"
PRODUCTION, STAGING = "123456789012", "210987654321"
FOLDERS = {PRODUCTION: "production", STAGING: "staging"}
ZONES = {"euc1-az2": REGION + "a", "euc1-az3": REGION + "b"}
ANYWHERE, ANYWHERE_IPV6 = "0.0.0.0/0", "::/0"

IDS = {  # in the logs
    "vpc shop": "vpc-0a1b2c3d4e5f60718",
    "vpc staging": "vpc-0b2c3d4e5f6071829",
    "vpc tools": "vpc-0c3d4e5f607182930",
    "subnet nat": "subnet-0c1d2e3f405162738",
    "subnet worker-a": "subnet-0d2e3f40516273849",
    "subnet worker-b": "subnet-0e3f4051627384950",
    "subnet transit": "subnet-0f40516273849506a",
    "subnet order-a": "subnet-03c4d5e6f70819203",
    "subnet order-b": "subnet-04d5e6f7081920314",
    "subnet task-a": "subnet-05e6f708192031425",
    "subnet task-b": "subnet-06f70819203142536",
    "subnet staging-transit": "subnet-01a2b3c4d5e6f7081",
    "subnet tools-transit": "subnet-02b3c4d5e6f708192",
    "eni balancer": "eni-0a1f5c2e9b7d30461",
    "eni bastion": "eni-0b27e6d81c4f9a352",
    "eni app-a": "eni-0c38f7e92d50ab463",
    "eni app-b": "eni-0d49a8f03e61bc574",
    "eni database": "eni-0e5ab9014f72cd685",
    "eni endpoint": "eni-0f6bca125083de796",
    "eni nat-1": "eni-017cdb236194ef8a7",
    "eni nat-2": "eni-09f453abe91c6702f",
    "eni worker-a": "eni-028dec3472a5f09b8",
    "eni worker-b": "eni-039efd4583b601ac9",
    "eni checkout": "eni-07d23189c7fa45e0d",
    "eni orders": "eni-08e3429ad80b56f1e",
    "eni cart": "eni-0a0564bcfa2d78130",
    "eni payment": "eni-0b1675cd0b3e89241",
    "eni transit": "eni-04af0e5694c712bda",
    "eni staging-transit": "eni-05b01f67a5d823ceb",
    "eni tools-transit": "eni-06c12078b6e934dfc",
    "eni staging-1": "eni-0c2786de1c4f9a352",
    "eni staging-2": "eni-0d3897ef2d50ab463",
    "eni staging-3": "eni-0e49a8003e61bc574",
    "i worker-a": "i-0123456789abcdef0",
    "i worker-b": "i-0f1e2d3c4b5a69788",
    "pl s3": "pl-5e3f1a92",  # AWS's own have eight digits
}


def id_of(kind, name):
    """`id_of("sg", "app")`: always the same `sg-0…`."""
    known = IDS.get(f"{kind} {name}")
    digest = hashlib.sha256(f"{kind} {name}".encode()).hexdigest()
    return known or f"{kind}-0{digest[:16]}"


VPCS = {  # name: (account, prefix, IPv6 prefix)
    "shop": (PRODUCTION, "10.0.0.0/16", "2001:db8:1234:a100::/56"),
    "warehouse": (PRODUCTION, "10.64.0.0/16", None),
    "staging": (STAGING, "10.1.0.0/16", None),
    "tools": (STAGING, "10.2.0.0/16", None),
}

SUBNETS = {  # name: (VPC, prefix, IPv6 prefix, zone, network ACL)
    "public": ("shop", "10.0.0.0/25", "2001:db8:1234:a100::/64", "euc1-az2", "public"),
    "nat": ("shop", "10.0.0.192/26", None, "euc1-az2", "nat"),
    "resolver": ("shop", "10.0.2.0/24", None, "euc1-az2", "shop-default"),
    "transit": ("shop", "10.0.3.0/28", None, "euc1-az2", "shop-default"),
    "app-a": ("shop", "10.0.10.0/24", None, "euc1-az2", "app"),
    "app-b": ("shop", "10.0.11.0/24", None, "euc1-az3", "app"),
    "worker-a": ("shop", "10.0.12.0/24", "2001:db8:1234:a10c::/64", "euc1-az2", "shop-default"),
    "worker-b": ("shop", "10.0.13.0/24", None, "euc1-az3", "shop-default"),
    "data": ("shop", "10.0.20.0/24", None, "euc1-az2", "data"),
    "order-a": ("shop", "10.0.30.0/24", None, "euc1-az2", "shop-default"),
    "order-b": ("shop", "10.0.31.0/24", None, "euc1-az3", "shop-default"),
    "task-a": ("shop", "10.0.40.0/24", None, "euc1-az2", "shop-default"),
    "task-b": ("shop", "10.0.41.0/24", None, "euc1-az3", "shop-default"),
    "warehouse": ("warehouse", "10.64.3.0/24", None, "euc1-az3", "warehouse-default"),
    "staging-transit": ("staging", "10.1.0.0/28", None, "euc1-az2", "staging-default"),
    "staging-1": ("staging", "10.1.4.0/24", None, "euc1-az2", "staging-default"),
    "staging-2": ("staging", "10.1.5.0/24", None, "euc1-az3", "staging-default"),
    "staging-3": ("staging", "10.1.6.0/24", None, "euc1-az2", "staging-default"),
    "tools-transit": ("tools", "10.2.0.0/28", None, "euc1-az3", "tools-default"),
    "tools": ("tools", "10.2.7.0/24", None, "euc1-az3", "tools-default"),
}
BLOCKS_INGRESS = {"order-b"}  # VPC Block Public Access

INTERFACES = {  # name: (subnet, address, groups, what it is, IPv6 address, public address)
    "balancer": ("public", "10.0.0.10", ["balancer"], "balancer",
                 "2001:db8:1234:a100:8d6e:3477:df66:f105", "203.0.113.60"),
    "bastion": ("public", "10.0.0.20", ["bastion"], "instance", "2001:db8:1234:a100::20",
                "203.0.113.61"),
    "nat-1": ("nat", "10.0.0.220", [], "nat_gateway", None, "203.0.113.62"),
    "nat-2": ("nat", "10.0.0.221", [], "nat_gateway", None, "203.0.113.63"),
    "resolver": ("resolver", "10.0.2.53", ["resolver"], "resolver", None, None),
    "transit": ("transit", "10.0.3.5", [], "transit_gateway", None, None),
    "app-a": ("app-a", "10.0.10.11", ["app", "ssh"], "instance", None, None),
    "app-b": ("app-b", "10.0.11.12", ["app", "ssh"], "instance", None, None),
    "endpoint": ("app-a", "10.0.10.50", ["endpoint"], "vpc_endpoint", None, None),
    "worker-a": ("worker-a", "10.0.12.31", ["worker"], "instance", "2001:db8:1234:a10c::31", None),
    "worker-b": ("worker-b", "10.0.13.32", ["worker"], "instance", None, None),
    "database": ("data", "10.0.20.5", ["database", "ssh"], "instance", None, None),
    "checkout": ("order-a", "10.0.30.41", ["order"], "instance", None, None),
    "orders": ("order-b", "10.0.31.42", ["order"], "instance", None, "203.0.113.64"),
    "cart": ("task-a", "10.0.40.17", ["cart"], "task", None, None),
    "payment": ("task-b", "10.0.41.23", ["payment"], "task", None, None),
    "stock": ("warehouse", "10.64.3.9", ["stock"], "instance", None, None),
    "staging-transit": ("staging-transit", "10.1.0.5", [], "transit_gateway", None, None),
    "staging-1": ("staging-1", "10.1.4.20", ["staging"], "instance", None, "203.0.113.71"),
    "staging-2": ("staging-2", "10.1.5.21", ["staging"], "instance", None, "203.0.113.72"),
    "staging-3": ("staging-3", "10.1.6.22", ["staging"], "instance", None, "203.0.113.73"),
    "tools-transit": ("tools-transit", "10.2.0.5", [], "transit_gateway", None, None),
    "tools": ("tools", "10.2.7.15", ["tools"], "instance", None, None),
}

PREFIX_LISTS = {  # name: (owner, AWS's name of it, entries)
    "offices": (PRODUCTION, "offices", [("198.51.100.0/28", "Berlin"),
                                        ("203.0.113.128/28", "Lisbon")]),
    "s3": ("AWS", f"com.amazonaws.{REGION}.s3", [("198.51.100.64/26", None)]),
}

# Groups: (VPC, description, inbound rules, outbound rules). A rule: protocol, ports (a number, a
# range, or an ICMP type), peer (a prefix, `@group` or `%prefix list`), description.
ALL_OUT = ("-1", None, ANYWHERE, None)
GROUPS = {
    "balancer": ("shop", "Load balancer of the shop", [
        ("tcp", 443, ANYWHERE, "customers"), ("tcp", 443, ANYWHERE_IPV6, "customers"),
        ("tcp", 80, ANYWHERE, "sent on to 443"), ("tcp", 80, ANYWHERE_IPV6, "sent on to 443"),
        ("icmpv6", None, "2001:db8:1234:a100::/64", None),
    ], [
        ("tcp", 8080, "@app", None), ("tcp", 9000, "@payment", "health check"),
        ("icmpv6", None, "2001:db8:1234:a100::/64", None),
    ]),
    "bastion": ("shop", "The way in for administrators", [
        ("tcp", 22, "%offices", None),
        ("tcp", 3389, "198.51.100.7/32", "until the Windows host is gone"),
        ("icmp", None, "198.51.100.77/32", "monitoring"),
        ("icmpv6", None, "2001:db8:1234:a100::/64", None),
    ], [ALL_OUT, ("-1", None, ANYWHERE_IPV6, None)]),
    "app": ("shop", "Applications behind the balancer", [
        ("tcp", (0, 65535), "@balancer", "until the ports are settled"),
        ("tcp", 22, "@bastion", None),
    ], [ALL_OUT]),
    "ssh": ("shop", "Shell for administrators", [("tcp", 22, "@bastion", None)], []),
    "database": ("shop", "PostgreSQL", [
        ("tcp", 5432, "@app", None), ("tcp", 5432, "10.0.0.0/16", "reports"),
        ("tcp", 5432, "@old-reports", None),
        ("tcp", 22, "@app", "migration, 2026-11-20 16:00"),
    ], [("udp", 123, ANYWHERE, None), ("tcp", 443, ANYWHERE, "updates")]),
    "endpoint": ("shop", "Interface endpoint of Secrets Manager",
                 [("tcp", (0, 65535), "10.0.0.0/16", None)], []),
    "worker": ("shop", "Batch workers", [
        ("udp", 8125, "@worker", "StatsD"), ("tcp", 9090, "@worker", "metrics"),
        ("tcp", (8000, 8999), "10.2.0.0/16", "tools"),
    ], [
        ("tcp", 443, "%s3", None), ("tcp", 443, ANYWHERE, None), ("tcp", 443, ANYWHERE_IPV6, None),
        ("tcp", 3306, "@stock", "stock database"), ("udp", 8125, "@worker", "StatsD"),
        ("tcp", 9090, "@worker", "metrics"), ("udp", 53, "@resolver", None),
    ]),
    "order": ("shop", "Checkout and orders", [
        ("tcp", 8443, "@order", None), ("tcp", 22, ANYWHERE, "temporary"),
    ], [("tcp", 8443, "@order", None), ("tcp", 443, ANYWHERE, None)]),
    "cart": ("shop", "ECS service cart", [],
             [("tcp", 8081, "@payment", None), ("tcp", 443, ANYWHERE, None)]),
    "payment": ("shop", "ECS service payment", [("tcp", 8081, "@cart", None)],
                [("tcp", 443, ANYWHERE, None)]),
    "resolver": ("shop", "DNS for all VPCs", [
        ("udp", 53, "10.0.0.0/8", None), ("tcp", 53, "10.0.0.0/8", None)], [ALL_OUT]),
    "stock": ("warehouse", "Stock database", [("tcp", 3306, "@worker", None)], []),
    "staging": ("staging", "Everything in staging", [
        ("tcp", 22, "%offices", None), ("tcp", 443, "10.0.0.0/16", "workers"),
        ("icmp", 8, "10.0.0.0/8", "ping"),
    ], [ALL_OUT]),
    "tools": ("tools", "Build and deployment", [], [ALL_OUT]),
}
PEERINGS = {  # (VPC, peered VPC): (id, status); `old-reports` was in a VPC that is gone
    ("shop", "warehouse"): (id_of("pcx", "warehouse"), "active"),
    ("shop", "reports"): (id_of("pcx", "reports"), "deleted"),
}
GONE = {"old-reports": "reports"}

# Network ACLs: (VPC, inbound entries, outbound entries). An entry: number, action, protocol, ports,
# prefix.
ALLOW_ALL = [(100, "allow", "-1", None, ANYWHERE), (101, "allow", "-1", None, ANYWHERE_IPV6)]
ACLS = {
    "public": ("shop", [
        (100, "allow", "tcp", 443, ANYWHERE), (110, "allow", "tcp", 80, ANYWHERE),
        (120, "allow", "tcp", 22, ANYWHERE), (130, "allow", "tcp", (1024, 65535), ANYWHERE),
        (140, "allow", "icmp", None, ANYWHERE), (145, "allow", "icmp", 8, "198.51.100.64/26"),
        (150, "allow", "-1", None, "10.0.0.0/16"), (200, "allow", "tcp", 443, ANYWHERE_IPV6),
        (210, "allow", "tcp", 80, ANYWHERE_IPV6),
    ], [
        (90, "deny", "icmp", None, ANYWHERE), (100, "allow", "tcp", (1024, 65535), ANYWHERE),
        (110, "allow", "-1", None, "10.0.0.0/16"),
        (200, "allow", "tcp", (1024, 65535), ANYWHERE_IPV6),
    ]),
    "nat": ("shop", [
        (90, "deny", "tcp", 3389, ANYWHERE), (100, "allow", "tcp", 443, "10.0.0.0/16"),
        (110, "allow", "udp", 123, "10.0.0.0/16"), (120, "allow", "tcp", (1024, 65535), ANYWHERE),
        (130, "allow", "udp", (1024, 65535), ANYWHERE),
    ], [
        (100, "allow", "tcp", 443, ANYWHERE), (110, "allow", "udp", 123, ANYWHERE),
        (120, "allow", "tcp", (1024, 65535), "10.0.0.0/16"),
        (130, "allow", "udp", (1024, 65535), "10.0.0.0/16"),
    ]),
    "app": ("shop", [
        (50, "deny", "-1", None, "192.0.2.230/32"), (100, "allow", "tcp", 8080, "10.0.0.0/25"),
        (110, "allow", "tcp", 22, "10.0.0.20/32"), (120, "allow", "tcp", 443, "10.0.10.0/23"),
        (130, "allow", "tcp", (1024, 65535), ANYWHERE),
        (140, "allow", "udp", (1024, 65535), ANYWHERE),
    ], [
        (50, "deny", "-1", None, "192.0.2.230/32"), (60, "deny", "tcp", 443, "192.0.2.230/32"),
        (100, "allow", "-1", None, "10.0.0.0/8"), (110, "allow", "tcp", 443, ANYWHERE),
        (120, "allow", "udp", 123, ANYWHERE),
    ]),
    "data": ("shop", [
        (100, "allow", "tcp", 5432, "10.0.10.0/23"), (110, "allow", "tcp", 22, "10.0.0.0/16"),
        (120, "allow", "udp", (1024, 65535), ANYWHERE),
        (130, "allow", "tcp", (1024, 65535), ANYWHERE),
    ], [
        (100, "allow", "tcp", (1024, 65535), "10.0.0.0/16"), (110, "allow", "udp", 123, ANYWHERE),
        (120, "allow", "tcp", 443, ANYWHERE),
    ]),
    "shop-default": ("shop", ALLOW_ALL, ALLOW_ALL),
    "warehouse-default": ("warehouse", ALLOW_ALL[:1], ALLOW_ALL[:1]),
    "staging-default": ("staging", ALLOW_ALL[:1], ALLOW_ALL[:1]),
    "tools-default": ("tools", ALLOW_ALL[:1], ALLOW_ALL[:1]),
}

# What is proposed: everything as narrow as somebody believes that it is used. The stock database
# that the workers ask was forgotten.
PROPOSED_GROUPS = {
    "bastion": ("shop", GROUPS["bastion"][1], [
        ("tcp", 22, "%offices", None), ("icmp", None, "198.51.100.77/32", "monitoring"),
        ("icmpv6", None, "2001:db8:1234:a100::/64", None),
    ], GROUPS["bastion"][3]),
    "app": ("shop", GROUPS["app"][1], [("tcp", 8080, "@balancer", None)], [
        ("tcp", 5432, "@database", None), ("tcp", 443, "@endpoint", None),
        ("udp", 53, "@resolver", None), ("udp", 123, ANYWHERE, None),
    ]),
    "database": ("shop", GROUPS["database"][1], [("tcp", 5432, "@app", None)],
                 GROUPS["database"][3]),
    "endpoint": ("shop", GROUPS["endpoint"][1], [("tcp", 443, "@app", None)], []),
    "worker": ("shop", GROUPS["worker"][1], GROUPS["worker"][2][:2], [
        ("tcp", 443, ANYWHERE, None), ("tcp", 443, ANYWHERE_IPV6, None),
        ("udp", 8125, "@worker", "StatsD"), ("tcp", 9090, "@worker", "metrics"),
        ("udp", 53, "@resolver", None),
    ]),
    "order": ("shop", GROUPS["order"][1], GROUPS["order"][2][:1], GROUPS["order"][3]),
    "payment": ("shop", GROUPS["payment"][1], [
        ("tcp", 8081, "@cart", None), ("tcp", 9000, "@balancer", "health check"),
    ], GROUPS["payment"][3]),
}


def account_of(vpc):
    return VPCS[vpc][0]


def tags(name):
    return [{"Key": "Name", "Value": name}]


def arn(account, kind, identifier):
    return f"arn:aws:ec2:{REGION}:{account}:{kind}/{identifier}"


def group_ports(protocol, ports):
    """FromPort and ToPort as describe-security-group-rules prints them: of ICMP, type and code."""
    if ports is None or protocol == "-1":
        return -1, -1
    if protocol.startswith("icmp"):
        return ports, -1
    return ports if isinstance(ports, tuple) else (ports, ports)


def group_reference(vpc, name):
    """The group with this name, as a rule of a group in `vpc` refers to it."""
    home = GONE.get(name) or GROUPS[name][0]
    reference = {"GroupId": id_of("sg", name), "UserId": PRODUCTION}
    if home != vpc:
        peering, status = PEERINGS.get((vpc, home)) or PEERINGS[(home, vpc)]
        reference |= {"VpcId": id_of("vpc", home), "VpcPeeringConnectionId": peering,
                      "PeeringStatus": status}
    return reference


def describe(entry, description):
    return entry | {"Description": description} if description else entry


def permissions(vpc, rules):
    """Rules as describe-security-groups prints them: one permission for all peers of the same
    ports."""
    found = {}
    for protocol, ports, peer, description in rules:
        permission = found.setdefault((protocol, ports), {"IpProtocol": protocol})
        if protocol != "-1":
            permission["FromPort"], permission["ToPort"] = group_ports(protocol, ports)
        for key in ("UserIdGroupPairs", "IpRanges", "Ipv6Ranges", "PrefixListIds"):
            permission.setdefault(key, [])
        if peer[0] == "@":
            permission["UserIdGroupPairs"].append(
                describe(group_reference(vpc, peer[1:]), description))
        elif peer[0] == "%":
            permission["PrefixListIds"].append(
                describe({"PrefixListId": id_of("pl", peer[1:])}, description))
        elif ":" in peer:
            permission["Ipv6Ranges"].append(describe({"CidrIpv6": peer}, description))
        else:
            permission["IpRanges"].append(describe({"CidrIp": peer}, description))
    return list(found.values())


def security_groups(account, groups):
    return [{
        "GroupId": id_of("sg", name), "IpPermissionsEgress": permissions(vpc, outbound),
        "Tags": tags(name), "VpcId": id_of("vpc", vpc),
        "SecurityGroupArn": arn(account, "security-group", id_of("sg", name)), "OwnerId": account,
        "GroupName": name, "Description": description, "IpPermissions": permissions(vpc, inbound),
    } for name, (vpc, description, inbound, outbound) in groups.items()
        if account_of(vpc) == account]


def security_group_rule(account, name, vpc, egress, rule):
    protocol, ports, peer, description = rule
    first, last = group_ports(protocol, ports)
    made = {
        "SecurityGroupRuleId": id_of("sgr", f"{name} {egress} {rule[:3]}"),
        "GroupId": id_of("sg", name), "GroupOwnerId": account, "IsEgress": egress,
        "IpProtocol": protocol, "FromPort": first, "ToPort": last,
    }
    if peer[0] == "@":
        made["ReferencedGroupInfo"] = group_reference(vpc, peer[1:])
    elif peer[0] == "%":
        made["PrefixListId"] = id_of("pl", peer[1:])
    else:
        made["CidrIpv6" if ":" in peer else "CidrIpv4"] = peer
    return describe(made, description) | {"Tags": []}


def security_group_rules(account, groups):
    return [security_group_rule(account, name, vpc, egress, rule)
            for name, (vpc, _, inbound, outbound) in groups.items() if account_of(vpc) == account
            for egress, rules in ((False, inbound), (True, outbound)) for rule in rules]


def acl_entry(egress, number, action, protocol, ports, prefix):
    numbers = {"tcp": "6", "udp": "17", "icmp": "1", "-1": "-1"}
    entry = {"Ipv6CidrBlock" if ":" in prefix else "CidrBlock": prefix, "Egress": egress}
    if protocol == "icmp":
        entry["IcmpTypeCode"] = {"Code": -1, "Type": -1 if ports is None else ports}
    elif ports is not None:
        first, last = ports if isinstance(ports, tuple) else (ports, ports)
        entry["PortRange"] = {"From": first, "To": last}
    return entry | {"Protocol": numbers[protocol], "RuleAction": action, "RuleNumber": number}


def network_acls(account):
    made = []
    for name, (vpc, inbound, outbound) in ACLS.items():
        if account_of(vpc) != account:
            continue
        implicit = [(32767, "deny", "-1", None, ANYWHERE)]
        if VPCS[vpc][2]:
            implicit.append((32768, "deny", "-1", None, ANYWHERE_IPV6))
        made.append({
            "Associations": [{
                "NetworkAclAssociationId": id_of("aclassoc", subnet),
                "NetworkAclId": id_of("acl", name), "SubnetId": id_of("subnet", subnet),
            } for subnet, row in SUBNETS.items() if row[4] == name],
            "Entries": [acl_entry(egress, *entry) for egress, entries in
                        ((True, outbound), (False, inbound)) for entry in [*entries, *implicit]],
            "IsDefault": name.endswith("-default"), "NetworkAclId": id_of("acl", name),
            "Tags": tags(name), "VpcId": id_of("vpc", vpc), "OwnerId": account,
        })
    return made


KINDS = {  # InterfaceType, description, who asked AWS for it (None: the company itself)
    "instance": ("interface", "", None),
    "balancer": ("interface", "ELB app/shop/8d6e3477df66f105", "amazon-elb"),
    "nat_gateway": ("nat_gateway", "Interface for NAT Gateway", "AIDAINVENTED"),
    "transit_gateway": ("transit_gateway", "Network Interface for Transit Gateway Attachment",
                        "AIDAINVENTED"),
    "vpc_endpoint": ("vpc_endpoint", "VPC Endpoint Interface", "AIDAINVENTED"),
    "resolver": ("interface", "Route 53 Resolver", "AIDAINVENTED"),
    "task": ("interface", "ECS task", "AIDAINVENTED"),
}


def network_interface(account, name):
    subnet, address, groups, kind, ipv6, public = INTERFACES[name]
    vpc, _, _, zone, _ = SUBNETS[subnet]
    kind, description, requester = KINDS[kind]
    made = {
        "AvailabilityZone": ZONES[zone], "AvailabilityZoneId": zone, "Description": description,
        "Groups": [{"GroupId": id_of("sg", group), "GroupName": group} for group in groups],
        "InterfaceType": kind,
        "Ipv6Addresses": [{"Ipv6Address": ipv6, "IsPrimaryIpv6": False}] if ipv6 else [],
        "NetworkInterfaceId": id_of("eni", name), "OwnerId": account,
        "PrivateIpAddress": address,
        "PrivateIpAddresses": [{"Primary": True, "PrivateIpAddress": address}],
        "RequesterManaged": requester is not None,
        "SourceDestCheck": kind != "nat_gateway", "Status": "in-use",
        "SubnetId": id_of("subnet", subnet), "TagSet": tags(name), "VpcId": id_of("vpc", vpc),
    }
    if requester:
        made["RequesterId"] = requester
    else:
        made["Attachment"] = {"DeviceIndex": 0, "InstanceId": id_of("i", name),
                              "InstanceOwnerId": account, "Status": "attached"}
    if public:
        association = {"IpOwnerId": account, "PublicDnsName": "", "PublicIp": public}
        made["Association"] = association
        made["PrivateIpAddresses"][0]["Association"] = association
    return made


def network_interfaces(account):
    return [network_interface(account, name) for name, row in INTERFACES.items()
            if account_of(SUBNETS[row[0]][0]) == account]


def ipv6_associations(kind, name, prefix, state):
    return [{"AssociationId": id_of(f"{kind}-cidr-assoc", name + " ipv6"), "Ipv6CidrBlock": prefix,
             state: {"State": "associated"}}] if prefix else []


def subnets(account):
    return [{
        "AvailabilityZone": ZONES[zone], "AvailabilityZoneId": zone, "CidrBlock": prefix,
        "DefaultForAz": False,
        "Ipv6CidrBlockAssociationSet":
            ipv6_associations("subnet", name, ipv6, "Ipv6CidrBlockState"),
        "MapPublicIpOnLaunch": False, "OwnerId": account, "State": "available",
        "SubnetArn": arn(account, "subnet", id_of("subnet", name)),
        "SubnetId": id_of("subnet", name), "Tags": tags(name), "VpcId": id_of("vpc", vpc),
        "BlockPublicAccessStates": {
            "InternetGatewayBlockMode": "block-ingress" if name in BLOCKS_INGRESS else "off"},
    } for name, (vpc, prefix, ipv6, zone, _) in SUBNETS.items() if account_of(vpc) == account]


def vpcs(account):
    return [{
        "CidrBlock": prefix,
        "CidrBlockAssociationSet": [{
            "AssociationId": id_of("vpc-cidr-assoc", name), "CidrBlock": prefix,
            "CidrBlockState": {"State": "associated"}}],
        "InstanceTenancy": "default",
        "Ipv6CidrBlockAssociationSet": ipv6_associations("vpc", name, ipv6, "Ipv6CidrBlockState"),
        "IsDefault": False, "OwnerId": account, "State": "available", "Tags": tags(name),
        "VpcId": id_of("vpc", name),
    } for name, (owner, prefix, ipv6) in VPCS.items() if owner == account]


def managed_prefix_lists():
    return [{
        "PrefixListId": id_of("pl", name), "AddressFamily": "IPv4",
        **({} if owner == "AWS" else {"State": "create-complete", "MaxEntries": 20, "Version": 3,
                                      "Tags": tags(name)}),
        "PrefixListArn": f"arn:aws:ec2:{REGION}:{owner.lower()}:prefix-list/{id_of('pl', name)}",
        "PrefixListName": title, "OwnerId": owner,
    } for name, (owner, title, _) in PREFIX_LISTS.items()]


def files():
    """Name -> what stands in it."""
    found = {"proposed/security-groups.json":
             {"SecurityGroups": security_groups(PRODUCTION, PROPOSED_GROUPS)}}
    for account, name in FOLDERS.items():
        folder = f"network/{name}"
        for name, key, value in (
            ("security-groups", "SecurityGroups", security_groups(account, GROUPS)),
            ("security-group-rules", "SecurityGroupRules", security_group_rules(account, GROUPS)),
            ("network-acls", "NetworkAcls", network_acls(account)),
            ("network-interfaces", "NetworkInterfaces", network_interfaces(account)),
            ("subnets", "Subnets", subnets(account)),
            ("vpcs", "Vpcs", vpcs(account)),
        ):
            found[f"{folder}/describe-{name}.json"] = {key: value}
    found["network/production/describe-managed-prefix-lists.json"] = {"PrefixLists": managed_prefix_lists()}
    # The old action prints AWS's own lists and their entries, the new ones print the entries of one.
    found["network/production/describe-prefix-lists.json"] = {"PrefixLists": [
        {"Cidrs": [prefix for prefix, _ in entries], "PrefixListId": id_of("pl", name),
         "PrefixListName": title}
        for name, (owner, title, entries) in PREFIX_LISTS.items() if owner == "AWS"]}
    found[f"network/production/get-managed-prefix-list-entries-{id_of('pl', 'offices')}.json"] = {
        "Entries": [describe({"Cidr": prefix}, description)
                    for prefix, description in PREFIX_LISTS["offices"][2]]}
    return found


def main():
    check = sys.argv[1:] == ["--check"]
    wrong = 0
    for name, document in files().items():
        path = HERE / name
        text = json.dumps(document, indent=4) + "\n"
        if check:
            if not path.exists() or path.read_text() != text:
                print(f"{path}: not what {pathlib.Path(__file__).name} writes")
                wrong += 1
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
