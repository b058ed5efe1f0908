"""Statements are not put together from pieces: values are parameters, and one text can be read."""

import re
import unittest

from tree import files, name

SOURCES = ("services", "gateway", "tests/unit", "tests/component", "tests/support", "tests/perf")
_LITERAL = r'(?:R"(?P<d{0}>[^(\s]*)\((?P<raw{0}>.*?)\)(?P=d{0})"|"(?P<plain{0}>(?:\\.|[^"\\\n])*)")'
_LITERALS = re.compile(_LITERAL.format(1), re.DOTALL)
_COMMENT_OR_CHARACTER = re.compile(
    r'R"([^(\s]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*.*?\*/', re.DOTALL
)
STATEMENT = re.compile(
    r"\s*\(?\s*(?:WITH \w+ AS|SELECT\s|INSERT INTO\s|UPDATE\s|DELETE FROM\s|MERGE INTO\s|COPY\s"
    r"|ALTER (?:TABLE|DATABASE|ROLE)\s|CREATE (?:TEMP )?(?:TABLE|DATABASE|INDEX)\s"
    r"|DROP (?:TABLE|DATABASE)\s|TRUNCATE\s|PREPARE\s|EXPLAIN\s)"
)
# Names of databases, plans and the columns of a COPY cannot be parameters.
NAMES = {
    "services/postgres/binary.cpp",
    "tests/support/scratch_database.hpp",
    "tests/component/postgres/statements_test.cpp",
}


def without_comments(text):
    return _COMMENT_OR_CHARACTER.sub(
        lambda found: re.sub(r"[^\n]", " ", found[0]) if found[0][0] == "/" else found[0], text
    )


def concatenated(text):
    """Lines of statements that `+` joins with something."""
    text = without_comments(text)
    at = 0
    while found := _LITERALS.search(text, at):
        start, at = found.start(), found.end()
        content = found["raw1"] if found["raw1"] is not None else found["plain1"]
        while more := _LITERALS.match(text, at + len(text[at:]) - len(text[at:].lstrip())):
            at = more.end()
        joined = text[:start].rstrip().endswith("+") or text[at:].lstrip().startswith("+")
        if joined and STATEMENT.match(content):
            yield text.count("\n", 0, start) + 1


class Sql(unittest.TestCase):
    def test_statements_put_together_are_found(self):
        text = (
            'auto a = "SELECT 1";\n// "SELECT " + b\n'
            'run("DELETE FROM t WHERE id = " + id);\n'
            'auto all = with + R"(\n  INSERT INTO t VALUES (1))";\n'
            'run("SELECT a, "\n    "b FROM t", name + "x");\n'
            'auto c = "SELECT a FROM t"\n  " WHERE x = \'" + x;\n'
        )
        self.assertEqual(list(concatenated(text)), [3, 4, 8])

    def test_no_statement_is_put_together(self):
        found = {}
        for path in files(".cpp", ".hpp", under=SOURCES):
            if lines := list(concatenated(path.read_text(encoding="utf-8"))):
                found[name(path)] = lines
        wrong = {path: lines for path, lines in found.items() if path not in NAMES}
        self.assertEqual(
            wrong, {}, "\n".join(["", *(f"{path}: {lines}" for path, lines in wrong.items())])
        )
        self.assertEqual(NAMES - set(found), set(), "rewritten: take it off the list")


if __name__ == "__main__":
    unittest.main()
