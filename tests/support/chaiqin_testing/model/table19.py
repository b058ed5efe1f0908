"""Table 19: whose rows a load replaces, and to which agency a record belongs (docs/table19.md)."""

import csv
from collections import defaultdict
from dataclasses import dataclass, field

from .dates import roc_day
from .rules import ALL_RULES

ORG_KINDS = ["1", "2", "4", "5", "3", "9"]  # 本職 借調 兼職 代理 支援 留職停薪
PRIMARY, SECONDMENT, UNPAID_LEAVE = "1", "2", "9"
MOST_FEWER_PER_CENT = 20  # a snapshot with fewer rows than that is REFUSED unless it is forced


@dataclass
class Load:
    """What a load did: the counts that the contract lists, and the rejected lines (the header is
    line 1)."""

    state: str = "LOADED"
    rows: int = 0
    persons_changed: int = 0
    persons_kept: int = 0
    rejected: set = field(default_factory=set)
    changed: set = field(default_factory=set)  # the persons themselves


class Table19:
    """Rows by (authority, person, seq); a load replaces the rows of its own authority for the
    persons it lists."""

    def __init__(self, rules=ALL_RULES):
        self.rules = rules
        self.rows = defaultdict(dict)  # person -> {(authority, seq): row}
        self._last_snapshot = {}  # authority -> rows of its last complete load

    def load(self, authority, path):
        with open(path, encoding="utf-8-sig", newline="") as handle:
            return self.take(authority, list(csv.DictReader(handle)))

    def take(self, authority, lines, agencies=None, snapshot=False, force=True):
        """Lines by column, all well-formed dates. Without `agencies` no line is judged by the
        hierarchy."""
        load = Load(rows=len(lines))
        last = self._last_snapshot.get(authority)
        if (
            snapshot
            and not force
            and last
            and (last - load.rows) * 100 > last * MOST_FEWER_PER_CENT
        ):
            load.state = "REFUSED"
            return load
        if snapshot:
            self._last_snapshot[authority] = load.rows
        listed = defaultdict(list)
        for number, line in enumerate(lines, 2):
            listed[line["person_id"]].append((number, line))
        for person, of_person in listed.items():
            self._take_person(authority, person, of_person, agencies, load)
        if snapshot:
            load.persons_kept = sum(
                1
                for person, rows in self.rows.items()
                if person not in listed and any(key[0] == authority for key in rows)
            )
        load.persons_changed = len(load.changed)
        return load

    def _take_person(self, authority, person, lines, agencies, load):
        rows, says_none = {}, False
        for number, line in lines:
            key = (authority, int(line["seq"]))
            row = None if key[1] == 0 else self._row(authority, line)
            if (
                key[1] == 0
                and not line["org_code"]
                and len({n for n, other in lines if other["seq"] != "0"}) == 0
            ):
                if says_none:
                    load.rejected.add(number)
                says_none = True
            elif row is None or self._is_bad(row, person, authority, agencies) or key in rows:
                load.rejected.add(number)
            else:
                rows[key] = row
        if not rows and not says_none:
            return
        before = {key: row for key, row in self.rows[person].items() if key[0] == authority}
        if rows != before:
            load.changed.add(person)
        self.rows[person] = {
            **{k: row for k, row in self.rows[person].items() if k[0] != authority},
            **rows,
        }

    @staticmethod
    def _row(authority, line):
        return {
            "org": line["org_code"],
            "kind": line["post_kind"],
            "seq": int(line["seq"]),
            "authority": authority,
            "start": roc_day(line["start_date"]) if line["start_date"] else None,
            "end": roc_day(line["end_date"]) if line["end_date"] else None,
        }

    @staticmethod
    def _is_bad(row, person, authority, agencies):
        if agencies is None:
            return False
        if not is_person_id(person) or not row["org"] or not row["kind"] or row["start"] is None:
            return True
        if row["end"] is not None and row["end"] < row["start"]:
            return True
        return not agencies.knows(row["org"]) or not agencies.within(
            row["org"], authority, row["start"]
        )

    def attribute(self, person, day, org):
        """(agency, step) or (None, reason)."""
        rows = list(self.rows.get(person, {}).values())
        if not rows:
            return None, "NO_PERSON"
        at = [r for r in rows if r["start"] <= day and (r["end"] is None or day <= r["end"])]
        going_on = [
            r for r in at if r["kind"] == "1" and r["start"] == day and r["end"] != day
        ]
        if self.rules.hand_over and going_on:
            at = [r for r in at if not (r["kind"] == "1" and r["end"] == day)]
        if not at:
            if day < min(r["start"] for r in rows):
                return None, "BEFORE_FIRST"
            if all(r["end"] is not None and r["end"] < day for r in rows):
                return None, "AFTER_LAST"
            return None, "GAP"
        if len(at) == 1:
            return at[0]["org"], None
        return self._among_several(at, org)

    @staticmethod
    def _among_several(at, org):
        def narrowed(rows, wanted):
            kept = [r for r in rows if wanted(r)]
            return kept or rows

        at = narrowed(at, lambda r: r["kind"] == "2" and r["org"] == org)
        if len(at) == 1:
            return at[0]["org"], "SECONDMENT"
        same_org = [r for r in at if r["org"] == org]
        if same_org:
            best = min(ORG_KINDS.index(r["kind"]) for r in same_org)
            at = [r for r in same_org if ORG_KINDS.index(r["kind"]) == best]
        if len(at) == 1:
            return at[0]["org"], "ORG"
        at = narrowed(at, lambda r: r["kind"] != "9")
        at = narrowed(at, lambda r: r["kind"] == "1")
        if len(at) == 1:
            return at[0]["org"], "PRIMARY"
        latest = max(r["start"] for r in at)
        at = [r for r in at if r["start"] == latest]
        if len(at) == 1:
            return at[0]["org"], "LATEST_START"
        highest = max(r["seq"] for r in at)
        at = sorted((r for r in at if r["seq"] == highest), key=lambda r: r["authority"])
        return at[0]["org"], "HIGHEST_SEQ"


LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"  # 10 to 35, as the format counts them


def is_person_id(text):
    """A citizen's or resident's id: a letter, 1, 2, 8 or 9, eight digits, the weighted sum a
    multiple of ten."""
    if len(text) != 10 or text[0] not in LETTERS or text[1] not in "1289" or not text[1:].isdigit():
        return False
    code = LETTERS.index(text[0]) + 10
    digits = [code // 10, code % 10, *map(int, text[1:])]
    return sum(d * w for d, w in zip(digits, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1))) % 10 == 0
