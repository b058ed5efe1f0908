"""The rules of the model that can be taken away one by one: a model without one must be found wrong."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Rules:
    hand_over: bool = True           # table19.md: a 本職 row that ends on the day gives way to one that starts on it
    tombstone_revision: bool = True  # an A at or below a tombstone's revision is STALE
    month_end: bool = True           # sums and rates take the agencies below on the month's last day, not today's
    on_time_stays: bool = True       # nothing that comes later undoes on_time
    frozen_by_files: bool = True     # what a re-match brought counts in no frozen figure
    stale_answers: bool = True       # a STALE or UNCHANGED line ended without error: it fixes earlier findings
    other_record: bool = True        # another matched record of the person: the id is not mistyped

    @classmethod
    def without(cls, *names):
        return cls(**{name: False for name in names})


ALL_RULES = Rules()
