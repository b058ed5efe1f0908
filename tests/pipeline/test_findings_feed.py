"""The findings feed as an attendance system reads it, and reminders as agencies get them: over
HTTP, from the file to the last cursor."""

import json
import time
import unittest
import uuid
from threading import Thread

from made_stack import MadeStack, made, owned

PERSON, LOST = owned.PERSONS["feed"].of_this_run(2)
WITHIN_S = 30


class FindingsFeed(MadeStack):
    rows = [(PERSON, 1, made.AGENCY, 1, "1100101", "")]

    def changes(self, query=""):
        answer = self.stack.get("/api/v1/findings/changes" + query, self.clerk)
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json

    def to_the_end(self):
        """The cursor behind everything that other tests have left."""
        cursor = ""
        while True:
            answer = self.changes("?page_size=1000" + (f"&after={cursor}" if cursor else ""))
            cursor = answer["cursor"]
            if not answer["changes"]:
                return cursor

    def until(self, cursor, submission, wanted):
        """The changes of one file's records behind the cursor, once there are so many; warnings of
        the file depend on the day of the run."""
        end, found = time.monotonic() + WITHIN_S, []
        while len(found) < wanted:
            self.assertLess(time.monotonic(), end, found)
            answer = self.changes(f"?after={cursor}&wait=2s")
            found += [
                one
                for one in answer["changes"]
                if one["submission_id"] == submission and one["kind"] == "leave"
            ]
            cursor = answer["cursor"]
        return found, cursor

    def test_a_finding_opens_is_corrected_and_gone(self):
        cursor = self.to_the_end()
        number = uuid.uuid4().hex[:10]
        bad = made.leave(PERSON, leave_type="98", record_no=number)
        one = self.counted(made.document([bad]))["submission_id"]
        found, cursor = self.until(cursor, one, 1)
        self.assertEqual([change["change"] for change in found], ["opened"])
        self.assertEqual(found[0]["code"], "L01")
        self.assertEqual(
            (found[0]["record_no"], found[0]["record_seq"], found[0]["revision"]),
            (number, bad["record_seq"], bad["revision"]),
        )
        good = {**bad, "leave_type": made.leave(PERSON)["leave_type"]}
        good["revision"] += 1
        two = self.counted(made.document([good]))["submission_id"]
        found, _ = self.until(cursor, one, 1)
        self.assertEqual([change["change"] for change in found], ["fixed"])
        self.assertEqual(found[0]["fixed_by"], two)

    def test_table_19_takes_a_finding_away_and_a_notice_says_so(self):
        cursor = self.to_the_end()
        number = uuid.uuid4().hex[:10]
        one = self.counted(made.document([made.leave(LOST, record_no=number)]))["submission_id"]
        found, cursor = self.until(cursor, one, 1)
        self.assertEqual((found[0]["change"], found[0]["code"]), ("opened", "T01"))
        rows = made.table19([(LOST, 1, made.AGENCY, 1, "1100101", "")]).encode()
        load = self.stack.post_table19(made.AGENCY, rows, self.operator, "changes", False)
        self.assertEqual(self.stack.wait_load(load, self.operator)["state"], "LOADED")
        found, _ = self.until(cursor, one, 1)
        self.assertEqual((found[0]["change"], found[0]["fixed_by"]), ("fixed", None))
        end = time.monotonic() + WITHIN_S
        while True:
            notices = self.stack.get("/api/v1/notices?page_size=100", self.clerk).json["notices"]
            if any(notice["kind"] == "findings_changed" for notice in notices):
                break
            self.assertLess(time.monotonic(), end, "no notice")
            time.sleep(0.5)

    def test_a_question_that_waits_is_answered_when_something_changes(self):
        cursor = self.to_the_end()
        answers = []
        waiting = Thread(target=lambda: answers.append(self.changes(f"?after={cursor}&wait=25s")))
        begun = time.monotonic()
        waiting.start()
        self.counted(made.document([made.leave(PERSON, leave_type="98")]))
        waiting.join()
        self.assertLess(time.monotonic() - begun, 20)
        self.assertTrue(answers[0]["changes"])
        begun = time.monotonic()
        self.changes(f"?after={self.to_the_end()}&wait=1s")
        self.assertGreater(time.monotonic() - begun, 0.9)

    def test_reminders(self):
        supervisor = self.stack.token(made.AGENCY, "supervisor")
        month = "2025-01"

        def remind(agencies, token=supervisor):
            body = json.dumps({"month": month, "agencies": agencies}).encode()
            return self.stack.call(
                *("POST", "/api/v1/reminders", token, body, {"Content-Type": "application/json"})
            )

        answer = remind([made.CHILD, made.CHILD, made.OTHER, made.AGENCY, "Z9"])
        self.assertEqual(answer.status, 200, answer.body)
        skipped = {one["agency"]: one["reason"] for one in answer.json["skipped"]}
        for agency in (made.OTHER, made.AGENCY, "Z9"):
            self.assertEqual(skipped[agency], "not_yours")
        self.assertIn(made.CHILD, [*answer.json["sent"], *skipped])
        self.assertEqual(remind([made.CHILD], self.clerk).status, 403)
        self.assertEqual(remind([]).status, 400)
        self.assertEqual(remind(["Z9"] * 1001).status, 400)


if __name__ == "__main__":
    unittest.main()
