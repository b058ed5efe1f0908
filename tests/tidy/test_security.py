"""docs/security.md names tests that there are and every requirement of ASVS 5.0 at levels 1 and 2
once; tests/data/authorisation.csv is in order."""

import csv
import re
import unittest

from tree import ROOT

TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
CITED = re.compile(r"`([\w/.]+\.(?:py|cpp|mjs))`(?: \(((?:`\w+`(?:, )?)+))?")
# Numbers of levels 1 and 2 by section, counted from 1; the others are of level 3. V17 apart.
SECTIONS = {
    1: (2, 9, 11, 3, 2),
    2: (3, 3, 4, 1),
    3: (0, 2, 4, 6, 5, 0, 2),
    4: (3, 1, 2, 4),
    5: (1, 3, 2, 3),
    6: (3, 12, 4, 4, 5, 3, 0, 4),
    7: (3, 4, 2, 5, 2, 2),
    8: (2, 3, 1, 1),
    9: (3, 4),
    10: (2, 2, 4, 11, 5, 2, 3),
    11: (2, 3, 3, 4, 1, 1),
    12: (3, 2, 4),
    13: (1, 5, 2, 5),
    14: (2, 4, 3),
    15: (3, 3, 7),
    16: (1, 5, 4, 3, 3),
}


def requirements():
    return {
        (chapter, section, number)
        for chapter, counts in SECTIONS.items()
        for section, count in enumerate(counts, 1)
        for number in range(1, count + 1)
    }


def numbers_in(text):
    """Each number, and those from one "to" another of the same section."""
    found = []
    for first, last in re.findall(r"(\d+\.\d+\.\d+)(?: to (\d+\.\d+\.\d+))?", text):
        chapter, section, start = map(int, first.split("."))
        end = int((last or first).rpartition(".")[2])
        found += [(chapter, section, number) for number in range(start, end + 1)]
    return found


class Security(unittest.TestCase):
    def test_every_test_that_is_named_is_there(self):
        files = [p for p in (ROOT / "tests").rglob("*") if p.suffix in (".py", ".cpp", ".mjs")]
        cited = CITED.findall(TEXT)
        self.assertGreater(len(cited), 60)
        for path, names in cited:
            if not path.startswith("tests/") and "/" in path:
                self.assertTrue((ROOT / path).exists(), path)
                continue
            fitting = [p for p in files if f"/{p.relative_to(ROOT)}".endswith("/" + path)]
            self.assertEqual(len(fitting), 1, path)
            text = fitting[0].read_text(encoding="utf-8")
            for name in re.findall(r"`(\w+)`", names):
                if name.startswith("y_"):
                    continue  # a text of the parsing suite
                self.assertIn(name, text, path)

    def test_every_requirement_stands_once(self):
        asvs = TEXT.partition("## ASVS 5.0")[2]
        intro, _, tables = asvs.partition("\n### ")
        first_cells = re.findall(r"^\| ([\d., to]+) \|", tables, re.MULTILINE)
        told = numbers_in(intro.partition("V17")[2]) + numbers_in("\n".join(first_cells))
        self.assertEqual(sorted(set(told)), sorted(requirements()))
        self.assertEqual(len(told), len(set(told)))

    def test_rows_of_the_authorisation_table_stand_once(self):
        with open(ROOT / "tests/data/authorisation.csv", encoding="utf-8") as handle:
            rows = list(csv.DictReader(handle))
        keys = [(r["method"], r["path"], r["query"], r["object"]) for r in rows]
        self.assertEqual(len(keys), len(set(keys)))
        for row in rows:
            for cell in list(row.values())[5:12]:
                self.assertRegex(cell, r"^\d{3}[+-]?(\|\d{3})?$", row)


if __name__ == "__main__":
    unittest.main(verbosity=2)
