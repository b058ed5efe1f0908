"""summary.py DIR RING…: what ctest's reports (DIR/RING.xml) say, a line a ring, the failed tests,
then the sum."""

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def read(path):
    """(tests, failed names, skipped, seconds) of a report; a missing one counts as one failed
    test."""
    if not path.exists():
        return 1, [f"{path.stem}: no test ran"], 0, 0.0
    suite = ElementTree.parse(path).getroot()
    cases = suite.findall("testcase")
    failed = [case.get("name") for case in cases if case.get("status") == "fail"]
    skipped = sum(case.get("status") in ("notrun", "disabled") for case in cases)
    return len(cases), failed, skipped, float(suite.get("time") or 0)


def main(directory, *rings):
    tests, failures = 0, []
    print()
    for ring in rings:
        count, failed, skipped, seconds = read(Path(directory) / f"{ring}.xml")
        tests += count
        failures += failed
        print(
            f"{ring:10} {count:5} tests  {len(failed):3} failed  {skipped:3} skipped "
            f" {seconds:7.1f} s"
        )
    for name in failures:
        print(f"  failed: {name}")
    share = 100 * (tests - len(failures)) // max(tests, 1)
    print(f"{share}% tests passed, {len(failures)} tests failed out of {tests}")
    return 1 if failures or not tests else 0


sys.exit(main(*sys.argv[1:]))
