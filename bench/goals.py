# SPDX-License-Identifier: Apache-2.0
"""How fast weir has to be. A goal that is missed is shown as missed.

Kinds: `GB/s` of uncompressed text, at least. `faster`: how many times the rival's time, at least.
`time of`: share of the other's time, at most. `MB` and `ms`: at most.
"""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Goal:
    data_set: str
    job: str
    threads: int                # 1, or 2 for all processors
    kind: str
    must: float
    stretch: float = 0.0        # 0: as `must`
    against: str = ""
    tool: str = "weir"

    def reached(self, value, bound):
        return value >= bound if self.kind in ("GB/s", "faster") else value <= bound


def _scan(job):
    return [
        Goal("v2", job, 1, "GB/s", 4.5, 6), Goal("v2", job, 2, "GB/s", 8.5, 10),
        Goal("v2", job, 2, "faster", 11, 15, "DuckDB"),
        Goal("v2", job, 2, "faster", 4.5, against="ClickHouse, lines"),
        Goal("v2", job, 2, "faster", 6, against="nfdump"),
        Goal("v2", job, 1, "time of", 1.15, 1.0, "wc -l"),
        Goal("v2-gz", job, 1, "GB/s", 1.2), Goal("v2-gz", job, 2, "GB/s", 2.2, 2.5),
        Goal("v2-gz", job, 2, "faster", 5, against="DuckDB"),
        Goal("v2-gz", job, 2, "faster", 2, against="ClickHouse, lines"),
        Goal("v2-gz", job, 2, "faster", 10, against="mawk"),
    ]


def _inflate(job, must, stretch):
    return [Goal("v2-gz", job, threads, "time of", must, stretch, "inflate only")
            for threads in (1, 2)]


GOALS = [
    *_scan("J1"), *_scan("J4"),
    Goal("v2", "J4", 2, "faster", 2.2, against="ripgrep"),
    Goal("v2-gz", "J1", 2, "faster", 4.5, against="zcat"),
    Goal("v2", "J5", 2, "faster", 1.6, against="DuckDB"),
    Goal("v2-gz", "J5", 2, "faster", 2.2, against="DuckDB"),
    Goal("v2", "J2", 1, "GB/s", 2.8, 4), Goal("v2", "J2", 2, "GB/s", 5.5, 7.5),
    Goal("v2", "J2", 2, "faster", 8, 10, "DuckDB"),
    Goal("v2", "J2", 2, "faster", 4, against="ClickHouse, lines"),
    Goal("v2", "J2", 1, "faster", 3.3, against="ClickHouse, lines"),
    Goal("v2", "J2", 2, "faster", 4, against="nfdump"),
    Goal("v2", "J2", 2, "faster", 1.4, against="DuckDB on Parquet"),
    Goal("v2", "J3", 1, "GB/s", 2.4, 3), Goal("v2", "J3", 2, "GB/s", 3.9, 5),
    Goal("v2", "J3", 2, "faster", 8, 10, "DuckDB"),
    Goal("v2", "J3", 2, "faster", 6.5, against="ClickHouse, lines"),
    Goal("v2", "J3", 2, "faster", 2.8, against="DuckDB on Parquet"),
    Goal("v2-gz", "J3", 2, "faster", 3.5, against="ClickHouse, lines"),
    Goal("v2", "decode", 1, "GB/s", 2, 3), Goal("v2", "decode", 2, "GB/s", 4),
    Goal("v2", "decode", 1, "GB/s", 1.5, tool="weir, AVX2"),
    *(Goal("v2", job, 1, "time of", 1 / 0.6, 1 / 0.75, "weir", "weir, AVX2")
      for job in ("J1", "J2", "J3", "J4", "decode")),
    Goal("v5", "J1", 2, "GB/s", 11, 14), Goal("v5", "J1", 2, "faster", 15, against="DuckDB"),
    Goal("v5", "J2", 2, "GB/s", 7, 9), Goal("v5", "J2", 2, "faster", 9, against="DuckDB"),
    *_inflate("J1", 1.15, 1.08), *_inflate("J4", 1.15, 1.08), *_inflate("J2", 1.30, 1.20),
    *_inflate("J3", 1.40, 1.30), *_inflate("decode", 1.50, 1.35),
    Goal("v2-small-gz", "J1", 2, "time of", 1.15, 1.05, "inflate only"),
    Goal("v2-small-gz", "J1", 2, "faster", 5, against="DuckDB"),
    Goal("v2-small-gz", "J1", 2, "faster", 2, against="ClickHouse, lines"),
    Goal("v2", "J1", 2, "MB", 16, 8), Goal("v2", "J4", 2, "MB", 16, 8),
    Goal("v2-gz", "J1", 1, "MB", 16, 8), Goal("v2-gz", "J1", 2, "MB", 32, 16),
    Goal("v2", "J3", 2, "MB", 130),
    Goal("v2-1MB", "start-up", 2, "ms", 10, 5),
]
