# SPDX-License-Identifier: Apache-2.0
"""Invents networks as `aws ec2 describe-...` prints them, from a seed.

Every network exists twice: `whole` is what AWS goes by, `shown` what a user hands to weir, which may
lack entries of a prefix list, members of another account's group, subnets, the groups of an
interface or the peer of a rule. FLAWS names what may be missing.
"""
import copy
import ipaddress

from aws_network import Network

OWN_ACCOUNT, OTHER_ACCOUNT = "123456789012", "210987654321"
PORTS = [
    (22, 22), (80, 80), (443, 443), (8443, 8443), (3306, 3306), (5432, 5432), (9092, 9092),
    (27017, 27017), (50051, 50051), (31380, 31380), (53, 53), (123, 123), (8000, 8100),
    (30000, 32767), (49152, 65535), (1024, 65535), (0, 65535),
]  # fmt: skip
PUBLIC = [
    "203.0.113.0/24", "198.51.100.64/26", "192.0.2.17/32", "52.94.4.0/22", "0.0.0.0/0",
]  # fmt: skip
PRIVATE = ["10.0.0.0/8", "172.16.8.0/21", "100.64.0.0/10", "192.168.7.0/25"]
PUBLIC_6 = ["2001:db8:9::/48", "2a05:d018:1::/64", "::/0"]
ICMP_4 = [(-1, -1), (8, -1), (8, 0), (3, 4), (3, -1), (0, -1)]
ICMP_6 = [(-1, -1), (128, 0), (2, 0), (1, -1)]
FLAWS = ("none", "none", "none", "lists", "members", "subnets", "groups", "rule-peer", "states")


class InventedNetwork:
    def __init__(self, rng, number, flaw):
        self.rng, self.number, self.flaw = rng, number, flaw
        self.block = f"10.{number + 1}.0.0/16"
        self.block_6 = f"2600:1f14:{number + 1:x}00::/56"
        self.vpc = self.name("vpc", 0)
        self.documents = {
            "Vpcs": [{"VpcId": self.vpc, "OwnerId": OWN_ACCOUNT, "CidrBlock": self.block}],
            "Subnets": [self.subnet(one) for one in range(3)],
            "PrefixLists": [self.prefix_list(one) for one in range(2)],
        }
        self.documents["SecurityGroups"] = [self.group(one) for one in range(5)]
        self.documents["NetworkAcls"] = [self.acl(one) for one in range(3)]
        self.documents["NetworkInterfaces"] = self.interfaces()
        self.shown_documents = self.flawed()
        self.whole, self.shown = read(self.documents), read(self.shown_documents)
        self.whole.is_whole = True

    def name(self, kind, one):
        return f"{kind}-0{self.number:07x}{one:09x}"

    @property
    def other_group(self):
        return self.name("sg", 0xFF)

    # Parts -----------------------------------------------------------------------------------

    def subnet(self, one):
        mode = self.rng.choices(
            ("off", "block-bidirectional", "block-ingress"), (16, 1, 1)
        )[0]
        return {
            "SubnetId": self.name("subnet", one),
            "VpcId": self.vpc,
            "CidrBlock": f"10.{self.number + 1}.{16 * one}.0/20",
            "Ipv6CidrBlockAssociationSet": [
                {
                    "Ipv6CidrBlock": f"2600:1f14:{self.number + 1:x}00:{one:x}::/64",
                    "Ipv6CidrBlockState": {"State": "associated"},
                }
            ],
            "BlockPublicAccessStates": {"InternetGatewayBlockMode": mode},
        }

    def prefix_list(self, one):
        cidrs = self.rng.sample(["3.5.140.0/22", "52.218.0.0/17", "10.200.4.0/24"], 2)
        return {"PrefixListId": self.name("pl", one), "PrefixListName": f"list-{one}",
                "Cidrs": cidrs}  # fmt: skip

    def permission(self):
        rng = self.rng
        protocol = rng.choices(
            ("tcp", "udp", "icmp", "icmpv6", "-1", "50"), (10, 4, 3, 1, 2, 1)
        )[0]
        found = {"IpProtocol": protocol}
        if protocol in ("tcp", "udp"):
            found["FromPort"], found["ToPort"] = rng.choice(PORTS)
        elif protocol != "-1":
            types = {"icmp": ICMP_4, "icmpv6": ICMP_6}.get(protocol, [(-1, -1)])
            found["FromPort"], found["ToPort"] = rng.choice(types)
        for key in ("IpRanges", "Ipv6Ranges", "PrefixListIds", "UserIdGroupPairs"):
            found[key] = []
        kinds = ("cidr", "cidr6", "list", "group")
        for kind in sorted(set(rng.choices(kinds, (9, 3, 2, 4), k=rng.choice((1, 1, 1, 2))))):
            self.add_peer(found, "cidr6" if protocol == "icmpv6" else kind)
        return found

    def add_peer(self, permission, kind):
        rng = self.rng
        if kind == "cidr":
            blocks = PUBLIC + PRIVATE + [self.block, f"10.{self.number + 1}.16.0/20"]
            permission["IpRanges"].append({"CidrIp": rng.choice(blocks)})
        elif kind == "cidr6":
            blocks = PUBLIC_6 + [self.block_6]
            permission["Ipv6Ranges"].append({"CidrIpv6": rng.choice(blocks)})
        elif kind == "list":
            name = self.name("pl", rng.randrange(2))
            permission["PrefixListIds"].append({"PrefixListId": name})
        else:
            other = rng.random() < 0.25
            group = self.other_group if other else self.name("sg", rng.randrange(5))
            account = OTHER_ACCOUNT if other else OWN_ACCOUNT
            pair = {"GroupId": group, "UserId": account}
            if other:
                pair["VpcPeeringConnectionId"] = "pcx-0a1b2c3d4e5f60718"
                pair["PeeringStatus"] = "active"
            permission["UserIdGroupPairs"].append(pair)

    def group(self, one):
        rng = self.rng
        everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
                      "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}  # fmt: skip
        egress = rng.choices(
            ([], [everything], [self.permission() for _ in range(rng.randint(1, 4))]), (2, 4, 4)
        )[0]
        return {
            "GroupId": self.name("sg", one),
            "GroupName": f"group-{one}",
            "VpcId": self.vpc,
            "OwnerId": OWN_ACCOUNT,
            "IpPermissions": [self.permission() for _ in range(rng.randint(0, 5))],
            "IpPermissionsEgress": egress,
        }

    def entry(self, egress, number, action, protocol, block, ports=None, icmp=None):
        found = {"Egress": egress, "RuleNumber": number, "RuleAction": action,
                 "Protocol": str(protocol)}  # fmt: skip
        found["Ipv6CidrBlock" if ":" in block else "CidrBlock"] = block
        if ports:
            found["PortRange"] = {"From": ports[0], "To": ports[1]}
        if icmp:
            found["IcmpTypeCode"] = {"Type": icmp[0], "Code": icmp[1]}
        return found

    def random_entry(self, egress, number):
        rng = self.rng
        protocol = rng.choices((6, 17, 1, -1, 50), (8, 3, 2, 2, 1))[0]
        block = rng.choice(PUBLIC * 2 + PRIVATE + PUBLIC_6 + [self.block, self.block_6])
        if ":" in block and protocol == 1:
            protocol = 58
        ports = rng.choice(PORTS + [(1024, 65535)] * 8) if protocol in (6, 17) else None
        icmp = rng.choice(ICMP_6 if protocol == 58 else ICMP_4) if protocol in (1, 58) else None
        action = rng.choices(("allow", "deny"), (5, 2))[0]
        return self.entry(egress, number, action, protocol, block, ports, icmp)

    def acl(self, one):
        """Everything; what a careful person writes, with ephemeral ports; or anything."""
        rng, entries = self.rng, []
        style = ("all", "careful", "any")[one] if self.number % 2 else rng.choice(("all", "any"))
        for egress in (False, True):
            if style == "all":
                if rng.random() < 0.5:
                    entries.append(
                        self.entry(egress, 50, "deny", -1, rng.choice(PUBLIC[:3] + PRIVATE[1:]))
                    )
                entries.append(self.entry(egress, 100, "allow", -1, "0.0.0.0/0"))
                entries.append(self.entry(egress, 101, "allow", -1, "::/0"))
            elif style == "careful":
                ports = rng.choice(((1024, 65535), (32768, 61000), (49152, 65535)))
                entries.append(self.entry(egress, 100, "allow", 6, "0.0.0.0/0", ports))
                entries.append(self.entry(egress, 110, "allow", 6, "0.0.0.0/0", (443, 443)))
                entries.append(self.entry(egress, 120, "allow", 17, self.block, (0, 65535)))
                entries.append(self.entry(egress, 130, "allow", 6, "::/0", (443, 65535)))
            if style != "all":
                for number in rng.sample(range(10, 900, 7), rng.randint(2, 6)):
                    entries.append(self.random_entry(egress, number))
        numbers = set()
        entries = [
            one
            for one in entries
            if (one["Egress"], one["RuleNumber"]) not in numbers
            and not numbers.add((one["Egress"], one["RuleNumber"]))
        ]
        return {
            "NetworkAclId": self.name("acl", one),
            "VpcId": self.vpc,
            "IsDefault": False,
            "Associations": [
                {
                    "NetworkAclAssociationId": self.name("aclassoc", one),
                    "NetworkAclId": self.name("acl", one),
                    "SubnetId": self.name("subnet", one),
                }
            ],
            "Entries": entries,
        }

    def interface(self, one, subnet, kind, groups, address, address_6=None):
        item = {
            "NetworkInterfaceId": self.name("eni", one),
            "InterfaceType": kind,
            "SubnetId": self.name("subnet", subnet),
            "VpcId": self.vpc,
            "OwnerId": OWN_ACCOUNT,
            "Status": "in-use",
            "PrivateIpAddress": address,
            "PrivateIpAddresses": [{"PrivateIpAddress": address, "Primary": True}],
            "Ipv6Addresses": [],
            "Groups": [{"GroupId": name, "GroupName": "g"} for name in groups],
        }
        if address_6:
            item["Ipv6Addresses"] = [{"Ipv6Address": address_6}]
        return item

    def interfaces(self):
        rng, found = self.rng, []
        for one in range(7):
            subnet = one % 3
            groups = sorted({self.name("sg", rng.randrange(5)) for _ in range(rng.choice((1, 2)))})
            third = 16 * subnet + rng.randrange(16)
            address = f"10.{self.number + 1}.{third}.{20 + one}"
            address_6 = f"2600:1f14:{self.number + 1:x}00:{subnet:x}::{0x20 + one:x}"
            found.append(self.interface(one, subnet, "interface", groups, address, address_6))
        base = f"10.{self.number + 1}"
        found.append(self.interface(20, 0, "nat_gateway", [], f"{base}.1.200"))
        found.append(self.interface(21, 1, "network_load_balancer", [], f"{base}.17.210"))
        # Of another account, behind a peering.
        other = self.interface(30, 9, "interface", [self.other_group], "172.20.3.9")
        other.update(OwnerId=OTHER_ACCOUNT, VpcId="vpc-0fffffffffffffff", SubnetId="subnet-0ff")
        return [*found, other]

    # What is shown ---------------------------------------------------------------------------

    def flawed(self):
        shown = copy.deepcopy(self.documents)
        shown["NetworkInterfaces"] = [
            one for one in shown["NetworkInterfaces"] if one["OwnerId"] == OWN_ACCOUNT
        ]
        if self.flaw == "lists":
            shown["PrefixLists"] = shown["PrefixLists"][:1]
        elif self.flaw == "subnets":
            del shown["Subnets"]
        elif self.flaw == "states":
            for subnet in shown["Subnets"]:
                del subnet["BlockPublicAccessStates"]
        elif self.flaw == "groups":
            shown["NetworkInterfaces"][1]["Groups"] = []
            shown["SecurityGroups"] = shown["SecurityGroups"][:-1]
        elif self.flaw == "rule-peer":
            self.hide_peers(shown)
        return shown

    def hide_peers(self, shown):
        """As another reader of the API wrote them: `SecurityGroupRules` with empty peers."""
        for whole, group in zip(self.documents["SecurityGroups"][:3], shown["SecurityGroups"]):
            permissions = whole["IpPermissions"]
            lost = next((one for one in permissions if one.get("IpRanges")), None)
            if lost is None:
                continue
            permissions.append(permissions.pop(permissions.index(lost)))
            unreadable = {"UserIdGroupPairs": [{"UserId": OWN_ACCOUNT}]}
            for key in ("IpProtocol", "FromPort", "ToPort"):
                if key in lost:
                    unreadable[key] = lost[key]
            group["IpPermissions"] = [*copy.deepcopy(permissions[:-1]), unreadable]


def read(documents):
    network = Network()
    network.read(documents)
    return network


def addresses_at_edges(cidr, rng):
    """The first and last address inside, and those beside them."""
    block = ipaddress.ip_network(cidr, strict=False)
    first, last = int(block.network_address), int(block.broadcast_address)
    if block.prefixlen == 0:
        some = (0x08080808, 0x36EF1C55, rng.randrange(0x12000000, 0x40000000)) if (
            block.version == 4
        ) else (0x26064700 << 96 | 0x1111, 0x20010DB8 << 96 | rng.randrange(1 << 60))  # fmt: skip
    else:
        some = {first - 1, first, last, last + 1, (first + last) // 2, first + 5}
    kind = ipaddress.IPv4Address if block.version == 4 else ipaddress.IPv6Address
    return [str(kind(one)) for one in sorted(some) if 0 < one < (1 << block.max_prefixlen)]
