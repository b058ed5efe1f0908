"""SQL stands in .sql files (CONTRIBUTING.md, "SQL"): a person reads it there, a test plans it."""

import re
import unittest

from tree import files, name

TEXT_OR_COMMENT = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"([^(]*)\((.*?)\)\1"|"((?:\\.|[^"\\\n])*)"|\'(?:\\.|[^\'\\\n])*\'',
    re.DOTALL,
)
SQL = re.compile(
    r"\b(?:SELECT|INSERT INTO|DELETE FROM|MERGE INTO)\b|\bUPDATE\b.*\bSET\b|\bWITH\b.*\bAS\s*\(",
    re.DOTALL,
)


def literals(text):
    """(line, text) of every string literal; pieces that the compiler joins are one."""
    line, joined, end = 0, "", None
    for found in TEXT_OR_COMMENT.finditer(text):
        piece = found[2] if found[2] is not None else found[3]
        if piece is None:
            continue
        if end is not None and not text[end:found.start()].strip():
            joined += piece
        else:
            if end is not None:
                yield line, joined
            line, joined = text.count("\n", 0, found.start()) + 1, piece
        end = found.end()
    if end is not None:
        yield line, joined


def statements_in(text):
    return [line for line, literal in literals(text) if SQL.search(literal)]


class Statements(unittest.TestCase):
    def test_sql_is_told_from_other_text(self):
        for sql in (
            'f("SELECT 1");',
            'f("UPDATE a "\n  "SET b = 1");',
            'f(R"(\nDELETE FROM a\n)");',
            'f("WITH a AS (" + b + ")");',
            'f(x ? "" : "INSERT INTO a VALUES (1)");',
        ):
            self.assertEqual(statements_in(sql), [1], sql)
        for other in (
            '// SELECT\nf("a");',
            "f(\"SET timezone = 'UTC'\");",
            'f("LOCK TABLE a");',
            'f("UPDATE", "SET");',
            'f("COPY a FROM STDIN");',
            "f(\"selected\", '\"', \"rows\");",
            'f("CREATE TABLE a (b int)");',
        ):
            self.assertEqual(statements_in(other), [], other)

    def test_no_statement_stands_in_cpp(self):
        refused = [
            f"{name(path)}:{line}"
            for path in files(".cpp", ".hpp")
            for line in statements_in(path.read_text(encoding="utf-8"))
        ]
        self.assertEqual(refused, [], "\n" + "\n".join(refused))

    def test_no_line_of_a_statement_is_longer_than_100_columns(self):
        long = [
            f"{name(path)}:{number}"
            for path in files(".sql", under=("services",))
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
            if len(line) > 100
        ]
        self.assertEqual(long, [])


if __name__ == "__main__":
    unittest.main()
