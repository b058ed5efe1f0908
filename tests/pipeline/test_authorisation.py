"""Who may do what: every operation of schemas/openapi.yaml by every role on objects of the own
agency, a delegated, a subordinate and a foreign one, against tests/data/authorisation.csv.

The table is made from docs/http-api.md, not from answers. The caller belongs to made.AGENCY and
holds one role. `named_by` says how the request names the object: in its path, query or body, by
X-Acting-Agency, or not at all (listed: it is looked for in the answer). A cell is a status; + means
that the answer shows the object, - that it does not. A row of a delegated agency is asked with
X-Acting-Agency, whatever it names besides.
"""

import csv
import functools
import json
import time
import unittest
import uuid
from pathlib import Path

import yaml
from made_stack import MadeStack, made, owned

ROOT = Path(__file__).resolve().parents[2]
ROLES = ("agency_clerk", "supervisor", "personnel_office", "operator", "auditor")
CALLERS = ("no_token", "no_role", *ROLES)
AGENCIES = {
    "own": made.AGENCY,
    "delegated": made.HANDLER,
    "subordinate": made.CHILD,
    "foreign": made.OTHER,
}
*GOOD, LOST = (owned.PERSONS["authorisation"][n] for n in range(5))
PERSONS = dict(zip(AGENCIES, GOOD, strict=True))
NOBODY = owned.AGENCIES["nobody"][7]
API = "/api/v1"
HEADER = b"person_id,seq,org_code,post_kind,start_date,end_date\n"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
JSON, CSV = {"Content-Type": "application/json"}, {"Content-Type": "text/csv"}
EVENTS = {"url": "http://127.0.0.1:9999/", "events": ["submission.finished"]}
ANNOUNCEMENTS = {"public": ("public", None), "members": ("members", None)}
ANNOUNCEMENTS["unpublished"] = ("public", "2099-01-01T00:00:00+08:00")
# Lists that do not say whose an element is: whether there are any.
MEMBERS = {"by-type": "types", "groups": "groups", "changes": "changes"}


def table():
    with open(ROOT / "tests" / "data" / "authorisation.csv", encoding="utf-8") as rows:
        return list(csv.DictReader(rows))


@functools.cache
def paths():
    """Of the OpenAPI document."""
    text = (ROOT / "schemas" / "openapi.yaml").read_text(encoding="utf-8")
    return yaml.load(text, yaml.CSafeLoader)["paths"]


@functools.cache
def operations():
    """(method, path) of the OpenAPI document."""
    return {
        (method.upper(), path)
        for path, item in paths().items()
        for method in item
        if method.upper() in METHODS
    }


def is_open(row):
    return row["no_token"].startswith("2") or "/announcements" in row["path"]


class Objects:
    """What the requests are about: per agency a file, its notice, a webhook with a delivery, a load
    of Table 19; and announcements. What a request removes is made anew."""

    def __init__(self, stack):
        self.stack, self.operator = stack, stack.operator()
        self.clerks = {kind: stack.token(agency) for kind, agency in AGENCIES.items()}
        self.submissions = {kind: self._send(kind) for kind in AGENCIES}
        self.notices = {kind: self._notice(kind) for kind in AGENCIES}
        self.loads, self.hooks, self.announcements = {}, {}, {}

    def ask(self, method, path, token, body=None, headers=None):
        return self.stack.call(method, API + path, token, body, headers)

    def _send(self, kind):
        agency = AGENCIES[kind]
        records = [
            made.leave(PERSONS[kind], agency),
            made.leave(LOST, agency),
            made.leave(PERSONS[kind], agency, leave_type="22", more=1),
        ]
        answer = self.stack.submit(self.clerks[kind], made.document(records, agency=agency))
        sent = answer.json["files"][0]["receipt"]["submission_id"]
        ended = self.stack.wait_terminal(sent, self.clerks[kind])
        assert ended["dispositions"]["counted"] == 1, ended
        return sent

    def _notice(self, kind, deadline_s=60):
        end = time.monotonic() + deadline_s
        while time.monotonic() < end:
            for one in self.ask("GET", "/notices", self.clerks[kind]).json["notices"]:
                if one["submission_id"] == self.submissions[kind]:
                    return one["id"]
            time.sleep(0.1)
        raise AssertionError("no notice of " + kind)

    def webhook(self, kind):
        """One that fails, with a delivery."""
        if kind not in self.hooks:
            clerk = self.clerks[kind]
            for one in self.ask("GET", "/webhooks", clerk).json["webhooks"]:
                self.ask("DELETE", "/webhooks/" + one["id"], clerk)
            made_ = self.ask("POST", "/webhooks", clerk, json.dumps(EVENTS), JSON).json["id"]
            self.ask("POST", f"/webhooks/{made_}/test", clerk)
            self.hooks[kind] = made_
            self._wait_until_it_fails(made_, clerk)
        return self.hooks[kind]

    def _wait_until_it_fails(self, hook, clerk, deadline_s=60):
        end = time.monotonic() + deadline_s
        while self.ask("GET", "/webhooks/" + hook, clerk).json["state"] != "failing":
            assert time.monotonic() < end, hook
            time.sleep(0.1)

    def delivery(self, kind):
        hook = self.webhook(kind)
        answer = self.ask("GET", f"/webhooks/{hook}/deliveries", self.clerks[kind])
        return answer.json["deliveries"][-1]["n"]

    def announcement(self, kind):
        kind = kind.removesuffix(", acting")
        if kind not in self.announcements:
            audience, at = ANNOUNCEMENTS[kind]
            item = {"title": f"公告 {kind}", "body": "內容", "audience": audience}
            item["published_at"] = at
            answer = self.ask("POST", "/announcements", self.operator, json.dumps(item), JSON)
            self.announcements[kind] = {"id": answer.json["id"], "n": None}
        one = self.announcements[kind]
        if one["n"] is None:
            content_type, body = made.multipart([("file", "a.txt", "附件".encode())])
            path = f"/announcements/{one['id']}/attachments"
            headers = {"Content-Type": content_type}
            one["n"] = self.ask("POST", path, self.operator, body, headers).json["n"]
        return one

    def of(self, path, kind):
        """What the names in a path stand for."""
        if "/announcements/" in path:
            return self.announcement(kind)
        if "/submissions/" in path:
            return {"id": self.submissions[kind]}
        if "/notices/" in path:
            return {"id": self.notices[kind]}
        if "/table19/" in path:
            return {"id": self.loads[kind]}
        if "/webhooks/" in path:
            return {"id": self.webhook(kind), "n": self.delivery(kind) if "{n}" in path else None}
        return {"code": "L18"}

    def marks(self, path, kind):
        """Texts of which one stands in each answer that shows the object."""
        if "/announcements" in path:
            return [f'"{self.announcement(kind)["id"]}"']
        if path.endswith("/workbench"):
            return [AGENCIES[kind]]
        hook = [self.webhook(kind)] if "/webhooks" in path else []
        load = [self.loads[kind]] if "/table19" in path else []
        notice = f'"id":{self.notices[kind]},'
        return [AGENCIES[kind], self.submissions[kind], notice, *hook, *load]

    def removed(self, path, kind):
        if "/announcements" in path:
            kind = kind.removesuffix(", acting")
            if path.endswith("{n}"):
                self.announcements[kind]["n"] = None
            else:
                del self.announcements[kind]
        else:
            del self.hooks[kind]


class Authorisation(MadeStack):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        loads = {}
        for kind, agency in AGENCIES.items():
            rows = made.table19([(PERSONS[kind], 1, agency, 1, "1100101", "")])
            sent = cls.stack.post_table19(agency, rows.encode(), cls.operator, mode="changes")
            loads[kind] = cls.stack.wait_load(sent, cls.operator)["load_id"]
        cls.objects = Objects(cls.stack)
        cls.objects.loads = loads
        for kind in AGENCIES:
            cls.objects.webhook(kind)
        for kind in ANNOUNCEMENTS:
            cls.objects.announcement(kind)
        cls.tokens = {
            role: cls.stack.token(made.AGENCY, role, delegated=[made.HANDLER]) for role in ROLES
        }
        cls.tokens["no_role"] = cls.stack.token(made.AGENCY, "king", delegated=[made.HANDLER])
        cls.tokens["no_token"] = None

    @classmethod
    def tearDownClass(cls):
        for kind in [k for k in cls.objects.hooks]:
            cls.objects.ask(
                "DELETE", "/webhooks/" + cls.objects.hooks[kind], cls.objects.clerks[kind]
            )
        for one in cls.objects.announcements.values():
            cls.objects.ask("DELETE", f"/announcements/{one['id']}", cls.operator)
        super().tearDownClass()

    def body_of(self, row, agency):
        """(body, headers) of a request that would be taken from whoever may send it."""
        method, path = row["method"], row["path"]
        if method in ("GET", "DELETE"):
            return None, {}
        if path.endswith(("/submissions", "/checks")):
            return made.bytes_of(made.document(agency=agency)), JSON
        if path.endswith("/reminders"):
            return json.dumps({"month": "2026-10", "agencies": [agency]}), JSON
        if path.endswith("/attachments"):
            content_type, body = made.multipart([("file", "b.txt", b"b")])
            return body, {"Content-Type": content_type}
        if "/announcements" in path:
            return json.dumps({"title": "公告", "body": "改", "audience": "public"}), JSON
        if path.endswith(("/webhooks", "/webhooks/{id}")):
            return json.dumps(EVENTS), JSON
        if path.endswith("/table19/loads"):
            return HEADER, CSV
        if path.endswith("/registry/agencies"):
            return made.REGISTRY.encode(), CSV
        return (json.dumps({"receipt_jws": "a.b.c"}), JSON) if "verify" in path else (b"", {})

    def ask(self, row, caller, names=None, agency=None, acting=None, query=""):
        """The answer to a row's request; `names`, `agency` and `acting` stand in for its own."""
        kind = row["object"]
        agency = agency or AGENCIES.get(kind, made.AGENCY)
        body, headers = self.body_of(row, agency)
        if acting is None and (kind == "delegated" or kind.endswith(", acting")):
            acting = made.HANDLER
        if acting is None and row["named_by"] == "header" and kind != "own":
            acting = agency
        if acting:
            headers = {**headers, "X-Acting-Agency": acting}
        path = row["path"]
        if "{" in path:
            path = path.format(**(names or self.objects.of(path, kind)))
        query = "&".join(filter(None, [row["query"].format(agency=agency), query]))
        url = path + ("?" + query if query else "")
        return self.answered(row["method"], url, self.tokens[caller], body, headers)

    def answered(self, *request):
        """A busy machine may be too slow for an answer in time: that says nothing about rights."""
        for _ in range(10):
            answer = self.stack.call(*request)
            if answer.status != 503:
                break
            time.sleep(1)
        return answer

    def shows(self, row, answer):
        path, kind = row["path"], row["object"]
        if row["method"] == "POST" and path.endswith("/reminders"):
            return "not_yours" not in {one["reason"] for one in answer.json["skipped"]}
        member = MEMBERS.get(path.rpartition("/")[2])
        if member:
            return bool(answer.json[member])
        text = answer.body.decode()
        return any(mark in text for mark in self.objects.marks(path, kind))

    def said(self, row, caller, cell):
        """What the platform says, in the words of the table."""
        answer = self.ask(row, caller)
        if row["method"] == "DELETE" and answer.status == 204:
            self.objects.removed(row["path"], row["object"])
        if row["method"] == "POST" and answer.status == 201 and row["path"].endswith("/webhooks"):
            clerk = self.objects.clerks[row["object"]]
            self.objects.ask("DELETE", "/webhooks/" + answer.json["id"], clerk)
        sign = ""
        if answer.status == 200 and cell[-1] in "+-":
            sign = "+" if self.shows(row, answer) else "-"
        return f"{answer.status}{sign}"

    def differing(self, rows, said):
        """Says every cell that differs, not the first one."""
        wrong = []
        for row in rows:
            for caller in CALLERS:
                cell, heard = row[caller], said(row, caller, row[caller])
                if heard not in cell.split("|"):
                    request = f"{row['method']} {row['path']}?{row['query']}"
                    wrong.append(f"{request} of {row['object']} by {caller}: {heard}, not {cell}")
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))

    def test_the_table_has_every_operation(self):
        told = {(row["method"], row["path"]) for row in table()}
        self.assertEqual(operations() - told, set(), "no row in tests/data/authorisation.csv")
        self.assertEqual(told - operations(), set(), "a row of no operation")
        for row in table():
            if row["object"] in AGENCIES and row["object"] != "own":
                kinds = {r["object"] for r in table() if r["path"] == row["path"]}
                self.assertTrue({"delegated"} <= kinds, row["path"])

    def test_every_cell(self):
        self.differing(table(), self.said)

    def test_what_is_foreign_is_answered_like_what_does_not_exist(self):
        for row in table():
            numbered = "/notices/" in row["path"]
            names = {"id": 4_000_000_000 if numbered else str(uuid.uuid4()), "n": 4711}
            if row["object"] != "foreign" or row["named_by"] not in ("path", "query", "body"):
                continue
            for caller in CALLERS:
                hidden = row[caller].startswith("404") or row[caller].endswith("-")
                if not hidden or row["path"].endswith("/agencies"):
                    continue
                with self.subTest(row["method"] + " " + row["path"], caller=caller):
                    foreign = self.ask(row, caller)
                    nothing = self.ask(row, caller, names=names, agency=NOBODY)
                    self.assertEqual(nothing.status, foreign.status)
                    self.assertEqual(self.without_time(nothing), self.without_time(foreign))

    @staticmethod
    def without_time(answer):
        """The answer, but for when it was made and for the agency that the question named."""
        told = answer.body.decode().replace(NOBODY, made.OTHER)
        return {k: v for k, v in json.loads(told).items() if k != "updated_at"}

    def test_a_delegated_agency_is_foreign_while_nobody_acts_for_it(self):
        rows = [r for r in table() if r["object"] == "foreign" and r["named_by"] != "header"]
        rows = [r for r in rows if not r["path"].endswith("/workbench")]  # names all at once

        def said(row, caller, cell):
            return self.said({**row, "object": "delegated"}, caller, cell)

        ask = self.ask
        self.ask = lambda row, caller, **more: ask(row, caller, acting="", **more)
        try:
            self.differing(rows, said)
        finally:
            del self.ask

    def test_the_own_agency_is_foreign_while_somebody_acts_for_another(self):
        wrong, delegated = [], {}
        for row in table():
            if row["object"] == "delegated":
                delegated[row["method"], row["path"], row["query"]] = row
        for row in table():
            key = (row["method"], row["path"], row["query"])
            if row["object"] != "foreign" or row["named_by"] not in ("path", "query", "body"):
                continue
            if row["path"].endswith("/agencies") and row["method"] == "GET":
                continue  # reporting-rates/agencies is nobody's right there
            own = {**row, "object": "own"}
            for caller in CALLERS:
                cell = row[caller] if caller == "agency_clerk" else delegated[key][caller]
                answer = self.ask(own, caller, acting=made.HANDLER)
                sign = "+" if answer.status == 200 and self.shows(own, answer) else ""
                wanted = {part.rstrip("-") for part in cell.split("|")}
                if f"{answer.status}{sign}" not in wanted:
                    wrong.append(f"{key} by {caller}: {answer.status}{sign}, not {cell}")
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))

    def test_nobody_acts_for_an_agency_that_is_not_delegated(self):
        wrong = []
        for row in table():
            if row["object"] not in ("own", "none") or is_open(row) or "session" in row["path"]:
                continue
            for caller in CALLERS:
                for agency in (made.CHILD, made.OTHER, NOBODY, "x"):
                    answer = self.ask(row, caller, acting=agency)
                    if answer.status != (401 if caller == "no_token" else 403):
                        wrong.append(f"{row['method']} {row['path']} {caller}: {answer.status}")
        self.assertEqual(wrong, [])

    def test_a_list_as_a_file_has_the_rights_of_the_list(self):
        as_file = {
            path
            for path, item in paths().items()
            if "parameters/Format'" in str(item.get("get", {}).get("parameters"))
        }
        self.assertGreater(len(as_file), 20)
        for row in table():
            if row["method"] != "GET" or row["path"] not in as_file:
                continue
            if row["object"] not in ("foreign", "subordinate"):
                continue
            for caller in CALLERS:
                with self.subTest(row["path"], object=row["object"], caller=caller):
                    answer = self.ask(row, caller, query="format=csv")
                    self.assertEqual(str(answer.status), row[caller].rstrip("+-"))

    def test_other_methods_than_those_described(self):
        """405 whoever asks; nobody without a token need be told so much."""
        for path in sorted({path for _, path in operations()}):
            names = {"id": str(uuid.uuid4()), "n": 1, "code": "L18"}
            for method in (*METHODS, "OPTIONS", "TRACE"):
                if (method, path) in operations():
                    continue
                for caller in CALLERS:
                    answer = self.stack.call(method, path.format(**names), self.tokens[caller])
                    with self.subTest(f"{method} {path}", caller=caller):
                        allowed = (405, 401) if caller == "no_token" else (405,)
                        self.assertIn(answer.status, allowed)

    def test_head_has_the_rights_of_get(self):
        for row in table():
            if row["method"] != "GET" or row["object"] not in ("own", "foreign", "none", "members"):
                continue
            for caller in CALLERS:
                answer = self.ask({**row, "method": "HEAD"}, caller)
                with self.subTest(row["path"], object=row["object"], caller=caller):
                    self.assertIn(str(answer.status), row[caller].replace("+", "").replace("-", ""))
                    self.assertEqual(answer.body, b"")


if __name__ == "__main__":
    unittest.main(verbosity=2)
