"""Stops, starts or restarts one part of a stack; a stopped one stays down until it is started."""

import argparse

from layout import add_dir, existing
from progress import Failed, answer, main
from supervisor import Supervisor


def body():
    parser = argparse.ArgumentParser(
        prog="deploy/part",
        description=__doc__,
        epilog="examples: deploy/part restart gateway; deploy/part stop postgresql --now",
    )
    parser.add_argument("action", choices=["stop", "start", "restart"])
    parser.add_argument(
        "name",
        metavar="NAME",
        help="a part; or one process of several, such as validator-1 or validator-2",
    )
    parser.add_argument("--now", action="store_true", help="SIGKILL; for postgresql immediate mode")
    add_dir(parser)
    given = parser.parse_args()
    layout = existing(given)
    if given.name in layout.parts:
        processes = layout.processes_of(given.name)
    elif given.name.removesuffix("-1") in layout.services:
        processes = [given.name.removesuffix("-1")]
    else:
        parser.error(f"no part {given.name}; there are {', '.join(layout.parts)}")
    supervisor = Supervisor(layout)
    if not supervisor.runs():
        raise Failed("stack", "it is down", None, "deploy/up starts it")
    if given.action in ("stop", "restart"):
        supervisor.stop(*processes, now=given.now)
    if given.action in ("start", "restart"):
        for process in processes:
            supervisor.start(process)
    done = {"stop": "stopped", "start": "started", "restart": "restarted"}[given.action]
    answer(given, f"{given.name} {done}", name=given.name, action=given.action)


if __name__ == "__main__":
    main(body)
