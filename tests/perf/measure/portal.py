"""What the portal asks of a loaded store: tests/perf/run portal, on the store that `store` made
(bar of the portal: each read p99 at most 20 ms, an export of all agencies and twelve months at most
2 s).

One client, one question at a time; every answer is looked at. The national agency asks for all, the
clerk for 30 agencies, the rest is asked by the agency with most findings."""

import json
import os
import subprocess
import time

import build
from chaiqin_testing import owned
from chaiqin_testing.stack import ROOT
from measure.usage import peak_mib, processes, say, sql
from parts import node

READS, EXPORTS, PAGE_TIMES = 300, 5, 10
A_DEMO_AGENCY = owned.PEOPLE["demo-supervisor"]["agency"]
SOME_AGENCIES = 30


def timed(stack, path, token, count):
    """Times, and the last answer. What the gateway gives up (503) is said; it counts as slow."""
    times, given_up = [], 0
    for _ in range(count):
        begin = time.monotonic()
        answer = stack.get(path, token)
        times.append((time.monotonic() - begin) * 1000)
        assert answer.status in (200, 503), (path, answer.status, answer.body[:200])
        given_up += answer.status == 503
    if given_up:
        print(f"  {path}: {given_up} of {count} answers were 503", flush=True)
    return times, answer


def people(stack):
    """Tokens: of a clerk who acts for many, of the agency with most findings, of a supervisor in
    the middle and of the operator."""
    codes = sql(
        stack,
        "SELECT string_agg(agency, ',') FROM (SELECT DISTINCT agency FROM statistics.agency_month"
        f" ORDER BY agency DESC LIMIT {SOME_AGENCIES}) x",
    ).split(",")
    worst = sql(
        stack,
        "SELECT agency FROM validation.finding GROUP BY agency ORDER BY count(*) DESC LIMIT 1",
    )
    middle = sql(
        stack,
        "SELECT supervising_org_code FROM registry.agency_version WHERE supervising_org_code IS NOT"
        " NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 1",
    )
    return {
        "many": stack.token(codes[0], "agency_clerk", delegated=codes[1:]),
        "worst": stack.token(worst, "agency_clerk"),
        "middle": stack.token(middle, "supervisor"),
        "operator": stack.operator(),
    }


def reads(stack, years_month):
    worst_file = sql(
        stack,
        "SELECT submission_id FROM validation.finding WHERE kind >= 2 GROUP BY 1"
        " ORDER BY count(*) DESC LIMIT 1",
    )
    owner = sql(
        stack, f"SELECT agency FROM validation.submission WHERE submission_id = '{worst_file}'"
    )
    year = years_month[:4]
    top = sql(  # the operator's own agency need not be of this country
        stack,
        "SELECT t.org_code FROM registry.agency_version t JOIN registry.agency_version a"
        " ON a.supervising_org_code = t.org_code WHERE t.supervising_org_code IS NULL"
        " GROUP BY 1 ORDER BY count(*) DESC LIMIT 1",
    )
    report, findings = "/statistics/report", "/statistics/findings"
    missing = f"month={years_month}&status=missing,due,not_due&authority={top}"
    whole_year = f"from={year}-01&to={year}-12"
    return [
        ("workbench of 30 agencies", "many", "/workbench"),
        ("notices", "worst", "/notices"),
        ("findings feed", "worst", "/findings/changes"),
        ("groups of a year's findings", "worst", f"/findings/groups?from={year}-01-01"),
        ("records with findings", "worst", "/findings/records"),
        ("records of one file", owner, f"/submissions/{worst_file}/records"),
        ("unmatched, clerk", "worst", "/unmatched?band=90"),
        ("unmatched, subtree", "middle", "/unmatched"),
        ("report by month and type, clerk", "worst", f"{report}?by=month,type&{whole_year}"),
        ("report by month and type, all", "operator", f"{report}?by=month,type&{whole_year}"),
        ("report by agency, subtree", "middle", f"{report}?by=agency&{whole_year}"),
        ("report by agency, all", "operator", f"{report}?by=agency&{whole_year}"),
        ("findings by month and code", "operator", f"{findings}?by=month,code&{whole_year}"),
        ("rates, subtree", "middle", f"/reporting-rates?month={years_month}"),
        ("rates in series, subtree", "middle", "/reporting-rates/series"),
        ("rates by unit, subtree", "middle", "/reporting-rates/units"),
        ("rates in series, all", "operator", f"/reporting-rates/series?authority={top}"),
        ("rates by unit, all", "operator", f"/reporting-rates/units?authority={top}"),
        ("agencies that are missing", "operator", f"/reporting-rates/agencies?{missing}"),
        ("audit of a day", "operator", "/audit"),
        ("announcements", "operator", "/announcements"),
    ]  # fmt: skip


def pages(stack):
    """From the start of a navigation to the first row of the page's table, in a browser with an
    empty cache, by people of the demo (bar: 1 s)."""
    if not sql(stack, f"SELECT 1 FROM registry.agency_version WHERE org_code = '{A_DEMO_AGENCY}'"):
        print("  no pages: their people are the demo's, which is not in this store", flush=True)
        return
    build.npm_packages(ROOT / "tests" / "portal", "the browser's driver")
    done = subprocess.run(
        [node(), ROOT / "tests/perf/measure/first_row.mjs", str(PAGE_TIMES)],
        env={**os.environ, "CHAIQIN_PORTAL_URL": f"http://127.0.0.1:{stack.port}"},
        capture_output=True,
        text=True,
        check=True,
    )
    for name, times in json.loads(done.stdout).items():
        say(f"page {name}, to its first row", times)


def portal(stack, _options):
    month = sql(stack, "SELECT max(month) FROM statistics.agency_month")
    month = f"{int(month) // 12}-{int(month) % 12 + 1:02}"
    tokens = people(stack)
    print(f"portal on a store whose last month is {month}", flush=True)
    for name, who, path in reads(stack, month):
        token = tokens.get(who) or stack.token(who, "agency_clerk")
        timed(stack, "/api/v1" + path, token, 10)  # plans and caches
        times, _ = timed(stack, "/api/v1" + path, token, READS)
        say(name, times)
    pages(stack)
    before = {name: peak_mib(pid) for name, pid in processes(stack)}
    for name, path in (
        ("monthly table of all agencies", f"/statistics/monthly?year={month[:4]}"),
        ("summary of all agencies", "/summary"),
    ):
        for form in ("xlsx", "ods", "csv"):
            address = f"/api/v1{path}{'&' if '?' in path else '?'}format={form}"
            times, answer = timed(stack, address, tokens["operator"], EXPORTS)
            say(f"{name}, {form}", times)
            print(f"    {len(answer.body):,} bytes", flush=True)
    after = {name: peak_mib(pid) for name, pid in processes(stack)}
    for name in after:
        if name.startswith(("gateway", "query")):
            was = before.get(name, 0)
            print(f"  peak of {name}: {was} MiB before exports, {after[name]} after")
