#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Memory does not grow with the input: a gigabyte through a pipe, files of any size, and a line of
256 MiB, each in a bounded resident set. Memory only, never seconds. Ends with `N passed, N failed`.
"""
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
WEIR = ROOT / "build" / "release" / "weir"
HEADER = ("version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes "
          "start end action log-status\n")
MIB = 1 << 20
FILE_SIZE = "200MB"


def records(count):
    """A block of records over some thousand sources, one in five of them rejected."""
    lines = []
    for i in range(count):
        source = f"10.{i % 7}.{i % 61}.{i % 251}"
        action = "REJECT" if i % 5 == 0 else "ACCEPT"
        lines.append(f"2 123456789010 eni-{i % 40:017x} {source} 172.31.16.21 {1024 + i % 60000} "
                     f"{(22, 443, 3389)[i % 3]} 6 {i % 90 + 1} {i % 9000 + 40} 1795168800 "
                     f"1795168860 {action} OK\n")
    return "".join(lines).encode()


def resident_peak(pid):
    """Highest resident set of a process so far, in MiB. (What wait4() reports counts the memory of
    the Python that forked it.)"""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    for line in status.splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def peak_memory(arguments, blocks):
    """Resident set in MiB of `weir ARGUMENTS` fed with `blocks`, and its exit status."""
    process = subprocess.Popen([WEIR, *arguments], stdin=subprocess.PIPE,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0.0
    for block in blocks:
        process.stdin.write(block)
        peak = max(peak, resident_peak(process.pid))
    process.stdin.close()
    while True:  # what is written at the end may take memory too
        try:
            return peak, process.wait(timeout=0.02)
        except subprocess.TimeoutExpired:
            peak = max(peak, resident_peak(process.pid))


# What wait4() reports counts the memory of the process that forked, so a small one forks.
LAUNCHER = """
import os, sys
null = os.open(os.devnull, os.O_WRONLY)
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[
    (os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)])
_, status, used = os.wait4(child, 0)
print(used.ru_maxrss, os.waitstatus_to_exitcode(status))
"""


def peak_memory_of_files(arguments):
    """Resident set in MiB of `weir ARGUMENTS`, which reads files, and its exit status."""
    said = subprocess.run([sys.executable, "-S", "-E", "-c", LAUNCHER, WEIR, *arguments],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    peak, status = map(int, said.stdout.split())
    return peak / 1024, status


def file_cases(folder):
    """Scans of files: the limit holds for the whole program, or for each thread over gzip."""
    text = folder / "flows.log"
    packed = folder / "packed/"
    for output, more in ((text, []), (f"{packed}/", ["--objects", "8"])):
        subprocess.run([WEIR, "synth", "-q", "--size", FILE_SIZE, "-o", output, *more], check=True)
    parquet = folder / "flows.parquet"
    columns = "* EXCLUDE (start_time, end_time, date, source_file, line_number)"
    copy = f"COPY (SELECT {columns} FROM flows) TO '{parquet}'"
    subprocess.run([WEIR, "sql", "-q", copy, text], check=True)
    few = folder / "few.log"
    subprocess.run([WEIR, "synth", "-q", "--records", "20000", "-o", few], check=True)
    # 54 million groups of 56 bytes: ten times what DuckDB is told to keep to.
    spilled = ("SELECT count(*) FROM (SELECT line_number, i, hash(i, line_number) AS a, hash(i) AS b, "
               "count(*) AS c FROM flows, range(2700) t(i) GROUP BY ALL)")
    many = folder / "many.log"
    subprocess.run([WEIR, "synth", "-q", "--records", "4000000", "-o", many], check=True)
    limited = ["--memory", "256MiB", "--temp-dir", folder]
    groups = "SELECT srcaddr, dstaddr, srcport, count(*) AS n FROM flows GROUP BY ALL"
    ssh = "dstport = 22 and srcaddr in 10.0.0.0/8"
    return [
        ("text by action", ["top", "action", "--by", "flows", text], 16),
        ("text filtered", ["top", "dstport", "--by", "flows", "-w", ssh, text], 16),
        ("text filtered, two threads", ["top", "dstport", "-w", ssh, "--threads", "2", text], 16),
        ("gzip by action", ["top", "action", "--threads", "1", packed], 16),
        ("gzip by action, two threads", ["top", "action", "--threads", "2", packed], 32),
        ("Parquet by action", ["top", "action", parquet], 96),
        ("Parquet as text", ["read", "-o", "ndjson", parquet], 192),
        ("SQL by action", ["sql", "SELECT action, count(*) FROM flows GROUP BY 1", text], 160),
        ("groups of SQL, ten times its memory",
         ["sql", "--memory", "512MiB", "--temp-dir", folder, spilled, few], 512),
        # What is said to be kept to, and a quarter.
        ("groups of SQL", ["sql", *limited, "-o", "csv", groups, many], 320),
        ("why, by record", ["why", *limited, "-o", "ndjson", many], 320),
        ("why, by group", ["why", *limited, "--grouped", "-o", "ndjson", many], 320),
        ("all conversations", ["pairs", *limited, "-n", "0", "-o", "csv", many], 320),
        ("rules for every interface", ["suggest", *limited, "-o", "csv", many], 320),
        ("to Parquet", ["convert", *limited, "-o", f"parquet:{folder}/many.parquet", many], 320),
    ]


def repeated(block, total):
    return [HEADER.encode()] + [block] * (total // len(block))


def different(blocks, count):
    """Blocks of `count` records each, in which no two have the same source and port."""
    yield HEADER.encode()
    for i in range(blocks):
        yield "".join(f"2 123456789010 eni-{0:017x} 10.{i}.{j // 256 % 256}.{j % 256} 172.31.16.21 "
                      f"{j // 65536 + 1024} 443 6 1 {j} 1795168800 1795168860 ACCEPT OK\n"
                      for j in range(count)).encode()


def main():
    block = records(150_000)
    endless = [HEADER.encode()] + [b"x" * MIB] * 256
    cases = [
        ("top over a gigabyte", ["top", "srcaddr", "--by", "bytes", "-w", "rejected", "-"],
         repeated(block, 1 << 30), 32, 0),
        ("read over half a gigabyte", ["read", "-o", "ndjson", "-"], repeated(block, 1 << 29), 32, 0),
        ("check over half a gigabyte", ["check", "-o", "csv", "-"], repeated(block, 1 << 29), 256, 0),
        ("two million groups, 8 MiB of them in memory",
         ["top", "srcaddr,srcport", "-n", "0", "-o", "csv", "--memory", "8MiB", "-"],
         different(20, 100_000), 32, 0),
        ("two million conversations, 8 MiB of their records in memory",
         ["pairs", "-n", "0", "-o", "csv", "--memory", "8MiB", "-"], different(20, 100_000), 48, 0),
        ("a line of 256 MiB", ["read", "-o", "ndjson", "-"], endless, 32, 1),
    ]
    results = [(name, *peak_memory(arguments, blocks), limit, expected)
               for name, arguments, blocks, limit, expected in cases]
    with tempfile.TemporaryDirectory() as scratch:
        results += [(name, *peak_memory_of_files(arguments), limit, 0)
                    for name, arguments, limit in file_cases(pathlib.Path(scratch))]
    failed = 0
    for name, peak, status, limit, expected in results:
        good = peak <= limit and status == expected
        failed += not good
        print(f"{'ok  ' if good else 'FAIL'} {name}: {peak:.0f} MiB of {limit}, status {status}")
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
