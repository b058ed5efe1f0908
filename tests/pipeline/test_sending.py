"""The contract of "Sending": what is accepted, what is refused and how it is said."""

import base64
import hashlib
import json
import unittest
from concurrent.futures import ThreadPoolExecutor

from made_stack import MadeStack, made, owned

PERSON = owned.PERSONS["sending"][0]


class Sending(MadeStack):
    rows = [(PERSON, 1, made.AGENCY, 1, "1100101", "")]

    def post(self, body, content_type="application/json", token=None, **headers):
        return self.stack.call(
            "POST",
            "/api/v1/submissions",
            token or self.clerk,
            body,
            {"Content-Type": content_type, **{k.replace("_", "-"): v for k, v in headers.items()}},
        )

    def assert_problem(self, answer, status, code):
        self.assertEqual((answer.status, answer.json["code"]), (status, code), answer.body)
        self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
        self.assertEqual(answer.json["type"], "urn:chaiqin:problem:" + code)

    def test_a_file_is_accepted_with_a_signed_receipt_and_counted(self):
        content = made.bytes_of(made.document([made.leave(PERSON)], [made.overtime(PERSON)]))
        answer = self.post(content, X_File_Name="%E5%B7%AE%E5%81%87.json")
        self.assertEqual(answer.status, 202, answer.body)
        file = answer.json["files"][0]
        self.assertEqual(
            (file["outcome"], file["replayed"], file["file_name"]), ("accepted", False, "差假.json")
        )
        receipt = file["receipt"]
        self.assertEqual(receipt["size_bytes"], len(content))
        self.assertEqual(receipt["sha256"], hashlib.sha256(content).hexdigest())
        header, payload, _ = file["receipt_jws"].split(".")
        padded = lambda part: base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))  # noqa: E731
        self.assertEqual(json.loads(padded(payload)), receipt)
        keys = self.stack.call("GET", "/api/v1/receipts/key").json["keys"]
        self.assertIn(json.loads(padded(header))["kid"], [k["kid"] for k in keys])
        end = self.stack.wait_terminal(receipt["submission_id"], self.clerk)
        self.assertEqual(
            (end["state"], end["total"], end["dispositions"]["counted"]), ("COUNTED", 2, 2), end
        )

    def test_who_sent_a_file_is_kept_with_it(self):
        ids = [self.send(made.document([made.leave(PERSON)])) for _ in range(2)]
        told = [json.loads(self.stack.chaiqin("audit", "sender", i, "--json").stdout) for i in ids]
        self.assertEqual({t["name"] for t in told}, {f"{made.AGENCY} webitr"})
        self.assertEqual({t["agency"] for t in told}, {made.AGENCY})
        self.assertEqual(len({t["sub_hash"] for t in told}), 1, "the same sender")
        self.assertNotIn(made.AGENCY, told[0]["sub_hash"])
        nobody = self.stack.chaiqin(
            "audit", "sender", "00000000-0000-4000-8000-000000000000", check=False
        )
        self.assertEqual((nobody.returncode, nobody.stdout), (2, ""), nobody.stderr)
        self.assertIn("there is no receipt", nobody.stderr)

    def test_refusals_of_single_files(self):
        good = made.bytes_of(made.document([made.leave(PERSON)]))
        self.assert_problem(self.post(good, X_File_Name="a.txt"), 415, "F01")
        self.assert_problem(self.post(good, X_File_Name=".json"), 415, "F01")
        self.assert_problem(self.post(b" " * (5 * 1024 * 1024 + 1)), 413, "F02")
        self.assert_problem(self.post(b""), 422, "F04")
        self.assert_problem(self.post(b"\xef\xbb\xbf"), 422, "F04")
        self.assert_problem(self.post(b'{"a":"\xff"}'), 422, "F05")
        self.assert_problem(self.post(good, "text/plain"), 415, "unsupported_media_type")
        self.assert_problem(self.post(good, Content_Encoding="gzip"), 415, "unsupported_media_type")
        self.assert_problem(self.post(good, Idempotency_Key="bad key"), 400, "bad_request")
        self.assert_problem(self.post(good, X_File_Name="a%0A.json"), 400, "bad_request")

    def test_multipart_with_one_bad_file(self):
        good = made.bytes_of(made.document([made.leave(PERSON)]))
        content_type, body = made.multipart(
            [("file", "a.json", good), ("file", "b.txt", b"{}"), ("file", "dir/c.json", b"")]
        )
        answer = self.post(body, content_type)
        self.assertEqual(answer.status, 202, answer.body)
        outcomes = [
            (f["file_name"], f["outcome"], f.get("problem", {}).get("code"))
            for f in answer.json["files"]
        ]
        self.assertEqual(
            outcomes,
            [
                ("a.json", "accepted", None),
                ("b.txt", "refused", "F01"),
                ("c.json", "refused", "F04"),
            ],
        )

    def test_eleven_files_and_broken_forms(self):
        content_type, body = made.multipart([("file", f"{i}.json", b"{}") for i in range(11)])
        self.assert_problem(self.post(body, content_type), 413, "F03")
        content_type, body = made.multipart([("other", "a.json", b"{}")])
        self.assert_problem(self.post(body, content_type), 400, "bad_request")
        self.assert_problem(self.post(b"", "multipart/form-data"), 400, "bad_request")
        content_type, body = made.multipart([("file", "a.txt", b"{}"), ("file", "b.json", b"")])
        answer = self.post(body, content_type)
        self.assert_problem(answer, 415, "F01")
        self.assertEqual(len(answer.json["files"]), 2)

    def test_the_same_key_gives_the_same_submission(self):
        content = made.bytes_of(made.document([made.leave(PERSON)]))
        first = self.post(content, Idempotency_Key="k-" + hashlib.sha256(content).hexdigest()[:20])
        again = self.post(content, Idempotency_Key="k-" + hashlib.sha256(content).hexdigest()[:20])
        self.assertEqual((first.status, again.status), (202, 202))
        self.assertEqual(again.json["files"][0]["receipt"], first.json["files"][0]["receipt"])
        self.assertTrue(again.json["files"][0]["replayed"])
        other = made.bytes_of(made.document([made.leave(PERSON)]))
        self.assert_problem(
            self.post(other, Idempotency_Key="k-" + hashlib.sha256(content).hexdigest()[:20]),
            422,
            "idempotency_conflict",
        )

    def test_two_concurrent_posts_with_one_key_give_one_receipt(self):
        content = made.bytes_of(made.document([made.leave(PERSON)]))
        key = "c-" + hashlib.sha256(content).hexdigest()[:20]
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _: self.post(content, Idempotency_Key=key), range(4)))
        self.assertEqual({a.status for a in answers}, {202})
        self.assertEqual(len({json.dumps(a.json["files"][0]["receipt"]) for a in answers}), 1)

    def test_five_megabytes(self):
        leaves = [made.leave(PERSON, reason="事由" * 20) for _ in range(10500)]
        document = made.document(leaves)
        content = made.bytes_of(document)
        content += b" " * (5 * 1024 * 1024 - len(content))
        self.assertEqual(len(content), 5 * 1024 * 1024)
        end = self.counted(content)
        self.assertEqual((end["state"], end["dispositions"]["counted"]), ("COUNTED", 10500))

    def test_all_end_states(self):
        self.assertEqual(self.counted(made.document([made.leave(PERSON)]))["state"], "COUNTED")
        partial = self.counted(
            made.document([made.leave(PERSON), made.leave(PERSON, leave_type="98")])
        )
        self.assertEqual(
            (partial["state"], partial["dispositions"]["invalid"]), ("COUNTED_PARTIAL", 1)
        )
        rejected = self.counted(made.document([made.leave(PERSON)], leave_count=5))
        self.assertEqual((rejected["state"], rejected["total"]), ("REJECTED_FILE", 0))
        self.assertEqual(self.errors(rejected["submission_id"]), ["E12"])

    def test_acting_for_a_delegated_agency(self):
        handler = self.stack.token(made.HANDLER, delegated=[made.AGENCY])
        content = made.document([made.leave(PERSON)])
        self.assertEqual(self.stack.submit(handler, content, acting=made.AGENCY).status, 202)
        self.assert_problem(
            self.stack.submit(handler, content, acting=made.OTHER), 403, "forbidden"
        )
        rejected = self.stack.wait_terminal(self.send(content, handler), handler)
        self.assertEqual(rejected["state"], "REJECTED_FILE", "E05: sent under its own name")

    def test_tokens(self):
        content = made.bytes_of(made.document([made.leave(PERSON)]))
        for token in (None, "x.y.z", self.clerk[:-4] + "AAAA"):
            answer = self.stack.call(
                "POST", "/api/v1/submissions", token, content, {"Content-Type": "application/json"}
            )
            self.assertEqual(answer.status, 401, answer.body)
            self.assertIn('error="invalid_token"', answer.headers["WWW-Authenticate"])
        auditor = self.stack.token(made.AGENCY, "auditor")
        self.assert_problem(self.stack.submit(auditor, content), 403, "forbidden")

    def test_what_is_not_mine_does_not_exist(self):
        mine = self.send(made.document([made.leave(PERSON)]))
        other = self.stack.token(made.OTHER)
        for path in (
            f"/api/v1/submissions/{mine}",
            f"/api/v1/submissions/{mine}/findings",
            f"/api/v1/submissions/{mine}/groups",
        ):
            self.assert_problem(self.stack.get(path, other), 404, "not_found")
        self.assert_problem(
            self.stack.get("/api/v1/submissions/00000000-0000-8000-8000-000000000000", self.clerk),
            404,
            "not_found",
        )


if __name__ == "__main__":
    unittest.main(verbosity=2)
