"""The HTTP API as a machine client uses it: kept connections, the same request again while a part
is away."""

import http.client
import json
import threading
import time

from progress import Failed

AGAIN = (429, 503)
PATIENCE_S = 60


class Gateway:
    def __init__(self, layout):
        self.layout, self.kept = layout, threading.local()  # one connection a thread

    def call(self, method, path, token, body=None, headers=None):
        """(status, answer). A connection that breaks is opened again; so a POST needs an
        Idempotency-Key."""
        headers = {"Authorization": "Bearer " + token, **(headers or {})}
        end = time.monotonic() + PATIENCE_S
        while True:
            connection = getattr(self.kept, "connection", None) or http.client.HTTPConnection(
                "127.0.0.1", self.layout.front_port, timeout=60
            )
            self.kept.connection = connection
            try:
                connection.request(method, path, body=body, headers=headers)
                reply = connection.getresponse()
                content = json.loads(reply.read() or b"{}")
                if reply.status not in AGAIN or time.monotonic() > end:
                    return reply.status, content
                time.sleep(min(float(reply.headers.get("Retry-After") or 1), 5))
            except (OSError, http.client.HTTPException, ValueError) as failure:
                connection.close()
                self.kept.connection = None
                if time.monotonic() > end:
                    raise Failed(
                        "gateway",
                        f"{method} {path}: {failure}",
                        self.layout.log("gateway"),
                        "deploy/status",
                    ) from failure
                time.sleep(0.2)

    def expect(self, wanted, method, path, token, body=None, headers=None):
        status, content = self.call(method, path, token, body, headers)
        if status != wanted:
            said = json.dumps(content, ensure_ascii=False)[:300]
            raise Failed(
                "gateway",
                f"{method} {path} answered {status}: {said}",
                self.layout.log("gateway"),
                "deploy/status",
            )
        return content

    def get(self, path, token):
        return self.expect(200, "GET", path, token)

    def pages(self, path, token, member):
        """All elements of a keyset-paged list."""
        next_page = ""
        while True:
            more = f"&page_token={next_page}" if next_page else ""
            page = self.get(f"{path}{'&' if '?' in path else '?'}page_size=100{more}", token)
            yield from page[member]
            next_page = page["next_page_token"]
            if not next_page:
                return
