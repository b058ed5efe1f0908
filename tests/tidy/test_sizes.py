"""Small pieces: functions, files, main.cpp."""

import unittest

from cpp import functions
from tree import all_text_files, files, name

FUNCTION_LINES, FILE_LINES, MAIN_LINES, COLUMNS = 70, 600, 80, 100
SOURCES = (
    "services",
    "gateway",
    "tests/unit",
    "tests/component",
    "tests/perf",
    "tests/support",
    "tests/fuzz",
)


def is_program(path, text):
    """C++, Python or shell."""
    return path.suffix in (".cpp", ".hpp", ".py", ".sh") or text.startswith("#!")


class Sizes(unittest.TestCase):
    def test_the_counter_counts(self):
        long_function = "int f(int a)\n    noexcept {\n" + '  g("}"); // }\n' * 80 + "}\n"
        self.assertEqual(
            list(
                functions(
                    "namespace n {\nstruct S { int x() { return 1; } };\n" + long_function + "}\n"
                )
            ),
            [(2, 1), (4, 82)],
        )

    def test_the_counter_counts_constructors(self):
        text = (
            "Loop::Loop(int a)\n    : a_(a), b_{1},\n      c_{{2, 3}} {\n"
            + "    f();\n" * 80
            + "}\nint g() {\n}\n"
        )
        self.assertEqual(list(functions(text)), [(3, 82), (85, 2)])

    def test_no_function_is_longer_than_70_lines(self):
        wrong = [
            f"{name(path)}:{first}: {count} lines"
            for path in files(".cpp", ".hpp", under=SOURCES)
            for first, count in functions(path.read_text())
            if count > FUNCTION_LINES
        ]
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))

    def test_no_file_is_too_long(self):
        wrong = [
            f"{name(path)}: {count} lines"
            for path in files(".cpp", ".hpp", ".py", under=(*SOURCES, "deploy", "tests"))
            if (count := len(path.read_text().splitlines())) > FILE_LINES
        ]
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))

    def test_no_line_is_longer_than_100_columns(self):
        wrong = [
            f"{name(path)}:{number}: {len(line)} columns"
            for path, text in all_text_files()
            if is_program(path, text)
            for number, line in enumerate(text.splitlines(), 1)
            if len(line) > COLUMNS
        ]
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))

    def test_a_main_only_joins(self):
        wrong = [
            f"{name(path)}: {count} lines"
            for path in files(".cpp")
            if path.name == "main.cpp"
            and (count := len(path.read_text().splitlines())) > MAIN_LINES
        ]
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))


if __name__ == "__main__":
    unittest.main()
