#!/usr/bin/env python3
"""Writes docs/rules.md, the lists of leave types and of codes in docs/data-format.md, and what the
JSON Schema says of leave types; with --check only says whether all are up to date (exit 1 if not).

Codes, severities and messages come from rules.csv. What a check reads and what hides it come from
the program chaiqin-check-table, which prints the table that both passes run (CHAIQIN_PROGRAMS, else
build/release/bin). Explanations and examples come from explanations.json, leave types from
leave-types.csv."""

import csv
import json
import os
import pathlib
import re
import subprocess
import sys

TREE = pathlib.Path(__file__).resolve().parents[2]
TABLE = TREE / "schemas" / "rules" / "rules.csv"
EXPLANATIONS = TREE / "schemas" / "rules" / "explanations.json"
DOCUMENT = TREE / "docs" / "rules.md"
FORMAT = TREE / "docs" / "data-format.md"
LEAVE_TYPES = TREE / "schemas" / "registry" / "leave-types.csv"
SCHEMA = TREE / "schemas" / "submission" / "v1" / "submission.schema.json"
PROGRAMS = pathlib.Path(os.environ.get("CHAIQIN_PROGRAMS", TREE / "build" / "release" / "bin"))

SECTIONS = [
    ("F", "檔案", "整個檔案；有錯誤即整檔退回。F01、F02、F04、F05、F06–F10 依序只列第一個錯誤。"),
    ("E", "表頭", "有錯誤即整檔退回，各筆資料仍會檢核並列出。"),
    ("S", "結構與型態", "表頭與各筆資料共用（表頭缺少項目為 E01）。"),
    ("C", "兩種資料共同", "有錯誤者該筆不收。"),
    ("L", "差假", "有錯誤者該筆不收。"),
    ("O", "加班", "有錯誤者該筆不收。"),
    ("U", "同一筆與版次", "U01 於檔案內判斷，其餘與已收資料比較。"),
    ("T", "表19歸屬", "收件後比對表19經歷檔；表19異動時重新判斷。"),
]

OBJECTS = {"envelope": "表頭", "leave": "差假", "overtime": "加班"}
WHO_MENDS = {
    "sender": "報送機關 sender",
    "vendor": "系統廠商 vendor",
    "personnel_office": "人事單位 personnel office",
    "platform": "平臺 platform",
}
SCOPES = {"file": "檔案", "envelope": "表頭", "record": "資料"}
# Tables in docs/data-format.md.
LIST_OF_LEAVE_TYPES = "| 代碼 | 假別 | 施行 | 計日 | 細類 | 事實發生日 | 地點 | 請畢期限 |\n"
LIST_OF_CODES = "| 代碼 | 範圍 | 程度 | 項目 | 訊息 |\n"

# Of rules about a whole file, for which there is no JSON of the keys concerned.
FILES = {
    "F01": ("`差假.txt`", "`差假.json`"),
    "F02": ("6 MB 之檔案", "分為數檔，每檔至多 5 MB"),
    "F03": ("一次 11 個檔案", "分次上傳，每次至多 10 檔"),
    "F04": ("0 位元組之檔案", "`{…}`"),
    "F05": ("Big5、UTF-16 或位元組 `C0 AF`", "UTF-8"),
    "F06": ("`{\"a\":1,}`、`{\"a\":01}`、`{\"a\":NaN}`", "`{\"a\":1}`"),
    "F07": ("`[]`", "`{…}`"),
    "F08": ("`{\"part_no\":1,\"part_no\":2}`", "`{\"part_no\":1}`"),
    "F09": ("`{\"a\":[[[[[1]]]]]}`", "至多 5 層"),
    "F10": ("20,001 筆", "分為數檔，每檔至多 20,000 筆"),
    "F11": ("與先前報送者完全相同之檔案", "更正後重新匯出之檔案"),
    "F12": ("檔首 `EF BB BF`", "無 BOM"),
    "F13": ("以同一識別碼報送另一檔案", "每個檔案各用一個識別碼"),
}

HEAD = """# 檢核規則

> 由 `schemas/rules/rules.csv` 與 `explanations.json` 產生\
（`schemas/rules/make_rules_document.py`），請勿直接修改。檢核代碼為本專案自行提出之第 1 版，並非政府公布之規格。
>
> *Generated from `schemas/rules/rules.csv` and `explanations.json`. The check codes are this \
project's own proposal (v1), not the government's.*

## 一個項目只列一個問題

依序：缺少（S01，表頭 E01）→ 型態（S03，陣列 E15）→ 空白（S06）→ 控制字元（S07）→ 過長（S05）→ 該項目的格式代碼（FORMATS）。
其他規則彼此獨立，一筆資料的問題全部列出，但下節所列者除外。

* 刪除（`D`）：全部項目判斷 S01、S04，其餘只看 action、record_no、record_seq、revision、person_id，以及 U01。
* 規則依收件日（臺北時間）是否施行決定是否執行；施行起迄日皆含當日。
* 停用之規則不執行，也不影響該筆資料。但檔案無法讀取、資料無法儲存或計數者不得停用：ALWAYS。
* 分組統計（groups）中，S04 至多就 1,000 個項目分別計數，其餘併為項目「…」一組；合計仍為實際數。

## 讀取其他項目之規則

左欄之規則只在所讀的項目都沒有問題、也沒有右欄之問題時執行。\
C11 另須表頭之報送機關代碼沒有問題（E03、E04）；與資料年月比較者（L09–L11、O09、O26、O27），須表頭之資料年月沒有問題。

CROSS_CHECKS

## 值的顯示

身分證統一編號一律遮罩（`A12*****89`），姓名只留第一字，事由與地點只列字數，其他至多 64 字；任何看似身分證統一編號者一律遮罩。

## 說明與範例之讀法

每個代碼各有一段說明（中文、英文）、由誰更正，以及只含有關項目之範例。\
以範例之項目取代[範例檔](../schemas/submission/v1/sample.json)中的同名項目，「錯誤」即發生該代碼，「正確」則不發生；\
括號內為所取代者。E01 之 `null` 表示無此項目。U02–U05 與已收資料比較，T 與表19比較，其範例須有該等資料才會發生。

*Each code has an explanation, who can mend it, and examples with only the keys concerned. Put \
these keys into the [sample](../schemas/submission/v1/sample.json): wrong gives the code, right \
does not; the part to change stands in brackets. The `null` of E01 means that the key is not \
there. U02–U05 compare with stored records and T with Table 19, so their examples need those.*
"""


def rows():
    with TABLE.open(encoding="utf-8", newline="") as table:
        return [row for row in csv.DictReader(table) if row["enabled"] == "1"]


def check_table():
    done = subprocess.run(
        [PROGRAMS / "chaiqin-check-table"], check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout)


def by_letter(codes):
    """C01 C02、L01 …"""
    letters = dict.fromkeys(code[0] for code in codes)
    return "、".join(" ".join(code for code in codes if code[0] == letter) for letter in letters)


def head(table):
    formats = dict.fromkeys(
        code for part in table["objects"] for field in part["fields"] for code in field["formats"]
    )
    lines = ["| 代碼 | 資料 | 所讀的項目 | 不執行，若有 |", "| --- | --- | --- | --- |"]
    for part in table["objects"]:
        for check in part["checks"]:
            lines.append(
                line(
                    [
                        check["code"],
                        OBJECTS[part["object"]],
                        "、".join(check["reads"]),
                        " ".join(check["hidden_by"]),
                    ]
                )
            )
    return (
        HEAD.replace("FORMATS", by_letter(sorted(formats, key=order)))
        .replace("ALWAYS", by_letter(table["always_running"]))
        .replace("CROSS_CHECKS", "\n".join(lines))
    )


def order(code):
    """As in rules.csv: letters in the order of the sections."""
    return [letter for letter, _, _ in SECTIONS].index(code[0]), code


def cell(text):
    return text.replace("|", "\\|")


def line(cells):
    return "| " + " | ".join(cell(text) for text in cells) + " |"


def severity(row):
    return "錯誤" if row["severity"] == "error" else "警告"


def field(row):
    return "該項目" if row["field"] == "(that key)" else row["field"]


def dates(row):
    if not row["valid_from"] and not row["valid_to"]:
        return ""
    return f'{row["valid_from"]}–{row["valid_to"]}'


def json_of(example):
    return "`" + json.dumps(example, ensure_ascii=False) + "`"


def explained(code, entry):
    """The part of one code under the table of its section."""
    wrong, right = FILES.get(code) or (json_of(entry["wrong"]), json_of(entry["right"]))
    subject = entry["subject"]
    place = f"（{OBJECTS[subject]} {subject}）" if subject in OBJECTS else ""
    return [
        f"### {code}",
        "",
        entry["explanation_zh"],
        "",
        f"*{entry['explanation_en']}*",
        "",
        f"* 由誰更正 who can mend it：{WHO_MENDS[entry['who_mends']]}",
        f"* 錯誤 wrong{place}：{wrong}",
        f"* 正確 right：{right}",
        "",
    ]


def document():
    explanations = json.loads(EXPLANATIONS.read_text(encoding="utf-8"))
    lines = [head(check_table())]
    for letter, title, note in SECTIONS:
        lines += [
            f"## {title}（{letter}）",
            "",
            note,
            "",
            "| 代碼 | 程度 | 項目 | 訊息 | message | 施行 |",
            "| --- | --- | --- | --- | --- | --- |",
        ]
        of_section = [row for row in rows() if row["code"][0] == letter]
        for row in of_section:
            lines.append(
                line(
                    [
                        row["code"],
                        severity(row),
                        field(row),
                        row["message_zh"],
                        row["message_en"],
                        dates(row),
                    ]
                )
            )
        lines.append("")
        for code in dict.fromkeys(row["code"] for row in of_section):
            lines += explained(code, explanations[code])
    return "\n".join(lines).rstrip() + "\n"


def leave_types():
    with LEAVE_TYPES.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def sub_types_with_location(leave_type):
    """needs_location is 0 (none), 1 (always) or a list of sub-types."""
    needed = leave_type["needs_location"]
    return [] if needed in ("0", "1") else needed.split()


def row_of_leave_type(leave_type):
    start, end = leave_type["valid_from"], leave_type["valid_to"]
    before, after = leave_type["window_before_days"], leave_type["window_after_days"]
    needed = {"0": "", "1": "必填"}
    location = "、".join(f"細類 {one} 必填" for one in sub_types_with_location(leave_type))
    window = ""
    if before or after:
        first = "起" if before == "0" else f"前 {before} 日"
        window = f"事實發生日{first}至後 {after} 日"
    return line(
        [
            leave_type["code"],
            leave_type["name"],
            f"{start}–{end}" if end else start and f"{start}起",
            {"working": "工作日", "calendar": "日曆天"}[leave_type["day_basis"]],
            needed[leave_type["needs_sub_type"]],
            needed[leave_type["needs_event_date"]],
            location or needed[leave_type["needs_location"]],
            window,
        ]
    )


def with_table(text, header, rows_of_table):
    """The text with the rows of one table written anew."""
    before, after = text.split(header)
    rest = re.sub(r"\A(\|.*\n)+", "", after)
    return before + header + "\n".join(rows_of_table) + "\n" + rest


def data_format():
    """The document with its lists of leave types and of codes written anew."""
    text = with_table(
        FORMAT.read_text(encoding="utf-8"),
        LIST_OF_LEAVE_TYPES,
        ["|" + " --- |" * 8, *map(row_of_leave_type, leave_types())],
    )
    codes = [
        line([row["code"], SCOPES[row["scope"]], severity(row), field(row), row["message_zh"]])
        for row in rows()
    ]
    return with_table(text, LIST_OF_CODES, ["|" + " --- |" * 5, *codes])


def condition(key, values, then_key, then):
    value = {"const": values} if isinstance(values, str) else {"enum": values}
    return {
        "if": {"properties": {key: value}},
        "then": {"properties": {then_key: then}},
    }


def schema():
    """The JSON Schema with the leave types, and what each needs, written anew."""
    made = json.loads(SCHEMA.read_text(encoding="utf-8"))
    record = made["$defs"]["leave_record"]["else"]
    types = leave_types()
    given, blank = {"pattern": "[^ \\u3000]"}, {"pattern": "^[ \\u3000]*$"}
    date = {"pattern": record["properties"]["start_date"]["pattern"]}

    def that_need(what):
        return [one["code"] for one in types if one[what] == "1"]

    parts = [condition("leave_type", that_need("needs_location"), "location", given)]
    for one in types:
        for sub_type in sub_types_with_location(one):
            part = condition("leave_type", one["code"], "location", given)
            part["if"]["properties"]["sub_type"] = {"const": sub_type}
            parts.append(part)
    parts.append(condition("abroad_type", ["1", "2", "3"], "location", given))
    parts.append(condition("leave_type", that_need("needs_event_date"), "event_date", date))
    divided = {one["code"]: one["sub_types"].split() for one in types if one["sub_types"]}
    for code, listed in divided.items():
        parts.append(condition("leave_type", code, "sub_type", {"enum": listed}))
    others = condition("leave_type", list(divided), "sub_type", blank)
    others["if"]["properties"]["leave_type"] = {"not": others["if"]["properties"]["leave_type"]}
    parts.append(others)
    record["allOf"] = parts
    record["properties"]["leave_type"]["enum"] = [one["code"] for one in types]
    listed = {"enum": sorted({*sum(divided.values(), [])})}
    record["properties"]["sub_type"]["anyOf"] = [listed, blank]
    return json.dumps(made, indent=1, ensure_ascii=False)


def main():
    stale = [
        (path, text)
        for path, text in ((DOCUMENT, document()), (FORMAT, data_format()), (SCHEMA, schema()))
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    if "--check" not in sys.argv[1:]:
        for path, text in stale:
            path.write_text(text, encoding="utf-8")
        return 0
    for path, _ in stale:
        print(
            f"{path.relative_to(TREE)} is out of date: run schemas/rules/make_rules_document.py",
            file=sys.stderr,
        )
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
