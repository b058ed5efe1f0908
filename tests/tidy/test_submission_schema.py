"""The published JSON Schema and the checks agree on every file of the conformance pack and on every
sample; ajv (npm) is the judge."""

import subprocess
import sys

from tree import ROOT

sys.path.insert(0, str(ROOT / "deploy" / "stack"))
import build  # noqa: E402
from parts import node  # noqa: E402

HERE = ROOT / "tests" / "tidy"


def main():
    build.fetch_node()
    build.npm_packages(HERE, "judges")
    judged = subprocess.run([node(), HERE / "judge_submissions.mjs"], check=False, timeout=120)
    return judged.returncode


if __name__ == "__main__":
    sys.exit(main())
