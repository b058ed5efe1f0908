"""Reads every figure of a batch through the HTTP API and compares it with the model's."""

import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from chaiqin_testing import model

KINDS = ("leave", "overtime")
TYPE_OF_NAME = {"一般": "1", "專案": "2", "季節性週期性": "3"}
SETTLED_WITHIN_S = 30  # published counts follow a re-match a moment later


@dataclass(frozen=True)
class Difference:
    sequence: int  # -1: of the batch as a whole
    figure: str
    expected: object
    got: object

    def __str__(self):
        where = "batch" if self.sequence < 0 else f"sequence {self.sequence}"
        return f"{where}: {self.figure}: expected {self.expected}, got {self.got}"


class Answers:
    """What the product says of a batch, read once; `ended`: the later month's deadline has
    passed."""

    def __init__(self, batch, asked, ended):
        self.batch = batch
        self.loads = batch.loads
        self.submissions = self._submissions()
        self.counts = self._counts()
        self.types = self._types()
        self.unmatched = self._unmatched()
        self.unmatched_total = batch.get("unmatched?page_size=1")["total"]
        self.filings, self.rates, self.frozen, self.sums = {}, {}, {}, {}
        for month in batch.sequences[0].months:
            self._filings(month)
        with ThreadPoolExecutor(3) as pool:
            statuses = pool.map(self._findings_of, ("OPEN", "FIXED")) if ended else []
            groups = {sequence.group for sequence in batch.sequences} if ended else ()
            rates = pool.map(lambda group: self.rate(group, batch.sequences[0].months[1]), groups)
            list(pool.map(self._asked, [s.codes[letter] for s in asked for letter in "AB"]))
            list(rates)
            self.findings = (
                [of_one for of_status in statuses for of_one in of_status] if ended else None
            )

    def _submissions(self):
        waiting = {i for ids in self.batch.submissions for i in ids}
        found = {}
        for submission in self.batch.sent("submissions", "submissions"):
            if submission["submission_id"] in waiting:
                found[submission["submission_id"]] = submission
            if len(found) == len(waiting):
                break
        return found

    @property
    def _years(self):
        now = self.batch.sequences[0].months[1]
        return sorted({model.months_apart(now, -count)[:4] for count in range(3)})

    def _counts(self):
        counts = {}
        for year in self._years:
            for agency in self.batch.newest_first(
                f"statistics/monthly?year={year}&q={self.batch.root}", "agencies"
            ):
                for month in agency["months"]:
                    for kind in KINDS:
                        if month[kind] or month[kind + "_minutes"]:
                            counts[(agency["agency"], f"{year}-{month['month']:02d}", kind)] = [
                                month[kind],
                                month[kind + "_minutes"],
                            ]
        return counts

    def sum_of(self, authority):
        sums = {}
        for year in self._years:
            for month in self.batch.get(f"statistics/monthly?year={year}&q={authority}")["sum"][
                "months"
            ]:
                for kind in KINDS:
                    if month[kind] or month[kind + "_minutes"]:
                        sums[(f"{year}-{month['month']:02d}", kind)] = [
                            month[kind],
                            month[kind + "_minutes"],
                        ]
        return sums

    def _types(self):
        now = self.batch.sequences[0].months[1]
        answer = self.batch.get(
            f"statistics/by-type?from={model.months_apart(now, -2)}&to={now}&q={self.batch.root}"
        )
        return {
            (line["kind"], TYPE_OF_NAME.get(line["name"], line["type"])): [
                line["records"],
                line["minutes"],
            ]
            for line in answer["types"]
        }

    def _unmatched(self):
        """As the senders read it: the supervisor of all would know every reason."""
        return {
            (
                line["agency"],
                line["kind"],
                line["record_no"],
                line["record_seq"],
                line["date"],
                line["reason"],
            ): line["mend"]
            for sequence in self.batch.sequences
            for agency in sequence.codes.values()
            for line in self.batch.newest_first_as_sent(
                sequence, agency, f"unmatched?agency={agency}", "unmatched"
            )
        }

    def _asked(self, authority):
        self.sums[authority] = self.sum_of(authority)
        for month in self.batch.sequences[0].months:
            self.rate(authority, month)

    def _findings_of(self, status):
        """(status asked for, finding)"""
        return [
            (status, finding)
            for finding in self.batch.sent("findings", "findings", status=status.lower())
        ]

    def _filings(self, month):
        path = f"reporting-rates/agencies?month={month}&authority={self.batch.root}"
        for line in self.batch.newest_first(path, "agencies"):
            self.filings[(line["agency"], month)] = (line["status"], line["on_time"])
        self.rate(self.batch.root, month)

    def rate(self, authority, month):
        answer = self.batch.get(f"reporting-rates?month={month}&authority={authority}")
        live, frozen = answer["live"], answer["frozen"]
        self.rates[(authority, month)] = (live["obliged"], live["reported"], live["on_time"])
        if month == self.batch.sequences[0].months[1]:
            self.frozen[authority] = frozen and (
                frozen["obliged"],
                frozen["reported"],
                frozen["on_time"],
                frozen["version"],
            )


def differences(sequences, expected, answers, submissions):
    """Every figure of `expected` (one a sequence) that `answers` gives otherwise."""
    found = []
    _loads(expected, answers, sequences, found)
    by_code = {code: s.number for s in sequences for code in s.codes.values()}
    counts = {key: cell for e in expected for key, cell in e.counts.items()}
    _maps("count", counts, answers.counts, by_code, found)
    _unmatched(expected, answers, by_code, found)
    if answers.findings is not None:
        _findings(sequences, expected, answers.findings, submissions, found)
    _rates(sequences, expected, answers.rates, found)
    _frozen(sequences, expected, answers.frozen, found)
    for sequence, expectation, ids in zip(sequences, expected, submissions):
        for index, (wanted, submission_id) in enumerate(zip(expectation.uploads, ids)):
            found += _upload(sequence.number, index, wanted, answers.submissions.get(submission_id))
        for authority, sums in expectation.sums.items():
            if authority in answers.sums and answers.sums[authority] != sums:
                found.append(
                    Difference(
                        sequence.number, f"sum of {authority}", sums, answers.sums[authority]
                    )
                )
        for (agency, month), (status, on_time, may_be) in expectation.filings.items():
            got = answers.filings.get((agency, month))
            if got not in ((status, on_time), (status, may_be)):
                found.append(
                    Difference(
                        sequence.number, f"filing of {agency} {month}", (status, on_time), got
                    )
                )
    _of_batch(sequences, expected, answers, found)
    return found


def _maps(figure, wanted, got, by_code, found):
    for key in sorted(wanted.keys() | got.keys()):
        if wanted.get(key) != got.get(key):
            found.append(
                Difference(
                    by_code.get(key[0], -1), f"{figure} {key}", wanted.get(key), got.get(key)
                )
            )


def _unmatched(expected, answers, by_code, found):
    wanted = {key: menders for e in expected for key, menders in e.unmatched.items()}
    for key in sorted(wanted.keys() | answers.unmatched.keys()):
        mend = answers.unmatched.get(key)
        if mend not in wanted.get(key, ()):
            found.append(
                Difference(by_code.get(key[0], -1), f"unmatched {key}", wanted.get(key), mend)
            )


def _findings(sequences, expected, findings, submissions, found):
    """Whatever findings a file or line has, it is its place that says whether they are fixed and by
    what; and just what is rejected or INVALID has an error."""
    places = {
        i: (place, upload) for place, ids in enumerate(submissions) for upload, i in enumerate(ids)
    }
    numbers = {i: upload for i, (_, upload) in places.items()} | {None: None}
    erroneous = [set() for _ in sequences]
    for asked, finding in findings:
        if finding["submission_id"] not in places:  # a file that only looks at the clock
            continue
        place, upload = places[finding["submission_id"]]
        line = (finding["kind"], finding["index"]) if finding["kind"] in KINDS else None
        of = (
            expected[place].table19_fixers
            if finding["code"].startswith("T")
            else expected[place].fixers
        )
        fixers = of[(upload, line)]
        got = (finding["status"], numbers.get(finding["fixed_by"], finding["fixed_by"]))
        if got[1] not in fixers or not got[0] == asked == ("OPEN" if got[1] is None else "FIXED"):
            found.append(
                Difference(
                    sequences[place].number,
                    f"{finding['code']} of upload {upload} {line}, {asked}",
                    fixers,
                    got,
                )
            )
        if finding["severity"] == "error":
            erroneous[place].add((upload, line))
    for place, (sequence, e) in enumerate(zip(sequences, expected)):
        accepted = {
            upload for upload, (state, _, _) in enumerate(e.uploads) if state != "REJECTED_FILE"
        }
        got = {
            (upload, line)
            for upload, line in erroneous[place]
            if line is None or upload in accepted
        }
        if got != e.errors.keys():
            found.append(
                Difference(sequence.number, "files and lines with errors", set(e.errors), got)
            )


def by_authority(sequences, figures_of_each):
    """Figures of a sequence's own supervising agencies, of each group's sequences together, and of
    all: {authority: (number of the sequence or -1, figures)}."""
    sums = {}
    for sequence, figures_of in zip(sequences, figures_of_each):
        for authority, figures in figures_of.items():
            if authority != sequence.group:
                sums[authority] = (sequence.number, figures)
                continue
            for top in (authority, sequence.root):
                before = sums.get(top, (-1, (0,) * len(figures)))[1]
                sums[top] = (-1, tuple(map(sum, zip(before, figures))))
    return sums


def _rates(sequences, expected, rates, found):
    for month in sequences[0].months:
        of_each = [
            {authority: rate for (authority, m), rate in e.rates.items() if m == month}
            for e in expected
        ]
        for authority, (number, wanted) in by_authority(sequences, of_each).items():
            got = rates.get((authority, month), wanted[:3])  # few are asked
            if got[:2] != wanted[:2] or not wanted[2] <= got[2] <= wanted[3]:
                found.append(Difference(number, f"rate of {authority} {month}", wanted, got))


def _frozen(sequences, expected, frozen, found):
    """What nobody is obliged to is not frozen, nor is anything before the deadline."""
    wanted = by_authority(sequences, [e.frozen for e in expected])
    somebody = wanted and wanted[sequences[0].root][1][0]
    for authority, got in frozen.items():
        number, (obliged, least, most) = wanted.get(authority, (-1, (0, 0, 0)))
        if not got and not somebody:
            continue
        if not got or (got[0], got[2:]) != (obliged, (got[1], 1)) or not least <= got[1] <= most:
            found.append(
                Difference(number, f"frozen rate of {authority}", (obliged, least, most), got)
            )


def _upload(number, index, wanted, got):
    state, total, dispositions = wanted
    figure = f"upload {index}"
    if got is None:
        yield Difference(number, figure, wanted, None)
        return
    seen = {name: count for name, count in (got["dispositions"] or {}).items() if count}
    if got["total"] != total:
        yield Difference(number, f"total of {figure}", total, got["total"])
    if dispositions is None:  # the order decides which; but every line is in exactly one
        if sum(seen.values()) != total:
            yield Difference(number, f"sum of the dispositions of {figure}", total, seen)
    elif (got["state"], seen) != (state, dispositions):
        yield Difference(
            number,
            f"dispositions of {figure} {got['submission_id']}",
            (state, dispositions),
            (got["state"], seen),
        )


def _loads(expected, answers, sequences, found):
    """A load of several sequences adds up their counts; the lines of each stand behind those of the
    one before."""
    model_loads = {
        (place, phase, at): load for place, e in enumerate(expected) for phase, at, load in e.loads
    }
    places = {
        id(load): at for s in sequences for phase in s.phases for at, load in enumerate(phase.loads)
    }
    for parts, got in answers.loads:
        done = [model_loads[(place, phase, places[id(load)])] for place, phase, load in parts]
        lines, before = set(), 0
        for one in done:
            lines |= {number + before for number in one.rejected}
            before += one.rows
        state = done[0].state
        wanted = (
            state,
            before,
            sum(d.persons_changed for d in done),
            sum(d.persons_kept for d in done),
            sorted(lines),
        )
        seen = (
            got["state"],
            got["rows"],
            got["persons_changed"],
            got["persons_kept"],
            sorted(line["line"] for line in got["rejected"] or []),
        )
        if state == "REFUSED":
            wanted, seen = state, got["state"]
        if wanted != seen:
            found.append(
                Difference(
                    sequences[parts[0][0]].number,
                    f"Table 19 load {got['load_id']} of {got['authority']}",
                    wanted,
                    seen,
                )
            )


def _of_batch(sequences, expected, answers, found):
    types = defaultdict(lambda: [0, 0])
    for e in expected:
        for key, cell in e.types.items():
            types[key] = [a + b for a, b in zip(types[key], cell)]
    if dict(types) != answers.types:
        found.append(Difference(-1, "by type", dict(types), answers.types))
    unmatched = sum(len(e.unmatched) for e in expected)
    if unmatched != answers.unmatched_total:
        found.append(
            Difference(-1, "total of the unmatched list", unmatched, answers.unmatched_total)
        )


def settled(batch, expected, asked, ended):
    """(answers, differences) once there are none, or after the deadline: then every sequence is
    asked by itself, so that a wrong sum over all of them is told of the one that makes it."""
    end = time.monotonic() + SETTLED_WITHIN_S
    while True:
        answers = Answers(batch, asked, ended)
        found = differences(batch.sequences, expected, answers, batch.submissions)
        if not found or (time.monotonic() > end and len(asked) == len(batch.sequences)):
            return answers, found
        if time.monotonic() > end:
            asked = batch.sequences
        time.sleep(0.5)
