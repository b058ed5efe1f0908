"""Stops all parts of a stack; the data stay unless --wipe."""

import argparse
import shutil

import lock
from layout import Layout, add_dir, part_and_number
from progress import answer, main, say
from supervisor import Supervisor, end_orphans


def body():
    parser = argparse.ArgumentParser(
        prog="deploy/down", description=__doc__, epilog="example: deploy/down --wipe"
    )
    add_dir(parser)
    parser.add_argument(
        "--wipe", action="store_true", help="remove the state directory and the database cluster"
    )
    given = parser.parse_args()
    layout = Layout(given.dir)
    if layout.memory is None:
        answer(
            given,
            f"no stack in {layout.dir}",
            state_dir=str(layout.dir),
            stopped=False,
            wiped=False,
        )
        return
    with lock.held(layout):
        supervisor = Supervisor(layout)
        # No file is taken any more, the stages finish what they hold, then the parts they need go.
        supervisor.shut_down(
            layout.processes_of("gateway"),
            [name for name in layout.services if part_and_number(name)[0] != "gateway"],
            layout.infrastructure,
        )
        if end_orphans(layout):
            say("ended parts that an earlier supervisor had left behind")
        layout.socket.unlink(missing_ok=True)
        if given.wipe:
            if layout.postgres.is_symlink():
                shutil.rmtree(layout.outside_postgres, ignore_errors=True)
            shutil.rmtree(layout.dir)
    answer(
        given,
        "stopped and wiped" if given.wipe else f"stopped; the data stay in {layout.dir}",
        state_dir=str(layout.dir),
        stopped=True,
        wiped=given.wipe,
    )


if __name__ == "__main__":
    main(body)
