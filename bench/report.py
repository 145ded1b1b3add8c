# SPDX-License-Identifier: Apache-2.0
"""Writes the measurements as a page: the goals, every table, the losses, the commands."""
import datetime
import os
import pathlib
import platform
import shlex
import subprocess

import goals
import tools

INTRODUCTION = """\
# Results of ./bench/run

Written by the program; do not edit. Times are of whole processes (start-up, answer and output
included) with the input in the page cache; output goes to nothing. All tools ran in turn in each
of {rounds} round{s}, and no tool was timed whose answer was not DuckDB's (bounds, marked *, do a
part of the work and have no answer). GB/s are 10^9 bytes of uncompressed text. **x weir** is a
tool's time over weir's, taken inside each round, then the median: below 1 it is faster than weir.

"""


def _output_of(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def _processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def _compiler():
    cache = pathlib.Path(tools.BUILD / "CMakeCache.txt").read_text(encoding="utf-8")
    for line in cache.splitlines():
        if line.startswith("CMAKE_CXX_COMPILER:"):
            return _output_of(line.split("=", 1)[1], "--version").splitlines()[0]
    return "unknown"


def _commit():
    changed = " with changes" if _output_of("git", "status", "--porcelain", "src", "include") else ""
    return (_output_of("git", "rev-parse", "--short=12", "HEAD") or "no commit") + changed


def _machine(results):
    clocks = [run.clock_ns for workload in results.workloads for timing in workload
              for run in timing.runs.values()]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    rows = [("date", datetime.date.today().isoformat()), ("weir", _commit()),
            ("compiler", _compiler()), ("processor", f"{os.cpu_count()} x {_processor()}"),
            ("memory", f"{memory:.0f} GB"), ("kernel", platform.release().split("-")[0])]
    if clocks:
        rows.append(("clock", "a million dependent additions took "
                     f"{min(clocks) / 1e6:.2f} to {max(clocks) / 1e6:.2f} ms before the runs; "
                     "wide apart means a machine that others use too"))
    rows += sorted(tools.versions().items(), key=lambda row: row[0].lower())
    return "".join(f"| {name} | {value} |\n" for name, value in rows)


def _figures(timing, weir, size):
    seconds = timing.seconds()
    cells = [timing.tool.name + (" \\*" if timing.tool.bound else ""),
             f"{timing.median():.3f}", f"{min(seconds):.3f}–{max(seconds):.3f}",
             f"{size / timing.median() / 1e9:.2f}",
             "" if weir is None else f"{timing.times_of(weir):.2f}",
             f"{timing.peak_mb():.0f}", str(len(seconds))]
    return "| " + " | ".join(cells) + " |\n"


def weir_of(workload):
    return next((timing for timing in workload if timing.tool.name == "weir" and timing.runs), None)


def _table(workload, size):
    lines = ["| tool | median s | min–max s | GB/s | x weir | MB | runs |\n",
             "|---|--:|--:|--:|--:|--:|--:|\n"]
    lines += [_figures(timing, weir_of(workload), size) for timing in workload if timing.runs]
    lines += [f"\n{timing.tool.name} is left out: {timing.left_out.splitlines()[0]}\n"
              for timing in workload if timing.left_out]
    return "".join(lines)


def _threads(count):
    return "1 processor" if count == 1 else f"{count} processors"


def _goal_text(goal, bound):
    sign = "≥" if goal.kind in ("GB/s", "faster") else "≤"
    against = f"x {goal.against}" if goal.against else goal.kind
    return f"{sign} {bound:.3g} {against}"


def _value(goal, timing, workload, size):
    """What was measured for a goal, or None if its rival was not."""
    if goal.kind == "GB/s":
        return size / timing.median() / 1e9
    if goal.kind == "MB":
        return timing.peak_mb()
    if goal.kind == "ms":
        return timing.median() * 1e3
    other = next((one for one in workload if one.tool.name == goal.against and one.runs), None)
    if other is None:
        return None
    return other.times_of(timing) if goal.kind == "faster" else timing.times_of(other)


def _goal_row(goal, results):
    for workload, size in zip(results.workloads, results.sizes):
        asked = workload[0].asked
        if (asked.data_set.name, asked.job.name) != (goal.data_set, goal.job) or \
                (asked.threads == 1) != (goal.threads == 1):
            continue
        timing = next((one for one in workload if one.tool.name == goal.tool and one.runs), None)
        value = None if timing is None else _value(goal, timing, workload, size)
        if value is None:
            return ""
        stretch = goal.stretch or goal.must
        verdict = "reached" if goal.reached(value, stretch) else \
            "must reached, stretch missed" if goal.reached(value, goal.must) else "**missed**"
        who = "" if goal.tool == "weir" else f", {goal.tool.split(', ')[-1]}"
        return (f"| {goal.job} {goal.data_set}{who} | {_threads(asked.threads)} | "
                f"{_goal_text(goal, goal.must)} | "
                f"{_goal_text(goal, goal.stretch) if goal.stretch else ''} | "
                f"{value:.3g} | {verdict} |\n")
    return ""


def _losses(results):
    lines = []
    for workload in results.workloads:
        weir = weir_of(workload)
        for timing in workload:
            if weir is None or not timing.runs or timing.tool.bound or timing.tool is weir.tool:
                continue
            ratio = timing.times_of(weir)
            if 0 < ratio < 1 and not timing.tool.name.startswith("weir"):
                asked = timing.asked
                lines.append(f"- {asked.job.name} on {asked.data_set.name}, "
                             f"{_threads(asked.threads)}: {timing.tool.name} takes {ratio:.2f} of "
                             "weir's time.\n")
    return "".join(lines) or "None was measured.\n"


def _command(timing):
    """A command as typed in a shell, with the long table functions by name."""
    words = list(timing.command)
    asked = timing.asked
    if words[0].endswith("sql_library"):
        table = tools.duckdb_table(asked.pattern(), asked.fields)
        words[-1] = words[-1].replace(table, f"read_csv({asked.data_set.name})")
    if words[0].endswith("inflate_only") and len(asked.files) > 2:
        return " ".join(words[:2]) + f" {asked.pattern()}"
    prefix = "".join(f"{name}={value} " for name, value in timing.tool.environment)
    return prefix + shlex.join(words)


def _commands(results):
    parts = []
    for workload in results.workloads:
        asked = workload[0].asked
        parts.append(f"\n{asked.job.name}, {asked.data_set.name}, {_threads(asked.threads)}:\n\n"
                     "```sh\n" + "".join(_command(timing) + "\n" for timing in workload) + "```\n")
    tables = {asked.data_set.name: tools.duckdb_table(asked.pattern(), asked.fields)
              for asked in (workload[0].asked for workload in results.workloads)}
    definitions = "".join(f"`read_csv({name})` stands for\n\n```sql\n{table}\n```\n\n"
                          for name, table in tables.items())
    return definitions + "".join(parts)


def write(results, path):
    """Writes the page."""
    parts = [INTRODUCTION.format(rounds=results.rounds,
                                  s="" if results.rounds == 1 else "s"), "| | |\n|---|---|\n", _machine(results)]
    if results.notes:
        parts += ["\n", *(f"- {note}\n" for note in results.notes)]
    rows = [_goal_row(goal, results) for goal in goals.GOALS]
    parts += ["\n## Goals\n\n| job | on | must | stretch | measured | |\n|---|---|---|---|--:|---|\n",
              *rows, "\n## Where weir is slower\n\n", _losses(results), "\n## Tables\n"]
    for workload, size in zip(results.workloads, results.sizes):
        asked = workload[0].asked
        parts.append(f"\n### {asked.job.name}, {asked.data_set.name}, {_threads(asked.threads)}\n\n"
                     f"{asked.job.title}; {asked.data_set.title}, {size / 1e6:,.0f} MB of text.\n\n"
                     + _table(workload, size))
    parts += ["\n## Commands\n\n", _commands(results)]
    path.write_text("".join(parts), encoding="utf-8")
