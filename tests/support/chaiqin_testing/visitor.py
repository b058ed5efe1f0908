"""A person with a browser, as far as HTTP goes: cookies of portal and issuer, redirects, forms. It
sends what Chromium sends (Origin, Sec-Fetch-Site), unless a test says otherwise."""

import html
import http.client
import re
import urllib.parse

from .stack import Answer

CALLBACK = "/auth/callback"


class Visitor:
    def __init__(self, stack):
        self.stack = stack
        self.portal = f"http://127.0.0.1:{stack.port}"
        self.cookies = {}  # (host, name) → value

    def request(self, method, url, body=None, headers=None):
        """One request; the cookies that the answer sets are kept."""
        parts = urllib.parse.urlsplit(url)
        connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=30)
        try:
            host = parts.hostname
            mine = "; ".join(f"{n}={v}" for (h, n), v in self.cookies.items() if h == host)
            sent = {"Host": parts.netloc, **({"Cookie": mine} if mine else {}), **(headers or {})}
            target = parts.path + ("?" + parts.query if parts.query else "")
            connection.request(method, target, body=body, headers=sent)
            response = connection.getresponse()
            for cookie in response.headers.get_all("Set-Cookie") or []:
                self._keep(host, cookie)
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def _keep(self, host, cookie):
        pair, *attributes = cookie.split(";")
        name, _, value = pair.partition("=")
        ended = any(
            a.strip().lower() in ("max-age=0", "expires=thu, 01 jan 1970 00:00:00 gmt")
            for a in attributes
        )
        if ended:
            self.cookies.pop((host, name), None)
        else:
            self.cookies[host, name] = value

    @property
    def session(self):
        return self.cookies.get(("127.0.0.1", "__Host-chaiqin"))

    def begin_login(self, return_to="/"):
        """The address of the issuer's page on which the person is chosen."""
        answer = self.request(
            "GET", self.portal + "/auth/login?return_to=" + urllib.parse.quote(return_to)
        )
        assert answer.status == 302, (answer.status, answer.body[:300])
        return self._followed(answer.headers["Location"])

    def _followed(self, url):
        """Redirects up to a page, or to the portal's callback."""
        for _ in range(10):
            if url.startswith(self.portal + CALLBACK):
                return url
            answer = self.request("GET", url)
            if answer.status not in (302, 303):
                return url
            url = urllib.parse.urljoin(url, answer.headers["Location"])
        raise AssertionError("redirects without end")

    def choose(self, page, sub):
        """The callback's address, with the person chosen ("" cancels)."""
        form = urllib.parse.urlencode({"sub": sub})
        answer = self.request(
            "POST", page, form, {"Content-Type": "application/x-www-form-urlencoded"}
        )
        return self._followed(urllib.parse.urljoin(page, answer.headers["Location"]))

    def log_in(self, sub, return_to="/"):
        """The page with which the portal goes on."""
        return self.request("GET", self.choose(self.begin_login(return_to), sub))

    def api(self, method, path, acting=None, body=None, **headers):
        """A call as the portal's pages make it; `headers` override, None leaves one out."""
        sent = {"Sec-Fetch-Site": "same-origin", "X-Acting-Agency": acting}
        if method != "GET":
            sent["Origin"] = self.portal
        sent.update({name.replace("_", "-"): value for name, value in headers.items()})
        sent = {name: value for name, value in sent.items() if value is not None}
        return self.request(method, self.portal + path, body, sent)

    def log_out(self):
        """Here and at the issuer; the address at which it ends."""
        answer = self.api("POST", "/auth/logout")
        assert answer.status == 200, (answer.status, answer.body[:300])
        page = self.request("GET", goes_on_to(answer))
        form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.body.decode()))
        action = re.search(r'action="([^"]+)"', page.body.decode())[1]
        answer = self.request(
            "POST",
            html.unescape(action),
            urllib.parse.urlencode({**form, "logout": "yes"}),
            {"Content-Type": "application/x-www-form-urlencoded"},
        )
        return answer.headers["Location"]


def goes_on_to(answer):
    """Where a page of the gateway goes on to by itself."""
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]*)"', answer.body.decode())
    return html.unescape(found[1]) if found else None
