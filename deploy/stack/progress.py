"""What the commands say while they work: steps with a time, bounded waits, failures with the last log lines."""
import sys
import time
from pathlib import Path


class Failed(Exception):
    """A part that does not come up: what, the log to read, what to do next."""

    def __init__(self, part, what, log=None, next_step=""):
        super().__init__(f"{part}: {what}")
        self.part, self.what, self.log, self.next_step = part, what, log, next_step

    def report(self):
        lines = [f"{self.part} failed: {self.what}"]
        if self.log and Path(self.log).exists():
            last = Path(self.log).read_text(errors="replace").splitlines()[-12:]
            lines += [f"last lines of {self.log}:", *("  " + line for line in last)]
        if self.next_step:
            lines.append(f"next: {self.next_step}")
        return "\n".join(lines)


def say(text):
    print(text, file=sys.stderr, flush=True)


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
            say(f"  {self.what}: {time.monotonic() - self.begin:.1f} s")


def wait_for(part, what, condition, seconds, log=None, next_step=""):
    """Polls until `condition()` is true; says what it waits for every 5 s; Failed when time is up."""
    begin = told = time.monotonic()
    while True:
        if condition():
            return
        now = time.monotonic()
        if now - begin > seconds:
            raise Failed(part, f"{what}: not within {seconds} s", log, next_step)
        if now - told > 5:
            told = now
            say(f"  waiting for {part}: {what} ({now - begin:.0f} of at most {seconds} s)")
        time.sleep(0.05)


def main(body):
    """Runs a command's body; failures become messages and exit codes (3 unavailable)."""
    try:
        sys.exit(body() or 0)
    except Failed as failure:
        say(failure.report())
        sys.exit(3)
    except KeyboardInterrupt:
        sys.exit(130)
