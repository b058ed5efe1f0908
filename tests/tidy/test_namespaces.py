"""Namespaces follow folders (docs/style.md, "Layout")."""

import re
import unittest
from collections import defaultdict

from tree import files, name

OPENED = re.compile(r"^namespace (chaiqin::[\w:]+) \{", re.MULTILINE)


def place(path):
    """(library, sub-folder or "", name of the file without its ending)."""
    *folders, file = path.removeprefix("services/").split("/")
    return folders[0], "/".join(folders[1:]), file.split(".")[0]


def faults(texts):
    """What is wrong in {path: text}: a namespace that is neither the folder's nor the file's own,
    and libraries of which only some sub-folders have a namespace."""
    found, own = [], defaultdict(lambda: defaultdict(set))
    for path, text in texts.items():
        library, sub, stem = place(path)
        of_library, of_sub = f"chaiqin::{library}", f"chaiqin::{library}::{sub}"
        for opened in OPENED.findall(text):
            if opened not in (of_library, of_sub):
                opened = opened.removesuffix(f"::{stem}")
            if opened not in (of_library, of_sub):
                found.append(f"{path}: {opened}")
            elif sub:
                own[library][opened == of_sub].add(sub)
    for library, subs in own.items():
        if len(subs) == 2:
            found.append(
                f"{library}: {sorted(subs[True])} have a namespace, {sorted(subs[False])} not"
            )
    return found


class Namespaces(unittest.TestCase):
    def test_a_namespace_that_is_not_the_folders_is_seen(self):
        good = {
            "a/x.hpp": "namespace chaiqin::a {\n",
            "a/b/y.hpp": "namespace chaiqin::a {\nnamespace chaiqin::a::y {\n",
            "p/q/z.cpp": "namespace chaiqin::p::q {\n",
        }
        self.assertEqual(faults(good), [])
        self.assertEqual(len(faults({**good, "a/w.cpp": "namespace chaiqin::b {\n"})), 1)
        self.assertEqual(
            faults({**good, "a/c/w.cpp": "namespace chaiqin::a::c {\n"}),
            ["a: ['c'] have a namespace, ['b'] not"],
        )

    def test_every_file_is_in_the_namespace_of_its_folder(self):
        found = faults({name(path): path.read_text() for path in files(".cpp", ".hpp")})
        self.assertEqual(found, [], "\n" + "\n".join(found))


if __name__ == "__main__":
    unittest.main()
