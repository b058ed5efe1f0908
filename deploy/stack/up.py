"""deploy/up: everything a stack needs, then the demo month."""
import argparse
import shutil
import subprocess
import sys
import time
from pathlib import Path

import build
import demo
import infrastructure
from layout import DEFAULT_PORT_BASE, SERVICES, Layout, add_dir
from parts import kafka_config, service_configs, supervisor_config
from progress import Failed, Step, main, say, wait_for
from supervisor import Supervisor


def arguments():
    parser = argparse.ArgumentParser(prog="deploy/up", formatter_class=argparse.RawDescriptionHelpFormatter, description=__doc__,
                                     epilog="examples:\n  deploy/up\n  deploy/up --no-demo --dir /tmp/second --port-base 9800\n"
                                            "  deploy/up --jwks keys.json --issuer https://sso.example/")
    add_dir(parser)
    parser.add_argument("--port-base", type=int, help=f"first port of the stack (default {DEFAULT_PORT_BASE}; the gateway's)")
    parser.add_argument("--no-demo", action="store_true", help="no demo registry, Table 19 and month")
    parser.add_argument("--test-clock", action="store_true", help="the services' clock can be set by deploy/clock; for tests alone")
    parser.add_argument("--jwks", help="JWK Set of another issuer (with --issuer)")
    parser.add_argument("--issuer", help="`iss` of another issuer's tokens (with --jwks)")
    given = parser.parse_args()
    if bool(given.jwks) != bool(given.issuer):
        parser.error("--jwks and --issuer go together")
    if given.port_base is not None and not 1024 <= given.port_base <= 65000:
        parser.error("--port-base: from 1024 to 65000")
    return given


def prepare(given):
    layout = Layout(given.dir)
    before = layout.memory or {}
    port_base = given.port_base or before.get("port_base", DEFAULT_PORT_BASE)
    if before and port_base != before["port_base"] and Supervisor(layout).runs():
        raise Failed("stack", f"it runs on port base {before['port_base']}", None, "deploy/down first")
    layout.remember(port_base=port_base, test_clock=bool(given.test_clock or before.get("test_clock")),
                    issuer=given.issuer or before.get("issuer"))
    for directory in (layout.config, layout.logs, layout.keys, layout.bin, layout.mails, layout.kafka):
        directory.mkdir(parents=True, exist_ok=True)
    if given.jwks:
        shutil.copy(given.jwks, layout.config / "jwks.json")
    if layout.memory["test_clock"] and not layout.clock.exists():
        layout.clock.write_text("offset_us=0\n")
    layout.secrets()
    service_configs(layout)
    kafka_config(layout)
    supervisor_config(layout)
    return layout


def check_ports(layout, supervisor):
    """A port that somebody else holds is told before anything starts."""
    running = {name for name, p in supervisor.processes().items() if p["pid"]}
    taken = [f"{part} needs {port}" for part in layout.parts if part not in running for port in layout.ports_of(part).values()
             if infrastructure.port_open(port)]
    if taken:
        raise Failed("ports", "in use by another program: " + ", ".join(taken), None, "deploy/up --port-base N with another N, or end that program")


def start(layout, supervisor):
    with Step("starting PostgreSQL, Kafka, issuer and mail sink"):
        infrastructure.make_cluster(layout)
        infrastructure.format_kafka(layout)
        (layout.logs / "postgresql.log").touch()
        supervisor.start_daemon()
        for part in layout.parts:
            if part not in SERVICES:
                supervisor.start(part)
        infrastructure.wait_for_all(layout)
    with Step("database and topics"):
        infrastructure.make_database(layout)
        infrastructure.chaiqin_or_fail(layout, "postgresql", "migrate", tries=3)
        infrastructure.set_passwords(layout)
        infrastructure.chaiqin_or_fail(layout, "kafka", "topics", "apply", tries=5)
    with Step("starting the six services"):
        for name in SERVICES:
            supervisor.start(name)
        for name in SERVICES:
            wait_for(name, "ready", lambda name=name: infrastructure.readiness(layout.port(name, "operations")), 60, layout.logs / f"{name}.log",
                     f"deploy/part restart {name}")


def body():
    given, begin = arguments(), time.monotonic()
    build.programs()
    build.jars()
    layout = Layout(given.dir)
    if not given.issuer and not (layout.memory or {}).get("issuer"):
        build.node_packages()
    layout = prepare(given)
    infrastructure.chaiqin_or_fail(layout, "keys", "keys", "make", str(layout.keys))
    supervisor = Supervisor(layout)
    check_ports(layout, supervisor)
    start(layout, supervisor)
    say(f"all parts are ready after {time.monotonic() - begin:.1f} s")
    if not given.no_demo and layout.own_issuer:
        demo.run(layout)
    print(f"gateway      http://127.0.0.1:{layout.port('gateway')}/api/v1   (rules: /api/v1/rules)")
    print(f"issuer       {layout.issuer_url}")
    print(f"mails        {layout.mails}")
    print(f"state        {layout.dir}")
    more = "" if Path(given.dir).resolve() == Path(layout.dir.parents[0] / ".local").resolve() and layout.dir.name == ".local" else f" --dir {given.dir}"
    print(f"next, try:   curl -sH \"Authorization: Bearer $(deploy/token Z00000001A{more})\" 'http://127.0.0.1:{layout.port('gateway')}/api/v1/summary?page_size=3'")


if __name__ == "__main__":
    try:
        main(body)
    except subprocess.TimeoutExpired as failure:
        say(f"took too long: {failure.cmd}")
        sys.exit(3)
