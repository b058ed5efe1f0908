"""Small pieces: functions, files, main.cpp."""
import re
import unittest

from tree import files, name

FUNCTION_LINES, FILE_LINES, MAIN_LINES = 70, 600, 80
SOURCES = ("services", "gateway", "tests/unit", "tests/component", "tests/perf", "tests/support", "tests/fuzz")
_NOT_A_FUNCTION = re.compile(r"^\s*(namespace|class|struct|enum|union|extern|if|for|while|switch|do|else|try|catch|return)\b")


def without_literals(text):
    """The same lines with the contents of strings and comments blanked, so that braces can be counted."""
    kept = re.compile(r'R"([^(]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|//[^\n]*|/\*.*?\*/', re.DOTALL)
    return kept.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def functions(text):
    """(first line, number of lines) of every body in braces that follows a parameter list, lambdas inside not apart."""
    lines, depth, opened = without_literals(text).splitlines(), 0, []
    statement = ""
    for number, line in enumerate(lines, 1):
        for character in line:
            if character == "{":
                head = statement.strip()
                inside = any(is_function for _, is_function in opened)
                is_function = not inside and bool(re.search(r"\)[^()]*$", head)) and not _NOT_A_FUNCTION.match(head)
                opened.append((number, is_function))
                statement = ""
            elif character == "}":
                if not opened:
                    return
                first, is_function = opened.pop()
                if is_function:
                    yield first, number - first + 1
                statement = ""
            elif character == ";":
                statement = ""
            else:
                statement += character
        statement += " "


class Sizes(unittest.TestCase):
    def test_the_counter_counts(self):
        long_function = "int f(int a)\n    noexcept {\n" + "  g(\"}\"); // }\n" * 80 + "}\n"
        self.assertEqual(list(functions("namespace n {\nstruct S { int x() { return 1; } };\n" + long_function + "}\n")),
                         [(2, 1), (4, 82)])

    def test_no_function_is_longer_than_70_lines(self):
        wrong = [f"{name(path)}:{first}: {count} lines" for path in files(".cpp", ".hpp", under=SOURCES)
                 for first, count in functions(path.read_text()) if count > FUNCTION_LINES]
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))

    def test_no_file_is_too_long(self):
        wrong = [f"{name(path)}: {count} lines" for path in files(".cpp", ".hpp", ".py", under=(*SOURCES, "deploy", "tests"))
                 if (count := len(path.read_text().splitlines())) > FILE_LINES]
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))

    def test_a_main_only_joins(self):
        wrong = [f"{name(path)}: {count} lines" for path in files(".cpp") if path.name == "main.cpp"
                 and (count := len(path.read_text().splitlines())) > MAIN_LINES]
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))


if __name__ == "__main__":
    unittest.main()
