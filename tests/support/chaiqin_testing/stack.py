"""The stack under test: where it listens, tokens, HTTP calls, parts that are stopped and
started."""

import http.client
import json
import os
import subprocess
import sys
import time
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "deploy" / "stack"))
import issuer_client  # noqa: E402
from layout import Layout  # noqa: E402

from . import owned  # noqa: E402

KEPT_S = 5


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)


class Stack:
    def __init__(self, directory=None):
        self.directory = Path(directory or os.environ["CHAIQIN_STACK_DIR"]).resolve()
        self._tokens = {}
        self._idle = []  # (connection, when it was used last); the last used is used next
        self.waits_for_limits = True
        self.port = Layout(self.directory).front_port

    def command(self, name, *arguments, check=True, timeout=120):
        return subprocess.run(
            [str(ROOT / "deploy" / name), *map(str, arguments), "--dir", str(self.directory)],
            check=check,
            timeout=timeout,
            capture_output=True,
            text=True,
        )

    def status(self):
        return json.loads(self.command("status", "--json", check=False).stdout)

    def pids(self, part):
        return [p["pid"] for p in self.status()["parts"] if p["name"] == part and p["pid"]]

    def start(self, part, deadline_s=60):
        """All processes of a part, until they run: another test may look at once."""
        self.command("part", "start", part)
        end = time.monotonic() + deadline_s
        while any(p["state"] != "running" for p in self.status()["parts"] if p["name"] == part):
            assert time.monotonic() < end, part
            time.sleep(0.1)

    def chaiqin(self, *arguments, check=True, timeout=600):
        return subprocess.run(
            [str(self.directory / "bin" / "chaiqin"), *map(str, arguments)],
            check=check,
            timeout=timeout,
            capture_output=True,
            text=True,
        )

    def token(self, agency, *roles, delegated=(), client_kind="webitr", ttl_s=7200):
        key = (agency, roles, tuple(delegated), client_kind)
        if key not in self._tokens:
            self._tokens[key] = issuer_client.token(
                Layout(self.directory),
                agency,
                roles or ("agency_clerk",),
                delegated,
                client_kind,
                ttl_s,
            )
        return self._tokens[key]

    def operator(self, ttl_s=7200):
        return self.token(owned.OPERATOR, "operator", ttl_s=ttl_s)

    def call(self, method, path, token=None, body=None, headers=None, timeout=60):
        """One request over a kept connection; a GET is repeated once when the gateway had closed
        that. Who has reached a limit comes back when the answer says so, as clients should."""
        headers = dict(headers or {})
        if token:
            headers["Authorization"] = "Bearer " + token
        deadline = time.monotonic() + 60
        while True:
            answer = self._once(method, path, body, headers, timeout)
            wait = answer.headers.get("Retry-After")
            limited = answer.status == 429 and wait and self.waits_for_limits
            if not limited or time.monotonic() + int(wait) > deadline:
                return answer
            time.sleep(int(wait))

    def _once(self, method, path, body, headers, timeout):
        for attempt in (0, 1):
            try:
                return self._exchange(self._connection(timeout), method, path, body, headers)
            except (ConnectionError, http.client.HTTPException):
                self.close()  # those that are kept are likely gone as well
                if attempt or method != "GET":
                    raise
        raise AssertionError("unreachable")

    def _exchange(self, connection, method, path, body, headers):
        keep = False
        try:
            connection.request(method, path, body=body, headers=headers)
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
            keep = not response.will_close
            return answer
        finally:
            if keep:
                self._idle.append((connection, time.monotonic()))
            else:
                connection.close()

    def _connection(self, timeout):
        """One that is idle, else a new one. The gateway closes those that are idle for long,
        perhaps this moment."""
        while (kept := self._idle_one()) is not None:
            connection, used = kept
            if time.monotonic() - used < KEPT_S and connection.timeout == timeout:
                return connection
            connection.close()
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def _idle_one(self):
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def close(self):
        """Closes the connections that are kept; calls may follow."""
        while (kept := self._idle_one()) is not None:
            kept[0].close()

    def get(self, path, token, **more):
        return self.call("GET", path, token, **more)

    def submit(self, token, content, name="a.json", key=None, acting=None):
        headers = {"Content-Type": "application/json", "X-File-Name": name}
        if key:
            headers["Idempotency-Key"] = key
        if acting:
            headers["X-Acting-Agency"] = acting
        body = (
            content
            if isinstance(content, bytes)
            else json.dumps(content, ensure_ascii=False).encode()
        )
        return self.call("POST", "/api/v1/submissions", token, body, headers)

    def submit_until_accepted(self, token, content, name, deadline_s=120, key=None):
        """As a machine client does: the same key again until there is a receipt. Returns the
        submission id."""
        key, end = key or uuid.uuid4().hex, time.monotonic() + deadline_s
        while time.monotonic() < end:
            try:
                answer = self.submit(token, content, name, key)
                if answer.status == 202:
                    return answer.json["files"][0]["receipt"]["submission_id"]
                assert answer.status in (503, 429, 408), (answer.status, answer.body[:300])
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.2)
        raise AssertionError("no receipt within %s s" % deadline_s)

    def wait_terminal(self, submission_id, token, deadline_s=120):
        end, last = time.monotonic() + deadline_s, None
        while time.monotonic() < end:
            try:
                answer = self.get(f"/api/v1/submissions/{submission_id}?wait=10s", token)
                last = answer.body
                if answer.status == 200 and answer.json["state"] in (
                    "COUNTED",
                    "COUNTED_PARTIAL",
                    "REJECTED_FILE",
                ):
                    return answer.json
                assert answer.status in (200, 503), (answer.status, answer.body[:300])
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.1)
        raise AssertionError(f"{submission_id} is not terminal after {deadline_s} s: {last}")

    def pages(self, path, token, member):
        """All elements of a keyset-paged list."""
        token_of_page, elements = "", []
        while True:
            separator = "&" if "?" in path else "?"
            more = f"&page_token={token_of_page}" if token_of_page else ""
            answer = self.get(f"{path}{separator}page_size=100{more}", token)
            assert answer.status == 200, (path, answer.status, answer.body[:300])
            elements += answer.json[member]
            token_of_page = answer.json["next_page_token"]
            if not token_of_page:
                return elements

    def load_registry(self, path, token, confirm=True):
        answer = self.call(
            "POST",
            "/api/v1/registry/agencies" + ("?confirm=true" if confirm else ""),
            token,
            Path(path).read_bytes(),
            {"Content-Type": "text/csv"},
        )
        assert answer.status == 200, (answer.status, answer.body)
        return answer.json

    def post_table19(self, authority, content, token, mode="snapshot", force=False):
        """The id of a load that is durable and perhaps not yet applied."""
        more = "&force=true" if force else ""
        answer = self.call(
            "POST",
            f"/api/v1/table19/loads?mode={mode}&authority={authority}{more}",
            token,
            content,
            {"Content-Type": "text/csv"},
        )
        assert answer.status == 202, (answer.status, answer.body)
        return answer.json["load_id"]

    def load_table19(self, authority, path, token, mode="snapshot", force=False, deadline_s=120):
        load_id = self.post_table19(authority, Path(path).read_bytes(), token, mode, force)
        return self.wait_load(load_id, token, deadline_s)

    def wait_load(self, load_id, token, deadline_s=120):
        end = time.monotonic() + deadline_s
        while time.monotonic() < end:
            answer = self.get(f"/api/v1/table19/loads/{load_id}", token)
            assert answer.status in (200, 503), (answer.status, answer.body)
            if answer.status == 200 and self._is_through(answer.json):
                return answer.json
            time.sleep(0.1)
        raise AssertionError("load not applied in time")

    @staticmethod
    def _is_through(load):
        """LOADED only says committed: until the re-match has come to a partition, its files go by
        the older rows."""
        rematch = load["rematch"]
        return load["state"] != "RECEIVED" and (
            load["state"] != "LOADED" or rematch["done"] == rematch["persons"]
        )

    def monthly(self, year, token):
        """{(agency, 'YYYY-MM', kind): [records, minutes]} over all agencies the token may see."""
        counts = {}
        for agency in self.pages(f"/api/v1/statistics/monthly?year={year}", token, "agencies"):
            for month in agency["months"]:
                for kind in ("leave", "overtime"):
                    if month[kind]:
                        counts[(agency["agency"], f"{year}-{month['month']:02d}", kind)] = [
                            month[kind],
                            month[kind + "_minutes"],
                        ]
        return counts
