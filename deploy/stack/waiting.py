"""Whether a part answers, and bounded waits for it."""

import http.client
import socket
import time
import urllib.request

import database
from layout import SERVICES, part_and_number
from progress import wait_for
from supervisor import CONFIG_ERROR, has_given_up

ENDING_FOR_S = 15
PATIENCE_S = {"postgresql": 120, "kafka": 90}  # recovery after a crash takes its time


def port_open(port):
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def http_ok(url, timeout=3):
    try:
        with urllib.request.urlopen(url, timeout=timeout) as reply:
            return reply.status == 200
    except (OSError, http.client.HTTPException):
        return False


def is_ready(layout, part):
    if part_and_number(part)[0] in SERVICES:
        return http_ok(f"http://127.0.0.1:{layout.port(part, 'operations')}/readyz")
    if part == "postgresql":
        return database.answers(layout)
    if part == "issuer":
        return http_ok(layout.issuer_url + "/.well-known/openid-configuration")
    kinds = {"kafka": "broker", "smtp": "smtp", "links": "control", "proxy": "http"}
    return port_open(layout.port(part, kinds[part]))


def wait_until_ready(layout, supervisor, *parts):
    for part in parts:
        wait_for(
            part,
            "ready",
            lambda part=part: is_ready(layout, part),
            PATIENCE_S.get(part, 60),
            layout.log(part),
            f"mend what the log says, then deploy/part restart {part}",
            broken=_Endings(supervisor, part).why,
        )


class _Endings:
    """Tells of a part that says its configuration is wrong, or that ends again and again."""

    def __init__(self, supervisor, part):
        self.supervisor, self.part, self.since = supervisor, part, None

    def why(self):
        process = self.supervisor.processes().get(self.part)
        if not process:
            return "the supervisor does not know it"
        if has_given_up(process):
            return f"it ends with exit status {CONFIG_ERROR}: its configuration is wrong"
        if process["statename"] not in ("FATAL", "BACKOFF"):
            if process["statename"] == "RUNNING":
                self.since = None
            return None
        self.since = self.since or time.monotonic()
        if time.monotonic() - self.since < ENDING_FOR_S:
            return None
        return process["spawnerr"] or f"it ends with exit status {process['exitstatus']}"
