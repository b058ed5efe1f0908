#!/usr/bin/env python3
"""Writes docs/rules.md from rules.csv; with --check only says whether it is up to date (exit 1 if not)."""
import csv
import pathlib
import sys

TREE = pathlib.Path(__file__).resolve().parents[2]
TABLE = TREE / "schemas" / "rules" / "rules.csv"
DOCUMENT = TREE / "docs" / "rules.md"

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

HEAD = """# 檢核規則

> 由 `schemas/rules/rules.csv` 產生（`schemas/rules/make_rules_document.py`），請勿直接修改。檢核代碼為本專案自行提出之第 1 版，並非政府公布之規格。
>
> *Generated from `schemas/rules/rules.csv`. The check codes are this project's own proposal (v1), not the government's.*

## 一個項目只列一個問題

依序：缺少（S01，表頭 E01）→ 型態（S03）→ 空白（S06）→ 控制字元（S07）→ 過長（S05）→ 該項目的格式代碼（E02 E03 E06 E09 E10 E14、C01–C06 C08、L01 L03–L07 L12 L19 L20、O01 O02 O04 O05 O10 O12–O15）。
比較多個項目的規則，只在所讀的項目都沒有上述問題時執行。其他規則彼此獨立，一筆資料的問題全部列出。

* C06 在格式正確後、C07 在檢查碼正確後才判斷；C08 遮蔽 C09，C09 遮蔽 C10、C11。
* E03 遮蔽 E04；E03、E04 遮蔽 E05、C11。
* L08 遮蔽 L13–L16，O06 遮蔽 O07、O11；L13、L16 遮蔽 L14。
* 刪除（`D`）：全部項目判斷 S01、S04，其餘只看 action、record_no、record_seq、revision、person_id，以及 U01。
* 規則依收件日（臺北時間）是否施行決定是否執行；施行起迄日皆含當日。

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


def document():
    lines = [HEAD]
    for letter, title, note in SECTIONS:
        lines += [f"## {title}（{letter}）", "", note, "",
                  "| 代碼 | 程度 | 項目 | 訊息 | message | 施行 |", "| --- | --- | --- | --- | --- | --- |"]
        for row in rows():
            if row["code"][0] != letter:
                continue
            severity = "錯誤" if row["severity"] == "error" else "提醒"
            field = "該項目" if row["field"] == "(that key)" else row["field"]
            cells = [row["code"], severity, field, row["message_zh"], row["message_en"], dates(row)]
            lines.append("| " + " | ".join(cell(text) for text in cells) + " |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def main():
    text = document()
    if "--check" in sys.argv[1:]:
        if DOCUMENT.is_file() and DOCUMENT.read_text(encoding="utf-8") == text:
            return 0
        print(f"{DOCUMENT.relative_to(TREE)} is out of date: run {pathlib.Path(__file__).relative_to(TREE)}", file=sys.stderr)
        return 1
    DOCUMENT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
