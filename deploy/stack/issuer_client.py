"""Access tokens of the local issuer, by client credentials."""

import argparse
import base64
import json
import re
import urllib.error
import urllib.parse
import urllib.request

from progress import Failed

ROLES = ("agency_clerk", "supervisor", "personnel_office", "operator", "auditor")
LONGEST_DAYS = 7


def seconds_of(text):
    """'90s', '5m', '2h', '1d' in seconds."""
    found = re.fullmatch(r"(\d+)([smhd])", text)
    seconds = int(found[1]) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[found[2]] if found else 0
    if not 1 <= seconds <= LONGEST_DAYS * 86400:
        raise argparse.ArgumentTypeError(f"a time such as 90s, 5m or 2h, {LONGEST_DAYS}d at most")
    return seconds


def token(layout, agency, roles=("agency_clerk",), delegated=(), client_kind="self", ttl_s=300):
    claims = {
        "sub": f"{client_kind}:{agency}",
        "name": f"{agency} {client_kind}",
        "agency": agency,
        "delegated_agencies": list(delegated),
        "roles": list(roles),
        "client_kind": client_kind,
    }
    form = {
        "grant_type": "client_credentials",
        "chaiqin_claims": json.dumps(claims),
        "chaiqin_ttl": str(ttl_s),
    }
    secret = base64.b64encode(f"chaiqin-token:{layout.secrets()['token_client']}".encode()).decode()
    request = urllib.request.Request(
        layout.issuer_url + "/token",
        data=urllib.parse.urlencode(form).encode(),
        headers={"Authorization": "Basic " + secret},
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as reply:
            return json.load(reply)["access_token"]
    except urllib.error.HTTPError as refusal:
        said = refusal.read().decode(errors="replace")[:300]
        raise Failed(
            "issuer", f"refused the token: {said}", layout.log("issuer"), "deploy/status"
        ) from refusal
    except OSError as away:
        raise Failed(
            "issuer",
            f"does not answer at {layout.issuer_url}: {away}",
            layout.log("issuer"),
            "deploy/part start issuer",
        ) from away
