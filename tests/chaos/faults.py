"""What a fault run draws from. Each fault breaks one thing of a running stack, or sends something
awkward; what the services make of it is their own affair. An action that returns (seconds, mend)
leaves the thing broken for that long: meanwhile other faults may come."""

import os
import signal
import time
from pathlib import Path

from chaiqin_testing.stack import ROOT  # noqa: F401 - puts deploy/stack on the path
import link
from layout import SERVICES, SCALED, Layout
from supervisor import Supervisor

CONSUMERS = (*SCALED, "notification")
BEYOND_SESSION_S = 14  # the consumers' session time-out is 10 s
WITHIN_SESSION_S = 4


class Machine:
    """The stack's processes, links and disk, as a fault reaches for them."""

    def __init__(self, stack):
        self.layout = Layout(stack.directory)
        self.supervisor = Supervisor(self.layout)
        self.disk = own_disk(self.layout.dir)

    def pids(self, part):
        known = self.supervisor.processes()
        return [known[name]["pid"] for name in self.layout.processes_of(part) if known[name]["pid"]]

    def signal_one(self, part, number, random):
        """One process of the part at random; None if none runs just now."""
        pids = self.pids(part)
        if not pids:
            return None
        pid = random.choice(pids)
        return pid if send_signal(pid, number) else None

    def tell_link(self, action, between):
        said = link.tell(self.layout, f"{action} {' '.join(between)}")
        assert said == "ok", said


def send_signal(pid, number):
    try:
        os.kill(pid, number)
        return True
    except ProcessLookupError:
        return False


def own_disk(directory):
    """The mount point of the file system that holds the stack alone; None if it shares one with the
    checkout."""
    if os.stat(directory).st_dev == os.stat(ROOT).st_dev:
        return None
    point = Path(directory)
    while not os.path.ismount(point):
        point = point.parent
    return point


class Fault:
    """`kind` is the heading under which runs count it, `name` says what just this one does."""

    def __init__(self, kind, name, action, weight, mail_twice=False):
        self.kind, self.name, self.action, self.weight, self.mail_twice = (
            kind,
            name,
            action,
            weight,
            mail_twice,
        )

    def __call__(self, run, random):
        return self.action(run, random)


def kill(part):
    def action(run, random):
        run.machine.signal_one(part, signal.SIGKILL, random)

    return Fault(
        "kill service", f"SIGKILL of a {part}", action, 5, mail_twice=part == "notification"
    )


def pause(part):
    def action(run, random):
        pid = run.machine.signal_one(part, signal.SIGSTOP, random)
        return (BEYOND_SESSION_S, lambda: send_signal(pid, signal.SIGCONT)) if pid else None

    return Fault(
        "pause beyond session",
        f"SIGSTOP of a {part} beyond its session",
        action,
        0.8,
        mail_twice=part == "notification",
    )


def down_for(part, most_s, kind, weight):
    def action(run, random):
        run.machine.supervisor.stop(part, now=True)
        time.sleep(random.uniform(0, most_s))
        run.machine.supervisor.start(part)

    return Fault(kind, kind, action, weight, mail_twice=part == "postgresql")


def break_link(kind, verb, between, shortest_s, longest_s, weight):
    def action(run, random):
        run.machine.tell_link(verb, between)
        return random.uniform(shortest_s, longest_s), lambda: run.machine.tell_link("heal", between)

    return Fault(
        kind,
        f"{kind}: {' → '.join(between)}",
        action,
        weight,
        mail_twice=between[0] == "notification",
    )


def rebalance(part):
    """One process leaves in good order, so that the others take its partitions, and comes back."""

    def action(run, random):
        process = random.choice(run.machine.layout.processes_of(part))
        run.machine.supervisor.stop(process)
        time.sleep(random.uniform(0, 3))
        run.machine.supervisor.start(process)

    return Fault(
        "rebalance",
        f"rebalance: a {part} leaves and comes back",
        action,
        2.5,
        mail_twice=part == "notification",
    )


def fill_disk(run, random):
    """Nothing can be written any more on the file system of PostgreSQL, Kafka, mails and logs."""
    ballast = run.machine.disk / "ballast"
    try:
        with open(ballast, "wb") as handle:
            size, piece = 0, 1 << 28
            while piece >= 4096:
                try:
                    os.posix_fallocate(handle.fileno(), size, piece)
                    size += piece
                except OSError:
                    piece >>= 1
            run.uploads.burst(random, 10)
            time.sleep(random.uniform(4, 8))
    finally:
        ballast.unlink(missing_ok=True)


def loads(kind, what, weight):
    def action(run, _random):
        run.careers.ask_for(what)

    return Fault(kind, kind, action, weight)


def uploads(kind, how, count, weight):
    def action(run, random):
        run.uploads.burst(random, count, how)

    return Fault(kind, kind, action, weight)


def all_faults(machine):
    """(faults this stack can have, sentences about those it cannot have)."""
    found = [
        *(kill(part) for part in SERVICES),
        *(pause(part) for part in CONSUMERS),
        down_for("kafka", 3, "kill broker", 4),
        down_for("postgresql", 4, "PostgreSQL immediate stop", 6),
        *(rebalance(part) for part in CONSUMERS),
        loads("Table 19 changes", "changes", 8),
        loads("Table 19 snapshot", "snapshot", 3),
        uploads("lost answers", "lost", 8, 4),
        uploads("torn uploads", "torn", 8, 2),
        uploads("same key at once", "twins", 8, 4),
        uploads("reordered uploads", "shuffled", 20, 4),
    ]
    missing = []
    if machine.layout.has_links:
        ways = machine.layout.links
        for between in ways:
            found += [
                break_link("link cut", "cut", between, 0.2, 5, 16 / len(ways)),
                break_link("link reset", "reset", between, 0, 0.5, 6 / len(ways)),
                break_link("link stall", "stall", between, 0.5, WITHIN_SESSION_S, 8 / len(ways)),
            ]
        found += [
            break_link(
                "stall beyond session",
                "stall",
                (part, other),
                BEYOND_SESSION_S,
                BEYOND_SESSION_S + 1,
                0.4,
            )
            for part in CONSUMERS
            for other in ("kafka", "postgresql")
        ]
    else:
        missing.append("no link is cut or stalled: the stack was brought up without --test-links")
    if machine.disk:
        found.append(Fault("full disk", "full disk", fill_disk, 2, mail_twice=True))
    else:
        missing.append("the disk is not filled: the stack shares its file system with the checkout")
    return found, missing


def plan(faults, random, count):
    """`count` faults: each service killed once and each other kind once, in any order, before the
    weights decide."""
    kinds = {}
    for fault in faults:
        kinds.setdefault(fault.name if fault.kind == "kill service" else fault.kind, []).append(
            fault
        )
    first = [random.choice(several) for several in kinds.values()]
    random.shuffle(first)
    rest = random.choices(faults, [fault.weight for fault in faults], k=max(0, count - len(first)))
    return [*first, *rest][:count]
