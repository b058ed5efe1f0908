"""A state of the deployment is never a file's fault: the sealing key rotates while files flow, in
the wrong order the validator only waits, and an address that was loaded just now gets its mail."""

import json
import shutil
import sys
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

from made_stack import MadeStack, made, owned

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "deploy" / "stack"))
import database  # noqa: E402
from layout import Layout  # noqa: E402

PERSON = owned.PERSONS["waiting"][0]
MAILED = owned.AGENCIES["waiting"]


def eventually(condition, what, deadline_s=60):
    end = time.monotonic() + deadline_s
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.1)


class Flow:
    """Sends a file every now and then as long as it is entered."""

    def __init__(self, send):
        self.send, self.ids, self.stop = send, [], threading.Event()
        self.thread = threading.Thread(target=self._run)

    def _run(self):
        while not self.stop.wait(0.1):
            self.ids.append(self.send())

    def more(self):
        """Until some more files are sent."""
        before = len(self.ids)
        eventually(lambda: len(self.ids) >= before + 3, "no file is sent any more")

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()


class KeyRotation(MadeStack):
    """The validators read a key directory of their own, as on another host than the gateway."""

    rows = [(PERSON, 1, made.AGENCY, 1, "1100101", "")]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.layout = Layout(cls.stack.directory)
        cls.keys, cls.theirs = cls.layout.keys, cls.stack.directory / "keys-of-validators"
        cls.config = cls.layout.config / "validator.conf"
        before = cls.config.read_text()
        shutil.rmtree(cls.theirs, ignore_errors=True)
        shutil.copytree(cls.keys, cls.theirs)
        cls.addClassCleanup(cls.restart_with, before)
        cls.restart_with(before.replace(f'"{cls.keys}"', f'"{cls.theirs}"'))

    @classmethod
    def restart_with(cls, text):
        cls.config.write_text(text)
        cls.stack.command("part", "stop", "validator")
        cls.stack.start("validator")

    def file(self):
        return self.stack.submit_until_accepted(
            self.clerk, made.document([made.leave(PERSON)]), "a.json"
        )

    def key_ids(self, ids):
        """The keys by which these files were sealed; None while a file is not judged."""
        listed = ", ".join(f"'{submission_id}'" for submission_id in ids)
        found = database.psql(
            self.layout,
            f"SELECT key_id FROM validation.archive WHERE submission_id IN ({listed})",
        )
        self.assertEqual(found.returncode, 0, found.stderr)
        return set(found.stdout.split())

    def next_key(self):
        made_key = json.loads(self.stack.chaiqin("keys", "add", self.keys, "--json").stdout)
        (name,) = made_key["made"]
        return name, name.removeprefix("seal-").removesuffix(".key")

    def give(self, name):
        shutil.copy2(self.keys / name, self.theirs / name)

    def waiting(self):
        """What the validators say at /readyz that they wait for."""
        said = []
        for part in self.stack.status()["parts"]:
            if part["name"] != "validator":
                continue
            url = f"http://127.0.0.1:{part['ports']['operations']}/readyz"
            try:
                with urllib.request.urlopen(url, timeout=5) as answer:
                    self.assertNotIn("waiting", json.load(answer))
            except urllib.error.HTTPError as refusal:
                with refusal:
                    self.assertEqual(refusal.code, 503)
                    said += json.load(refusal).get("waiting", [])
        return said

    def assert_all_counted(self, ids):
        for submission_id in ids:
            end = self.stack.wait_terminal(submission_id, self.clerk)
            self.assertEqual(end["state"], "COUNTED", end)
        listed = json.loads(self.stack.chaiqin("quarantine", "list", "--json").stdout)
        self.assertEqual([m for m in listed["messages"] if m["stage"] == "validation"], [])

    def test_in_the_right_order_nothing_waits(self):
        with Flow(self.file) as flow:
            flow.more()
            name, number = self.next_key()
            flow.more()
            self.give(name)
            flow.more()
            self.stack.chaiqin("keys", "use", self.keys, number)
            time.sleep(1.5)  # the gateway looks every half second
            flow.more()
            flow.more()
        self.assertEqual(self.waiting(), [])
        self.assert_all_counted(flow.ids)
        self.assertEqual(self.key_ids(flow.ids[-3:]), {number})
        self.assertEqual(len(self.key_ids(flow.ids)), 2)

    def test_in_the_wrong_order_the_validator_waits_and_goes_on(self):
        with Flow(self.file) as flow:
            flow.more()
            name, number = self.next_key()
            self.stack.chaiqin("keys", "use", self.keys, number)
            eventually(self.waiting, "nothing waits for the key")
            (said,) = {tuple(sorted(wait.items())) for wait in self.waiting()}
            self.assertEqual(dict(said)["reason"], "seal_key")
            self.assertIn(name, dict(said)["mend"])
            flow.more()
            self.give(name)
            eventually(lambda: not self.waiting(), "it does not go on")
        self.assert_all_counted(flow.ids)
        self.assertIn(number, self.key_ids(flow.ids))


class MailsAtOnce(MadeStack):
    def test_an_address_that_was_loaded_just_now_gets_its_mail(self):
        head = made.REGISTRY.partition("\n")[0]
        wanted = []
        for n in range(1, 16):
            agency, address = MAILED[n], f"{time.time_ns()}@{MAILED[n].lower()}.example"
            with tempfile.NamedTemporaryFile("w", suffix=".csv") as registry:
                registry.write(
                    f"{head}\n{agency},等候測試機關,,2000-01-01,2000-01-01,,,,,{address}\n"
                )
                registry.flush()
                self.stack.load_registry(registry.name, self.operator)
            wanted.append((address, self.send(b"{}", self.stack.token(agency))))
        for address, submission_id in wanted:
            eventually(lambda a=address: self.mailed(a), f"no mail to {address} {submission_id}")

    def mailed(self, address):
        return any(
            address in mail.read_text(errors="replace")
            for mail in (self.stack.directory / "mails").glob("*.eml")
        )


if __name__ == "__main__":
    unittest.main()
