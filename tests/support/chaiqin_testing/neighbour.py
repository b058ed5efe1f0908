"""A hostile agency and the others beside it: what must hold is that these do not notice it.

`Hostile` runs in a process of its own, with all that one agency and a client without a token can
do at once. `Others` send files at a steady rate, half of them over connections of their own."""

import collections
import http.client
import json
import resource
import select
import socket
import subprocess
import sys
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

PAUSE_S = 0.1  # of a hostile client that was refused
SMALL_LATER_S = 3
OPERATIONS = ("/healthz", "/readyz")


class Others:
    """`tokens`: one for each agency; `contents`: bodies that are sent in turn."""

    def __init__(self, port, tokens, contents):
        self.port, self.tokens, self.contents = port, tokens, contents
        self.times_ms, self.outcomes = [], collections.Counter()
        self.kept, self.lock = [], threading.Lock()

    def send(self, seconds, rate=10):
        begin = time.monotonic()

        def one(number):
            time.sleep(max(0, begin + number / rate - time.monotonic()))
            self._post(number)

        def operations():
            for second in range(int(seconds)):
                time.sleep(max(0, begin + second - time.monotonic()))
                for path in OPERATIONS:
                    self._note(f"{path} {self._status('GET', path)}")

        watcher = threading.Thread(target=operations)
        watcher.start()
        with ThreadPoolExecutor(32) as pool:
            list(pool.map(one, range(int(seconds * rate))))
        watcher.join()
        for connection in self.kept:
            connection.close()
        return self

    @property
    def harm(self):
        """What became of them that should not have: nothing, if all is well. Whether the gateway is
        ready is for /readyz to say; here it only has to answer."""
        good = {"202", "/readyz 503", *(f"{path} 200" for path in OPERATIONS)}
        return {what: count for what, count in self.outcomes.items() if what not in good}

    def _note(self, outcome, ms=None):
        with self.lock:
            self.outcomes[outcome] += 1
            if ms is not None:
                self.times_ms.append(ms)

    def _post(self, number):
        headers = {
            "Authorization": "Bearer " + self.tokens[number % len(self.tokens)],
            "Content-Type": "application/json",
            "Idempotency-Key": uuid.uuid4().hex,
        }
        keeps, begin = number % 2 == 0, time.monotonic()
        body = self.contents[number % len(self.contents)]
        outcome = self._status("POST", "/api/v1/submissions", body, headers, keeps)
        self._note(str(outcome), (time.monotonic() - begin) * 1000)

    def _status(self, method, path, body=None, headers=None, keeps=False):
        connection = None
        if keeps:
            with self.lock:
                connection = self.kept.pop() if self.kept else None
        connection = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as failure:
            connection.close()
            return type(failure).__name__
        if keeps and not answer.will_close:
            with self.lock:
                self.kept.append(connection)
        else:
            connection.close()
        return answer.status


class Hostile:
    """From its making to `stop`, which returns how often each kind of client was answered what:
    `{"checks": {"200": 40, "429 checks": 7}, …}`. An answer 429 that does not say when to come
    back counts as "429 without Retry-After"."""

    def __init__(self, port, token, loader_token, authority, content, stuck_after_s=8):
        """Stuck bodies take the places of all other uploads, so they begin later."""
        told = {
            "stuck_after_s": stuck_after_s,
            "port": port,
            "token": token,
            "loader": loader_token,
            "authority": authority,
            "content": content.decode(),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-B", __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.process.stdin.write(json.dumps(told) + "\n")
        self.process.stdin.flush()
        self.process.stdout.readline()  # all of its clients are there

    def stop(self):
        out, _ = self.process.communicate("", timeout=120)
        return json.loads(out)

    def kill(self):
        self.process.kill()
        self.process.wait()


class Client:
    """One connection after the other, until the end."""

    def __init__(self, attack, kind):
        self.attack, self.kind = attack, kind

    def repeat(
        self, method, path, token, body=b"", content_type="application/json", stuck_from_s=None
    ):
        """`stuck_from_s`: it begins after so many seconds, and the last byte of a body never
        comes."""
        stuck = stuck_from_s is not None
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode()
        sent = head + (body[:-1] if stuck else body)
        self.attack.over.wait(stuck_from_s or 0)
        while not self.attack.over.is_set():
            try:
                with socket.create_connection(("127.0.0.1", self.attack.port), 60) as connection:
                    keeps = True
                    while keeps and not self.attack.over.is_set():
                        keeps = self._exchange(connection, sent) and not stuck
            except OSError:
                self.attack.note(self.kind, "closed")
                time.sleep(PAUSE_S)

    def _exchange(self, connection, sent):
        connection.sendall(sent)
        connection.settimeout(1)
        received = b""
        while b"\r\n\r\n" not in received:
            try:
                piece = connection.recv(65536)
            except TimeoutError:
                if self.attack.over.is_set():
                    return False
                continue
            if not piece:
                raise ConnectionResetError
            received += piece
        head, _, rest = received.partition(b"\r\n\r\n")
        fields = dict(
            line.lower().split(": ", 1) for line in head.decode().split("\r\n")[1:] if ": " in line
        )
        connection.settimeout(60)
        while len(rest) < int(fields["content-length"]):
            rest += connection.recv(65536)
        self._note(head.split()[1].decode(), fields, rest)
        return fields.get("connection") != "close"

    def _note(self, status, fields, body):
        if status == "429":
            wait = fields.get("retry-after", "0")
            limit = json.loads(body).get("limit", "of no name")
            status = f"429 {limit}" if int(wait) > 0 else "429 without Retry-After"
        self.attack.note(self.kind, status)
        if status[:3] in ("401", "429", "503"):
            time.sleep(PAUSE_S)


class Attack:
    def __init__(self, told):
        self.port, self.over = told["port"], threading.Event()
        self.counts, self.lock = collections.defaultdict(collections.Counter), threading.Lock()
        self.threads = []
        token, content = told["token"], told["content"].encode()
        large, small = b" " * 5_000_000, b" " * 250_000
        form = b"".join(
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.json"\r\n\r\n'
            + content
            + b"\r\n"
            for _ in range(10)
        )
        form_type, load = "multipart/form-data; boundary=b", told["authority"]
        load = f"/api/v1/table19/loads?mode=changes&authority={load}"
        submissions, checks = "/api/v1/submissions", "/api/v1/checks"
        stuck = {"stuck_from_s": told["stuck_after_s"]}
        self._clients(40, "large bodies", "POST", submissions, token, large, **stuck)
        # Small ones would take every place before the large ones have reached the limit of bytes.
        stuck_later = {"stuck_from_s": told["stuck_after_s"] + SMALL_LATER_S}
        self._clients(150, "small bodies", "POST", submissions, token, small, **stuck_later)
        self._clients(30, "bodies without a token", "POST", submissions, "x.y.z", large, **stuck)
        self._clients(
            30, "open bodies", "POST", "/api/v1/receipts/verify", "x", b" " * 60_000, **stuck
        )
        self._clients(8, "files", "POST", submissions, token, content)
        self._clients(6, "checks", "POST", checks, token, form + b"--b--\r\n", form_type)
        self._clients(12, "reads", "GET", submissions, token)
        self._clients(
            70, "waits", "GET", "/api/v1/findings/changes?wait=30s&after=" + told["after"], token
        )
        self._clients(
            6, "loads", "POST", load, told["loader"], b"x" * 1_000_000, "text/csv", **stuck
        )
        self.threads.append(threading.Thread(target=self._idle_sockets, daemon=True))

    def _clients(self, count, kind, *arguments, **more):
        for _ in range(count):
            client = Client(self, kind)
            self.threads.append(
                threading.Thread(target=client.repeat, args=arguments, kwargs=more, daemon=True)
            )

    def note(self, kind, outcome):
        with self.lock:
            self.counts[kind][outcome] += 1

    def _idle_sockets(self, count=2_200):
        """Opened again as soon as the server closes them. Every second one begins a header."""
        poll, by_number = select.poll(), {}
        while not self.over.is_set():
            while len(by_number) < count and not self.over.is_set():
                try:
                    one = socket.create_connection(("127.0.0.1", self.port), 5)
                    if len(by_number) % 2:
                        one.send(b"GET /healthz HTTP/1.1\r\nX: ")
                except OSError:
                    break
                by_number[one.fileno()] = one
                poll.register(one, select.POLLIN)
            for number, _ in poll.poll(100):
                poll.unregister(number)
                by_number.pop(number).close()
                self.note("idle sockets", "closed")

    def run(self):
        for thread in self.threads:
            thread.start()
        time.sleep(2)
        print("begun", flush=True)
        sys.stdin.read()
        self.over.set()
        time.sleep(1.5)
        with self.lock:
            print(json.dumps(self.counts), flush=True)


def newest_change(port, token):
    """The cursor behind the last change of the findings feed: who asks from there on waits."""
    after = ""
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request(
            "GET",
            "/api/v1/findings/changes?page_size=1000" + (f"&after={after}" if after else ""),
            headers={"Authorization": "Bearer " + token},
        )
        answer = json.loads(connection.getresponse().read())
        connection.close()
        after = answer["cursor"]
        if not answer["changes"]:
            return after


def main():
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    told = json.loads(sys.stdin.readline())
    told["after"] = newest_change(told["port"], told["token"])
    Attack(told).run()


if __name__ == "__main__":
    main()
