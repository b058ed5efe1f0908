"""Who has to report, who has, and when first: filing states and reporting rates
(docs/statistics.md)."""

from .dates import first_and_last_day, month_of
from .rules import ALL_RULES
from .table19 import PRIMARY


class Claims:
    """What agency o has of month m: live records it sent or was given, zero reports. And what once
    came in time: by whatever way (live figures), or brought by a file when it was processed (frozen
    figures)."""

    def __init__(self, rules=ALL_RULES):
        self.rules = rules
        self.records, self.zero_reports = set(), set()
        self._now, self._ever, self._brought = set(), set(), set()  # of files in time
        self._files_in_time = (
            {}
        )  # month whose deadline has passed -> number of files that came before

    def deadline_passes(self, month, store):
        self._files_in_time[month] = len(store.files)

    def _in_time(self, month, file):
        return file < self._files_in_time.get(month, file + 1)

    def zero_report(self, sender, month, file):
        self.zero_reports.add((sender, month))
        if self._in_time(month, file):
            self._ever.add((sender, month))
            self._brought.add((sender, month))

    def observe(self, store, table19, arrived=(), given=True):
        """To be called after every change of records or of Table 19. `arrived`: numbers of the
        files that made the change; `given`: they were processed with this Table 19, so what it
        gives to agencies is brought by them.
        """
        self.records, self._now = set(), set()
        for _, line in store.live():
            agency, _ = table19.attribute(line.person, line.day, line.record["org_code"])
            month = month_of(line.day)
            claims = {(o, month) for o in (line.sender, agency) if o is not None}
            self.records |= claims
            if self._in_time(month, line.file):
                self._now |= claims
                if line.file in arrived:
                    self._brought |= claims if given else {(line.sender, month)}
        self._ever |= self._now

    def has_been(self, agency, month):
        if self.rules.on_time_stays:
            return (agency, month) in self._ever
        return (agency, month) in self._now or (agency, month) in self.zero_reports & self._ever

    def was_brought(self, agency, month):
        return (agency, month) in (self._brought if self.rules.frozen_by_files else self._ever)


def _overlaps(begin, end, first, last):
    return (begin is None or begin <= last) and (end is None or end >= first)


def is_obliged(agency, month, agencies, table19):
    first, last = first_and_last_day(month)
    facts = agencies.facts(agency)
    if facts["established_on"] is not None and facts["established_on"] > first:
        return False
    if facts["abolished_on"] is not None and facts["abolished_on"] <= last:
        return False
    if is_exempt(facts, first, last):
        return False
    return any(
        row["kind"] == PRIMARY
        and row["org"] == agency
        and _overlaps(row["start"], row["end"], first, last)
        for rows in table19.rows.values()
        for row in rows.values()
    )


def is_exempt(facts, first, last):
    return any(_overlaps(begin, end, first, last) for begin, end in facts["exemptions"])


def filing(agency, month, agencies, table19, claims, past):
    """(status, obliged, on_time); `past`: the month's deadline has passed."""
    first, last = first_and_last_day(month)
    obliged = is_obliged(agency, month, agencies, table19)
    if (agency, month) in claims.records:
        status = "reported"
    elif (agency, month) in claims.zero_reports:
        status = "zero"
    elif is_exempt(agencies.facts(agency), first, last):
        status = "exempt"
    elif not obliged:
        status = "not_obliged"
    else:
        status = "missing" if past else "not_due"
    return status, obliged, obliged and claims.has_been(agency, month)


def frozen_filing(agency, month, agencies, table19, claims):
    """(obliged, on_time) as they are frozen; frozen `reported` is `on_time`."""
    obliged = is_obliged(agency, month, agencies, table19)
    return obliged, obliged and claims.was_brought(agency, month)


def rates(filings):
    """(obliged, reported, on_time) of (status, obliged, on_time) of several agencies."""
    of_obliged = [(status, on_time) for status, obliged, on_time in filings if obliged]
    return (
        len(of_obliged),
        sum(status in ("reported", "zero") for status, _ in of_obliged),
        sum(on_time for _, on_time in of_obliged),
    )
