"""The demo's history: six months as they would have been, on the real path, with the services'
clock set to each of their days. The month before today follows in its days, and its two late
agencies on the real clock.

Every month most agencies report in time, two late, one not at all. A record is wrong in two months
and corrected in one of them. One agency reports that it has nothing. Eight persons are missing in
Table 19 until the personnel office loads them, which brings their records home.
"""

import csv
import io
import json
import time
import uuid
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

from layout import write
from progress import Failed, Step

MONTHS = 6
SIZES = {"files": 60, "records": 1200}
# Of Z00000004A, the supervising agency among the demo's people, and two of other authorities.
CORRECTED, MISSING, NOTHING = "Z00000013A", "Z00000031A", "Z00000043A"
LATE = ("Z00000022A", "Z00000025A")
FORGOTTEN_PERSONS = 8
TABLE19 = "table19-Z00000001A.csv"  # of the authority above them
FROZEN_S, POLL_S = 60, 0.2
TAIPEI = timezone(timedelta(hours=8))


def months_before(month, count):
    """The `count` months before 'YYYY-MM', oldest first."""
    number = int(month[:4]) * 12 + int(month[5:]) - 1
    return [f"{n // 12}-{n % 12 + 1:02}" for n in range(number - count, number)]


def after(month, day, hour=10):
    """A day of the month after `month`, in which it is reported."""
    number = int(month[:4]) * 12 + int(month[5:])
    return datetime(number // 12, number % 12 + 1, day, hour, tzinfo=TAIPEI)


def set_clock(layout, at=None):
    """The services' clock; None: the real one."""
    offset = 0 if at is None else int((at.timestamp() - time.time()) * 1_000_000)
    write(layout.clock, f"offset_us={offset}\n", 0o644)
    time.sleep(0.3)  # the services read the file every 200 ms


def begin(layout, month):
    """Before the services start: their clock stands in the first month's reporting time."""
    layout.remember(story="begun")
    set_clock(layout, after(months_before(month, MONTHS)[0], 5))


def without_persons(text, persons):
    """A Table 19 without the rows of some persons, and those rows alone; both with the header."""
    head, *rows = text.splitlines(keepends=True)
    theirs = [row for row in rows if row.partition(",")[0] in persons]
    return head + "".join(r for r in rows if r not in theirs), head + "".join(theirs)


def persons_to_forget(out, files):
    """Some persons of the corrected agency who have records in the first month."""
    document = json.loads((out / files[CORRECTED]).read_text(encoding="utf-8"))
    records = [*document["leave_records"], *document["overtime_records"]]
    table19 = (out / TABLE19).read_text(encoding="utf-8")
    known = {row["person_id"] for row in csv.DictReader(io.StringIO(table19))}
    return sorted({r["person_id"] for r in records} & known)[:FORGOTTEN_PERSONS]


class Story:
    def __init__(self, layout, gateway, senders, operator):
        self.layout, self.gateway, self.senders, self.operator = layout, gateway, senders, operator

    def send(self, agency, name, document):
        """The submission's id."""
        content = json.dumps(document, ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json",
            "X-File-Name": name,
            "Idempotency-Key": uuid.uuid5(uuid.NAMESPACE_URL, f"{agency} {name}").hex,
            **self.senders.headers(agency),
        }
        reply = self.gateway.expect(
            202, "POST", "/api/v1/submissions", self.senders.tokens[agency], content, headers
        )
        return reply["files"][0]["receipt"]["submission_id"]

    def tell(self, number, month, out, files):
        """One month from its first file to the late ones; the submissions."""
        sent = []
        set_clock(self.layout, after(month, 8))
        for agency, path in files.items():
            if agency in LATE or agency == MISSING:
                continue
            document = json.loads((out / path).read_text(encoding="utf-8"))
            if agency == CORRECTED and number >= MONTHS - 2:
                document["leave_records"][0]["leave_type"] = "98"
            if agency == NOTHING and number == 1:
                document.update(
                    leave_records=[], overtime_records=[], leave_count=0, overtime_count=0
                )
            sent.append(self.send(agency, path.rpartition("/")[2], document))
        if number == MONTHS - 2:
            set_clock(self.layout, after(month, 12))
            sent.append(self._correct(month, out, files[CORRECTED]))
        set_clock(self.layout, after(month, 24))
        self._wait_until_frozen(month)
        set_clock(self.layout, after(month, 26))
        for agency in LATE:
            document = json.loads((out / files[agency]).read_text(encoding="utf-8"))
            sent.append(self.send(agency, files[agency].rpartition("/")[2], document))
        return sent

    def _correct(self, month, out, path):
        """The record that was wrong, with its next revision."""
        document = json.loads((out / path).read_text(encoding="utf-8"))
        record = document["leave_records"][0]
        record["revision"] += 1
        document["batch_no"] += "-2"
        return self.send(CORRECTED, f"{month}-correction.json", document)

    def _wait_until_frozen(self, month):
        end = time.monotonic() + FROZEN_S
        while time.monotonic() < end:
            rates = self.gateway.get(f"/api/v1/reporting-rates?month={month}", self.operator)
            if rates["frozen"]:
                return
            time.sleep(POLL_S)
        raise Failed(
            "statistics_aggregator",
            f"the rates of {month} were not frozen within {FROZEN_S} s",
            self.layout.log("statistics_aggregator"),
            "deploy/up again",
        )


def tell(story, month, make, load_forgotten, wait_for_ends):
    """The six months before `month`. `make` gives a month's folder and truth."""
    for number, one in enumerate(months_before(month, MONTHS)):
        with Step(f"demo: {one}, as it would have been reported"):
            out, truth = make(one, SIZES)
            files = {file["agency"]: file["path"] for file in truth["files"]}
            wait_for_ends(story.tell(number, one, out, files))
            if number == MONTHS - 3:
                load_forgotten()


def set_clock_in_time(layout, month):
    """To a day on which the month before today is reported in time, if that has come."""
    at = after(month, 8)
    set_clock(layout, at if at.timestamp() < time.time() else None)


@contextmanager
def clock_of_history(layout):
    """Whatever happens, the clock is real afterwards."""
    try:
        yield
    finally:
        set_clock(layout)
