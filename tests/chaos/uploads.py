"""The uploads of a fault run: generated files, amendments of them and their restoration, sent again
and again in any order by clients whose connections break. Whatever the order, the highest revisions
are the generated content: so once everything was sent at least once the counts are the generator's
truth."""

import http.client
import json
import queue
import socket
import struct
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

LANES = (
    3  # clients at once; the files of one agency go through one of them, so their order is known
)
IDLE_S = 1.0  # a client without a task sends a file all the same
PATIENCE_S = 240
AMENDED_OF = 3  # every third file gets amendments


class Variant:
    """One content of one file: as generated, amended, or restored with higher revisions."""

    def __init__(self, agency, name, content, invalid):
        self.agency, self.name, self.content, self.invalid = agency, name, content, invalid
        self.document = json.loads(content)
        self.total = len(self.document["leave_records"]) + len(self.document["overtime_records"])


class Sent:
    def __init__(self, variant, submission_id):
        self.variant, self.id = variant, submission_id


def invalid_lines(stack, token, content):
    """(kind, index) of the lines with errors, as the check answers."""
    answer = stack.call(
        "POST", "/api/v1/checks", token, content, {"Content-Type": "application/json"}
    )
    assert answer.status == 200, answer.body[:300]
    errors = [f for f in answer.json["files"][0]["findings"] if f["severity"] == "error"]
    assert all(f["index"] is not None for f in errors), errors
    return {(f["kind"], f["index"]) for f in errors}


def amended(variant, random):
    """Two contents of later revisions: some records deleted or shortened; all of those as they were
    generated."""
    changed, restored = json.loads(variant.content), json.loads(variant.content)
    for kind in ("leave", "overtime"):
        for index, record in enumerate(changed[kind + "_records"]):
            if (kind, index) in variant.invalid or random.random() < 0.6:
                continue
            record["revision"] += 1
            restored[kind + "_records"][index]["revision"] += 2
            if random.random() < 0.5:
                record["action"] = "D"
            elif kind == "leave":
                record["leave_minutes"] = 60
            else:
                record["reason"] = "趕辦其他業務"
    return [json.dumps(document, ensure_ascii=False).encode() for document in (changed, restored)]


class Uploads:
    def __init__(self, stack, month, tokens, seed):
        self.stack, self.tokens = stack, tokens
        self.sent, self.troubles = [], []
        self._lock, self._stop = threading.Lock(), threading.Event()
        self._queues = [queue.Queue() for _ in range(LANES)]
        self._variants = self._make(month, Random(seed))
        self._unsent = [list(mine) for mine in self._variants]
        self._threads = [
            threading.Thread(
                target=self._lane, args=(lane, Random(seed * LANES + lane)), daemon=True
            )
            for lane in range(LANES)
        ]

    def _make(self, month, random):
        """Variants by lane."""
        lanes, agencies = [[] for _ in range(LANES)], sorted(
            {file["agency"] for file in month.files}
        )
        for number, file in enumerate(month.files):
            agency, name, content = file["agency"], Path(file["path"]).name, month.read(file)
            original = Variant(
                agency, name, content, invalid_lines(self.stack, self.tokens[agency], content)
            )
            assert len(original.invalid) == file["invalid"], (file, original.invalid)
            mine = lanes[agencies.index(agency) % LANES]
            mine.append(original)
            if number % AMENDED_OF == 0:
                mine += [
                    Variant(
                        agency,
                        name,
                        content,
                        invalid_lines(self.stack, self.tokens[agency], content),
                    )
                    for content in amended(original, random)
                ]
        for mine in lanes:
            random.shuffle(mine)
        return lanes

    def start(self):
        for thread in self._threads:
            thread.start()

    def burst(self, random, count, how="plain"):
        """`count` uploads at once, while the fault goes on: half of them contents that were never
        sent."""
        for number in range(count):
            self._queues[number % LANES].put((how, random.random()))

    def finish(self):
        """All that was asked for and all that was never sent goes out; then the clients end."""
        self._stop.set()
        for thread in self._threads:
            thread.join()
        assert not self.troubles, self.troubles

    def _lane(self, lane, random):
        try:
            while not (
                self._stop.is_set() and self._queues[lane].empty() and not self._unsent[lane]
            ):
                try:
                    how, dice = self._queues[lane].get(timeout=0 if self._stop.is_set() else IDLE_S)
                except queue.Empty:
                    how, dice = "plain", 0 if self._stop.is_set() else random.random()
                self._send(self._choose(lane, how, dice, random), how, random)
        except Exception as trouble:  # noqa: BLE001 - reported by the run's own thread
            self.troubles.append(trouble)

    def _choose(self, lane, how, dice, random):
        unsent = self._unsent[lane]
        if unsent and dice < 0.5 and how != "shuffled":
            return unsent.pop()
        variant = random.choice(self._variants[lane])
        if variant in unsent:
            unsent.remove(variant)
        return variant

    def _send(self, variant, how, random):
        key, token = uuid.uuid4().hex, self.tokens[variant.agency]
        if how in ("lost", "torn"):
            self._break_off(variant, token, key, how, random)

        def once():
            return self.stack.submit_until_accepted(
                token, variant.content, variant.name, PATIENCE_S, key
            )

        if how == "twins":
            with ThreadPoolExecutor(2) as pool:
                ids = list(pool.map(lambda _: once(), range(2)))
            assert ids[0] == ids[1], ("one key, two submissions", ids)
            submission_id = ids[0]
        else:
            submission_id = once()
        with self._lock:
            self.sent.append(Sent(variant, submission_id))

    def _break_off(self, variant, token, key, how, random):
        """A client that goes away after the body (lost) or in the middle of it (torn), without
        reading an answer."""
        head = (
            "POST /api/v1/submissions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer"
            f" {token}\r\nContent-Type: application/json\r\nX-File-Name:"
            f" {variant.name}\r\nIdempotency-Key: {key}\r\nContent-Length:"
            f" {len(variant.content)}\r\n\r\n"
        ).encode()
        body = (
            variant.content
            if how == "lost"
            else variant.content[: random.randrange(len(variant.content))]
        )
        try:
            with socket.create_connection(("127.0.0.1", self.stack.port), timeout=5) as client:
                client.sendall(head + body)
                time.sleep(random.uniform(0, 0.03))
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except (OSError, http.client.HTTPException):
            pass  # the gateway was away; the repeat is what counts
