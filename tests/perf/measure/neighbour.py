"""P6 at 10 files/s of agencies beside one that does its worst: POST to 202 without and with it."""

import json

from chaiqin_testing import made, neighbour
from measure.one_file import file_of, made_registry
from measure.usage import say

BYTES = 140_000


def neighbour_harm(stack, options):
    made_registry(stack)
    contents = [file_of(BYTES) for _ in range(10)]
    tokens = [stack.token(agency) for agency in (made.AGENCY, made.CHILD, made.HANDLER)]
    print(f"10 files/s of {BYTES // 1000} KB of three agencies, half on connections of their own")
    quiet = neighbour.Others(stack.port, tokens, contents).send(options.seconds)
    say("POST to 202, without", quiet.times_ms)
    hostile = neighbour.Hostile(
        stack.port,
        stack.token(made.OTHER),
        stack.token(made.OTHER, "personnel_office"),
        made.OTHER,
        contents[0],
        options.seconds / 2,
    )
    try:
        beside = neighbour.Others(stack.port, tokens, contents).send(options.seconds)
        answered = hostile.stop()
    finally:
        hostile.kill()
    say("POST to 202, with a hostile one", beside.times_ms)
    print("  the others were answered       ", dict(beside.outcomes))
    for kind, outcomes in answered.items():
        print(f"  hostile, {kind:24}", json.dumps(outcomes))
    assert not quiet.harm and not beside.harm, (quiet.harm, beside.harm)
