"""schemas/openapi.yaml says what the running platform answers: every operation, its problems too,
judged by ajv; no member may be answered that is not described."""

import json
import subprocess
import sys
import unittest
from pathlib import Path
from urllib.parse import quote

from made_stack import MadeStack, made, owned

from chaiqin_testing.visitor import Visitor

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
        return self.note(method, base + (template or path.partition("?")[0]), answer)

    def note(self, method, template, answer):
        """An answer that will be judged."""
        kind = answer.headers["Content-Type"] or ""
        self.lines.append(
            {
                "method": method,
                "path": template,
                "status": answer.status,
                "type": kind,
                "body": answer.json if "json" in kind and answer.status != 204 else None,
            }
        )
        return answer

    def use_a_session(self):
        path, visitor = "/api/v1/session", Visitor(self.stack)
        self.note("GET", path, visitor.api("GET", path))
        self.assertEqual(visitor.log_in("demo-clerk").status, 200)
        for method in ("GET", "POST"):
            self.note(method, path, visitor.api(method, path))

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
        for document in (made.document(records), made.document(records, leave_count=99)):
            self.ask(
                "POST",
                "/checks?compare=true",
                self.clerk,
                body=made.bytes_of(document),
                Content_Type="application/json",
            )
        self.ask("POST", "/checks", self.clerk, body=b"", Content_Type="multipart/form-data")
        return ids

    def read_everything(self, ids):
        supervisor = self.stack.token(made.AGENCY, "supervisor")
        for one in ids:
            for part in ("", "/findings", "/groups", "/receipt", "/records", "/records?with=all"):
                self.ask(
                    "GET",
                    f"/submissions/{one}{part}",
                    self.clerk,
                    "/submissions/{id}" + part.partition("?")[0],
                )
        self.ask(
            "GET", f"/submissions/{ids[0]}/findings", self.operator, "/submissions/{id}/findings"
        )
        for part in ("", "/receipt"):
            self.ask("GET", f"/submissions/{NOBODY}{part}", self.clerk, "/submissions/{id}" + part)
        self.verify_receipt(ids[0])
        self.ask(
            "GET", f"/submissions/{ids[0]}/records", self.operator, "/submissions/{id}/records"
        )
        self.ask("GET", "/findings/records?status=all", self.clerk)
        for query in ("", "?page_size=1000&wait=1s", "?after=x", "?page_size=1001"):
            for token in (self.clerk, supervisor, None):
                self.ask("GET", "/findings/changes" + query, token)
        self.remind(supervisor)
        for path in (
            "/submissions",
            "/findings",
            "/findings?status=open",
            "/findings?code=L18&severity=error",
            "/findings/groups",
            "/findings/groups?status=open",
            "/unmatched",
            "/unmatched?band=7",
            "/statistics/report?by=month,type",
            "/statistics/report?by=agency&kind=leave",
            "/statistics/findings?by=month,code",
            "/statistics/monthly?year=2026",
            "/statistics/monthly?year=2026&page=999",
            "/statistics/by-type?from=2026-01&to=2026-12",
            "/summary",
            f"/summary?q={quote('測試')}",
            "/reporting-rates?month=2026-10",
            "/reporting-rates/agencies?month=2026-10",
            "/reporting-rates/agencies?month=2026-10&status=missing,due,not_due",
            "/reporting-rates/series",
            "/reporting-rates/units",
            "/reminders",
            "/workbench",
            "/agencies",
            "/notices",
            "/notices?unread=true",
        ):
            self.ask("GET", path, supervisor)
            self.ask("GET", path)
            self.ask("GET", path + ("&" if "?" in path else "?") + "page_size=0", supervisor)
        for path in ("/audit", "/quarantine"):
            for token in (self.operator, supervisor):
                self.ask("GET", path, token)
        for path in (
            *("/rules", "/format", "/format/sample", "/format/schema"),
            *("/receipts/key", "/platform", "/healthz", "/readyz"),
        ):
            self.ask("GET", path)
        for code in ("L18", "F01", "Z99"):
            self.ask("GET", f"/rules/{code}", template="/rules/{code}")

    def remind(self, supervisor):
        for body in (
            {"month": "2026-10", "agencies": [made.AGENCY, made.OTHER]},
            {"month": "2026-10", "agencies": []},
            {"month": "2026-13", "agencies": [made.OTHER]},
        ):
            for token in (supervisor, self.clerk):
                self.ask(
                    *("POST", "/reminders", token),
                    body=json.dumps(body).encode(),
                    Content_Type="application/json",
                )

    def verify_receipt(self, submission):
        jws = self.stack.call("GET", f"/api/v1/submissions/{submission}/receipt", self.clerk).json[
            "receipt_jws"
        ]
        for body in ({"receipt_jws": jws}, {"receipt_jws": jws[:-4]}, {}):
            self.ask(
                *("POST", "/receipts/verify"),
                body=json.dumps(body).encode(),
                Content_Type="application/json",
            )

    def write_announcements(self):
        text = {"title": "公告", "body": "一\n\n二", "audience": "public"}
        one, attachments = "/announcements/{id}", "/announcements/{id}/attachments"

        def write(method, path, template, content):
            return self.ask(
                *(method, path, self.operator, template, json.dumps(content).encode()),
                Content_Type="application/json",
            )

        id_ = write("POST", "/announcements", None, text).json["id"]
        write("POST", "/announcements", None, {"title": ""})
        path = f"/announcements/{id_}"
        write("PUT", path, one, text | {"expires_at": "2999-01-01T00:00:00+08:00"})
        content_type, body = made.multipart([("file", "a.txt", "說明".encode())])
        for token in (self.operator, self.clerk):
            self.ask(
                *("POST", path + "/attachments", token, attachments, body),
                Content_Type=content_type,
            )
        for token in (None, self.clerk, "x.y.z"):
            self.ask("GET", "/announcements", token)
            self.ask("GET", path, token, one)
            self.ask("GET", path + "/attachments/1", token, attachments + "/{n}")
        self.ask("GET", "/announcements?state=all", self.operator)
        for _ in range(2):
            self.ask("DELETE", path + "/attachments/1", self.operator, attachments + "/{n}")
        for _ in range(2):
            self.ask("DELETE", path, self.operator, one)

    def use_webhooks(self):
        one = "/webhooks/{id}"
        hook = {"url": "https://192.0.9.1/", "events": ["deadline.near"]}

        def write(method, path, template, content):
            return self.ask(
                *(method, path, self.clerk, template, json.dumps(content).encode()),
                Content_Type="application/json",
            )

        id_ = write("POST", "/webhooks", None, hook).json["id"]
        write("POST", "/webhooks", None, hook | {"url": "https://10.0.0.1/"})
        path = f"/webhooks/{id_}"
        write("PATCH", path, one, {"state": "disabled"})
        write("PATCH", path, one, {"state": "failing"})
        for part in ("/test", "/rotate"):
            for token in (self.clerk, self.operator):
                self.ask("POST", path + part, token, one + part)
        for n in (1, 2):
            retry = f"/deliveries/{n}/retry"
            self.ask("POST", path + retry, self.clerk, one + "/deliveries/{n}/retry")
        for token in (self.clerk, self.operator, None):
            self.ask("GET", "/webhooks?state=failing", token)
            self.ask("GET", "/webhooks", token)
            for part in ("", "/deliveries"):
                self.ask("GET", path + part, token, one + part)
        for _ in range(2):
            self.ask("DELETE", path, self.clerk, one)

    def mark_notices(self):
        notice = self.stack.call("GET", "/api/v1/notices", self.clerk).json["notices"][0]["id"]
        for id_ in (notice, 0):
            self.ask("POST", f"/notices/{id_}/read", self.clerk, "/notices/{id}/read")
        self.ask("POST", "/notices/read-all", self.clerk)

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
            "GET",
            f"/table19/loads/{load}/rejected",
            self.operator,
            "/table19/loads/{id}/rejected",
        )
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
        self.ask(
            "POST",
            "/registry/agencies?dry_run=true",
            self.operator,
            body=made.REGISTRY.replace("測試", "試").encode(),
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
        self.write_announcements()
        self.mark_notices()
        self.use_webhooks()
        self.use_a_session()
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
