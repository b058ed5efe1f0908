"""What the commands say while they work: steps with a time, bounded waits, failures with the last
log lines."""

import json
import sys
import time
import traceback
from pathlib import Path

LAST_LINES = 12


class Failed(Exception):
    """A part that does not come up: what, the log to read, what to do next. Exit code 3."""

    def __init__(self, part, what, log=None, next_step=""):
        super().__init__(f"{part}: {what}")
        self.part, self.what, self.log, self.next_step = part, what, log, next_step

    def report(self):
        lines = [f"{self.part} failed: {self.what}"]
        if self.log:
            lines += [f"last lines of {self.log}:", *("  " + line for line in last_lines(self.log))]
        if self.next_step:
            lines.append(f"next: {self.next_step}")
        return "\n".join(lines)


class Unusable(Exception):
    """A command that this stack or this user may not give; `code` is the exit code (2 or 4)."""

    def __init__(self, what, code):
        super().__init__(what)
        self.code = code


def last_lines(path, count=LAST_LINES):
    try:
        with open(path, "rb") as handle:
            handle.seek(max(0, Path(path).stat().st_size - 20_000))
            return handle.read().decode(errors="replace").splitlines()[-count:]
    except OSError:
        return ["(no log)"]


def say(text):
    print(text, file=sys.stderr, flush=True)


def show_progress(text):
    """One line that the next one overwrites; on a terminal only. "" ends it."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text[:100]}", end="", file=sys.stderr, flush=True)


class Step:
    """`with Step("building"):` prints the step and how long it took."""

    def __init__(self, what):
        self.what = what

    def __enter__(self):
        self.begin = time.monotonic()
        say(f"· {self.what} …")
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            say(f"  done in {time.monotonic() - self.begin:.1f} s")


def wait_for(part, what, condition, seconds, log=None, next_step="", broken=lambda: None):
    """Polls until `condition()`; says what it waits for every 5 s. Failed when time is up or
    `broken()` tells why it can no longer come true."""
    begin = told = time.monotonic()
    while not condition():
        now = time.monotonic()
        if reason := broken():
            raise Failed(part, f"{what}: {reason}", log, next_step)
        if now - begin > seconds:
            raise Failed(part, f"{what}: not within {seconds} s", log, next_step)
        if now - told > 5:
            told = now
            say(f"  waiting for {part}: {what} ({now - begin:.0f} of at most {seconds} s)")
        time.sleep(0.05)


def answer(arguments, text, **values):
    """A command's result on stdout: JSON where asked for, else a sentence."""
    print(json.dumps(values, ensure_ascii=False) if arguments.json else text)


def main(body):
    """Runs a command's body; failures become messages and exit codes."""
    try:
        code = body() or 0
    except Failed as failure:
        say(failure.report())
        code = 3
    except Unusable as refusal:
        say(str(refusal))
        code = refusal.code
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        code = 0
    except Exception:  # noqa: BLE001 — the edge of the program
        traceback.print_exc()
        code = 70
    sys.exit(code)
