"""The demo: a made-up country, its Table 19 and last month's files, sent as machine clients would;
then the results."""

import json
import subprocess
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import demo_announcements
import demo_report
import demo_webhook
import story
from command import chaiqin
from gateway_client import Gateway
from issuer_client import token
from layout import PROGRAMS, ROOT
from progress import Failed, Step, say, show_progress

TOP_AGENCY = "Z00000001A"
ENDS = ("COUNTED", "COUNTED_PARTIAL", "REJECTED_FILE")
SENDERS = 4
CLIENT_KINDS = ("webitr", "webhr", "self")
COUNTRY = {"agencies": 60, "persons": 1500, "seed": 1}
SIZES = {"files": 120, "records": 12000}
TOKEN_S, LOAD_S, END_S = 3600, 120, 180
CSV = {"Content-Type": "text/csv"}


def month_before(day):
    return (day.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")


def make(layout, month, sizes, last_month):
    """The generated directory of one month of the country, and what the generator knows of it."""
    out = layout.dir / "demo" / month
    if not (out / "truth.json").exists():
        given = {**COUNTRY, **sizes}
        words = [word for name, size in given.items() for word in (f"--{name}", str(size))]
        done = subprocess.run(
            [
                PROGRAMS / "chaiqin-generate",
                "--out",
                out,
                "--month",
                month,
                "--country-from",
                story.months_before(last_month, story.MONTHS)[0],
                "--country-to",
                last_month,
                *words,
                "--calendar",
                ROOT / "schemas/registry/office-calendar.json",
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Failed(
                "demo", "chaiqin-generate: " + done.stderr.strip(), None, "deploy/up again"
            )
    return out, json.loads((out / "truth.json").read_text())


def load_master_data(layout, gateway, operator, out, forgotten=()):
    """Agencies and Table 19, but for the persons who were forgotten."""
    result = gateway.expect(
        200,
        "POST",
        "/api/v1/registry/agencies?confirm=true",
        operator,
        (out / "agencies.csv").read_bytes(),
        CSV,
    )
    say(
        f"  registry: {result['rows']} rows, {result['added']} added, {result['rejected_count']}"
        " rejected"
    )
    for path in sorted(out.glob("table19-*.csv")):
        kept, _ = story.without_persons(path.read_text(encoding="utf-8"), forgotten)
        load_table19(layout, gateway, operator, path, "snapshot", kept)
    return result["added"] == result["rows"]


def load_table19(layout, gateway, operator, path, mode, text):
    """A file table19-AUTHORITY.csv, or a part of it."""
    authority = path.stem.partition("-")[2]
    load = gateway.expect(
        202,
        "POST",
        f"/api/v1/table19/loads?mode={mode}&authority={authority}&force=true",
        operator,
        text.encode(),
        CSV,
    )
    state = wait_for_load(layout, gateway, operator, load["load_id"])
    say(
        f"  Table 19 of {authority}: {state['state']}, {state['rows']} rows of"
        f" {state['persons']} persons, {state['rejected_count']} rejected"
    )


def wait_for_load(layout, gateway, operator, load_id):
    end = time.monotonic() + LOAD_S
    while time.monotonic() < end:
        state = gateway.get(f"/api/v1/table19/loads/{load_id}", operator)
        if state["state"] == "LOADED":
            return state
        if state["state"] != "RECEIVED":
            raise Failed(
                "agency_matcher",
                f"Table 19 load {load_id}: {state['state']}, {state['reason']}",
                layout.log("agency_matcher"),
                "deploy/up again",
            )
        time.sleep(0.1)
    raise Failed(
        "agency_matcher",
        f"Table 19 load {load_id} not applied within {LOAD_S} s",
        layout.log("agency_matcher"),
        "deploy/status",
    )


class Senders:
    """One client an agency. The last agency's files are sent by the one before it, which acts for
    it (兼辦機關)."""

    def __init__(self, layout, agencies):
        self.delegated, self.handling = agencies[-1], agencies[-2]
        self.tokens = {}
        with ThreadPoolExecutor(SENDERS) as pool:
            made = pool.map(lambda numbered: self._token(layout, *numbered), enumerate(agencies))
            self.tokens.update(zip(agencies, made))

    def _token(self, layout, number, agency):
        own = self.handling if agency == self.delegated else agency
        delegated = [self.delegated] if own == self.handling else []
        return token(
            layout,
            own,
            delegated=delegated,
            client_kind=CLIENT_KINDS[number // 3 % 3],
            ttl_s=TOKEN_S,
        )

    def headers(self, agency):
        return {"X-Acting-Agency": self.delegated} if agency == self.delegated else {}


def send(gateway, senders, out, files):
    """Submission ids in the order of `files`. The same key again, also in a later run, is the same
    submission."""

    def one(file):
        content = (out / file["path"]).read_bytes()
        key = uuid.uuid5(uuid.NAMESPACE_URL, f"{file['path']} {len(content)}").hex
        headers = {
            "Content-Type": "application/json",
            "X-File-Name": Path(file["path"]).name,
            "Idempotency-Key": key,
            **senders.headers(file["agency"]),
        }
        reply = gateway.expect(
            202, "POST", "/api/v1/submissions", senders.tokens[file["agency"]], content, headers
        )
        return reply["files"][0]["receipt"]["submission_id"]

    with ThreadPoolExecutor(SENDERS) as pool:
        return list(pool.map(one, files))


def wait_for_ends(layout, gateway, operator, ids):
    """The terminal states, in order."""
    states, end = [], time.monotonic() + END_S
    for submission in ids:
        while True:
            state = gateway.get(f"/api/v1/submissions/{submission}?wait=10s", operator)
            if state["state"] in ENDS:
                break
            if time.monotonic() > end:
                raise Failed(
                    "pipeline",
                    f"{submission} is still {state['state']} after {END_S} s",
                    layout.log("validator"),
                    "deploy/status",
                )
        states.append(state)
        show_progress(f"  {len(states)} of {len(ids)} files at their end")
    show_progress("")
    return states


def verify(layout):
    done = chaiqin(layout, "verify")
    if done.returncode:
        raise Failed(
            "conservation",
            (done.stdout + done.stderr).strip()[-800:],
            None,
            f"{layout.bin}/chaiqin verify",
        )
    return done.stdout.strip()


def begin(layout):
    """Before the services start: a new stack begins with six months of history."""
    if not layout.memory.get("demo") and not layout.memory.get("story"):
        story.begin(layout, month_before(date.today()))


def tell_story(layout, gateway, senders, operator, month):
    """Six months of history; whether the stack was empty before."""
    layout.remember(story="told")  # not again, even if it is broken off

    def make_month(one, sizes):
        return make(layout, one, sizes, month)

    first, truth = make_month(story.months_before(month, story.MONTHS)[0], story.SIZES)
    files = {file["agency"]: file["path"] for file in truth["files"]}
    forgotten = story.persons_to_forget(first, files)
    path = first / story.TABLE19

    def load_forgotten():
        _, theirs = story.without_persons(path.read_text(encoding="utf-8"), forgotten)
        load_table19(layout, gateway, operator, path, "changes", theirs)

    with Step("demo: registry and Table 19"):
        fresh = load_master_data(layout, gateway, operator, first, forgotten)
    demo_webhook.add(layout, gateway)
    story.tell(
        story.Story(layout, gateway, senders, operator),
        month,
        make_month,
        load_forgotten,
        lambda ids: wait_for_ends(layout, gateway, operator, ids),
    )
    return fresh


def run(layout, quiet=False):
    month = month_before(date.today())
    if layout.memory.get("demo") == month:
        say(f"the demo month {month} is counted already")
        return
    out, truth = make(layout, month, SIZES, month)
    gateway = Gateway(layout)
    operator = token(layout, TOP_AGENCY, ["operator"], ttl_s=TOKEN_S)
    senders = Senders(layout, sorted({file["agency"] for file in truth["files"]}))
    if layout.memory.get("story") == "begun":
        with story.clock_of_history(layout):
            fresh = tell_story(layout, gateway, senders, operator, month)
            story.set_clock_in_time(layout, month)
            early = [file for file in truth["files"] if file["agency"] not in story.LATE]
            wait_for_ends(layout, gateway, operator, send(gateway, senders, out, early))
    else:
        with Step("demo: registry and Table 19"):
            fresh = load_master_data(layout, gateway, operator, out)
    with Step(
        f"demo: {len(truth['files'])} files of {month} with {truth['records']} records, sent and"
        " counted"
    ):
        ids = send(gateway, senders, out, truth["files"])
        states = wait_for_ends(layout, gateway, operator, ids)
    if not layout.memory.get("announced"):
        demo_announcements.publish(gateway, operator, month)
        layout.remember(announced=month)
    lines = demo_report.report(layout, gateway, senders, states, month)
    equal, sentence = demo_report.compared_with_truth(gateway, operator, truth, month)
    if fresh and not equal:
        raise Failed(
            "statistics",
            sentence,
            layout.log("statistics_aggregator"),
            f"{layout.bin}/chaiqin verify",
        )
    law = verify(layout)
    if not quiet:
        print("\n".join([*lines, "", sentence, law, ""]))
    layout.remember(demo=month)
