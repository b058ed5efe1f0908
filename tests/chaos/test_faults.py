"""While files flow, one part after the other is killed, stopped or stalled; afterwards, without a hand, every
receipt is in the store, the counts equal the recount and nothing was mailed twice beyond one per notifier kill.

CHAIQIN_CHAOS_FAULTS (default 20) and CHAIQIN_CHAOS_SEED make a longer or a repeated run; the seed is printed.
"""
import email
import os
import random
import sys
import tempfile
import threading
import time
import unittest
from collections import Counter
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.path.insert(0, str(Path(__file__).resolve().parent))
import faults  # noqa: E402
from chaiqin_testing import model  # noqa: E402
from chaiqin_testing.month import Month  # noqa: E402
from chaiqin_testing.stack import Stack  # noqa: E402


def months_before(today, count):
    index = today.year * 12 + today.month - 1 - count
    return f"{index // 12}-{index % 12 + 1:02d}"


class Faults(unittest.TestCase):
    def test_nothing_is_lost_or_counted_twice(self):
        seed = int(os.environ.get("CHAIQIN_CHAOS_SEED", random.SystemRandom().randrange(1 << 30)))
        count = int(os.environ.get("CHAIQIN_CHAOS_FAULTS", "20"))
        print(f"seed {seed}, {count} faults", flush=True)
        stack, draw = Stack(), random.Random(seed)
        with tempfile.TemporaryDirectory() as scratch:
            month = Month(scratch, months_before(date.today(), 5), seed=2, files=120, records=9000,
                          first_person=700000)
            month.load_master_data(stack)
            tokens = month.tokens(stack)
            sent = self.break_things(stack, month, tokens, draw, count)
            self.recount(stack, month, tokens, sent)

    def break_things(self, stack, month, tokens, draw, count):
        """Sends all files, then sends again at random, until the faults are through. Returns (file, id) pairs."""
        sent, stop, troubles = [], threading.Event(), []

        def flow():
            rest, order = list(month.files), random.Random(draw.random())
            try:
                while rest or not stop.is_set():
                    file = rest.pop() if rest else order.choice(month.files)
                    sent.append((file, month.send(stack, [file], tokens, threads=1)[0]))
                    time.sleep(0.02 if stop.is_set() else 0.2)
            except Exception as trouble:  # noqa: BLE001 - reported by the test's own thread
                troubles.append(trouble)

        sender = threading.Thread(target=flow)
        sender.start()
        kills = Counter()
        for number in range(count):
            fault = faults.ALL[number] if number < len(faults.ALL) else draw.choice(faults.CHEAP)
            print(f"{number + 1}/{count} {fault.__name__}", flush=True)
            fault(stack, draw)
            kills[fault.__name__] += 1
            time.sleep(draw.uniform(0.5, 3))
        stop.set()
        sender.join()
        self.assertEqual(troubles, [])
        self.notifier_kills = kills["SIGKILL notification"] + kills["PostgreSQL immediate stop"]
        return sent

    def recount(self, stack, month, tokens, sent):
        end = time.monotonic() + 120
        for file, submission_id in sent:
            state = stack.wait_terminal(submission_id, tokens[file["agency"]], max(1, end - time.monotonic()))
            self.assertEqual(sum(state["dispositions"].values()), file["total"], state)
        expected, unmatched = month.expected(stack, sent, tokens)
        months = {month.truth["month"], months_before(date.today(), 6)}
        operator = stack.token("Z00000001A", "operator")
        counted = {}
        for year in sorted({m[:4] for m in months}):
            counted.update(stack.monthly(int(year), operator))
        self.assertEqual({k: v for k, v in counted.items() if k[1] in months}, expected)
        self.assertEqual(expected, month.truth_counts())
        verified = stack.chaiqin("verify", check=False)
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
        self.mails(stack, {submission_id for _, submission_id in sent})

    def mails(self, stack, ids):
        """One mail a submission, and no more repeats than the notifier was killed in the middle of one."""
        def by_id():
            found = Counter()
            for path in (stack.directory / "mails").iterdir():
                found[email.message_from_bytes(path.read_bytes())["Message-ID"]] += 1
            return Counter({m: n for m, n in found.items() if any(i in m for i in ids)})

        end = time.monotonic() + 120
        while len(by_id()) < len(ids) and time.monotonic() < end:
            time.sleep(0.5)
        found = by_id()
        self.assertEqual(len(found), len(ids), "every submission is told of")
        self.assertLessEqual(sum(found.values()) - len(found), self.notifier_kills)


if __name__ == "__main__":
    unittest.main(verbosity=2)
