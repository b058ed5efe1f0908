"""Access tokens of the local issuer, by client credentials."""
import base64
import json
import re
import urllib.error
import urllib.parse
import urllib.request

from progress import Failed

ROLES = ("agency_clerk", "supervisor", "personnel_office", "operator", "auditor")


def seconds_of(text):
    """'5m', '90s', '2h' → seconds."""
    found = re.fullmatch(r"(\d+)([smh])", text)
    if not found:
        raise ValueError("a time such as 90s, 5m or 2h")
    return int(found[1]) * {"s": 1, "m": 60, "h": 3600}[found[2]]


def token(layout, agency, roles=("agency_clerk",), delegated=(), client_kind="webitr", ttl_s=300):
    claims = {"sub": f"{client_kind}:{agency}", "name": f"{agency} {client_kind}", "agency": agency, "delegated_agencies": list(delegated), "roles": list(roles),
              "client_kind": client_kind}
    body = urllib.parse.urlencode({"grant_type": "client_credentials", "chaiqin_claims": json.dumps(claims), "chaiqin_ttl": str(ttl_s)})
    secret = base64.b64encode(f"chaiqin-token:{layout.secrets()['token_client']}".encode()).decode()
    request = urllib.request.Request(layout.issuer_url + "/token", data=body.encode(), headers={"Authorization": "Basic " + secret})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)["access_token"]
    except urllib.error.HTTPError as refusal:
        raise Failed("issuer", f"refused the token: {refusal.read().decode(errors='replace')[:300]}", layout.logs / "issuer.log", "deploy/status") from refusal
    except (urllib.error.URLError, OSError) as away:
        raise Failed("issuer", f"does not answer at {layout.issuer_url}: {away}", layout.logs / "issuer.log", "deploy/part start issuer") from away
