"""Breaks and mends the way from one part to another, in a stack that was brought up with
--test-links."""

import argparse
import json
import socket

from layout import add_dir, existing
from progress import Failed, Unusable, answer, main

EXAMPLES = """cut resets the connections and refuses new ones; stall keeps them without letting a
byte pass; reset ends the connections once; heal mends. Without arguments: the state of every link.
examples: deploy/link; deploy/link cut validator kafka; deploy/link heal validator kafka"""


def tell(layout, words):
    """The relay's answer to one line."""
    try:
        with socket.create_connection(
            ("127.0.0.1", layout.port("links", "control")), timeout=10
        ) as control:
            control.sendall(words.encode() + b"\n")
            return control.makefile().readline().strip()
    except OSError as away:
        raise Failed(
            "links", f"do not answer: {away}", layout.log("links"), "deploy/part start links"
        ) from away


def body():
    parser = argparse.ArgumentParser(
        prog="deploy/link",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("words", nargs="*", metavar="cut|stall|reset|heal FROM TO")
    add_dir(parser)
    given = parser.parse_args()
    if given.words and (
        len(given.words) != 3 or given.words[0] not in ("cut", "stall", "reset", "heal")
    ):
        parser.error("cut, stall, reset or heal, then the two parts; or nothing")
    layout = existing(given)
    if not layout.has_links:
        raise Unusable(
            "the parts of this stack reach each other directly; deploy/up --test-links puts relays"
            " between",
            4,
        )
    if not given.words:
        links = json.loads(tell(layout, "list"))
        answer(
            given,
            "\n".join(f"{link['from']:22} {link['to']:12} {link['state']}" for link in links),
            links=links,
        )
        return 0
    said = tell(layout, " ".join(given.words))
    if said != "ok":
        parser.error(said)
    answer(given, "done", action=given.words[0], link=given.words[1:])
    return 0


if __name__ == "__main__":
    main(body)
