"""What comments and documents cite exists: files of the tree, headings of documents, decisions.

A comment cites a document as docs/NAME.md, a heading of it as docs/NAME.md, "Heading", a decision
as ADR 0006.
"""

import re
import unittest

from tree import ROOT, all_text_files, name

TOPS = "services|gateway|tests|deploy|docs|proto|schemas|cmake"
PATH = re.compile(rf"(?<![\w./}}$-])(?:{TOPS})/[\w./*-]*\w\*?|\b(?:README|CONTRIBUTING)\.md\b")
HEADING = re.compile(r"(docs/[\w./-]+\.md|CONTRIBUTING\.md|README\.md)((?:,\s+\"[^\"]{1,80}\")+)")
DECISION = re.compile(r"\bADR (\d{4})\b")
OTHER_FORMS = re.compile(
    r"\((?:HTTP API|interchange format)[:;]|docs/adr/\d|(?:\(|\(contract: |# )[a-z0-9-]+\.md\b"
)
BESIDE = re.compile(r"^\s*(?://+|#+|--|\*)\s?", re.MULTILINE)
SOURCES = {".cpp", ".hpp", ".py", ".sql", ".proto", ".sh", ".mjs", ".cmake", ".txt", ".in", ""}
NOT_CITED = {"tests/tidy/test_citations.py", "LICENSE"}
PLACEHOLDER = re.compile("/(?:[A-Z]+|V)$")  # tests/fuzz/corpus/NAME, schemas/postgres/V…
DOCUMENT_LINK = re.compile(r"\]\(([^)#\s]*)#([^)\s]+)\)")


def headings(path):
    return [
        line.lstrip("#").strip()
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("#")
    ]


def anchor(heading):
    """As a forge makes it of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def exists(path):
    """A file or folder, a pattern of some, or a module of C++ named without the ends of its
    files."""
    path = PLACEHOLDER.sub("", path.rstrip("/."))
    if "*" in path:
        return bool(list(ROOT.glob(path)))
    return (ROOT / path).exists() or (
        path.startswith(("services/", "gateway/")) and (ROOT / (path + ".hpp")).exists()
    )


def unwrapped(text):
    """Comments without their marks, so that a citation may go on in the next line."""
    return BESIDE.sub("", text)


class Citations(unittest.TestCase):
    def cited_in(self, *suffixes):
        for path, text in all_text_files():
            if (
                path.suffix in suffixes
                and name(path) not in NOT_CITED
                and "corpus" not in path.parts
            ):
                yield path, text

    def test_files_exist(self):
        wrong = sorted(
            {
                f"{name(path)}: {cited}"
                for path, text in self.cited_in(*SOURCES, ".md")
                for cited in PATH.findall(text)
                if not exists(cited)
            }
        )
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))

    def test_headings_exist(self):
        wrong = []
        for path, text in self.cited_in(*SOURCES, ".md"):
            for document, cited in HEADING.findall(unwrapped(text)):
                there = headings(ROOT / document) if (ROOT / document).exists() else []
                wrong += [
                    f"{name(path)}: {document}, {heading!r}"
                    for heading in re.findall(r'"([^"]+)"', cited)
                    if " ".join(heading.split()) not in there
                ]
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))

    def test_decisions_exist(self):
        wrong = [
            f"{name(path)}: ADR {number}"
            for path, text in self.cited_in(*SOURCES, ".md")
            for number in DECISION.findall(text)
            if not list((ROOT / "docs" / "adr").glob(number + "-*.md"))
        ]
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))

    def test_links_to_headings_lead_somewhere(self):
        wrong = []
        for path, text in self.cited_in(".md"):
            for target, wanted in DOCUMENT_LINK.findall(text):
                document = path.parent / target if target else path
                if "://" not in target and wanted not in map(anchor, headings(document)):
                    wrong.append(f"{name(path)}: {target}#{wanted}")
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))

    def test_comments_cite_in_one_form(self):
        wrong = [
            f"{name(path)}:{number}: {found[0]}"
            for path, text in self.cited_in(*SOURCES)
            for number, line in enumerate(text.splitlines(), 1)
            if (found := OTHER_FORMS.search(line))
        ]
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))


if __name__ == "__main__":
    unittest.main()
