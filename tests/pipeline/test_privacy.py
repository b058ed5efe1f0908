"""Canary ids, names and reasons sent through the stack are found nowhere in plaintext: answers,
every table, Kafka's segments, database files and write-ahead log, service logs, mails. And a check
leaves no trace at all.
"""

import hashlib
import os
import sys
import time
import unittest
from pathlib import Path

from made_stack import MadeStack, made, owned

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "deploy" / "stack"))
import database  # noqa: E402
from layout import Layout  # noqa: E402

CANARY = owned.PERSONS["privacy"][6_654_321]
NAME, REASON, PLACE = "金絲雀甲乙丙", "金絲雀之事由丁戊己", "金絲雀之地點庚辛壬"
KNOWN = "CANARY-FORM-0001"


TABLES = (
    "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
    " WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
)


def forms_of(text):
    """As it stands in a file, and as psql shows it in a bytea."""
    return (text, text.encode().hex())


class Privacy(MadeStack):
    rows = [(CANARY, 1, made.AGENCY, 1, "1100101", "")]

    def sql(self, statement):
        done = database.psql(Layout(self.stack.directory), statement)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def tables(self):
        """Every row of every table as text: compressed and moved-out values too, which a look at
        the files may miss."""
        names = self.sql(TABLES).split()
        self.assertGreater(len(names), 20)
        return {
            name: self.sql(f"COPY (SELECT t::text FROM {name} t ORDER BY 1) TO STDOUT")
            for name in names
        }

    def topics(self):
        """Name and digest of every segment of the product's topics."""
        segments = {}
        for base, _, names in os.walk(self.stack.directory / "kafka"):
            for name in names:
                if os.path.basename(base).startswith("chaiqin.") and name.endswith(".log"):
                    segments[os.path.join(base, name)] = hashlib.sha256(
                        Path(base, name).read_bytes()
                    ).hexdigest()
        self.assertTrue(segments)
        return segments

    def digests(self):
        """Rows of every table and the sum of their hashes, by the database itself."""
        each = " UNION ALL ".join(
            f"SELECT '{name}', count(*), sum(hash_record_extended(t, 0)) FROM {name} t"
            for name in self.sql(TABLES).split()
        )
        return dict(line.split("|", 1) for line in self.sql(each).splitlines())

    def stores(self):
        return {**self.digests(), **self.topics()}

    def quiet_stores(self):
        """The stores once nothing changes any more; stages may still be at what earlier tests
        sent."""
        before, end = self.stores(), time.monotonic() + 60
        while time.monotonic() < end:
            time.sleep(1)
            after = self.stores()
            if after == before:
                return after
            before = after
        self.fail("the stores never came to rest")

    def changed(self, before):
        after = self.stores()
        return sorted(
            name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
        )

    def test_a_check_changes_no_store(self):
        before = self.quiet_stores()
        document = made.document([made.leave(CANARY), made.leave(CANARY, leave_type="98")])
        answer = self.stack.call(
            "POST",
            "/api/v1/checks",
            self.clerk,
            made.bytes_of(document),
            {"Content-Type": "application/json"},
        )
        self.assertEqual(
            (answer.status, answer.json["files"][0]["state"]), (200, "FAILED"), answer.body[:300]
        )
        time.sleep(2)  # longer than any stage waits before it writes
        self.assertEqual(self.changed(before), [])
        self.counted(document)
        self.assertTrue(
            any("chaiqin." in name for name in self.changed(before)),
            "a submission is seen in the topics",
        )
        self.assertIn("validation.submission", self.changed(before))

    def test_canaries_are_found_nowhere(self):
        said = {"person_name": NAME, "reason": REASON, "location": PLACE}
        self.counted(
            made.document([made.leave(CANARY, **said), made.leave(CANARY, leave_type="98", **said)])
        )
        self.counted(made.document([made.leave(CANARY, **said)], leave_count=3))
        answer = self.stack.call(
            "POST",
            "/api/v1/checks",
            self.clerk,
            made.bytes_of(made.document([made.leave(CANARY, leave_type="98", **said)])),
            {"Content-Type": "application/json", "X-File-Name": f"{CANARY}.json"},
        )
        self.assertEqual(answer.status, 200, answer.body)
        for canary in (CANARY, NAME, REASON, PLACE):
            self.assertNotIn(canary, answer.body.decode())
        self.stack.submit(
            self.clerk, made.document([made.leave(CANARY, **said)]), name=f"{CANARY}.json"
        )
        self.counted(made.document([made.leave(CANARY, record_no=KNOWN, leave_type="98", **said)]))
        tables = self.tables()
        self.assertIn(KNOWN, tables["validation.finding"], "what is sent and may be shown is found")
        for canary in (CANARY, NAME, REASON, PLACE):
            self.assertEqual(
                [
                    name
                    for name, rows in tables.items()
                    if any(form in rows for form in forms_of(canary))
                ],
                [],
            )
        needles = [text.encode() for text in (CANARY, NAME, REASON, PLACE)]
        looked_at, found = 0, []
        for base, _, names in os.walk(self.stack.directory, followlinks=True):
            for name in names:
                path = os.path.join(base, name)
                try:
                    with open(path, "rb") as handle:
                        content = handle.read()
                except OSError:
                    continue
                looked_at += len(content)
                found += [path for needle in needles if needle in content]
        self.assertGreater(looked_at, 10_000_000, "the stack's files were read")
        self.assertEqual(found, [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
