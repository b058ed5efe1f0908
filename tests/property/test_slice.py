"""A slice of the random sequences on the stack of the tests (tests/property/run makes the long
run), and on the same answers the negative control: a model without one rule of the contract must be
found wrong (where the sequences drawn touch the rule at all: the unit ring has a seed that touches
each).

CHAIQIN_PROPERTY_SEQUENCES (default 150) and CHAIQIN_PROPERTY_SEED make another slice; the seed is
printed.
"""

import os
import random
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from chaiqin_testing import model  # noqa: E402
from chaiqin_testing.stack import Stack  # noqa: E402
from running import Run  # noqa: E402


class Slice(unittest.TestCase):
    def test_every_figure_equals_the_model(self):
        seed = int(
            os.environ.get("CHAIQIN_PROPERTY_SEED", random.SystemRandom().randrange(1 << 30))
        )
        count = int(os.environ.get("CHAIQIN_PROPERTY_SEQUENCES", "150"))
        stack = Stack()
        self.addCleanup(stack.close)
        self.addCleanup(stack.command, "clock", "real")
        run = Run(stack, seed)
        day = run.day
        print(f"seed {seed}, day {day}, {count} sequences", flush=True)
        outcome = run.batch(list(range(count)))
        print(outcome, flush=True)
        again = sorted(
            {
                f"tests/property/run --seed {seed} --day {day} --sequence {d.sequence}"
                for d in outcome.differences
                if d.sequence >= 0
            }
        )[:5]
        self.assertEqual(
            [],
            outcome.differences[:10],
            "\n".join(["", *map(str, outcome.differences[:10]), *again]),
        )
        for rule in model.ALL_RULES.__dataclass_fields__:
            without = model.Rules.without(rule)
            with self.subTest(f"the negative control: without {rule}"):
                if run.touches(without):
                    self.assertNotEqual([], run.judged_again(without))


if __name__ == "__main__":
    unittest.main(verbosity=2)
