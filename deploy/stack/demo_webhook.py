"""The demo's webhook: one agency hears of its files, of what a re-match changed and of deadlines.
The receiver is a part of the stack (receivers.py), which keeps every delivery as a file."""

import json

from issuer_client import token

AGENCY = "Z00000013A"
EVENTS = ("submission.finished", "findings.changed", "deadline.near", "deadline.passed")


def add(layout, gateway):
    """Once: a webhook of that address stays as it is."""
    clerk = token(layout, AGENCY)
    url = f"http://127.0.0.1:{layout.port('smtp', 'http')}/"
    if any(webhook["url"] == url for webhook in gateway.get("/api/v1/webhooks", clerk)["webhooks"]):
        return
    body = json.dumps({"url": url, "events": EVENTS}).encode()
    gateway.expect(
        201, "POST", "/api/v1/webhooks", clerk, body, {"Content-Type": "application/json"}
    )
