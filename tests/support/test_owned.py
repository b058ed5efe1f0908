"""No person id and no agency code belongs to two tests, worlds or runs: their ranges do not meet,
and nobody makes ids and codes of his own."""

import csv
import itertools
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from chaiqin_testing import made, owned  # noqa: E402
from chaiqin_testing.model.table19 import is_person_id  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "property"))
sys.path.insert(0, str(ROOT / "deploy" / "stack"))
import demo  # noqa: E402
import sequences  # noqa: E402

ON_A_STACK = ("pipeline", "property", "chaos", "perf/measure")
OWN_CODE = re.compile(r"\bZ[0-9A-Z]{8}[A-Z]\b|\bZ[A-Z]\{|\bperson_id\(")


def pairs(ranges):
    return itertools.combinations(sorted(ranges.items()), 2)


class Owned(unittest.TestCase):
    def test_no_two_ranges_meet(self):
        persons = {"generated": owned.GENERATED_PERSONS, **owned.PERSONS}
        agencies = {"generated": owned.GENERATED_AGENCIES, **owned.AGENCIES}
        meeting = [
            (one, other)
            for ranges in (persons, agencies, owned.WORLDS)
            for (one, a), (other, b) in pairs(ranges)
            if a.meets(b)
        ]
        self.assertEqual(meeting, [])

    def test_generated_worlds_are_as_large_as_they_may_be(self):
        numbers = [*(world.persons for world in owned.WORLDS.values()), owned.STRANGERS]
        self.assertTrue(
            all(persons[-1] // 52 in owned.GENERATED_PERSONS.numbers for persons in numbers)
        )
        self.assertTrue(
            all(world.persons[-1] < owned.STRANGERS[0] for world in owned.WORLDS.values())
        )
        options, world = demo.COUNTRY, owned.WORLDS["demo"]
        self.assertTrue(
            options["agencies"] <= len(world.agencies) and options["persons"] < len(world.persons),
            options,
        )

    def test_ranges_that_meet_are_found(self):
        some = owned.Persons("AB", "1", range(10, 20))
        self.assertTrue(some.meets(owned.Persons("B", "12", range(19, 30))))
        self.assertFalse(some.meets(owned.Persons("B", "12", range(20, 30))))
        self.assertFalse(some.meets(owned.Persons("B", "2", range(19))))
        self.assertFalse(some.meets(owned.Persons("C", "1", range(19))))
        self.assertTrue(owned.Agencies("ZT").meets(owned.Agencies("ZT1")))
        self.assertFalse(owned.Agencies("ZT").meets(owned.Agencies("ZU")))
        self.assertTrue(
            owned.World(range(1, 5), range(1, 5)).meets(owned.World(range(4, 6), range(9, 11)))
        )
        self.assertFalse(
            owned.World(range(1, 5), range(1, 5)).meets(owned.World(range(5, 6), range(5, 6)))
        )

    def test_ids_and_codes_are_well_formed_and_those_of_their_range(self):
        for name, persons in owned.PERSONS.items():
            for index in (0, 1, len(persons) // 2, len(persons) - 1):
                self.assertTrue(is_person_id(persons[index]), (name, index))
                self.assertTrue(
                    persons[index][0] in persons.letters and persons[index][1] in persons.seconds
                )
            self.assertRaises(IndexError, persons.__getitem__, len(persons))
        for agencies in owned.AGENCIES.values():
            for code in (agencies[0], agencies[35], *agencies.of_this_run(8)):
                self.assertRegex(code, f"^{agencies.prefix}[0-9A-Z]{{7}}A$")
        self.assertEqual(made.AGENCY[:2], owned.AGENCIES["hand-made"].prefix)

    def test_two_runs_of_the_sequences_share_nobody(self):
        last = sequences.SEQUENCES - 1
        found = set()
        for run, number in itertools.product((0, 1, 35, 36, sequences.RUNS - 1), (0, 1, 9, last)):
            names = sequences.Names(run)
            new = [names.agency(number, letter) for letter in "RGABCDE"] + [
                names.person(number, i) for i in range(3)
            ]
            self.assertFalse(found & set(new), (run, number))
            found |= set(new)
            self.assertTrue(
                all(code.startswith(owned.AGENCIES["sequences"].prefix) for code in new[:7])
            )
            self.assertTrue(all(person[1] in owned.RESIDENT for person in new[7:]))
        self.assertRaises(IndexError, sequences.Names(0).person, last + 1, 0)
        self.assertRaises(IndexError, sequences.Names, sequences.RUNS)

    def test_a_generated_world_keeps_to_its_ranges(self):
        world, ids = owned.WORLDS["chaos"], set()
        with tempfile.TemporaryDirectory() as scratch:
            program = Path(os.environ["CHAIQIN_PROGRAMS"]) / "chaiqin-generate"
            subprocess.run(
                [
                    program,
                    "--out",
                    scratch,
                    "--month",
                    "2026-10",
                    "--agencies",
                    "20",
                    "--persons",
                    "90",
                    "--files",
                    "20",
                    *world.options(),
                    "--calendar",
                    ROOT / "schemas/registry/office-calendar.json",
                ],
                check=True,
            )
            with open(Path(scratch) / "agencies.csv", encoding="utf-8") as registry:
                codes = {row["org_code"] for row in csv.DictReader(registry)}
            for path in Path(scratch).glob("table19-*.csv"):
                with open(path, encoding="utf-8") as table19:
                    ids |= {row["person_id"] for row in csv.DictReader(table19)}
        self.assertEqual(codes, {f"Z{number:08d}A" for number in world.agencies[:20]})
        numbers = {(int(i[2:9]) * 52 + (i[1] == "2") * 26 + owned.LETTERS.index(i[0])) for i in ids}
        self.assertTrue(numbers <= set(world.persons[:200]), sorted(numbers)[:3])

    def test_nobody_makes_ids_or_codes_of_his_own(self):
        wrong = [
            f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
            for folder in ON_A_STACK
            for path in sorted((ROOT / "tests" / folder).glob("*.py"))
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
            if OWN_CODE.search(line)
        ]
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))


if __name__ == "__main__":
    unittest.main(verbosity=2)
