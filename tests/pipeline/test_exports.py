"""Every list as a file: each format is opened by a program of others and compared with the JSON of
the same list, cell by cell."""

import csv
import io
import json
import re
import unittest
import xml.etree.ElementTree as ElementTree
import zipfile
from time import monotonic
from urllib.parse import quote, unquote

import openpyxl
from made_stack import MadeStack, made, owned

GOOD, LOST = owned.PERSONS["exports"][0], owned.PERSONS["exports"][1]
STANDS_STILL_S = 30
NAMES = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
TEXT, TABLE, OFFICE = (NAMES % name for name in ("text", "table", "office"))
WORDS = {
    "state": "RECEIVED 已收件 VALIDATED 已檢核 MATCHED 已比對 COUNTED 已計入 COUNTED_PARTIAL 部分計入"
    " REJECTED_FILE 整檔未收 QUARANTINED 平臺處理中",
    "route": "WEBITR WebITR WEBHR WebHR SELF 自行開發 MANUAL 手動報送",
    "reason": "NO_PERSON 查無此人 BEFORE_FIRST 早於到職日 GAP 經歷中斷 AFTER_LAST 晚於離職日",
    "mend": "attendance_clerk 機關承辦人 personnel_office 人事單位",
    "filing": "not_due 未到期 reported 已報送 zero 已報無資料 missing 逾期 exempt 免報"
    " not_obliged 無須報送",
    "kind": "leave 差假 overtime 加班 file 檔案 envelope 表頭",
    "severity": "error 錯誤 warning 警告",
    "open": "OPEN 未更正 FIXED 已更正",
    "scope": "file 檔案 envelope 表頭 record 資料 table19 表19",
    "notice": "submission_counted 報送結果 submission_partial 部分計入 submission_rejected 整檔未收"
    " deadline_before 期限提醒 deadline_after 逾期提醒 reminder 催報 findings_changed 錯誤異動",
    "mode": "snapshot 全部 changes 異動",
    "delivery": "delivered 已送達 waiting 等待重試 given_up 已放棄",
    "load": "RECEIVED 處理中 LOADED 已載入 REFUSED 未載入 FAILED 失敗",
}
WORDS = {of: dict(zip(*[iter(words.split())] * 2, strict=True)) for of, words in WORDS.items()}


def member(name):
    return lambda row: row[name]


def word(of, name):
    return lambda row: row[name] and WORDS[of][row[name]]


def time(name):
    return lambda row: row[name] and row[name][:19].replace("T", " ")


def months(row, kind):
    return {month["month"]: month[kind] for month in row["months"]}


def month(number, kind):
    return lambda row: months(row, kind).get(number, 0)


def correct(row):
    known = row["total"] is not None and row["dispositions"] is not None
    return row["total"] - row["dispositions"]["invalid"] if known else None


AGENCY = [("機關代碼", member("agency")), ("機關名稱", member("name"))]
SENT = [("管道", word("route", "route")), ("狀態", word("state", "state"))]
FINDING = [
    ("報送編號", member("submission_id")),
    ("檔名", member("file_name")),
    ("類別", word("kind", "kind")),
    ("筆次", lambda row: None if row["index"] is None else row["index"] + 1),
    ("表單編號", member("record_no")),
    ("明細序號", member("record_seq")),
    ("代碼", member("code")),
    ("等級", word("severity", "severity")),
    ("欄位", member("field_name")),
    ("值", member("value")),
    ("應為", member("expected")),
    ("錯誤訊息", member("message")),
]
# Chinese name and key of each kind, in the order of the columns
LEAVE = (
    "異動別 action 表單編號 record_no 明細序號 record_seq 版次 revision 身分證統一編號 person_id"
    " 姓名 person_name 服務機關代碼 org_code 假別代碼 leave_type 假別細類 sub_type"
    " 請假起日 start_date 請假起時 start_time 請假迄日 end_date 請假迄時 end_time"
    " 請假分鐘數 leave_minutes 事由 reason 地點 location 出國別 abroad_type 事實發生日 event_date"
)
OVERTIME = (
    "加班別 overtime_type 日別 day_type 加班日期 overtime_date 加班起日 start_date"
    " 加班起時 start_time 加班迄日 end_date 加班迄時 end_time 加班事由 reason 加班地點 location"
    " 核准文號 approval_no 加班分鐘數 overtime_minutes 加班已請領分鐘數 paid_minutes"
    " 加班已補休分鐘數 comp_minutes 加班已獎勵分鐘數 award_minutes 加班不計分鐘數 void_minutes"
)


def of_kind(kinds, key):
    def cell(row):
        value = row["values"].get(key) if row["kind"] in kinds else None
        return value if value is None else str(value)

    return cell


def named(kind, names):
    pairs = zip(*[iter(names.split())] * 2, strict=True)
    common = "action record_no record_seq revision person_id person_name org_code".split()
    return [
        (heading, of_kind(("leave", "overtime") if key in common else (kind,), key))
        for heading, key in pairs
    ]


def messages(row):
    return "；".join(f"{finding['code']} {finding['message']}" for finding in row["findings"])


RECORD = [
    ("類別", word("kind", "kind")),
    ("筆次", lambda row: row["index"] + 1),
    *named("leave", LEAVE),
    *named("overtime", OVERTIME),
    ("錯誤訊息", messages),
]
# name → caption, member of the answer that holds the rows, columns
LISTS = {
    "records": ("依紀錄", "records", RECORD),
    "finding-records": ("錯誤紀錄", "records", RECORD),
    "monthly": (
        "機關每月筆數統計表",
        "agencies",
        [*AGENCY, ("裁撤日", member("abolished_on"))]
        + [
            (f"{number}月{zh}", month(number, kind))
            for number in range(1, 13)
            for zh, kind in (("差假", "leave"), ("加班", "overtime"))
        ]
        + [
            ("合計差假", lambda row: sum(months(row, "leave").values())),
            ("合計加班", lambda row: sum(months(row, "overtime").values())),
        ],
    ),
    "summary": (
        "彙整總表",
        "agencies",
        [*AGENCY, ("裁撤日", member("abolished_on")), ("最近報送時間", time("last_submitted_at"))]
        + [*SENT, ("總筆數", member("total")), ("正確", member("correct"))]
        + [("錯誤", member("errors")), ("警告", member("warnings"))],
    ),
    "submissions": (
        "歷程",
        "submissions",
        [("報送時間", time("received_at")), ("檔名", member("file_name")), *SENT]
        + [("總筆數", member("total")), ("正確", correct), ("錯誤", member("error_count"))]
        + [("警告", member("warning_count")), ("報送編號", member("submission_id"))],
    ),
    "findings": ("錯誤明細", "findings", FINDING),
    "history": (
        "錯誤明細",
        "findings",
        [*FINDING, ("狀態", word("open", "status")), ("更正於", member("fixed_by"))],
    ),
    "groups": (
        "依規則",
        "groups",
        [("代碼", member("code")), ("等級", word("severity", "severity"))]
        + [("欄位", member("field")), ("錯誤訊息", member("message")), ("筆數", member("count"))],
    ),
    "unmatched": (
        "未比對清單",
        "unmatched",
        [("機關代碼", member("agency")), ("機關名稱", lambda row: "測試主管機關")]
        + [("類別", word("kind", "kind")), ("表單編號", member("record_no"))]
        + [("明細序號", member("record_seq")), ("身分證統一編號", member("person_id"))]
        + [("日期", member("date")), ("原因", word("reason", "reason"))]
        + [("由誰處理", word("mend", "mend")), ("日數", member("age_days"))],
    ),
    "by-type": (
        "假別與加班類別筆數",
        "types",
        [("類別", word("kind", "kind")), ("代碼", member("type")), ("名稱", member("name"))]
        + [("筆數", member("records")), ("分鐘數", member("minutes"))],
    ),
    "rates": (
        "機關報送狀態",
        "agencies",
        [*AGENCY, ("狀態", word("filing", "status"))]
        + [("準時", lambda row: "是" if row["on_time"] else "否")],
    ),
    "agencies": (
        "機關",
        "agencies",
        [*AGENCY, ("主管機關代碼", member("supervising_agency"))]
        + [("設立日", member("established_on")), ("裁撤日", member("abolished_on"))]
        + [("承接機關代碼", member("successor"))],
    ),
    "notices": (
        "通知",
        "notices",
        [("時間", time("created_at")), ("種類", word("notice", "kind")), ("內容", member("text"))]
        + [("已讀時間", time("read_at"))],
    ),
    "loads": (
        "歷次載入",
        "loads",
        [("編號", lambda row: row["number"] and str(row["number"])), ("方式", word("mode", "mode"))]
        + [("主管機關", member("authority")), ("狀態", word("load", "state"))]
        + [("筆數", member("rows")), ("人數", member("persons"))]
        + [("異動人數", member("persons_changed")), ("退件數", member("rejected_count"))]
        + [("完成時間", time("committed_at"))],
    ),
    "deliveries": (
        "傳送紀錄",
        "deliveries",
        [("序號", lambda row: str(row["n"])), ("事件", lambda row: "測試")]
        + [("狀態", word("delivery", "state"))]
        + [("時間", lambda row: row["attempts"] and time("at")(row["attempts"][-1]) or None)],
    ),
    "rules": (
        "檢核規則",
        "rules",
        [("代碼", member("code")), ("範圍", word("scope", "scope"))]
        + [("等級", word("severity", "severity")), ("欄位", member("field"))]
        + [("訊息", member("message_zh")), ("生效日", member("valid_from"))]
        + [("失效日", member("valid_to"))],
    ),
}


def without_tail(cells):
    cells = list(cells)
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def xlsx_sheets(content):
    """{name: rows} in the order of the file; numbers stay numbers."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.worksheets[0].freeze_panes == "A2"
    assert all(cell.font.b for cell in book.worksheets[0][1])
    return {
        sheet.title: [without_tail(row) for row in sheet.iter_rows(values_only=True)]
        for sheet in book
    }


def ods_text(node):
    text = node.text or ""
    for child in node:
        text += {TEXT + "s": " ", TEXT + "tab": "\t"}.get(child.tag, "") + (child.tail or "")
    return text


def ods_cell(cell):
    kind = cell.get(OFFICE + "value-type")
    if kind == "float":
        return int(cell.get(OFFICE + "value"))
    if kind is None:
        return None
    return "\n".join(ods_text(line) for line in cell.iter(TEXT + "p"))


def ods_sheets(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert archive.testzip() is None
        root = ElementTree.fromstring(archive.read("content.xml"))
        assert b"VerticalSplitPosition" in archive.read("settings.xml")
    return {
        table.get(TABLE + "name"): [
            without_tail(ods_cell(cell) for cell in row.iter(TABLE + "table-cell"))
            for row in table.iter(TABLE + "table-row")
        ]
        for table in root.iter(TABLE + "table")
    }


def as_csv(cell):
    text = "" if cell is None else str(cell)
    return "'" + text if isinstance(cell, str) and re.match(r"[=+\-@\t\r]", text) else text


class Exports(MadeStack):
    rows = [(GOOD, 1, made.AGENCY, 1, "1100101", "")]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supervisor = cls.stack.token(made.AGENCY, "supervisor")
        cls.auditor = cls.stack.token(made.OTHER, "auditor")
        records = [
            made.leave(GOOD),
            made.leave(LOST),
            made.leave(GOOD, leave_type="98"),
            made.leave(GOOD, end_date="1151001", end_time="08 30"),
        ]
        sent = cls.stack.submit(
            cls.clerk,
            made.document(records, [made.overtime(GOOD)]),
            name=quote('=1+1,"甲" 乙.json'),
        )
        cls.id = sent.json["files"][0]["receipt"]["submission_id"]
        cls.stack.wait_terminal(cls.id, cls.clerk)
        for _ in range(25):
            last = cls.stack.submit(cls.clerk, made.document([made.leave(GOOD)], leave_count=3))
        cls.stack.wait_terminal(last.json["files"][0]["receipt"]["submission_id"], cls.clerk)
        cls.stack.pages("/api/v1/submissions", cls.clerk, "submissions")

    def export(self, path, token, form):
        separator = "&" if "?" in path else "?"
        return self.stack.get(f"/api/v1{path}{separator}format={form}", token)

    def rows_and_files(self, path, token, rows_member):
        """The list and its three files, of a moment in which it stood still: notices of files that
        were sent just now may still come."""
        end = monotonic() + STANDS_STILL_S
        while True:
            before, files = self.json_rows(path, token, rows_member), {}
            for form in ("xlsx", "ods", "csv"):
                answer = self.export(path, token, form)
                self.assertEqual(answer.status, 200, (path, form, answer.body[:300]))
                self.assertEqual(int(answer.headers["Content-Length"]), len(answer.body))
                files[form] = answer
            rows = self.json_rows(path, token, rows_member)
            if rows == before:
                return rows, files
            self.assertLess(monotonic(), end, f"{path} does not come to rest")

    def compare(self, name, path, token):
        caption, rows_member, columns = LISTS[name]
        rows, files = self.rows_and_files(path, token, rows_member)
        wanted = [[heading for heading, _ in columns]]
        wanted += [[cell(row) for _, cell in columns] for row in rows]
        for form, opened in (("xlsx", xlsx_sheets), ("ods", ods_sheets)):
            sheets = opened(files[form].body)
            self.assertEqual(list(sheets), [caption, "說明"])
            self.assertEqual(len(sheets[caption]), len(wanted))
            for shown, line in zip(sheets[caption], wanted, strict=True):
                self.assertEqual(shown, without_tail(c if c != "" else None for c in line), form)
            about = dict(line for line in sheets["說明"] if len(line) == 2)
            self.assertEqual(about["列數"], len(rows))
        text = files["csv"].body.decode("utf-8")
        self.assertTrue(text.startswith("\ufeff"))
        self.assertEqual(text.count("\r\n"), text.count("\n"))
        shown = list(csv.reader(io.StringIO(text[1:], newline=""), strict=True))
        self.assertEqual(shown, [[as_csv(cell) for cell in line] for line in wanted])
        disposition = files["ods"].headers["Content-Disposition"]
        self.assertRegex(disposition, r'^attachment; filename="[a-z0-9-]+-\d{8}\.ods"; filename\*=')
        self.assertIn(caption, unquote(disposition))
        return rows, about

    def json_rows(self, path, token, rows_member):
        first = self.stack.get("/api/v1" + path, token).json
        if "next_page_token" in first:
            return self.stack.pages("/api/v1" + path, token, rows_member)
        return first[rows_member]

    def test_statistics_and_summary(self):
        rows, about = self.compare("monthly", "/statistics/monthly?year=2026", self.supervisor)
        total = self.stack.get("/api/v1/statistics/monthly?year=2026", self.supervisor).json["sum"]
        october = next(m for m in total["months"] if m["month"] == 10)
        self.assertEqual(about["合計 10月差假"], october["leave"])
        self.assertEqual(about["條件：年度（西元）"], "2026")
        self.assertEqual(about["匯出機關"], f"測試主管機關（{made.AGENCY}）")
        self.assertGreater(sum(map(LISTS["monthly"][2][-2][1], rows)), 0)
        self.compare("summary", "/summary", self.supervisor)
        self.compare(
            "by-type", "/statistics/by-type?from=2026-01&to=2026-12", self.supervisor
        )
        self.compare("rates", "/reporting-rates/agencies?month=2026-10", self.supervisor)

    def test_submissions_and_findings(self):
        rows, _ = self.compare("submissions", "/submissions", self.clerk)
        self.assertGreater(len(rows), 20, "more than a page")
        self.compare("findings", f"/submissions/{self.id}/findings", self.clerk)
        self.compare("findings", f"/submissions/{self.id}/findings?severity=error", self.auditor)
        self.compare("groups", f"/submissions/{self.id}/groups", self.clerk)
        rows, _ = self.compare("records", f"/submissions/{self.id}/records", self.clerk)
        self.assertNotIn(GOOD, str(rows))
        rows, _ = self.compare("records", f"/submissions/{self.id}/records?with=all", self.clerk)
        self.assertEqual(len(rows), 5)
        self.compare("finding-records", "/findings/records", self.clerk)
        for path in (f"/submissions/{self.id}/records", "/findings/records"):
            self.assertEqual(self.export(path, self.supervisor, "csv").status, 403)
        rows, about = self.compare("history", "/findings?status=open", self.clerk)
        self.assertGreater(len(rows), 0)
        self.assertEqual(about["條件：狀態"], "未更正")
        self.assertRegex(about["檢核規則版本"], r"\w")
        rows, about = self.compare("unmatched", f"/unmatched?agency={made.AGENCY}", self.clerk)
        self.assertEqual(about["總筆數"], len(rows))
        self.compare("unmatched", f"/unmatched?agency={made.AGENCY}&reason=GAP", self.clerk)

    def test_agencies_notices_loads_and_rules(self):
        self.compare("agencies", "/agencies", self.clerk)
        self.compare("notices", "/notices", self.clerk)
        self.compare("loads", f"/table19/loads?authority={made.AGENCY}", self.operator)
        self.compare("rules", "/rules", None)

    def test_deliveries_of_a_webhook(self):
        """Of a disabled one, so that they stand still."""
        hook = {"url": "https://192.0.9.1/", "events": ["deadline.near"]}
        made_hook = self.webhooks("POST", "", hook).json["id"]
        self.addCleanup(self.webhooks, "DELETE", f"/{made_hook}")
        self.webhooks("PATCH", f"/{made_hook}", {"state": "disabled"})
        for _ in range(2):
            self.webhooks("POST", f"/{made_hook}/test")
        rows, _ = self.compare("deliveries", f"/webhooks/{made_hook}/deliveries", self.clerk)
        self.assertEqual([row["n"] for row in rows], [2, 1])

    def webhooks(self, method, path, body=None):
        return self.stack.call(
            *(method, "/api/v1/webhooks" + path, self.clerk),
            *(body and json.dumps(body).encode(), {"Content-Type": "application/json"}),
        )

    def test_pages_are_ignored_and_other_formats_refused(self):
        whole = self.export("/submissions", self.clerk, "csv")
        for more in ("page_size=2", "page_size=2&page_token=AAAA", "page_size=0", "page=7"):
            answer = self.export("/submissions?" + more, self.clerk, "csv")
            self.assertEqual((answer.status, answer.body), (200, whole.body), more)
        for form in ("xls", "json", "XLSX"):
            answer = self.export("/submissions", self.clerk, form)
            self.assertEqual((answer.status, answer.json["code"]), (400, "bad_request"))
        self.assertEqual(self.stack.get("/api/v1/submissions?format=", self.clerk).status, 200)

    def test_right_and_scope_are_those_of_the_list(self):
        office = self.stack.token(made.AGENCY, "personnel_office")
        for path, token, status in (
            ("/submissions", None, 401),
            ("/submissions", office, 403),
            (f"/submissions?agency={made.OTHER}", self.clerk, 404),
            (f"/submissions/{self.id}/findings", self.stack.token(made.OTHER), 404),
            ("/statistics/monthly?year=0", self.clerk, 400),
            ("/findings?from=2026-10-02&to=2026-10-01", self.clerk, 400),
        ):
            for form in ("xlsx", "ods", "csv"):
                answer = self.export(path, token, form)
                self.assertEqual(answer.status, status, (path, form, answer.body[:200]))
                self.assertEqual(answer.headers["Content-Type"], "application/problem+json")

    def test_an_export_of_other_agencies_data_is_audited(self):
        self.export("/summary", self.auditor, "xlsx")
        lines = self.stack.chaiqin("audit", "list").stdout
        self.assertIn("read summary ", lines)
        self.assertIn("more, whole as xlsx", lines)


if __name__ == "__main__":
    unittest.main(verbosity=2)
