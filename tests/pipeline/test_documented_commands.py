"""Every command that README, CONTRIBUTING and docs show works: what is harmless is run on the stack
of the tests; of what would stop, build or test everything, each word is looked up where it is
defined."""

import json
import os
import re
import shlex
import subprocess
import tempfile
import unittest
from pathlib import Path

from made_stack import MadeStack, made, owned

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
PERSON = owned.PERSONS["documented"][0]
# A span of code is a command when it begins so (after environment variables).
BEGINS = re.compile(
    r"(?:[A-Z_]+=\S+ )*(?:deploy/|tests/|schemas/\S+\.py|\.local/bin/|build/|chaiqin |cmake |ninja"
    r" |curl |buf )"
)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
READS = {
    "verify",
    "check",
    "submit",
    "quarantine list",
    "topics diff",
    "topics apply",
    "audit list",
    "audit verify",
}


def documented():
    """(page, line of shell) of all pages."""
    for page in PAGES:
        text = page.read_text()
        for kind, block in FENCE.findall(text):
            for line in re.sub(r"\\\n\s*", "", block).splitlines():
                if kind == "sh":
                    yield page, line
                elif BEGINS.match(line):
                    raise AssertionError(f"{page}: a block of commands begins with ```sh: {line}")
        for span in re.findall(r"`([^`\n]+)`", FENCE.sub("", text)):
            if BEGINS.match(span):
                yield page, span


def help_of(*command):
    done = subprocess.run(
        [*map(str, command), "--help"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, (command, done.stderr)
    return done.stdout


class Documented(MadeStack):
    rows = [(PERSON, 1, made.AGENCY, 1, "1100101", "")]

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        self.report = self.folder / "report.json"
        self.report.write_bytes(made.bytes_of(made.document([made.leave(PERSON)])))

    def succeeds(self, *words):
        done = subprocess.run(
            [*map(str, words)], capture_output=True, text=True, timeout=120, check=False, cwd=ROOT
        )
        self.assertEqual(done.returncode, 0, f"{words}: {done.stdout}{done.stderr}")

    def filled(self, words):
        """Words for placeholders and for where the stack of the tests listens."""
        known = {
            "FILE…": self.report,
            "AGENCY": made.AGENCY,
            "NAME": "smtp",
            "DIR": self.folder / "keys",
            "FILE": self.report,
        }
        return [
            re.sub(r"127\.0\.0\.1:8800", f"127.0.0.1:{self.stack.port}", str(known.get(w, w)))
            for w in words
        ]

    def words_are_explained(self, words, text):
        for word in words:
            if word.isdigit():
                continue  # a value of the option before it
            self.assertIn(word.strip("[]…").partition("=")[0], text)

    def run_deploy(self, program, arguments):
        if not os.access(ROOT / program, os.X_OK):
            self.assertTrue((ROOT / program).exists(), program)
        elif (
            program in ("deploy/up", "deploy/down") or not arguments and program != "deploy/status"
        ):
            self.words_are_explained(arguments, help_of(ROOT / program))
        elif program in ("deploy/part", "deploy/link") and "NAME" not in arguments:
            # What would leave the stack of the tests without a part or a way: its words are looked
            # up.
            text = help_of(ROOT / program)
            for word in arguments[0].split("|"):
                self.assertIn(word, text)
            for part in arguments[1:]:
                self.assertTrue(
                    part.startswith("--") or part.partition("-")[0] in self.parts(), part
                )
        else:
            for action in (arguments or [""])[0].split("|"):
                words = [action, *arguments[1:]] if action else []
                self.succeeds(ROOT / program, *self.filled(words), "--dir", self.stack.directory)

    def parts(self):
        return {part["name"] for part in self.stack.status()["parts"]}

    def run_chaiqin(self, arguments):
        program = self.stack.directory / "bin" / "chaiqin"
        names = [w for w in arguments if re.fullmatch(r"[a-z][a-z0-9-]*", w)]
        text = help_of(program, *names)
        self.words_are_explained(
            [w for w in arguments if w.startswith("--")], text + help_of(program)
        )
        if " ".join(names) in READS or "--dry-run" in arguments:
            self.succeeds(program, *self.filled(arguments))
        if names == ["keys", "make"]:
            self.succeeds(program, *self.filled(arguments))

    def run_built(self, program, arguments):
        name = program.rsplit("/", 1)[-1]
        recipes = "".join(
            p.read_text()
            for top in ("tests", "services", "gateway")
            for p in (ROOT / top).rglob("CMakeLists.txt")
        )
        self.assertTrue(
            (ROOT / "build/release/bin" / name).exists() or name in recipes,
            f"nothing builds {name}",
        )
        sources = lambda: "".join(
            p.read_text() for p in (ROOT / "tests").rglob("*.cpp")
        )  # noqa: E731
        for argument in arguments:
            if argument.startswith("--gtest_filter="):
                self.assertIn(f"({argument.partition('=')[2].partition('.')[0]},", sources())
            elif "/" in argument:
                self.assertTrue((ROOT / argument).exists(), argument)

    def run_cmake(self, arguments):
        presets = json.loads((ROOT / "CMakePresets.json").read_text())
        kind = "buildPresets" if "--build" in arguments else "configurePresets"
        self.assertIn(arguments[-1], [p["name"] for p in presets[kind]])

    def run_ninja(self, arguments):
        folders = [
            p.get("binaryDir", "")
            for p in json.loads((ROOT / "CMakePresets.json").read_text())["configurePresets"]
        ]
        self.assertTrue(
            any(f.endswith(arguments[1]) or "${presetName}" in f for f in folders), arguments
        )
        for target in arguments[2:]:
            self.run_built(target, [])

    def run_tests_command(self, program, arguments):
        path = ROOT / program
        if not os.access(path, os.X_OK) or path.is_dir():
            self.assertTrue(list(ROOT.glob(program.replace("NAME", "*"))), program)
        elif program == "tests/run":
            if "--only" in arguments:
                name = arguments.pop(arguments.index("--only") + 1)
                sources = (".py", ".cpp", ".mjs")
                tests = [p.stem for p in (ROOT / "tests").rglob("*") if p.suffix in sources]
                folders = [p.name for p in (ROOT / "tests" / "component").iterdir()]
                self.assertTrue([t for t in tests + folders if name in t], f"no test has {name}")
            self.words_are_explained([w for w in arguments if w != "[RING…]"], help_of(path))
        elif arguments:
            self.words_are_explained(
                arguments[:1] + [w for w in arguments if w.startswith("--")], path.read_text()
            )

    def try_it(self, command):
        words = shlex.split(re.sub(r"\$\(deploy/token \w+\)", self.clerk, command), comments=True)
        while words and re.match(r"[A-Z_]+=", words[0]):
            variable = words.pop(0).partition("=")[0]
            readers = [
                p
                for top in ("tests", "services", "docs")
                for p in (ROOT / top).rglob("*")
                if p.suffix in ("", ".py", ".cpp", ".hpp", ".mjs")
                and p.is_file()
                and "corpus" not in p.parts
            ]
            self.assertTrue(
                any(variable in p.read_text(errors="replace") for p in readers),
                f"nobody reads {variable}",
            )
        if not words or words[0] == "export":
            return
        program, arguments = words[0], words[1:]
        if program.startswith("deploy/"):
            self.run_deploy(program, arguments)
        elif program in ("chaiqin", ".local/bin/chaiqin"):
            self.run_chaiqin(arguments)
        elif program == "cmake":
            self.run_cmake(arguments)
        elif program == "ninja":
            self.run_ninja(arguments)
        elif program.startswith("build/"):
            self.run_built(program, arguments)
        elif program == "curl" and any("$CHAIQIN" in word for word in arguments):
            # Written for another machine: its path must be one of the API's.
            path = next(w for w in arguments if w.startswith("$CHAIQIN/")).removeprefix("$CHAIQIN")
            self.assertIn(f"  {path}:", (ROOT / "schemas/openapi.yaml").read_text())
        elif program == "curl":
            self.succeeds("curl", "-sf", "-o", os.devnull, *self.filled(arguments))
        elif program.startswith("tests/"):
            self.run_tests_command(program, arguments)
        elif program.startswith(("schemas/", "docs/")):
            self.assertTrue((ROOT / program).exists(), program)
        else:
            self.assertEqual(
                words, ["buf", "lint"], f"nobody runs `{command}`"
            )  # the tidy ring does

    def test_every_documented_command_works(self):
        seen = set()
        for page, line in documented():
            for command in re.split(r"&&", re.sub(r"\s+#.*", "", line)):
                if command.strip() and command not in seen:
                    seen.add(command)
                    with self.subTest(page=page.name, command=command.strip()):
                        self.try_it(command)
        self.assertGreater(len(seen), 40, "the pages are read")


if __name__ == "__main__":
    unittest.main(verbosity=2)
