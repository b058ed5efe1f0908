"""What the matcher says of records: T findings and the scope they are shown in, the unmatched list,
re-matching, and which findings are OPEN or FIXED."""

import tempfile
import time
import unittest
import uuid
from pathlib import Path

from made_stack import MadeStack, made, owned

A, B, OTHER = made.AGENCY, made.CHILD, made.OTHER
NAMES = ("gap", "left", "moved", "lent", "split", "unpaid", "foreign", "foreign_late", "nobody")
P = {name: owned.PERSONS["records"][i] for i, name in enumerate(NAMES)}
# No run before this one gave them a career row or a record.
P["come"], P["served"] = owned.PERSONS["records, new"].of_this_run(2)


class Records(MadeStack):
    rows = [
        (P["gap"], 1, A, 1, "1150601", "1150831"),
        (P["gap"], 2, A, 1, "1151015", ""),
        (P["left"], 1, A, 1, "1100101", "1150930"),
        (P["moved"], 1, B, 1, "1100101", ""),
        (P["lent"], 1, A, 1, "1100101", ""),
        (P["lent"], 2, B, 2, "1150101", ""),
        (P["split"], 1, A, 1, "1100101", "1151005"),
        (P["split"], 2, B, 1, "1151006", ""),
        (P["unpaid"], 1, A, 9, "1100101", ""),
    ]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.load_rows(
            OTHER,
            [
                (P["foreign"], 1, OTHER, 1, "1100101", ""),
                (P["foreign_late"], 1, OTHER, 1, "1160101", ""),
                (P["served"], 1, OTHER, 1, "1100101", "1150831"),
            ],
        )

    @classmethod
    def load_rows(cls, authority, rows):
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / "rows.csv"
            path.write_text(made.table19(rows))
            return cls.stack.load_table19(authority, path, cls.operator, mode="changes")

    def matched(self, name, **changes):
        """Codes and messages of the T findings of one leave."""
        end = self.counted(made.document([made.leave(P[name], **changes)]))
        return end, [
            (f["code"], f["message"])
            for f in self.findings(end["submission_id"])
            if f["code"][0] == "T"
        ]

    def test_what_table_19_says(self):
        t06 = "表19同日有多筆經歷，依{}歸屬".format
        for name, changes, wanted in (
            ("nobody", {}, [("T01", "表19查無此人")]),
            (
                "gap",
                {"start_date": "1150501", "end_date": "1150501"},
                [("T02", "日期早於表19最早到職日")],
            ),
            ("gap", {}, [("T03", "日期落於表19經歷中斷期間")]),
            ("left", {}, [("T04", "日期晚於表19離職日")]),
            ("moved", {}, [("T05", f"服務機關與表19不符，歸屬{B} 測試所屬機關")]),
            ("foreign", {}, [("T05", "服務機關與表19不符")]),
            ("foreign_late", {}, [("T01", "表19查無此人")]),
            ("lent", {}, [("T06", t06("ORG"))]),
            ("lent", {"org_code": B}, [("T06", t06("SECONDMENT"))]),
            (
                "lent",
                {"org_code": OTHER},
                [("T05", f"服務機關與表19不符，歸屬{A} 測試主管機關"), ("T06", t06("PRIMARY"))],
            ),
            (
                "split",
                {"end_date": "1151006", "leave_minutes": 960},
                [("T08", "請假期間跨越二筆以上經歷")],
            ),
            ("unpaid", {}, [("T09", "留職停薪期間仍有差假或加班")]),
        ):
            with self.subTest(name, changes=changes):
                self.assertEqual(self.matched(name, **changes)[1], wanted)

    def test_unmatched_records_and_a_later_career_row(self):
        end, _ = self.matched("come")
        self.assertEqual(
            (end["state"], end["dispositions"]["unmatched"], end["next_actor"]),
            ("COUNTED", 1, "personnel_office"),
        )
        self.assertIn("沒有任何一筆", end["state_text"]["zh"])
        self.assertEqual(
            [
                (u["reason"], u["mend"], u["age_days"], u["band"], u["person_id"], u["date"])
                for u in self.unmatched(end)
            ],
            [
                (
                    "NO_PERSON",
                    "attendance_clerk",
                    0,
                    7,
                    f"{P['come'][:3]}*****{P['come'][-2:]}",
                    "2026-10-05",
                )
            ],
        )
        load = self.load_rows(A, [(P["come"], 1, A, 1, "1100101", "")])
        self.assertEqual((load["state"], load["persons_changed"]), ("LOADED", 1))
        limit = time.monotonic() + 20
        while self.now(end)["dispositions"]["counted"] != 1:
            self.assertLess(
                time.monotonic(), limit, "a career row counts the record without being sent again"
            )
            time.sleep(0.1)
        self.assertEqual(
            [f for f in self.findings(end["submission_id"]) if f["code"][0] == "T"], []
        )

    def unmatched(self, end):
        return [
            u
            for u in self.stack.pages("/api/v1/unmatched", self.clerk, "unmatched")
            if u["submission_id"] == end["submission_id"]
        ]

    def test_another_matched_record_of_the_person_says_that_the_id_is_not_mistyped(self):
        end, findings = self.matched("served")
        self.assertEqual(
            findings, [("T01", "表19查無此人")], "T04 is hidden: the row is another agency's"
        )
        self.assertEqual(
            [(u["reason"], u["mend"]) for u in self.unmatched(end)],
            [("NO_PERSON", "attendance_clerk")],
        )
        self.counted(
            made.document(
                [made.leave(P["served"], OTHER, start_date="1150805", end_date="1150805")],
                agency=OTHER,
                data_month="11508",
            ),
            self.stack.token(OTHER),
        )
        self.assertEqual(
            [(u["reason"], u["mend"]) for u in self.unmatched(end)],
            [("NO_PERSON", "personnel_office")],
        )

    def now(self, end):
        return self.stack.get(f"/api/v1/submissions/{end['submission_id']}", self.clerk).json

    def standing(self, end):
        found = self.stack.pages("/api/v1/findings?status=all", self.clerk, "findings")
        return {
            (f["code"], f["index"]): (f["status"], f["fixed_by"])
            for f in found
            if f["submission_id"] == end["submission_id"] and f["code"] != "E18"
        }

    def test_findings_are_open_until_the_identity_ends_without_error(self):
        number = uuid.uuid4().hex
        bad = made.leave(P["lent"], record_no=number, leave_type="98")
        first = self.counted(
            made.document([bad, made.leave(P["lent"], record_no="not good", leave_type="98")])
        )
        still = [("OPEN", None)] * 3
        self.assertEqual(list(self.standing(first).values()), still)
        self.counted(made.document([bad]))
        self.assertEqual(list(self.standing(first).values()), still)
        mended = self.counted(made.document([{**bad, "leave_type": "16"}]))
        self.assertEqual(
            self.standing(first),
            {
                ("L01", 0): ("FIXED", mended["submission_id"]),
                ("L01", 1): ("OPEN", None),
                ("C02", 1): ("OPEN", None),
            },
        )
        for status in ("open", "fixed"):
            found = self.stack.pages(f"/api/v1/findings?status={status}", self.clerk, "findings")
            self.assertEqual({f["status"] for f in found}, {status.upper()})

    def test_file_and_envelope_findings_are_fixed_by_the_next_accepted_file_of_the_month(self):
        broken = self.counted(b"{x")
        rejected = self.counted(
            made.document(
                [made.leave(P["lent"], start_date="1150701", end_date="1150701")],
                leave_count=5,
                data_month="11507",
            )
        )
        self.assertEqual(self.standing(rejected)[("E12", None)], ("OPEN", None))
        other_month = self.counted(made.document([made.leave(P["lent"])]))
        self.assertEqual(
            self.standing(broken), {("F06", None): ("FIXED", other_month["submission_id"])}
        )
        self.assertEqual(self.standing(rejected)[("E12", None)], ("OPEN", None))
        same_month = self.counted(
            made.document(
                [made.leave(P["lent"], start_date="1150701", end_date="1150701")],
                data_month="11507",
            )
        )
        self.assertEqual(
            self.standing(rejected)[("E12", None)], ("FIXED", same_month["submission_id"])
        )

    def test_the_same_bytes_again_are_told(self):
        content = made.bytes_of(made.document([made.leave(P["lent"])], batch_no="B-7"))
        self.counted(content)
        end = self.counted(content)
        self.assertEqual(
            [f["message"] for f in self.findings(end["submission_id"]) if f["code"] == "F11"],
            ["檔案內容與先前報送之批次B-7相同"],
        )
        self.assertEqual(end["dispositions"]["unchanged"], 1)

    def test_details_are_capped_and_totals_exact(self):
        end = self.counted(made.document([made.leave(P["nobody"]) for _ in range(1100)]))
        self.assertEqual(sum(f["code"] == "T01" for f in self.findings(end["submission_id"])), 1000)
        groups = self.stack.get(
            f"/api/v1/submissions/{end['submission_id']}/groups", self.clerk
        ).json["groups"]
        t01 = next(g for g in groups if g["code"] == "T01")
        self.assertEqual((t01["count"], t01["first"]), (1100, [0, 1, 2, 3, 4]))
        self.assertGreaterEqual(end["warning_count"], 1100)


if __name__ == "__main__":
    unittest.main(verbosity=2)
