"""P4, P5: one file on an idle system. P6: files at a steady rate."""

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from chaiqin_testing import made, owned
from measure.usage import say

PERSON = owned.PERSONS["one_file"][0]


def made_registry(stack):
    operator = stack.operator()
    with tempfile.TemporaryDirectory() as scratch:
        registry, table19 = Path(scratch) / "agencies.csv", Path(scratch) / "table19.csv"
        registry.write_text(made.REGISTRY)
        table19.write_text(made.table19([(PERSON, 1, made.AGENCY, 1, "1100101", "")]))
        stack.load_registry(registry, operator)
        stack.load_table19(made.AGENCY, table19, operator, mode="changes")


def file_of(size):
    """About `size` bytes of good records."""
    one = len(made.bytes_of(made.leave(PERSON))) + 1
    return made.bytes_of(
        made.document([made.leave(PERSON) for _ in range(max(1, (size - 700) // one))])
    )


def post_and_wait(stack, token, content):
    begin = time.monotonic()
    answer = stack.submit(token, content)
    accepted = time.monotonic()
    assert answer.status == 202, answer.body[:200]
    end = stack.wait_terminal(answer.json["files"][0]["receipt"]["submission_id"], token)
    assert end["state"] == "COUNTED", end
    return (accepted - begin) * 1000, (time.monotonic() - begin) * 1000


def latency(stack, options):
    made_registry(stack)
    token = stack.token(made.AGENCY)
    for name, size, rounds in (
        ("140 KB", 140_000, options.rounds * 40),
        ("5 MB", 5_200_000, options.rounds * 10),
    ):
        contents = [file_of(size) for _ in range(rounds)]
        results = [post_and_wait(stack, token, content) for content in contents]
        print(f"{name} file, idle system")
        say("POST to 202", [r[0] for r in results])
        say("POST to counted", [r[1] for r in results])
        checks = []
        for content in contents[: options.rounds * 10]:
            begin = time.monotonic()
            answer = stack.call(
                "POST", "/api/v1/checks", token, content, {"Content-Type": "application/json"}
            )
            checks.append((time.monotonic() - begin) * 1000)
            assert (
                answer.status == 200 and answer.json["files"][0]["state"] == "PASSED"
            ), answer.body[:300]
        say("check answer", checks)


def steady(stack, options):
    made_registry(stack)
    token = stack.token(made.AGENCY)
    contents = [file_of(35_000) for _ in range(int(options.rate * options.seconds))]
    begin, accepted, counted = time.monotonic(), [], []

    def one(number):
        due = begin + number / options.rate
        time.sleep(max(0, due - time.monotonic()))
        first, all_ = post_and_wait(stack, token, contents[number])
        accepted.append(first)
        counted.append(all_)

    with ThreadPoolExecutor(32) as pool:
        list(pool.map(one, range(len(contents))))
    print(f"{options.rate} files/s for {options.seconds} s")
    say("POST to 202", accepted)
    say("POST to counted", counted)
