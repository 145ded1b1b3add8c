# SPDX-License-Identifier: Apache-2.0
"""Sends packets at every rule's edges and writes what AWS would log of them.

A conversation is opened by one end; each filter on its way decides with AWS's whole knowledge
(aws_verdict.Filters over `whole`), so that of every record the opener, the cause and the rules that
may be named are known. Formats and fields: "Flow log records",
https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
"""
import dataclasses
import ipaddress

from aws_network import ICMP_PROTOCOLS, Packet, address_of
from aws_verdict import OTHER_WAY, SERVICE_ADDRESSES, Filters, Outcome
from invented_network import addresses_at_edges

FORMATS = {
    "v2": "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes"
    " start end action log-status",
    "v5": "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes"
    " start end action log-status tcp-flags pkt-srcaddr pkt-dstaddr flow-direction",
    "v8": "version interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end"
    " action log-status tcp-flags pkt-srcaddr pkt-dstaddr flow-direction reject-reason",
}
SYN, SYN_ACK, FIN, RST = 2, 18, 1, 4
BASE_TIME = 1_795_000_000
ICMP_ANSWERS = {(8, 0): (0, 0), (128, 0): (129, 0), (13, 0): (14, 0)}


@dataclasses.dataclass
class Truth:
    opened_by_source: bool  # whether the record's sender opened the conversation
    side: str  # inbound, outbound
    outcome: Outcome
    conversation: int


@dataclasses.dataclass
class Plan:
    """What one end asks of the other, seen from the interface that is tested."""

    interface: str
    own: str
    peer: str
    opened: str  # ingress, egress
    protocol: int
    client_port: int
    server_port: int
    icmp: object = None
    shown_peer: object = None  # an intermediate's address, where there is one


class Traffic:
    def __init__(self, rng, network, own_interfaces):
        self.rng, self.network, self.interfaces = rng, network, own_interfaces
        self.filters = {one: Filters(network, one) for one in network.interfaces}
        self.records, self.taken, self.conversations = [], set(), 0

    # Plans -----------------------------------------------------------------------------------

    def is_usable(self, address, own):
        at = address_of(address)
        if at == address_of(own) or at.is_multicast or at.is_loopback or at.is_unspecified:
            return False
        if address in SERVICE_ADDRESSES or at.is_link_local:
            return False
        if at.version == 4 and (at.packed[0] in (0, 255) or at.packed[0] >= 224):
            return False
        for subnet in self.network.subnets.values():
            if not subnet.get("CidrBlock"):
                continue
            block = ipaddress.ip_network(subnet["CidrBlock"])
            # "Subnet CIDR blocks": the first four and the last address are AWS's.
            if at.version == 4 and at in block:
                offset = int(at) - int(block.network_address)
                if offset < 4 or at == block.broadcast_address:
                    return False
        for vpc in self.network.vpcs:
            for block in self.network.blocks_of_vpc(vpc, 4):
                if at.version == 4 and int(at) - int(ipaddress.ip_network(block)[0]) == 2:
                    return False
        return True

    def peers_at_edges(self, rule):
        kind, what = rule.peers
        if kind == "cidr":
            return addresses_at_edges(what, self.rng)
        if kind == "list":
            cidrs = self.network.lists.get(what, [])
            return [one for cidr in cidrs for one in addresses_at_edges(cidr, self.rng)]
        if kind == "group":
            carriers = self.network.interfaces
            members = [
                address
                for one in carriers
                if what[0] in (self.network.groups_of(one) or [])
                for address in sorted(self.network.addresses(one))
            ]
            others = [a for one in carriers for a in sorted(self.network.addresses(one))]
            return members + self.rng.sample(others, min(3, len(others)))
        return []

    def ports_at_edges(self, rule):
        if rule.protocol in (6, 17) and rule.first != -1:
            edges = {rule.first - 1, rule.first, rule.last, rule.last + 1}
            return [one for one in sorted(edges) if 0 < one < 65536]
        return [self.rng.choice((22, 443, 8080, 51820, 2049))]

    def types_at_edges(self, rule):
        if rule.protocol == 58 or (rule.protocol is None and rule.family == 6):
            return [(128, 0), (1, 4), (2, 0)]
        return [(8, 0), (3, 4), (13, 0), (11, 0)]

    def rules_at(self, interface):
        for group in self.network.groups_of(interface) or []:
            for direction in ("ingress", "egress"):
                yield from self.network.rules_of(group, direction) or []
        acl = self.network.acl_of(self.network.interfaces[interface].get("SubnetId"))
        if acl:
            for egress in (False, True):
                yield from self.network.entries(acl, egress)

    def plans(self, interface):
        rng = self.rng
        for rule in self.rules_at(interface):
            peers, ports = self.peers_at_edges(rule), self.ports_at_edges(rule)
            tries = [(peer, rng.choice(ports)) for peer in peers]
            tries += [(rng.choice(peers), port) for port in ports if peers for _ in range(2)]
            for peer, port in tries:
                protocol = rule.protocol if rule.protocol is not None else rng.choice((6, 17, 1))
                if rng.random() < 0.06:
                    protocol = rng.choice((6, 17, 1, 50, 47))
                plan = self.plan(interface, rule, peer, protocol, port)
                if plan:
                    yield plan

    def plan(self, interface, rule, peer, protocol, port):
        rng, version = self.rng, address_of(peer).version
        owns = [
            one
            for one in sorted(self.network.addresses(interface))
            if address_of(one).version == version
        ]
        if not owns or not self.is_usable(peer, owns[0]):
            return None
        if protocol in ICMP_PROTOCOLS:
            protocol = 58 if version == 6 else 1
        client = self.client_port(port)
        opened = rule.direction
        if rule.is_entry and rng.random() < 0.4 and protocol in (6, 17) and port >= 1023:
            # The entry sees the reply: its destination is the client's port.
            opened, client, port = OTHER_WAY[opened], port, rng.choice((443, 22, 8443, 53))
        icmp = None
        if protocol in ICMP_PROTOCOLS:
            client = port = 0
            own_type = protocol == rule.protocol and rule.first != -1 and rng.random() < 0.5
            kinds = self.types_at_edges(rule)
            icmp = (rule.first, max(rule.last, 0)) if own_type else rng.choice(kinds)
        elif protocol not in (6, 17):
            client = port = 0
        return Plan(interface, owns[0], peer, opened, protocol, client, port, icmp)

    def client_port(self, server):
        """Mostly ephemeral; load balancers, NAT and old systems take low ones, NTP its own."""
        rng = self.rng
        kind = rng.choices(("linux", "balancer", "same"), (6, 3, 0.4))[0]
        if kind == "same":
            return server
        return rng.randint(32768, 60999) if kind == "linux" else rng.randint(1024, 65535)

    # Conversations ---------------------------------------------------------------------------

    def run(self, plan):
        """Writes the records of one conversation, if its ends are not taken and its fate is known."""
        before = len(self.records)
        try:
            self.converse(plan)
        except UndecidedError:
            del self.records[before:]

    def converse(self, plan):
        shown = plan.shown_peer or plan.peer
        ends = frozenset([(plan.own, plan.client_port, plan.server_port), shown, plan.protocol])
        key = (ends, min(plan.client_port, plan.server_port))
        pair = frozenset([plan.own, shown])
        if plan.protocol not in (6, 17):
            key = (pair, plan.protocol)
        both = (pair, plan.protocol, frozenset([plan.client_port, plan.server_port]))
        if key in self.taken or both in self.taken:
            return
        self.taken |= {key, both}
        self.conversations += 1
        way = [(plan.interface, plan.opened, plan.own, plan.peer)]
        for other in self.network.by_address.get(plan.peer, []):
            if other in self.interfaces and not plan.shown_peer:
                step = (other, OTHER_WAY[plan.opened], plan.peer, plan.own)
                way.insert(0 if plan.opened == "ingress" else 1, step)
        start = BASE_TIME + self.rng.randrange(7200)
        if not self.open(plan, way, start):
            return
        if self.rng.random() < 0.15 or plan.protocol not in (1, 6, 17, 58):
            return  # nobody answers
        if plan.icmp and plan.icmp not in ICMP_ANSWERS:
            return
        # Within one second for most, and the log's clock may be a second off.
        delay = self.rng.choices((0, 1, 3, -1), (60, 20, 15, 5))[0]
        if self.answer(plan, way, start + delay) and plan.protocol == 6:
            if self.rng.random() < 0.03:
                self.write_late(plan, way[0], start + 150)

    def packet(self, plan, peer, port, icmp):
        return Packet(plan.protocol, port, address_of(peer).version, peer, icmp, plan.shown_peer)

    def open(self, plan, way, start):
        for interface, direction, own, peer in way:
            packet = self.packet(plan, peer, plan.server_port, plan.icmp)
            outcome = single(self.filters[interface].opening(packet, direction))
            flags = SYN if outcome.action == "REJECT" else SYN | FIN
            self.write(plan, interface, direction, own, peer, True, start, outcome, flags)
            if outcome.action == "REJECT":
                return False
        return True

    def answer(self, plan, way, start):
        icmp = ICMP_ANSWERS.get(plan.icmp)
        for interface, direction, own, peer in reversed(way):
            opening = self.packet(plan, peer, plan.server_port, plan.icmp)
            packet = self.packet(plan, peer, plan.client_port, icmp)
            back = OTHER_WAY[direction]
            outcome = single(self.filters[interface].reply(packet, back, opening))
            self.write(plan, interface, back, own, peer, False, start, outcome, SYN_ACK | FIN)
            if outcome.action == "REJECT":
                return False
        return True

    def write_late(self, plan, step, start):
        interface, direction, own, peer = step
        outcome = Outcome("REJECT", "late-packet")
        flags = self.rng.choice((RST, 0))
        self.write(plan, interface, direction, own, peer, True, start, outcome, flags)

    def write(self, plan, interface, direction, own, peer, by_client, start, outcome, flags):
        shown = plan.shown_peer if plan.shown_peer and peer == plan.peer else peer
        outgoing = direction == "egress"
        ports = (plan.client_port, plan.server_port)
        ports = ports if by_client else ports[::-1]
        packets = self.rng.randint(1, 20)
        values = {
            "account-id": "123456789012",
            "interface-id": interface,
            "srcaddr": own if outgoing else shown,
            "dstaddr": shown if outgoing else own,
            "srcport": ports[0],
            "dstport": ports[1],
            "protocol": plan.protocol,
            "packets": packets,
            "bytes": packets * 60,
            "start": start,
            "end": start + self.rng.randint(1, 55),
            "action": outcome.action,
            "log-status": "OK",
            "tcp-flags": flags if plan.protocol == 6 else 0,
            "pkt-srcaddr": own if outgoing else peer,
            "pkt-dstaddr": peer if outgoing else own,
            "flow-direction": direction,
            "reject-reason": "BPA" if outcome.cause == "block-public-access" else "-",
        }
        side = "outbound" if outgoing else "inbound"
        self.records.append((values, Truth(by_client, side, outcome, self.conversations)))

    def write_balanced(self, balancer, interface, own, count):
        """A balancer that keeps the client's address for the packet, and asks on its own behalf."""
        rng = self.rng
        for one in range(count):
            client = f"{rng.choice((23, 52, 81, 203))}.0.113.{one % 250 + 1}"
            real = rng.random() < 0.7
            port = rng.choice((443, 8443, 31380, 22, 8080))
            peer = client if real else balancer
            plan = Plan(interface, own, peer, "ingress", 6, rng.randint(1024, 65535), port)
            plan.shown_peer = balancer if real else None
            self.run(plan)


class UndecidedError(Exception):
    """Nobody knows what happens: a real configuration refers to what its owner did not print."""


def single(outcomes):
    if len(outcomes) != 1:
        raise UndecidedError(outcomes)
    return next(iter(outcomes))


def lines_of(records, fields):
    version = {"v2": 2, "v5": 5, "v8": 8}
    names = fields.split()
    number = next(version[name] for name, text in FORMATS.items() if text == fields)
    yield fields
    for values, _ in records:
        yield " ".join(str(number if name == "version" else values[name]) for name in names)


def invent(rng, network, own_interfaces, limit, is_balanced=False):
    """Records in the order of a log, each with its truth."""
    traffic = Traffic(rng, network, own_interfaces)
    plans = [plan for one in own_interfaces for plan in traffic.plans(one)]
    rng.shuffle(plans)
    for plan in plans[:limit]:
        traffic.run(plan)
    if is_balanced:
        balancers = [
            one
            for one, item in network.interfaces.items()
            if item.get("InterfaceType") == "network_load_balancer"
        ]
        target = own_interfaces[0]
        own = network.interfaces[target]["PrivateIpAddress"]
        for balancer in balancers:
            address = network.interfaces[balancer]["PrivateIpAddress"]
            traffic.write_balanced(address, target, own, 40)
    order = sorted(range(len(traffic.records)), key=lambda one: traffic.records[one][0]["end"])
    return [traffic.records[one] for one in order]
