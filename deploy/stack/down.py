"""deploy/down: stops all parts of a stack; the data stay unless --wipe."""
import argparse
import shutil

from layout import Layout, add_dir
from progress import main, say
from supervisor import Supervisor


def body():
    parser = argparse.ArgumentParser(prog="deploy/down", description=__doc__, epilog="example: deploy/down --wipe")
    add_dir(parser)
    parser.add_argument("--wipe", action="store_true", help="remove the state directory and the database cluster")
    given = parser.parse_args()
    layout = Layout(given.dir)
    if layout.memory is None:
        say(f"no stack in {layout.dir}")
        return 0
    Supervisor(layout).shut_down()
    if given.wipe:
        shutil.rmtree(layout.postgres.parent if layout.postgres.is_relative_to("/var/lib/chaiqin") else layout.postgres, ignore_errors=True)
        shutil.rmtree(layout.dir, ignore_errors=True)
    say("stopped" + (" and wiped" if given.wipe else "; the data stay"))
    return 0


main(body)
