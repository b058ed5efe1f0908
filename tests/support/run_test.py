"""Runs one file of Python tests as CTest does: `run_test.py FILE [ARGUMENT…]`.

A file or socket that a test leaves open fails it too: Python only warns about one, and where nobody
can catch it.
"""

import gc
import runpy
import sys
import warnings
from pathlib import Path


def main(path, *arguments):
    left_open, tell = [], sys.unraisablehook

    def note(unraisable):
        if unraisable.exc_type is ResourceWarning:
            left_open.append(unraisable.exc_value)
        tell(unraisable)

    sys.unraisablehook = note
    sys.warnoptions += [
        "default",
        "error::ResourceWarning",
    ]  # unittest leaves warnings alone where options are given
    warnings.simplefilter("default")
    warnings.simplefilter("error", ResourceWarning)
    sys.argv = [path, *arguments]
    sys.path[0] = str(Path(path).resolve().parent)
    status = 0
    try:
        runpy.run_path(path, run_name="__main__")
    except SystemExit as end:
        status = end.code
    gc.collect()
    for warning in left_open:
        print(f"left open: {warning}", file=sys.stderr)
    return status or bool(left_open)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
