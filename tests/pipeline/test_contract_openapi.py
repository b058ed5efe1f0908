"""schemas/openapi.yaml says what the running platform answers: every operation, its problems too,
judged by ajv; no member may be answered that is not described."""

import json
import subprocess
import sys
import unittest
from pathlib import Path
from urllib.parse import quote

from made_stack import MadeStack, made, owned

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "deploy" / "stack"))
import build  # noqa: E402
from parts import node  # noqa: E402

GOOD, LOST, GAPPY = (owned.PERSONS["openapi"][n] for n in range(3))
NOBODY = "00000000-0000-8000-8000-000000000000"
JUDGES = ROOT / "tests" / "tidy"


class Description(MadeStack):
    rows = [(GOOD, 1, made.AGENCY, 1, "1100101", ""), (GAPPY, 1, made.AGENCY, 1, "1151101", "")]

    def setUp(self):
        build.fetch_node()
        build.npm_packages(JUDGES, "judges")
        self.lines = []

    def ask(self, method, path, token=None, template=None, body=None, **headers):
        base = "" if path in ("/healthz", "/readyz") else "/api/v1"
        answer = self.stack.call(
            method, base + path, token, body, {k.replace("_", "-"): v for k, v in headers.items()}
        )
        kind = answer.headers["Content-Type"]
        self.lines.append(
            {
                "method": method,
                "path": base + (template or path.partition("?")[0]),
                "status": answer.status,
                "type": kind,
                "body": answer.json if "json" in kind else None,
            }
        )
        return answer

    def send_files(self):
        records = [
            made.leave(GOOD),
            made.leave(LOST),
            made.leave(GAPPY),
            made.leave(GOOD, leave_type="98"),
        ]
        ids = [
            self.counted(made.document(records, [made.overtime(GOOD)]))["submission_id"],
            self.counted(made.document([made.leave(GOOD)], leave_count=3))["submission_id"],
        ]
        content_type, body = made.multipart(
            [
                ("file", "a.json", made.bytes_of(made.document([made.leave(GOOD)]))),
                ("file", "b.txt", b"{}"),
            ]
        )
        self.ask("POST", "/submissions", self.clerk, body=body, Content_Type=content_type)
        self.ask("POST", "/submissions", self.clerk, body=b"", Content_Type="application/json")
        self.ask("POST", "/submissions", self.clerk, body=b"", Content_Type="text/plain")
        self.ask("POST", "/submissions", self.operator, body=b"{}", Content_Type="application/json")
        self.ask(
            "POST",
            "/checks",
            self.clerk,
            body=made.bytes_of(made.document(records)),
            Content_Type="application/json",
        )
        self.ask("POST", "/checks", self.clerk, body=b"", Content_Type="multipart/form-data")
        return ids

    def read_everything(self, ids):
        supervisor = self.stack.token(made.AGENCY, "supervisor")
        for one in ids:
            for part in ("", "/findings", "/groups"):
                self.ask("GET", f"/submissions/{one}{part}", self.clerk, "/submissions/{id}" + part)
        self.ask(
            "GET", f"/submissions/{ids[0]}/findings", self.operator, "/submissions/{id}/findings"
        )
        self.ask("GET", f"/submissions/{NOBODY}", self.clerk, "/submissions/{id}")
        for path in (
            "/submissions",
            "/findings",
            "/findings?status=open",
            "/unmatched",
            "/statistics/monthly?year=2026",
            "/statistics/monthly?year=2026&page=999",
            "/statistics/by-type?from=2026-01&to=2026-12",
            "/summary",
            f"/summary?q={quote('測試')}",
            "/reporting-rates?month=2026-10",
            "/reporting-rates/agencies?month=2026-10",
            "/agencies",
            "/notices",
        ):
            self.ask("GET", path, supervisor)
            self.ask("GET", path)
            self.ask("GET", path + ("&" if "?" in path else "?") + "page_size=0", supervisor)
        for path in (
            *("/rules", "/format", "/format/sample", "/format/schema"),
            *("/receipts/key", "/healthz", "/readyz"),
        ):
            self.ask("GET", path)
        for code in ("L18", "F01", "Z99"):
            self.ask("GET", f"/rules/{code}", template="/rules/{code}")

    def load_master_data(self):
        load = self.ask(
            "POST",
            f"/table19/loads?mode=changes&authority={made.AGENCY}",
            self.operator,
            "/table19/loads",
            made.table19([("A123456788", 1, made.AGENCY, 1, "1100101", "")]).encode(),
            Content_Type="text/csv",
        ).json["load_id"]
        self.ask("GET", f"/table19/loads/{load}", self.operator, "/table19/loads/{id}")
        self.ask(
            "GET", f"/table19/loads/{self.load['load_id']}", self.operator, "/table19/loads/{id}"
        )
        for token in (self.operator, self.clerk):
            self.ask("GET", f"/table19/loads?authority={made.AGENCY}", token, "/table19/loads")
        self.ask(
            "POST",
            f"/table19/loads?mode=changes&authority={made.AGENCY}",
            self.clerk,
            "/table19/loads",
            b"",
            Content_Type="text/csv",
        )
        self.ask(
            "POST",
            "/registry/agencies",
            self.operator,
            body=(made.REGISTRY + "bad,,,,,,,,,\n").encode(),
            Content_Type="text/csv",
        )
        renamed = "".join(
            line.replace("測試", "改名") + "\n" for line in made.REGISTRY.splitlines()
        )
        self.ask(
            "POST",
            "/registry/agencies",
            self.operator,
            body=renamed.encode(),
            Content_Type="text/csv",
        )

    def test_every_answer_is_as_described(self):
        self.read_everything(self.send_files())
        self.load_master_data()
        judged = subprocess.run(
            [node(), JUDGES / "judge_answers.mjs", ROOT / "schemas/openapi.yaml"],
            check=False,
            text=True,
            input="".join(json.dumps(line) + "\n" for line in self.lines),
            capture_output=True,
        )
        self.assertEqual(judged.returncode, 0, judged.stdout + judged.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
