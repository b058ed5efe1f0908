"""The state of each part; of a failed one the last log lines too. Exit code 3 unless all parts
run."""

import argparse
import json
import time
from concurrent.futures import ThreadPoolExecutor

from layout import add_dir, existing, part_and_number
from progress import last_lines, main
from supervisor import Supervisor
from waiting import is_ready

STATES = {
    "RUNNING": "running",
    "STARTING": "starting",
    "STOPPED": "stopped",
    "STOPPING": "stopped",
}  # else failed
STARTING_FOR_S = 30  # a process that old is running, whether or not the parts it needs answer


def state_of(layout, name, process):
    if process is None:
        return "stopped"
    state = STATES.get(process["statename"], "failed")
    if (
        state == "running"
        and time.time() - process["start"] < STARTING_FOR_S
        and not is_ready(layout, name)
    ):
        return "starting"
    return state


def parts(layout):
    """One entry a process; those of a part stand side by side under the part's name."""
    processes = Supervisor(layout).processes()

    def entry(name):
        process = processes.get(name)
        state = state_of(layout, name, process)
        runs = state in ("running", "starting")
        return {
            "name": part_and_number(name)[0],
            "state": state,
            "pid": (process["pid"] or None) if runs else None,
            "ports": layout.ports_of(name) if runs else {},
            "log": str(layout.log(name)),
        }

    names = [process for part in layout.parts for process in layout.processes_of(part)]
    with ThreadPoolExecutor(len(names)) as pool:
        return list(pool.map(entry, names))


def body():
    parser = argparse.ArgumentParser(
        prog="deploy/status", description=__doc__, epilog="example: deploy/status --json"
    )
    add_dir(parser)
    given = parser.parse_args()
    layout = existing(given)
    found = parts(layout)
    if given.json:
        print(json.dumps({"state_dir": str(layout.dir), "parts": found}))
    else:
        for part in found:
            ports = "  ".join(f"{kind} {port}" for kind, port in part["ports"].items())
            print(f"{part['name']:22} {part['state']:9} {part['pid'] or '-':>8}  {ports}")
            if part["state"] == "failed":
                print("\n".join("    " + line for line in last_lines(part["log"])))
    return 0 if all(part["state"] == "running" for part in found) else 3


if __name__ == "__main__":
    main(body)
