"""Codes of the API and their words (schemas/words.json): none is without a word, in either
language."""

import json
import re
import unittest

from tree import ROOT

WORDS = json.loads((ROOT / "schemas" / "words.json").read_text(encoding="utf-8"))
OPENAPI = (ROOT / "schemas" / "openapi.yaml").read_text(encoding="utf-8")
ENUM = re.compile(r"enum: \[([^\]]+)\]")
KIND = re.compile(r'NoticeKindRow\{NoticeKind::\w+, "\w+",\s*"(\w+)"')
# group of words → a code by which its lists are found in openapi.yaml
SAMPLES = {
    "states": "COUNTED_PARTIAL",
    "routes": "WEBITR",
    "reasons": "NO_PERSON",
    "menders": "attendance_clerk",
    "next_actors": "nobody",
    "filing": "missing",
    "severities": "warning",
    "finding_status": "FIXED",
    "finding_filter": "fixed",
    "bands": "'90'",
    "load_states": "LOADED",
    "load_modes": "snapshot",
    "notices": "deadline_before",
    "events": "deadline.near",
    "webhook_states": "failing",
    "deliveries": "given_up",
    "delivery_errors": "tls_failed",
    "audiences": "members",
    "reminder_skips": "already_today",
    "scopes": "record",
}


def listed(sample):
    """Every code that stands in a list of openapi.yaml together with the sample."""
    lists = [[code.strip() for code in found.split(",")] for found in ENUM.findall(OPENAPI)]
    codes = {code for codes in lists if sample in codes for code in codes}
    return {code.strip("'") for code in codes - {"null", "opened"}}


class Codes(unittest.TestCase):
    def test_every_code_has_a_word_in_both_languages(self):
        for group, words in WORDS.items():
            for code, word in words.items():
                self.assertEqual(set(word), {"zh", "en"}, f"{group}.{code}")
                self.assertTrue(all(word.values()), f"{group}.{code}")

    def test_every_code_of_the_api_has_a_word(self):
        for group, sample in SAMPLES.items():
            codes = listed(sample)
            self.assertTrue(codes, f"openapi.yaml has no list with {sample}")
            self.assertEqual(codes - WORDS[group].keys(), set(), group)

    def test_the_kinds_of_notices_are_those_of_the_api(self):
        rows = (ROOT / "services" / "domain" / "notice_kind.hpp").read_text(encoding="utf-8")
        self.assertEqual(set(KIND.findall(rows)), listed(SAMPLES["notices"]))


if __name__ == "__main__":
    unittest.main()
