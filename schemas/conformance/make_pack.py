#!/usr/bin/env python3
"""Makes the conformance pack anew: schemas/conformance/make_pack.py PATH_OF_CHAIQIN

The files come from the samples of every rule (tests/data/checks/cases.json) and the byte-level ones
below; what is expected of them is what `chaiqin check` answers, so read the difference before you
keep it."""

import copy
import json
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TREE = HERE.parents[1]
SAMPLE = TREE / "schemas" / "submission" / "v1" / "sample.json"
RECEIVED_AT = "2026-11-06T10:00:00+08:00"
AGENCY = "Z00000001A"
ARRAYS = {"leave": "leave_records", "overtime": "overtime_records"}
MEMBERS = [
    "kind",
    "index",
    "pointer",
    "record_no",
    "record_seq",
    "code",
    "severity",
    "field",
    "field_name",
    "value",
    "message",
    "message_en",
]


def change(target, changes):
    for key, value in changes.items():
        if isinstance(value, dict) and "$remove" in value:
            target.pop(key, None)
        else:
            target[key] = value


def changed(sample, made):
    file = copy.deepcopy(sample)
    for kind, array in ARRAYS.items():
        change(file[array][0], made.get(kind, {}))
    if "repeat" in made:
        array = ARRAYS[made["repeat"]]
        file[array].append(copy.deepcopy(file[array][0]))
        file[made["repeat"] + "_count"] = 2
    if "elements" in made:
        change(file, made["elements"])
        file["leave_count"], file["overtime_count"] = len(file["leave_records"]), len(
            file["overtime_records"]
        )
    change(file, made.get("envelope", {}))
    return json.dumps(file, ensure_ascii=False).encode()


def of_bytes(good):
    """Files that a change of one key cannot make."""
    head, tail = (
        good.split(b'"reason": "', 1) if b'"reason": "' in good else good.split(b'"reason":"', 1)
    )
    return {
        "good.json": good,
        "F01.txt": good,
        "F04.json": b"",
        "F05-bad-utf8.json": good.replace("休假".encode(), b"\xff\xfe"),
        "F05-surrogate.json": good.replace("休假".encode(), b"\xed\xa0\x80"),
        "F06-trailing-comma.json": b'{"a":1,}',
        "F06-second-line.json": b'{\n"\xe7\x8e\x8b":01}',
        "F06-lone-surrogate.json": b'{"a":"\\udc00"}',
        "F06-raw-nul.json": good + b"\0",
        "F06-second-bom.json": b"\xef\xbb\xbf\xef\xbb\xbf" + good,
        "F07.json": b"[]",
        "F08-envelope.json": good.replace(b'"part_no"', b'"batch_no":"x","part_no"'),
        "F08-escaped.json": head + b'"r\\u0065ason":"","reason":"' + tail,
        "F09.json": b'{"a":[[[[[1]]]]]}',
        "F10.json": b'{"leave_records":[' + b",".join([b"1"] * 20001) + b'],"overtime_records":[]}',
        "F12.json": b"\xef\xbb\xbf" + good,
        "S03-great-number.json": good.replace(b"480", b"1e999"),
        "S07-escaped-nul.json": good.replace("休假".encode(), b"\\u0000"),
    }


def asked(chaiqin, path, received_at, agency):
    run = subprocess.run(
        [
            chaiqin,
            "check",
            str(path),
            "--received-at",
            received_at,
            "--agency",
            agency,
            "--registry",
            str(HERE / "agencies.csv"),
            "--json",
        ],
        capture_output=True,
        check=False,
    )
    if run.returncode not in (0, 1):
        sys.exit(run.stderr.decode())
    answer = json.loads(run.stdout)["files"][0]
    return {
        "file": f"files/{path.name}",
        "received_at": received_at,
        "agency": agency,
        "state": answer["state"],
        "record_count": answer["record_count"],
        "error_count": answer["error_count"],
        "warning_count": answer["warning_count"],
        "findings": [
            {member: finding[member] for member in MEMBERS} for finding in answer["findings"][:20]
        ],
    }


def main():
    chaiqin = sys.argv[1]
    sample = json.loads(SAMPLE.read_text(encoding="utf-8"))
    files = HERE / "files"
    shutil.rmtree(files, ignore_errors=True)
    files.mkdir()
    expected = []
    good = json.dumps(sample, ensure_ascii=False, separators=(",", ":")).encode()
    for name, content in of_bytes(good).items():
        (files / name).write_bytes(content)
        expected.append(asked(chaiqin, files / name, RECEIVED_AT, AGENCY))
    for case in json.loads((TREE / "tests/data/checks/cases.json").read_text(encoding="utf-8")):
        for made in case["fail"][:2]:
            path = files / f'{case["code"]}-{case["fail"].index(made) + 1}.json'
            path.write_bytes(changed(sample, made))
            expected.append(
                asked(
                    chaiqin,
                    path,
                    made.get("received_at", RECEIVED_AT),
                    made.get("acting_agency", AGENCY),
                )
            )
    with (HERE / "expected.json").open("w", encoding="utf-8") as out:
        out.write(
            "[\n"
            + ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in expected)
            + "\n]\n"
        )


if __name__ == "__main__":
    main()
