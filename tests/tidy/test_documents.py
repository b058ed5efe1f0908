"""The documents say what the tables and the code say: docs/rules.md is the one that its maker
writes, docs/data-format.md has every code, leave type and key, and its example is a good file;
docs/tables.md has every table and view of the migrations, and docs/architecture.md every folder of
code."""

import csv
import json
import re
import subprocess
import sys
import unittest

from tree import ROOT

FORMAT = (ROOT / "docs/data-format.md").read_text(encoding="utf-8")
SCHEMA = json.loads(
    (ROOT / "schemas/submission/v1/submission.schema.json").read_text(encoding="utf-8")
)
MADE = re.compile(r"CREATE (?:OR REPLACE )?(?:TABLE|VIEW|FUNCTION) (\w+)\.(\w+)")
DROPPED = re.compile(r"DROP (?:TABLE|VIEW|FUNCTION) ([\w., ]+)")
SCOPES = {"file": "檔案", "envelope": "表頭", "record": "資料"}
SEVERITIES = {"error": "錯誤", "warning": "警告"}


def table(path):
    with (ROOT / path).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def made_by_migrations():
    """(schema, name) of every table, view and function that the migrations leave; those of every
    stage apart."""
    made = set()
    for path in sorted((ROOT / "schemas/postgres").glob("V*.sql")):
        text = path.read_text(encoding="utf-8")
        made -= {
            tuple(one.strip().split("."))
            for names in DROPPED.findall(text)
            for one in names.split(",")
        }
        made |= set(MADE.findall(text))
    return made


def section(document, heading):
    """The text under a heading of the second level."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return re.search(
        rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL
    )[1]


def keys_of(schema):
    """Every name of a property, at any depth."""
    if isinstance(schema, list):
        return set().union(*map(keys_of, schema), set())
    if not isinstance(schema, dict):
        return set()
    return set(schema.get("properties", {})).union(*map(keys_of, schema.values()))


class Documents(unittest.TestCase):
    def test_the_rules_document_is_current(self):
        done = subprocess.run(
            [sys.executable, "-B", ROOT / "schemas/rules/make_rules_document.py", "--check"],
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_every_rule_has_its_row_in_the_format(self):
        for rule in table("schemas/rules/rules.csv"):
            field = "該項目" if rule["field"] == "(that key)" else rule["field"]
            row = " | ".join(
                [
                    "| " + rule["code"],
                    SCOPES[rule["scope"]],
                    SEVERITIES[rule["severity"]],
                    field,
                    rule["message_zh"] + " |",
                ]
            )
            if rule["enabled"] == "1":
                self.assertIn(row, FORMAT)
            else:
                self.assertNotIn("| " + rule["code"] + " |", FORMAT)

    def test_every_leave_type_has_its_row_in_the_format(self):
        types = table("schemas/registry/leave-types.csv")
        self.assertGreater(len(types), 20)
        for leave_type in types:
            self.assertRegex(
                FORMAT, rf"\| {leave_type['code']} \| {re.escape(leave_type['name'])} \|"
            )

    def test_every_key_of_the_schema_stands_in_the_format(self):
        keys = keys_of(SCHEMA)
        self.assertGreater(len(keys), 40)
        named = set(re.findall(r"[a-z_]+", FORMAT))
        self.assertEqual(keys - named, set())

    def test_the_example_of_the_format_is_the_sample(self):
        example = json.loads(re.search(r"```json\n(.*?)```", FORMAT, re.DOTALL)[1])
        self.assertEqual(
            example,
            json.loads((ROOT / "schemas/submission/v1/sample.json").read_text(encoding="utf-8")),
        )

    def test_every_table_stands_in_the_document_of_tables(self):
        made = made_by_migrations()
        self.assertGreater(len(made), 50)
        for schema, name in sorted(made):
            self.assertRegex(
                section("docs/tables.md", schema),
                rf"\| (?:[^|\n]*, )?{name}[,( ]",
                f"{schema}.{name}",
            )

    def test_every_folder_of_code_stands_in_the_map(self):
        rooms = section("docs/architecture.md", "Map of rooms")
        for path in sorted([*(ROOT / "services").iterdir(), *(ROOT / "gateway").iterdir()]):
            if path.is_dir():
                self.assertIn(f"| `{path.relative_to(ROOT)}` |", rooms)


if __name__ == "__main__":
    unittest.main()
