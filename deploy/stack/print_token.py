"""Prints just a bearer token of the local issuer."""

import argparse

from issuer_client import ROLES, seconds_of, token
from layout import add_dir, existing
from progress import Unusable, answer, main


def body():
    parser = argparse.ArgumentParser(
        prog="deploy/token",
        description=__doc__,
        epilog="example: deploy/token Z00000001A --role supervisor --role agency_clerk --ttl 30m",
    )
    parser.add_argument("agency", metavar="AGENCY", help="the caller's own agency, a code")
    parser.add_argument(
        "--role", action="append", choices=ROLES, help="default agency_clerk, dropped when given"
    )
    parser.add_argument(
        "--delegated",
        action="append",
        default=[],
        metavar="CODE",
        help="an agency that may be acted for",
    )
    parser.add_argument(
        "--client-kind",
        default="self",
        choices=["webitr", "webhr", "self", "portal"],
        metavar="KIND",
        help="webitr, webhr, self (default) or portal",
    )
    parser.add_argument(
        "--ttl",
        type=seconds_of,
        default="5m",
        help="how long it holds: 90s, 5m (default), 7d at most",
    )
    add_dir(parser)
    given = parser.parse_args()
    layout = existing(given)
    if not layout.own_issuer:
        raise Unusable(
            f"this stack trusts another issuer, {layout.issuer_url}; get a token there", 2
        )
    made = token(
        layout,
        given.agency,
        given.role or ["agency_clerk"],
        given.delegated,
        given.client_kind,
        given.ttl,
    )
    answer(given, made, access_token=made, token_type="Bearer", expires_in=given.ttl)


if __name__ == "__main__":
    main(body)
