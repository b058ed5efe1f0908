"""The contract of reading: who may read what, paging, filters, problems, and what an operator is
not shown."""

import http.client
import unittest
import uuid

from made_stack import MadeStack, made, owned

MATCHED, LOST = owned.PERSONS["reading"][0], owned.PERSONS["reading"][1]
READS = [
    "/submissions",
    "/findings",
    "/unmatched",
    "/agencies",
    "/notices",
    "/summary",
    "/statistics/monthly?year=2026",
]
BAD_NUMBERS = [
    "page_size=0",
    "page_size=101",
    "page_size=-1",
    "page_size=x",
    "page_size=1.5",
    "page_token=abc",
]


class Reading(MadeStack):
    rows = [(MATCHED, 1, made.CHILD, 1, "1100101", "")]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.child, cls.other = cls.stack.token(made.CHILD), cls.stack.token(made.OTHER)
        record = {"agency": made.CHILD}
        document = made.document(
            [
                made.leave(MATCHED, **record),
                made.leave(LOST, **record),
                made.leave(MATCHED, leave_type="22", more=1, **record),
            ],
            agency=made.CHILD,
        )
        answer = cls.stack.submit(cls.child, document)
        cls.sent = cls.stack.wait_terminal(
            answer.json["files"][0]["receipt"]["submission_id"], cls.child
        )
        cls.id = cls.sent["submission_id"]

    def api(self, path, token, **more):
        return self.stack.get("/api/v1" + path, token, **more)

    def test_roles_and_paths(self):
        roles = {
            role: self.stack.token(made.AGENCY, role)
            for role in (
                "agency_clerk",
                "supervisor",
                "personnel_office",
                "operator",
                "auditor",
                "king",
            )
        }
        own, child, other = (f"agency={a}" for a in (made.AGENCY, made.CHILD, made.OTHER))
        wanted = {  # clerk, supervisor, personnel office, operator, auditor, unknown role
            f"/submissions/{self.id}": (404, 200, 403, 200, 200, 403),
            f"/submissions/{self.id}/findings": (404, 200, 403, 200, 200, 403),
            f"/submissions/{self.id}/groups": (404, 200, 403, 200, 200, 403),
            "/submissions?" + own: (200, 200, 403, 200, 200, 403),
            "/submissions?" + child: (404, 200, 403, 200, 200, 403),
            "/submissions?" + other: (404, 404, 403, 200, 200, 403),
            "/findings?" + child: (404, 200, 403, 200, 200, 403),
            "/findings?" + other: (404, 404, 403, 200, 200, 403),
            "/unmatched?" + child: (404, 200, 200, 200, 200, 403),
            "/unmatched?" + other: (404, 404, 404, 200, 200, 403),
            "/statistics/monthly?year=2026": (200, 200, 403, 200, 200, 403),
            "/summary": (200, 200, 403, 200, 200, 403),
            "/statistics/by-type?from=2026-01&to=2026-12": (200, 200, 403, 200, 200, 403),
            "/notices": (200, 200, 403, 200, 200, 403),
            "/reporting-rates?month=2026-10": (403, 200, 403, 200, 200, 403),
            "/agencies": (200, 200, 200, 200, 200, 403),
            "/workbench": (200, 200, 403, 200, 200, 403),
            "/reminders": (403, 200, 403, 200, 200, 403),
            "/reporting-rates/series": (403, 200, 403, 200, 200, 403),
            "/reporting-rates/units": (403, 200, 403, 200, 200, 403),
            "/statistics/report?by=month": (200, 200, 403, 200, 200, 403),
            "/statistics/findings?by=code": (200, 200, 403, 200, 200, 403),
            "/audit": (403, 403, 403, 200, 200, 403),
            "/quarantine": (403, 403, 403, 200, 200, 403),
            "/table19/loads": (403, 403, 200, 200, 200, 403),
            "/findings/changes": (200, 403, 403, 403, 403, 403),
            "/findings/records": (200, 403, 403, 403, 403, 403),
            f"/submissions/{self.id}/records": (404, 403, 403, 403, 403, 403),
            "/webhooks": (200, 403, 403, 403, 403, 403),
            "/webhooks?state=failing": (200, 403, 403, 200, 200, 403),
            f"/webhooks/{uuid.uuid4()}": (404, 403, 403, 403, 403, 403),
            f"/webhooks/{uuid.uuid4()}/deliveries": (404, 403, 403, 403, 403, 403),
            f"/reporting-rates/agencies?month=2026-10&authority={made.OTHER}": (
                403,
                404,
                403,
                200,
                200,
                403,
            ),
        }
        for path, statuses in wanted.items():
            with self.subTest(path):
                self.assertEqual(
                    tuple(self.api(path, token).status for token in roles.values()), statuses
                )

    def test_loads_and_sending_by_role(self):
        header = b"person_id,seq,org_code,post_kind,start_date,end_date\n"
        for role, statuses in (
            ("agency_clerk", (403, 403, 403, 422)),
            ("supervisor", (403, 403, 403, 403)),
            ("auditor", (403, 403, 403, 403)),
            ("personnel_office", (202, 404, 403, 403)),
            ("operator", (202, 202, 200, 403)),
        ):
            token = self.stack.token(made.AGENCY, role)
            post = lambda path, kind, body: self.stack.call(
                "POST", "/api/v1" + path, token, body, {"Content-Type": kind}
            ).status  # noqa: E731,B023
            with self.subTest(role):
                self.assertEqual(
                    (
                        post(
                            f"/table19/loads?mode=changes&authority={made.AGENCY}",
                            "text/csv",
                            header,
                        ),
                        post(
                            f"/table19/loads?mode=changes&authority={made.OTHER}",
                            "text/csv",
                            header,
                        ),
                        post("/registry/agencies", "text/csv", made.REGISTRY.encode()),
                        post("/submissions", "application/json", b""),
                    ),
                    statuses,
                )

    def test_a_load_is_its_authoritys(self):
        path = f"/table19/loads/{self.load['load_id']}"
        for agency, role, status in (
            (made.AGENCY, "personnel_office", 200),
            (made.OTHER, "personnel_office", 404),
            (made.OTHER, "auditor", 200),
            (made.AGENCY, "agency_clerk", 403),
            (made.AGENCY, "supervisor", 403),
        ):
            self.assertEqual(
                self.api(path, self.stack.token(agency, role)).status, status, (agency, role)
            )

    def test_acting_for_a_delegated_agency(self):
        token = self.stack.token(made.HANDLER, delegated=[made.CHILD])
        acting = {"headers": {"X-Acting-Agency": made.CHILD}}
        self.assertEqual(self.api(f"/submissions/{self.id}", token).status, 404)
        self.assertEqual(self.api(f"/submissions/{self.id}", token, **acting).status, 200)
        self.assertEqual(
            self.api("/submissions", token, headers={"X-Acting-Agency": made.OTHER}).status, 403
        )

    def test_an_operator_is_shown_no_values(self):
        own = {
            f["code"]: f
            for f in self.api(f"/submissions/{self.id}/findings", self.child).json["findings"]
        }
        seen = {
            f["code"]: f
            for f in self.api(f"/submissions/{self.id}/findings", self.operator).json["findings"]
        }
        self.assertLessEqual({"T01", "L02", "S04"}, set(own))
        self.assertEqual(set(own), set(seen))
        self.assertTrue(all(f["value"] is None for f in seen.values()))
        self.assertIn("防疫隔離假", own["L02"]["message"])
        self.assertNotIn("防疫隔離假", str(seen))
        self.assertNotIn(LOST, str(own))
        self.assertEqual(own["T01"]["value"], f"{LOST[:3]}*****{LOST[-2:]}")

    def test_numbers_and_tokens_of_pages(self):
        for path in READS:
            joint = "&" if "?" in path else "?"
            for query in BAD_NUMBERS:
                with self.subTest(path, query=query):
                    self.assertEqual(self.api(path + joint + query, self.child).status, 400)
            for query in ("page_size=1", "page_size=100", "page_size=", "unknown=1"):
                self.assertEqual(
                    self.api(path + joint + query, self.child).status, 200, path + query
                )

    def test_pages_can_be_jumped_to(self):
        supervisor = self.stack.token(made.AGENCY, "supervisor")
        for path in ("/summary?", "/statistics/monthly?year=2026&"):
            first = self.api(path + "page_size=1", supervisor).json
            second = self.api(path + "page_size=1&page=2", supervisor).json
            followed = self.api(
                f"{path}page_size=1&page_token={first['next_page_token']}", supervisor
            ).json
            self.assertEqual(
                [a["agency"] for p in (first, second) for a in p["agencies"]],
                [made.AGENCY, made.CHILD],
            )
            self.assertEqual(
                (followed["agencies"], second["page"], second["next_page_token"]),
                (second["agencies"], 2, ""),
            )
            for page in ("3", "1000000001", "2147483647"):
                beyond = self.api(path + "page_size=1&page=" + page, supervisor)
                self.assertEqual(
                    (beyond.status, beyond.json["agencies"], beyond.json["next_page_token"]),
                    (200, [], ""),
                    page,
                )
            for query in (
                "page=0",
                "page=x",
                "page=2147483648",
                "page=99999999999999999999",
                f"page=1&page_token={first['next_page_token']}",
                f"q=x&page_token={first['next_page_token']}",
            ):
                self.assertEqual(self.api(path + query, supervisor).status, 400, query)
        token = self.api("/agencies?page_size=1", supervisor).json["next_page_token"]
        self.assertEqual(self.api("/summary?page_token=" + token, supervisor).status, 400)

    def test_filters(self):
        for query, status in (
            ("wait=1s", 200),
            ("wait=0s", 400),
            ("wait=31s", 400),
            ("wait=5", 400),
            ("wait=1m", 400),
        ):
            self.assertEqual(
                self.api(f"/submissions/{self.id}?{query}", self.child).status, status, query
            )
        for query in (
            "/submissions?from=x",
            "/submissions?from=2026-11-10&to=2026-11-01",
            "/submissions?from=2025-01-01&to=2026-11-20",
            "/findings?status=gone",
            "/unmatched?reason=x",
            "/statistics/monthly?year=x",
            f"/submissions/{self.id}/findings?severity=x",
            "/statistics/by-type?from=2026-13&to=2026-12",
        ):
            self.assertEqual(self.api(query, self.child).status, 400, query)
        codes = [
            f["code"]
            for f in self.api(f"/submissions/{self.id}/findings?severity=error", self.child).json[
                "findings"
            ]
        ]
        self.assertEqual(codes, ["L02"])
        for literally in ("%25", "_"):
            self.assertEqual(
                self.api("/agencies?q=" + literally, self.operator).json["agencies"], []
            )
        self.assertEqual(
            [
                a["agency"]
                for a in self.api("/agencies?q=" + made.AGENCY, self.other).json["agencies"]
            ],
            [made.AGENCY, made.CHILD],
        )
        self.assertEqual(self.api(f"/summary?q={made.OTHER}", self.clerk).json["total_agencies"], 0)

    def test_newest_first(self):
        times = [
            s["received_at"]
            for s in self.stack.pages("/api/v1/submissions", self.child, "submissions")
        ]
        self.assertEqual(times, sorted(times, reverse=True))

    def test_problems(self):
        for method, path, allowed in (
            ("PUT", "/api/v1/submissions", "GET, POST"),
            ("GET", "/api/v1/checks", "POST"),
            ("POST", "/api/v1/rules", "GET"),
            ("DELETE", f"/api/v1/submissions/{self.id}", "GET"),
            ("POST", "/healthz", "GET"),
        ):
            answer = self.stack.call(method, path, self.child)
            self.assertEqual(
                (answer.status, answer.headers["Allow"], answer.json["code"]),
                (405, allowed, "method_not_allowed"),
            )
        for path, token in (
            (f"/submissions/{uuid.uuid4()}", self.child),
            ("/submissions/nonsense", self.child),
            ("/nothing", None),
        ):
            answer = self.api(path, token)
            self.assertEqual(
                (answer.status, answer.json["type"], answer.headers["Content-Type"]),
                (404, "urn:chaiqin:problem:not_found", "application/problem+json"),
            )
        self.assertEqual(self.stack.call("GET", "/metrics").status, 404)

    def test_head_works_wherever_get_does(self):
        for path, token in (
            ("/healthz", None),
            ("/readyz", None),
            ("/api/v1/receipts/key", None),
            (f"/api/v1/submissions/{self.id}", self.child),
        ):
            answer = self.stack.call("HEAD", path, token)
            self.assertEqual((answer.status, answer.body), (200, b""), path)
            self.assertGreater(int(answer.headers["Content-Length"]), 0, path)

    def test_every_process_answers_head_on_its_operations_port(self):
        for part in self.stack.status()["parts"]:
            port = part["ports"].get("operations")
            if port is None:
                continue
            for path in ("/healthz", "/readyz", "/metrics"):
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
                connection.request("HEAD", path)
                answer = connection.getresponse()
                self.assertEqual((answer.status, answer.read()), (200, b""), part["name"] + path)
                connection.close()

    def test_an_answer_without_content_has_no_type(self):
        answer = self.stack.call("POST", "/api/v1/notices/read-all", self.clerk)
        self.assertEqual(answer.status, 204)
        self.assertIsNone(answer.headers.get("Content-Type"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
