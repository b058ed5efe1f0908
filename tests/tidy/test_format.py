"""Every C++ file is as clang-format lays it out (.clang-format)."""

import os
import subprocess
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tree import ROOT, files

PROGRAM = "clang-format-14"
A_CALL = 20


def complaints(paths):
    """The first line about each file of `paths` that is not laid out."""
    done = subprocess.run(
        [PROGRAM, "--dry-run", "-Werror", "--style=file", *paths],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line for line in done.stderr.splitlines() if "error:" in line]
    return lines or (
        [f"{PROGRAM} ended with {done.returncode}: {done.stderr}"] if done.returncode else []
    )


class Format(unittest.TestCase):
    def test_every_file_is_laid_out(self):
        paths = list(files(".cpp", ".hpp", under=("services", "gateway", "tests")))
        self.assertGreater(len(paths), 300)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            wrong = sum(
                pool.map(complaints, (paths[i : i + A_CALL] for i in range(0, len(paths), A_CALL))),
                [],
            )
        self.assertEqual(
            wrong, [], "\n" + "\n".join(wrong[:40]) + f"\nmend with: {PROGRAM} -i FILE"
        )

    def test_a_file_that_is_not_laid_out_is_seen(self):
        (ROOT / "build").mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile("w", suffix=".cpp", dir=ROOT / "build") as file:
            file.write("int  f( ){return 1 ;}\n")
            file.flush()
            self.assertTrue(complaints([Path(file.name)]))


if __name__ == "__main__":
    unittest.main()
