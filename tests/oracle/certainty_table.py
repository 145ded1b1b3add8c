# SPDX-License-Identifier: Apache-2.0
"""How often weir's answers are right, by what it says of its own certainty."""
import collections

CERTAINTIES = ("certain", "likely", "possible")
QUESTIONS = ("opener", "ACCEPT", "REJECT")
TITLES = {
    "opener": "who opened the conversation (`pairs`)",
    "ACCEPT": "which rule accepted it (`why`)",
    "REJECT": "what rejected it (`why`)",
}
WANTED_SHARE = 0.95
UNANSWERED = "unknown"


class Table:
    def __init__(self):
        self.answers = collections.Counter()  # (config, question, certainty, is right)
        self.shares = collections.Counter()  # (config, is certain)
        self.missed = collections.defaultdict(list)

    def add(self, config, row, is_right):
        certainty = row["certainty"] if row["cause"] != UNANSWERED else UNANSWERED
        self.answers[config, row["verdict"], certainty, is_right] += 1

    def opener(self, config, certainty, is_right):
        self.answers[config, "opener", certainty or UNANSWERED, is_right] += 1

    def decided(self, config, is_certain, example):
        self.shares[config, is_certain] += 1
        if not is_certain:
            self.missed[config].append(example)

    def merge(self, other):
        self.answers += other.answers
        self.shares += other.shares
        for config, examples in other.missed.items():
            self.missed[config] += examples[:20]

    def share(self, config):
        """Of what the oracle finds decided, the part of which weir is certain."""
        said, not_said = self.shares[config, True], self.shares[config, False]
        return said / max(said + not_said, 1)

    def lines(self):
        """The table of docs/verdict.md."""
        yield "| question | configuration | certainty | answers | precision | recall |"
        yield "|---|---|---|---|---|---|"
        for question in QUESTIONS:
            for config in (False, True):
                yield from self.rows(question, config)

    def rows(self, question, config):
        kinds = [(certainty, right) for certainty in CERTAINTIES for right in (True, False)]
        kinds += [(UNANSWERED, right) for right in (True, False)]
        total = sum(self.answers[config, question, *kind] for kind in kinds)
        for certainty in CERTAINTIES:
            right = self.answers[config, question, certainty, True]
            answers = right + self.answers[config, question, certainty, False]
            if answers:
                yield (
                    f"| {TITLES[question]} | {'with' if config else 'without'} | {certainty}"
                    f" | {answers:,} | {percent(right, answers)} | {percent(right, total)} |"
                )
        none = sum(self.answers[config, question, UNANSWERED, right] for right in (True, False))
        if none:
            yield (
                f"| {TITLES[question]} | {'with' if config else 'without'} | no answer"
                f" | {none:,} | - | - |"
            )


def percent(part, whole):
    """Rounded down, so that 100.0 % means all."""
    return f"{int(1000 * part / whole) / 10:.1f} %" if whole else "-"
