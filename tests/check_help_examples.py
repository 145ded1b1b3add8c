#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the three examples in the help of every verb on the example logs: each gives a whole answer.
Ends with `N passed, N failed`.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import weir_runs

ROOT = weir_runs.ROOT
EXAMPLES_EACH = 3
TIMEOUT_SECONDS = 120

# What is smaller, or has another name, in the example logs.
REPLACED = {
    "1GB": "1MB",
    "1GiB": "10MiB",
    "eni-0a1b2c3d": "eni-0a1f5c2e9b7d30461",
    "sg-0a1b2c3d": "sg-0bb0d547dd4e78261",
}
# What a person would type at the prompt.
INPUTS = {"weir sql flow-logs/": "SELECT 1;"}
GUARD_FOUND = 3


def prepare(folder):
    """Files under the names that the examples use. Copies, since `weir synth` writes among them."""
    logs = ROOT / "examples/logs"
    shutil.copytree(logs, folder / "flow-logs")
    packed = next(logs.rglob("*.log.gz"))
    shutil.copy(packed, folder / "flow-logs" / packed.name)
    for name in ("logs", "old-logs", "new-logs"):
        (folder / name).symlink_to(logs)
    (folder / "network").symlink_to(ROOT / "examples/network")
    (folder / "change").symlink_to(ROOT / "examples/proposed")
    # No order that weir knows.
    (folder / "no-header.log").write_text(
        "ACCEPT eni-0a1f5c2e9b7d30461 10.0.1.5 10.0.0.220 1418530010 1418530070\n")
    (folder / "report.sql").write_text("SELECT count(*) FROM before, after\n")
    tools = folder / "tools"
    tools.mkdir()
    (tools / "weir").symlink_to(weir_runs.WEIR)
    aws = tools / "aws"
    aws.write_text(f"#!/bin/sh\ncat {logs}/cloudwatch/filter-log-events.json\n")
    aws.chmod(0o755)
    return tools


def check_example(tally, folder, tools, command):
    run = command
    for old, new in REPLACED.items():
        run = run.replace(old, new)
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", run], cwd=folder, input=INPUTS.get(command, ""), text=True,
        capture_output=True, timeout=TIMEOUT_SECONDS, check=False,
        env=weir_runs.ENVIRONMENT | {"PATH": f"{tools}:{weir_runs.ENVIRONMENT['PATH']}"})
    expected = GUARD_FOUND if "--guard" in command else 0
    if done.returncode != expected:
        tally.fail(command, f"exit status {done.returncode}: {done.stderr}")
    else:
        tally.passed += 1


def main():
    tally = weir_runs.Tally()
    verbs = re.findall(r"^  ([a-z]+)  ", weir_runs.run("--help").output.decode(), re.MULTILINE)
    for verb in verbs:
        text = weir_runs.run(verb, "--help").output.decode()
        examples = re.findall(r"^  # .*\n  (.*)$", text.partition("\nExamples:\n")[2], re.MULTILINE)
        tally.same(f"number of examples of {verb}", EXAMPLES_EACH, len(examples))
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch)
            tools = prepare(folder)
            for command in examples:
                if "| jq" not in command or shutil.which("jq"):
                    check_example(tally, folder, tools, command)
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
