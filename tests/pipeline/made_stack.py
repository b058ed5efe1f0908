"""A stack with the hand-made agencies and a Table 19 for the persons a test names."""

import csv
import io
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from chaiqin_testing import made, owned  # noqa: E402
from chaiqin_testing.stack import Stack  # noqa: E402


class MadeStack(unittest.TestCase):
    directory = None  # of a stack of the test's own
    rows = ()  # Table 19 of made.AGENCY: (person, seq, org, kind, start, end)

    @classmethod
    def setUpClass(cls):
        cls.stack = Stack(cls.directory)
        cls.addClassCleanup(cls.stack.close)
        cls.clerk = cls.stack.token(made.AGENCY)
        cls.operator = cls.stack.operator()
        with tempfile.TemporaryDirectory() as scratch:
            registry = Path(scratch) / "agencies.csv"
            registry.write_text(made.REGISTRY)
            cls.stack.load_registry(registry, cls.operator)
            if cls.rows:
                table19 = Path(scratch) / "table19.csv"
                table19.write_text(made.table19(cls.rows))
                cls.load = cls.stack.load_table19(
                    made.AGENCY, table19, cls.operator, mode="changes"
                )
                assert cls.load["state"] == "LOADED", cls.load

    @classmethod
    def add_agency(cls, code, name="測試自用機關"):
        """An agency for what other tests must not find in their lists; the token of its clerk."""
        cls.add_agencies({code: name})
        return cls.stack.token(code)

    @classmethod
    def add_agencies(cls, names):
        """{code: name}; those that are there get the name. The load's answer."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(["org_code", "name", "effective_on", "established_on", "contact_email"])
        for code, name in names.items():
            writer.writerow([code, name, "2000-01-01", "2000-01-01", f"clerk@{code}.example"])
        path, headers = "/api/v1/registry/agencies?confirm=true", {"Content-Type": "text/csv"}
        answer = cls.stack.call("POST", path, cls.operator, out.getvalue().encode(), headers)
        assert answer.status == 200, answer.body[:500]
        return answer.json

    def send(self, document, token=None, **more):
        answer = self.stack.submit(token or self.clerk, document, **more)
        self.assertEqual(answer.status, 202, answer.body)
        return answer.json["files"][0]["receipt"]["submission_id"]

    def counted(self, document, token=None):
        return self.stack.wait_terminal(self.send(document, token), token or self.clerk)

    def errors(self, submission_id, token=None):
        """Codes of the findings that are errors: warnings such as E18 depend on the day of the
        run."""
        return [f["code"] for f in self.findings(submission_id, token) if f["severity"] == "error"]

    def findings(self, submission_id, token=None):
        return self.stack.pages(
            f"/api/v1/submissions/{submission_id}/findings", token or self.clerk, "findings"
        )
