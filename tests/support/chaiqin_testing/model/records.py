"""Who has the last word on an identity (docs/checks.md, "Identity, revision and deletion"),
dispositions (docs/submission-states.md, "Dispositions") and monthly counts (docs/statistics.md)."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from .dates import month_of, roc_day
from .rules import ALL_RULES

BOTH_KINDS = ("record_no", "record_seq", "revision", "person_id", "person_name", "org_code")
CONTENT = {
    "leave": (
        *BOTH_KINDS,
        "leave_type",
        "sub_type",
        "start_date",
        "start_time",
        "end_date",
        "end_time",
        "leave_minutes",
        "reason",
        "location",
        "abroad_type",
        "event_date",
    ),
    "overtime": (
        *BOTH_KINDS,
        "overtime_type",
        "day_type",
        "overtime_date",
        "start_date",
        "start_time",
        "end_date",
        "end_time",
        "reason",
        "location",
        "approval_no",
        "overtime_minutes",
        "paid_minutes",
        "comp_minutes",
        "award_minutes",
        "void_minutes",
    ),
}


def day_of(kind, record):
    return roc_day(record["start_date"] if kind == "leave" else record["overtime_date"])


def identity_of(document, kind, record):
    return (
        document["reporting_org_code"],
        kind,
        document["source_system"],
        record["record_no"],
        record["record_seq"],
    )


@dataclass
class Line:
    """The last word on an identity: a live record, or a tombstone."""

    file: int  # number of the file that brought it, from 0
    sender: str
    kind: str
    index: int
    record: dict
    dead: bool
    content: tuple

    @property
    def person(self):
        return self.record["person_id"]

    @property
    def day(self):
        return day_of(self.kind, self.record)


@dataclass
class File:
    total: int
    verdicts: dict = field(
        default_factory=dict
    )  # (kind, index) -> disposition on arrival, live lines as 'live'
    dispositions: Counter = field(
        default_factory=Counter
    )  # without UNMATCHED and COUNTED: those follow Table 19


class Store:
    """Live records and tombstones after files in some order."""

    def __init__(self, rules=ALL_RULES):
        self.rules = rules
        self.head = {}  # identity -> Line
        self.files = []

    def take(self, document, invalid=()):
        """One accepted file; `invalid` holds (kind, index). Returns its dispositions, live lines as
        `live`."""
        number = len(self.files)
        file = File(sum(len(document[kind + "_records"]) for kind in CONTENT))
        self.files.append(file)
        for kind in CONTENT:
            seen = set()
            for index, record in enumerate(document[kind + "_records"]):
                form = (record["record_no"], record["record_seq"])
                bad = (
                    kind,
                    index,
                ) in invalid or form in seen  # U01: each occurrence after the first
                seen.add(form)
                file.verdicts[(kind, index)] = (
                    "invalid" if bad else self._line(number, document, kind, index)
                )
        result = Counter(file.verdicts.values())
        file.dispositions += Counter(
            {name: count for name, count in result.items() if name != "live"}
        )
        return result

    def _line(self, number, document, kind, index):
        sender, record = document["reporting_org_code"], document[kind + "_records"][index]
        identity = identity_of(document, kind, record)
        arriving = Line(
            number,
            sender,
            kind,
            index,
            record,
            record["action"] == "D",
            tuple(record[k] for k in CONTENT[kind]),
        )
        head = self.head.get(identity)
        verdict = "live" if head is None else self._against(head, arriving)
        if verdict != "live":
            return verdict
        if head is not None and not head.dead:
            self.files[head.file].dispositions["superseded"] += 1
        self.head[identity] = arriving
        return "deletion" if arriving.dead else "live"

    def _against(self, head, arriving):
        """The table of the format: 'live' where the arriving line becomes the last word."""
        stored, revision = head.record["revision"], arriving.record["revision"]
        if head.dead:
            if arriving.dead and revision == stored:
                return "unchanged"
            newer = revision > stored or (not arriving.dead and not self.rules.tombstone_revision)
            return "live" if newer else "stale"
        if revision < stored:
            return "stale"
        if arriving.dead or revision > stored:
            return "live" if arriving.person == head.person else "invalid"
        return "unchanged" if arriving.content == head.content else "invalid"

    def live(self):
        for identity, line in self.head.items():
            if not line.dead:
                yield identity, line


def monthly(store, table19):
    """({(agency, 'YYYY-MM', kind): [records, minutes]}, {sender: unmatched})"""
    counts, unmatched = defaultdict(lambda: [0, 0]), Counter()
    for _, line in store.live():
        agency, _ = table19.attribute(line.person, line.day, line.record["org_code"])
        if agency is None:
            unmatched[line.sender] += 1
            continue
        cell = counts[(agency, month_of(line.day), line.kind)]
        cell[0] += 1
        cell[1] += line.record[line.kind + "_minutes"]
    return dict(counts), unmatched


def menders(store, table19, line, shown_reason, rules=ALL_RULES):
    """Who may be named to mend an unmatched line (docs/table19.md, "Unmatched list"). If only
    agencies at which the person never served sent the other record, the product does not look for
    it: either answer is right.
    """
    if shown_reason != "NO_PERSON":
        return {"personnel_office"}
    elsewhere = {
        other.sender
        for _, other in store.live()
        if other.person == line.person
        and table19.attribute(other.person, other.day, other.record["org_code"])[0] is not None
    }
    known = {line.sender, *(row["org"] for row in table19.rows.get(line.person, {}).values())}
    if not elsewhere & known:
        return {"attendance_clerk", "personnel_office"} if elsewhere else {"attendance_clerk"}
    return {"personnel_office" if rules.other_record else "attendance_clerk"}
