"""A run of random sequences against a stack: batch after batch, each compared when it is
through."""

import time
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

import comparing
import expectation
import sequences
from chaiqin_testing import model
from driving import Batch, csv_text

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
        return (
            f"{self.sequences} sequences, {self.uploads} uploads, {self.loads} Table 19 loads, "
            f"{self.seconds:.0f} s: {len(self.differences)} differences"
        )


def today():
    return datetime.now(TAIPEI).date()


def closing_day(day):
    """One past the deadline of the day's month, whatever days off stand about the 20th."""
    return date.fromisoformat(f"{model.months_apart(model.month_of(day), 1)}-26")


class Run:
    """Every figure depends on seed, sequence number and day alone; `names` are codes of this run's
    own.

    Each batch freezes the month of its day, and the next one has a day of the next month: the clock
    of the stack goes forwards, and whoever is through with the run sets it back.
    """

    def __init__(self, stack, seed, day=None, rules=model.ALL_RULES):
        self.stack, self.seed, self.rules = stack, seed, rules
        self.names = self._unused_names()
        self.day = self._unfrozen(day or today())
        if self.day != today():
            stack.command("clock", f"{self.day}T12:00:00+08:00")
        self.last = None  # (batch, answers) of the batch that ended last

    def _unused_names(self):
        """Those of the first run whose root agency the registry did not know: now it does."""
        for run in range(sequences.RUNS):
            names = sequences.Names(run)
            content = csv_text(
                sequences.REGISTRY_COLUMNS, [sequences.registry_row(names.agency(0, "R"), "")]
            )
            answer = self.stack.call(
                "POST",
                "/api/v1/registry/agencies?confirm=true",
                self.stack.operator(),
                content,
                {"Content-Type": "text/csv"},
            )
            assert answer.status == 200, answer.body
            if answer.json["added"]:
                return names
        raise AssertionError("every run's names are used in this store")

    def _unfrozen(self, day):
        """That day, or the first one behind it in whose month this stack has not frozen the figures
        yet."""
        operator = self.stack.operator()
        path = "/api/v1/reporting-rates?month={}&authority=" + self.names.agency(0, "R")
        while self.stack.get(path.format(model.month_of(day)), operator).json["frozen"]:
            day = closing_day(day)
        return day

    def batch(self, numbers):
        """One batch: drawn, judged by the model, sent, read, compared; before the deadline of its
        later month, and when that is frozen."""
        begin = time.monotonic()
        drawn = [sequences.draw(self.seed, n, self.names, self.day, numbers[0]) for n in numbers]
        batch = Batch(
            self.stack, drawn, f"{self.seed}/{numbers[0]}", self.day, closing_day(self.day)
        )
        before, at_the_end = zip(*(self._expected(batch, one, self.rules) for one in drawn))
        batch.open()
        _, found = comparing.settled(batch, before, [], ended=False)
        batch.close(freezes=any(e.frozen[s.group][0] for s, e in zip(drawn, at_the_end)))
        answers, found_at_the_end = comparing.settled(
            batch, at_the_end, self._asked(drawn), ended=True
        )
        self.last, self.day = (batch, answers), batch.closing
        return Outcome(
            len(drawn),
            sum(len(ids) for ids in batch.submissions),
            len(batch.loads),
            time.monotonic() - begin,
            found + found_at_the_end,
        )

    @staticmethod
    def _expected(batch, sequence, rules=model.ALL_RULES):
        return expectation.expect(sequence, batch.day, batch.closing, rules)

    @staticmethod
    def _asked(drawn):
        """Those whose supervising agencies are asked one by one: the sums and rates of all are
        compared as a whole, and agency by agency."""
        few, many = len(drawn) <= 20, len(drawn) > 300

        def moves(sequence):
            above = {sequence.codes["D"]: sequence.codes["B"]}
            return any(
                row["org_code"] in above and row["supervising_org_code"] != above[row["org_code"]]
                for phase in sequence.phases[1:]
                for row in phase.agencies
            )

        return [
            s
            for s in drawn
            if few or s.number % 10 == 0 or (moves(s) and (not many or s.number % 3 == 0))
        ]

    def touches(self, rules):
        """Do the other rules say anything else of an ordered sequence of that batch?"""
        batch = self.last[0]
        return any(
            self._expected(batch, one)[1] != self._expected(batch, one, rules)[1]
            for one in batch.sequences
            if one.ordered
        )

    def judged_again(self, rules):
        """The differences of the batch that ended last if the model had other rules."""
        batch, answers = self.last
        expected = [self._expected(batch, one, rules)[1] for one in batch.sequences]
        return comparing.differences(batch.sequences, expected, answers, batch.submissions)
