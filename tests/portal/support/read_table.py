#!/usr/bin/python3
"""read_table.py FILE: the first sheet of an XLSX, ODS or CSV file as JSON, {"name", "rows"}; every
cell is a text, as a program of others reads it. Further sheets are only counted."""

import csv
import json
import sys
import xml.etree.ElementTree as ElementTree
import zipfile

import openpyxl

NAMES = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
TEXT, TABLE, OFFICE = (NAMES % name for name in ("text", "table", "office"))


def xlsx(path):
    book = openpyxl.load_workbook(path, read_only=True)
    sheet = book.worksheets[0]
    return book.sheetnames, [["" if c is None else str(c) for c in row] for row in sheet.values]


def ods_cell(cell):
    number = cell.get(OFFICE + "value")
    text = "\n".join("".join(line.itertext()) for line in cell.iter(TEXT + "p"))
    cells = [text if number is None else f"{float(number):g}" if "." in number else number]
    return cells * int(cell.get(TABLE + "number-columns-repeated", 1))


def ods(path):
    with zipfile.ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read("content.xml"))
    sheets = list(root.iter(TABLE + "table"))
    rows = [
        [text for cell in row for text in ods_cell(cell)]
        for row in sheets[0].iter(TABLE + "table-row")
    ]
    return [sheet.get(TABLE + "name") for sheet in sheets], rows


def comma_separated(path):
    with open(path, "rb") as file:
        content = file.read()
    assert content.startswith(b"\xef\xbb\xbf"), "no BOM"
    text = content.decode("utf-8-sig")
    return [None], list(csv.reader(text.splitlines(keepends=True)))


path = sys.argv[1]
read = {"xlsx": xlsx, "ods": ods, "csv": comma_separated}[path.rpartition(".")[2]]
names, rows = read(path)
print(json.dumps({"sheets": names, "rows": rows}))
