"""Where a stack keeps what, and which ports it uses. One object, passed to everything else."""
import hashlib
import json
import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "release"
SERVICES = ("gateway", "validator", "agency_matcher", "statistics_aggregator", "notification", "query")
ROLES = SERVICES
PROGRAMS = ("chaiqin", *("chaiqin-" + name.replace("_", "-") for name in SERVICES))
DEFAULT_PORT_BASE = 8800


class Layout:
    """A state directory. `stack.json` in it remembers how the stack was brought up."""

    def __init__(self, directory):
        self.dir = Path(directory).resolve()
        self.config, self.logs, self.keys = self.dir / "config", self.dir / "logs", self.dir / "keys"
        self.bin, self.mails, self.kafka = self.dir / "bin", self.dir / "mails", self.dir / "kafka"
        self.clock = self.dir / "clock"
        self.socket = self._short_socket()
        self._memory = self.dir / "stack.json"

    def _short_socket(self):
        """A Unix socket's path may have 107 bytes; a deep directory gets one under /tmp."""
        path = self.dir / "supervisor.sock"
        return path if len(str(path)) < 100 else Path("/tmp") / f"chaiqin-{self.hash}.sock"

    @property
    def hash(self):
        return hashlib.sha256(str(self.dir).encode()).hexdigest()[:12]

    @property
    def postgres(self):
        """The cluster's directory: outside when the database's user cannot enter the state directory."""
        return Path("/var/lib/chaiqin") / self.hash / "postgres" if os.getuid() == 0 else self.dir / "postgres"

    @property
    def memory(self):
        return json.loads(self._memory.read_text()) if self._memory.exists() else None

    def remember(self, **values):
        self.dir.mkdir(parents=True, exist_ok=True)
        memory = {**(self.memory or {}), **values}
        self._memory.write_text(json.dumps(memory, indent=1))
        return memory

    @property
    def port_base(self):
        return self.memory["port_base"]

    def port(self, part, kind="http"):
        base = self.port_base
        fixed = {("gateway", "http"): 0, ("query", "grpc"): 1, ("kafka", "broker"): 2, ("kafka", "controller"): 3,
                 ("postgresql", "postgres"): 4, ("issuer", "http"): 5, ("smtp", "smtp"): 6}
        if kind == "operations":
            return base + 10 + SERVICES.index(part)
        return base + fixed[(part, kind)]

    def ports_of(self, part):
        if part == "gateway":
            return {"http": self.port(part), "operations": self.port(part, "operations")}
        if part == "query":
            return {"grpc": self.port(part, "grpc"), "operations": self.port(part, "operations")}
        if part in SERVICES:
            return {"operations": self.port(part, "operations")}
        if part == "issuer":
            return {"http": self.port(part)}
        return {{"kafka": "broker", "postgresql": "postgres", "smtp": "smtp"}[part]:
                self.port(part, {"kafka": "broker", "postgresql": "postgres", "smtp": "smtp"}[part])}

    @property
    def own_issuer(self):
        return not self.memory.get("issuer")

    @property
    def issuer_url(self):
        return self.memory.get("issuer") or f"http://127.0.0.1:{self.port('issuer')}"

    @property
    def parts(self):
        infrastructure = ["postgresql", "kafka", *(["issuer"] if self.own_issuer else []), "smtp"]
        return [*SERVICES, *infrastructure]

    def secrets(self):
        """Random passwords, made once, readable by the owner alone."""
        path = self.dir / "secrets.json"
        if not path.exists():
            made = {role: secrets.token_urlsafe(24) for role in ("owner", *ROLES)}
            made["token_client"] = secrets.token_urlsafe(32)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
                json.dump(made, handle, indent=1)
        return json.loads(path.read_text())

    def conninfo(self, role):
        user = "chaiqin" if role == "owner" else role
        return f"host=127.0.0.1 port={self.port('postgresql', 'postgres')} dbname=chaiqin user={user} password={self.secrets()[role]}"


def add_dir(parser):
    parser.add_argument("--dir", default=str(ROOT / ".local"), help="state directory of the stack (default: .local of this checkout)")


def existing(arguments, command):
    """The layout of a stack that was brought up; ends the command with 3 otherwise."""
    layout = Layout(arguments.dir)
    if layout.memory is None:
        raise SystemExit(f"deploy/{command}: no stack in {layout.dir}; deploy/up makes one")
    return layout
