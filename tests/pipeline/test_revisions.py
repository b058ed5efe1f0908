"""Identity, revision and deletion through the whole stack; permutations of a set of files end
alike."""

import itertools
import unittest

from made_stack import MadeStack, made, owned

PERSON, SECOND = owned.PERSONS["revisions"][0], owned.PERSONS["revisions"][1]


class Revisions(MadeStack):
    rows = [(PERSON, 1, made.AGENCY, 1, "1100101", ""), (SECOND, 1, made.AGENCY, 1, "1100101", "")]

    def codes(self, end):
        return sorted(f["code"] for f in self.findings(end["submission_id"]) if f["code"][0] == "U")

    def one(self, record):
        return self.counted(made.document([record]))

    def disposition(self, end):
        return [name for name, count in end["dispositions"].items() if count]

    def test_the_table_of_revisions(self):
        first = made.leave(PERSON, revision=2)
        stored = self.one(first)
        self.assertEqual(self.disposition(stored), ["counted"])
        steps = [
            (first, ["unchanged"], []),
            ({**first, "reason": "他"}, ["invalid"], ["U03"]),
            ({**first, "revision": 1}, ["stale"], ["U02"]),
            ({**first, "revision": 3, "person_id": SECOND}, ["invalid"], ["U05"]),
            ({**first, "revision": 3, "leave_minutes": 240}, ["counted"], []),
            ({**first, "revision": 3, "action": "D", "person_id": SECOND}, ["invalid"], ["U05"]),
            ({**first, "revision": 4, "action": "D"}, ["deletion"], []),
            ({**first, "revision": 4, "action": "D"}, ["unchanged"], []),
            ({**first, "revision": 4}, ["stale"], ["U02"]),
            ({**first, "revision": 5, "action": "D"}, ["deletion"], []),
            ({**first, "revision": 6, "person_id": SECOND}, ["counted"], []),
        ]
        for record, disposition, codes in steps:
            end = self.one(record)
            self.assertEqual((self.disposition(end), self.codes(end)), (disposition, codes), record)
        first_again = self.stack.get(
            f"/api/v1/submissions/{stored['submission_id']}", self.clerk
        ).json
        self.assertEqual(self.disposition(first_again), ["superseded"])

    def test_nothing_to_delete_warns(self):
        end = self.one(made.leave(PERSON, action="D"))
        self.assertEqual((self.disposition(end), self.codes(end)), (["deletion"], ["U04"]))

    def test_every_order_of_a_set_of_files_gives_the_same_counts(self):
        results = set()
        for month_day, order in zip(range(1, 7), itertools.permutations(range(3))):
            day = f"11507{month_day:02d}"
            base = made.leave(PERSON, start_date=day, end_date=day)
            files = [
                made.document([base], data_month="11507"),
                made.document([{**base, "revision": 2, "leave_minutes": 240}], data_month="11507"),
                made.document([{**base, "revision": 3, "leave_minutes": 60}], data_month="11507"),
            ]
            before = self.july()
            for index in order:
                self.counted(files[index])
            after = self.july()
            results.add((after[0] - before[0], after[1] - before[1]))
        self.assertEqual(results, {(1, 60)})

    def july(self):
        return self.stack.monthly(2026, self.clerk).get((made.AGENCY, "2026-07", "leave"), [0, 0])


if __name__ == "__main__":
    unittest.main(verbosity=2)
