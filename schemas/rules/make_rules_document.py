#!/usr/bin/env python3
"""Writes docs/rules.md from rules.csv and the samples of the checks; with --check only says whether
it is up to date (exit 1 if not)."""

import csv
import json
import pathlib
import sys

TREE = pathlib.Path(__file__).resolve().parents[2]
TABLE = TREE / "schemas" / "rules" / "rules.csv"
DOCUMENT = TREE / "docs" / "rules.md"
SAMPLE = TREE / "schemas" / "submission" / "v1" / "sample.json"
CASES = (
    TREE / "tests" / "data" / "checks" / "cases.json"
)  # each failing one raises just its code: the unit test sees to it

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

FILES = [
    ("F01", "`差假.txt`", "`差假.json`"),
    ("F02", "6 MB 之檔案", "分為數檔，每檔至多 5 MB"),
    ("F03", "一次 11 個檔案", "分次上傳，每次至多 10 檔"),
    ("F04", "0 位元組之檔案", "`{…}`"),
    ("F05", "Big5、UTF-16 或位元組 `C0 AF`", "UTF-8"),
    ("F06", "`{\"a\":1,}`、`{\"a\":01}`、`{\"a\":NaN}`", "`{\"a\":1}`"),
    ("F07", "`[]`", "`{…}`"),
    ("F08", "`{\"part_no\":1,\"part_no\":2}`", "`{\"part_no\":1}`"),
    ("F09", "`{\"a\":[[[[[1]]]]]}`", "至多 5 層"),
    ("F10", "20,001 筆", "分為數檔，每檔至多 20,000 筆"),
    ("F12", "檔首 `EF BB BF`", "無 BOM"),
]

CHOSEN = {
    "S04": ("`\"remark\":\"x\"`", "無此項目"),
    "L18": ("公差 `\"location\":\"\"`", "`\"location\":\"臺中市政府\"`"),
    "L21": ("婚假 `\"event_date\":\"\"`", "`\"event_date\":\"1151001\"`"),
}

HEAD = """# 檢核規則

> 由 `schemas/rules/rules.csv` 產生（`schemas/rules/make_rules_document.py`），請勿直接修改。\
檢核代碼為本專案自行提出之第 1 版，並非政府公布之規格。
>
> *Generated from `schemas/rules/rules.csv`. The check codes are this project's \
own proposal (v1), not the government's.*

## 一個項目只列一個問題

依序：缺少（S01，表頭 E01）→ 型態（S03）→ 空白（S06）→ 控制字元（S07）→ 過長（S05）→ \
該項目的格式代碼（E02 E03 E06 E09 E10 E14、C01–C06 C08、L01 L03–L07 L12 L19 L20、O01 O02 O04 O05 O10 O12–O15）。
比較多個項目的規則，只在所讀的項目都沒有上述問題時執行。其他規則彼此獨立，一筆資料的問題全部列出。

* C06 在格式正確後、C07 在檢查碼正確後才判斷；C08 遮蔽 C09，C09 遮蔽 C10、C11。
* E03 遮蔽 E04；E03、E04 遮蔽 E05、C11。
* L08 遮蔽 L13–L16，O06 遮蔽 O07、O11；L13、L16 遮蔽 L14。
* 刪除（`D`）：全部項目判斷 S01、S04，其餘只看 action、record_no、record_seq、revision、person_id，以及 U01。
* 規則依收件日（臺北時間）是否施行決定是否執行；施行起迄日皆含當日。
* 停用之規則不執行，也不影響該筆資料。但檔案無法讀取（F05–F10）、\
資料無法儲存或計數（S01–S03、S05、C02–C05、C08、L01、L04、L06、L08、L12、O01、O04、O10）者不得停用。
* 分組統計（groups）中，S04 至多就 1,000 個項目分別計數，其餘併為項目「…」一組；合計仍為實際數。

## 值的顯示

身分證統一編號一律遮罩（`A12*****89`），姓名只留第一字，事由與地點只列字數，其他至多 64 字；任何看似身分證統一編號者一律遮罩。
"""


def rows():
    with TABLE.open(encoding="utf-8", newline="") as table:
        return [row for row in csv.DictReader(table) if row["enabled"] == "1"]


def cell(text):
    return text.replace("|", "\\|")


def dates(row):
    if not row["valid_from"] and not row["valid_to"]:
        return ""
    return f'{row["valid_from"]}–{row["valid_to"]}'


def shown(value):
    """As JSON, control characters escaped."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(f"\\u{ord(c):04x}" if 0x7F <= ord(c) < 0xA0 else c for c in text)


def told(made):
    """The changed keys of a sample as they stand in a file."""
    parts = []
    for place in ("envelope", "leave", "overtime"):
        for key, value in made.get(place, {}).items():
            if isinstance(value, dict) and "$remove" in value:
                parts.append(f"無 `{key}`")
            else:
                parts.append(f"`{shown(key)}:{shown(value)}`")
    if "repeat" in made:
        parts.append("同一表單編號與明細序號之二筆")
    for key, value in made.get("elements", {}).items():
        parts.append(f"`{shown(key)}:{shown(value)}`")
    if "acting_agency" in made:
        parts.append(f"以 {made['acting_agency']} 之身分")
    if "received_at" in made:
        parts.append(f"於 {made['received_at']} 收件")
    return "、".join(parts)


def right(wrong, passing, sample):
    """What the same keys hold in the good sample; where it does not have them, a passing sample."""
    places = (
        ("envelope", sample),
        ("leave", sample["leave_records"][0]),
        ("overtime", sample["overtime_records"][0]),
    )
    good = {
        place: {
            key: record[key]
            for key in wrong.get(place, {})
            if key in record and not isinstance(record[key], list)
        }
        for place, record in places
    }
    if "repeat" in wrong:
        return "不同之明細序號"
    return told(good) or told(passing[0]) or "同範例檔"


def examples():
    sample = json.loads(SAMPLE.read_text(encoding="utf-8"))
    table = list(FILES)
    for case in json.loads(CASES.read_text(encoding="utf-8")):
        wrong = min(
            case["fail"], key=lambda made: (told(made).startswith('`"":'), len(told(made)) or 999)
        )
        cut = told(wrong)
        if case["code"] in CHOSEN:
            table.append((case["code"], *CHOSEN[case["code"]]))
            continue
        table.append(
            (
                case["code"],
                cut if len(cut) <= 160 else cut[:159] + "…`",
                right(wrong, case["pass"], sample),
            )
        )
    return [
        "## 範例",
        "",
        "由[範例檔](../schemas/submission/v1/sample.json)改動左欄所示，即只發生該代碼之問題。",
        "",
        "| 代碼 | 錯誤 | 正確 |",
        "| --- | --- | --- |",
        *(f"| {code} | {cell(wrong)} | {cell(good)} |" for code, wrong, good in table),
        "",
    ]


def document():
    lines = [HEAD]
    for letter, title, note in SECTIONS:
        lines += [
            f"## {title}（{letter}）",
            "",
            note,
            "",
            "| 代碼 | 程度 | 項目 | 訊息 | message | 施行 |",
            "| --- | --- | --- | --- | --- | --- |",
        ]
        for row in rows():
            if row["code"][0] != letter:
                continue
            severity = "錯誤" if row["severity"] == "error" else "提醒"
            field = "該項目" if row["field"] == "(that key)" else row["field"]
            cells = [row["code"], severity, field, row["message_zh"], row["message_en"], dates(row)]
            lines.append("| " + " | ".join(cell(text) for text in cells) + " |")
        lines.append("")
    return "\n".join(lines + examples()).rstrip() + "\n"


def main():
    text = document()
    if "--check" in sys.argv[1:]:
        if DOCUMENT.is_file() and DOCUMENT.read_text(encoding="utf-8") == text:
            return 0
        print(
            f"{DOCUMENT.relative_to(TREE)} is out of date: run"
            f" {pathlib.Path(__file__).relative_to(TREE)}",
            file=sys.stderr,
        )
        return 1
    DOCUMENT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
