"""deploy/part stop|start|restart NAME [--now]: one part of a stack; a stopped one stays down until started."""
import argparse

from layout import add_dir, existing
from progress import main
from supervisor import Supervisor


def body():
    parser = argparse.ArgumentParser(prog="deploy/part", description=__doc__, epilog="example: deploy/part restart postgresql --now")
    parser.add_argument("action", choices=["stop", "start", "restart"])
    parser.add_argument("name")
    parser.add_argument("--now", action="store_true", help="SIGKILL; for postgresql immediate mode")
    add_dir(parser)
    given = parser.parse_args()
    layout = existing(given, "part")
    if given.name not in layout.parts:
        parser.error(f"no part {given.name}; there are {', '.join(layout.parts)}")
    supervisor = Supervisor(layout)
    if not supervisor.runs():
        raise SystemExit("deploy/part: the stack is down; deploy/up starts it")
    if given.action in ("stop", "restart"):
        supervisor.stop(given.name, given.now)
    if given.action in ("start", "restart"):
        supervisor.start(given.name)
    return 0


main(body)
