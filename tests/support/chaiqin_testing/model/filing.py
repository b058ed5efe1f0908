"""Who has to report, who has, and when first: filing states and reporting rates (contract: statistics.md)."""
from .dates import first_and_last_day, month_of
from .rules import ALL_RULES
from .table19 import PRIMARY


class Claims:
    """What agency o has of month m: live records it sent or was given, zero reports; and whether it ever had."""

    def __init__(self, rules=ALL_RULES):
        self.rules = rules
        self.records, self.zero_reports, self.ever = set(), set(), set()

    def zero_report(self, sender, month):
        self.zero_reports.add((sender, month))
        self.ever.add((sender, month))

    def observe(self, store, table19):
        """To be called after every change of records or of Table 19."""
        self.records = set()
        for _, line in store.live():
            agency, _ = table19.attribute(line.person, line.day, line.record["org_code"])
            self.records |= {(o, month_of(line.day)) for o in (line.sender, agency) if o is not None}
        self.ever |= self.records

    def has_been(self, agency, month):
        if self.rules.on_time_stays:
            return (agency, month) in self.ever
        return (agency, month) in self.records | self.zero_reports


def _overlaps(begin, end, first, last):
    return (begin is None or begin <= last) and (end is None or end >= first)


def is_obliged(agency, month, agencies, table19):
    first, last = first_and_last_day(month)
    version = agencies.on(agency, last)
    if version["established_on"] is not None and version["established_on"] > first:
        return False
    if version["abolished_on"] is not None and version["abolished_on"] <= last:
        return False
    if is_exempt(version, first, last):
        return False
    return any(row["kind"] == PRIMARY and row["org"] == agency and _overlaps(row["start"], row["end"], first, last)
               for rows in table19.rows.values() for row in rows.values())


def is_exempt(version, first, last):
    return version["exempt_from"] is not None and _overlaps(version["exempt_from"], version["exempt_to"], first, last)


def filing(agency, month, agencies, table19, claims, in_time):
    """(status, obliged, on_time); `in_time`: the month's files came, or still come, before its deadline."""
    first, last = first_and_last_day(month)
    obliged = is_obliged(agency, month, agencies, table19)
    if (agency, month) in claims.records:
        status = "reported"
    elif (agency, month) in claims.zero_reports:
        status = "zero"
    elif is_exempt(agencies.on(agency, last), first, last):
        status = "exempt"
    elif not obliged:
        status = "not_obliged"
    else:
        status = "not_due" if in_time else "missing"
    return status, obliged, obliged and in_time and claims.has_been(agency, month)


def rates(filings):
    """(obliged, reported, on_time) of (status, obliged, on_time) of several agencies."""
    of_obliged = [(status, on_time) for status, obliged, on_time in filings if obliged]
    return (len(of_obliged), sum(status in ("reported", "zero") for status, _ in of_obliged),
            sum(on_time for _, on_time in of_obliged))
