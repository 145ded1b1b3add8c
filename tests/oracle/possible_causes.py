# SPDX-License-Identifier: Apache-2.0
"""Which causes, rules and openers log and configuration leave possible for each record.

Every way in which a conversation may have come about is tried: either end may have opened it unless
the log tells, every filter that may stop a packet may be the one that did. What would log something
else than was logged is dropped; what is left is possible.

- what flags, times and addresses mean: "Flow log records",
  https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html: a SYN is logged as 2, its
  answer as 18; times may be up to a minute late; pkt-srcaddr and pkt-dstaddr are the packet's own
- an accepted request whose reply is rejected: "Flow log record examples",
  https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-records-examples.html
- a load balancer that keeps client addresses: "Client IP preservation",
  https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html

A log is taken to have all records of an interface: a rejected packet whose request was never logged
was nobody's reply.
"""
import dataclasses

from aws_network import BALANCER_TYPES, ICMP_PROTOCOLS, Packet, address_of, is_public
from aws_verdict import UNKNOWN_RULE, Filters, Outcome

LATE_CLOCK_SECONDS = 60
FEW_PORTS = 1024
ACCEPTED = Outcome("ACCEPT", "allowed")
REASONS = {"BPA": "block-public-access", "EC": "encryption-controls"}


@dataclasses.dataclass
class Record:
    interface: str
    source: tuple  # (address, port) as the packet has it
    destination: tuple
    logged: tuple  # srcaddr, dstaddr
    protocol: int
    start: int
    action: str
    flags: object  # None: not logged
    direction: object  # flow-direction, or None
    reason: object  # "": logged and empty; None: not logged
    packet_known: bool


@dataclasses.dataclass
class Judgement:
    """What is possible for one record. In `doubt` the oracle does not decide either way.

    `outcomes` and `openers` are what log and configuration say about the record's own interface;
    with what the interface of the other end says they may be fewer: `fewest`.
    """

    outcomes: set
    openers: set = dataclasses.field(default_factory=set)  # endpoints
    doubt: bool = False
    contradicts: bool = False
    ways: dict = dataclasses.field(default_factory=dict)  # opener -> outcomes
    fewest_openers: set = None

    def __post_init__(self):
        self.fewest_openers = set(self.openers)

    def narrow(self, openers):
        """Leaves the openers that the other end's interface leaves possible as well."""
        both = self.fewest_openers & openers
        if both:
            self.fewest_openers = both

    @property
    def fewest(self):
        if self.fewest_openers == self.openers or not self.ways:
            return self.outcomes
        return set().union(*(self.ways[opener] for opener in self.fewest_openers))

    @property
    def is_decided(self):
        """One cause, and a rule that may be named whatever happened."""
        if self.doubt or len({outcome.cause for outcome in self.outcomes}) != 1:
            return False
        shared = frozenset.intersection(*(outcome.rules for outcome in self.outcomes))
        return bool(shared - {UNKNOWN_RULE}) or not any(outcome.rules for outcome in self.outcomes)

    def allows(self, cause, rule):
        """Whether an answer is right whatever happened."""
        return all(
            outcome.cause == cause and (rule is None or rule in outcome.rules)
            for outcome in self.fewest
        )


def record_of(values):
    """`values` by AWS's names with underscores, as `weir` prints `record`."""
    source = values.get("pkt_srcaddr") or values["srcaddr"]
    destination = values.get("pkt_dstaddr") or values["dstaddr"]
    has_flags = "tcp_flags" in values and values["protocol"] == 6
    reason = values.get("reject_reason") or "" if "reject_reason" in values else None
    return Record(
        values["interface_id"],
        (source, values["srcport"]),
        (destination, values["dstport"]),
        (values["srcaddr"], values["dstaddr"]),
        values["protocol"],
        values["start"],
        values["action"],
        values["tcp_flags"] if has_flags else None,
        values.get("flow_direction"),
        reason,
        values.get("pkt_srcaddr") is not None,
    )


def ends_of(record):
    return record.protocol, frozenset([record.source, record.destination])


def conversations_of(records):
    """Indices of the records of each conversation."""
    found = {}
    for index, record in enumerate(records):
        if record is not None:
            found.setdefault((record.interface, *ends_of(record)), []).append(index)
    return list(found.values())


def openers_of(records):
    """(the ends that may have opened, whether that is in doubt)"""
    ends = {records[0].source, records[0].destination}
    votes, by_end = set(), {end: [] for end in ends}
    for record in records:
        by_end.setdefault(record.source, []).append(record)
        if record.flags is not None and record.flags & 2:
            votes.add(record.destination if record.flags & 16 else record.source)
    actions = {end: {one.action for one in sent} for end, sent in by_end.items()}
    is_mixed = any(len(found) > 1 for found in actions.values())
    if len(votes) == 1:
        return votes, is_mixed
    senders = [end for end in by_end if by_end[end]]
    if len(votes) > 1:
        return ends, True
    if len(senders) == 1:
        is_late = any(record.flags is not None for record in records)
        return set(senders), is_mixed or is_late
    firsts = {end: min(one.start for one in by_end[end]) for end in senders}
    apart = abs(firsts[senders[0]] - firsts[senders[1]]) > LATE_CLOCK_SECONDS
    accepted = {end for end in senders if "ACCEPT" in actions[end]}
    if len(accepted) == 1:
        return accepted, is_mixed or apart
    return ends, is_mixed or apart or not accepted


def addresses_shared_by(records):
    """(interface, version) -> the addresses that all of its records have: its own, if it is one."""
    found = {}
    for record in records:
        if record is not None:
            key = (record.interface, address_of(record.logged[0]).version)
            found[key] = found.get(key, set(record.logged)) & set(record.logged)
    return found


def packet_of(record, peer, port, icmp=None, is_hidden=False):
    """A packet of the record, or of the answer to it: `port` is the destination's."""
    family = address_of(peer[0]).version
    logged = record.logged[0 if peer == record.source else 1]
    via = peer[0] if is_hidden else logged if logged != peer[0] else None
    address = None if is_hidden else peer[0]
    return Packet(record.protocol, port, family, address, icmp, via)


def packets(filters, record, peer, port, is_hidden=False):
    """The packet; of ICMP, whose types are not logged, one for each that rules tell apart."""
    is_icmp = record.protocol in ICMP_PROTOCOLS
    types = filters.icmp_types(record.protocol) if is_icmp else [None]
    return [packet_of(record, peer, port, icmp, is_hidden) for icmp in types]


class Judge:
    """`network` is None where there is no configuration."""

    def __init__(self, network=None):
        self.network = network
        self.filters = {}
        self.shared = {}

    def judge(self, records):
        """A Judgement for each record; None for what is not one."""
        found = [None] * len(records)
        self.shared = addresses_shared_by(records)
        conversations, by_ends = conversations_of(records), {}
        for indices in conversations:
            together = [records[index] for index in indices]
            for index, judgement in zip(indices, self.judge_together(together)):
                found[index] = judgement
            if not found[indices[0]].doubt:
                by_ends.setdefault(ends_of(together[0]), []).append(found[indices[0]].openers)
        for indices in conversations:
            for openers in by_ends.get(ends_of(records[indices[0]]), []):
                for index in indices:
                    found[index].narrow(openers)
        return found

    def judge_together(self, records):
        openers, doubt = openers_of(records)
        filters = self.filters_of(records[0].interface)
        if filters is None:
            return [self.by_log(record, openers, doubt) for record in records]
        if self.own_end(records[0], filters) is None:
            return [Judgement(set(), openers, doubt=True) for _ in records]
        ways = [[self.explain(one, end, filters) for one in records] for end in openers]
        kept = [(end, way) for end, way in zip(openers, ways) if all(way)]
        if not kept:
            # Perhaps each end opened one: the same ports, or pings both ways.
            crossed = [self.explain(one, one.source, filters) for one in records]
            contradicts = not all(crossed)
            return [
                Judgement(found, openers, True, contradicts and not found) for found in crossed
            ]
        ends = {end for end, _ in kept}
        # A rule for just this port says more than one for all: nobody is wrong who goes by it.
        widths = [self.width_of(way) for _, way in kept]
        doubt = doubt or min(widths) <= FEW_PORTS < max(widths)
        return [
            Judgement(set().union(*found), ends, doubt, ways=dict(zip((end for end, _ in kept), found)))
            for found in zip(*(way for _, way in kept))
        ]

    def filters_of(self, interface):
        if self.network is None or interface not in self.network.interfaces:
            return None
        if interface not in self.filters:
            self.filters[interface] = Filters(self.network, interface)
        return self.filters[interface]

    def width_of(self, way):
        """The ports of the narrowest rule of a group that a way goes by."""
        names = {name for found in way for outcome in found for name in outcome.rules}
        groups = {name for name in names if name[0] == "security-group"}
        return min((self.network.ports_of(name) for name in groups), default=FEW_PORTS)

    # With the configuration ------------------------------------------------------------------

    def own_end(self, record, filters):
        """Which end the interface is: "source" or "destination"."""
        if record.direction:
            return "source" if record.direction == "egress" else "destination"
        own = self.network.addresses(filters.interface)
        is_own = [address in own for address in record.logged]
        if is_own[0] == is_own[1]:
            return None
        return "source" if is_own[0] else "destination"

    def explain(self, record, opener, filters):
        """Outcomes with this opener that are what was logged."""
        if record.reason in REASONS:
            return {Outcome("REJECT", REASONS[record.reason])}
        outgoing = self.own_end(record, filters) == "source"
        own, peer = record.source, record.destination
        own, peer = (own, peer) if outgoing else (peer, own)
        direction = "egress" if outgoing else "ingress"
        if filters.is_unfiltered(packet_of(record, peer, own[1]), (own[1], peer[1])):
            return set()
        hides = opener == peer and self.hides(record, peer)
        found = set()
        for packet in packets(filters, record, peer, record.destination[1], hides):
            if record.source == opener:
                found |= filters.opening(packet, direction)
                continue
            for opening in packets(filters, record, peer, record.source[1], hides):
                found |= filters.reply(packet, direction, opening)
        found = {one for one in found if one.action == record.action}
        if record.reason is not None:
            found = {one for one in found if one.cause != "block-public-access"}
        return found

    def hides(self, record, peer):
        """Whether the address may stand for that of any client behind a load balancer."""
        return not record.packet_known and any(
            self.network.interfaces[one].get("InterfaceType") in BALANCER_TYPES
            for one in self.network.by_address.get(peer[0], [])
        )

    # From the log alone ----------------------------------------------------------------------

    def by_log(self, record, openers, doubt):
        if record.action == "ACCEPT":
            return Judgement({ACCEPTED}, openers)
        if record.reason in REASONS:
            return Judgement({Outcome("REJECT", REASONS[record.reason])}, openers)
        causes = {"network-acl"}
        if record.source in openers:
            causes.add("security-group")
            if record.reason is None and self.is_from_outside(record):
                causes.add("block-public-access")
        elif record.reason is None and self.is_from_outside(record):
            # A block of what comes in would stop replies only; the seed's ping went out.
            doubt = doubt or not self.goes_out(record)
        return Judgement({Outcome("REJECT", cause) for cause in causes}, openers, doubt)

    def goes_out(self, record):
        if record.direction:
            return record.direction == "egress"
        family = address_of(record.logged[0]).version
        return self.shared.get((record.interface, family)) == {record.logged[0]}

    def is_from_outside(self, record):
        """Perhaps hidden by a load balancer, where the packet's own addresses are not logged."""
        if not record.packet_known:
            return True
        return any(is_public(address) for address in (record.source[0], record.destination[0]))
