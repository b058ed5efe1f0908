"""deploy/token AGENCY: prints just a bearer token of the local issuer."""
import argparse

from issuer_client import ROLES, seconds_of, token
from layout import add_dir, existing
from progress import main, say


def body():
    parser = argparse.ArgumentParser(prog="deploy/token", description=__doc__,
                                     epilog="example: deploy/token Z00000001A --role supervisor --role agency_clerk --ttl 30m")
    parser.add_argument("agency", metavar="AGENCY")
    parser.add_argument("--role", action="append", choices=ROLES, help="default agency_clerk, dropped when given")
    parser.add_argument("--delegated", action="append", default=[], metavar="CODE", help="an agency that may be acted for")
    parser.add_argument("--client-kind", default="webitr", choices=["webitr", "webhr", "self", "portal"])
    parser.add_argument("--ttl", type=seconds_of, default="5m")
    add_dir(parser)
    given = parser.parse_args()
    layout = existing(given, "token")
    if not layout.own_issuer:
        say(f"deploy/token: this stack trusts another issuer, {layout.issuer_url}; get a token there")
        return 2
    print(token(layout, given.agency, given.role or ["agency_clerk"], given.delegated, given.client_kind, given.ttl))
    return 0


main(body)
