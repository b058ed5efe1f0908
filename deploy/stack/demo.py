"""The demo: a made-up country, its Table 19 and last month's files, sent as machine clients would; then the results."""
import http.client
import json
import subprocess
import sys
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import infrastructure
from issuer_client import token
from layout import BUILD, ROOT
from progress import Failed, Step, say

ENDS = ("COUNTED", "COUNTED_PARTIAL", "REJECTED_FILE")
OPERATOR_AGENCY = "Z00000001A"


class Api:
    """Kept connections, one a thread."""

    def __init__(self, layout):
        self.port, self.local = layout.port("gateway"), threading.local()

    def call(self, method, path, bearer, body=None, headers=None):
        headers = {**(headers or {}), "Authorization": "Bearer " + bearer}
        for last in (False, True):
            connection = getattr(self.local, "connection", None) or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            self.local.connection = connection
            try:
                connection.request(method, path, body=body, headers=headers)
                answer = connection.getresponse()
                return answer.status, json.loads(answer.read() or b"{}")
            except (OSError, http.client.HTTPException) as failure:
                connection.close()
                self.local.connection = None
                if last:
                    raise Failed("gateway", f"{method} {path}: {failure}", None, "deploy/status") from failure
        raise AssertionError

    def expect(self, wanted, *arguments, **more):
        status, body = self.call(*arguments, **more)
        if status != wanted:
            raise Failed("gateway", f"{arguments[0]} {arguments[1]} answered {status}: {json.dumps(body, ensure_ascii=False)[:300]}", None, "deploy/status")
        return body


def last_month():
    return (date.today().replace(day=1) - timedelta(days=1)).strftime("%Y-%m")


def make(layout, month):
    out = layout.dir / "demo" / month
    if not (out / "truth.json").exists():
        subprocess.run([str(BUILD / "bin" / "chaiqin-generate"), "--out", str(out), "--month", month, "--agencies", "60", "--persons", "1500",
                        "--files", "120", "--records", "12000", "--calendar", str(ROOT / "schemas/registry/office-calendar.json")], check=True, capture_output=True)
    return out, json.loads((out / "truth.json").read_text())


def load_master_data(layout, api, out):
    operator = token(layout, OPERATOR_AGENCY, ["operator"], ttl_s=3600)
    csv = {"Content-Type": "text/csv"}
    result = api.expect(200, "POST", "/api/v1/registry/agencies?confirm=true", operator, (out / "agencies.csv").read_bytes(), csv)
    say(f"  registry: {result['rows']} rows, {result['added']} added, {result['changed']} changed, {result['rejected_count']} rejected")
    for path in sorted(out.glob("table19-*.csv")):
        authority = path.stem.split("-")[1]
        load = api.expect(202, "POST", f"/api/v1/table19/loads?mode=snapshot&authority={authority}&force=true", operator, path.read_bytes(), csv)
        end = time.monotonic() + 60
        while True:
            state = api.expect(200, "GET", f"/api/v1/table19/loads/{load['load_id']}", operator)
            if state["state"] != "RECEIVED":
                break
            if time.monotonic() > end:
                raise Failed("agency_matcher", f"Table 19 load of {authority} not applied within 60 s", layout.logs / "agency_matcher.log", "deploy/status")
            time.sleep(0.1)
        say(f"  Table 19 of {authority}: {state['state']}, {state['rows']} rows, {state['persons']} persons, {state['rejected_count']} rejected")


def send(layout, api, out, truth):
    kinds = {"WEBITR": "webitr", "WEBHR": "webhr", "SELF": "self"}
    agencies = sorted({f["agency"] for f in truth["files"]})
    with ThreadPoolExecutor(4) as pool:
        tokens = dict(zip(agencies, pool.map(lambda a: token(layout, a, ttl_s=3600), agencies)))

        def one(file):
            body = (out / file["path"]).read_bytes()
            name = Path(file["path"]).name
            # The same key again after a broken answer gives the same submission.
            headers = {"Content-Type": "application/json", "X-File-Name": name, "Idempotency-Key": uuid.uuid5(uuid.NAMESPACE_URL, file["path"] + str(len(body))).hex}
            answer = api.expect(202, "POST", "/api/v1/submissions", tokens[file["agency"]], body, headers)
            return answer["files"][0]["receipt"]["submission_id"]

        ids = list(pool.map(one, truth["files"]))
    say(f"  {len(ids)} files accepted; kinds of client: {', '.join(kinds.values())}")
    states = {}
    for number, (file, submission) in enumerate(zip(truth["files"], ids)):
        end = time.monotonic() + 120
        while True:
            state = api.expect(200, "GET", f"/api/v1/submissions/{submission}?wait=10s", tokens[file["agency"]])
            if state["state"] in ENDS:
                states[submission] = state
                break
            if time.monotonic() > end:
                raise Failed("pipeline", f"{submission} still {state['state']} after 120 s", layout.logs / "validator.log", "deploy/status")
        if sys.stderr.isatty():
            print(f"\r  {number + 1} of {len(ids)} files at their end", end="", file=sys.stderr)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    return tokens, states


def print_results(api, tokens, states, month):
    operator_view = tokens[OPERATOR_AGENCY]
    totals = {}
    for state in states.values():
        totals[state["state"]] = totals.get(state["state"], 0) + 1
    print(f"\n差勤資料 {month}: " + ", ".join(f"{name} {count}" for name, count in sorted(totals.items())))
    year, number = month.split("-")
    table = api.expect(200, "GET", f"/api/v1/statistics/monthly?year={year}&page_size=12", operator_view)
    print(f"\n機關每月筆數統計表 ({month}, first {len(table['agencies'])} of {table['total_agencies']} agencies of {OPERATOR_AGENCY}; updated {table['updated_at']})")
    print(f"  {'機關':12} {'差假':>8} {'加班':>8} {'差假分鐘':>10} {'加班分鐘':>10}  名稱")
    for agency in table["agencies"]:
        cell = next((m for m in agency["months"] if m["month"] == int(number)), None) or {"leave": 0, "overtime": 0, "leave_minutes": 0, "overtime_minutes": 0}
        print(f"  {agency['agency']:12} {cell['leave']:>10} {cell['overtime']:>10} {cell['leave_minutes']:>14} {cell['overtime_minutes']:>14}  {agency['name']}")
    summary = api.expect(200, "GET", "/api/v1/summary?page_size=8", operator_view)
    print(f"\n彙整總表 (first {len(summary['agencies'])} of {summary['total_agencies']})")
    for agency in summary["agencies"]:
        print(f"  {agency['agency']:12} {agency['state'] or '-':16} total {agency['total'] or 0:>5}  correct {agency['correct'] or 0:>5}  errors {agency['errors'] or 0:>3}  {agency['route'] or ''}")
    bad = next(((i, s) for i, s in states.items() if s["dispositions"]["invalid"]), None)
    if bad:
        found = api.expect(200, "GET", f"/api/v1/submissions/{bad[0]}/findings?severity=error&page_size=5", tokens[bad[1]["agency"]])
        print(f"\n錯誤明細 ({bad[1]['agency']}, {bad[1]['file_name']})")
        for finding in found["findings"]:
            print(f"  {finding['code']} {finding['pointer']}: {finding['message']} (value {finding['value']!r})")


def run(layout):
    month = last_month()
    if layout.memory.get("demo") == month:
        say(f"the demo month {month} is counted already")
        return
    out, truth = make(layout, month)
    api = Api(layout)
    with Step("demo: registry and Table 19"):
        load_master_data(layout, api, out)
    with Step(f"demo: {len(truth['files'])} files of {month} with {truth['records']} records"):
        tokens, states = send(layout, api, out, truth)
    print_results(api, tokens, states, month)
    verified = infrastructure.chaiqin(layout, "verify")
    print("\n" + verified.stdout.strip())
    if verified.returncode:
        raise Failed("conservation", "chaiqin verify found a difference", None, f"{layout.bin}/chaiqin verify")
    layout.remember(demo=month)
    print()
