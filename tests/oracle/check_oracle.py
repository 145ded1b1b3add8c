#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Judges weir's verdicts by an evaluator of security groups and network ACLs that was written from
AWS's text alone and shares no code with weir.

It invents networks and packets at the edges of every rule (--seed), writes the log that AWS would
write, and takes the configurations of examples/, tests/configurations/ and ../shared/corpora (or
$WEIR_CORPORA) as well. Then it asks pairs, why, rules, suggest and whatif and checks that

- `certain` is never wrong, and never said where log and configuration leave another answer;
- it is said for at least 95 % of what they decide;
- no stage is more certain than the one before it, and all agree.

aws_network.py       reads configurations, says which rule matches
aws_verdict.py       what the filters of an interface do with a packet
possible_causes.py   which causes, rules and openers a log leaves possible
invented_network.py  configurations from a seed
invented_traffic.py  packets at the rules' edges, and what is logged of them
weir_stages.py       asks pairs, why and rules, and compares
weir_changes.py      asks suggest and whatif
real_networks.py     configurations that others wrote
documented_verdicts.py  AWS's own examples
certainty_table.py   the table of docs/verdict.md

usage: tests/oracle/check_oracle.py [--seed N] [--table] [--update] [--examples N] [--only WORD]
Ends with `N passed, M failed`.
"""
import argparse
import collections
import concurrent.futures
import copy
import json
import pathlib
import random
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import weir_changes  # noqa: E402
import weir_runs  # noqa: E402
from certainty_table import WANTED_SHARE, Table  # noqa: E402
from documented_verdicts import check_documented  # noqa: E402
from invented_network import FLAWS, OWN_ACCOUNT, InventedNetwork, read  # noqa: E402
from invented_traffic import FORMATS, invent, lines_of  # noqa: E402
from real_networks import real_networks  # noqa: E402
from weir_stages import Scene  # noqa: E402

ROOT = weir_runs.ROOT
DOCUMENT = ROOT / "docs/verdict.md"
BEGIN, END = "<!-- oracle: begin -->", "<!-- oracle: end -->"
NETWORKS = 14
CONVERSATIONS = 420
DEFAULT_SEED = 12
PROCESSES = 2


def write_documents(folder, documents):
    folder.mkdir(parents=True, exist_ok=True)
    for key, items in documents.items():
        (folder / f"{key}.json").write_text(json.dumps({key: items}), encoding="utf-8")


def proposals_of(documents, rng):
    """(what changes, the changed documents): a rule goes, an entry turns, a group opens."""
    for kind in ("no rule", "entry", "open", "no egress"):
        changed = copy.deepcopy(documents)
        groups = [one for one in changed["SecurityGroups"] if one["IpPermissions"]]
        acls = [one for one in changed["NetworkAcls"] if one["Entries"]]
        if kind == "no rule" and groups:
            permissions = rng.choice(groups)["IpPermissions"]
            del permissions[rng.randrange(len(permissions))]
        elif kind == "entry" and acls:
            entry = rng.choice(rng.choice(acls)["Entries"])
            entry["RuleAction"] = "deny" if entry["RuleAction"] == "allow" else "allow"
        elif kind == "open":
            everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
            rng.choice(changed["SecurityGroups"])["IpPermissions"].append(everything)
        elif kind == "no egress":
            rng.choice(changed["SecurityGroups"])["IpPermissionsEgress"] = []
        yield kind, changed


def judge_scene(scene, table, proposals, folder):
    scene.check_why(table)
    scene.check_pairs(table)
    if scene.config:
        scene.check_rules()
        for kind, changed in proposals:
            target = folder / f"proposed-{kind.replace(' ', '-')}"
            write_documents(target, changed)
            weir_changes.check_whatif(scene, kind, target, read(changed))
    weir_changes.check_suggest(scene)
    return scene


def judge_invented(seed, number, conversations):
    """All formats of one network, with and without its configuration."""
    rng = random.Random(f"{seed}/{number}")
    flaw = FLAWS[number % len(FLAWS)]
    invented = InventedNetwork(rng, number, flaw)
    own = [
        one
        for one, item in invented.whole.interfaces.items()
        if item["OwnerId"] == OWN_ACCOUNT and item["InterfaceType"] != "network_load_balancer"
    ]
    records = invent(rng, invented.whole, own, conversations, is_balanced=True)
    truths = [truth for _, truth in records]
    table, results = Table(), []
    proposals = list(proposals_of(invented.shown_documents, rng))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_documents(folder / "network", invented.shown_documents)
        for form, fields in FORMATS.items():
            log = folder / f"{form}.log"
            text = "".join(line + "\n" for line in lines_of(records, fields))
            log.write_text(text, encoding="ascii")
            for config in (None, folder / "network"):
                title = f"network {number} ({flaw}), {form}, {'with' if config else 'without'}"
                network = invented.shown if config else None
                scene = Scene(title, weir_runs.run, log, config, network, truths)
                results.append(result_of(judge_scene(scene, table, proposals, folder)))
    return results, table


def judge_real(name, documents, network, logs, seed):
    """A configuration of someone else: its own logs, or packets at the edges of its rules."""
    table, results = Table(), []
    rng = random.Random(f"{seed}/{name}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        config = documents
        if isinstance(documents, dict):
            config = folder / "network"
            write_documents(config, documents)
        runs = [("its own log", logs, None)] if logs else []
        if not logs:
            own = sorted(one for one in network.interfaces if network.groups_of(one))
            records = invent(rng, network, own, 250)
            for form, fields in FORMATS.items():
                log = folder / f"{form}.log"
                text = "".join(line + "\n" for line in lines_of(records, fields))
                log.write_text(text, encoding="ascii")
                if records:
                    runs.append((form, log, [truth for _, truth in records]))
        for form, log, truths in runs:
            scene = Scene(f"{name}, {form}", weir_runs.run, log, config, network, truths)
            results.append(result_of(judge_scene(scene, table, [], folder)))
    return results, table


def result_of(scene):
    return scene.name, sorted(scene.kinds), dict(scene.violations)


def jobs(options):
    """(name, function, its arguments)"""
    for number in range(NETWORKS):
        yield f"network {number}", judge_invented, (options.seed, number, CONVERSATIONS)
    for real in real_networks():
        yield real[0], judge_real, (*real, options.seed)


def run_all(options):
    results, table, real_table = [], Table(), Table()
    with concurrent.futures.ProcessPoolExecutor(PROCESSES) as pool:
        asked = [
            (job, pool.submit(job, *arguments))
            for name, job, arguments in jobs(options)
            if options.only in name
        ]
        for job, future in asked:
            found, counted = future.result()
            results += found
            (table if job is judge_invented else real_table).merge(counted)
    return results, table, real_table


def report(tally, results, examples):
    """A check is one kind of fault in one scene; examples of a kind are printed together."""
    faults = collections.defaultdict(list)
    for scene, kinds, violations in results:
        for kind in kinds:
            if kind in violations:
                tally.failed += 1
                faults[kind] += [(scene, *one) for one in violations[kind]]
            else:
                tally.passed += 1
    for kind, found in sorted(faults.items(), key=lambda item: -len(item[1])):
        scenes = {one[0] for one in found}
        print(f"FAIL {kind}: {len(found)} times in {len(scenes)} logs")
        for scene, record, answer, expected in found[:examples]:
            print(f"  {scene}\n    record    {record}\n    weir      {answer}\n    expected  {expected}")


def check_share(tally, table, name):
    for config in (False, True):
        words = f"{name}, {'with' if config else 'without'} configuration"
        share = table.share(config)
        if not any(table.shares[config, one] for one in (True, False)):
            continue
        if share >= WANTED_SHARE:
            tally.passed += 1
            continue
        tally.fail(
            f"certain where decided: {words}",
            f"{100 * share:.1f} % of {table.shares[config, True] + table.shares[config, False]:,};"
            f" wanted {100 * WANTED_SHARE:.0f} %",
        )
        for example in table.missed[config][:3]:
            print("    " + "\n      ".join(map(str, example)))


def table_text(table, seed):
    records = sum(count for key, count in table.answers.items() if key[1] != "opener")
    title = f"{records:,} answers about invented records, seed {seed}:"
    return "\n".join([title, "", *table.lines()])


def documented(text):
    if BEGIN not in text or END not in text:
        return None
    return text.split(BEGIN, 1)[1].split(END, 1)[0].strip("\n")


def update(table, seed):
    text = DOCUMENT.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    DOCUMENT.write_text(
        f"{before}{BEGIN}\n{table_text(table, seed)}\n{END}{after}", encoding="utf-8"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="another seed, other packets")
    parser.add_argument("--table", action="store_true", help="print the table")
    parser.add_argument("--update", action="store_true", help="write the table into docs/verdict.md")
    parser.add_argument("--examples", type=int, default=2, help="examples per kind of fault")
    parser.add_argument("--only", default="", help="only what has this word in its name")
    options = parser.parse_args()
    tally = weir_runs.Tally()
    print(f"seed {options.seed}")
    results, table, real_table = run_all(options)
    report(tally, results, options.examples)
    check_documented(tally, weir_runs.run)
    check_share(tally, table, "invented records")
    check_share(tally, real_table, "real configurations")
    if options.table:
        print(table_text(table, options.seed))
    if options.update:
        update(table, options.seed)
    if options.seed == DEFAULT_SEED and not options.only:
        text = documented(DOCUMENT.read_text(encoding="utf-8"))
        tally.same("the table of docs/verdict.md", table_text(table, options.seed), text)
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
