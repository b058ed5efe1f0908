"""The contract of "Commands": help with examples, --json, what stands on stdout, exit codes; the
stack's commands on every part by name."""

import json
import re
import tempfile
import time
import unittest
from pathlib import Path

from made_stack import MadeStack, made, owned
from layout import SERVICES  # made_stack puts deploy/stack on the path

PERSON = owned.PERSONS["commands"][0]
PARTS = [*SERVICES, "kafka", "postgresql", "issuer", "smtp"]
SUBCOMMAND = re.compile(r"^  ([a-z0-9-]+)  +\S", re.MULTILINE)


class Commands(MadeStack):
    rows = [(PERSON, 1, made.AGENCY, 1, "1100101", "")]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.scratch.name)
        cls.url = ["--url", f"http://127.0.0.1:{cls.stack.port}"]

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def run_it(self, *arguments):
        return self.stack.chaiqin(*arguments, check=False, timeout=100)

    def as_caller(self, token, *arguments):
        return self.run_it(*arguments, *self.url, "--token", token)

    def leaves_of_the_command_tree(self, path=()):
        text = self.run_it(*path, "--help").stdout
        names = SUBCOMMAND.findall(text.partition("Subcommands:")[2])
        return (
            [leaf for name in names for leaf in self.leaves_of_the_command_tree((*path, name))]
            if names
            else [(path, text)]
        )

    def test_every_command_has_an_example_of_its_own_and_json(self):
        leaves = self.leaves_of_the_command_tree()
        self.assertGreater(len(leaves), 14)
        for path, text in leaves:
            with self.subTest(command=" ".join(path)):
                self.assertIn("chaiqin " + " ".join(path), text.partition("Example")[2])
                self.assertIn("--json", text)

    def test_operators_commands_answer_in_json(self):
        for arguments, members in (
            (("topics", "diff"), {"differences"}),
            (("topics", "apply"), {"differences"}),
            (("migrate",), {"applied", "loaded", "ruleset"}),
            (("quarantine", "list"), {"messages"}),
            (("audit", "list"), {"lines"}),
        ):
            with self.subTest(arguments):
                done = self.run_it(*arguments, "--json")
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(set(json.loads(done.stdout)), members)
        self.assertEqual(
            json.loads(self.run_it("topics", "diff", "--json").stdout), {"differences": []}
        )
        self.assertTrue(json.loads(self.run_it("verify", "--json").stdout)["holds"])
        chain = json.loads(self.run_it("audit", "verify", "--json").stdout)
        self.assertEqual((chain["holds"], chain["faults"]), (True, []))
        self.assertGreater(chain["lines"], 0)
        lines = json.loads(self.run_it("audit", "list", "--json").stdout)["lines"]
        self.assertEqual(
            set(lines[0]), {"at", "sub", "agency", "acting", "action", "object", "result"}
        )
        self.assertEqual(
            [line["at"] for line in lines], sorted((line["at"] for line in lines), reverse=True)
        )

    def test_exit_codes_of_the_client(self):
        good = self.file("good.json", made.bytes_of(made.document([made.leave(PERSON)])))
        bad = self.file(
            "bad.json", made.bytes_of(made.document([made.leave(PERSON, leave_type="98")]))
        )
        no_json = self.file("a.txt", "x")
        self.assertEqual(self.as_caller(self.clerk, "submit", good, "--wait").returncode, 0)
        self.assertEqual(self.as_caller(self.clerk, "submit", bad, "--wait").returncode, 1)
        refused = self.as_caller(self.clerk, "submit", no_json, "--json")
        self.assertEqual((refused.returncode, json.loads(refused.stdout)["code"]), (1, "F01"))
        self.assertEqual(self.as_caller(self.operator, "submit", good).returncode, 4)
        self.assertEqual(self.as_caller("x.y.z", "submit", good).returncode, 4)
        self.assertEqual(
            self.as_caller(self.clerk, "submit", self.folder / "nothing.json").returncode, 2
        )
        self.assertEqual(
            self.as_caller(self.clerk, "status", "00000000-0000-8000-8000-000000000000").returncode,
            4,
        )
        self.assertEqual(self.as_caller(self.clerk, "nonsense").returncode, 2)

    def test_two_files_are_one_answer(self):
        paths = [
            self.file(f"{i}.json", made.bytes_of(made.document([made.leave(PERSON)])))
            for i in (1, 2)
        ]
        sent = json.loads(self.as_caller(self.clerk, "submit", *paths, "--json").stdout)
        self.assertEqual([f["file_name"] for f in sent["files"]], ["1.json", "2.json"])
        waited = json.loads(self.as_caller(self.clerk, "submit", *paths, "--json", "--wait").stdout)
        self.assertEqual([s["state"] for s in waited["submissions"]], ["COUNTED", "COUNTED"])

    def test_a_gateway_that_does_not_answer_is_3_within_a_bearable_time(self):
        good = self.file("again.json", made.bytes_of(made.document([made.leave(PERSON)])))
        begin = time.monotonic()
        done = self.run_it(
            "submit", good, "--url", "http://127.0.0.1:1", "--token", self.clerk, "--patience", "2"
        )
        self.assertEqual((done.returncode, done.stdout), (3, ""), done.stderr)
        self.assertLess(time.monotonic() - begin, 20)

    def test_loads(self):
        rows = self.file("rows.csv", made.table19(self.rows))
        own = self.stack.token(made.AGENCY, "personnel_office")
        done = self.as_caller(own, "table19", "load", rows, "--mode", "changes", "--wait", "--json")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        load = json.loads(done.stdout)
        self.assertEqual(
            (load["authority"], load["state"]),
            (made.AGENCY, "LOADED"),
            "the own agency's, when none is named",
        )
        self.assertEqual(self.as_caller(self.clerk, "table19", "load", rows).returncode, 4)
        half = self.file(
            "half.csv", made.table19([*self.rows, ("A123456788", 1, made.AGENCY, 1, "1100101", "")])
        )
        done = self.as_caller(own, "table19", "load", half, "--mode", "changes", "--wait")
        self.assertEqual(done.returncode, 1, done.stdout)
        agencies = self.file("agencies.csv", made.REGISTRY)
        done = self.as_caller(self.operator, "registry", "load", agencies, "--json")
        self.assertEqual(
            (done.returncode, json.loads(done.stdout)["unchanged"]), (0, 4), done.stderr
        )

    def test_check_prints_what_the_api_answers(self):
        content = made.bytes_of(made.document([made.leave(PERSON, leave_type="98", location=5)]))
        path, agencies = self.file("upload.json", content), self.file("agencies.csv", made.REGISTRY)
        done = self.run_it("check", path, "--agency", made.AGENCY, "--registry", agencies, "--json")
        answer = self.stack.call(
            "POST", "/api/v1/checks", self.clerk, content, {"Content-Type": "application/json"}
        )
        self.assertEqual((done.returncode, json.loads(done.stdout)), (1, answer.json))
        self.assertEqual(
            json.loads(self.run_it("check", path, "--json").stdout)["files"][0]["skipped_rules"],
            ["E04", "E05", "C09", "C10", "C11"],
        )

    def test_status_and_parts(self):
        status = self.stack.status()
        self.assertEqual(set(status), {"state_dir", "parts"})
        self.assertEqual(sorted({p["name"] for p in status["parts"]} - {"links"}), sorted(PARTS))
        for part in status["parts"]:
            self.assertEqual(
                (set(part), part["state"]),
                ({"name", "state", "pid", "ports", "log"}, "running"),
                part,
            )
            self.assertLessEqual(
                set(part["ports"]),
                {
                    "control",
                    "http",
                    "operations",
                    "grpc",
                    "broker",
                    "controller",
                    "smtp",
                    "postgres",
                },
            )
        self.assertEqual(self.stack.command("part", "stop", "smtp").returncode, 0)
        stopped = next(p for p in self.stack.status()["parts"] if p["name"] == "smtp")
        self.assertEqual(
            (stopped["state"], stopped["pid"], stopped["ports"]), ("stopped", None, {})
        )
        self.assertEqual(self.stack.command("status", check=False).returncode, 3)
        self.stack.command("part", "start", "smtp")
        self.stack.command("part", "restart", "smtp", "--now")
        self.assertEqual(self.stack.command("part", "stop", "nothing", check=False).returncode, 2)

    def test_clock(self):
        self.assertEqual(self.stack.command("clock", "tomorrow", check=False).returncode, 2)
        try:
            said = json.loads(self.stack.command("clock", "+90s", "--json").stdout)
            self.assertIn("now", said)
        finally:
            self.stack.command("clock", "real")


if __name__ == "__main__":
    unittest.main(verbosity=2)
