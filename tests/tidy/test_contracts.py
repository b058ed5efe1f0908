"""The contracts, judged by programs that are not ours: buf, an OpenAPI validator."""

import subprocess
import sys
import unittest

from tree import ROOT

sys.path.insert(0, str(ROOT / "deploy" / "stack"))
import build  # noqa: E402
from parts import node  # noqa: E402

HERE = ROOT / "tests" / "tidy"


class Contracts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        build.fetch_node()
        build.npm_packages(HERE, "judges")

    def test_proto_files_pass_buf_lint(self):
        buf = HERE / "node_modules" / ".bin" / "buf"
        done = subprocess.run(
            [buf, "lint", ROOT / "proto"], capture_output=True, text=True, check=False
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_openapi_description_is_valid(self):
        done = subprocess.run(
            [node(), HERE / "judge_openapi.mjs", ROOT / "schemas" / "openapi.yaml"],
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
