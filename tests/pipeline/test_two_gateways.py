"""Two gateways behind one proxy, in a stack of their own: each takes files, either may die at any
moment, with PostgreSQL away too, and no receipt is lost."""

import subprocess
import tempfile
import threading
import time
import unittest
import urllib.request
import uuid

from made_stack import MadeStack, made, owned

from chaiqin_testing.stack import ROOT, Layout

PORT_BASE = 23800
PERSONS = [owned.PERSONS["two-gateways"][n] for n in range(900)]
SENDERS = 4


class TwoGateways(MadeStack):
    rows = [(person, 1, made.AGENCY, 1, "1100101", "") for person in PERSONS]

    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.directory = scratch.name + "/stack"
        where = ["--dir", cls.directory]
        up = [ROOT / "deploy/up", "--no-demo", "--gateways", "2", "--port-base", str(PORT_BASE)]
        cls.addClassCleanup(subprocess.run, [ROOT / "deploy/down", "--wipe", *where], check=True)
        subprocess.run([*up, *where], check=True, capture_output=True)
        super().setUpClass()

    def setUp(self):
        self.persons, self.lock = iter(PERSONS), threading.Lock()
        self.ids, self.stop = [], threading.Event()

    def keep_sending(self):
        while not self.stop.wait(0.1):
            with self.lock:
                document = made.document([made.leave(next(self.persons))])
            key = uuid.uuid4().hex
            sent = self.stack.submit_until_accepted(self.clerk, document, "a.json", key=key)
            with self.lock:
                self.ids.append(sent)

    def receipts_of(self, process):
        """How many requests the gateway has answered."""
        port = Layout(self.directory).port(process, "operations")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            text = answer.read().decode()
        return sum(
            float(line.split()[-1])
            for line in text.splitlines()
            if line.startswith("chaiqin_http_requests_total") and '"2xx"' in line
        )

    def test_no_receipt_is_lost_when_either_dies(self):
        self.addCleanup(self.stop.set)
        senders = [threading.Thread(target=self.keep_sending) for _ in range(SENDERS)]
        for sender in senders:
            sender.start()
        time.sleep(3)
        took = [self.receipts_of(process) for process in ("gateway", "gateway-2")]
        self.assertGreater(min(took), 0, "both take files")
        self.stack.command("part", "stop", "gateway-2", "--now")
        time.sleep(1)
        self.stack.start("gateway-2")
        self.stack.command("part", "stop", "postgresql", "--now")
        time.sleep(1.5)
        self.stack.command("part", "stop", "gateway-1", "--now")  # with receipts in its memory
        time.sleep(0.5)
        self.stack.start("postgresql")
        time.sleep(1)
        self.stop.set()
        for sender in senders:
            sender.join()
        # gateway-2 alone finds what the other one has left
        for submission_id in self.ids:
            end = self.stack.wait_terminal(submission_id, self.clerk, deadline_s=60)
            self.assertEqual(end["state"], "COUNTED", end)
        self.stack.start("gateway")
        counted = self.stack.monthly(2026, self.clerk)[(made.AGENCY, "2026-10", "leave")][0]
        self.assertEqual(counted, len(self.ids))
        verified = self.stack.chaiqin("verify", check=False)
        self.assertEqual(verified.returncode, 0, verified.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
