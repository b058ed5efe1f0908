#!/usr/bin/env python3
"""Instructions a record of the check, by callgrind: check_instructions.py [--build DIR] [--keep]

Runs chaiqin-check-bench once on a seeded file of chaiqin-generate and compares with the number kept
in check_instructions.json: more than 5 % away from it is a failure (exit 1), so that a gain is kept
too. --keep writes the number anew."""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TREE = HERE.parents[1]
KEPT = HERE / "check_instructions.json"
ALLOWED = 0.05
CHECKS_A_RUN = 3  # of the bench: a first one, one without columns, one with


def measured(build):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [
                build / "bin/chaiqin-generate",
                "--out",
                folder,
                "--month",
                "2026-10",
                "--agencies",
                "10",
                "--files",
                "1",
                "--persons",
                "500",
                "--records",
                "4000",
                "--seed",
                "7",
                "--calendar",
                TREE / "schemas/registry/office-calendar.json",
            ],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        file = max(
            pathlib.Path(folder, "files").glob("*/*.json"), key=lambda path: path.stat().st_size
        )
        run = subprocess.run(
            [
                "valgrind",
                "--tool=callgrind",
                "--callgrind-out-file=/dev/null",
                "--toggle-collect=chaiqin::checking::check_file(*",
                build / "bin/chaiqin-check-bench",
                file,
                "1",
            ],
            check=True,
            capture_output=True,
            text=True,
        )
    collected = int(re.search(r"Collected : (\d+)", run.stderr).group(1))
    records = int(re.search(r"(\d+) records", run.stdout).group(1))
    return collected / records / CHECKS_A_RUN


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--build", type=pathlib.Path, default=TREE / "build/release")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    number = round(measured(options.build))
    if options.keep:
        KEPT.write_text(json.dumps({"instructions_per_record": number}) + "\n", encoding="utf-8")
    kept = json.loads(KEPT.read_text(encoding="utf-8"))["instructions_per_record"]
    change = number / kept - 1
    print(f"{number} instructions a record, kept {kept}: {change:+.1%}")
    if abs(change) <= ALLOWED:
        return 0
    print(
        f"more than {ALLOWED:.0%} away; if that is meant, keep it with"
        f" {pathlib.Path(__file__).name} --keep",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
