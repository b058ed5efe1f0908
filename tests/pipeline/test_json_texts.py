"""A parsing suite through every way in: one body and a form, sending and checking, and the command
`chaiqin check`. All give one verdict, and the verdict is the one that the text's name says."""

import json
import tempfile
import unittest
from pathlib import Path

from made_stack import MadeStack, made, owned

from chaiqin_testing.json_texts import texts

OF_THE_READER = {"F02", "F04", "F05", "F06", "F07", "F08", "F09", "F10"}
JSON = {"Content-Type": "application/json"}
FORM_FILES = 10


def verdict(codes):
    """The fault of the reader, or "" for a text that it takes."""
    found = sorted(OF_THE_READER & set(codes))
    assert len(found) <= 1, found
    return found[0] if found else ""


class JsonTexts(MadeStack):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.add_agency(owned.AGENCIES["hostile text"][1_000])
        cls.texts = texts()
        assert len(cls.texts) > 100
        cls.commands = cls.by_command()
        cls.checks = cls.by_check()

    @classmethod
    def by_command(cls):
        with tempfile.TemporaryDirectory() as scratch:
            for name, content in cls.texts.items():
                (Path(scratch) / f"{name}.json").write_bytes(content)
            files = sorted(Path(scratch).iterdir())
            done = cls.stack.chaiqin("check", "--json", *files, check=False)
        assert done.returncode == 1, done.stderr
        return cls.verdicts(json.loads(done.stdout)["files"])

    @staticmethod
    def verdicts(files):
        return {
            Path(file["file_name"]).stem: verdict(f["code"] for f in file["findings"])
            for file in files
        }

    @classmethod
    def forms(cls):
        names = sorted(cls.texts)
        for first in range(0, len(names), FORM_FILES):
            some = names[first : first + FORM_FILES]
            yield made.multipart([("file", f"{name}.json", cls.texts[name]) for name in some])

    @classmethod
    def by_check(cls):
        checked = []
        for content_type, body in cls.forms():
            headers = {"Content-Type": content_type}
            answer = cls.stack.call("POST", "/api/v1/checks", cls.clerk, body, headers)
            assert answer.status == 200, answer.body[:300]
            checked += answer.json["files"]
        return cls.verdicts(checked)

    def test_names_say_what_becomes_of_a_text(self):
        wrong = {
            name: found
            for name, found in self.checks.items()
            if name[0] != "i" and bool(found) != (name[0] == "n")
        }
        self.assertEqual(wrong, {})
        self.assertEqual(set(self.checks), set(self.texts))

    def test_the_command_says_the_same(self):
        self.assertEqual(self.commands, self.checks)

    def test_one_body_says_the_same_as_a_form(self):
        single = {}
        for name, content in self.texts.items():
            headers = {**JSON, "X-File-Name": name + ".json"}
            answer = self.stack.call("POST", "/api/v1/checks", self.clerk, content, headers)
            self.assertEqual(answer.status, 200, (name, answer.body[:300]))
            single.update(self.verdicts(answer.json["files"]))
        self.assertEqual(single, self.checks)

    def verdict_of(self, file):
        """Of one file of an answer to sending: refused at once, or judged later."""
        if file["outcome"] == "refused":
            return verdict([file["problem"]["code"]])
        self.assertEqual(file["outcome"], "accepted")
        sent = file["receipt"]["submission_id"]
        end = self.stack.wait_terminal(sent, self.clerk)
        self.assertEqual(end["state"], "REJECTED_FILE")
        return verdict(self.errors(sent))

    def test_sending_says_the_same_as_checking(self):
        """First all are sent, then each is waited for."""
        files = {}
        for content_type, body in self.forms():
            headers = {"Content-Type": content_type}
            answer = self.stack.call("POST", "/api/v1/submissions", self.clerk, body, headers)
            self.assertIn(answer.status, (202, 415, 422), answer.body[:300])
            files.update((Path(f["file_name"]).stem, f) for f in answer.json["files"])
        sent = {name: self.verdict_of(file) for name, file in files.items()}
        self.assertEqual(sent, self.checks)

    def test_sending_one_body_says_the_same(self):
        files = {}
        for name, content in self.texts.items():
            answer = self.stack.submit(self.clerk, content, name + ".json")
            self.assertIn(answer.status, (202, 422), (name, answer.body[:300]))
            files[name] = answer.json["files"][0]
        sent = {name: self.verdict_of(file) for name, file in files.items()}
        self.assertEqual(sent, self.checks)


if __name__ == "__main__":
    unittest.main(verbosity=2)
