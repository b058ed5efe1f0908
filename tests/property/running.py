"""A run of random sequences against a stack: batch after batch, each compared when it is through."""
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

import comparing
import expectation
import sequences
from chaiqin_testing import model
from driving import Batch

TAIPEI = timezone(timedelta(hours=8))


@dataclass
class Outcome:
    sequences: int = 0
    uploads: int = 0
    loads: int = 0
    seconds: float = 0
    differences: list = field(default_factory=list)

    def add(self, other):
        self.sequences += other.sequences
        self.uploads += other.uploads
        self.loads += other.loads
        self.seconds += other.seconds
        self.differences += other.differences

    def __str__(self):
        return (f"{self.sequences} sequences, {self.uploads} uploads, {self.loads} Table 19 loads, "
                f"{self.seconds:.0f} s: {len(self.differences)} differences")


def today():
    return datetime.now(TAIPEI).date()


class Run:
    """`names` gives this run codes of its own; every figure depends on seed and sequence number alone."""

    def __init__(self, stack, seed, run_number, day=None, rules=model.ALL_RULES):
        self.stack, self.seed, self.rules = stack, seed, rules
        self.names, self.day = sequences.Names(run_number), day or today()
        self.last = None  # (batch, answers) of the batch that ended last

    def batch(self, numbers):
        """One batch: drawn, judged by the model, sent, read, compared."""
        begin = time.monotonic()
        drawn = [sequences.draw(self.seed, n, self.names, self.day, numbers[0]) for n in numbers]
        expected = [expectation.expect(one, self.day, self.rules) for one in drawn]
        batch = Batch(self.stack, drawn, f"{self.seed}/{numbers[0]}")
        batch.run()
        answers, found = comparing.settled(batch, expected, self._asked(drawn))
        self.last = (batch, answers)
        return Outcome(len(drawn), sum(len(ids) for ids in batch.submissions), len(batch.loads),
                       time.monotonic() - begin, found)

    @staticmethod
    def _asked(drawn):
        """Those whose supervising agencies are asked one by one: the sums and rates of all are compared as a whole,
        and agency by agency."""
        few, many = len(drawn) <= 20, len(drawn) > 300

        def moves(sequence):
            above = {sequence.codes["D"]: sequence.codes["B"]}
            return any(row["org_code"] in above and row["supervising_org_code"] != above[row["org_code"]]
                       for phase in sequence.phases[1:] for row in phase.agencies)

        return [s for s in drawn if few or s.number % 10 == 0 or (moves(s) and (not many or s.number % 3 == 0))]

    def touches(self, rules):
        """Do the other rules say anything else of an ordered sequence of that batch?"""
        return any(expectation.expect(one, self.day) != expectation.expect(one, self.day, rules)
                   for one in self.last[0].sequences if one.ordered)

    def judged_again(self, rules):
        """The differences of the batch that ended last if the model had other rules."""
        batch, answers = self.last
        expected = [expectation.expect(one, self.day, rules) for one in batch.sequences]
        return comparing.differences(batch.sequences, expected, answers, batch.submissions)
