"""OPEN or FIXED: which later file answers a finding (docs/statistics.md)."""

from dataclasses import dataclass, field

from .rules import ALL_RULES


@dataclass
class Sent:
    """A file as far as its findings go; `moment` orders files, those of one moment may be in any
    order."""

    moment: int
    agency: str
    month: str  # None: could not be read
    accepted: bool
    identities: dict  # (kind, index) -> identity, None if it cannot be read
    verdicts: dict  # (kind, index) -> disposition; empty if rejected
    matched_again: dict = field(default_factory=dict)  # (kind, index) -> {moment of a re-match}

    def ended_without_error(self, rules):
        good = (
            ("live", "deletion", "stale", "unchanged")
            if rules.stale_answers
            else ("live", "deletion")
        )
        return {self.identities[line] for line, verdict in self.verdicts.items() if verdict in good}


class Findings:
    def __init__(self, rules=ALL_RULES):
        self.rules, self.sent = rules, []

    def fixers(self, number, line=None):
        """The files one of which is named to have fixed a finding of the line, or of the file if
        `line` is None; None stands for OPEN. More than one only where the order of files of one
        moment decides."""
        return self._first_after(number, line, self.sent[number].moment)

    def fixers_of_table19(self, number, line):
        """The same of a T finding. It is raised when its line is matched and replaced when that is
        matched again; the contract does not say whether files between answer it."""
        mine = self.sent[number]
        return frozenset().union(
            *(
                self._first_after(number, line, moment)
                for moment in {mine.moment} | mine.matched_again.get(line, set())
            )
        )

    def _first_after(self, number, line, moment):
        mine = self.sent[number]
        if line is None:
            answers = [
                other
                for other, file in enumerate(self.sent)
                if file.accepted and file.agency == mine.agency and mine.month in (None, file.month)
            ]
        else:
            identity = mine.identities[line]
            answers = [
                other
                for other, file in enumerate(self.sent)
                if identity is not None and identity in file.ended_without_error(self.rules)
            ]
        at_once = {
            other for other in answers if other != number and self.sent[other].moment == moment
        }
        later = [other for other in answers if self.sent[other].moment > moment]
        first = min((self.sent[other].moment for other in later), default=None)
        return frozenset(
            at_once | ({other for other in later if self.sent[other].moment == first} or {None})
        )
