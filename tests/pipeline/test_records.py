"""Records of files and comparisons, over HTTP: what the agency that sent a file sees of it, who
does not, and that no id and no name leaves unmasked, nor gets into logs or the audit.
"""

import os
import unittest
import uuid

from made_stack import MadeStack, made, owned

PERSON, OTHER = (owned.PERSONS["privacy"][number] for number in (7_000_001, 7_000_002))
NAME, REASON, PLACE = "金絲雀辰巳午", "紀錄之事由未申酉", "紀錄之地點戌亥子"
RUN = uuid.uuid4().hex[:6]
MEMBERS = ("new", "changed", "same", "older", "deleted", "unknown_deletion", "invalid")


class Records(MadeStack):
    rows = [(PERSON, 1, made.AGENCY, 1, "1100101", "")]

    def get(self, path, token=None, **headers):
        return self.stack.call(
            "GET", "/api/v1" + path, token or self.clerk, None, headers
        )

    def records(self, submission_id, query=""):
        answer = self.get(f"/submissions/{submission_id}/records{query}")
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json

    def compare(self, document, token=None):
        answer = self.stack.call(
            "POST",
            "/api/v1/checks?compare=true",
            token or self.clerk,
            made.bytes_of(document),
            {"Content-Type": "application/json"},
        )
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json["files"][0]

    def counts(self, document):
        comparison = self.compare(document)["comparison"]
        return {name: comparison[name] for name in MEMBERS if comparison[name]}

    def test_records_are_shown_as_sent_and_persons_masked(self):
        said = {"person_name": NAME, "reason": f"{REASON}{PERSON}", "location": PLACE}
        records = [
            made.leave(PERSON, **said),
            made.leave(PERSON, leave_type="98", **said),
            made.leave(PERSON, leave_minutes="480", **said),
        ]
        one = self.counted(made.document(records))["submission_id"]
        found = self.records(one)
        self.assertEqual([record["index"] for record in found["records"]], [1, 2])
        self.assertIsNone(found["reason"])
        values = found["records"][1]["values"]
        self.assertEqual(values["person_name"], NAME[0] + "○")
        self.assertEqual(values["person_id"], PERSON[:3] + "*****" + PERSON[-2:])
        self.assertEqual(values["leave_minutes"], "480")
        self.assertEqual(values["location"], PLACE)
        self.assertTrue(values["reason"].startswith(REASON))
        self.assertIn("S03", [f["code"] for f in found["records"][1]["findings"]])
        everything = self.records(one, "?with=all&page_size=2")
        self.assertEqual([record["index"] for record in everything["records"]], [0, 1])
        rest = self.records(
            one, "?with=all&page_size=2&page_token=" + everything["next_page_token"]
        )
        self.assertEqual(
            ([record["index"] for record in rest["records"]], rest["next_page_token"]), ([2], "")
        )
        history = self.get("/findings/records?code=L01")
        self.assertEqual(history.status, 200, history.body)
        row = next(r for r in history.json["records"] if r["submission_id"] == one)
        self.assertEqual((row["index"], row["values"]["leave_type"]), (1, "98"))
        self.assertTrue(row["file_name"])
        for body in (str(found), str(everything), history.body.decode()):
            self.assertNotIn(PERSON, body)
            self.assertNotIn(NAME, body)
        self.nowhere_in_logs_and_audit()

    def nowhere_in_logs_and_audit(self):
        self.compare(made.document([made.leave(PERSON, person_name=NAME, reason=REASON)]))
        needles = [text.encode() for text in (PERSON, NAME, REASON, PLACE)]
        found = []
        for base, _, names in os.walk(self.stack.directory, followlinks=True):
            for name in names:
                path = os.path.join(base, name)
                try:
                    with open(path, "rb") as handle:
                        content = handle.read()
                except OSError:
                    continue
                found += [path for needle in needles if needle in content]
        self.assertEqual(found, [], "after records were read and files compared")

    def test_only_the_agencys_clerk_reads_records(self):
        one = self.counted(made.document([made.leave(PERSON, leave_type="98")]))["submission_id"]
        other = self.stack.token(made.OTHER)
        for path in (f"/submissions/{one}/records", f"/submissions/{one}/records?with=all"):
            self.assertEqual(self.get(path).status, 200)
            self.assertEqual(self.get(path, other).status, 404)
            self.assertEqual(self.get(path, self.operator).status, 403)
            for role in ("auditor", "supervisor", "personnel_office"):
                token = self.stack.token(made.AGENCY, role)
                self.assertEqual(self.get(path, token).status, 403, role)
        self.assertEqual(self.get("/findings/records", self.operator).status, 403)
        self.assertEqual(
            self.get(f"/findings/records?agency={made.AGENCY}", other).status, 404
        )
        self.assertEqual(self.get("/submissions/x/records").status, 404)

    def test_a_file_without_records_says_why(self):
        broken = self.stack.submit(self.clerk, b'{"leave_records": [')
        self.assertEqual(broken.status, 202, broken.body)
        one = broken.json["files"][0]["receipt"]["submission_id"]
        self.stack.wait_terminal(one, self.clerk)
        found = self.records(one)
        self.assertEqual((found["records"], found["reason"]), ([], "unreadable"))

    def test_a_check_compares_with_what_is_stored(self):
        def leave(number, **more):
            return made.leave(PERSON, record_no=f"{RUN}-{number}", **more)

        self.counted(made.document([leave(n, revision=5) for n in range(1, 6)]))
        document = made.document(
            [
                leave(9),
                leave(1, revision=6, reason="改"),
                leave(2, revision=5),
                leave(3, revision=4),
                leave(4, revision=5, action="D"),
                leave(8, action="D"),
                leave(5, revision=5, reason="改"),
                leave(7, leave_type="98"),
                leave(9),
            ]
        )
        document["leave_records"].append(made.leave(OTHER, record_no=f"{RUN}-2", revision=9))
        document["leave_count"] += 1
        compared = self.compare(document)["comparison"]
        # The forms 9 and 2 stand twice (U01).
        self.assertEqual(
            [compared[name] for name in MEMBERS], [1, 1, 1, 1, 1, 1, 4], compared
        )
        self.assertEqual(sum(compared[name] for name in MEMBERS), 10)
        self.assertEqual(
            compared["first"]["changed"],
            [{"kind": "leave", "index": 1, "record_no": f"{RUN}-1", "record_seq": 1}],
        )
        self.assertEqual([line["index"] for line in compared["first"]["invalid"]], [6, 7, 8, 9])
        self.assertEqual(self.compare(document)["comparison"], compared, "nothing was stored")
        rejected = made.document([leave(9)], leave_count=5)
        self.assertIsNone(self.compare(rejected)["comparison"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
