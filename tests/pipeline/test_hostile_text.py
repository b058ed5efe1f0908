"""Texts that programs stumble over, in every field that takes a text and in every place that shows
it: answers, exports, mails, logs, metrics. What is taken is shown as it was sent, but for what the
documents say."""

import contextlib
import csv
import email
import email.policy
import io
import json
import re
import time
import unittest
import urllib.request
import xml.etree.ElementTree as ElementTree
import zipfile
from urllib.parse import quote

import test_exports as sheets
from made_stack import MadeStack, made, owned

from chaiqin_testing.hostile_texts import TEXTS

GOOD, CANARY = owned.PERSONS["hostile text"][0], owned.PERSONS["hostile text"][1]
AGENCY = owned.AGENCIES["hostile text"][1_001]
AGENCIES = {name: owned.AGENCIES["hostile text"][n] for n, name in enumerate(TEXTS)}
JSON = {"Content-Type": "application/json"}
CELL = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SHOWN = 200  # code points of a value of a record
SERVICES = (
    *("gateway", "validator", "agency_matcher", "statistics_aggregator"),
    *("notification", "query"),
)
METRIC = re.compile(
    r'[a-z_:][a-z0-9_:]*(\{([a-z_]+="([^"\\\n]|\\.)*",?)*\})? (-?[0-9.e+-]+|NaN|[+-]Inf)'
)


def shown(text):
    """Of a record: docs/checks.md, "Values of records"."""
    text = text.replace("\x00", "\ufffd")
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def in_xlsx(text):
    """XML has no U+FFFE and U+FFFF, and libxlsxwriter no NUL."""
    return re.sub("[\x00\ufffe\uffff]", "\ufffd", text)


def in_ods(text):
    return re.sub("[\x00-\x08\x0b-\x1f\ufffe\uffff]", "\ufffd", text)


def xlsx_texts(content):
    """Every text of the first sheet, read as ECMA-376 says (22.9.2.19: _xHHHH_ is a character)."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        root = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    return [
        re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), node.text or "")
        for node in root.iter(CELL + "t")
    ]


class HostileText(MadeStack):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.add_agency(AGENCY)
        leaves = [
            made.leave(GOOD, AGENCY, person_name=text, reason=text, location=text)
            for text in TEXTS.values()
        ]
        leaves.append(made.leave(GOOD, AGENCY, reason=f"本人{CANARY}之事", location=CANARY))
        overtimes = [
            made.overtime(GOOD, AGENCY, reason=text, location=text, approval_no=text)
            for text in TEXTS.values()
        ]
        sent = cls.stack.submit(cls.clerk, made.document(leaves, overtimes, AGENCY))
        assert sent.status == 202, sent.body
        cls.id = sent.json["files"][0]["receipt"]["submission_id"]
        cls.stack.wait_terminal(cls.id, cls.clerk)
        cls.records_path = f"/api/v1/submissions/{cls.id}/records?with=all"

    def api(self, method, path, body=None, token=None, headers=JSON):
        content = None if body is None else json.dumps(body)
        return self.stack.call(method, "/api/v1" + path, token or self.clerk, content, headers)

    def test_records_are_shown_as_they_were_sent(self):
        records = self.stack.pages(self.records_path, self.clerk, "records")
        kinds = ("leave", "overtime")
        by_kind = {kind: [r for r in records if r["kind"] == kind] for kind in kinds}
        self.assertEqual(len(by_kind["leave"]), len(TEXTS) + 1)
        for kind, members in (("leave", ()), ("overtime", ("approval_no",))):
            for record, (name, text) in zip(by_kind[kind], TEXTS.items(), strict=False):
                for member in ("reason", "location", *members):
                    with self.subTest(name, kind=kind, member=member):
                        self.assertEqual(record["values"][member], shown(text))
        self.assertNotIn(CANARY, json.dumps(records))

    def test_findings_are_valid_and_name_no_text_of_a_person(self):
        findings = self.findings(self.id)
        self.assertGreater(len(findings), 0)
        told = json.dumps(findings, ensure_ascii=False)
        self.assertNotIn(CANARY, told)
        for name in ("script", "sql", "template", "log4j"):
            self.assertNotIn(TEXTS[name], told)

    def wanted_texts(self, path, member, caption):
        """The rows of a list as test_exports words them, and the three files."""
        rows = self.stack.pages(path, self.clerk, member)
        columns = sheets.LISTS[caption][2]
        forms = ("xlsx", "ods", "csv")
        files = {form: self.stack.get(f"{path}&format={form}", self.clerk) for form in forms}
        for form, answer in files.items():
            self.assertEqual(answer.status, 200, (form, answer.body[:300]))
        return [[cell(row) for _, cell in columns] for row in rows], files

    def test_exports_hold_the_texts(self):
        rows, files = self.wanted_texts(self.records_path, "records", "records")
        text = files["csv"].body.decode("utf-8")
        lines = list(csv.reader(io.StringIO(text[1:], newline=""), strict=True))[1:]
        self.assertEqual(lines, [[sheets.as_csv(cell) for cell in row] for row in rows])
        ods = sheets.ods_sheets(files["ods"].body)["依紀錄"][1:]
        for got, row in zip(ods, rows, strict=True):
            wanted = [in_ods(c) if isinstance(c, str) else c for c in row]
            self.assertEqual(got, sheets.without_tail(None if c == "" else c for c in wanted))
        texts = [in_xlsx(c) for row in rows for c in row if isinstance(c, str) and c != ""]
        got = xlsx_texts(files["xlsx"].body)
        headings = len(sheets.LISTS["records"][2])
        self.assertEqual(got[headings:], texts)

    def test_the_envelope_is_judged_whatever_stands_in_it(self):
        for member in ("batch_no", "source_system", "source_version", "generated_at", "data_month"):
            documents = [
                made.document([made.leave(GOOD, AGENCY)], agency=AGENCY, **{member: text})
                for text in TEXTS.values()
            ]
            parts = [("file", f"{n}.json", made.bytes_of(d)) for n, d in enumerate(documents)]
            for first in range(0, len(parts), 10):
                content_type, body = made.multipart(parts[first : first + 10])
                headers = {"Content-Type": content_type}
                answer = self.stack.call("POST", "/api/v1/checks", self.clerk, body, headers)
                self.assertEqual(answer.status, 200, (member, answer.body[:300]))
                self.assertEqual(len(answer.json["files"]), len(parts[first : first + 10]))

    def test_names_of_files(self):
        for name, text in TEXTS.items():
            wanted = text + ".json"
            headers = {**JSON, "X-File-Name": quote(wanted, safe="")}
            answer = self.stack.call("POST", "/api/v1/checks", self.clerk, b"{}", headers)
            with self.subTest(name):
                if any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 for c in text):
                    self.assertEqual(answer.status, 400)
                elif len(quote(wanted)) < 16_000:
                    self.assertEqual(answer.status, 200)
                    told = answer.json["files"][0]["file_name"]
                    self.assertEqual(told, re.split(r"[/\\]", wanted)[-1][-255:])

    def test_names_of_files_in_a_form(self):
        for name, text in TEXTS.items():
            star = "filename*=UTF-8''" + quote(text + ".json", safe="")
            body = (
                f'--b\r\nContent-Disposition: form-data; name="file"; {star}\r\n\r\n'
                "{}\r\n--b--\r\n"
            ).encode()
            headers = {"Content-Type": "multipart/form-data; boundary=b"}
            answer = self.stack.call("POST", "/api/v1/checks", self.clerk, body, headers)
            with self.subTest(name):
                self.assertIn(answer.status, (200, 400))
                if answer.status == 200:
                    told = answer.json["files"][0]["file_name"]
                    self.assertNotRegex(told, "[\x00-\x1f\x7f-\x9f/]")
                    self.assertLessEqual(len(told), 255)

    def test_questions_with_any_text(self):
        for name, text in TEXTS.items():
            value = quote(text[:1000], safe="")
            for path in (
                *("/agencies?q=", "/summary?q=", "/statistics/monthly?year=2026&q="),
                *("/findings?code=", "/findings?agency=", "/findings?status="),
                "/unmatched?reason=",
                *("/submissions?page_token=", "/findings/changes?after=", "/submissions/"),
            ):
                with self.subTest(name, path=path):
                    answer = self.api("GET", path + value, headers={})
                    self.assertIn(answer.status, (200, 400, 404), answer.body[:300])
                    self.assertIsInstance(answer.json, dict)

    def test_announcements(self):
        for name, text in TEXTS.items():
            item = {"title": text[:200], "body": text, "audience": "public"}
            answer = self.api("POST", "/announcements", item, self.operator)
            with self.subTest(name):
                self.assertIn(answer.status, (201, 400), answer.body[:300])
                if answer.status == 201:
                    path = f"/announcements/{answer.json['id']}"
                    told = self.api("GET", path, headers={}).json
                    self.api("DELETE", path, token=self.operator, headers={})
                    self.assertEqual((told["title"], told["body"]), (item["title"], item["body"]))

    def test_addresses_of_webhooks(self):
        for name, text in TEXTS.items():
            for url in (text, "https://hooks.example/" + text, f"https://{text}/"):
                answer = self.api("POST", "/webhooks", {"url": url, "events": ["webhook.test"]})
                with self.subTest(name, url=url[:40]):
                    self.assertEqual(answer.status, 400, answer.body[:300])
            good = {"url": "https://hooks.example/" + text, "events": ["submission.finished"]}
            answer = self.api("POST", "/webhooks", good)
            with self.subTest(name, url="with an event that there is"):
                self.assertIn(answer.status, (201, 400), answer.body[:300])
                if answer.status == 201:
                    path = "/webhooks/" + answer.json["id"]
                    self.assertEqual(self.api("GET", path, headers={}).json["url"], good["url"])
                    self.api("DELETE", path, headers={})

    def load_agencies(self):
        """Of each text an agency; the names of those that were taken. A NUL and a line end inside
        quotes refuse the file."""
        refusing = ("\x00", "\r", "\n")
        names = {
            name: text for name, text in TEXTS.items() if not any(c in text for c in refusing)
        }
        answer = self.add_agencies({AGENCIES[name]: text for name, text in names.items()})
        plain = {AGENCIES[name]: "測試文字機關" for name in names}
        self.addCleanup(self.add_agencies, plain)  # for lists of other tests
        taken = {}
        for name, text in names.items():
            found = self.api("GET", "/agencies?q=" + AGENCIES[name], headers={}).json["agencies"]
            if found:
                # A name loses the blanks at its ends.
                self.assertEqual(found[0]["name"], text.strip(" \t\u3000"), name)
                taken[name] = AGENCIES[name]
        self.assertEqual(len(names) - len(taken), answer["rejected_count"])
        return taken

    def test_names_of_agencies_reach_the_mails_unharmed(self):
        taken = self.load_agencies()
        self.assertGreater(len(taken), 40)
        for name, agency in taken.items():
            token = self.stack.token(agency)
            printable = re.sub("[\x00-\x1f\x7f-\x9f]", "", TEXTS[name])
            file_name = quote(printable[:100] + "a.json", safe="")
            document = made.document([made.leave(CANARY, agency)], agency=agency)
            answer = self.stack.submit(token, document, file_name)
            self.assertEqual(answer.status, 202, (name, answer.body[:300]))
        for name, agency in taken.items():
            with self.subTest(name):
                self.is_a_mail(self.mail_to(f"clerk@{agency}.example"), agency)

    def mail_to(self, address, deadline_s=60):
        end = time.monotonic() + deadline_s
        while time.monotonic() < end:
            for path in (self.stack.directory / "mails").glob("*.eml"):
                with contextlib.suppress(FileNotFoundError):
                    content = path.read_bytes()
                    if address.encode() in content:
                        return content
            time.sleep(0.2)
        self.fail("no mail to " + address)

    def is_a_mail(self, content, agency):
        mail = email.message_from_bytes(content, policy=email.policy.default)
        self.assertEqual(mail.defects, [])
        for part in mail.walk():
            self.assertEqual(part.defects, [])
        self.assertEqual(mail.get_all("To"), [f"clerk@{agency}.example"])
        self.assertIsNone(mail["Bcc"])
        self.assertEqual(len(mail.get_all("Subject")), 1)
        body = mail.get_body(("plain",)).get_content()
        self.assertNotIn(CANARY, body)
        self.assertLessEqual(max(map(len, content.split(b"\r\n"))), 998)

    def test_logs_are_one_object_a_line_without_ids(self):
        for service in SERVICES:
            log = (self.stack.directory / "logs" / f"{service}.log").read_bytes()
            for line in log.splitlines():
                with self.subTest(service, line=line[:200]):
                    self.assertIsInstance(json.loads(line), dict)
            for person in (GOOD, CANARY):
                self.assertNotIn(person.encode(), log)

    def test_metrics_can_be_read(self):
        for part in self.stack.status()["parts"]:
            if part["name"] not in SERVICES:
                continue
            url = f"http://127.0.0.1:{part['ports']['operations']}/metrics"
            with urllib.request.urlopen(url, timeout=20) as answer:
                text = answer.read().decode("utf-8")
            for line in text.splitlines():
                with self.subTest(part["name"], line=line[:200]):
                    self.assertTrue(line.startswith("#") or METRIC.fullmatch(line))
            self.assertNotIn(CANARY, text)


if __name__ == "__main__":
    unittest.main(verbosity=2)
