"""Sets the clock of the six services of a stack that was brought up with --test-clock."""

import argparse
import re
import time
from datetime import datetime, timezone

from layout import add_dir, existing, write
from progress import Unusable, answer, main

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
ALL_HAVE_LOOKED_S = 0.3  # the services read the file every 200 ms


def duration_us(text):
    """'+26h', '+1d12h30m', '+90s' in microseconds; None if it is none."""
    if not re.fullmatch(r"\+(\d+[smhd])+", text):
        return None
    return (
        sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)([smhd])", text))
        * 1_000_000
    )


def offset_us(text, now_us, before_us):
    """How far the services' clock is to run ahead of the real one."""
    if text == "real":
        return 0
    if (ahead := duration_us(text)) is not None:
        return before_us + ahead
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a time needs an offset, e.g. 2026-11-20T23:59:00+08:00")
    return int(at.timestamp() * 1_000_000) - now_us


def body():
    parser = argparse.ArgumentParser(
        prog="deploy/clock",
        description=__doc__,
        epilog=(
            "examples: deploy/clock 2026-11-20T23:59:00+08:00; deploy/clock +26h; deploy/clock real"
        ),
    )
    parser.add_argument(
        "time", metavar="T|+DURATION|real", help="RFC 3339 with offset; or 90s, 5m, 26h, 3d after +"
    )
    add_dir(parser)
    given = parser.parse_args()
    layout = existing(given)
    if not layout.memory.get("test_clock"):
        raise Unusable(
            "this stack has the real clock; deploy/up --test-clock makes one that can be set", 4
        )
    now_us = time.time_ns() // 1000
    try:
        offset = offset_us(given.time, now_us, int(layout.clock.read_text().partition("=")[2]))
    except ValueError as problem:
        parser.error(f"{given.time}: {problem}")
    write(layout.clock, f"offset_us={offset}\n", 0o644)
    time.sleep(ALL_HAVE_LOOKED_S)
    now = datetime.fromtimestamp((now_us + offset) / 1_000_000, timezone.utc).isoformat()
    answer(given, f"the services' clock is {now}", now=now, offset_us=offset)


if __name__ == "__main__":
    main(body)
