#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Instructions that weir spends on a byte of input, against the budgets in bench/budget.txt.

Seconds change with the machine and its mood; instructions do not. callgrind counts them over two
logs of `weir synth`, and the difference of the counts over the difference of the sizes leaves
start-up out. One thread, and the kernels that valgrind can run: it has no AVX-512.

usage: tests/check_instructions.py [--update] [NAME...]     NAME as in bench/budget.txt: v2-J1-avx2

Ends with `N passed, N failed`.
"""
import argparse
import concurrent.futures
import os
import pathlib
import platform
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
WEIR = ROOT / "build" / "release" / "weir"
BUDGET = ROOT / "bench" / "budget.txt"
SIZES = (1_000_000, 3_000_000)
SLACK = 1.10                    # what --update puts on top of what it measures
OTHER_COMPILER = 1.25           # and the check, where the compiler is not that of the budgets
KERNELS = ("scalar", "avx2")
JOBS = {
    "J1": ["top", "action", "--count", "-o", "csv"],
    "J2": ["top", "srcaddr", "--by", "bytes", "-w", "rejected", "-o", "csv"],
    "J3": ["top", "start,dstport", "--every", "5m", "-n", "20", "-o", "csv"],
    "J4": ["top", "dstport", "--count", "-w", "dstport = 22 and srcaddr in 10.0.0.0/8",
           "-o", "csv"],
    "flowlog": ["read", "-o", "flowlog"],
    "csv": ["read", "-o", "csv"],
    "ndjson": ["read", "-o", "ndjson"],
    "pairs": ["pairs", "-o", "csv"],
    "why": ["why", "-o", "csv"],
}
RULED = ("why",)                # asked of a log with the configuration that its verdicts follow from
JOBS_OF_FIELDS = {"v2": list(JOBS), "v5": ["J1", "J2", "flowlog"]}
TEXT_OF_BUDGET = """\
# Instructions for each byte of text, at most: what was measured and a tenth more. Written by
# tests/check_instructions.py --update; see docs/performance.md.
# compiler: {compiler}
"""


def compiler():
    """The compiler that made build/release, without the last part of its version."""
    cache = (ROOT / "build/release/CMakeCache.txt").read_text(encoding="utf-8")
    program = re.search(r"^CMAKE_CXX_COMPILER:\w+=(.*)$", cache, re.MULTILINE)[1]
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    name = "clang" if "clang" in said.stdout else "gcc"
    return f"{name} {re.search(r' ([0-9]+)[.]', said.stdout)[1]}"


def read_budgets():
    budgets = {}
    made_with = ""
    for line in BUDGET.read_text(encoding="utf-8").splitlines():
        if line.startswith("# compiler: "):
            made_with = line.removeprefix("# compiler: ")
        elif line and not line.startswith("#"):
            name, figure = line.split()
            budgets[name] = float(figure)
    return budgets, made_with


def count(kernel, arguments, log, folder):
    """Instructions of one run, as callgrind counts them."""
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".callgrind") as out:
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out.name}", str(WEIR),
             *arguments, "-q", "--threads", "1", str(log)], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False,
            env=os.environ | {"WEIR_KERNEL": kernel})
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not found:
        raise RuntimeError(f"weir {' '.join(arguments)} did not run under valgrind (status "
                           f"{done.returncode}):\n{done.stderr[-1000:]}")
    return int(found[1])


def instructions_per_byte(name, folder):
    fields, job, kernel = name.split("-")
    words, kind = JOBS[job], ""
    if job in RULED:
        words, kind = [*words, "--config", str(folder / "configuration")], "-ruled"
    logs = [folder / f"{fields}-{size}{kind}.log" for size in SIZES]
    counts = [count(kernel, words, log, folder) for log in logs]
    return (counts[1] - counts[0]) / (logs[1].stat().st_size - logs[0].stat().st_size)


def measure(names):
    """Instructions per byte of each name, two runs at a time."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        for fields in sorted({name.split("-")[0] for name in names}):
            for size in SIZES:
                for kind, more in (("", []), ("-ruled", ["--config", folder / "configuration"])):
                    subprocess.run([WEIR, "synth", "-q", "--seed", "1", "--size", str(size),
                                    "--fields", fields, *more,
                                    "-o", folder / f"{fields}-{size}{kind}.log"], check=True)
        with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            return dict(zip(names, pool.map(lambda name: instructions_per_byte(name, folder),
                                            names)))


def update(measured, names):
    budgets = read_budgets()[0] if BUDGET.exists() else {}
    budgets |= {name: figure * SLACK for name, figure in measured.items()}
    lines = [f"{name:20} {budgets[name]:8.2f}\n" for name in names if name in budgets]
    BUDGET.write_text(TEXT_OF_BUDGET.format(compiler=compiler()) + "".join(lines),
                      encoding="utf-8")


def check(measured):
    """Compares with the budgets and says what to do. Returns the number of failures."""
    budgets, made_with = read_budgets()
    allowance = 1.0 if compiler() == made_with else OTHER_COMPILER
    failed = 0
    for name, figure in measured.items():
        budget = budgets.get(name, 0.0) * allowance
        verdict = "ok  " if figure <= budget else "FAIL"
        failed += figure > budget
        print(f"{verdict} {name:20} {figure:8.2f} instructions per byte, budget {budget:.2f}")
    thrifty = [name for name, figure in measured.items()
               if figure < 0.8 * budgets.get(name, 0.0) / SLACK]
    if thrifty:
        print(f"{', '.join(thrifty)}: a fifth and more below the budget. Lower it, so that the "
              "gain is kept: tests/check_instructions.py --update")
    if failed:
        print("More instructions per byte than budgeted. callgrind_annotate shows where they go:\n"
              "  WEIR_KERNEL=avx2 valgrind --tool=callgrind build/release/weir ... --threads 1\n"
              "If they are worth it, say why in the commit, with a time from ./bench/run, and:\n"
              "  tests/check_instructions.py --update")
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--update", action="store_true", help="writes what is measured as budget")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these: v2-J1-avx2")
    given = parser.parse_args()
    if platform.machine() != "x86_64":
        print("The budgets are for x86-64.\n0 passed, 0 failed")
        return 0
    names = [f"{fields}-{job}-{kernel}" for fields, jobs in JOBS_OF_FIELDS.items()
             for job in jobs for kernel in KERNELS]
    unknown = set(given.names) - set(names)
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    measured = measure(given.names or names)
    if given.update:
        update(measured, names)
    failed = check(measured)
    print(f"{len(measured) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
