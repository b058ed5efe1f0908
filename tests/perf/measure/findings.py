"""Pages of findings on a store that holds many: tests/perf/run findings [--findings 1000000] (bar
P9).

The findings come by the real path: files of 1,000 leave and 1,000 overtime records in which every
record is wrong in as many ways as one record can be, so that a file's details fill the cap of most
codes. Each answer is checked; then pages are read over HTTP by one client, one at a time."""

import time
from concurrent.futures import ThreadPoolExecutor

from chaiqin_testing import made
from measure.one_file import PERSON, made_registry
from measure.usage import say

BAD_LEAVE = {
    "action": "X",
    "revision": 0,
    "person_id": "A",
    "org_code": "a",
    "leave_type": "98",
    "start_date": "1151331",
    "start_time": "9900",
    "end_date": "x",
    "end_time": "2500",
    "leave_minutes": 0,
    "abroad_type": "9",
    "event_date": "0",
    "person_name": "a\u0007",
    "reason": "長" * 201,
    "sub_type": None,
}
BAD_OVERTIME = {
    "overtime_type": "9",
    "day_type": "9",
    "overtime_date": "1151331",
    "start_date": "1151331",
    "overtime_minutes": 0,
    "paid_minutes": -1,
    "comp_minutes": -1,
    "award_minutes": -1,
    "void_minutes": -1,
}
RECORDS = 1000
A_PAGE = 100


def bad_file(person):
    leaves = [made.leave(person, **BAD_LEAVE) for _ in range(RECORDS)]
    return (
        made.document(leaves, [made.overtime(person, **BAD_OVERTIME) for _ in range(RECORDS)]),
        leaves,
    )


def listed(stack, submission_id, token):
    """Details that are stored: the totals of the groups, at most 1,000 a code."""
    by_code = {}
    for group in stack.get(f"/api/v1/submissions/{submission_id}/groups", token).json["groups"]:
        by_code[group["code"]] = by_code.get(group["code"], 0) + group["count"]
    return sum(min(count, 1000) for count in by_code.values())


def store(stack, token, person, wanted):
    """Sends files until `wanted` findings are listed; ids in the order of sending, and what one
    file's records were."""
    first, leaves = bad_file(person)

    def one(document):
        answer = stack.submit(token, document, name="many.json")
        assert answer.status == 202, answer.body[:200]
        submission_id = answer.json["files"][0]["receipt"]["submission_id"]
        state = stack.wait_terminal(submission_id, token, 600)["state"]
        assert state == "COUNTED_PARTIAL", state
        return submission_id

    ids = [one(first)]
    each = listed(stack, ids[0], token)
    with ThreadPoolExecutor(4) as pool:
        ids += pool.map(lambda _: one(bad_file(person)[0]), range(max(0, -(-wanted // each) - 1)))
    # One record of each of the first ten of that file is mended, so that some findings are FIXED.
    mended = [made.leave(person, record_no=leave["record_no"]) for leave in leaves[:10]]
    last = stack.submit(token, made.document(mended)).json["files"][0]["receipt"]["submission_id"]
    assert stack.wait_terminal(last, token, 600)["state"] == "COUNTED"
    return ids, each


def page(stack, token, path):
    begin = time.monotonic()
    answer = stack.get(path, token)
    assert answer.status == 200, (path, answer.status, answer.body[:300])
    return (time.monotonic() - begin) * 1000, answer.json


def first_pages(stack, token, path, rounds, full=True):
    times = []
    for _ in range(rounds):
        took, answer = page(stack, token, path)
        assert not full or len(answer["findings"]) == A_PAGE, (path, len(answer["findings"]))
        times.append(took)
    return times


def following_pages(stack, token, path, pages):
    times, next_page = [], ""
    for _ in range(pages):
        took, answer = page(stack, token, path + (f"&page_token={next_page}" if next_page else ""))
        times.append(took)
        next_page = answer["next_page_token"]
        if not next_page:
            break
    return times


def findings(stack, options):
    made_registry(stack)
    token = stack.token(made.AGENCY)
    operator = stack.operator()
    begin = time.monotonic()
    ids, each = store(stack, token, PERSON, options.findings)
    print(
        f"{len(ids)} files with {each} findings each, {len(ids) * each:,} in all, stored in"
        f" {time.monotonic() - begin:.0f} s",
        flush=True,
    )
    one, rounds = (
        f"/api/v1/submissions/{ids[len(ids) // 2]}/findings?page_size={A_PAGE}",
        options.rounds * 20,
    )
    history = f"/api/v1/findings?agency={made.AGENCY}&page_size={A_PAGE}"
    say("a file, first page", first_pages(stack, token, one, rounds))
    say("a file, every page in turn", following_pages(stack, token, one, each // A_PAGE + 1))
    say("a file, one code", first_pages(stack, token, one + "&code=O15", rounds))
    say(
        "a file, warnings of it",
        first_pages(stack, token, one + "&severity=warning", rounds, full=False),
    )
    for status in ("all", "open", "fixed"):
        say(
            f"agency, status={status}, first page",
            first_pages(stack, token, f"{history}&status={status}", rounds, full=status != "fixed"),
        )
    say("agency, following pages", following_pages(stack, token, history, rounds * 2))
    say(
        "agency, following pages, open",
        following_pages(stack, token, history + "&status=open", rounds * 2),
    )
    say(
        "everybody (operator), first page",
        first_pages(stack, operator, f"/api/v1/findings?page_size={A_PAGE}", rounds),
    )
