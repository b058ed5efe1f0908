"""Agencies with dated versions, and who stands below whom on a day."""

from datetime import date

from .dates import first_and_last_day
from .rules import ALL_RULES


class Agencies:
    def __init__(self, rules=ALL_RULES, today=None):
        self.rules, self.today = rules, today
        self._versions = {}  # code -> {effective_on: version}

    def load(self, rows):
        """Rows as the registry's CSV has them, by column; a row adds or replaces the version of its
        date."""
        for row in rows:
            self._versions.setdefault(row["org_code"], {})[
                date.fromisoformat(row["effective_on"])
            ] = {
                "above": row["supervising_org_code"] or None,
                **{
                    name: date.fromisoformat(row[name]) if row.get(name) else None
                    for name in ("established_on", "abolished_on", "exempt_from", "exempt_to")
                },
            }

    def knows(self, code):
        return code in self._versions

    def codes(self):
        return sorted(self._versions)

    def on(self, code, day):
        """The version of a day; the first one holds backwards."""
        versions = self._versions[code]
        begun = [start for start in versions if start <= day]
        return versions[max(begun) if begun else min(versions)]

    def facts(self, code):
        """Establishment and abolition as the newest version has them, and the exemptions of all:
        they hold whatever day the version takes effect."""
        versions = self._versions[code]
        newest = versions[max(versions)]
        return {
            "established_on": newest["established_on"],
            "abolished_on": newest["abolished_on"],
            "exemptions": [
                (v["exempt_from"], v["exempt_to"]) for v in versions.values() if v["exempt_from"]
            ],
        }

    def within(self, code, top, day):
        """Is `code` the agency `top` or below it on the day?"""
        while code is not None and code != top:
            code = self.on(code, day)["above"] if self.knows(code) else None
        return code == top

    def below(self, top, month, sums=False):
        """`top` and all its subordinates on the last day of the month. Sums of a month that has not
        ended go by today's hierarchy, as those of months to come; rates always by the last day."""
        day = first_and_last_day(month)[1] if self.rules.month_end else self.today
        if sums:
            day = min(day, self.today)
        return {code for code in self._versions if self.within(code, top, day)}
