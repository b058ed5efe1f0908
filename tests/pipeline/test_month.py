"""The generated month through the whole stack: counts equal the model and the generator's truth,
whatever is sent again and in whatever order; the conservation law holds."""

import random
import sys
import tempfile
import unittest
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from chaiqin_testing import model  # noqa: E402
from chaiqin_testing.month import Month  # noqa: E402
from chaiqin_testing.stack import Stack  # noqa: E402


class TheMonth(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack()
        cls.addClassCleanup(cls.stack.close)
        cls.scratch = tempfile.TemporaryDirectory()
        cls.month = Month(cls.scratch.name, model.previous_month(date.today()))
        cls.month.load_master_data(cls.stack)
        cls.tokens = cls.month.tokens(cls.stack)
        cls.operator = cls.stack.operator()
        cls.ids = cls.month.send(cls.stack, cls.month.files, cls.tokens)

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def counted_now(self):
        month = self.month.truth["month"]
        years = {month[:4], str(int(month[:4]) - (month[5:] == "01"))}
        counts = {}
        for year in sorted(years):
            counts.update(self.stack.monthly(int(year), self.operator))
        ours = {f["agency"] for f in self.month.files} | {
            c["agency"] for c in self.month.truth["counts"]
        }
        return {key: value for key, value in counts.items() if key[0] in ours}

    def test_1_every_file_is_counted_and_says_what_was_wrong(self):
        for file, submission_id in zip(self.month.files, self.ids):
            end = self.stack.wait_terminal(submission_id, self.tokens[file["agency"]])
            self.assertEqual(
                end["state"], "COUNTED_PARTIAL" if file["invalid"] else "COUNTED", (file, end)
            )
            self.assertEqual(end["total"], file["total"])
            self.assertEqual(end["dispositions"]["invalid"], file["invalid"])
            self.assertEqual(sum(end["dispositions"].values()), end["total"])

    def test_2_counts_equal_the_model_and_the_truth(self):
        expected, unmatched = self.month.expected(
            self.stack, list(zip(self.month.files, self.ids)), self.tokens
        )
        self.assertEqual(expected, self.month.truth_counts(), "model and generator disagree")
        self.assertEqual(self.counted_now(), expected)
        self.assertEqual(dict(unmatched), self.month.truth["unmatched"])
        for agency in sorted({f["agency"] for f in self.month.files}):
            answer = self.stack.get(
                f"/api/v1/unmatched?agency={agency}&page_size=1", self.tokens[agency]
            ).json
            self.assertEqual(answer["total"], unmatched.get(agency, 0), agency)

    def test_3_everything_sent_twice_again_in_shuffled_order_changes_nothing(self):
        before = self.counted_now()
        files = self.month.files * 2
        random.Random(7).shuffle(files)
        for file, submission_id in zip(files, self.month.send(self.stack, files, self.tokens)):
            end = self.stack.wait_terminal(submission_id, self.tokens[file["agency"]])
            self.assertEqual(end["dispositions"]["unchanged"], file["total"] - file["invalid"])
            self.assertGreaterEqual(end["warning_count"], 1, "F11 for the same bytes")
        self.assertEqual(self.counted_now(), before)

    def test_4_the_conservation_law_holds(self):
        verified = self.stack.chaiqin("verify", check=False)
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
