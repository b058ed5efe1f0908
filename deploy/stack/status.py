"""deploy/status: the state of each part; the last log lines of a failed one."""
import argparse
import json

import infrastructure
from layout import SERVICES, add_dir, existing
from progress import main
from supervisor import Supervisor

STATES = {"RUNNING": "running", "STARTING": "starting", "BACKOFF": "failed", "FATAL": "failed", "STOPPED": "stopped", "STOPPING": "stopped",
          "EXITED": "failed", "UNKNOWN": "failed"}


def parts(layout):
    processes = Supervisor(layout).processes()
    for name in layout.parts:
        process = processes.get(name)
        state = STATES[process["statename"]] if process else "stopped"
        pid = process["pid"] if process and process["pid"] else None
        if state == "running" and name in SERVICES and not infrastructure.readiness(layout.port(name, "operations")):
            state = "starting"
        yield {"name": name, "state": state, "pid": pid, "ports": layout.ports_of(name) if pid else {}, "log": str(layout.logs / f"{name}.log")}


def body():
    parser = argparse.ArgumentParser(prog="deploy/status", description=__doc__, epilog="example: deploy/status --json")
    add_dir(parser)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    layout = existing(given, "status")
    all_parts = list(parts(layout))
    if given.json:
        print(json.dumps({"state_dir": str(layout.dir), "parts": all_parts}))
        return 0
    for part in all_parts:
        ports = " ".join(f"{kind}:{port}" for kind, port in part["ports"].items())
        print(f"{part['name']:22} {part['state']:9} {part['pid'] or '-':>8}  {ports}")
        if part["state"] == "failed":
            try:
                with open(part["log"], errors="replace") as handle:
                    print("".join("    " + line for line in handle.readlines()[-8:]), end="")
            except OSError:
                print(f"    no log in {part['log']}")
    return 0 if all(p["state"] == "running" for p in all_parts) else 3


main(body)
