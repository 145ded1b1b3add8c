# SPDX-License-Identifier: Apache-2.0
"""Asks suggest and whatif about a scene (weir_stages.py), and holds their answers against what the
oracle finds possible: which rules would be enough, and what a change of the configuration does.
"""
import collections
import re

from aws_network import address_of, network_of
from aws_verdict import OTHER_WAY, Filters
from possible_causes import Judge, packets
from weir_stages import DIRECTIONS, RANK


def check_suggest(scene):
    left_out = "suggest: leaves out an accepted conversation"
    nobody = "suggest: a rule for a direction in which nobody can have opened"
    sure = "suggest: certain of an opener that log and configuration leave open"
    above = "suggest is more certain than pairs"
    for kind in (left_out, nobody, sure, above):
        scene.check(kind)
    rows = scene.ask("suggest", "--max-rules", "1000")
    asked = [opening_of(scene, indices) for indices in scene.conversations]
    asked = [one for one in asked if one is not None]
    support = collections.Counter()
    decided = collections.Counter()
    ranks = collections.defaultdict(lambda: -1)
    by_interface = collections.defaultdict(list)
    for number, row in enumerate(rows):
        for interface in (row["interface_ids"] or "").split(","):
            by_interface[interface].append((number, row))
    for record, openings, doubt in asked:
        hits = set()
        for direction, peer, port in openings:
            for number, row in by_interface[record.interface]:
                if covers(scene, row, record.protocol, direction, peer, port):
                    hits.add(number)
        for number in hits:
            support[number] += 1
            ranks[number] = max(ranks[number], scene.rank_of_opener(record))
            decided[number] += len(openings) == 1 or doubt
        if not hits and not doubt:
            scene.fault(left_out, record, None, openings)
    for number, row in enumerate(rows):
        if not support[number] and row["certainty"] != "possible":
            scene.fault(nobody, None, row, None)
        elif row.get("certainty") == "certain" and not decided[number]:
            scene.fault(sure, None, row, None)
        elif support[number] and RANK[row["certainty"]] > ranks[number]:
            scene.fault(above, None, row, None)


def opening_of(scene, indices):
    """(a record, every (direction, peer, port) that may have been asked, doubt), if accepted."""
    records = [scene.records[index] for index in indices]
    judgement = scene.judgements[indices[0]]
    accepted = {one.source for one in records if one.action == "ACCEPT"}
    filters = scene.filters_of(records[0].interface)
    if not accepted or (filters and not filters.groups):
        return None
    sides = [scene.why[index]["side"] for index in indices]
    if any(side not in DIRECTIONS for side in sides):
        return None
    openings = set()
    for opener in judgement.fewest_openers & accepted or accepted:
        for record, side in zip(records, sides):
            by_opener = record.source == opener
            outgoing = (side == "outbound") == by_opener
            server = record.destination if by_opener else record.source
            peer = record.destination if side == "outbound" else record.source
            openings.add(("egress" if outgoing else "ingress", peer[0], server[1]))
    return records[0], openings, judgement.doubt


def covers(scene, row, protocol, direction, peer, port):
    if row["direction"] != direction or row["protocol"] not in (None, protocol):
        return False
    if protocol in (6, 17) and row["from_port"] is not None:
        if not row["from_port"] <= port <= row["to_port"]:
            return False
    what = row["peer"]
    if what.startswith("sg-"):
        carriers = scene.network.by_address.get(peer, []) if scene.network else []
        return any(what in (scene.network.groups_of(one) or []) for one in carriers)
    if what.startswith("pl-"):
        cidrs = scene.network.lists.get(what, []) if scene.network else []
        return any(holds(cidr, peer) for cidr in cidrs)
    return holds(what, peer)


def check_whatif(scene, name, folder, proposed):
    """`proposed` is the changed network that `folder` holds."""
    over = "whatif: certain of an effect that log and configuration leave open"
    missing = "whatif: does not list what is certainly cut or admitted"
    above = "whatif is more certain than pairs"
    for kind in (over, missing, above):
        scene.check(kind)
    rows = [
        row
        for row in scene.ask("whatif", "-n", "0", "--proposed", folder)
        if row["effect"] != "unchanged"
    ]
    found = [effects_of(scene, indices, proposed) for indices in scene.conversations]
    found = [one for one in found if one is not None]
    for row in rows:
        # An effect that is the same whoever opened it does not depend on that.
        ranks = [
            RANK["certain"] if same_anyway else scene.rank_of_opener(record)
            for record, openings, _, _, same_anyway in found
            if is_of_row(row, record, openings)
        ]
        if ranks and RANK[row["certainty"]] > max(ranks):
            scene.fault(above, None, row, name)
        if row["certainty"] != "certain" or row["effect"].startswith("possibly"):
            continue
        sure = sum(
            effects == {row["effect"]} or doubt
            for record, openings, effects, doubt, _ in found
            if is_of_row(row, record, openings)
        )
        if sure < row["conversations"]:
            scene.fault(over, None, row, f"{sure} of them are ({name})")
    for record, openings, effects, doubt, _ in found:
        if doubt or len(effects) != 1 or len(openings) != 1:
            continue
        effect = next(iter(effects))
        if effect != "unchanged" and not any(
            effect in row["effect"] and is_of_row(row, record, openings) for row in rows
        ):
            scene.fault(missing, record, [row["text"] for row in rows][:3], f"{effect} ({name})")


def effects_of(scene, indices, proposed):
    """(a record, possible openings, possible effects, doubt, the same whoever opened it)"""
    records = [scene.records[index] for index in indices]
    judgement = scene.judgements[indices[0]]
    first, filters = records[0], scene.filters_of(records[0].interface)
    if filters is None or any(scene.why[one]["side"] not in DIRECTIONS for one in indices):
        return None
    doubt = any(scene.judgements[one].doubt for one in indices)
    doubt = doubt or len({one.action for one in records}) > 1  # half of it passed
    then = Filters(proposed, first.interface)
    outgoing = scene.why[indices[0]]["side"] == "outbound"
    own, peer = first.source, first.destination
    own, peer = (own, peer) if outgoing else (peer, own)
    by_opener, openings = {}, set()
    for opener, other, direction in ((own, peer, "egress"), (peer, own, "ingress")):
        answered = any(one.source != opener for one in records)
        by_opener[opener] = set()
        for now, later in worlds(filters, then, first, direction, peer, other, opener):
            effects = possible_effects(first.action == "ACCEPT", answered, now, later)
            by_opener[opener] |= effects
        if opener in judgement.fewest_openers:
            openings.add((direction, peer[0], other[1]))
    effects = set().union(*(by_opener[opener] for opener in judgement.fewest_openers))
    same_anyway = len(set().union(*by_opener.values())) == 1
    return first, openings, effects, doubt or not effects, same_anyway


def worlds(filters, then, record, direction, peer, server, client):
    """Pairs of (opening passes, answer passes), now and with the proposal. Where the log has
    reject-reason and it is not Block Public Access, that stops nothing in either.
    """
    ruled_out = "block-public-access" if record.reason == "" else None
    hides = direction == "ingress" and Judge(filters.network).hides(record, peer)
    for opening in packets(filters, record, peer, server[1], hides):
        for reply in packets(filters, record, peer, client[1], hides):
            found = []
            for one in (filters, then):
                passes = {
                    out.action == "ACCEPT"
                    for out in one.opening(opening, direction)
                    if out.cause != ruled_out
                }
                back = {passed for passed, _ in one.by_acl(reply, OTHER_WAY[direction])}
                found.append({(first, second) for first in passes for second in back})
            for now in found[0]:
                for later in found[1]:
                    yield now, later


def possible_effects(accepted, answered, now, later):
    """Nothing where what passes now is not what was logged."""
    if accepted:
        if not now[0] or (answered and not now[1]):
            return set()
        if not answered and later[0] and later != now:
            return {"cut", "unchanged"}  # there was no answer that the ACL might stop
        return {"unchanged" if later[0] and (later[1] or not answered) else "cut"}
    if all(now):
        return set()
    return {"admitted" if all(later) else "unchanged"}


def is_of_row(row, record, openings):
    if row["interface_id"] != record.interface or row["protocol"] not in (None, record.protocol):
        return False
    prefixes = [one for one in (row["peer_prefixes"] or "").replace(" ", "").split(",") if one]
    for direction, peer, port in openings:
        if DIRECTIONS.get(row["opened"], direction) != direction:
            continue
        if record.protocol in (6, 17) and row["ports"] and not holds_port(row["ports"], port):
            continue
        if not prefixes or any(holds(one, peer) for one in prefixes):
            return True
    return False


def holds_port(text, port):
    for first, last in re.findall(r"(\d+)(?:-(\d+))?", str(text)):
        if int(first) <= port <= int(last or first):
            return True
    return False


def holds(cidr, address):
    block, at = network_of(cidr), address_of(address)
    return block.version == at.version and at in block
