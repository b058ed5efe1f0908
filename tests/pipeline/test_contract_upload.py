"""The contract of sending in its corners: content types, file names, forms, keys, receipts that
anybody can verify, and answers while Kafka, PostgreSQL or the validator is away."""

import base64
import json
import subprocess
import tempfile
import unittest
import uuid
from pathlib import Path
from urllib.parse import quote

from made_stack import MadeStack, made, owned

PERSON = owned.PERSONS["upload"][0]
MASKED = f"{PERSON[:3]}*****{PERSON[-2:]}"
FORM = 'form-data; name="file"'
P256 = bytes.fromhex(
    "3059301306072a8648ce3d020106082a8648ce3d03010703420004"
)  # the head of a P-256 public key in DER


def from_base64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def der_integer(raw):
    raw = raw.lstrip(b"\0") or b"\0"
    raw = b"\0" + raw if raw[0] > 127 else raw
    return b"\x02" + bytes([len(raw)]) + raw


class Upload(MadeStack):
    rows = [(PERSON, 1, made.AGENCY, 1, "1100101", "")]

    def good(self):
        return made.bytes_of(made.document([made.leave(PERSON)]))

    def post(self, body, kind="application/json", path="/submissions", **headers):
        return self.stack.call(
            "POST",
            "/api/v1" + path,
            self.clerk,
            body,
            {
                **({"Content-Type": kind} if kind else {}),
                **{k.replace("_", "-"): v for k, v in headers.items()},
            },
        )

    def form(self, *parts, path="/submissions", **headers):
        body = (
            b"".join(
                b"--b\r\nContent-Disposition: " + head.encode() + b"\r\n\r\n" + content + b"\r\n"
                for head, content in parts
            )
            + b"--b--\r\n"
        )
        return self.post(body, "multipart/form-data; boundary=b", path, **headers)

    def outcomes(self, answer):
        return [
            (f["file_name"], f["outcome"], f.get("problem", {}).get("code"))
            for f in answer.json["files"]
        ]

    def test_content_types(self):
        for kind, headers, status in (
            ("application/json; charset=big5", {}, 202),
            ("Application/JSON", {}, 202),
            ("application/x+json", {}, 415),
            ("", {}, 415),
            ("application/x-www-form-urlencoded", {}, 415),
            ("application/json", {"Content_Encoding": "identity"}, 202),
            ("application/json", {"Content_Encoding": "gzip"}, 415),
        ):
            self.assertEqual(
                self.post(self.good(), kind, **headers).status, status, (kind, headers)
            )

    def test_file_names(self):
        for sent, kept in (
            ("a%2Fb%5Cc.json", "c.json"),
            ("a.JSON", "a.JSON"),
            (PERSON + ".json", MASKED + ".json"),
            (f"x{PERSON}.json", f"x{PERSON}.json"),
            ("A123456788.json", "A12*****88.json"),
            (quote("名" * 300) + ".json", "名" * 250 + ".json"),
        ):
            self.assertEqual(
                self.outcomes(self.post(self.good(), X_File_Name=sent)), [(kept, "accepted", None)]
            )
        for sent in ("%E5.json", "%zz.json", "%00.json", "a%C2%85.json"):
            self.assertEqual(self.post(self.good(), X_File_Name=sent).status, 400, sent)
        for head, kept in (
            ('; filename="x.txt"; filename*=UTF-8\'\'%E5%B7%AE.json', "差.json"),
            ('; filename="C:\\\\d\\\\a.json"', "a.json"),
            ('; filename="a\x01b.json"', "ab.json"),
            ('; filename="a\\"b.json"', 'a"b.json'),
            (f'; filename="{PERSON}.json"', MASKED + ".json"),
            ('; filename="' + "x" * 300 + '.json"', "x" * 250 + ".json"),
        ):
            self.assertEqual(
                self.outcomes(self.form((FORM + head, self.good()))), [(kept, "accepted", None)]
            )
        nameless = self.form((FORM, self.good()))
        self.assertEqual(
            (nameless.status, self.outcomes(nameless)), (415, [("", "refused", "F01")])
        )

    def test_forms(self):
        a, c = (FORM + f'; filename="{n}.json"' for n in "ac")
        too_big = (FORM + '; filename="b.json"', b" " * (5 * 1024 * 1024 + 1))
        answer = self.form((a, self.good()), too_big, (c, self.good()))
        self.assertEqual(
            self.outcomes(answer),
            [
                ("a.json", "accepted", None),
                ("b.json", "refused", "F02"),
                ("c.json", "accepted", None),
            ],
        )
        for parts in ([(a, self.good()), ('form-data; name="x"', b"1")], [("x", b"")], []):
            self.assertEqual(self.form(*parts).status, 400)
        for path in ("/submissions", "/checks"):
            answer = self.form(*[(a, b"{}")] * 11, path=path)
            self.assertEqual((answer.status, answer.json["code"]), (413, "F03"))
        checked = self.form(too_big, (FORM, b"{}"), path="/checks").json["files"]
        self.assertEqual([f["findings"][0]["code"] for f in checked], ["F02", "F01"])
        huge = self.form(*[(a, b" " * (5 * 1024 * 1024 + 200_000))] * 10)
        self.assertEqual((huge.status, huge.json["code"]), (413, "too_large"))

    def test_keys(self):
        key, first, second = uuid.uuid4().hex, self.good(), self.good()
        a, b = (FORM + f'; filename="{n}.json"' for n in "ab")
        once, again = (
            self.form((a, first), (b, second), Idempotency_Key=key).json["files"] for _ in range(2)
        )
        self.assertEqual([f["receipt"] for f in once], [f["receipt"] for f in again])
        self.assertEqual([f["replayed"] for f in again], [True, True])
        other = self.form((a, first), (b, self.good()), Idempotency_Key=key)
        self.assertEqual(
            [o[1:] for o in self.outcomes(other)],
            [("accepted", None), ("refused", "idempotency_conflict")],
        )
        for bad in ("", "a b", "a/1", "a" * 65):
            self.assertEqual(self.post(first, Idempotency_Key=bad).status, 400, bad)
        refused = uuid.uuid4().hex
        self.assertEqual(self.post(b"\xff", Idempotency_Key=refused).status, 422)
        self.assertEqual(
            self.post(first, Idempotency_Key=refused).status, 202, "a refused file keeps no key"
        )

    def test_anybody_can_verify_a_receipt(self):
        header, payload, signature = (
            self.post(self.good()).json["files"][0]["receipt_jws"].split(".")
        )
        kid = json.loads(from_base64url(header))["kid"]
        key = next(
            k
            for k in self.stack.call("GET", "/api/v1/receipts/key").json["keys"]
            if k["kid"] == kid
        )
        raw = from_base64url(signature)
        numbers = der_integer(raw[:32]) + der_integer(raw[32:])
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            (folder / "key.der").write_bytes(
                P256 + from_base64url(key["x"]) + from_base64url(key["y"])
            )
            (folder / "signature").write_bytes(b"\x30" + bytes([len(numbers)]) + numbers)
            for content, good in (
                (f"{header}.{payload}", True),
                (f"{header}.{payload[:-2]}xx", False),
            ):
                (folder / "signed").write_text(content)
                done = subprocess.run(
                    [
                        "openssl",
                        "dgst",
                        "-sha256",
                        "-keyform",
                        "DER",
                        "-verify",
                        folder / "key.der",
                        "-signature",
                        folder / "signature",
                        folder / "signed",
                    ],
                    capture_output=True,
                    check=False,
                )
                self.assertEqual(done.returncode == 0, good, done.stdout + done.stderr)

    def test_while_the_validator_is_away(self):
        self.addCleanup(self.stack.start, "validator")
        self.stack.command("part", "stop", "validator")
        sent = self.send(made.document([made.leave(PERSON)]))
        answer = self.stack.get(f"/api/v1/submissions/{sent}?wait=1s", self.clerk)
        self.assertEqual(
            (
                answer.status,
                answer.json["state"],
                answer.json["next_actor"],
                answer.json["dispositions"],
            ),
            (200, "RECEIVED", "platform", None),
        )

    def test_while_postgresql_is_away(self):
        key, content = uuid.uuid4().hex, self.good()
        receipt = self.post(content, Idempotency_Key=key).json["files"][0]["receipt"]
        self.addCleanup(self.stack.command, "part", "start", "postgresql")
        self.stack.command("part", "stop", "postgresql", "--now")
        answer = self.post(self.good())
        self.assertEqual(answer.status, 202, answer.body)
        self.assertEqual(
            self.post(content, Idempotency_Key=key).json["files"][0]["receipt"], receipt
        )
        sent = answer.json["files"][0]["receipt"]["submission_id"]
        for path in (f"/submissions/{sent}", "/submissions", "/summary", "/agencies"):
            read = self.stack.get("/api/v1" + path, self.clerk)
            self.assertEqual((read.status, read.json["code"]), (503, "unavailable"), path)
            self.assertTrue(read.headers["Retry-After"])
        self.assertEqual(self.stack.call("GET", "/readyz").status, 503)
        self.assertEqual(self.stack.call("GET", "/api/v1/rules").status, 200)
        self.stack.command("part", "start", "postgresql")
        self.assertEqual(self.stack.wait_terminal(sent, self.clerk)["state"], "COUNTED")


if __name__ == "__main__":
    unittest.main(verbosity=2)
