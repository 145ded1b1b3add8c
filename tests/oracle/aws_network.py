# SPDX-License-Identifier: Apache-2.0
"""What a network is made of, read from what `aws ec2 describe-...` prints: the oracle's first half.

Written from AWS's pages alone; it shares nothing with weir, which it judges (check_oracle.py).

- keys of every answer: Amazon EC2 API Reference, https://docs.aws.amazon.com/AWSEC2/latest/APIReference/
  (IpPermission, SecurityGroupRule, NetworkAclEntry, NetworkInterface, Subnet, ManagedPrefixList)
- which rule matches what: "Security group rules",
  https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
- entries of an ACL: https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html

A question has three answers: True, False, and None where the configuration does not tell. A packet
whose `peer` or ICMP `type` is None is one of which the log does not tell that.
"""
import dataclasses
import functools
import ipaddress
import json

ICMP_PROTOCOLS = (1, 58)
PROTOCOL_NUMBERS = {"icmp": 1, "tcp": 6, "udp": 17, "icmpv6": 58}
ALL_PROTOCOLS = "-1"
# Interfaces of these kinds may be without a group, and then nothing but the ACL filters them.
GROUPLESS_TYPES = {
    "nat_gateway", "natGateway", "transit_gateway", "network_load_balancer",
    "gateway_load_balancer", "gateway_load_balancer_endpoint",
}  # fmt: skip
BALANCER_TYPES = {"network_load_balancer"}

SHARED = ipaddress.ip_network("100.64.0.0/10")  # RFC 6598
DOCUMENTATION = [  # the internet of AWS's own examples, RFC 5737 and 3849
    ipaddress.ip_network(text)
    for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]

network_of = functools.lru_cache(maxsize=None)(
    lambda text: ipaddress.ip_network(text, strict=False)
)
address_of = functools.lru_cache(maxsize=None)(ipaddress.ip_address)


def is_public(address):
    """Whether a packet from there came through an internet gateway; None if it is not known."""
    if address is None:
        return None
    at = address_of(address)
    if any(at.version == block.version and at in block for block in DOCUMENTATION):
        return True
    return at.is_global and not (at.version == 4 and at in SHARED)


@dataclasses.dataclass(frozen=True)
class Packet:
    """What groups and ACLs look at, seen from one interface. `port` is the destination's.

    `via` is the load balancer that handed it on, if one did; the peer may be unknown then.
    """

    protocol: int
    port: int
    family: int
    peer: object = None
    icmp: object = None  # (type, code)
    via: object = None


@dataclasses.dataclass(frozen=True)
class Rule:
    """A rule of a group, or an entry of an ACL (`number`)."""

    owner: str
    direction: str  # ingress, egress
    index: int  # among the readable rules of its direction; of an entry, its number
    protocol: object  # None: all
    first: int
    last: int
    peers: tuple  # (kind, what): cidr, list, group; kind "unreadable" is one that nobody can read
    allows: bool = True
    is_entry: bool = False

    @property
    def name(self):
        kind = "network-acl" if self.is_entry else "security-group"
        return (kind, self.owner, self.index, self.direction)

    def matches_traffic(self, packet):
        if self.protocol is None:
            return True
        if self.protocol != packet.protocol:
            return False
        if self.protocol in ICMP_PROTOCOLS:
            if self.first == -1 or (self.is_entry and self.protocol == 58 and self.family == 4):
                return True
            if packet.icmp is None:
                return None
            return self.first == packet.icmp[0] and self.last in (-1, packet.icmp[1])
        if self.protocol in (6, 17) and self.first != -1:
            return self.first <= packet.port <= self.last
        return True

    @property
    def family(self):
        kind, what = self.peers
        return network_of(what).version if kind == "cidr" else None


def all_of(*answers):
    """`and` over three values."""
    return False if False in answers else None if None in answers else True


def any_of(answers):
    """`or` over three values."""
    answers = list(answers)
    return True if True in answers else None if None in answers else False


def is_in(cidr, packet):
    block = network_of(cidr)
    if block.version != packet.family:
        return False
    if block.prefixlen == 0:
        return True
    return None if packet.peer is None else address_of(packet.peer) in block


class Network:
    def __init__(self):
        self.groups, self.acls, self.interfaces = {}, {}, {}
        self.subnets, self.vpcs, self.lists, self.rules = {}, {}, {}, {}
        self.list_families = {}
        self.is_whole = False  # nothing is missing: who is not named is not there

    # Reading ---------------------------------------------------------------------------------

    def read(self, document, name=""):
        """One answer of the CLI. `name` is the file's, which says which list `Entries` are of."""
        document = document.get("data", document)
        keyed = (
            ("SecurityGroups", "GroupId", self.groups),
            ("NetworkAcls", "NetworkAclId", self.acls),
            ("NetworkInterfaces", "NetworkInterfaceId", self.interfaces),
            ("Subnets", "SubnetId", self.subnets),
            ("Vpcs", "VpcId", self.vpcs),
            ("SecurityGroupRules", "SecurityGroupRuleId", self.rules),
        )
        for key, identity, into in keyed:
            for item in document.get(key) or []:
                into[item[identity]] = item
        for item in document.get("PrefixLists") or []:
            if "Cidrs" in item:
                self.lists[item["PrefixListId"]] = item["Cidrs"]
            if "AddressFamily" in item:
                self.list_families[item["PrefixListId"]] = int(item["AddressFamily"][-1])
        if "Entries" in document:
            stem = next((word for word in name.replace(".json", "").split("-pl-")[1:]), None)
            identity = document.get("PrefixListId") or (f"pl-{stem}" if stem else None)
            if identity is None and name.startswith("pl-"):
                identity = name.replace(".json", "")
            if identity:
                self.lists[identity] = [entry["Cidr"] for entry in document["Entries"]]

    @staticmethod
    def load(folder):
        network = Network()
        for path in sorted(folder.rglob("*.json"), key=lambda path: str(path).encode()):
            try:
                document = json.loads(path.read_text(encoding="utf-8"))
            except ValueError:
                continue
            if isinstance(document, dict):
                network.read(document, path.name)
        return network

    # Rules -----------------------------------------------------------------------------------

    @functools.cached_property
    def group_rules(self):
        """(group, direction) -> its rules, in the order in which AWS prints them."""
        found = {}
        for identity, group in self.groups.items():
            for key, direction in (("IpPermissions", "ingress"), ("IpPermissionsEgress", "egress")):
                rules = found.setdefault((identity, direction), [])
                for permission in group.get(key) or []:
                    for peers in peers_of(permission):
                        rules.append(group_rule(identity, direction, permission, peers, rules))
        for rule in self.rules.values():
            identity = rule["GroupId"]
            direction = "egress" if rule["IsEgress"] else "ingress"
            peers = peer_of_rule(rule)
            if identity not in self.groups or peers[0] == "unreadable":
                rules = found.setdefault((identity, direction), [])
                rules.append(group_rule(identity, direction, rule, peers, rules))
        return found

    def rules_of(self, identity, direction):
        """None if the group was not read."""
        if identity in self.groups or any(
            rule["GroupId"] == identity for rule in self.rules.values()
        ):
            return self.group_rules.get((identity, direction), [])
        return None

    @functools.lru_cache(maxsize=None)
    def ports_of(self, name):
        """How many ports the rule of a group is for."""
        _, group, index, direction = name
        rules = self.group_rules[group, direction]
        rule = next(rule for rule in rules if rule.index == index)
        all_ports = rule.protocol not in (6, 17) or rule.first == -1
        return 65536 if all_ports else rule.last - rule.first + 1

    @functools.lru_cache(maxsize=None)
    def entries(self, acl, egress):
        found = [entry for entry in self.acls[acl]["Entries"] if entry["Egress"] == egress]
        numbers = {entry["RuleNumber"] for entry in found}
        for number, key, block in (
            (32767, "CidrBlock", "0.0.0.0/0"),
            (32768, "Ipv6CidrBlock", "::/0"),
        ):
            # Every list ends with a deny of all: "Network ACL basics".
            if number not in numbers:
                found.append(
                    {"RuleNumber": number, "RuleAction": "deny", "Protocol": "-1", key: block}
                )
        return [
            acl_entry(acl, "egress" if egress else "ingress", entry)
            for entry in sorted(found, key=lambda entry: entry["RuleNumber"])
        ]

    # Interfaces ------------------------------------------------------------------------------

    @functools.cached_property
    def by_address(self):
        found = {}
        for identity in self.interfaces:
            for address in self.addresses(identity):
                found.setdefault(address, []).append(identity)
        return found

    @functools.lru_cache(maxsize=None)
    def addresses(self, identity):
        """The private addresses and IPv6 of an interface; references to groups match these."""
        item = self.interfaces[identity]
        found = {one.get("PrivateIpAddress") for one in item.get("PrivateIpAddresses") or []}
        found |= {item.get("PrivateIpAddress")}
        found |= {one.get("Ipv6Address") for one in item.get("Ipv6Addresses") or []}
        return frozenset(str(address_of(one)) for one in found if one)

    def groups_of(self, identity):
        """The groups of an interface; None if nobody knows: an ordinary one cannot be without."""
        item = self.interfaces.get(identity)
        if item is None:
            return None
        groups = [one["GroupId"] for one in item.get("Groups") or []]
        if not groups and item.get("InterfaceType") not in GROUPLESS_TYPES:
            return None
        return groups

    def acl_of(self, subnet):
        for identity, acl in self.acls.items():
            if any(one.get("SubnetId") == subnet for one in acl.get("Associations") or []):
                return identity
        return None

    def blocks_of(self, subnet):
        item = self.subnets.get(subnet)
        if item is None:
            return None
        found = [item["CidrBlock"]] if item.get("CidrBlock") else []
        for one in item.get("Ipv6CidrBlockAssociationSet") or []:
            found.append(one["Ipv6CidrBlock"])
        return found

    def blocks_of_vpc(self, vpc, version):
        item = self.vpcs.get(vpc, {})
        if version == 6:
            sets = item.get("Ipv6CidrBlockAssociationSet") or []
            return [one["Ipv6CidrBlock"] for one in sets]
        blocks = {one["CidrBlock"] for one in item.get("CidrBlockAssociationSet") or []}
        return sorted(blocks | {item.get("CidrBlock")} - {None})

    # Peers -----------------------------------------------------------------------------------

    def matches_peer(self, rule, packet):
        kind, what = rule.peers
        if kind == "cidr":
            return is_in(what, packet)
        if kind == "list":
            if self.list_families.get(what, packet.family) != packet.family:
                return False
            if what not in self.lists:
                return None
            return any_of(is_in(cidr, packet) for cidr in self.lists[what])
        if kind == "group":
            return self.is_member(what, packet)
        return None

    def is_member(self, reference, packet):
        group, status, is_elsewhere = reference
        if status == "deleted":
            return False  # "Stale security group rules"
        if packet.peer is None:
            return None
        carriers = self.by_address.get(packet.peer, [])
        answers = [self.groups_of(one) for one in carriers]
        if any(groups is not None and group in groups for groups in answers):
            return True
        if None in answers:
            return None
        # References match private addresses, not public ones.
        if carriers or self.is_whole or is_public(packet.peer):
            return False
        # Its members are known only where it was read with the interfaces of its VPC.
        # The interface whose rule is asked about was, so its own VPC's were.
        if not is_elsewhere:
            return False
        vpc = self.groups.get(group, {}).get("VpcId")
        read = any(one.get("VpcId") == vpc for one in self.interfaces.values())
        return False if vpc and read else None

    def matches(self, rule, packet):
        return all_of(rule.matches_traffic(packet), self.matches_peer(rule, packet))


def group_of(reference):
    """The group, the state of its peering, and whether it is in another VPC: then the reference has
    a VPC or a peering connection ("UserIdGroupPair" of the EC2 API Reference).
    """
    elsewhere = any(reference.get(key) for key in ("VpcId", "VpcPeeringConnectionId"))
    return (reference["GroupId"], reference.get("PeeringStatus"), elsewhere)


def peers_of(permission):
    for one in permission.get("IpRanges") or []:
        yield ("cidr", one["CidrIp"])
    for one in permission.get("Ipv6Ranges") or []:
        yield ("cidr", one["CidrIpv6"])
    for one in permission.get("PrefixListIds") or []:
        yield ("list", one["PrefixListId"])
    for one in permission.get("UserIdGroupPairs") or []:
        if one.get("GroupId"):
            yield ("group", group_of(one))
        else:
            yield ("unreadable", None)


def peer_of_rule(rule):
    for key in ("CidrIpv4", "CidrIpv6"):
        if rule.get(key):
            return ("cidr", rule[key])
    if rule.get("PrefixListId"):
        return ("list", rule["PrefixListId"])
    reference = rule.get("ReferencedGroupInfo") or {}
    if reference.get("GroupId"):
        return ("group", group_of(reference))
    return ("unreadable", None)


def number_of(protocol):
    """None: all protocols."""
    protocol = str(protocol).lower()
    return None if protocol == ALL_PROTOCOLS else PROTOCOL_NUMBERS.get(protocol) or int(protocol)


def group_rule(identity, direction, permission, peers, before):
    """`index` counts the rules that can be read; one that cannot has none."""
    index = sum(rule.index >= 0 for rule in before) if peers[0] != "unreadable" else -1
    first, last = permission.get("FromPort", -1), permission.get("ToPort", -1)
    first = -1 if first is None else first
    last = -1 if last is None else last
    protocol = number_of(permission["IpProtocol"])
    return Rule(identity, direction, index, protocol, first, last, peers)


def acl_entry(identity, direction, entry):
    ports, icmp = entry.get("PortRange") or {}, entry.get("IcmpTypeCode") or {}
    protocol = number_of(entry["Protocol"])
    first, last = ports.get("From", -1), ports.get("To", -1)
    if protocol in ICMP_PROTOCOLS:
        first, last = icmp.get("Type", -1), icmp.get("Code", -1)
    block = entry.get("CidrBlock") or entry.get("Ipv6CidrBlock")
    allows = entry["RuleAction"] == "allow"
    number = entry["RuleNumber"]
    return Rule(
        identity, direction, number, protocol, first, last, ("cidr", block), allows, True
    )
