"""One name, one type: whoever includes two headers must be able to."""

import unittest
from collections import defaultdict

from cpp import types
from tree import files, name

HEADERS_OF = ("services", "gateway", "tests/support", "tests/unit", "tests/component", "tests/perf")


def defined_twice(texts):
    """{name of a type: [where it is defined]} of those defined in more than one place of {place:
    text of a header}."""
    places = defaultdict(list)
    for place, text in texts.items():
        for line, type_ in types(text):
            places[type_].append(f"{place}:{line}")
    return {type_: where for type_, where in places.items() if len(where) > 1}


class Types(unittest.TestCase):
    def test_two_types_with_one_name_are_found(self):
        one = (
            "namespace a::b {\nstruct Verdict {\n    enum class Kind { x };\n};\nstruct Later;\n} "
            " // namespace a::b\n"
        )
        other = (
            'namespace a { namespace b {\ntemplate <class T>\nclass Verdict final : public Base'
            ' {\n};\n} struct Later { int x = 1; };}\n'
        )
        self.assertEqual(list(types(one)), [(3, "a::b::Verdict::Kind"), (2, "a::b::Verdict")])
        self.assertEqual(
            defined_twice({"one.hpp": one, "other.hpp": other}),
            {"a::b::Verdict": ["one.hpp:2", "other.hpp:3"]},
        )
        self.assertEqual(
            defined_twice(
                {
                    "one.hpp": "namespace a {\nstruct V {};\n}",
                    "other.hpp": "namespace b {\nstruct V {};\n}",
                }
            ),
            {},
        )
        self.assertEqual(
            list(types("int f(struct x* y) { struct Inner { int z; }; return 0; }\n")), []
        )

    def test_no_name_stands_for_two_types(self):
        found = defined_twice(
            {
                name(path): path.read_text(encoding="utf-8")
                for path in files(".hpp", under=HEADERS_OF)
            }
        )
        self.assertEqual(
            found,
            {},
            "\n".join(
                ["", *(f"{type_}: {', '.join(where)}" for type_, where in sorted(found.items()))]
            ),
        )

    def test_the_types_of_the_tree_are_read(self):
        found = {
            type_ for path in files(".hpp") for _, type_ in types(path.read_text(encoding="utf-8"))
        }
        self.assertTrue(
            {"chaiqin::domain::Finding", "chaiqin::domain::UnitOfWork"} <= found, sorted(found)[:20]
        )
        self.assertGreater(len(found), 200)


if __name__ == "__main__":
    unittest.main()
