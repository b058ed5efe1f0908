"""One agency, and clients without a token, do their worst: the others do not notice it."""

import unittest
from urllib.request import urlopen

from made_stack import MadeStack, made, owned

from chaiqin_testing import neighbour

PERSON = owned.PERSONS["fair_shares"][0]
SECONDS = 20
LIMITS = {"bytes_in_flight", "uploads", "checks", "reads", "waits", "loads"}


class FairShares(MadeStack):
    rows = [(PERSON, 1, made.AGENCY, 1, "1100101", "")]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        content = made.bytes_of(made.document([made.leave(PERSON) for _ in range(280)]))
        tokens = [cls.stack.token(agency) for agency in (made.AGENCY, made.CHILD, made.HANDLER)]
        others = neighbour.Others(cls.stack.port, tokens, [content])
        hostile = neighbour.Hostile(
            cls.stack.port,
            cls.stack.token(made.OTHER),
            cls.stack.token(made.OTHER, "personnel_office"),
            made.OTHER,
            content,
            SECONDS / 2,
        )
        cls.addClassCleanup(hostile.kill)
        others.send(SECONDS)
        cls.others, cls.answered = others, hostile.stop()

    def test_the_others_are_served_as_if_nobody_else_were_there(self):
        self.assertEqual(self.others.harm, {}, self.answered)
        self.assertEqual(self.others.outcomes["202"], SECONDS * 10)

    def test_the_hostile_one_is_told_which_limit_it_has_reached_and_when_to_come_back(self):
        told = {what for outcomes in self.answered.values() for what in outcomes}
        self.assertLessEqual({f"429 {limit}" for limit in LIMITS}, told, self.answered)
        self.assertNotIn("429 without Retry-After", told)

    def test_who_has_no_token_gets_no_further(self):
        self.assertEqual(
            set(self.answered["bodies without a token"]) - {"closed"}, {"401"}, self.answered
        )
        self.assertIn("429 open_bodies", self.answered["open bodies"])
        self.assertIn("closed", self.answered["idle sockets"], "the oldest gave way")

    def test_the_limits_are_counted(self):
        ports = next(p["ports"] for p in self.stack.status()["parts"] if p["name"] == "gateway")
        with urlopen(f"http://127.0.0.1:{ports['operations']}/metrics", timeout=10) as answer:
            text = answer.read().decode()
        for limit in LIMITS:
            self.assertRegex(text, f'chaiqin_requests_limited_total{{.*limit="{limit}".*}} [1-9]')


if __name__ == "__main__":
    unittest.main(verbosity=2)
