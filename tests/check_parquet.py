#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Parquet files are whole or not there: a process is killed while it writes, and a disk is full.
And what is written can be pruned: groups of rows that follow each other in time. Ends with
`N passed, N failed`."""
import json
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile
import time

from weir_runs import ENVIRONMENT, WEIR, Tally, run

RECORDS = 700_000
GROUP_ROWS = 122_880
PATIENCE_SECONDS = 60
BEFORE = b"what was there before"


def hidden(folder):
    return sorted(path.name for path in folder.glob(".weir-unfinished-*"))


def spilled(folder):
    return sorted(path.name for path in folder.glob("weir-sql-*"))


def is_growing(folder):
    files = [path for path in folder.glob(".weir-unfinished-*/**/*") if path.is_file()]
    return any(path.name != "lock" and path.stat().st_size > 0 for path in files)


def kill_in_the_middle(arguments, folder):
    """Kills weir once a file has begun to grow. False if it had ended by then."""
    process = subprocess.Popen([WEIR, *map(str, arguments)], env=ENVIRONMENT,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and not is_growing(folder) and time.monotonic() < end:
        time.sleep(0.002)
    process.kill()
    return process.wait() == -signal.SIGKILL


def check_killed(tally, logs, folder, more):
    """A killed run leaves what was there before, and the next one cleans up behind it."""
    name = f"killed{' '.join(['', *more])}"
    output, temporary = folder / "out", folder / "temporary"
    output.mkdir()
    temporary.mkdir()
    target = output / "flows.parquet"
    target.write_bytes(BEFORE)
    path = f"{output}/" if more else target
    arguments = ["convert", "-q", *more, "--temp-dir", temporary, "-o", f"parquet:{path}", logs]
    if not kill_in_the_middle(arguments, output):
        tally.fail(name, "ended before a file had begun to grow")
        return
    tally.same(f"{name}: the old file", BEFORE, target.read_bytes())
    tally.same(f"{name}: nothing else has a name", [target],
               [path for path in output.rglob("*.parquet") if "unfinished" not in str(path)])
    tally.same(f"{name}: what grew is hidden", 1, len(hidden(output)))
    tally.same(f"{name}: spilled rows are left", 1, len(spilled(temporary)))
    again = run(*arguments)
    tally.same(f"{name}: again", (0, ""), (again.status, again.messages))
    tally.same(f"{name}: cleaned up", ([], []), (hidden(output), spilled(temporary)))
    pattern = f"{output}/AWSLogs/**/*.parquet" if more else target
    counted = run("sql", "-o", "csv", f"SELECT count(*) AS n FROM read_parquet('{pattern}')")
    tally.same(f"{name}: all records", f"n\n{RECORDS}\n".encode(), counted.output)


def check_ended(tally, logs, folder):
    """A signal ends what writes quietly: what was there before stays, and nothing else is left."""
    for kind, name in (("csv", "a.csv"), ("ndjson", "b.ndjson.gz"), ("flowlog", "c.log.zst"), ("parquet", "d.parquet")):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            output, temporary = folder / f"ended-{kind}-{number}", folder / f"temporary-{kind}-{number}"
            output.mkdir()
            temporary.mkdir()
            target = output / name
            target.write_bytes(BEFORE)
            process = subprocess.Popen([WEIR, "convert", "--temp-dir", temporary, "-o", f"{kind}:{target}", logs],
                                       env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            end = time.monotonic() + PATIENCE_SECONDS
            while process.poll() is None and not is_writing(process.pid, output) and time.monotonic() < end:
                time.sleep(0.002)
            process.send_signal(number)
            said, complained = process.communicate()
            title = f"signal {number} to {kind}"
            tally.same(f"{title}: status", -number, process.returncode)
            tally.same(f"{title}: quiet", (b"", b""), (said, complained))
            tally.same(f"{title}: the old file", BEFORE, target.read_bytes())
            if number != signal.SIGKILL:
                tally.same(f"{title}: nothing else", ([name], []),
                           (sorted(path.name for path in output.iterdir()), list(temporary.iterdir())))
            elif kind != "parquet":
                tally.same(f"{title}: nothing else", [name], sorted(path.name for path in output.iterdir()))


def is_writing(pid, folder):
    """True once a process has a file below the folder open, with or without a name."""
    links = pathlib.Path(f"/proc/{pid}/fd")
    try:
        return any(str(link.readlink()).startswith(str(folder)) for link in links.iterdir())
    except OSError:
        return False


def fill_disk():
    """No file may grow beyond 1 MiB, and writing more fails as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def check_full(tally, logs, folder, more):
    name = f"full disk{' '.join(['', *more])}"
    output = folder / "full"
    output.mkdir()
    target = output / "flows.parquet"
    target.write_bytes(BEFORE)
    path = f"{output}/" if more else target
    done = subprocess.run([WEIR, "convert", "-q", *more, "-o", f"parquet:{path}", logs],
                          env=ENVIRONMENT, capture_output=True, text=True, preexec_fn=fill_disk)
    tally.same(f"{name}: status", 2, done.returncode)
    tally.same(f"{name}: message", f"weir: error: {path}: cannot be written: File too large\n",
               done.stderr)
    tally.same(f"{name}: the old file", BEFORE, target.read_bytes())
    tally.same(f"{name}: nothing is left", ["flows.parquet"],
               sorted(path.name for path in output.iterdir()))


def check_groups(tally, logs, folder):
    """Groups have their size and follow each other in time."""
    target = folder / "groups.parquet"
    run("convert", "-q", "-o", f"parquet:{target}", logs)
    question = ("SELECT row_group_num_rows AS rows, stats_min_value::BIGINT AS first, "
                f"stats_max_value::BIGINT AS last FROM parquet_metadata('{target}') "
                "WHERE path_in_schema = 'start' ORDER BY row_group_id")
    groups = [json.loads(line) for line in run("sql", "-o", "ndjson", question).output.splitlines()]
    sizes = [group["rows"] for group in groups]
    tally.same("groups: sizes", [GROUP_ROWS] * (RECORDS // GROUP_ROWS), sizes[:-1])
    tally.same("groups: all records", RECORDS, sum(sizes))
    tally.same("groups: in time", True,
               all(one["last"] <= next_["first"] for one, next_ in zip(groups, groups[1:])))


def main():
    tally = Tally()
    for more in ([], ["--partition", "hour"]):
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch)
            logs = folder / "logs"
            run("synth", "-q", "--records", RECORDS, "-o", f"{logs}/")
            check_killed(tally, logs, folder, more)
            check_full(tally, logs, folder, more)
            if not more:
                check_groups(tally, logs, folder)
                check_ended(tally, logs, folder)
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
