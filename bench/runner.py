# SPDX-License-Identifier: Apache-2.0
"""Runs tools in turn, round after round, and keeps what each run took.

All tools of a workload run once in each round, so that a slow moment of the machine meets all of
them; ratios are taken inside a round. Inputs are read into the page cache before every run.
"""
import dataclasses
import os
import shutil
import statistics
import subprocess

import answers
import data
import tools

SLOW = 5.0                  # seconds: from here on a tool runs in the first rounds only
ROUNDS_OF_SLOW = 2
SCRATCH = tools.WORK / "scratch"


@dataclasses.dataclass
class Run:
    seconds: float
    processor_seconds: float
    peak_mb: float
    clock_ns: int           # of a million dependent additions just before


@dataclasses.dataclass
class Timing:
    """The runs of one tool in one workload, by round."""
    tool: tools.Tool
    asked: tools.Asked
    command: list
    runs: dict = dataclasses.field(default_factory=dict)
    left_out: str = ""      # why it has not been timed

    def seconds(self):
        return [run.seconds for run in self.runs.values()]

    def median(self):
        return statistics.median(self.seconds())

    def peak_mb(self):
        return max(run.peak_mb for run in self.runs.values())

    def times_of(self, other):
        """This tool's time over another's, pair by pair, then the median."""
        pairs = [run.seconds / other.runs[number].seconds for number, run in self.runs.items()
                 if number in other.runs]
        return statistics.median(pairs) if pairs else 0.0


def _measure(timing, timeout, output):
    """Runs a command under bench/measure.cpp. Returns the run and what it printed on stderr."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {"LC_ALL": "C", "TZ": "UTC", "TMPDIR": str(SCRATCH.resolve())}
    environment |= dict(timing.tool.environment)
    done = subprocess.run(
        [str(tools.BUILD / "measure"), str(timing.asked.threads), str(timeout), *timing.command],
        stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.PIPE, env=environment,
        text=True, check=False)
    shutil.rmtree(SCRATCH, ignore_errors=True)
    said, _, measured = done.stderr.rpartition("measured ")
    if done.returncode != 0 or not measured:
        raise answers.WrongAnswer(f"could not be measured: {done.stderr.strip()[-300:]}")
    status, wall, processor, peak, clock = map(int, measured.split())
    if status != 0:
        reason = f"took more than {timeout} s" if status == 137 else f"exit status {status}"
        raise answers.WrongAnswer(f"{reason}: {said.strip()[-300:]}")
    return Run(wall / 1e9, processor / 1e9, peak * 1024 / 1e6, clock)


def _check(timing, judge, text, size, timeout):
    """One run that is not counted, whose answer is compared with DuckDB's."""
    export = timing.tool.reads == "weir" and timing.asked.job.export
    answer = tools.WORK / "data" / f"answer.{export or 'txt'}"
    try:
        with open(answer, "wb") as output:
            _measure(timing, timeout, output)
        if export:
            written = tools.WRITTEN if export == "parquet" else answer
            judge.check_export(timing.asked, text, written)
        else:
            judge.check(timing.tool, timing.asked, text, answer.read_text(encoding="utf-8"), size)
    finally:
        answer.unlink(missing_ok=True)
        tools.WRITTEN.unlink(missing_ok=True)


def inputs_of(timing):
    """What a command reads, to be read again before it runs."""
    if timing.tool.name == "nfdump":
        return [tools.flows_of(timing.asked)]
    if timing.tool.name == "DuckDB on Parquet":
        return [tools.parquet_of(timing.asked)]
    return timing.asked.files


def measure_workload(asked, judge, text, size, rounds, timeout, say):
    """Times every tool that can do this job, if it does it right."""
    timings = []
    for tool in tools.TOOLS:
        command = tool.command(asked)
        if command is None:
            continue
        timing = Timing(tool, asked, command)
        timings.append(timing)
        try:
            _check(timing, judge, text, size, timeout)
        except answers.WrongAnswer as wrong:
            timing.left_out = str(wrong)
            say(f"  {tool.name} is left out: {wrong}")
    running = [timing for timing in timings if not timing.left_out]
    for number in range(rounds):
        # Each round begins with another tool, so that none always follows the same one.
        shift = number % max(1, len(running))
        for timing in running[shift:] + running[:shift]:
            if number >= ROUNDS_OF_SLOW and timing.median() > SLOW:
                continue
            data.read_again(inputs_of(timing))
            try:
                timing.runs[number] = _measure(timing, timeout, subprocess.DEVNULL)
            except answers.WrongAnswer as wrong:
                timing.left_out = str(wrong)
    return timings
