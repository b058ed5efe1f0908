"""The runner of the Python tests: it passes what passes, and fails what fails or leaves something
open."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

RUNNER = Path(__file__).resolve().parent / "run_test.py"
TEST = """import socket, threading, unittest
class Some(unittest.TestCase):
    def test_it(self):
        {}
unittest.main()
"""


class Runner(unittest.TestCase):
    def run_with(self, statement):
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / "test_some.py"
            path.write_text(TEST.format(statement))
            return subprocess.run(
                [sys.executable, "-B", RUNNER, path, "-v"],
                capture_output=True,
                text=True,
                check=False,
            )

    def test_a_good_test_passes_and_gets_its_arguments(self):
        done = self.run_with("socket.socket().close()")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("test_it", done.stderr)

    def test_a_failing_test_fails(self):
        self.assertNotEqual(self.run_with("self.fail()").returncode, 0)

    def test_a_socket_left_open_fails_whoever_opened_it(self):
        for statement in (
            "socket.socket()",
            "one = threading.Thread(target=socket.socket); one.start(); one.join()",
            "open(__file__)",
        ):
            done = self.run_with(statement)
            self.assertNotEqual(done.returncode, 0, statement)
            self.assertIn("left open: unclosed", done.stderr, statement)


if __name__ == "__main__":
    unittest.main(verbosity=2)
