"""What the model says of a sequence: every figure that is compared, and for some of them a
range."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from chaiqin_testing import model
from sequences import NO_FORM_NUMBER


@dataclass
class Expectation:
    loads: list = field(default_factory=list)  # (phase, load's place in it, model's Load)
    uploads: list = field(
        default_factory=list
    )  # a (state, total, dispositions) each; None where order decides
    counts: dict = field(default_factory=dict)  # (agency, month, kind) -> [records, minutes]
    types: dict = field(default_factory=dict)  # (kind, type) -> [records, minutes]
    sums: dict = field(
        default_factory=dict
    )  # supervising agency -> {(month, kind): [records, minutes]}
    unmatched: dict = field(
        default_factory=dict
    )  # (sender, kind, record_no, record_seq, date, reason) -> menders
    errors: dict = field(default_factory=dict)  # those of `fixers` that have an error
    fixers: dict = field(
        default_factory=dict, compare=False
    )  # (upload, line or None: the file) -> uploads, None: OPEN
    table19_fixers: dict = field(default_factory=dict, compare=False)  # the same of T findings
    filings: dict = field(
        default_factory=dict
    )  # (agency, month) -> (status, on_time, may be on time)
    rates: dict = field(
        default_factory=dict
    )  # (authority, month) -> (obliged, reported, on_time, most on_time)
    frozen: dict = field(
        default_factory=dict
    )  # authority -> (obliged, on_time, most on_time) of the later month


class Judge:
    """Runs one sequence through the model, phase by phase."""

    def __init__(self, sequence, day, closing, rules=model.ALL_RULES):
        self.sequence, self.closing, self.rules, self.today = sequence, closing, rules, day
        self.agencies = model.Agencies(rules, day)
        self.agencies.load(
            [{"org_code": sequence.group, "supervising_org_code": "", "effective_on": "2000-01-01"}]
        )
        self.table19, self.store, self.claims = (
            model.Table19(rules),
            model.Store(rules),
            model.Claims(rules),
        )
        self.claims.deadline_passes(sequence.months[0], self.store)
        self.findings = model.Findings(rules)
        self.past = {sequence.months[0]}
        self.loads = []
        self.shown = {}  # identity -> (line, reason that the sender may see)
        self.possible = (
            set()
        )  # agencies that some order of a shuffled sequence may have given something in time
        self.accepted = []  # for each upload the number of its file in the store, None if rejected

    def run(self):
        """(before the deadline, at the end)"""
        self._play("open")
        before = self._figures()
        self._play("eve")
        self._deadline_passes()
        self._play("late")
        frozen = self._frozen()
        self._play("frozen")
        at_the_end = self._figures()
        at_the_end.frozen = frozen
        return before, at_the_end

    def _play(self, when):
        for number, phase in enumerate(self.sequence.phases):
            if phase.when != when:
                continue
            self.agencies.load(phase.agencies)
            for place, load in enumerate(phase.loads):
                self._load(number, place, load)
            first = len(self.store.files)
            for upload in phase.uploads:
                self._upload(number, upload)
            if not self.sequence.ordered:
                self.claims.observe(
                    self.store,
                    self.table19,
                    range(first, len(self.store.files)),
                    given=not phase.loads,
                )

    def _deadline_passes(self):
        month = self.sequence.months[1]
        self.past.add(month)
        self.claims.deadline_passes(month, self.store)
        self.today = self.agencies.today = self.closing

    def _load(self, phase, place, load):
        done = self.table19.take(
            load.authority, load.lines, self.agencies, load.snapshot, load.force
        )
        self.loads.append((phase, place, done))
        for rows in self.table19.rows.values():
            self.possible |= {row["org"] for row in rows.values()}
        for identity, (line, _) in list(self.shown.items()):
            if line.person in done.changed:
                self.shown[identity] = (line, self._shown_reason(line))
                self._matched_again(phase, identity, line)
        if self.sequence.ordered:
            self.claims.observe(self.store, self.table19)

    def _matched_again(self, phase, identity, line):
        if self.sequence.ordered:
            sent = self.findings.sent[self.accepted.index(line.file)]
            sent.matched_again.setdefault((line.kind, line.index), set()).add(
                len(self.accepted) - 0.5
            )  # between files
            return
        for (
            sent
        ) in (
            self.findings.sent
        ):  # of equal lines that of the file that came first is the live one: any may be
            for place, own in sent.identities.items():
                if own == identity:
                    sent.matched_again.setdefault(place, set()).add(phase)

    def _upload(self, phase, upload):
        moment = len(self.accepted) if self.sequence.ordered else phase
        sent = model.Sent(
            moment,
            upload.sender,
            None if upload.torn else upload.month,
            not upload.rejected,
            {},
            {},
        )
        self.findings.sent.append(sent)
        if not upload.torn:
            for kind in ("leave", "overtime"):
                for index, record in enumerate(upload.document[kind + "_records"]):
                    has_one = record["record_no"] != NO_FORM_NUMBER
                    sent.identities[(kind, index)] = (
                        model.identity_of(upload.document, kind, record) if has_one else None
                    )
        if upload.rejected:
            self.accepted.append(None)
            return
        number = len(self.store.files)
        self.accepted.append(number)
        self.store.take(upload.document, upload.invalid)
        sent.verdicts = self.store.files[number].verdicts
        if self.sequence.months[1] not in self.past:
            self.possible.add(upload.sender)
        if upload.document.get("zero_report"):
            self.claims.zero_report(upload.sender, upload.month, number)
        self._show_reasons()
        if self.sequence.ordered:
            self.claims.observe(self.store, self.table19, {number})

    def _show_reasons(self):
        live = dict(self.store.live())
        for identity, line in live.items():
            if identity not in self.shown or self.shown[identity][0] is not line:
                self.shown[identity] = (line, self._shown_reason(line))
        for identity in self.shown.keys() - live.keys():
            del self.shown[identity]

    def _shown_reason(self, line):
        """T02 to T04 are shown only if every row of the person is within the sender's scope
        (docs/table19.md, "What the sender may see")."""
        agency, reason = self.table19.attribute(line.person, line.day, line.record["org_code"])
        rows = self.table19.rows.get(line.person, {}).values()
        if all(self.agencies.within(row["org"], line.sender, self.today) for row in rows):
            return reason
        return None if agency else "NO_PERSON"

    def _figures(self):
        result = Expectation(loads=list(self.loads))
        result.counts, _ = model.monthly(self.store, self.table19)
        types = defaultdict(lambda: [0, 0])
        where = Counter()
        for identity, line in self.store.live():
            agency, _ = self.table19.attribute(line.person, line.day, line.record["org_code"])
            where[(line.file, "counted" if agency else "unmatched")] += 1
            if agency is None:
                reason = self.shown[identity][1]
                result.unmatched[
                    (line.sender, line.kind, *identity[3:], line.day.isoformat(), reason)
                ] = frozenset(model.menders(self.store, self.table19, line, reason, self.rules))
                continue
            cell = types[(line.kind, line.record[line.kind + "_type"])]
            cell[0] += 1
            cell[1] += line.record[line.kind + "_minutes"]
        result.types = dict(types)
        result.uploads = [self._of_upload(number, where) for number in self.accepted]
        for authority in (self.sequence.codes["A"], self.sequence.codes["B"]):
            result.sums[authority] = self._sums(authority, result.counts)
        self._filings(result)
        self._findings(result)
        return result

    def _of_upload(self, number, where):
        if number is None:
            return "REJECTED_FILE", 0, {}
        file = self.store.files[number]
        if not self.sequence.ordered:
            return None, file.total, None
        dispositions = dict(file.dispositions)
        for name in ("counted", "unmatched"):
            if where[(number, name)]:
                dispositions[name] = where[(number, name)]
        return (
            "COUNTED_PARTIAL" if dispositions.get("invalid") else "COUNTED",
            file.total,
            dispositions,
        )

    def _sums(self, authority, counts):
        sums = defaultdict(lambda: [0, 0])
        for (agency, month, kind), (records, minutes) in counts.items():
            if agency in self.agencies.below(authority, month, sums=True):
                sums[(month, kind)][0] += records
                sums[(month, kind)][1] += minutes
        return dict(sums)

    def _authorities(self, month):
        """(authority, the sequence's agencies below it)"""
        for authority in (self.sequence.group, self.sequence.codes["A"], self.sequence.codes["B"]):
            yield authority, self.agencies.below(authority, month) & set(
                self.sequence.codes.values()
            )

    def _may_be_on_time(self, agency, month, obliged):
        """In some order of a shuffled sequence."""
        return (
            obliged
            and not self.sequence.ordered
            and month == self.sequence.months[1]
            and agency in self.possible
        )

    def _filings(self, result):
        for month in self.sequence.months:
            judged = {}
            for agency in self.sequence.codes.values():
                judged[agency] = model.filing(
                    agency, month, self.agencies, self.table19, self.claims, month in self.past
                )
                status, obliged, on_time = judged[agency]
                may_be = on_time or self._may_be_on_time(agency, month, obliged)
                result.filings[(agency, month)] = (status, on_time, may_be)
            for authority, below in self._authorities(month):
                most = sum(result.filings[(a, month)][2] for a in below)
                result.rates[(authority, month)] = (*model.rates([judged[a] for a in below]), most)

    def _frozen(self):
        month, frozen = self.sequence.months[1], {}
        for authority, below in self._authorities(month):
            filings = [
                (a, *model.frozen_filing(a, month, self.agencies, self.table19, self.claims))
                for a in below
            ]
            frozen[authority] = (
                sum(obliged for _, obliged, _ in filings),
                sum(on_time for _, _, on_time in filings),
                sum(
                    on_time or self._may_be_on_time(a, month, obliged)
                    for a, obliged, on_time in filings
                ),
            )
        return frozen

    def _findings(self, result):
        for number, sent in enumerate(self.findings.sent):
            for line in (None, *sent.identities):
                result.fixers[(number, line)] = self.findings.fixers(number, line)
                if line is not None:
                    result.table19_fixers[(number, line)] = self.findings.fixers_of_table19(
                        number, line
                    )
                if sent.verdicts.get(line) == "invalid" or (line is None and not sent.accepted):
                    result.errors[(number, line)] = result.fixers[(number, line)]


def expect(sequence, day, closing, rules=model.ALL_RULES):
    """(before the deadline, at the end)"""
    return Judge(sequence, day, closing, rules).run()
