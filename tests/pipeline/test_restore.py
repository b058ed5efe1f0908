"""PostgreSQL is set back to an earlier moment by a real base backup and its WAL, while Kafka is not
and files flow: every receipt is found again, every file counts once, and nobody is told twice. Then
Kafka loses everything, while PostgreSQL does not."""

import collections
import email
import re
import sys
import threading
import time
import unittest
import uuid
from pathlib import Path

from made_stack import MadeStack, made, owned

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "deploy" / "stack"))
import backup  # noqa: E402
import broker  # noqa: E402
import database  # noqa: E402
from layout import Layout  # noqa: E402

PERSONS = [owned.PERSONS["restore"][n] for n in range(900)]
MAIL = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class Restore(MadeStack):
    rows = [(person, 1, made.AGENCY, 1, "1100101", "") for person in PERSONS]
    next = iter(PERSONS)

    def setUp(self):
        self.layout = Layout(self.stack.directory)
        self.ids, self.stop = [], threading.Event()
        self.flow = threading.Thread(target=self.keep_sending)

    def file(self):
        document = made.document([made.leave(next(Restore.next))])
        key = uuid.uuid4().hex
        self.ids.append(self.stack.submit_until_accepted(self.clerk, document, "a.json", key=key))
        return self.ids[-1]

    def keep_sending(self):
        while not self.stop.wait(0.1):
            self.file()

    def counted(self):
        return self.stack.monthly(2026, self.clerk).get((made.AGENCY, "2026-10", "leave"), [0])[0]

    def mails(self):
        """{submission id: [Message-ID, …]}"""
        found = collections.defaultdict(list)
        for path in (self.stack.directory / "mails").glob("*.eml"):
            content = path.read_bytes()
            message_id = email.message_from_bytes(content)["Message-ID"]
            for submission_id in set(MAIL.findall(_text(content))):
                found[submission_id.decode()].append(message_id)
        return found

    def test_every_file_is_found_counted_and_told_once(self):
        before = self.counted()
        told = [self.file() for _ in range(5)]
        self.wait_mailed(told)
        self.flow.start()
        time.sleep(2)
        backup.base_backup(self.layout)
        time.sleep(2)
        early = [self.file() for _ in range(3)]
        for submission_id in early:
            self.stack.wait_terminal(submission_id, self.clerk)
        moment = "restore_" + uuid.uuid4().hex[:8]
        backup.name_moment(self.layout, moment)
        time.sleep(3)
        late = [self.file() for _ in range(3)]
        for submission_id in late:
            self.stack.wait_terminal(submission_id, self.clerk)
        self.stack.command("part", "stop", "postgresql", "--now")
        time.sleep(1)
        backup.set_back(self.layout, moment)
        self.stack.start("postgresql")
        time.sleep(3)
        self.stop.set()
        self.flow.join()
        for submission_id in self.ids:
            end = self.stack.wait_terminal(submission_id, self.clerk, deadline_s=180)
            self.assertEqual(end["state"], "COUNTED", end)
        self.assertEqual(self.counted() - before, len(self.ids))
        verified = self.stack.chaiqin("verify", check=False)
        self.assertEqual(verified.returncode, 0, verified.stdout)
        self.wait_mailed(self.ids)
        mails = self.mails()
        for submission_id in self.ids:
            message_ids = mails[submission_id]
            self.assertLessEqual(len(message_ids), 2)
            self.assertEqual(len(set(message_ids)), 1, "the same mail")
        for submission_id in told:
            self.assertEqual(len(mails[submission_id]), 1, "it was sent before the backup")

    def test_what_was_judged_comes_back_after_kafka_lost_everything(self):
        before = self.counted()
        self.file()
        self.stack.wait_terminal(self.ids[0], self.clerk)
        self.addCleanup(self.stack.start, "agency_matcher")
        self.stack.command("part", "stop", "agency_matcher")
        for _ in range(12):
            self.file()
        self.wait_judged(self.ids)
        forgotten = self.ids[-5:]  # as a release would leave them that did not keep what it sent
        self.sql(
            "DELETE FROM validation.outbox WHERE "
            + " OR ".join(f"event_id LIKE '{i}/%'" for i in forgotten)
        )
        self.stack.command("part", "stop", "kafka", "--now")
        broker.lose(self.layout)
        self.stack.start("kafka")
        self.when_available("topics", "apply")
        recovered = self.when_available("recover")
        self.assertIn("it is read again from 0", recovered.stdout)
        self.stack.start("agency_matcher")
        for submission_id in self.ids[:-5]:
            self.stack.wait_terminal(submission_id, self.clerk, deadline_s=180)
        verified = self.stack.chaiqin("verify", check=False)
        self.assertEqual(verified.returncode, 1, verified.stdout)
        for submission_id in forgotten:
            self.assertIn(submission_id, verified.stdout)
        replayed = self.stack.chaiqin("archive", "replay", "--since", "2026-01-01")
        self.assertIn("5 files were sent again", replayed.stdout)
        for submission_id in self.ids:
            end = self.stack.wait_terminal(submission_id, self.clerk, deadline_s=180)
            self.assertEqual(end["state"], "COUNTED", end)
        self.assertEqual(self.counted() - before, len(self.ids))
        verified = self.stack.chaiqin("verify", check=False)
        self.assertEqual(verified.returncode, 0, verified.stdout)
        again = self.stack.chaiqin("archive", "replay")
        self.assertIn("0 files were sent again", again.stdout)

    def when_available(self, *command, deadline_s=60):
        """The broker has just begun anew: partitions may have no leader yet (exit code 3)."""
        end = time.monotonic() + deadline_s
        while (done := self.stack.chaiqin(*command, check=False)).returncode == 3:
            self.assertLess(time.monotonic(), end, done.stderr)
            time.sleep(0.5)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def wait_judged(self, ids, deadline_s=60):
        end = time.monotonic() + deadline_s
        wanted = "SELECT count(*) FROM validation.submission WHERE submission_id IN "
        while self.sql(wanted + str(tuple(ids))) != str(len(ids)):
            self.assertLess(time.monotonic(), end, "files are not judged")
            time.sleep(0.2)

    def sql(self, statement):
        done = database.psql(self.layout, statement)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def wait_mailed(self, ids, deadline_s=120):
        end = time.monotonic() + deadline_s
        while missing := set(ids) - set(self.mails()):
            self.assertLess(time.monotonic(), end, f"no mail for {missing}")
            time.sleep(0.5)


def _text(content):
    message = email.message_from_bytes(content)
    return b"\n".join(
        part.get_payload(decode=True) or b""
        for part in message.walk()
        if not part.is_multipart()
    )


if __name__ == "__main__":
    unittest.main(verbosity=2)
