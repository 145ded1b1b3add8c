#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads what `aws ec2 describe-...` printed for other projects with the release binary, and compares
how much of everything there is with what Python's own JSON parser finds in the same files.

tests/configurations/third_party/ holds some of them; where more are at hand (../shared/corpora or
$WEIR_CORPORA), these are read as well.
"""
import json
import os
import pathlib
import sys

from weir_runs import ROOT, Tally, run

IDS = {
    "SecurityGroups": "GroupId",
    "NetworkAcls": "NetworkAclId",
    "NetworkInterfaces": "NetworkInterfaceId",
    "Subnets": "SubnetId",
    "Vpcs": "VpcId",
    "PrefixLists": "PrefixListId",
}
IMPLICIT_DENIES = (32767, 32768)
# Where the other corpora hold such files.
PROJECTS = ("batfish-aws", "cloud-custodian", "cloudmapper-demo")


def answers_of(path):
    """The answers of a file, out of what placebo wraps around them."""
    text = path.read_text(encoding="utf-8")
    try:
        document = json.loads(text)
    except ValueError:
        return []
    return [document.get("data", document)] if isinstance(document, dict) else []


def peers_of(permission):
    return sum(
        len(permission.get(key) or [])
        for key in ("IpRanges", "Ipv6Ranges", "PrefixListIds", "UserIdGroupPairs")
    )


def rules_of(group):
    permissions = (group.get("IpPermissions") or []) + (group.get("IpPermissionsEgress") or [])
    return sum(map(peers_of, permissions))


def referred_lists(groups):
    return {
        reference["PrefixListId"]
        for group in groups
        for permission in group["IpPermissions"] + group["IpPermissionsEgress"]
        for reference in permission.get("PrefixListIds") or []
    }


def expected_sums(files):
    """What a network holds after these files: of items with one id, the last one counts."""
    items = {kind: {} for kind in IDS}
    for path in files:
        for answer in answers_of(path):
            for kind, key in IDS.items():
                for item in answer.get(kind, []):
                    items[kind][item[key]] = item
    groups = items["SecurityGroups"].values()
    lists = items["PrefixLists"]
    entries = sum(
        entry["RuleNumber"] not in IMPLICIT_DENIES
        for acl in items["NetworkAcls"].values()
        for entry in acl["Entries"]
    )
    return {
        "security groups": len(groups),
        "rules": sum(map(rules_of, groups)),
        "network ACLs": len(items["NetworkAcls"]),
        "ACL entries": entries,
        "prefix lists": len(set(lists) | referred_lists(groups)),
        "prefixes in them": sum(len(one.get("Cidrs", [])) for one in lists.values()),
        "interfaces": len(items["NetworkInterfaces"]),
        "subnets": len(items["Subnets"]),
        "VPCs": len(items["Vpcs"]),
    }


def check_files(tally, name, files):
    flags = [word for path in files for word in ("--config", path)]
    got = run("check", "-o", "ndjson", *flags)
    findings = [json.loads(line) for line in got.output.splitlines()]
    held = {row["subject"]: row["count"] for row in findings if row["topic"] == "held"}
    skipped = [row for row in findings if row["topic"] == "skipped"]
    tally.same(f"{name}: held", expected_sums(files), held)
    tally.same(f"{name}: skipped", [], skipped)
    tally.same(f"{name}: status", (0, ""), (got.status, got.messages))


def configurations():
    """Name -> the files that are read together."""
    own = ROOT / "tests/configurations/third_party"
    found = {folder.name: sorted(folder.rglob("*.json")) for folder in sorted(own.iterdir())}
    corpora = pathlib.Path(os.environ.get("WEIR_CORPORA", ROOT / "../shared/corpora")).resolve()
    for project in PROJECTS:
        files = sorted((corpora / project).rglob("*.json"), key=lambda path: str(path).encode())
        if not files:
            print(f"skip {project}: {corpora} does not have it")
            continue
        found[f"all of {project}"] = files
        for folder in sorted({path.parent for path in files}):
            found[f"{project}/{folder.name}"] = sorted(folder.glob("*.json"))
    return found


def main():
    tally = Tally()
    for name, files in configurations().items():
        readable = [path for path in files if any(set(IDS) & set(a) for a in answers_of(path))]
        if readable:
            check_files(tally, name, files)
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
