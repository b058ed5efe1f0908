"""Sends many sequences at once through the HTTP API, phase by phase, from several threads and in
shuffled order."""

import csv
import io
import random
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlencode

from sequences import LOAD_COLUMNS, REGISTRY_COLUMNS, registry_row

TERMINAL = ("COUNTED", "COUNTED_PARTIAL", "REJECTED_FILE")
WITHIN_S = 120


class Slow(Exception):
    """The stack did not come to an end in time."""


def csv_text(columns, rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


class Batch:
    """Sequences under one root agency, driven together; afterwards it knows every submission and
    load.

    `day`: on which it begins; `closing`: one past the deadline of the sequences' later month.
    """

    def __init__(self, stack, sequences, order_seed, day, closing, threads=16):
        self.stack, self.sequences, self.random = stack, sequences, random.Random(order_seed)
        self.root, self.day, self.closing, self.threads = sequences[0].root, day, closing, threads
        self.operator = stack.operator()
        self.reader = stack.token(self.root, "supervisor")
        self.clerks = {}
        self.submissions = [
            [] for _ in sequences
        ]  # ids in the order of the uploads; a repeated key counts once
        self.loads = []  # (parts, load's answer); parts: (place in sequences, phase, load)
        self.unfinished = set()  # submissions that are not known to be terminal

    def open(self):
        """Everything before the deadline of the later month."""
        with ThreadPoolExecutor(self.threads) as self.pool:
            self._master_data()
            self._phases("open")

    def close(self, freezes):
        """The deadline passes, and what comes then; `freezes`: is there anybody to freeze a figure
        of?"""
        with ThreadPoolExecutor(self.threads) as self.pool:
            self._phases("eve")
            self._clock(f"{self.closing}T00:10:00+08:00")
            self._phases("late")
            self._wait_for_freeze(freezes)
            self._phases("frozen")

    def _wait_for_freeze(self, freezes):
        end = time.monotonic() + WITHIN_S
        while (
            freezes
            and not self.get(f"reporting-rates?month={self.sequences[0].months[1]}")["frozen"]
        ):
            if time.monotonic() > end:
                raise Slow("no frozen figures")
            time.sleep(0.3)

    def _phases(self, when):
        numbers = [
            [n for n, phase in enumerate(s.phases) if phase.when == when] for s in self.sequences
        ]
        for step in range(max(map(len, numbers))):
            self._step([(place, of[step]) for place, of in enumerate(numbers) if step < len(of)])
            if when != "eve":
                self._wait_for_files()

    def _clock(self, moment):
        """The files that follow are received at that moment or later."""
        self.stack.command("clock", moment)
        clerk, end = self.stack.token(self.root), time.monotonic() + WITHIN_S
        while True:
            probe = self._patiently(
                "POST",
                "/api/v1/submissions",
                clerk,
                b"{",
                {"Content-Type": "application/json"},
                202,
            )
            if probe["files"][0]["receipt"]["received_at"] >= moment:
                return
            if time.monotonic() > end:
                raise Slow(f"the clock is not {moment}")
            time.sleep(0.1)

    def _master_data(self):
        groups = sorted({s.group for s in self.sequences})
        self._registry(
            [registry_row(self.root, ""), *(registry_row(group, self.root) for group in groups)]
        )
        agencies = {
            group: [c for s in self.sequences if s.group == group for c in s.codes.values()]
            for group in groups
        }
        tokens = self.pool.map(
            lambda group: self.stack.token(group, "agency_clerk", delegated=agencies[group]), groups
        )
        self.clerks = dict(zip(groups, tokens))

    def _step(self, at):
        """One phase of each of some sequences: (place, number of its phase)."""
        at = [
            (place, self.sequences[place], number, self.sequences[place].phases[number])
            for place, number in at
        ]
        self._registry([row for _, _, _, phase in at for row in phase.agencies])
        early, late = self._loads_of(at)
        self._wait_for_loads(list(self.pool.map(self._send_load, early)))
        chains = [chain for place, s, _, phase in at for chain in self._chains(place, s, phase)]
        self.random.shuffle(chains)
        sent_loads = [self.pool.submit(self._send_load, load) for load in late]
        sent = [self.pool.submit(self._send_chain, chain) for chain in chains]
        for one in sent:
            one.result()
        self._wait_for_loads([one.result() for one in sent_loads])
        self.unfinished |= {
            i for place, _, _, phase in at for i in self.submissions[place][-len(phase.uploads) :]
        }

    def _registry(self, rows):
        if not rows:
            return
        answer = self._patiently(
            "POST",
            "/api/v1/registry/agencies?confirm=true",
            self.operator,
            csv_text(REGISTRY_COLUMNS, rows),
            {"Content-Type": "text/csv"},
            200,
        )
        assert answer["rejected_count"] == 0, answer

    # Table 19

    @staticmethod
    def _loads_of(at):
        """Uploads of the phase as (ordered ones, others); the parts of a group's sequences in
        one."""
        grouped, early, late = defaultdict(list), [], []
        for place, sequence, number, phase in at:
            for load in phase.loads:
                part = (place, number, load)
                if load.of_group:
                    grouped[(sequence.ordered, load.authority)].append(part)
                else:
                    (early if sequence.ordered else late).append([part])
        for (ordered, _), parts in grouped.items():
            (early if ordered else late).append(parts)
        return early, late

    def _send_load(self, parts):
        load = parts[0][2]
        query = {"mode": "snapshot" if load.snapshot else "changes", "authority": load.authority}
        if load.force and load.snapshot:
            query["force"] = "true"
        path = f"/api/v1/table19/loads?{urlencode(query)}"
        lines = [line for _, _, part in parts for line in part.lines]
        answer = self._patiently(
            "POST",
            path,
            self.operator,
            csv_text(LOAD_COLUMNS, lines),
            {"Content-Type": "text/csv"},
            202,
        )
        return parts, answer["load_id"]

    def _wait_for_loads(self, sent):
        end = time.monotonic() + WITHIN_S
        for parts, load_id in sent:
            while True:
                answer = self._patiently("GET", f"/api/v1/table19/loads/{load_id}", self.operator)
                if answer["state"] != "RECEIVED" and (
                    answer["state"] != "LOADED"
                    or answer["rematch"]["done"] == answer["rematch"]["persons"]
                ):
                    break
                if time.monotonic() > end:
                    raise Slow(f"Table 19 load {load_id}: {answer}")
                time.sleep(0.05)
            self.loads.append((parts, answer))

    # Files

    def _chains(self, place, sequence, phase):
        """What is sent one after the other: a sender's files if their order matters, else each file
        alone."""
        first = len(self.submissions[place])
        self.submissions[place] += [None] * len(phase.uploads)
        files = [(place, first + i, upload) for i, upload in enumerate(phase.uploads)]
        if not sequence.ordered:
            return [[file] for file in files]
        by_sender = defaultdict(list)
        for file in files:
            by_sender[file[2].sender].append(file)
        return list(by_sender.values())

    def _send_chain(self, chain):
        for place, index, upload in chain:
            sequence = self.sequences[place]
            headers = {
                "Content-Type": "application/json",
                "X-File-Name": f"{sequence.number}-{index}.json",
                "X-Acting-Agency": upload.sender,
                "Idempotency-Key": f"{sequence.codes['A']}-{index}",
            }
            content = upload.content()
            for _ in range(2 if upload.posted_twice else 1):
                answer = self._patiently(
                    "POST",
                    "/api/v1/submissions",
                    self.clerks[sequence.group],
                    content,
                    headers,
                    202,
                )
                submission_id = answer["files"][0]["receipt"]["submission_id"]
                known = self.submissions[place][index]
                assert known in (None, submission_id), (
                    known,
                    submission_id,
                    "one key, two submissions",
                )
                self.submissions[place][index] = submission_id

    def _wait_for_files(self):
        end = time.monotonic() + WITHIN_S
        while self.unfinished:
            for submission in self.sent("submissions", "submissions"):
                if submission["state"] in TERMINAL:
                    self.unfinished.discard(submission["submission_id"])
                if not self.unfinished:
                    return
            if time.monotonic() > end:
                raise Slow(
                    f"{len(self.unfinished)} submissions, one of them {sorted(self.unfinished)[0]}"
                )
            time.sleep(0.3)

    def sent(self, path, member, **more):
        """The elements of a list that has the days of receipt among its filters."""
        filters = urlencode(
            {"from": self.day - timedelta(days=1), "to": self.closing + timedelta(days=1), **more}
        )
        return self.newest_first(f"{path}?{filters}", member)

    def newest_first_as_sent(self, sequence, agency, path, member):
        """The same as the clerk of an agency of the sequence reads it."""
        acting = {"X-Acting-Agency": agency}
        return self.newest_first(path, member, self.clerks[sequence.group], acting)

    def newest_first(self, path, member, token=None, headers=None):
        """The elements of a list page by page, as far as the caller wants to read."""
        page_token = ""
        while True:
            more = f"&page_token={page_token}" if page_token else ""
            mark = "&" if "?" in path else "?"
            page = f"/api/v1/{path}{mark}page_size=100{more}"
            answer = self._patiently("GET", page, token or self.reader, headers=headers)
            yield from answer[member]
            page_token = answer["next_page_token"]
            if not page_token:
                return

    def get(self, path):
        return self._patiently("GET", f"/api/v1/{path}", self.reader)

    def _patiently(self, method, path, token, body=None, headers=None, wanted=200):
        end = time.monotonic() + WITHIN_S
        while True:
            answer = self.stack.call(method, path, token, body, headers)
            if answer.status == wanted:
                return answer.json
            if answer.status not in (429, 503) or time.monotonic() > end:
                raise AssertionError(
                    f"{method} {path} answered {answer.status}: {answer.body[:300]}"
                )
            time.sleep(0.2)
