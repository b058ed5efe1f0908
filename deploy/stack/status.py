"""The state of each part; of a failed one what it said last, too. Exit code 3 unless all parts
run."""

import argparse
import json
import time
from concurrent.futures import ThreadPoolExecutor

from layout import add_dir, existing, part_and_number
from parts import program_name
from progress import last_lines, main
from supervisor import CONFIG_ERROR, Supervisor, has_given_up
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


def said_last(log, part, process):
    """Of a program that has given up, the problems of its configuration; else the last lines."""
    lines = last_lines(log)
    if not process or not has_given_up(process):
        return lines
    problems = [line for line in lines if line.startswith(program_name(part) + ": ")]
    return [f"given up: it ended with {CONFIG_ERROR}", *(problems or lines)]


def parts(layout):
    """One entry a process; those of a part stand side by side under the part's name."""
    processes = Supervisor(layout).processes()

    def entry(name):
        process = processes.get(name)
        state = state_of(layout, name, process)
        runs = state in ("running", "starting")
        part = part_and_number(name)[0]
        log = layout.log(name)
        return {
            "name": part,
            "state": state,
            "pid": (process["pid"] or None) if runs else None,
            "ports": layout.ports_of(name) if runs else {},
            "log": str(log),
            **({"said_last": said_last(log, part, process)} if state == "failed" else {}),
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
                print("\n".join("    " + line for line in part["said_last"]))
    return 0 if all(part["state"] == "running" for part in found) else 3


if __name__ == "__main__":
    main(body)
