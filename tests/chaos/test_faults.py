"""The slice of the fault run that is a test: see fault_run.py for what it does, tests/chaos/run for
a long one.

CHAIQIN_CHAOS_FAULTS (default 20) and CHAIQIN_CHAOS_SEED make a longer or a repeated run; the seed
is printed.
"""

import os
import random
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.path.insert(0, str(Path(__file__).resolve().parent))
from chaiqin_testing.stack import Stack  # noqa: E402
from fault_run import FaultRun  # noqa: E402


def say(text):
    print(text, flush=True)


class Faults(unittest.TestCase):
    def test_nothing_is_lost_or_counted_twice(self):
        seed = int(os.environ.get("CHAIQIN_CHAOS_SEED", random.SystemRandom().randrange(1 << 30)))
        count = int(os.environ.get("CHAIQIN_CHAOS_FAULTS", "20"))
        say(f"seed {seed}, {count} faults")
        with tempfile.TemporaryDirectory() as scratch:
            stack = Stack()
            self.addCleanup(stack.close)
            run = FaultRun(stack, scratch, seed, say=say)
            outcome = run.run(count)
            say(str(outcome))
            self.assertEqual(outcome.problems, [])
            self.assertGreater(outcome.submissions, count)
            control = run.sees_one_record_too_many()
            self.assertEqual(
                (control.lost, control.counted_twice, len(control.problems)),
                (0, 1, 2),
                control.problems,
            )
            verified = run.stack.chaiqin("verify", check=False)
            self.assertEqual(
                verified.returncode, 0, "after the control: " + verified.stdout + verified.stderr
            )


if __name__ == "__main__":
    unittest.main(verbosity=2)
