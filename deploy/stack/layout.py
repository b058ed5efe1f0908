"""Where a stack keeps what, and which ports it uses. One object, passed to everything else."""

import hashlib
import json
import os
import re
import secrets
from pathlib import Path
from typing import NamedTuple

from progress import Failed, Unusable

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "release"
PROGRAMS = BUILD / "bin"
MOST_PROCESSES = 4
MOST_SOCKET_PATH = 108  # of the kernel, with the zero at the end
DEFAULT_PORT_BASE = 8800


class Service(NamedTuple):
    """What the stack must know of a service beside its folder, its program and
    deploy/config/<name>.conf.in."""

    reaches: tuple  # the parts that it connects to
    ports: dict = {}  # kind of port beside that of operations → distance from the port base
    many: bool = False  # may run in several processes that share the partitions


# The one table of services. Operations ports follow from its order, so a new service comes last.
# Ports of other kinds have a place of their own: 9 is free.
SERVICE_TABLE = {
    "gateway": Service(("kafka", "postgresql", "query", "issuer"), {"http": 0}),
    "validator": Service(("kafka", "postgresql"), many=True),
    "agency_matcher": Service(("kafka", "postgresql"), many=True),
    "statistics_aggregator": Service(("kafka", "postgresql"), many=True),
    "notification": Service(("kafka", "postgresql", "smtp")),
    "query": Service(("postgresql", "issuer"), {"grpc": 1}),
}
SERVICES = tuple(SERVICE_TABLE)
# Stages that may run in several processes.
SCALED = tuple(name for name, service in SERVICE_TABLE.items() if service.many)
# Operations ports as distances from the port base: the first process of each service, in the order
# of SERVICE_TABLE, and the second of each that may run in several. Its third and fourth process
# follow in steps of three.
_OPERATIONS = (10, 11, 12, 13, 14, 15, 7)
_SECOND_OPERATIONS = (20, 21, 22, 60, 61, 62)
# Several gateways: where each of them serves behind the proxy, and the operations ports of the
# second to the fourth.
_GATEWAYS_BEHIND = (70, 71, 72, 73)
_GATEWAYS_OPERATIONS = (74, 75, 76)
_PORTS = {  # part → kind of port → distance from the port base
    **{name: service.ports for name, service in SERVICE_TABLE.items()},
    "proxy": {"http": 0},
    "kafka": {"broker": 2, "controller": 3},
    "postgresql": {"postgres": 4},
    "issuer": {"http": 5},
    "smtp": {"smtp": 6, "http": 8},
    "links": {"control": 29},
}
_REACHED_AT = {
    "kafka": "broker",
    "postgresql": "postgres",
    "query": "grpc",
    "issuer": "http",
    "smtp": "smtp",
}
# Who reaches whom, and the kind of port. With --test-links each of these goes through a relay that
# can be cut.
LINKS = {
    (name, other): kind
    for other, kind in _REACHED_AT.items()
    for name, service in SERVICE_TABLE.items()
    if other in service.reaches
}


def write(path, text, mode=0o600):
    """Writes a file if that changes it, so that its time says when it last changed."""
    if path.exists() and path.read_text() == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(path.name + ".new")
    with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as handle:
        handle.write(text)
    os.replace(scratch, path)


def part_and_number(process):
    """ "validator-2" → ("validator", 2), "validator" → ("validator", 1)."""
    part, _, number = process.partition("-")
    return part, int(number or 1)


class Layout:
    """A state directory. `stack.json` in it remembers how the stack was brought up."""

    def __init__(self, directory):
        self.dir = Path(directory).resolve()
        self.config, self.logs, self.keys = (
            self.dir / "config",
            self.dir / "logs",
            self.dir / "keys",
        )
        self.bin, self.mails, self.kafka = self.dir / "bin", self.dir / "mails", self.dir / "kafka"
        self.hooks = self.dir / "webhooks"
        self.clock, self.postgres = self.dir / "clock", self.dir / "postgres"
        self.supervisor_pid = self.dir / "supervisord.pid"
        self._memory = self.dir / "stack.json"

    @property
    def socket(self):
        """A Unix socket's path may have 107 bytes; a deep directory gets one under /tmp."""
        path = self.dir / "supervisor.sock"
        return (
            path
            if len(os.fsencode(path)) < 100
            else Path(f"/tmp/chaiqin-{os.getuid()}-{self.hash}.sock")
        )

    @property
    def hash(self):
        return hashlib.sha256(os.fsencode(self.dir)).hexdigest()[:12]

    @property
    def outside_postgres(self):
        """Where the cluster stands when the database's user cannot enter the state directory."""
        return Path("/var/lib/chaiqin") / self.hash

    @property
    def memory(self):
        return json.loads(self._memory.read_text()) if self._memory.exists() else None

    def remember(self, **values):
        write(self._memory, json.dumps({**(self.memory or {}), **values}, indent=1), 0o644)

    def log(self, part):
        return self.logs / f"{part}.log"

    def processes_of(self, part):
        """The names of a part's processes: the first is named like the part, the others NAME-2,
        NAME-3 …"""
        count = self.memory.get("stage_processes", 1) if part in SCALED else 1
        if part == "gateway":
            count = self.gateways
        return [part, *(f"{part}-{number}" for number in range(2, count + 1))]

    @property
    def services(self):
        """The names of all processes of the services."""
        return [process for part in SERVICES for process in self.processes_of(part)]

    @property
    def infrastructure(self):
        return [part for part in self.parts if part not in SERVICES]

    def port(self, process, kind="http"):
        base, (part, number) = self.memory["port_base"], part_and_number(process)
        if kind != "operations":
            behind = part == "gateway" and self.has_proxy
            return base + (_GATEWAYS_BEHIND[number - 1] if behind else _PORTS[part][kind])
        if number == 1:
            return base + _OPERATIONS[SERVICES.index(part)]
        if part == "gateway":
            return base + _GATEWAYS_OPERATIONS[number - 2]
        return base + _SECOND_OPERATIONS[SCALED.index(part)] + 3 * (number - 2)

    @property
    def gateways(self):
        return self.memory.get("gateways", 1)

    @property
    def has_proxy(self):
        return self.gateways > 1

    @property
    def front_port(self):
        """Where clients reach the one gateway, or the proxy before several."""
        return self.port("proxy" if self.has_proxy else "gateway")

    def ports_of(self, process):
        part, _ = part_and_number(process)
        ports = {kind: self.port(process, kind) for kind in _PORTS[part] if kind != "controller"}
        return (
            {**ports, "operations": self.port(process, "operations")} if part in SERVICES else ports
        )

    @property
    def all_ports(self):
        """(part, port) of everything that listens, the controller of Kafka too."""
        for process in (*self.services, *self.infrastructure):
            yield from ((process, port) for port in self.ports_of(process).values())
        yield "kafka", self.port("kafka", "controller")
        if self.has_links:
            yield from (("links", self.link_port(*link)) for link in self.links)
            yield from (("kafka", port) for port in self.broker_ports().values())

    @property
    def has_links(self):
        return bool(self.memory.get("test_links"))

    @property
    def links(self):
        return [link for link in LINKS if self.own_issuer or link[1] != "issuer"]

    def link_port(self, part, other):
        return self.memory["port_base"] + 30 + list(LINKS).index((part, other))

    def broker_ports(self):
        """service → the broker's listener for it alone: what a listener advertises is where its
        clients come back to, so services with relays of their own need listeners of their own."""
        clients = [part for part, other in LINKS if other == "kafka"]
        return {part: self.memory["port_base"] + 50 + number for number, part in enumerate(clients)}

    def link_target(self, part, other):
        return (
            self.broker_ports()[part] if other == "kafka" else self.port(other, LINKS[part, other])
        )

    def way(self, part, other):
        """The port at which `part` reaches `other`."""
        if self.has_links and (part, other) in LINKS:
            return self.link_port(part, other)
        return self.port(other, _REACHED_AT[other])

    @property
    def own_issuer(self):
        return not self.memory.get("issuer")

    @property
    def issuer_url(self):
        return self.memory.get("issuer") or f"http://localhost:{self.port('issuer')}"

    @property
    def gateway_url(self):
        return f"http://127.0.0.1:{self.front_port}"

    @property
    def portal_secret(self):
        """The file with the portal's client secret."""
        return self.dir / "portal-client-secret"

    @property
    def parts(self):
        return [
            *SERVICES,
            "kafka",
            "postgresql",
            *(["issuer"] if self.own_issuer else []),
            "smtp",
            *(["proxy"] if self.has_proxy else []),
            *(["links"] if self.has_links else []),
        ]

    def secrets(self):
        """Random passwords, made once, readable by the owner alone."""
        path = self.dir / "secrets.json"
        known = json.loads(path.read_text()) if path.exists() else {}
        names = ("owner", *SERVICES, "token_client", "portal_client", "issuer_cookies")
        if made := {name: secrets.token_urlsafe(32) for name in names if name not in known}:
            known.update(made)
            write(path, json.dumps(known, indent=1))
        return known

    @property
    def postgres_sockets(self):
        """Where PostgreSQL listens besides TCP: its own directory; "" if that cannot hold a
        socket."""
        directory = str(self.postgres.resolve())
        fits = len(directory) + len("/.s.PGSQL.65535") < MOST_SOCKET_PATH
        return directory if fits and re.fullmatch(r"[\w./+-]+", directory) else ""

    def conninfo(self, role):
        user, port = "chaiqin" if role == "owner" else role, self.way(role, "postgresql")
        direct = port == self.port("postgresql", "postgres")
        return (
            f"host={direct and self.postgres_sockets or '127.0.0.1'} port={port} dbname=chaiqin "
            f"user={user} password={self.secrets()[role]}"
        )


def add_dir(parser):
    parser.add_argument(
        "--dir",
        default=str(ROOT / ".local"),
        help="state directory of the stack (default: .local of this checkout)",
    )
    parser.add_argument("--json", action="store_true", help="the answer as JSON")


def existing(arguments):
    """The layout of a stack that was brought up before."""
    layout = Layout(arguments.dir)
    try:
        if layout.memory is not None:
            layout.secrets()
            return layout
    except PermissionError as refused:
        raise Unusable(f"the stack in {layout.dir} belongs to another user", 4) from refused
    raise Failed("stack", f"there is none in {layout.dir}", None, "deploy/up makes one")
