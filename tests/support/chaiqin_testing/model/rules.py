"""The rules of the model that can be taken away one by one: a model without one must be found
wrong."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rules:
    # docs/table19.md, "Hand-over on the same day": a 本職 row that ends on the day gives way to one
    # that starts on it.
    hand_over: bool = True
    # An A at or below a tombstone's revision is STALE.
    tombstone_revision: bool = True
    # Sums and rates take the agencies below on the month's last day, not today's.
    month_end: bool = True
    # Nothing that comes later undoes on_time.
    on_time_stays: bool = True
    # What a re-match brought counts in no frozen figure.
    frozen_by_files: bool = True
    # A STALE or UNCHANGED line ended without error: it fixes earlier findings.
    stale_answers: bool = True
    # Another matched record of the person: the id is not mistyped.
    other_record: bool = True

    @classmethod
    def without(cls, *names):
        return cls(**{name: False for name in names})


ALL_RULES = Rules()
