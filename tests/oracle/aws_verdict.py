# SPDX-License-Identifier: Apache-2.0
"""What AWS's filters do with one packet at one interface: the oracle's second half.

- order of the filters, statefulness, what is not filtered: "Security groups" and "Network ACLs",
  https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html,
  https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
- Block Public Access: https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html

Each filter gives a list of outcomes, one where the configuration tells, several where it does not.
"""
import dataclasses
import functools
import ipaddress

from aws_network import address_of, is_public, network_of

# "Network ACLs", "Security groups": neither filters traffic to Amazon's DNS and time servers,
# instance metadata, task metadata, Windows activation; DHCP is recognised by its ports.
SERVICE_ADDRESSES = {
    "169.254.169.253", "169.254.169.254", "169.254.169.123", "169.254.170.2",
    "169.254.169.250", "169.254.169.251", "fd00:ec2::253", "fd00:ec2::254", "fd00:ec2::123",
}  # fmt: skip
OTHER_WAY = {"ingress": "egress", "egress": "ingress"}
# Stands for the rules of a group that was not read.
UNKNOWN_RULE = ("unknown",)
@dataclasses.dataclass(frozen=True)
class Outcome:
    """What may have happened to a record's packets, and which rules may be named for it."""

    action: str
    cause: str
    rules: frozenset = frozenset()
    entry: object = None  # of the ACL, if it was asked


class Filters:
    """The filters at one interface."""

    def __init__(self, network, interface):
        self.network = network
        self.interface = interface
        item = network.interfaces.get(interface, {})
        self.subnet = item.get("SubnetId")
        self.vpc = item.get("VpcId")
        self.kind = item.get("InterfaceType")
        self.groups = network.groups_of(interface)

    def is_unfiltered(self, packet, ports=()):
        """Amazon's own services, which no rule filters; None: the peer is not known."""
        if packet.peer is None:
            return False
        if packet.peer in SERVICE_ADDRESSES or (packet.protocol == 17 and set(ports) & {67, 68}):
            return True
        at = address_of(packet.peer)
        for block in self.network.blocks_of(self.subnet) or []:
            one = network_of(block)
            if one.version == at.version == 4 and at == one.network_address + 1:
                return True
        return any(
            at.version == 4 and at == network_of(block).network_address + 2
            for block in self.network.blocks_of_vpc(self.vpc, 4)
        )

    # Groups ----------------------------------------------------------------------------------

    @functools.lru_cache(maxsize=None)
    def icmp_types(self, protocol):
        """(type, code) of every rule that names one, and one that no rule names."""
        rules = [rule for group in self.groups or [] for way in OTHER_WAY
                 for rule in self.network.rules_of(group, way) or []]  # fmt: skip
        acl = self.network.acl_of(self.subnet)
        for egress in (False, True) if acl else ():
            rules += self.network.entries(acl, egress)
        named = [one for one in rules if one.protocol == protocol and one.first != -1]
        # A code that no rule names stands for all others.
        codes = {(one.first, code) for one in named for code in (max(one.last, 0), 255)}
        return sorted(codes | {(254, 0)})

    def group_matches(self, packet, direction):
        """(rules that match, rules that may, whether there may be others); None: no groups."""
        if self.groups == []:
            return None
        sure, maybe, unknown = [], [], self.groups is None
        for group in self.groups or []:
            rules = self.network.rules_of(group, direction)
            if rules is None:
                unknown = True
                continue
            for rule in rules:
                answer = self.network.matches(rule, packet)
                if answer is not False:
                    (maybe if answer is None else sure).append(rule)
        return sure, maybe, unknown

    @functools.lru_cache(maxsize=None)
    def by_groups(self, packet, direction):
        """Outcomes: (passes, the rules that let it)."""
        found = self.group_matches(packet, direction)
        if found is None:
            return [(True, frozenset())]
        sure, maybe, unknown = found
        if sure:
            return [(True, frozenset(rule.name for rule in sure))]
        outcomes = [(False, frozenset())]
        for rule in maybe:
            outcomes.append((True, frozenset([rule.name if rule.index >= 0 else UNKNOWN_RULE])))
        if unknown:
            outcomes.append((True, frozenset([UNKNOWN_RULE])))
        return outcomes

    def untracked(self, packet, direction, opening, opened):
        """The rules that a reply needs, where connections may not be tracked: "Untracked connections"
        of https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html
        """
        asks, answers = self.rules_for_all(opening, opened), self.rules_for_all(packet, direction)
        if packet.protocol not in (6, 17) or not asks:
            return frozenset()
        return frozenset(rule.name for rule in answers if rule.first in (-1, 0) and
                         (rule.protocol is None or rule.last in (-1, 65535)))  # fmt: skip

    def rules_for_all(self, packet, direction):
        found = self.group_matches(packet, direction)
        return [
            rule
            for rule in (found[0] if found else [])
            if rule.peers[0] == "cidr" and network_of(rule.peers[1]).prefixlen == 0
        ]

    # ACL -------------------------------------------------------------------------------------

    def is_inside(self, packet):
        blocks = self.network.blocks_of(self.subnet)
        if packet.peer is None and packet.via is None:
            return None
        at = address_of(packet.peer or packet.via)
        if blocks is None:
            # What is outside the VPC is outside the subnet, whose block nobody printed.
            around = self.network.blocks_of_vpc(self.vpc, at.version)
            if around and not any(at in network_of(one) for one in around):
                return False
            return None if self.may_share_subnet(at) else False
        return any(
            at.version == network_of(block).version and at in network_of(block)
            for block in blocks
        )

    def may_share_subnet(self, at):
        """Subnets have at most 2^16 IPv4 addresses, and an IPv6 block of /44 to /64:
        https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
        """
        own = [address_of(one) for one in self.network.addresses(self.interface)]
        length = 16 if at.version == 4 else 44
        return not any(
            one.version == at.version and at not in ipaddress.ip_network((one, length), strict=False)
            for one in own
        )

    def may_be_inside(self, packet):
        """Whether by_acl() has an outcome without an entry since the peer may be in the subnet."""
        return self.is_inside(packet) is None and self.network.acl_of(self.subnet) is not None

    @functools.lru_cache(maxsize=None)
    def by_acl(self, packet, direction):
        """Outcomes: (passes, the name of the entry that decided)."""
        inside = self.is_inside(packet)
        if inside:
            return [(True, None)]
        outcomes = [(True, None)] if inside is None else []
        acl = self.network.acl_of(self.subnet)
        if acl is None:
            return [(True, None), (False, None)]
        for entry in self.network.entries(acl, direction == "egress"):
            answer = self.network.matches(entry, packet)
            if answer is not False:
                outcomes.append((entry.allows, entry.name))
            if answer:
                break
        return outcomes

    # Block Public Access ----------------------------------------------------------------------

    def may_block(self, packet, direction):
        """Whether Block Public Access stops the packet; None if nobody knows."""
        if packet.via is not None or is_public(packet.peer) is False:
            # It works at the gateways of the VPC, so for what a balancer hands on at the balancer:
            # https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html
            return False
        states = self.network.subnets.get(self.subnet, {}).get("BlockPublicAccessStates")
        if states is None:
            return None
        mode = states.get("InternetGatewayBlockMode", "off")
        if mode == "off":
            return False
        if packet.peer is None:
            return None
        if mode == "block-bidirectional":
            return True
        # "Ingress-only": what passes a NAT gateway may pass on.
        return direction == "ingress" and self.kind not in ("nat_gateway", "natGateway")

    # All of them -----------------------------------------------------------------------------

    def blocked(self, packet, direction):
        answer = self.may_block(packet, direction)
        if answer is False:
            return [False]
        return [True] if answer else [True, False]

    @functools.lru_cache(maxsize=None)
    def opening(self, packet, direction):
        """Outcomes of a packet that opens a connection."""
        found = set()
        for blocks in self.blocked(packet, direction):
            for passes_acl, entry in self.by_acl(packet, direction):
                if blocks and entry is None and self.may_be_inside(packet):
                    continue  # what is in the subnet comes from no internet
                for passes_groups, rules in self.by_groups(packet, direction):
                    found.add(
                        opening_outcome(
                            direction, blocks, passes_acl, entry, passes_groups, rules
                        )
                    )
        return found

    def reply(self, packet, direction, opening):
        """Outcomes of a reply, which groups let pass; `opening` is the packet that it answers."""
        found = set()
        opened = OTHER_WAY[direction]
        untracked = self.untracked(packet, direction, opening, opened)
        lets = {
            rules | untracked for passes, rules in self.by_groups(opening, opened) if passes
        }
        # A block that stopped replies would have stopped an opening that came in before.
        # Whether a block of what comes in stops replies AWS does not say.
        if direction == "ingress" and self.may_block(packet, direction) is not False:
            found.add(Outcome("REJECT", "block-public-access"))
        for passes, entry in self.by_acl(packet, direction):
            if not passes:
                found.add(Outcome("REJECT", "network-acl", frozenset([entry]), entry))
                continue
            for rules in lets:
                named = rules or names_of(entry)
                found.add(Outcome("ACCEPT", "allowed", named, entry))
        return found


def names_of(entry):
    return frozenset([entry] if entry else [])


def opening_outcome(direction, blocks, passes_acl, entry, passes_groups, rules):
    """Coming in: Block Public Access, ACL, groups. Going out: groups, ACL, Block Public Access."""
    by_block = Outcome("REJECT", "block-public-access")
    by_acl = Outcome("REJECT", "network-acl", frozenset([entry]), entry)
    by_groups = Outcome("REJECT", "security-group", frozenset(), entry)
    accepted = Outcome("ACCEPT", "allowed", rules or names_of(entry), entry)
    stops = [(blocks, by_block), (not passes_acl, by_acl), (not passes_groups, by_groups)]
    if direction == "egress":
        stops.reverse()
        by_groups = Outcome("REJECT", "security-group")
        stops[0] = (not passes_groups, by_groups)
    return next((outcome for stopped, outcome in stops if stopped), accepted)
