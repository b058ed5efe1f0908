"""Random sequences of uploads, revisions, deletions, duplicates, Table 19 loads and agency changes.

A sequence has five agencies and three persons of its own, so that many can run in one store at
once. It is drawn from (seed, number) alone; `Names` gives it the codes and ids of one run. It goes
in phases, each of which ends before the next begins: first agency changes, then Table 19, then
files. In an ORDERED sequence a phase changes Table 19 once and before its files, and the files of
one sender follow each other, so that every disposition is fixed by the contract. In a SHUFFLED one
everything of a phase goes at once and in any order, the form numbers keep to one person and one
content a revision, and what must be the same in every order is compared.

One sequence in four has phases about the deadline of its later month as well, after which that
month is frozen: see WHEN.
"""

import copy
import json
import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from chaiqin_testing import model, owned

AGENCIES = "ABCDE"  # B and C stand below A, D below B, E beside A; all below the group
PERSONS = 3
WHEN = (
    "open",  # before the deadline
    # Files alone; when they have their receipts the deadline passes, whether they are counted or
    # not.
    "eve",
    "late",  # files alone, after the deadline
    "frozen",
)  # after the freeze: everything again
GROUP = 10  # sequences under one supervising agency that loads Table 19 for all of them at once
NO_FORM_NUMBER = "no form number"  # breaks its rule: the line has no identity
RUNS, SEQUENCES = 36**2, 40_000  # in one store; sequences of one run
LOAD_COLUMNS = ("person_id", "seq", "org_code", "post_kind", "start_date", "end_date")
REGISTRY_COLUMNS = (
    "org_code",
    "name",
    "supervising_org_code",
    "effective_on",
    "established_on",
    "abolished_on",
    "exempt_from",
    "exempt_to",
)


class Names:
    """Codes and ids of one run; two runs in one store share none (`owned.py` says which are for
    runs at all)."""

    def __init__(self, run):
        if not 0 <= run < RUNS:
            raise IndexError(f"run {run} of {RUNS}")
        self.run = run

    def agency(self, sequence, letter):
        """`letter`: one of AGENCIES, G the group, R the root over all groups of a batch."""
        place = {"R": "0", "G": "1"}.get(letter, "2")
        prefix = owned.AGENCIES["sequences"].prefix
        return (
            f"{prefix}{owned.in_base_36(self.run, 2)}{owned.in_base_36(sequence, 4)}{place}{letter}"
        )

    def person(self, sequence, index):
        if not 0 <= sequence < SEQUENCES:
            raise IndexError(f"sequence {sequence} of {SEQUENCES}")
        return owned.PERSONS["sequences"][(self.run * SEQUENCES + sequence) * 10 + index]


@dataclass
class Upload:
    document: dict
    invalid: set = field(
        default_factory=set
    )  # (kind, index) of records that break a check by themselves
    rejected: bool = False  # an error of the envelope or the bytes: nothing of it is taken
    torn: bool = False  # the bytes end early: not even the month can be read
    posted_twice: bool = False  # with one idempotency key: still one file
    spelling: int = 0  # another JSON text of the same content

    @property
    def sender(self):
        return self.document["reporting_org_code"]

    @property
    def month(self):
        """The data month, '2026-10'."""
        return f"{int(self.document['data_month'][:3]) + 1911}-{self.document['data_month'][3:]}"

    def content(self):
        if self.spelling == 0:
            content = json.dumps(self.document, ensure_ascii=False, separators=(",", ":"))
        else:
            content = json.dumps(
                self.document, ensure_ascii=False, sort_keys=True, indent=self.spelling - 1
            )
        return content[: -1 if self.torn else None].encode()


@dataclass
class Table19Load:
    authority: str
    lines: list
    snapshot: bool = False
    force: bool = True
    of_group: bool = False  # goes in one load with those of the group's other sequences


@dataclass
class Phase:
    when: str = "open"
    agencies: list = field(default_factory=list)
    loads: list = field(default_factory=list)
    uploads: list = field(default_factory=list)


@dataclass
class Sequence:
    number: int
    ordered: bool
    months: tuple  # (long past its deadline, before its deadline)
    root: str
    group: str
    codes: dict
    persons: list
    phases: list


def first_phase_agencies(codes, group):
    above = {"A": group, "B": codes["A"], "C": codes["A"], "D": codes["B"], "E": group}
    return [registry_row(codes[letter], above[letter]) for letter in AGENCIES]


def registry_row(code, above, effective_on="2000-01-01", **changes):
    return {
        **dict.fromkeys(REGISTRY_COLUMNS, ""),
        "org_code": code,
        "name": "性質測試機關",
        "supervising_org_code": above,
        "effective_on": effective_on,
        "established_on": "2000-01-01",
        **changes,
    }


class Drawing:
    """Draws one sequence."""

    def __init__(self, seed, number, names, today, batch):
        self.random = random.Random(f"{seed}/{number}")
        self.now = model.month_of(today)
        self.months = (model.months_apart(self.now, -2), self.now)
        first = number // GROUP * GROUP
        self.group, self.root = names.agency(first, "G"), names.agency(batch, "R")
        self.codes = {letter: names.agency(number, letter) for letter in AGENCIES}
        self.persons = [names.person(number, index) for index in range(PERSONS)]
        self.number = number
        self.ordered = random.Random(f"{seed}/group/{first}").random() < 0.7
        self.senders = self.random.sample(AGENCIES, self.random.randint(1, 3))
        self.days = self._days()
        self.sent = []

    def _days(self):
        """Few days, so that postings begin and end on the days of records."""
        days = []
        for month, count in (
            (self.months[0], 3),
            (model.months_apart(self.now, -1), 2),
            (self.months[1], 3),
        ):
            first = date.fromisoformat(month + "-01")
            days += [
                first + timedelta(days=self.random.choice((0, 4, 11, 19, 27))) for _ in range(count)
            ]
        return sorted(set(days))

    def draw(self):
        phases = []
        for number in range(self.random.choice((3, 3, 4))):
            phase = Phase()
            if number == 0:
                phase.agencies = first_phase_agencies(self.codes, self.group)
                phase.loads.append(self._load(of_group=True))
            else:
                if self.random.random() < 0.3:
                    phase.agencies.append(self._agency_change())
                phase.loads = self._later_loads()
            phase.uploads = [self._upload() for _ in range(self.random.choice((1, 2, 2, 3)))]
            phases.append(phase)
        if self.random.random() < 0.25:
            phases += self._about_the_deadline()
        return Sequence(
            self.number,
            self.ordered,
            self.months,
            self.root,
            self.group,
            self.codes,
            self.persons,
            phases,
        )

    def _about_the_deadline(self):
        self.senders = AGENCIES
        eve, late = (Phase(when, uploads=[self._upload()]) for when in ("eve", "late"))
        return [
            eve,
            late,
            Phase(
                "frozen",
                [self._agency_change()],
                [self._load(self.random.random() < 0.5)],
                [self._upload()],
            ),
        ]

    # Agencies

    def _agency_change(self):
        """A new version: another supervising agency for D or E, an end, an exemption or a later
        beginning."""
        pick = self.random.choice
        effective = pick(
            (
                "2000-01-01",
                *(
                    f"{model.months_apart(self.now, m)}-{d}"
                    for m in (-3, -2, -1, 0)
                    for d in ("01", "15", "28")
                ),
            )
        )
        kind = pick(("above", "above", "abolished", "exempt", "established"))
        if kind == "above":
            return registry_row(self.codes["D"], self.codes[pick("ACE")], effective)
        letter = pick("BCDE")
        code, above = self.codes[letter], {"D": self.codes["B"], "E": self.group}.get(
            letter, self.codes["A"]
        )
        day = f"{model.months_apart(self.now, pick((-3, -2, -1, 0, 1)))}-{pick(('01', '15', '28'))}"
        if kind == "abolished":
            return registry_row(code, above, effective, abolished_on=day)
        if kind == "established":
            return registry_row(code, above, effective, established_on=day)
        later = f"{model.months_apart(day[:7], pick((0, 1, 2)))}-28"
        return registry_row(code, above, effective, exempt_from=day, exempt_to=pick((later, "")))

    # Table 19

    def _later_loads(self):
        draws = [self._load(of_group=True)] if self.random.random() < 0.4 else []
        if self.random.random() < 0.3:
            draws.append(self._load(of_group=False))
        return draws[:1] if self.ordered else draws

    def _load(self, of_group):
        pick = self.random.choice
        snapshot = not of_group and pick((True, False))
        authority = self.group if of_group else self.codes[pick("AAB")]
        persons = [p for p in self.persons if self.random.random() < 0.8]
        lines = [line for person in persons for line in self._person_lines(person)]
        if not lines:
            lines = self._person_lines(self.persons[0])
        if pick((True, False)):
            self.random.shuffle(lines)
        return Table19Load(
            authority, lines, snapshot, pick((True, False)) or not snapshot, of_group
        )

    def _person_lines(self, person):
        if self.random.random() < 0.08:
            return [self._line(person, 0)]
        if self.random.random() < 0.4:
            lines = self._transfer(person)
        else:
            lines = [
                self._post(person, seq)
                for seq in range(1, self.random.choice((1, 1, 2, 2, 3, 4)) + 1)
            ]
        if self.random.random() < 0.12:
            lines.append(self._bad_line(person))
        return lines

    @staticmethod
    def _line(person, seq, **columns):
        return {**dict.fromkeys(LOAD_COLUMNS, ""), "person_id": person, "seq": str(seq), **columns}

    def _post(self, person, seq, **changes):
        pick = self.random.choice
        start = pick((None, pick(self.days), pick(self.days)))
        end = pick((None, pick(self.days), pick(self.days)))
        if start and end and end < start:
            start, end = end, start
        near = timedelta(days=pick((0, 0, 0, 1, -1)))
        if end and (not start or end + near >= start):
            end += near
        return self._line(
            person,
            seq,
            **{
                "org_code": self.codes[pick("ABBCCDDE")],
                "post_kind": pick("1111123459"),
                "start_date": model.roc_text(start) if start else "1000101",
                "end_date": model.roc_text(end) if end else "",
                **changes,
            },
        )

    def _transfer(self, person):
        """One 本職 post after the other: on the same day, on the next, or after a gap."""
        ends = self.random.choice(self.days)
        begins = ends + timedelta(days=self.random.choice((0, 0, 0, 1, 5)))
        until = self.random.choice((None, None, begins + timedelta(days=20)))
        return [
            self._post(
                person, 1, post_kind="1", start_date="1000101", end_date=model.roc_text(ends)
            ),
            self._post(
                person,
                2,
                post_kind="1",
                start_date=model.roc_text(begins),
                end_date=model.roc_text(until) if until else "",
            ),
        ]

    def _bad_line(self, person):
        """One that is rejected, at least beside the lines before it."""
        wrong_digit = person[:-1] + str((int(person[-1]) + 1) % 10)
        return self.random.choice(
            (
                self._post(person, 8, start_date="1150301", end_date="1150228"),
                self._post(person, 8, org_code=self.group[:-1] + "Q"),
                self._post(person, 8, org_code=""),
                self._post(person, 8, post_kind=""),
                self._post(person, 8, start_date=""),
                self._post(wrong_digit, 1),
                self._post(person, 1),
                self._line(person, 0),
                self._line(person, 0, org_code=self.codes["B"]),
            )
        )

    # Files

    def _upload(self):
        draw = self.random.random()
        if self.sent and draw < 0.15:
            again = copy.copy(self.random.choice(self.sent))
            again.posted_twice = False
            return again
        sender = self.codes[self.random.choice(self.senders)]
        month = self.random.choice((*self.months, self.months[1]))
        upload = Upload(
            self._document(sender, month, [], []), spelling=self.random.choice((0, 0, 0, 1, 3))
        )
        if draw < 0.22:
            upload.document["zero_report"] = True
        else:
            self._fill(upload, month)
            if draw < 0.28:
                upload.rejected, upload.torn = True, draw < 0.24
                upload.document["leave_count"] += 1
        upload.posted_twice = self.random.random() < 0.05
        self.sent.append(upload)
        return upload

    def _document(self, sender, month, leaves, overtimes):
        return {
            "format_version": "1.0",
            "reporting_org_code": sender,
            "data_month": model.roc_month(month),
            "source_system": "WEBITR",
            "source_version": "5.2",
            "generated_at": f"{self.now}-01T00:00:00+08:00",
            "batch_no": f"p-{self.number}-{len(self.sent)}",
            "part_no": 1,
            "part_count": 1,
            "leave_count": len(leaves),
            "overtime_count": len(overtimes),
            "leave_records": leaves,
            "overtime_records": overtimes,
        }

    def _fill(self, upload, month):
        letter = next(a for a in AGENCIES if self.codes[a] == upload.sender)
        count = self.random.randint(1, 6)
        for _ in range(count):
            kind = self.random.choice(("leave", "leave", "overtime"))
            records = upload.document[kind + "_records"]
            record = self._record(letter, kind, month)
            if self.random.random() < 0.05:
                record["leave_type" if kind == "leave" else "overtime_type"] = "98"
                if (
                    record["action"] == "A"
                ):  # of a D only identity, revision and person are looked at
                    upload.invalid.add((kind, len(records)))
            elif self.random.random() < 0.03:
                record["record_no"] = NO_FORM_NUMBER
                upload.invalid.add((kind, len(records)))
            records.append(record)
        upload.document["leave_count"] = len(upload.document["leave_records"])
        upload.document["overtime_count"] = len(upload.document["overtime_records"])

    def _record(self, letter, kind, month):
        pick, form, revision = (
            self.random.choice,
            self.random.randint(1, 4),
            self.random.choice((1, 1, 2, 2, 3, 4)),
        )
        action = "D" if self.random.random() < 0.2 else "A"
        owner = form % PERSONS
        content = self.random
        if not self.ordered or self.random.random() < 0.6:  # one person and one content a revision
            content = random.Random(f"{self.number}/{letter}/{kind}/{form}/{revision}")
        elif self.random.random() < 0.2:
            owner = self.random.randrange(PERSONS)
        fits = [day for day in self.days if model.month_of(day) <= month]
        if (
            not self.ordered
        ):  # a form number's content fits every data month in which it may be sent
            fits = [day for day in self.days if model.month_of(day) <= self.months[0]]
            if content.random() < 0.6 and month == self.months[1]:
                form, fits = form + 10, [day for day in self.days if day > fits[-1]]
        day = content.choice(fits)
        common = {
            "action": action,
            "record_no": f"{kind}-{form}",
            "record_seq": pick((1, 1, 1, 2)) if self.ordered else 1,
            "revision": revision,
            "person_id": self.persons[owner],
            "person_name": "王小明",
            "org_code": self.codes[content.choice((letter, *AGENCIES))],
        }
        return (
            self._leave(common, day, content)
            if kind == "leave"
            else self._overtime(common, day, content)
        )

    @staticmethod
    def _leave(common, day, content):
        until = day + timedelta(days=content.choice((0, 0, 0, 1, 12)))
        return {
            **common,
            "leave_type": content.choice(("01", "04", "16", "18")),
            "sub_type": "",
            "start_date": model.roc_text(day),
            "start_time": "0830",
            "end_date": model.roc_text(until),
            "end_time": "1730",
            "leave_minutes": content.choice((60, 240, 480)),
            "reason": content.choice(("", "休假")),
            "location": "",
            "abroad_type": "0",
            "event_date": "",
        }

    @staticmethod
    def _overtime(common, day, content):
        start = day + timedelta(days=content.choice((0, 0, 1)))  # past midnight
        minutes = content.choice((30, 60, 120))
        return {
            **common,
            "overtime_type": content.choice("123"),
            "day_type": content.choice("12"),
            "overtime_date": model.roc_text(day),
            "start_date": model.roc_text(start),
            "start_time": "1800",
            "end_date": model.roc_text(start),
            "end_time": "2000",
            "reason": "趕辦業務",
            "location": "",
            "approval_no": "文號",
            "overtime_minutes": minutes,
            "paid_minutes": minutes // 2,
            "comp_minutes": 0,
            "award_minutes": 0,
            "void_minutes": 0,
        }


def draw(seed, number, names, today, batch=0):
    """`batch` numbers the root that stands over the sequence's group."""
    return Drawing(seed, number, names, today, batch).draw()
