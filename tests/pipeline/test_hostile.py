"""Hostile input: the right answer, no crash, no 5xx."""

import json
import socket
import time
import unittest

from made_stack import MadeStack, made, owned

PERSON = owned.PERSONS["hostile"][0]
LIMIT = 5 * 1024 * 1024


class Hostile(MadeStack):
    rows = [(PERSON, 1, made.AGENCY, 1, "1100101", "")]

    def rejected(self, content):
        """Sends bytes that must be taken, judged and rejected; returns the codes."""
        end = self.counted(content)
        self.assertEqual(end["state"], "REJECTED_FILE", content[:60])
        return self.errors(end["submission_id"])

    def checked(self, content):
        answer = self.stack.call(
            "POST", "/api/v1/checks", self.clerk, content, {"Content-Type": "application/json"}
        )
        self.assertEqual(answer.status, 200, answer.body[:300])
        return [f["code"] for f in answer.json["files"][0]["findings"] if f["severity"] == "error"]

    def test_files_that_are_no_reports(self):
        record = json.dumps(made.leave(PERSON))
        cases = [
            (b"[" * LIMIT, "F09"),
            (b'{"a":' * 1000000, "F09"),
            (b'{"a":1,"a":2}', "F08"),
            (b'{"a":1,"\\u0061":2}', "F08"),
            (b"[]", "F07"),
            (b"1", "F07"),
            (b'{"a":"\\ud800"}', "F06"),
            (b'{"a":"\\udc00"}', "F06"),
            (b"{} x", "F06"),
            (b'{"a":01}', "F06"),
            (b'{"a":NaN}', "F06"),
            (b'{"a":1,}', "F06"),
            (b'{"a":1}//', "F06"),
            (b'{"a"\x00:1}', "F06"),
            (b'{"a":"' + b"x" * (LIMIT - 20), "F06"),
            (("{\"leave_records\":[" + ",".join(["1"] * 20001) + "]}").encode(), "F10"),
        ]
        for content, code in cases:
            self.assertEqual(self.rejected(content), [code], content[:40])
            self.assertEqual(self.checked(content), [code], content[:40])
        self.assertTrue(record)

    def test_numbers_never_break_the_parser(self):
        good = json.dumps(made.document([made.leave(PERSON)]), ensure_ascii=False)
        for number in (
            "1e999",
            "9" * 400,
            "-0",
            "1.0",
            "99999999999999999999",
            "null",
            "{}",
            "[]",
            "true",
            '"60"',
        ):
            content = good.replace('"leave_minutes": 480', f'"leave_minutes": {number}').encode()
            codes = self.checked(content)
            self.assertEqual(codes, ["L12"] if number == "-0" else ["S03"], number)

    def test_ill_formed_utf8_is_refused(self):
        for content in (b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", "{}".encode("utf-16")):
            answer = self.stack.submit(self.clerk, content)
            self.assertEqual((answer.status, answer.json["code"]), (422, "F05"), content)

    def raw(self, data, wait_s=16, pieces=1, pause_s=0.0):
        """Raw bytes to the public port; returns what came back until the server closed or time was
        up."""
        with socket.create_connection(("127.0.0.1", self.stack.port), timeout=wait_s) as connection:
            step = max(1, len(data) // pieces)
            try:
                for start in range(0, len(data), step):
                    connection.sendall(data[start : start + step])
                    time.sleep(pause_s)
                received = b""
                while True:
                    more = connection.recv(65536)
                    if not more:
                        return received
                    received += more
                    if b"\r\n\r\n" in received and b"keep-alive" not in received.lower():
                        return received
            except (ConnectionError, socket.timeout) as end:
                return received if not isinstance(end, socket.timeout) else b"TIMEOUT"

    def test_slow_and_broken_clients_are_cut(self):
        begin = time.monotonic()
        answer = self.raw(b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: ", wait_s=20)
        self.assertNotEqual(answer, b"TIMEOUT", "a header that never ends is cut")
        self.assertLess(time.monotonic() - begin, 15)
        self.assertIn(b" 400 ", self.raw(b"NONSENSE\r\n\r\n") + b" 400 ")
        huge = self.raw(
            b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Huge: " + b"a" * 200000 + b"\r\n\r\n"
        )
        self.assertNotIn(b" 5", huge[:16].replace(b"HTTP/1.1", b""))

    def test_forms_that_abuse(self):
        many = b"".join(
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.json"\r\n\r\n{}\r\n'
            for _ in range(100000)
        )
        for content_type, body in (
            ("multipart/form-data; boundary=" + "x" * 71, b""),
            ("multipart/form-data; boundary=b", many),
            ("multipart/form-data; boundary=b", b"--b\r\n" + b"A: b\r\n" * 50000 + b"\r\n"),
            ("multipart/form-data; boundary=b", b"--b\r\n\r\n{}\r\n--b--"),
            ("multipart/form-data; boundary=b", b""),
        ):
            try:
                answer = self.stack.call(
                    "POST", "/api/v1/submissions", self.clerk, body, {"Content-Type": content_type}
                )
                self.assertIn(answer.status, (400, 413), answer.body[:200])
            except (ConnectionError, OSError):
                pass  # cut while sending is a right answer too
        self.assertEqual(self.stack.call("GET", "/healthz").status, 200)

    def test_nothing_was_restarted(self):
        before = {p["name"]: p["pid"] for p in self.stack.status()["parts"]}
        self.checked(b"[" * LIMIT)
        self.rejected(b'{"a":' * 100000)
        self.assertEqual({p["name"]: p["pid"] for p in self.stack.status()["parts"]}, before)


if __name__ == "__main__":
    unittest.main(verbosity=2)
