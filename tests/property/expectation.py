"""What the model says of a sequence: every figure that is compared, and for some of them a range."""
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from chaiqin_testing import model


@dataclass
class Expectation:
    loads: list = field(default_factory=list)         # (phase, load's place in it, model's Load)
    uploads: list = field(default_factory=list)       # a (state, total, dispositions) each; None where order decides
    counts: dict = field(default_factory=dict)        # (agency, month, kind) -> [records, minutes]
    types: dict = field(default_factory=dict)         # (kind, type) -> [records, minutes]
    sums: dict = field(default_factory=dict)          # supervising agency -> {(month, kind): [records, minutes]}
    unmatched: Counter = field(default_factory=Counter)  # (sender, kind, record_no, record_seq, date, reason)
    filings: dict = field(default_factory=dict)       # (agency, month) -> (status, on_time, may be on time)
    rates: dict = field(default_factory=dict)         # (authority, month) -> (obliged, reported, on_time, most on_time)


class Judge:
    """Runs one sequence through the model, phase by phase."""

    def __init__(self, sequence, today, rules=model.ALL_RULES):
        self.sequence, self.today = sequence, today
        self.agencies = model.Agencies(rules, today)
        self.agencies.load([{"org_code": sequence.group, "supervising_org_code": "", "effective_on": "2000-01-01"}])
        self.table19, self.store, self.claims = model.Table19(rules), model.Store(rules), model.Claims(rules)
        self.shown = {}         # identity -> (line, reason that the sender may see)
        self.possible = set()   # (agency, month) that some order of a shuffled phase may have claimed
        self.accepted = []      # for each upload the number of its file in the store, None if rejected
        self.result = Expectation()

    def run(self):
        for number, phase in enumerate(self.sequence.phases):
            self.agencies.load(phase.agencies)
            for place, load in enumerate(phase.loads):
                self._load(number, place, load)
            for upload in phase.uploads:
                self._upload(upload)
            if not self.sequence.ordered:
                self.claims.observe(self.store, self.table19)
        self._figures()
        return self.result

    def _load(self, phase, place, load):
        done = self.table19.take(load.authority, load.lines, self.agencies, load.snapshot, load.force)
        self.result.loads.append((phase, place, done))
        for rows in self.table19.rows.values():
            self.possible |= {row["org"] for row in rows.values()}
        for identity, (line, _) in list(self.shown.items()):
            if line.person in done.changed:
                self.shown[identity] = (line, self._shown_reason(line))
        if self.sequence.ordered:
            self.claims.observe(self.store, self.table19)

    def _upload(self, upload):
        if upload.rejected:
            self.accepted.append(None)
            return
        self.accepted.append(len(self.store.files))
        self.store.take(upload.document, upload.invalid)
        self.possible.add(upload.sender)
        if upload.document.get("zero_report"):
            self.claims.zero_report(upload.sender, f"{int(upload.document['data_month'][:3]) + 1911}-"
                                                   f"{upload.document['data_month'][3:]}")
        live = dict(self.store.live())
        for identity, line in live.items():
            if identity not in self.shown or self.shown[identity][0] is not line:
                self.shown[identity] = (line, self._shown_reason(line))
        for identity in self.shown.keys() - live.keys():
            del self.shown[identity]
        if self.sequence.ordered:
            self.claims.observe(self.store, self.table19)

    def _shown_reason(self, line):
        """T02 to T04 are shown only if every row of the person is within the sender's scope (table19.md)."""
        agency, reason = self.table19.attribute(line.person, line.day, line.record["org_code"])
        rows = self.table19.rows.get(line.person, {}).values()
        if all(self.agencies.within(row["org"], line.sender, self.today) for row in rows):
            return reason
        return None if agency else "NO_PERSON"

    def _figures(self):
        result = self.result
        result.counts, _ = model.monthly(self.store, self.table19)
        types = defaultdict(lambda: [0, 0])
        self.where = Counter()
        for identity, line in self.store.live():
            agency, _ = self.table19.attribute(line.person, line.day, line.record["org_code"])
            self.where[(line.file, "counted" if agency else "unmatched")] += 1
            if agency is None:
                result.unmatched[(line.sender, line.kind, *identity[3:], line.day.isoformat(), self.shown[identity][1])] += 1
                continue
            cell = types[(line.kind, line.record[line.kind + "_type"])]
            cell[0] += 1
            cell[1] += line.record[line.kind + "_minutes"]
        result.types = dict(types)
        result.uploads = [self._of_upload(number) for number in self.accepted]
        for authority in (self.sequence.codes["A"], self.sequence.codes["B"]):
            result.sums[authority] = self._sums(authority)
        self._filings()

    def _of_upload(self, number):
        if number is None:
            return "REJECTED_FILE", 0, {}
        file = self.store.files[number]
        if not self.sequence.ordered:
            return None, file.total, None
        dispositions = dict(file.dispositions)
        for name in ("counted", "unmatched"):
            if self.where[(number, name)]:
                dispositions[name] = self.where[(number, name)]
        return "COUNTED_PARTIAL" if dispositions.get("invalid") else "COUNTED", file.total, dispositions

    def _sums(self, authority):
        sums = defaultdict(lambda: [0, 0])
        for (agency, month, kind), (records, minutes) in self.result.counts.items():
            if agency in self.agencies.below(authority, month, sums=True):
                sums[(month, kind)][0] += records
                sums[(month, kind)][1] += minutes
        return dict(sums)

    def _filings(self):
        for month, in_time in zip(self.sequence.months, (False, True)):
            judged = {}
            for agency in self.sequence.codes.values():
                judged[agency] = model.filing(agency, month, self.agencies, self.table19, self.claims, in_time)
                status, obliged, on_time = judged[agency]
                may_be = on_time or (obliged and in_time and not self.sequence.ordered and agency in self.possible)
                self.result.filings[(agency, month)] = (status, on_time, may_be)
            for authority in (self.sequence.group, self.sequence.codes["A"], self.sequence.codes["B"]):
                below = [a for a in judged if a in self.agencies.below(authority, month)]
                most = sum(self.result.filings[(a, month)][2] for a in below)
                self.result.rates[(authority, month)] = (*model.rates([judged[a] for a in below]), most)


def expect(sequence, today, rules=model.ALL_RULES):
    return Judge(sequence, today, rules).run()
