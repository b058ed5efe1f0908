"""The national month on a store that already holds others: P2, P3, P7, P8, P9, P10, P12 of the
bars."""

import json
import random
import statistics
import subprocess
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from chaiqin_testing import model, owned
from chaiqin_testing.stack import ROOT
from measure.country import PROGRAMS, Country
from measure.usage import Usage, peak_mib, percentile, say, sql


READS_PER_S = 90  # an agency may ask 100 times a second, and then waits


def of_country(work):
    """A measurement that gets the country and a place for its files."""

    def measured(stack, options):
        if options.scratch:
            Path(options.scratch).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=options.scratch) as scratch:
            work(Country(stack, scratch, options.scale, options.seed), options)

    return measured


@of_country
def store(country, options):
    """The store as it is after `history` months, through the same door as everything else."""
    while country.sent < options.history:
        month = country.next_month()
        if country.sent == 0:
            country.load_registry(month)
            rows, seconds = country.load_table19(month)
            print(
                f"P8 Table 19: {rows:,} rows committed {seconds:.1f} s after the first byte",
                flush=True,
            )
        manifest, begin = country.manifest(month.files), time.monotonic()
        country.expect(month)
        country.send(manifest)
        country.wait_counted(month.years)
        print(
            f"{month.name}: {month.records:,} records, {len(month.files)} files,"
            f" {time.monotonic() - begin:.1f} s",
            flush=True,
        )
        month.remove()


@of_country
def month(country, _options):
    """One more month on whatever the store holds."""
    made = country.next_month()
    if country.sent == 0:
        country.load_registry(made)
        rows, seconds = country.load_table19(made)
        print(f"Table 19: {rows:,} rows committed {seconds:.1f} s after the first byte", flush=True)
    upload(country, made)


@of_country
def national(country, options):
    """Rounds of everything on the store that `store` made; the figures of all rounds at the end."""
    assert (
        country.sent >= options.history
    ), f"the store holds {country.sent} months: tests/perf/run store first"
    figures = {}
    for round_ in range(1, options.rounds + 1):
        print(f"round {round_} of {options.rounds}, {country.sent} months in the store", flush=True)
        draw = random.Random(options.seed * 1000 + country.sent)
        made = country.next_month()
        figures.setdefault("P8 0.5 % of persons re-matched, s", []).append(
            rematch(country, made, draw, 0.005)
        )
        figures.setdefault("P8 one person re-matched, s", []).append(
            rematch(country, made, draw, 0)
        )
        figures.setdefault("P2 upload to counted, s", []).append(upload(country, made))
        figures.setdefault("P7 a tenth sent again, s", []).append(send_again(country, made, draw))
        made.remove()
        made = country.next_month()
        figures.setdefault("P3 cold start to counted, s", []).append(cold_start(country, made))
        made.remove()
        pages(country, figures)
    verify(country.stack)
    print("figures of all rounds: median (range)")
    for name, values in figures.items():
        print(
            f"  {name:58} {statistics.median(values):9.2f}  ({min(values):.2f}–{max(values):.2f})",
            flush=True,
        )


@of_country
def table19(country, _options):
    """P12 and P10's matcher. The last measurement of a store: files are sent that the counts do not
    expect."""
    beside_load(country, make_strangers(country))
    matcher_memory(country)
    verify(country.stack)


def upload(country, month):
    """P2: the whole month over HTTP until the published counts hold it."""
    manifest = country.manifest(month.files)
    country.expect(month)
    usage, begin = Usage(country.stack), time.monotonic()
    sent = country.send(manifest, "--connections", 64)
    accepted = time.monotonic() - begin
    seconds = until_counted(
        country,
        month,
        usage,
        begin,
        f"P2 {month.name}, {month.bytes / 1e6:.0f} MB; last 202 after {accepted:.1f} s",
    )
    say("POST to 202", [one[2] for one in sent])
    return seconds


def until_counted(country, month, usage, begin, what):
    """Waits for the month to be published, says what that took and cost, and compares every
    cell."""
    country.wait_counted(month.years)
    seconds = time.monotonic() - begin
    print(
        f"  {what}; {month.records:,} records counted after {seconds:.1f} s"
        f" ({month.records / seconds:,.0f} records/s)"
    )
    usage.report()
    country.check_counts(month.years)
    return seconds


def send_again(country, month, draw):
    """P7: a tenth of the files again, two records in a hundred changed (a higher revision, other
    minutes)."""
    table19 = model.Table19()
    for path in sorted(month.directory.glob("table19-*.csv")):
        table19.load(path.stem[8:], path)
    files, changed = draw.sample(month.files, max(1, len(month.files) // 10)), 0
    for _, path in files:
        document = json.loads(path.read_bytes())
        for kind in ("leave", "overtime"):
            for record in document[kind + "_records"]:
                if draw.random() < 0.02 and shorten(country, table19, kind, record):
                    changed += 1
        path.write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")))
    manifest = country.manifest(files)
    usage, begin = Usage(country.stack), time.monotonic()
    country.send(manifest)
    country.wait_counted(month.years)
    seconds = time.monotonic() - begin
    print(f"  P7 {len(files)} files again, {changed} records changed: {seconds:.1f} s")
    usage.report()
    country.check_counts(month.years)
    country.remember()
    return seconds


def shorten(country, table19, kind, record):
    """One hour less in a later revision, if the record is one that counts."""
    minutes, date = f"{kind}_minutes", "start_date" if kind == "leave" else "overtime_date"
    if (
        record.get("revision") != 1
        or not isinstance(record[minutes], int)
        or not 120 <= record[minutes] <= 960
    ):
        return False
    day = model.roc_day(record[date])
    agency, _ = table19.attribute(record["person_id"], day, record["org_code"])
    cell = (agency, day.strftime("%Y-%m"), kind)
    if cell not in country.cells or not counts(record, kind):
        return False
    record["revision"], record[minutes] = 2, record[minutes] - 60
    if kind == "overtime":
        record["paid_minutes"] = 0
    country.cells[cell][1] -= 60
    return True


def counts(record, kind):
    """Whether the generator made the record without a fault (record_text.cpp lists its faults)."""
    if kind == "leave":
        good = (
            record["leave_type"] != "98"
            and record["end_date"] >= record["start_date"]
            and isinstance(record["abroad_type"], str)
            and not (record["leave_type"] == "20" and not record["location"])
        )
    else:
        good = (
            record["overtime_type"] != "9"
            and record["end_date"] == record["start_date"]
            and record["reason"]
            and isinstance(record["void_minutes"], int)
        )
    return good and "person_name" in record


STAGES = ("validator", "agency_matcher", "statistics_aggregator", "notification")


def cold_start(country, month):
    """P3: the month lies in Kafka, the stages start cold. Includes the matcher's reading of Table
    19."""
    for stage in STAGES:
        country.stack.command("part", "stop", stage)
    country.send(country.manifest(month.files))
    country.expect(month)
    usage, begin = Usage(country.stack), time.monotonic()
    with ThreadPoolExecutor(len(STAGES)) as pool:
        list(pool.map(lambda stage: country.stack.command("part", "start", stage), STAGES))
    return until_counted(country, month, usage, begin, f"P3 {month.name} from Kafka, cold start")


def rematch(country, month, draw, part):
    """P8: persons of all authorities get another newest post, so their records of all months move;
    then their rows are loaded as they were, and the counts must be what they had been."""
    before, after, persons = [], [], 0
    paths = sorted(month.directory.glob("table19-*.csv"))
    each = max(1, round(400_000 * country.scale * part / len(paths)))
    for path in paths:
        was, is_, count = changed_rows(path, draw, each)
        before.append((path.stem[8:], was))
        after.append((path.stem[8:], is_))
        persons += count
        if not part:
            break
    times = [load_and_rematch(country, loads) for loads in (after, before)]
    print(
        f"  P8 {persons} persons changed, and back: re-matched {times[0]:.2f} and {times[1]:.2f} s"
        " after the first byte",
        flush=True,
    )
    country.wait_for_counts(month.years)
    return max(times)


def load_and_rematch(country, loads):
    begin = time.monotonic()
    ids = [
        country.stack.post_table19(authority, csv.encode(), country.operator, mode="changes")
        for authority, csv in loads
    ]
    for load_id in ids:
        load = country.stack.wait_load(load_id, country.operator)
        assert load["state"] == "LOADED" and not load["rejected_count"], load
        while load["rematch"]["done"] < load["rematch"]["persons"]:
            time.sleep(0.05)
            load = country.stack.get(f"/api/v1/table19/loads/{load_id}", country.operator).json
    return time.monotonic() - begin


def changed_rows(path, draw, count):
    """(rows as they are, rows with another newest post, number of persons) of `count` persons of an
    authority."""
    lines = path.read_text(encoding="utf-8").splitlines()
    by_person = {}
    for line in lines[1:]:
        by_person.setdefault(line.split(",", 1)[0], []).append(line.split(","))
    movable = sorted(person for person, rows in by_person.items() if rows[0][2] != rows[-1][2])
    chosen = draw.sample(movable, min(len(movable), count))
    was = [",".join(row) for person in chosen for row in by_person[person]]
    for person in chosen:
        by_person[person][-1][2] = by_person[person][0][2]
    now = [",".join(row) for person in chosen for row in by_person[person]]
    return "\n".join([lines[0], *was]) + "\n", "\n".join([lines[0], *now]) + "\n", len(chosen)


def pages(country, figures):
    """P9: monthly and summary pages over all agencies, one findings page of the agency with most of
    them."""
    stack, operator = country.stack, country.operator
    year = country.months[country.sent - 1][:4]
    biggest = sql(
        stack,
        "SELECT submission_id FROM validation.finding GROUP BY 1 ORDER BY count(*) DESC LIMIT 1",
    )
    print(f"  findings stored: {sql(stack, 'SELECT count(*) FROM validation.finding')}")
    for name, path in (
        ("monthly page", f"/api/v1/statistics/monthly?year={year}&page=%d"),
        ("summary page", "/api/v1/summary?page=%d"),
        ("findings page", f"/api/v1/submissions/{biggest}/findings?page_size=20&ignored=%d"),
    ):
        times = []
        for number in range(1000):
            begin = time.monotonic()
            answer = stack.get(path % (number % 40 + 1), operator)
            times.append((time.monotonic() - begin) * 1000)
            assert answer.status == 200, (path, answer.status, answer.body[:200])
            time.sleep(max(0, begin + 1 / READS_PER_S - time.monotonic()))
        say(f"P9 {name}", times)
        figures.setdefault(f"P9 {name}, p99 ms", []).append(percentile(times, 0.99))


def beside_load(country, strangers):
    """P12: ten files a second while all of Table 19 is loaded again (which takes another country's
    persons away) and then those persons, until the last file is counted; POST to counted."""
    month = country.next_month()
    manifest = country.manifest(month.files[-300:])
    done, stop = [], threading.Event()
    country.sent = len(country.months)
    country.remember()

    def load():
        while not stop.is_set():
            done.append(country.load_table19(month))
            done.append(load_strangers(country, strangers))

    loader = threading.Thread(target=load)
    loader.start()
    sent = country.send(manifest, "--rate", 10, "--wait", "--connections", 32)
    stop.set()
    loader.join()
    for rows, seconds in done:
        print(f"  P12 {rows:,} rows loaded in {seconds:.1f} s beside files")
    say("P12 POST to counted", [one[3] for one in sent])


def make_strangers(country):
    """Table 19 of another country, with which the store has two million rows."""
    directory = country.scratch / "more"
    more = round(270_000 * country.scale)
    subprocess.run(
        [
            PROGRAMS / "chaiqin-generate",
            "--out",
            directory,
            "--month",
            country.months[-1],
            "--files",
            "10",
            "--agencies",
            str(max(20, round(8000 * country.scale))),
            "--persons",
            str(more),
            "--records",
            "10",
            "--first-agency",
            str(owned.WORLDS["country"].agencies[0]),
            "--first-person",
            str(owned.STRANGERS[0]),
            "--calendar",
            ROOT / "schemas/registry/office-calendar.json",
        ],
        check=True,
        capture_output=True,
    )
    return sorted(directory.glob("table19-*.csv"))


def load_strangers(country, paths):
    """Rows loaded, beside what each authority holds, and seconds."""
    begin, rows = time.monotonic(), 0
    for path in paths:
        load = country.stack.load_table19(
            path.stem[8:], path, country.operator, mode="changes", deadline_s=600
        )
        assert load["state"] == "LOADED", load
        rows += load["rows"]
    return rows, time.monotonic() - begin


def matcher_memory(country):
    """P10: peak of a matcher that starts with all of that."""
    rows = sql(country.stack, "SELECT sum(array_length(seq, 1)) FROM matching.career")
    country.stack.command("part", "restart", "agency_matcher")
    pid = country.stack.pids("agency_matcher")[0]
    while ("agency_matcher", "running") not in (
        (p["name"], p["state"]) for p in country.stack.status()["parts"]
    ):
        time.sleep(0.2)
    print(f"  P10 matcher started with {int(rows):,} rows: peak {peak_mib(pid)} MiB")


def verify(stack):
    begin = time.monotonic()
    done = stack.chaiqin("verify", check=False, timeout=3600)
    assert done.returncode == 0, done.stdout + done.stderr
    print(f"chaiqin verify: {done.stdout.strip()} ({time.monotonic() - begin:.1f} s)", flush=True)
