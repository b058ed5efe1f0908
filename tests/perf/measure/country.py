"""A made-up country with several months on one store: its master data, its files, and what must be
counted in the end."""

import json
import shutil
import subprocess
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from chaiqin_testing import owned
from chaiqin_testing.stack import ROOT

PROGRAMS = ROOT / "build" / "release" / "bin"
YEARS = ("2024", "2025", "2026")
FIRST_MONTH, MONTHS = (
    "2025-01",
    23,
)  # what the platform takes by now; a country lives through all of them


def months(first, count):
    """`count` months from 'YYYY-MM' on."""
    start = int(first[:4]) * 12 + int(first[5:]) - 1
    return [f"{m // 12}-{m % 12 + 1:02d}" for m in range(start, start + count)]


class Country:
    """Remembers in the stack's directory which of its months are in the store and what they come
    to, so that a store that took long to fill serves several runs."""

    def __init__(self, stack, scratch, scale, seed):
        self.stack, self.scratch, self.scale, self.seed = stack, Path(scratch), scale, seed
        self.months = months(FIRST_MONTH, MONTHS)
        self.operator = stack.operator(ttl_s=86400)
        self.tokens = {}
        self.cells = defaultdict(
            lambda: [0, 0]
        )  # (agency, month, kind) → records, minutes that must be published
        self.sent = 0  # of its months
        self._memory = stack.directory / "country.json"
        if self._memory.exists():
            memory = json.loads(self._memory.read_text())
            assert (memory["scale"], memory["seed"]) == (
                scale,
                seed,
            ), f"{self._memory}: another country is in the store"
            self.sent = memory["sent"]
            self.cells.update({tuple(key.split()): sums for key, sums in memory["cells"].items()})
        self.others = {year: (0, 0) for year in YEARS}
        for year in YEARS:
            published, ours = self.published([year]), self.wanted([year])
            self.others[year] = (published[0] - ours[0], published[1] - ours[1])

    def next_month(self):
        """The files and truth of its next month, under scratch/MONTH."""
        month = self.months[self.sent]
        directory = self.scratch / month
        subprocess.run(
            [
                PROGRAMS / "chaiqin-generate",
                "--out",
                directory,
                "--month",
                month,
                "--seed",
                str(self.seed),
                "--scale",
                str(self.scale),
                "--country-from",
                self.months[0],
                "--country-to",
                self.months[-1],
                *owned.WORLDS["country"].options(),
                "--calendar",
                ROOT / "schemas/registry/office-calendar.json",
            ],
            check=True,
            capture_output=True,
        )
        return Month(directory, json.loads((directory / "truth.json").read_text()))

    def load_registry(self, month):
        result = self.stack.load_registry(month.directory / "agencies.csv", self.operator)
        assert result["rejected_count"] == 0, result

    def load_table19(self, month):
        """Rows loaded and seconds until the last authority's load was committed."""
        begin, rows, loads = time.monotonic(), 0, []
        for path in sorted(month.directory.glob("table19-*.csv")):
            loads.append(
                self.stack.post_table19(path.stem[8:], path.read_bytes(), self.operator, force=True)
            )
        for load in loads:
            done = self.stack.wait_load(load, self.operator, 600)
            assert done["state"] == "LOADED" and not done["rejected_count"], done
            rows += done["rows"]
        return rows, time.monotonic() - begin

    def manifest(self, files):
        """Lines for chaiqin-send."""
        missing = sorted({agency for agency, _ in files} - self.tokens.keys())
        with ThreadPoolExecutor(4) as pool:
            self.tokens.update(
                zip(missing, pool.map(lambda a: self.stack.token(a, ttl_s=86400), missing))
            )
        return "".join(f"{self.tokens[agency]}\t{path}\n" for agency, path in files)

    def send(self, manifest, *options):
        """Sends the files of a manifest; (path, submission id, ms to 202, ms to the end, state)
        each."""
        done = subprocess.run(
            [
                PROGRAMS / "chaiqin-send",
                "--url",
                f"http://127.0.0.1:{self.stack.port}",
                *map(str, options),
            ],
            input=manifest,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-600:]
        return [
            (path, submission, float(accepted), float(ended), state)
            for path, submission, accepted, ended, state in (
                line.split("\t") for line in done.stdout.splitlines()
            )
        ]

    def expect(self, month):
        """From now on the month must be published."""
        self.sent += 1
        for (agency, of, kind), (records, minutes) in month.counts().items():
            self.cells[(agency, of, kind)][0] += records
            self.cells[(agency, of, kind)][1] += minutes
        self.remember()

    def remember(self):
        self._memory.write_text(
            json.dumps(
                {
                    "scale": self.scale,
                    "seed": self.seed,
                    "sent": self.sent,
                    "cells": {" ".join(cell): sums for cell, sums in self.cells.items()},
                }
            )
        )

    def published(self, years):
        """Records and minutes of everybody in those years, as the sums of the monthly table."""
        records = minutes = 0
        for year in years:
            answer = self.stack.get(
                f"/api/v1/statistics/monthly?year={year}&page_size=1", self.operator
            )
            assert answer.status == 200, answer.body
            for m in answer.json["sum"]["months"]:
                records += m["leave"] + m["overtime"]
                minutes += m["leave_minutes"] + m["overtime_minutes"]
        return records, minutes

    def wanted(self, years):
        """What those sums must come to: ours, and what others had in the store when we came."""
        records, minutes = map(
            sum,
            zip(
                (0, 0), *(sums for (_, month, _), sums in self.cells.items() if month[:4] in years)
            ),
        )
        others = [self.others[year] for year in years]
        return records + sum(o[0] for o in others), minutes + sum(o[1] for o in others)

    def wait_counted(self, years, deadline_s=600):
        """Until the published sums are what they must be; asked ten times a second."""
        wanted, end, seen = self.wanted(years), time.monotonic() + deadline_s, None
        while time.monotonic() < end:
            seen = self.published(years)
            if seen == wanted:
                return
            time.sleep(0.1)
        raise AssertionError(f"{seen} records and minutes are published, {wanted} should be")

    def wait_for_counts(self, years, deadline_s=60):
        """After a re-match the aggregator follows by itself; sums would not tell, records only
        move."""
        end = time.monotonic() + deadline_s
        while True:
            try:
                return self.check_counts(years)
            except AssertionError:
                if time.monotonic() > end:
                    raise
            time.sleep(0.2)

    def check_counts(self, years):
        """Every published cell of those years, against what the generator made."""
        published = {}
        for year in years:
            counts = self.stack.monthly(int(year), self.operator)
            published.update(
                {cell: sums for cell, sums in counts.items() if cell[0].startswith("Z0")}
            )
        wanted = {cell: sums for cell, sums in self.cells.items() if cell[1][:4] in years}
        wrong = [
            (cell, published.get(cell), sums)
            for cell, sums in wanted.items()
            if published.get(cell) != sums
        ]
        assert not wrong and published.keys() == wanted.keys(), (
            wrong[:5] or published.keys() ^ wanted.keys()
        )


class Month:
    def __init__(self, directory, truth):
        self.directory, self.truth = directory, truth
        self.name, self.records, self.bytes = truth["month"], truth["records"], truth["bytes"]
        self.files = [(f["agency"], directory / f["path"]) for f in truth["files"]]

    @property
    def years(self):
        """Of its records: some are sent a month late."""
        return sorted({cell["month"][:4] for cell in self.truth["counts"]})

    def counts(self):
        sums = defaultdict(lambda: [0, 0])
        for cell in self.truth["counts"]:
            sums[(cell["agency"], cell["month"], cell["kind"])][0] += cell["records"]
            sums[(cell["agency"], cell["month"], cell["kind"])][1] += cell["minutes"]
        return sums

    def remove(self):
        shutil.rmtree(self.directory)
