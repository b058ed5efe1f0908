"""Canary ids, names and reasons sent through the stack are found nowhere in plaintext: Kafka's segments, database
files and write-ahead log, service logs, mails."""
import os
import unittest

from made_stack import MadeStack, made

CANARY = made.person_id(7654321, "Q")
NAME, REASON, PLACE = "金絲雀甲乙丙", "金絲雀之事由丁戊己", "金絲雀之地點庚辛壬"


class Privacy(MadeStack):
    rows = [(CANARY, 1, made.AGENCY, 1, "1100101", "")]

    def test_canaries_are_found_nowhere(self):
        said = {"person_name": NAME, "reason": REASON, "location": PLACE}
        self.counted(made.document([made.leave(CANARY, **said), made.leave(CANARY, leave_type="98", **said)]))
        self.counted(made.document([made.leave(CANARY, **said)], leave_count=3))
        answer = self.stack.call("POST", "/api/v1/checks", self.clerk, made.bytes_of(made.document([made.leave(CANARY, leave_type="98", **said)])),
                                 {"Content-Type": "application/json", "X-File-Name": f"{CANARY}.json"})
        self.assertEqual(answer.status, 200, answer.body)
        for canary in (CANARY, NAME, REASON, PLACE):
            self.assertNotIn(canary, answer.body.decode())
        self.stack.submit(self.clerk, made.document([made.leave(CANARY, **said)]), name=f"{CANARY}.json")
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
