"""Sets up what is missing, builds, starts a stack, loads the demo country and sends its last
month."""

import argparse
import json
import time
from pathlib import Path

import broker
import build
import database
import demo
import lock
from command import chaiqin_or_fail
from issuer_client import seconds_of
from layout import (
    DEFAULT_PORT_BASE,
    MOST_PROCESSES,
    PROGRAMS,
    ROOT,
    SERVICE_TABLE,
    Layout,
    add_dir,
    part_and_number,
    write,
)
from parts import (
    DEPLOY,
    PORTAL_PAGES,
    program_name,
    write_kafka_config,
    write_links,
    write_proxy,
    write_service_configs,
    write_supervisor_config,
)
from progress import Failed, Step, main, say
from supervisor import Supervisor, end_orphans, started_at
from waiting import port_open, wait_until_ready

EXAMPLES = """examples:
  deploy/up
  deploy/up --no-demo --dir /tmp/second --port-base 9800
  deploy/up --jwks keys.json --issuer https://sso.example/"""


def arguments():
    parser = argparse.ArgumentParser(
        prog="deploy/up",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_dir(parser)
    parser.add_argument(
        "--port-base",
        type=int,
        metavar="N",
        help=f"first port of the stack, the gateway's (default {DEFAULT_PORT_BASE})",
    )
    parser.add_argument(
        "--no-demo", action="store_true", help="calendar, leave types and rules only"
    )
    parser.add_argument(
        "--test-clock",
        action="store_true",
        help="deploy/clock may set the services' clock; for tests",
    )
    parser.add_argument(
        "--test-links",
        action="store_true",
        help="the parts reach each other through relays that deploy/link can cut; for tests",
    )
    parser.add_argument(
        "--stage-processes",
        type=int,
        metavar="N",
        choices=range(1, MOST_PROCESSES + 1),
        help=f"processes of each of the three stages, 1 to {MOST_PROCESSES} (default 1)",
    )
    parser.add_argument(
        "--gateways",
        type=int,
        metavar="N",
        choices=range(1, MOST_PROCESSES + 1),
        help=f"gateways behind one proxy, 1 to {MOST_PROCESSES} (default 1, without a proxy)",
    )
    parser.add_argument("--jwks", metavar="FILE", help="JWK Set of another issuer (with --issuer)")
    parser.add_argument(
        "--issuer", metavar="URL", help="`iss` of another issuer's tokens (with --jwks)"
    )
    parser.add_argument(
        "--session-idle",
        type=seconds_of,
        metavar="TIME",
        help="logs out who does nothing in the portal for so long, such as 3m (default 30m)",
    )
    parser.add_argument(
        "--session-end",
        type=seconds_of,
        metavar="TIME",
        help="everybody must log in again after so long, such as 10h (the default)",
    )
    given = parser.parse_args()
    if bool(given.jwks) != bool(given.issuer):
        parser.error("--jwks and --issuer go together")
    if given.jwks and not Path(given.jwks).is_file():
        parser.error(f"--jwks: no file {given.jwks}")
    if given.port_base is not None and not 1024 <= given.port_base <= 65000:
        parser.error("--port-base: from 1024 to 65000")
    return given


def build_all(given, layout):
    build.programs()
    build.kafka_jars()
    build.fetch_node()
    build.portal()
    if not given.issuer and not (layout.memory or {}).get("issuer"):
        build.npm_packages(DEPLOY / "oidc", "the OIDC issuer")


def session_limits(given, before):
    """The settings of the gateway that differ from its own."""
    wanted = {"session_idle_s": given.session_idle, "session_limit_s": given.session_end}
    return {**before, **{name: seconds for name, seconds in wanted.items() if seconds}}


def prepare(given, layout, supervisor):
    """The state directory with everything that is rendered or made once."""
    before = layout.memory or {}
    port_base = given.port_base or before.get("port_base", DEFAULT_PORT_BASE)
    if port_base != before.get("port_base", port_base) and supervisor.runs():
        raise Failed(
            "stack", f"it runs on port base {before['port_base']}", None, "deploy/down first"
        )
    if given.test_links and not before.get("test_links") and supervisor.runs():
        raise Failed("stack", "it runs without relays between its parts", None, "deploy/down first")
    if given.gateways and given.gateways != before.get("gateways", 1) and supervisor.runs():
        raise Failed("stack", "it runs with another number of gateways", None, "deploy/down first")
    layout.remember(
        port_base=port_base,
        stage_processes=given.stage_processes or before.get("stage_processes", 1),
        gateways=given.gateways or before.get("gateways", 1),
        test_clock=bool(given.test_clock or before.get("test_clock")),
        test_links=bool(given.test_links or before.get("test_links")),
        issuer=given.issuer or before.get("issuer"),
        jwks=str(Path(given.jwks).resolve()) if given.jwks else before.get("jwks"),
        session_limits=session_limits(given, before.get("session_limits", {})),
    )
    for directory in (layout.config, layout.logs, layout.bin, layout.mails, layout.kafka):
        directory.mkdir(parents=True, exist_ok=True)
    layout.keys.mkdir(mode=0o700, exist_ok=True)
    if given.jwks:
        write(layout.config / "jwks.json", Path(given.jwks).read_text(encoding="utf-8"))
    if not layout.clock.exists():
        layout.clock.write_text("offset_us=0\n")
    database.make_cluster(layout)
    write_service_configs(layout)
    write_kafka_config(layout)
    if layout.has_proxy:
        write_proxy(layout)
    if layout.has_links:
        write_links(layout)
    write_supervisor_config(layout)
    chaiqin_or_fail(layout, "keys", "keys", "make", layout.keys)


def check_ports(layout, supervisor):
    """A port that somebody else holds is told before anything starts."""
    running = {name for name, process in supervisor.processes().items() if process["pid"]}
    taken = [
        f"{port} ({part})"
        for part, port in layout.all_ports
        if part not in running and port_open(port)
    ]
    if taken:
        raise Failed(
            "ports",
            "in use by another program: " + ", ".join(taken),
            None,
            "deploy/up --port-base N with another N, or end that program",
        )


def start_infrastructure(layout, supervisor):
    with Step("starting PostgreSQL, Kafka, issuer and mail sink"):
        supervisor.start_daemon()
        supervisor.stop(*outdated(supervisor, {"postgresql": [layout.postgres / "chaiqin.conf"]}))
        for part in layout.infrastructure:
            if part != "kafka":
                supervisor.start(part)
        broker.format_log(layout)
        supervisor.start("kafka")
        wait_until_ready(layout, supervisor, *layout.infrastructure)


def start_services(layout, supervisor):
    with Step("database and topics"):
        # An older program must not meet the tables of a newer one: it would take them for a failure
        supervisor.stop(*outdated(supervisor, services_made_of(layout)))
        database.make_database(layout)
        chaiqin_or_fail(layout, "postgresql", "migrate", tries=3)
        database.set_passwords(layout)
        chaiqin_or_fail(layout, "kafka", "topics", "apply", tries=5)
    with Step("starting the six services"):
        for name in layout.services:
            supervisor.start(name)
        wait_until_ready(layout, supervisor, *layout.services)


def services_made_of(layout):
    """Program and configuration of every service, and the pages that the gateway has read."""
    made_of = {}
    for name in layout.services:
        part, _ = part_and_number(name)
        made_of[name] = [PROGRAMS / program_name(part), layout.config / f"{part}.conf"]
        if not layout.own_issuer and "issuer" in SERVICE_TABLE[part].reaches:
            made_of[name].append(layout.config / "jwks.json")
        if part == "gateway":
            made_of[name].append(PORTAL_PAGES / "index.html")
    return made_of


def outdated(supervisor, made_of):
    """Parts that run with an older program or configuration than the one that stands there now."""
    processes = supervisor.processes()
    for name, paths in made_of.items():
        newest = max((path.stat().st_mtime for path in paths if path.exists()), default=0)
        if processes[name]["pid"] and started_at(processes[name]) < newest:
            yield name


def tell(given, layout, seconds):
    if given.json:
        print(
            json.dumps(
                {
                    "state_dir": str(layout.dir),
                    "gateway": layout.gateway_url,
                    "issuer": layout.issuer_url,
                    "portal": layout.gateway_url + "/",
                    "mails": str(layout.mails),
                    "webhooks": str(layout.hooks),
                    "ready_after_s": round(seconds, 1),
                }
            )
        )
        return
    here = "" if layout.dir == (ROOT / ".local").resolve() else f" --dir {layout.dir}"
    print(
        f"gateway   {layout.gateway_url}/api/v1  (open without a token:"
        f" {layout.gateway_url}/api/v1/rules)"
    )
    print(f"issuer    {layout.issuer_url}")
    if layout.own_issuer:
        print(f"portal    {layout.gateway_url}/  (open it in a browser and log in as one of these)")
        for person in json.loads((DEPLOY / "oidc/people.json").read_text(encoding="utf-8")):
            print(f"          {person['name']}  {person['agency']}")
    print(f"mails     {layout.mails}")
    print(f"webhooks  {layout.hooks}")
    print(f"state     {layout.dir}  (deploy/status{here}, deploy/down{here})")
    if layout.own_issuer:
        print(
            f'next try  curl -sH "Authorization: Bearer $(deploy/token {demo.TOP_AGENCY}{here})" '
            f"'{layout.gateway_url}/api/v1/summary?page_size=3'"
        )


def body():
    given, begin = arguments(), time.monotonic()
    layout = Layout(given.dir)
    build_all(given, layout)
    with lock.held(layout):
        supervisor = Supervisor(layout)
        if not supervisor.runs() and end_orphans(layout):
            say("ended parts that an earlier supervisor had left behind")
        prepare(given, layout, supervisor)
        check_ports(layout, supervisor)
        wants_demo = not given.no_demo and layout.own_issuer
        if wants_demo and not layout.memory["test_clock"]:
            demo.begin(layout)
        start_infrastructure(layout, supervisor)
        start_services(layout, supervisor)
        seconds = time.monotonic() - begin
        say(f"all parts are ready after {seconds:.1f} s")
        if not given.no_demo and not layout.own_issuer:
            say("no demo: it needs tokens of the local issuer")
        elif wants_demo:
            demo.run(layout, quiet=given.json)
    tell(given, layout, seconds)


if __name__ == "__main__":
    main(body)
