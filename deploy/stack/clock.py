"""deploy/clock T | +DURATION | real: sets the clock of the six services of a stack with --test-clock."""
import argparse
import os
import re
import time
from datetime import datetime

from layout import add_dir, existing
from progress import main, say

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def offset_us(text, now_us, before_us):
    if text == "real":
        return 0
    if found := re.fullmatch(r"\+(\d+)([smhd])", text):
        return before_us + int(found[1]) * UNITS[found[2]] * 1_000_000
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a time needs an offset, e.g. 2026-11-20T23:59:00+08:00")
    return int(at.timestamp() * 1_000_000) - now_us


def body():
    parser = argparse.ArgumentParser(prog="deploy/clock", description=__doc__, epilog="examples: deploy/clock 2026-11-20T23:59:00+08:00; deploy/clock +26h; deploy/clock real")
    parser.add_argument("time", metavar="T|+DURATION|real")
    add_dir(parser)
    given = parser.parse_args()
    layout = existing(given, "clock")
    if not layout.memory.get("test_clock"):
        say("deploy/clock: this stack has the real clock; deploy/up --test-clock makes one that can be set")
        return 4
    before = int(layout.clock.read_text().split("=")[1])
    try:
        offset = offset_us(given.time, time.time_ns() // 1000, before)
    except ValueError as problem:
        parser.error(str(problem))
    scratch = layout.clock.with_suffix(".new")
    scratch.write_text(f"offset_us={offset}\n")
    os.replace(scratch, layout.clock)
    time.sleep(0.5)  # the services look every 200 ms
    return 0


main(body)
