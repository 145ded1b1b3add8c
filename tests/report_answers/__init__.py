# SPDX-License-Identifier: Apache-2.0
"""The answer of every saved question of reports/, a second time: plain Python over records as dicts,
and nothing of weir's or of SQL's. A field that the log lacks is None, as one that is `-` is.

ANSWERS has a function a report; each takes the records and the values of the parameters, and gives
rows as lists of (column, value), in the order in which weir has to give them.
"""
from . import cost, health, security, traffic
from .records import ANSWERS

__all__ = ["ANSWERS", "cost", "health", "security", "traffic"]
