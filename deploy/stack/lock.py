"""One deploy/up or deploy/down of a stack at a time."""

import fcntl
from contextlib import contextmanager

from progress import wait_for

PATIENCE_S = 60


@contextmanager
def held(layout):
    layout.dir.mkdir(parents=True, exist_ok=True)
    with open(layout.dir / "lock", "w", encoding="utf-8") as handle:
        wait_for(
            "stack",
            "free (another deploy/up or deploy/down works on it)",
            lambda: _try(handle),
            PATIENCE_S,
            None,
            "wait for it to end",
        )
        yield


def _try(handle):
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False
