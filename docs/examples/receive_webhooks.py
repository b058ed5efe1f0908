#!/usr/bin/python3
"""Receives webhooks, checks their signature (Standard Webhooks 1.0) and prints what happened.

    CHAIQIN_WEBHOOK_SECRET=whsec_… receive_webhooks.py 9000

A delivery may come more than once: `webhook-id` stays the same, so keep the ids that you have dealt
with. Answer within 10 seconds, and do the work afterwards.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

OLDEST_S = 300  # a delivery that is older may be one that somebody has recorded


def is_signed(secret, headers, body, now):
    """Whether one of the signatures is made with our secret. For a day after the key was changed
    there are two."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    sent_at = headers.get("webhook-timestamp", "")
    if not sent_at.isdigit() or abs(now - int(sent_at)) > OLDEST_S:
        return False
    signed = f"{headers.get('webhook-id', '')}.{sent_at}.".encode() + body
    wanted = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    given = headers.get("webhook-signature", "").split()
    return any(hmac.compare_digest(one, "v1," + wanted) for one in given)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if not is_signed(os.environ["CHAIQIN_WEBHOOK_SECRET"], self.headers, body, time.time()):
            self.send_response(401)
            self.end_headers()
            return
        event = json.loads(body)
        data = json.dumps(event["data"], ensure_ascii=False)
        print(f"{self.headers['webhook-id']} {event['type']} {data}", flush=True)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
