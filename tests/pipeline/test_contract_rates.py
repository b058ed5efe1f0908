"""Reporting rates and reminders of a month, with the services' clock moved over its deadline."""

import time
import unittest
from datetime import date, datetime, timedelta, timezone

from made_stack import MadeStack, made, owned

CODES = TOP, ONE, EXEMPT, GONE, NEW, ZERO, MISSING, NOBODY = owned.AGENCIES["rates"].of_this_run(8)
P = dict(zip(CODES, owned.PERSONS["rates"].of_this_run(len(CODES))))
HEAD = made.REGISTRY.splitlines()[0] + "\n"


def following(day):
    """The first day of the next month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def registry(first):
    last, second = following(first) - timedelta(days=1), first.replace(day=2)
    rest = {
        ONE: ",,,,,",
        EXEMPT: f",,,{first},{second},",
        GONE: f",{last},,,,",
        ZERO: ",,,,,",
        MISSING: f",,,,,clerk@{MISSING}.example",
        NOBODY: ",,,,,",
    }
    lines = [f"{TOP},率主管,,,2000-01-01,,,,,", f"{NEW},率新設,{TOP},,{second},,,,,"]
    return (
        HEAD
        + "\n".join(
            lines
            + [
                f"{code},率{n},{TOP},,2000-01-01{more}"
                for n, (code, more) in enumerate(rest.items())
            ]
        )
        + "\n"
    )


class Rates(MadeStack):
    def frozen(self, first):
        path = f"/api/v1/reporting-rates?month={first:%Y-%m}&authority={made.AGENCY}"
        return self.stack.get(path, self.operator).json["frozen"]

    def setUp(self):
        self.first = (datetime.now(timezone.utc) + timedelta(hours=8)).date().replace(day=1)
        while self.frozen(self.first):  # an earlier run on this stack
            self.first = following(self.first)
        self.month, self.roc_month = (
            self.first.strftime("%Y-%m"),
            f"{self.first.year - 1911}{self.first.month:02d}",
        )
        answer = self.stack.call(
            "POST",
            "/api/v1/registry/agencies?confirm=true",
            self.operator,
            registry(self.first).encode(),
            {"Content-Type": "text/csv"},
        )
        self.assertEqual((answer.json["added"], answer.json["rejected_count"]), (8, 0), answer.body)
        rows = made.table19([(P[c], 1, c, 1, "1100101", "") for c in CODES if c != NOBODY])
        answer = self.stack.call(
            "POST",
            f"/api/v1/table19/loads?mode=changes&authority={TOP}",
            self.operator,
            rows.encode(),
            {"Content-Type": "text/csv"},
        )
        self.until(
            lambda: self.stack.get(
                f"/api/v1/table19/loads/{answer.json['load_id']}", self.operator
            ).json["state"]
            == "LOADED"
        )
        self.supervisor = self.stack.token(TOP, "supervisor")
        self.until(
            lambda: self.rates()["live"]["obliged"] == 4
        )  # LOADED is committed; the figures follow
        self.addCleanup(self.stack.command, "clock", "real")

    def until(self, is_so, limit_s=60):
        end = time.monotonic() + limit_s
        while not is_so():
            self.assertLess(time.monotonic(), end, "it does not come about")
            time.sleep(0.1)

    def clock(self, moment):
        self.stack.command("clock", moment)
        self.until(
            lambda: self.sent_at(MISSING) >= moment
        )  # every service reads the clock by itself

    def sent_at(self, agency):
        """When the gateway receives; the file is rejected and so reports nothing."""
        answer = self.stack.submit(self.stack.token(agency), b"{x")
        return answer.json["files"][0]["receipt"]["received_at"]

    def report(self, agency, *leaves, **changes):
        token = self.stack.token(agency)
        end = self.counted(
            made.document(list(leaves), agency=agency, data_month=self.roc_month, **changes), token
        )
        self.assertEqual(end["state"], "COUNTED")
        return end

    def leave(self, agency, **changes):
        day = f"{self.roc_month}03"
        return made.leave(P[agency], agency, start_date=day, end_date=day, **changes)

    def rates(self):
        return self.stack.get(f"/api/v1/reporting-rates?month={self.month}", self.supervisor).json

    def agencies(self, query=""):
        listed = self.stack.pages(
            f"/api/v1/reporting-rates/agencies?month={self.month}{query}",
            self.supervisor,
            "agencies",
        )
        return {a["agency"]: (a["status"], a["on_time"]) for a in listed}

    def test_a_month_over_its_deadline(self):
        self.clock(f"{self.first.replace(day=25)}T10:00:00+08:00")
        not_due, none = ("not_due", False), ("not_obliged", False)
        self.assertEqual(
            self.agencies(),
            {
                TOP: not_due,
                ONE: not_due,
                EXEMPT: ("exempt", False),
                GONE: none,
                NEW: none,
                ZERO: not_due,
                MISSING: not_due,
                NOBODY: none,
            },
        )
        self.assertEqual(self.rates()["live"], {"obliged": 4, "reported": 0, "on_time": 0})
        self.report(ZERO, zero_report=True)
        self.report(EXEMPT, self.leave(EXEMPT))
        deleted = self.leave(TOP)
        self.report(TOP, deleted)
        self.report(TOP, {**deleted, "action": "D", "revision": 2})
        self.assertEqual(
            self.rates()["live"],
            {"obliged": 4, "reported": 1, "on_time": 2},
            "nothing undoes on time",
        )
        deadline = date.fromisoformat(self.rates()["deadline"])
        self.assertGreaterEqual(deadline, following(self.first) + timedelta(days=19))
        self.assertLess(deadline.weekday(), 5, "the 20th, or the next working day")
        self.clock(f"{deadline}T23:59:30+08:00")
        self.report(ONE, self.leave(ONE))
        self.assertEqual(
            self.agencies("&status=reported"),
            {ONE: ("reported", True), EXEMPT: ("reported", False)},
        )
        self.clock(f"{deadline + timedelta(days=1)}T00:00:00+08:00")
        late = self.report(GONE, self.leave(GONE))
        codes = [f["code"] for f in self.findings(late["submission_id"], self.stack.token(GONE))]
        self.assertEqual(codes, ["E18"])
        self.assertEqual(
            (self.agencies()[TOP], self.agencies()[MISSING]),
            (("missing", True), ("missing", False)),
        )
        self.clock(f"{deadline + timedelta(days=1)}T00:02:00+08:00")
        self.until(lambda: self.rates()["frozen"])
        frozen = self.rates()["frozen"]
        self.assertEqual(
            (frozen["obliged"], frozen["reported"], frozen["on_time"], frozen["version"]),
            (4, 3, 3, 1),
        )
        self.report(MISSING, self.leave(MISSING))
        self.assertEqual(self.rates()["live"], {"obliged": 4, "reported": 3, "on_time": 3})
        self.assertEqual(
            self.rates()["frozen"], frozen, "what comes after the deadline changes no frozen figure"
        )
        self.assertEqual(self.agencies()[MISSING], ("reported", False))
        moved = HEAD + f"{ONE},率1,,2000-01-01,2000-01-01,,,,,\n"
        answer = self.stack.call(
            "POST",
            "/api/v1/registry/agencies?confirm=true",
            self.operator,
            moved.encode(),
            {"Content-Type": "text/csv"},
        )
        self.assertEqual(answer.json["changed"], 1, answer.body)
        self.assertEqual(self.rates()["live"], {"obliged": 3, "reported": 2, "on_time": 2})
        self.assertEqual(
            self.rates()["frozen"], frozen, "nor does a hierarchy that is mended later"
        )
        kinds = {
            n["kind"]
            for n in self.stack.pages("/api/v1/notices", self.stack.token(MISSING), "notices")
        }
        self.assertLessEqual(
            {"deadline_before", "deadline_after", "submission_counted", "submission_rejected"},
            kinds,
        )


if __name__ == "__main__":
    unittest.main(verbosity=2)
