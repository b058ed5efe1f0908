"""What hostile requests cost: tests/perf/run hostile. Bar: 50 ms CPU a MB (a request below 1 MB
counts as one of 1 MB).

Every shape is sent to /checks (the gateway judges it) and to /submissions (gateway, then the
validator), a few times, and the CPU time of both processes is read from /proc before and after.
What the processes use when nobody asks is taken off.
"""

import http.client
import json
import os
import socket
import time
from pathlib import Path

from chaiqin_testing import made
from measure.one_file import PERSON, made_registry

TICKS = os.sysconf("SC_CLK_TCK")
LIMIT = 5 * 1024 * 1024
BAR = 50.0  # ms a MB
PARTS = ("gateway", "validator")


def of_records(records, **changes):
    return made.bytes_of(made.document(records, **changes))


def filled(make, size=LIMIT - 4096):
    """As many of make(0), make(1), … as fit, at most 20,000; joined by commas in a document's
    leave_records."""
    elements, length = [], 0
    while length < size and len(elements) < 20000:
        element = make(len(elements))
        elements.append(element)
        length += len(element) + 1
    head = made.bytes_of(made.document([], leave_count=len(elements)))
    at = head.index(b'"leave_records":[') + len(b'"leave_records":[')
    return head[:at] + b",".join(elements) + head[at:]


def record(person, **changes):
    return made.bytes_of(made.leave(person, **changes))


def unknown_keys(number, distinct):
    return json.dumps(
        {f"{number * 20 * distinct + i:x}": 1 for i in range(20)}, separators=(",", ":")
    ).encode()


def shapes(person):
    """(name, bytes): documents."""
    good = record(person)
    one = of_records([made.leave(person)])
    yield "good records", filled(lambda _: record(person))
    yield "depth bomb [[[[", b"[" * LIMIT
    yield 'depth bomb {"a":{"a":', b'{"a":' * (LIMIT // 5)
    yield "a string of 5 MB", one.replace(
        b'"reason":"', b'"reason":"' + b"x" * (LIMIT - len(one) - 100)
    )
    yield "a key of 5 MB", one.replace(
        b'"format_version"', b'"' + b"k" * (LIMIT - len(one) - 100) + b'":1,"format_version"'
    )
    yield "a string of \\u0041", one.replace(
        b'"reason":"', b'"reason":"' + b"\\u0041" * ((LIMIT - len(one) - 100) // 6)
    )
    yield "a number of 5 MB", one.replace(b":480", b":" + b"9" * (LIMIT - len(one) - 100))
    yield "huge exponents", filled(lambda _: good.replace(b":480", b":1e999999999"))
    yield "long fractions", filled(lambda _: good.replace(b":480", b":0." + b"123456789" * 30))
    yield "duplicate keys at the end", filled(lambda _: record(person))[:-1] + b',"part_no":1}'
    yield "overlong UTF-8 at the end", b'{"a":"' + b"x" * (LIMIT - 20) + b'\xc0\xaf"}'
    yield "lone surrogates", filled(
        lambda _: record(person).replace(b'"reason":"', b'"reason":"\\udc00')
    )
    yield "surrogate pairs", filled(
        lambda _: record(person).replace(b'"reason":"', b'"reason":"' + b"\\ud83d\\ude00" * 20)
    )
    yield "NUL at the end", filled(lambda _: record(person)) + b"\0"
    yield "escaped NUL", filled(
        lambda _: record(person).replace(b'"reason":"', b'"reason":"' + b"\\u0000" * 20)
    )
    yield "UTF-16", one.decode().encode("utf-16") * (LIMIT // 2 // len(one) // 2)
    yield "wrong types everywhere", filled(
        lambda _: json.dumps({key: None for key in json.loads(good)}).encode()
    )
    yield "blank everywhere", filled(
        lambda _: json.dumps({key: "" for key in json.loads(good)}).encode()
    )
    yield "nested values everywhere", filled(
        lambda _: json.dumps({key: [{}] for key in json.loads(good)}).encode()
    )
    yield "20 unknown keys a record", filled(lambda number: unknown_keys(number, 0))
    yield "20 new unknown keys a record", filled(lambda number: unknown_keys(number, 1))
    yield (
        "one object of unknown keys",
        one[:-1] + b"," + b",".join(b'"%x":1' % i for i in range(480000)) + b"}",
    )
    yield "20,000 {}", filled(lambda _: b"{}")
    yield "20,000 numbers", filled(lambda _: b"1")
    yield "2,600,000 numbers (F10)", b'{"leave_records":[' + b"1," * (LIMIT // 2 - 30) + b"1]}"
    yield "one form number again and again", filled(lambda _: record(person, record_no="L"))
    yield "every check digit wrong", filled(
        lambda _: record(person[:-1] + str((int(person[-1]) + 1) % 10))
    )
    yield "every record wrong in all ways", filled(
        lambda _: record(
            person,
            action="X",
            revision=0,
            org_code="a",
            leave_type="98",
            start_date="x",
            start_time="x",
            end_date="x",
            end_time="x",
            leave_minutes=0,
            abroad_type="9",
            event_date="0",
        )
    )
    yield "white space", one + b" " * (LIMIT - len(one))


def forms():
    """(name, content type, body): multipart bodies."""
    part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.json"\r\n\r\n{}\r\n'
    yield "100,000 parts", "multipart/form-data; boundary=b", part * 100000 + b"--b--\r\n"
    yield (
        "100,000 parts of another name",
        "multipart/form-data; boundary=b",
        part.replace(b'"file"', b'"x"') * 100000 + b"--b--\r\n",
    )
    yield (
        "boundaries without end",
        "multipart/form-data; boundary=b",
        b"\r\n--b" * (10 * LIMIT // 5),
    )
    yield (
        "nearly boundaries",
        "multipart/form-data; boundary=" + "b" * 70,
        (b"\r\n--" + b"b" * 69) * (LIMIT // 73),
    )
    yield (
        "a part's headers without end",
        "multipart/form-data; boundary=b",
        b"--b\r\n" + b"A: b\r\n" * 800000,
    )
    yield "no boundary", "multipart/form-data", part * 50000


class Cost:
    def __init__(self, stack, rounds):
        self.stack, self.rounds = stack, rounds
        self.pids = {name: stack.pids(name) for name in PARTS}
        begin, before = time.monotonic(), self.used()
        time.sleep(3)
        self.idle = {
            name: (used - before[name]) / (time.monotonic() - begin)
            for name, used in self.used().items()
        }

    def used(self):
        """CPU-seconds by part; user and kernel."""

        def of(pid):
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            return (int(fields[11]) + int(fields[12])) / TICKS

        return {name: sum(map(of, pids)) for name, pids in self.pids.items()}

    def of(self, name, size, work):
        """Prints and returns ms CPU a MB of `work`, which sends `size` bytes."""
        before, begin, answers = self.used(), time.monotonic(), []
        for _ in range(self.rounds):
            answers.append(work())
        wall = time.monotonic() - begin
        spent = {
            part: max(0.0, (used - before[part] - self.idle[part] * wall) * 1000 / self.rounds)
            for part, used in self.used().items()
        }
        megabytes = max(1.0, size / 1e6)
        cost = sum(spent.values()) / megabytes
        print(
            f"  {name:42} {size / 1e6:6.2f} MB  gateway {spent['gateway']:7.1f} ms  validator"
            f" {spent['validator']:7.1f} ms  {cost:6.1f} ms/MB"
            f" {'OVER THE BAR' if cost > BAR else ''} {answers[-1]}",
            flush=True,
        )
        return cost


def one_request(stack, token, path, content_type, body):
    """Its status, or that the connection was cut, on a connection of its own: a kept one may be
    closed at any time."""
    connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=60)
    try:
        connection.request(
            "POST", path, body, {"Content-Type": content_type, "Authorization": "Bearer " + token}
        )
        answer = connection.getresponse()
        content = answer.read()
        assert answer.status < 500, (path, answer.status, content[:300])
        return answer.status, content
    except ConnectionError:
        return "cut", b""
    finally:
        connection.close()


def submitted(stack, token, body):
    status, content = one_request(stack, token, "/api/v1/submissions", "application/json", body)
    if status != 202:
        return status
    submission_id = json.loads(content)["files"][0]["receipt"]["submission_id"]
    return stack.wait_terminal(submission_id, token)["state"]


def hostile(stack, options):
    made_registry(stack)
    token = stack.token(made.AGENCY)
    cost, costs = Cost(stack, options.rounds), {}
    print(f"/checks, {options.rounds} requests each")
    documents = list(shapes(PERSON))
    for name, body in documents:
        assert len(body) <= LIMIT, (name, len(body))
        costs["check: " + name] = cost.of(
            name,
            len(body),
            lambda: one_request(stack, token, "/api/v1/checks", "application/json", body)[0],
        )
    print(f"/submissions to a terminal state, {options.rounds} files each")
    for name, body in documents:
        costs["file: " + name] = cost.of(name, len(body), lambda: submitted(stack, token, body))
    print("/submissions, forms and heads")
    for name, content_type, body in forms():
        costs["form: " + name] = cost.of(
            name,
            len(body),
            lambda: one_request(stack, token, "/api/v1/submissions", content_type, body)[0],
        )
    heads = b"".join(b"X-%d: %s\r\n" % (i, b"a" * 60) for i in range(100000))
    costs["head: many fields"] = cost.of(
        "a head of 6 MB",
        len(heads),
        lambda: raw(stack, b"GET /healthz HTTP/1.1\r\n" + heads + b"\r\n"),
    )
    worst = max(costs, key=costs.get)
    over = [name for name, each in costs.items() if each > BAR]
    print(
        f"  worst: {worst}, {costs[worst]:.1f} ms/MB; {len(over)} of {len(costs)} over the bar of"
        f" {BAR:.0f}"
    )
    assert (
        stack.pids("gateway") == cost.pids["gateway"]
        and stack.pids("validator") == cost.pids["validator"]
    ), "a process died"


def raw(stack, data):
    with socket.create_connection(("127.0.0.1", stack.port), timeout=20) as connection:
        try:
            connection.sendall(data)
            return connection.recv(64)[9:12].decode()
        except ConnectionError:
            return "cut"
