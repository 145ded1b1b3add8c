# SPDX-License-Identifier: Apache-2.0
"""Asks weir's stages pairs, why and rules (weir_changes.py: suggest, whatif) about one log and holds their answers
against the oracle and against each other.

Every check adds its violations under the kind of fault; check_oracle.py prints and counts them.
"""
import collections
import dataclasses
import functools
import json

from aws_verdict import OTHER_WAY, UNKNOWN_RULE, Filters
from possible_causes import Judge, conversations_of, ends_of, packet_of, record_of

RANK = {None: -1, "possible": 0, "likely": 1, "certain": 2}
DIRECTIONS = {"inbound": "ingress", "outbound": "egress"}


def rows_of(run, *arguments):
    got = run(*arguments, "-q", "-o", "ndjson")
    if got.status not in (0, 1):
        raise RuntimeError(f"weir {' '.join(map(str, arguments))}: {got.status} {got.messages}")
    return [json.loads(line) for line in got.output.splitlines()]


class Scene:
    """A log, perhaps a configuration, perhaps the truth about each record."""

    def __init__(self, name, run, log, config=None, network=None, truths=None):
        self.name, self.run, self.config = name, run, config
        self.log = log if isinstance(log, list) else [log]
        self.network, self.truths = network, truths
        self.violations = collections.defaultdict(list)
        self.kinds = set()
        self.filters = {}
        self.why = self.ask("why", "--each")
        self.records = [self.as_record(row["record"]) for row in self.why]
        self.judgements = Judge(network).judge(self.records)
        self.conversations = conversations_of(self.records)

    def ask(self, verb, *flags):
        config = ["--config", self.config] if self.config else []
        return rows_of(self.run, verb, *flags, *config, *self.log)

    @staticmethod
    def as_record(values):
        needed = ("srcaddr", "dstaddr", "srcport", "dstport", "protocol", "action", "start")
        whole = all(values.get(name) is not None for name in needed)
        return record_of(values) if whole and values.get("interface_id") else None

    def check(self, kind):
        """Declares that a kind of fault was looked for."""
        self.kinds.add(kind)

    def fault(self, kind, record, answer, expected):
        self.kinds.add(kind)
        self.violations[kind].append((record, answer, expected))

    def judged(self):
        for index, row in enumerate(self.why):
            if self.records[index] is not None:
                truth = self.truths[index] if self.truths else None
                yield row, self.records[index], self.judgements[index], truth

    # why -------------------------------------------------------------------------------------

    def check_why(self, table):
        wrong = "why: certain and wrong"
        open_kind = "why: certain where log and configuration leave it open"
        denied = "why: certain of a denial that no rule explains"
        unsound = "the oracle itself: the truth is not among what it finds possible"
        for kind in (wrong, open_kind, denied, unsound):
            self.check(kind)
        for row, record, judgement, truth in self.judged():
            if truth and not is_sound(judgement, record, truth, self.config is not None):
                self.fault(unsound, record, judgement, truth)
            cause, rule, certainty = row["cause"], rule_name(row), row["certainty"]
            if truth:
                table.add(self.config is not None, row, is_right(row, rule, truth))
            if truth and certainty == "certain" and not is_right(row, rule, truth):
                self.fault(wrong, record, summary(row), truth)
            if judgement.is_decided:
                example = (self.name, record, summary(row), judgement.outcomes)
                table.decided(self.config is not None, certainty == "certain", example)
            if certainty != "certain":
                continue
            if judgement.contradicts and cause not in ("allowed", "late-packet"):
                self.fault(denied, record, summary(row), "the rules let it pass")
            elif not judgement.doubt and not judgement.allows(cause, rule):
                self.fault(open_kind, record, summary(row), judgement.fewest)

    # pairs -----------------------------------------------------------------------------------

    @functools.cached_property
    def pairs(self):
        """(interface, protocol, ends) -> rows"""
        found = collections.defaultdict(list)
        for row in self.ask("pairs", "-n", "0"):
            ends = {
                (row["client"], row["client_port"] or 0), (row["server"], row["server_port"] or 0)
            }  # fmt: skip
            found[row["interface_id"], row["protocol"], frozenset(ends)].append(row)
        return found

    def rank_of_opener(self, record):
        """How sure pairs is of who opened the conversation of a record."""
        found = self.pairs.get((record.interface, *ends_of(record)), [])
        return max((RANK[one["certainty"]] for one in found), default=RANK["certain"])

    def check_pairs(self, table):
        wrong, open_kind = "pairs: certain and wrong", "pairs: certain where the opener is open"
        missing, above = "pairs: a record is in no conversation", "why is more certain than pairs"
        other = "why and pairs name different openers"
        for kind in (wrong, open_kind, missing, above, other):
            self.check(kind)
        for row, record, judgement, truth in self.judged():
            found = self.pairs.get((record.interface, *ends_of(record)))
            if not found:
                self.fault(missing, record, None, None)
                continue
            for pair in found:
                client = (pair["client"], pair["client_port"] or 0)
                sure = pair["certainty"] == "certain"
                if truth and len(found) == 1:
                    opener = record.source if truth.opened_by_source else record.destination
                    table.opener(self.config is not None, pair["certainty"], client == opener)
                    if sure and client != opener:
                        self.fault(wrong, record, pair, truth)
                if sure and not judgement.doubt and judgement.fewest_openers != {client}:
                    self.fault(open_kind, record, pair, judgement.fewest_openers)
            self.compare_with_pairs(row, record, found, above, other)

    def compare_with_pairs(self, row, record, found, above, other):
        opener = implied_opener(row, record)
        if opener is None or self.may_be_untracked(row, record):
            return
        same = [one for one in found if (one["client"], one["client_port"] or 0) == opener]
        if not same and row["certainty"] != "possible":
            self.fault(other, record, summary(row), found)
        best = max((RANK[one["certainty"]] for one in same), default=2)
        if RANK[row["certainty"]] > best:
            self.fault(above, record, summary(row), found)

    def may_be_untracked(self, row, record):
        """Whether why may have named a rule for a reply's own direction."""
        filters, rule = self.filters_of(record.interface), rule_name(row)
        if filters is None or rule is None or rule[3] != DIRECTIONS.get(row["side"]):
            return False
        peer = record.destination if row["side"] == "outbound" else record.source
        packet = packet_of(record, peer, record.destination[1])
        opening = packet_of(record, peer, record.source[1])
        return rule in filters.untracked(packet, rule[3], opening, OTHER_WAY[rule[3]])

    # rules -----------------------------------------------------------------------------------

    def check_rules(self):
        """The flows of every rule are those for which why names it, or another beside it."""
        kinds = {
            (False, False): "rules: a group's rule counts flows that why does not give it",
            (True, False): "rules: an ACL entry counts flows that why does not give it",
            (None, False): "rules: denials by groups are not those of why",
        }
        for kind in kinds.values():
            self.check(kind)
        low, high = collections.Counter(), collections.Counter()
        for row, record, judgement, _ in self.judged():
            self.count_hits(row, record, judgement, low, high)
        for row in self.ask("rules"):
            index = row["number"] if row["kind"] == "network-acl" else row["index"]
            name = (row["kind"], row["id"], index, row["direction"])
            if low[name] <= row["flows"] <= high[name]:
                continue
            is_entry = None if row["id"] is None else row["kind"] == "network-acl"
            expected = f"{low[name]} to {high[name]} flows"
            self.fault(kinds[is_entry, False], None, row, expected)

    def count_hits(self, row, record, judgement, low, high):
        filters = self.filters_of(record.interface)
        sure = not judgement.doubt and row["certainty"] == "certain"
        side = DIRECTIONS.get(row["side"])
        denied = ("security-group", None, None, side)
        if row["cause"] == "security-group":
            low[denied] += sure
            high[denied] += 1
        elif row["verdict"] == "REJECT" and not sure:
            high[denied] += 1
        if filters is None or side is None:
            return
        peer = record.destination if side == "egress" else record.source
        hides = Judge(self.network).hides(record, peer)
        packet = packet_of(record, peer, record.destination[1], is_hidden=hides)
        entries = filters.by_acl(packet, side)
        for _, entry in entries:
            high[entry] += 1
        rule = rule_name(row)
        if len(entries) == 1 and sure:
            passes, entry = entries[0]
            asked = row["verdict"] == "ACCEPT" or rule == entry
            low[entry] += asked and passes == (row["verdict"] == "ACCEPT")
        if row["verdict"] == "ACCEPT":
            named = sure and not self.may_be_untracked(row, record)
            self.count_group_hits(filters, packet, record, side, named and rule, low, high)

    @staticmethod
    def count_group_hits(filters, packet, record, side, rule, low, high):
        reply = dataclasses.replace(packet, port=record.source[1])
        for asked, direction in (
            (packet, side),
            (reply, OTHER_WAY[side]),
        ):
            found = filters.group_matches(asked, direction)
            for one in (found[0] + found[1]) if found else []:
                high[one.name] += 1
            if rule and rule[0] == "security-group" and rule[3] == direction and found:
                for one in found[0]:
                    low[one.name] += 1

    def filters_of(self, interface):
        if self.network is None or interface not in self.network.interfaces:
            return None
        if interface not in self.filters:
            self.filters[interface] = Filters(self.network, interface)
        return self.filters[interface]


def rule_name(row):
    rule = row["rule"]
    if rule is None:
        return None
    index = rule["number"] if rule["kind"] == "network-acl" else rule["index"]
    return (rule["kind"], rule["id"], index, rule["direction"])


def is_right(row, rule, truth):
    outcome = truth.outcome
    return (
        row["cause"] == outcome.cause
        and (row["side"] or truth.side) == truth.side
        and (rule is None or rule in outcome.rules or rule == outcome.entry)
    )


def is_sound(judgement, record, truth, has_config):
    if judgement.doubt:
        return True
    opener = record.source if truth.opened_by_source else record.destination
    return opener in judgement.fewest_openers and any(
        outcome.cause == truth.outcome.cause
        and (not has_config or UNKNOWN_RULE in outcome.rules or outcome.rules <= truth.outcome.rules)
        for outcome in judgement.fewest
    )


def implied_opener(row, record):
    """Who opened, by the rule that why names; None if its answer does not depend on that."""
    if row["cause"] == "security-group":
        return record.source
    rule = row["rule"]
    if row["cause"] != "allowed" or rule is None or rule["kind"] != "security-group":
        return None
    own_is_source = row["side"] == "outbound"
    own, peer = record.source, record.destination
    own, peer = (own, peer) if own_is_source else (peer, own)
    return peer if rule["direction"] == "ingress" else own


def summary(row):
    return {key: row[key] for key in ("cause", "side", "certainty", "rule", "text", "because")}
