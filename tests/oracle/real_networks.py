# SPDX-License-Identifier: Apache-2.0
"""Configurations that other people wrote: the examples, tests/configurations and the corpora, which
are not part of this repository (external_corpora.py).

Most hold groups and ACLs alone. Then each group gets an invented interface, and each VPC a subnet
with an ACL of the same files or, if there is none, one that lets everything pass.
"""
import json
import os
import pathlib

from aws_network import Network
from weir_runs import ROOT

IDENTITIES = {
    "SecurityGroups": "GroupId",
    "NetworkAcls": "NetworkAclId",
    "NetworkInterfaces": "NetworkInterfaceId",
    "Subnets": "SubnetId",
    "Vpcs": "VpcId",
    "PrefixLists": "PrefixListId",
}
PROJECTS = ("batfish-aws", "cloud-custodian", "cloudmapper-demo")
MOST_GROUPS = 60
UNKNOWN_VPC = "vpc-0"
ALLOW_ALL = {"RuleNumber": 100, "RuleAction": "allow", "Protocol": "-1", "CidrBlock": "0.0.0.0/0"}
OFF = {"InternetGatewayBlockMode": "off"}


def documents_of(files):
    """What a network holds after these files: of items with one id, the last one counts."""
    found = {key: {} for key in IDENTITIES}
    for path in files:
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            continue
        document = document.get("data", document) if isinstance(document, dict) else {}
        for key, identity in IDENTITIES.items():
            for item in document.get(key) or []:
                found[key][item[identity]] = item
    return {key: list(items.values()) for key, items in found.items()}


def completed(documents):
    """With an interface for every group that has none, and what stands around it."""
    carried = {
        group["GroupId"]
        for interface in documents["NetworkInterfaces"]
        for group in interface.get("Groups") or []
    }
    bare = [one for one in documents["SecurityGroups"] if one["GroupId"] not in carried]
    bare = [one for one in bare if one.get("IpPermissions") or one.get("IpPermissionsEgress")]
    vpcs = {}
    for number, group in enumerate(bare[:MOST_GROUPS]):
        vpc = group.get("VpcId") or UNKNOWN_VPC
        if vpc not in vpcs:
            vpcs[vpc] = add_subnet(documents, vpc, len(vpcs))
        subnet, third = vpcs[vpc]
        address = f"10.177.{third}.{20 + number}"
        documents["NetworkInterfaces"].append(
            {
                "NetworkInterfaceId": f"eni-0{number:016x}",
                "InterfaceType": "interface",
                "SubnetId": subnet,
                "VpcId": vpc,
                "OwnerId": group.get("OwnerId", "123456789012"),
                "PrivateIpAddress": address,
                "PrivateIpAddresses": [{"PrivateIpAddress": address, "Primary": True}],
                "Ipv6Addresses": [{"Ipv6Address": f"2600:1f14:b100:{third:x}::{number + 32:x}"}],
                "Groups": [{"GroupId": group["GroupId"], "GroupName": "g"}],
            }
        )
    return {key: items for key, items in documents.items() if items}


def add_subnet(documents, vpc, number):
    subnet = f"subnet-0{number:016x}"
    documents["Subnets"].append(
        {
            "SubnetId": subnet,
            "VpcId": vpc,
            "CidrBlock": f"10.177.{number}.0/24",
            "Ipv6CidrBlockAssociationSet": [{"Ipv6CidrBlock": f"2600:1f14:b100:{number:x}::/64"}],
            "BlockPublicAccessStates": OFF,
        }
    )
    acls = [one for one in documents["NetworkAcls"] if one.get("Entries")]
    if not acls:
        entries = [{**ALLOW_ALL, "Egress": egress} for egress in (False, True)]
        acls = [{"NetworkAclId": f"acl-0{number:016x}", "VpcId": vpc, "IsDefault": True,
                 "Entries": entries, "Associations": []}]  # fmt: skip
        documents["NetworkAcls"] += acls
    acl = acls[number % len(acls)]
    association = {"NetworkAclAssociationId": f"aclassoc-0{number:016x}", "SubnetId": subnet,
                   "NetworkAclId": acl["NetworkAclId"]}  # fmt: skip
    acl.setdefault("Associations", []).append(association)
    return subnet, number


def folders():
    """Name -> the files that are read together."""
    third_party = ROOT / "tests/configurations/third_party"
    for folder in sorted(third_party.iterdir()):
        yield f"tests/configurations/{folder.name}", sorted(folder.rglob("*.json"))
    corpora = pathlib.Path(os.environ.get("WEIR_CORPORA", ROOT / "../shared/corpora")).resolve()
    for project in PROJECTS:
        files = sorted((corpora / project).rglob("*.json"), key=lambda path: str(path).encode())
        if not files:
            print(f"skip {project}: {corpora} does not have it")
            continue
        if project != "batfish-aws":
            yield project, files
            continue
        for folder in sorted(path for path in (corpora / project).iterdir() if path.is_dir()):
            yield f"{project}/{folder.name}", sorted(folder.rglob("*.json"))


def real_networks():
    """(name, documents or their folder, the network, its own logs if there are any)"""
    examples = ROOT / "examples/network"
    yield "examples/network", examples, Network.load(examples), [ROOT / "examples/logs"]
    yield "examples/network, invented packets", examples, Network.load(examples), []
    for name, files in folders():
        documents = completed(documents_of(files))
        network = Network()
        for key, items in documents.items():
            network.read({key: items})
        if network.interfaces:
            yield name, documents, network, []
