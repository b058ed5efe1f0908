"""The programs of docs/examples do what docs/vendors.md says of them."""

import importlib.util
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from made_stack import MadeStack, made, owned

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
[PERSON] = owned.PERSONS["examples"].of_this_run(1)


class Examples(MadeStack):
    def follow(self, place):
        done = subprocess.run(
            [
                *(sys.executable, EXAMPLES / "follow_findings.py"),
                *(f"http://127.0.0.1:{self.stack.port}", place),
                "--once",
            ],
            env={**os.environ, "CHAIQIN_TOKEN": self.clerk},
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def test_the_feed_is_followed_from_where_it_stopped(self):
        with tempfile.TemporaryDirectory() as scratch:
            place = Path(scratch) / "cursor.txt"
            self.follow(place)
            bad = made.leave(PERSON, leave_type="98")
            self.counted(made.document([bad]))
            told = ""
            for _ in range(30):
                told += self.follow(place)
                if bad["record_no"] in told:
                    break
                self.stack.get("/api/v1/findings/changes?wait=1s&after=" + place.read_text(),
                               self.clerk)  # fmt: skip
            self.assertIn(f"opened L01 {bad['record_no']}-1 版次 1", told)
            self.assertEqual(self.follow(place), "")

    def test_the_receiver_takes_signed_deliveries_alone(self):
        """The published example of Standard Webhooks, and what differs from it by one thing."""
        spec = importlib.util.spec_from_file_location("example", EXAMPLES / "receive_webhooks.py")
        example = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(example)
        secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
        headers = {
            "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp": "1614265330",
            "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        }
        now = 1614265330
        self.assertTrue(example.is_signed(secret, headers, body, now))
        second = {**headers, "webhook-signature": "v1,AAAA " + headers["webhook-signature"]}
        self.assertTrue(example.is_signed(secret, second, body, now))
        for what, given in {
            "body": (secret, headers, body + b" ", now),
            "id": (secret, {**headers, "webhook-id": "msg_x"}, body, now),
            "secret": ("whsec_AAAA", headers, body, now),
            "age": (secret, headers, body, now + 301),
            "no signature": (secret, {**headers, "webhook-signature": ""}, body, now),
        }.items():
            with self.subTest(what):
                self.assertFalse(example.is_signed(*given))


if __name__ == "__main__":
    unittest.main()
