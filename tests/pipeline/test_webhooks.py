"""Webhooks on the running platform, with a receiver of our own: signed, in order, again after a
failure, as the list of deliveries tells."""

import base64
import hashlib
import hmac
import json
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from made_stack import MadeStack, made, owned

GOOD = owned.PERSONS["webhooks"][0]
REFUSED = (
    *("http://hooks.agency.gov.tw/", "https://10.0.0.1/", "https://169.254.169.254/latest/"),
    *("https://192.168.1.1:8443/", "https://[::ffff:10.0.0.1]/", "https://[fd00::1]:2000/"),
    *("https://167772161/x", "https://hooks.agency.gov.tw:22/", "https://a:b@hooks.example/"),
    *("https://hooks.agency.gov.tw/#x", "ftp://127.0.0.1:2000/", "http://127.0.0.1:80/"),
)


class Receiver:
    """Keeps what comes; answers with `status`."""

    def __init__(self):
        self.status, self.got = 204, []
        outer = self

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((dict(self.headers), body))
                self.send_response(outer.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def wait_for(self, count, deadline_s=60):
        end = time.monotonic() + deadline_s
        while len(self.got) < count:
            assert time.monotonic() < end, f"{len(self.got)} of {count} came"
            time.sleep(0.05)
        return self.got[count - 1]


def is_signed(secret, headers, body):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
    return any(
        hmac.compare_digest(one, wanted) for one in headers["webhook-signature"].split(" ")
    )


class Webhooks(MadeStack):
    rows = [(GOOD, 1, made.AGENCY, 1, "1100101", "")]

    def setUp(self):
        self.receiver = Receiver()
        self.addCleanup(self.receiver.close)
        self.addCleanup(self.remove_all)
        self.remove_all()

    def remove_all(self):
        for one in self.ask("GET", "").json["webhooks"]:
            self.ask("DELETE", "/" + one["id"])

    def ask(self, method, path, body=None, token=None):
        headers = {"Content-Type": "application/json"} if body is not None else {}
        return self.stack.call(
            *(method, "/api/v1/webhooks" + path, token or self.clerk),
            *(json.dumps(body).encode() if body is not None else None, headers),
        )

    def add(self, *events):
        answer = self.ask("POST", "", {"url": self.receiver.url, "events": list(events)})
        self.assertEqual(answer.status, 201, answer.body)
        return answer.json

    def deliveries(self, hook):
        return self.ask("GET", f"/{hook['id']}/deliveries").json["deliveries"]

    def wait_state(self, hook, n, state, deadline_s=60):
        end = time.monotonic() + deadline_s
        while True:
            one = next(d for d in self.deliveries(hook) if d["n"] == n)
            if one["state"] == state:
                return one
            self.assertLess(time.monotonic(), end, one)
            time.sleep(0.1)

    def test_a_finished_submission_is_told_signed(self):
        hook = self.add("submission.finished")
        sent = self.counted(made.document([made.leave(GOOD)]))
        headers, body = self.receiver.wait_for(1)
        self.assertTrue(is_signed(hook["secret"], headers, body))
        self.assertFalse(is_signed("whsec_" + "A" * 32, headers, body))
        self.assertLess(abs(time.time() - int(headers["webhook-timestamp"])), 300)
        event = json.loads(body)
        self.assertEqual(event["type"], "submission.finished")
        self.assertEqual(
            event["data"],
            {
                key: sent[key]
                for key in ("submission_id", "agency", "state", "total", "dispositions")
            }
            | {key: sent[key] for key in ("error_count", "warning_count")}
            | {"data_month": event["data"]["data_month"]},
        )
        self.assertRegex(event["data"]["data_month"], r"^\d{4}-\d{2}$")
        self.assertNotIn(GOOD, body.decode())
        one = self.wait_state(hook, 1, "delivered")
        self.assertEqual(one["webhook_id"], headers["webhook-id"])
        self.assertEqual([a["status"] for a in one["attempts"]], [204])
        self.assertIsNotNone(self.ask("GET", "/" + hook["id"]).json["last_success_at"])

    def test_a_test_is_delivered_and_sent_again(self):
        hook = self.add("deadline.near")
        n = self.ask("POST", f"/{hook['id']}/test")
        self.assertEqual((n.status, n.json), (202, {"n": 1}))
        first, body = self.receiver.wait_for(1)
        self.assertEqual(json.loads(body)["type"], "webhook.test")
        self.wait_state(hook, 1, "delivered")
        self.assertEqual(self.ask("POST", f"/{hook['id']}/deliveries/1/retry").status, 202)
        again, _ = self.receiver.wait_for(2)
        self.assertEqual(again["webhook-id"], first["webhook-id"])
        rotated = self.ask("POST", f"/{hook['id']}/rotate").json["secret"]
        self.ask("POST", f"/{hook['id']}/test")
        headers, body = self.receiver.wait_for(3)
        for secret in (hook["secret"], rotated):
            self.assertTrue(is_signed(secret, headers, body))
        self.assertEqual(headers["webhook-signature"].count("v1,"), 2)

    def test_a_failure_is_seen_and_tried_again(self):
        self.receiver.status = 500
        hook = self.add("deadline.near")
        for _ in range(2):
            self.ask("POST", f"/{hook['id']}/test")
        self.receiver.wait_for(1)
        one = self.wait_state(hook, 1, "waiting")
        end = time.monotonic() + 10
        while not one["attempts"] and time.monotonic() < end:
            one = self.wait_state(hook, 1, "waiting")
        self.assertEqual(one["attempts"][0]["status"], 500)
        self.assertIsNotNone(one["next_at"])
        self.assertEqual(self.ask("GET", "/" + hook["id"]).json["state"], "failing")
        listed = self.ask("GET", "?state=failing", token=self.operator).json["webhooks"]
        self.assertIn((hook["id"], made.AGENCY), [(w["id"], w.get("agency")) for w in listed])
        self.receiver.status = 200
        self.wait_state(hook, 2, "delivered")
        self.assertEqual(
            [h["webhook-id"][-2:] for h, _ in self.receiver.got], ["_1", "_1", "_2"], "in order"
        )
        csv = self.stack.call(
            "GET", f"/api/v1/webhooks/{hook['id']}/deliveries?format=csv", self.clerk
        )
        lines = csv.body.decode("utf-8-sig").splitlines()
        self.assertEqual(lines[0], "序號,事件,狀態,時間")
        self.assertTrue(lines[1].startswith("2,測試,已送達,"), lines)

    def test_addresses_that_are_not_public_are_refused(self):
        hook = self.add("deadline.near")
        for url in REFUSED:
            with self.subTest(url):
                body = {"url": url, "events": ["deadline.near"]}
                self.assertEqual(self.ask("POST", "", body).status, 400)
                self.assertEqual(self.ask("PATCH", "/" + hook["id"], {"url": url}).status, 400)

    def test_they_are_the_agencys_own(self):
        hook = self.add("deadline.near")
        other = self.stack.token(made.OTHER)
        for method, path in (
            *(("GET", ""), ("GET", "/deliveries"), ("DELETE", "")),
            *(("POST", "/test"), ("POST", "/rotate")),
        ):
            answer = self.ask(method, f"/{hook['id']}{path}", token=other)
            self.assertEqual(answer.status, 404, path)
            answer = self.ask(method, f"/{hook['id']}{path}", token=self.operator)
            self.assertEqual(answer.status, 403, path)
        for _ in range(4):
            self.add("deadline.near")
        sixth = self.ask("POST", "", {"url": self.receiver.url, "events": ["deadline.near"]})
        self.assertEqual((sixth.status, sixth.json["code"]), (409, "limit_reached"))


if __name__ == "__main__":
    unittest.main()
