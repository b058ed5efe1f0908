"""What must not stand in the tree: unfinished business, machine paths, folders without a reason,
dead links, pictures that nobody shows or that are large."""

import re
import unittest

from tree import ROOT, all_text_files, files, name

UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK|WIP)\b")
MACHINE_PATHS = re.compile(r"(?<![\w.])/(home|work|root)/\w|/var/tmp/|/tmp/plan")
NO_REASON = {"utils", "util", "common", "helpers", "misc", "new", "v2"}
PLACES = ("services", "gateway", "deploy", "tests", "schemas", "proto", "docs")
TOPIC = re.compile(r"[\"'`]chaiqin(\.[a-z_]+){1,2}\.v\d+[\"'`]")
LINK = re.compile(r"\]\(([^)#\s]+)")
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
TAKEN = re.compile(r'^  "?([a-z-]+)"?: \{', re.MULTILINE)
MOST_BYTES, MOST_BYTES_IN_ALL = 100 * 1024, 2 * 1024 * 1024
OWN = {"tests/tidy/test_words.py"}


class Words(unittest.TestCase):
    def test_nothing_is_left_unfinished_and_no_path_of_one_machine_stands_here(self):
        wrong = []
        for path, text in all_text_files():
            if name(path) in OWN or path.name in ("LICENSE", "package-lock.json"):
                continue
            for number, line in enumerate(text.splitlines(), 1):
                if UNFINISHED.search(line) or MACHINE_PATHS.search(line):
                    wrong.append(f"{name(path)}:{number}: {line.strip()[:100]}")
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))

    def test_every_folder_has_a_reason(self):
        for path in files(".cpp", ".hpp", ".py", under=PLACES[:4]):
            self.assertFalse(NO_REASON & set(path.relative_to(ROOT).parts[:-1]), name(path))

    def test_topics_are_named_in_one_table(self):
        allowed = {"services/domain/topics.hpp", "deploy/kafka/topics.json"}
        for path, text in all_text_files():
            if path.suffix == ".md" or name(path).startswith("schemas/postgres/"):
                continue
            if name(path) not in allowed:
                self.assertNotRegex(text, TOPIC, name(path))

    def test_headers_say_what_they_are_for(self):
        for path in files(".hpp"):
            head = path.read_text().split("#include")[0]
            self.assertIn("//", head, f"{name(path)} opens without a paragraph")

    def test_links_between_documents_lead_somewhere(self):
        for path in [*files(".md", under=PLACES), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]:
            for target in LINK.findall(path.read_text()):
                if "://" not in target and not target.startswith(("/", "mailto:")):
                    self.assertTrue((path.parent / target).exists(), f"{name(path)}: {target}")

    def test_pictures_are_shown_told_in_words_small_and_taken_by_the_script(self):
        folder = ROOT / "docs" / "pictures"
        there = {path.name: path.stat().st_size for path in folder.glob("*.png")}
        shown = set()
        for path in (ROOT / "docs").glob("*.md"):
            for words, target in PICTURE.findall(path.read_text(encoding="utf-8")):
                self.assertTrue(words.strip(), f"{name(path)}: {target} is not told in words")
                shown.add(target.rpartition("/")[2])
        taken = TAKEN.findall((folder / "take.mjs").read_text(encoding="utf-8"))
        self.assertEqual(set(there), shown)
        self.assertEqual(set(there), {f"{one}.png" for one in taken})
        self.assertEqual([one for one, size in there.items() if size > MOST_BYTES], [])
        self.assertLess(sum(there.values()), MOST_BYTES_IN_ALL)


if __name__ == "__main__":
    unittest.main()
