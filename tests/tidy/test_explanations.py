"""schemas/rules/explanations.json explains every rule of rules.csv to a clerk, and its examples do
what they say: merged into a good file, `wrong` gives the rule's code and `right` does not. The
program `chaiqin check` is the judge (CHAIQIN_PROGRAMS, else build/release/bin)."""

import copy
import csv
import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from tree import ROOT

PROGRAMS = Path(os.environ.get("CHAIQIN_PROGRAMS", ROOT / "build" / "release" / "bin"))
SCHEMAS = ROOT / "schemas"
CONFORMANCE = SCHEMAS / "conformance"
RECEIVED_AT, AGENCY = "2026-11-06T10:00:00+08:00", "Z00000001A"

MEMBERS = ["explanation_zh", "explanation_en", "who_mends", "wrong", "right", "subject"]
WHO_MENDS = {"sender", "vendor", "personnel_office", "platform"}
ARRAYS = {"leave": "leave_records", "overtime": "overtime_records"}
SUBJECTS = {"envelope", *ARRAYS}  # what an example is merged into; of a rule of scope file: file

# Needs what no file holds: stored records (U02–U05) or Table 19 (T). Disabled rules run nowhere.
NOT_JUDGED_OFFLINE = {"U02", "U03", "U04", "U05", "T01", "T02", "T03", "T04", "T05", "T06", "T08"}
NOT_JUDGED_OFFLINE |= {"T09"}
# The fault lies in a whole record, in a missing key of it or in two records of a file. No key of
# one record can show that, so the example replaces an array of the envelope.
SHOWN_IN_AN_ARRAY = {"S01", "S02", "U01"}
# Only a missing key gives E01, and merging cannot take a key away: here null stands for "not
# there", as in a JSON Merge Patch (RFC 7396). A null in a file gives S03.
SHOWN_BY_NULL = {"E01"}
# What else the wrong example of a code gives, because the good file's records are of Z00000001A and
# of 11510.
UNAVOIDABLE = {
    "E05": {"C11"},
    "E07": {"L11", "O27"},
    "E08": {"L09", "O09", "E18"},
    "E18": {"L09", "O09"},
}

CJK = re.compile(r"[\u4e00-\u9fff]")
FULL_STOP_EN = re.compile(r"[.?!](?: |$)")
NAMED_ZH = re.compile(r"([\u4e00-\u9fff]+)（([a-z]+_?[a-z_]*)）")
NAMED_EN = re.compile(r"\(([a-z]+_[a-z_]+)\)")
PERSON_ID = re.compile(r"[A-Z][A-D0-9][0-9]{8}")
TEST_IDS = {"A123456789", "A123456788", "A800000014", "AB23456789"}


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


EXPLANATIONS = read(SCHEMAS / "rules" / "explanations.json")
GOOD = read(SCHEMAS / "submission" / "v1" / "sample.json")
with (SCHEMAS / "rules" / "rules.csv").open(encoding="utf-8", newline="") as table:
    RULES = list(csv.DictReader(table))
SCOPE = {rule["code"]: rule["scope"] for rule in RULES}
DISABLED = {rule["code"] for rule in RULES if rule["enabled"] != "1"}
JUDGED = [
    code
    for code in EXPLANATIONS
    if SCOPE.get(code) != "file" and code not in NOT_JUDGED_OFFLINE | DISABLED
]


def names_of_keys(schema, found=None):
    """The Chinese names of each key of the format; reason and dates have one per kind."""
    found = {} if found is None else found
    if isinstance(schema, list):
        for one in schema:
            names_of_keys(one, found)
    elif isinstance(schema, dict):
        for key, value in schema.get("properties", {}).items():
            if "title" in value:
                found.setdefault(key, set()).add(value["title"])
        for value in schema.values():
            names_of_keys(value, found)
    return found


NAMES = names_of_keys(read(SCHEMAS / "submission" / "v1" / "submission.schema.json"))
NAMES["action"] = {"異動別"}  # the schema gives it no title


def merged(code, subject, example):
    """The good file with the keys of an example, as bytes."""
    file = copy.deepcopy(GOOD)
    target = file[ARRAYS[subject]][0] if subject in ARRAYS else file
    for key, value in example.items():
        if value is None and code in SHOWN_BY_NULL:
            target.pop(key)
        else:
            target[key] = value
    return json.dumps(file, ensure_ascii=False).encode()


def codes_of(files):
    """{name: codes} as the program finds them in {name: bytes}."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / f"{name}.json").write_bytes(content)
        done = subprocess.run(
            [
                PROGRAMS / "chaiqin",
                "--schemas_dir",
                SCHEMAS,
                "check",
                *sorted(Path(folder).iterdir()),
                *("--received-at", RECEIVED_AT, "--agency", AGENCY, "--json"),
                *("--registry", CONFORMANCE / "agencies.csv"),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode not in (0, 1):
        raise AssertionError(done.stderr)
    return {
        Path(answer["file_name"]).stem: {finding["code"] for finding in answer["findings"]}
        for answer in json.loads(done.stdout)["files"]
    }


def faults(explanations):
    """A sentence for each example that does not do what it says."""
    files = {
        f"{code}-{side}": merged(code, entry["subject"], entry[side])
        for code, entry in explanations.items()
        for side in ("wrong", "right")
    }
    found = codes_of(files | {"good": json.dumps(GOOD).encode()})
    told = [f"the good file gives {sorted(found['good'])}"] if found["good"] else []
    for code in explanations:
        expected = {code} | UNAVOIDABLE.get(code, set())
        if found[f"{code}-wrong"] != expected:
            told.append(f"{code}: wrong gives {sorted(found[f'{code}-wrong'])}")
        if found[f"{code}-right"]:
            told.append(f"{code}: right gives {sorted(found[f'{code}-right'])}")
    return told


class Explanations(unittest.TestCase):
    def test_every_code_has_an_entry_and_no_other(self):
        self.assertEqual(list(EXPLANATIONS), list(dict.fromkeys(rule["code"] for rule in RULES)))
        for code, entry in EXPLANATIONS.items():
            self.assertEqual(list(entry), MEMBERS, code)

    def test_the_texts_are_two_to_four_sentences_in_their_language(self):
        for code, entry in EXPLANATIONS.items():
            zh, en = entry["explanation_zh"], entry["explanation_en"]
            self.assertRegex(zh, CJK, code)
            self.assertTrue(zh.endswith("。"), code)
            self.assertIn(zh.count("。"), range(2, 5), code)
            self.assertRegex(en, r"^[A-Z][ -~]+\.$", code)
            self.assertIn(len(FULL_STOP_EN.findall(en)), range(2, 5), code)

    def test_the_texts_name_keys_as_the_format_does(self):
        for code, entry in EXPLANATIONS.items():
            for name, key in NAMED_ZH.findall(entry["explanation_zh"]):
                self.assertIn(key, NAMES, code)
                self.assertTrue(name.endswith(tuple(NAMES[key])), f"{code}: {name}（{key}）")
            for key in NAMED_EN.findall(entry["explanation_en"]):
                self.assertIn(key, NAMES, code)

    def test_the_texts_name_the_field_of_the_rule(self):
        for rule in RULES:
            if rule["field"] not in ("", "(that key)"):
                entry = EXPLANATIONS[rule["code"]]
                self.assertIn(f"（{rule['field']}）", entry["explanation_zh"], rule["code"])
                self.assertIn(f"({rule['field']})", entry["explanation_en"], rule["code"])

    def test_somebody_can_mend_it(self):
        for code, entry in EXPLANATIONS.items():
            self.assertIn(entry["who_mends"], WHO_MENDS, code)

    def test_only_rules_about_the_whole_file_have_no_examples(self):
        for code, entry in EXPLANATIONS.items():
            if SCOPE[code] == "file":
                self.assertEqual([entry[key] for key in MEMBERS[3:]], [None, None, "file"], code)
                continue
            self.assertIn(entry["subject"], SUBJECTS, code)
            in_envelope = SCOPE[code] == "envelope" or code in SHOWN_IN_AN_ARRAY
            self.assertEqual(entry["subject"] == "envelope", in_envelope, code)
            self.assertTrue(entry["wrong"] and entry["right"], code)
            self.assertNotEqual(entry["wrong"], entry["right"], code)

    def test_the_examples_are_of_nobody(self):
        text = (SCHEMAS / "rules" / "explanations.json").read_text(encoding="utf-8")
        self.assertEqual(set(PERSON_ID.findall(text)) - TEST_IDS, set())

    def test_wrong_gives_just_the_code_and_right_gives_none(self):
        told = faults({code: EXPLANATIONS[code] for code in JUDGED})
        self.assertEqual(told, [], "\n" + "\n".join(told))

    def test_examples_that_need_the_platform_have_no_other_fault(self):
        files = {
            f"{code}-{side}": merged(code, EXPLANATIONS[code]["subject"], EXPLANATIONS[code][side])
            for code in NOT_JUDGED_OFFLINE
            for side in ("wrong", "right")
        }
        self.assertEqual({name: codes for name, codes in codes_of(files).items() if codes}, {})

    def test_the_judge_notices_examples_that_are_exchanged(self):
        entry = EXPLANATIONS["L18"]
        exchanged = entry | {"wrong": entry["right"], "right": entry["wrong"]}
        self.assertEqual(
            faults({"L18": exchanged}), ["L18: wrong gives []", "L18: right gives ['L18']"]
        )

    def test_most_rules_are_judged(self):
        self.assertLessEqual(NOT_JUDGED_OFFLINE, set(SCOPE))
        self.assertGreater(len(JUDGED), 70)


if __name__ == "__main__":
    unittest.main()
