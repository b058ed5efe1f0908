"""The published JSON Schema and the checks agree on every file of the conformance pack and every
sample; ajv (npm) is the judge."""

import pathlib
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().parent / "schema"


def main():
    if not (FOLDER / "node_modules" / "ajv").is_dir():
        subprocess.run(
            ["npm", "ci", "--no-audit", "--no-fund"], cwd=FOLDER, check=True, timeout=300
        )
    return subprocess.run(["node", "judge.mjs"], cwd=FOLDER, check=False, timeout=120).returncode


if __name__ == "__main__":
    sys.exit(main())
