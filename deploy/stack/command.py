"""The product's own command, as the stack calls it."""

import os
import subprocess

from layout import PROGRAMS
from progress import Failed

UNAVAILABLE = 3


def chaiqin(layout, *arguments, timeout=300):
    environment = {**os.environ, "CHAIQIN_CONFIG": str(layout.config / "chaiqin.conf")}
    try:
        return subprocess.run(
            [PROGRAMS / "chaiqin", *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=timeout,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as slow:
        raise Failed(
            "chaiqin",
            f"`chaiqin {' '.join(map(str, arguments))}` took over {timeout} s",
            None,
            "deploy/status",
        ) from slow


def chaiqin_or_fail(layout, part, *arguments, tries=1):
    """Its stdout. A part that is not available yet is asked again, `tries` times in all."""
    for left in reversed(range(tries)):
        done = chaiqin(layout, *arguments)
        if done.returncode == 0:
            return done.stdout
        if not left or done.returncode != UNAVAILABLE:
            said = done.stderr.strip() or done.stdout.strip() or f"exit code {done.returncode}"
            raise Failed(
                part,
                f"`chaiqin {' '.join(map(str, arguments))}`: {said[-600:]}",
                layout.log(part),
                "deploy/status",
            )
    raise AssertionError("unreachable")
