"""Logging in to the portal over the real issuer, and what a session may do: cookies, the agency
acted for, requests from elsewhere, logging out here and at the issuer, the issuer away."""

import json
import time
import unittest

from made_stack import MadeStack, made, owned

from chaiqin_testing.visitor import Visitor, goes_on_to

CLERK, CLERK_OF_THREE, NOBODY = "demo-clerk", "demo-clerk-of-three", "demo-nobody"
AGENCY = owned.PEOPLE[CLERK]["agency"]
OWN = owned.PEOPLE[CLERK_OF_THREE]["agency"]
DELEGATED = owned.PEOPLE[CLERK_OF_THREE]["delegated_agencies"]
NOTICES = "/api/v1/notices"


class Login(MadeStack):
    def visitor(self, sub=None, return_to="/"):
        one = Visitor(self.stack)
        if sub:
            page = one.log_in(sub, return_to)
            self.assertEqual(page.status, 200, page.body[:300])
        return one

    def test_a_login_ends_where_it_was_wanted_with_a_new_value_each_time(self):
        one = Visitor(self.stack)
        page = one.log_in(CLERK, f"/a/{AGENCY}/summary?q=甲&page=2")
        self.assertEqual(goes_on_to(page), f"/a/{AGENCY}/summary?q=甲&page=2")
        first = one.session
        self.assertGreaterEqual(len(first), 43)
        self.assertFalse([name for _, name in one.cookies if "login" in name], "forgotten")
        self.assertEqual(one.api("GET", NOTICES, AGENCY).status, 200)
        page = one.log_in(CLERK, "//evil.example")
        self.assertEqual(goes_on_to(page), "/")
        self.assertNotEqual(one.session, first)

    def test_the_session_says_who_and_for_whom(self):
        answer = self.visitor(CLERK_OF_THREE).api("GET", "/api/v1/session")
        self.assertEqual(answer.status, 200)
        said = answer.json
        self.assertEqual(said["name"], "承辦人 乙")
        self.assertEqual(said["agency"]["agency"], OWN)
        self.assertEqual([a["agency"] for a in said["delegated_agencies"]], DELEGATED)
        self.assertEqual(said["roles"], ["agency_clerk"])
        self.assertLess(said["idle_expires_at"], said["expires_at"])
        self.assertNotIn("demo", said["sub"])
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertEqual(Visitor(self.stack).api("GET", "/api/v1/session").status, 401)
        nobody = self.visitor(NOBODY)
        self.assertEqual(nobody.api("GET", "/api/v1/session").json["roles"], [])
        self.assertEqual(nobody.api("GET", NOTICES, owned.PEOPLE[NOBODY]["agency"]).status, 403)

    def test_a_session_acts_for_the_agency_it_names(self):
        one = self.visitor(CLERK_OF_THREE)
        for agency in (OWN, *DELEGATED):
            self.assertEqual(one.api("GET", NOTICES, agency).status, 200)
        refused = one.api("GET", NOTICES, AGENCY)
        self.assertEqual((refused.status, refused.json["code"]), (403, "forbidden"))
        missing = one.api("GET", NOTICES)
        self.assertEqual((missing.status, missing.json["code"]), (403, "csrf"), "no default")

    def test_only_our_own_page_may_use_the_cookie(self):
        one = self.visitor(CLERK)
        acting = AGENCY
        for site in ("cross-site", "same-site", "none"):
            answer = one.api("GET", NOTICES, acting, Sec_Fetch_Site=site)
            self.assertEqual((answer.status, answer.json["code"]), (403, "csrf"), site)
        self.assertEqual(one.api("GET", NOTICES, acting, Sec_Fetch_Site=None).status, 200)
        for origin in (None, "http://localhost:1", "null"):
            answer = one.api(
                "POST",
                "/api/v1/submissions",
                acting,
                b"{}",
                Sec_Fetch_Site=None,
                Origin=origin,
                Content_Type="application/json",
            )
            self.assertEqual((answer.status, answer.json["code"]), (403, "csrf"), origin)
        one.cookies["127.0.0.1", "__Host-chaiqin"] = "x" * 43
        answer = one.api("GET", NOTICES, acting, Sec_Fetch_Site="cross-site")
        self.assertEqual(answer.json["code"], "csrf", "judged before the session is looked up")
        self.assertEqual(one.api("GET", NOTICES, acting).status, 401)

    def test_a_bearer_token_beside_the_cookie_wins(self):
        one = self.visitor(CLERK)
        token = self.stack.token(made.AGENCY)
        answer = one.api("GET", NOTICES, Authorization="Bearer " + token)
        self.assertEqual(answer.status, 200)
        answer = one.api("GET", NOTICES, AGENCY, Authorization="Bearer wrong")
        self.assertEqual(answer.status, 401)
        self.assertEqual(
            one.api("GET", "/api/v1/rules").status, 200, "an open path needs no agency"
        )

    def test_a_file_sent_with_a_session_comes_by_hand(self):
        one = self.visitor(CLERK)
        acting = AGENCY
        record = made.leave(owned.PERSONS["login"][0], agency=acting)
        document = made.document([record], agency=acting)
        answer = one.api(
            "POST",
            "/api/v1/submissions",
            acting,
            json.dumps(document).encode(),
            Content_Type="application/json",
            X_File_Name="a.json",
        )
        self.assertEqual(answer.status, 202, answer.body[:300])
        receipt = answer.json["files"][0]["receipt"]
        seen = one.api("GET", f"/api/v1/submissions/{receipt['submission_id']}?wait=10s", acting)
        self.assertEqual(seen.json["route"], "MANUAL")

    def test_a_login_that_is_cancelled_repeated_or_forged_is_not_completed(self):
        one = Visitor(self.stack)
        cancelled = one.request("GET", one.choose(one.begin_login("/a/X/rates"), ""))
        self.assertEqual(cancelled.status, 400)
        self.assertIn("登入未完成", cancelled.body.decode())
        self.assertIn('href="/auth/login?return_to=/a/X/rates"', cancelled.body.decode())
        callback = one.choose(one.begin_login(), CLERK)
        kept = dict(one.cookies)
        self.assertEqual(one.request("GET", callback).status, 200)
        again = one.request("GET", callback)
        self.assertEqual((again.status, goes_on_to(again)), (200, "/"), "the session stands")
        stranger = Visitor(self.stack)
        self.assertEqual(stranger.request("GET", callback).status, 400, "of another browser")
        stranger.cookies = {k: v for k, v in kept.items() if "login" in k[1]}
        self.assertEqual(stranger.request("GET", callback).status, 400, "the code is used up")
        forged = one.portal + "/auth/callback?code=x&state=y"
        self.assertEqual(Visitor(self.stack).request("GET", forged).status, 400)

    def test_a_logout_ends_the_session_here_and_at_the_issuer(self):
        one = self.visitor(CLERK)
        kept = one.session
        refused = one.api("POST", "/auth/logout", Origin="http://evil.example")
        self.assertEqual(refused.status, 403)
        self.assertEqual(one.log_out(), one.portal + "/")
        self.assertIsNone(one.session)
        one.cookies["127.0.0.1", "__Host-chaiqin"] = kept
        self.assertEqual(one.api("GET", "/api/v1/session").status, 401)
        self.assertIn("/interaction/", one.begin_login(), "the issuer asks again who it is")

    def test_a_logout_at_the_issuer_ends_the_other_session_of_its_browser(self):
        """Two logins of one browser share the issuer's session, so one logout ends both."""
        one = self.visitor(CLERK)
        first = one.session
        callback = one.begin_login()
        self.assertIn("/auth/callback", callback, "logged in at the issuer already")
        one.request("GET", callback)
        one.log_out()
        one.cookies["127.0.0.1", "__Host-chaiqin"] = first
        end = time.monotonic() + 10
        while one.api("GET", "/api/v1/session").status != 401:
            self.assertLess(time.monotonic(), end, "the back-channel logout did not come")
            time.sleep(0.1)

    def test_a_logout_token_must_be_one(self):
        one = Visitor(self.stack)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        for body in ("", "logout_token=x", "logout_token=a.b.c", "x" * 20_000):
            answer = one.request("POST", one.portal + "/auth/backchannel-logout", body, form)
            self.assertIn(answer.status, (400, 413), body[:20])

    def test_without_the_issuer_sessions_go_on_and_new_logins_say_so(self):
        one = self.visitor(CLERK)
        self.stack.command("part", "stop", "issuer")
        try:
            self.assertEqual(one.api("GET", NOTICES, AGENCY).status, 200)
            callback = one.portal + "/auth/callback?code=x&state=y"
            self.assertEqual(Visitor(self.stack).request("GET", callback).status, 400)
            answer = one.api("POST", "/auth/logout")
            self.assertEqual(answer.status, 200, "the session ends here all the same")
            self.assertEqual(one.api("GET", "/api/v1/session").status, 401)
        finally:
            self.stack.start("issuer")
        # It has forgotten who was logged in there; a new login works.
        end = time.monotonic() + 30
        while True:
            try:
                self.visitor(CLERK)
                break
            except (AssertionError, OSError):
                self.assertLess(time.monotonic(), end)
                time.sleep(0.3)


class Pages(MadeStack):
    def test_every_path_that_is_no_api_is_the_portal(self):
        one = Visitor(self.stack)
        for path in ("/", f"/a/{AGENCY}/summary", "/rules/L01", "/auth/done"):
            answer = one.request("GET", one.portal + path)
            self.assertEqual(answer.status, 200, path)
            self.assertEqual(answer.headers["Content-Type"], "text/html; charset=utf-8")
            self.assertEqual(answer.headers["Cache-Control"], "no-cache")
            policy = answer.headers["Content-Security-Policy"]
            self.assertIn("frame-ancestors 'none'", policy)
            self.assertNotIn("unsafe", policy)
            self.assertIn('lang="zh-Hant-TW"', answer.body.decode())
        head = one.request("HEAD", one.portal + "/")
        self.assertEqual((head.status, head.body), (200, b""))
        self.assertEqual(one.request("POST", one.portal + "/").status, 405)
        for path in ("/assets/none.js", "/x.php", "/metrics", "/auth/x", "/api/v1/x", "/api"):
            answer = one.request("GET", one.portal + path)
            self.assertEqual(answer.status, 404, path)
            self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
            self.assertIn("Content-Security-Policy", answer.headers)

    def test_assets_never_change_and_are_compressed(self):
        one = Visitor(self.stack)
        page = one.request("GET", one.portal + "/").body.decode()
        asset = one.portal + page.split('src="')[1].split('"')[0]
        plain = one.request("GET", asset)
        self.assertIn("immutable", plain.headers["Cache-Control"])
        self.assertEqual(plain.headers["Vary"], "Accept-Encoding")
        for accepted, coding in (
            ("br, gzip", "br"),
            ("gzip", "gzip"),
            ("gzip;q=0, br;q=0", None),
            ("identity", None),
        ):
            answer = one.request("GET", asset, headers={"Accept-Encoding": accepted})
            self.assertEqual(answer.headers["Content-Encoding"], coding, accepted)
            self.assertLessEqual(len(answer.body), len(plain.body))

    def test_pages_of_another_host_name_lead_to_the_known_one(self):
        one = Visitor(self.stack)
        elsewhere = {"Host": f"localhost:{self.stack.port}"}
        answer = one.request("GET", one.portal + "/a/X/rates?month=2026-10", headers=elsewhere)
        self.assertEqual(answer.status, 308)
        self.assertEqual(answer.headers["Location"], one.portal + "/a/X/rates?month=2026-10")
        self.assertEqual(one.request("GET", one.portal + "/readyz", headers=elsewhere).status, 200)
        rules = one.request("GET", one.portal + "/api/v1/rules", headers=elsewhere)
        self.assertEqual(rules.status, 200)


if __name__ == "__main__":
    unittest.main()
