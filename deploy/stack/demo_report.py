"""What the demo shows at its end: the monthly table, the summary, a few findings, all fetched
through the API."""

import unicodedata
from collections import Counter

from issuer_client import token

COUNTS = ("leave", "overtime", "leave_minutes", "overtime_minutes")


def _padded(text, width, right=False):
    """Chinese characters take two columns."""
    blanks = " " * max(
        0, width - sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
    )
    return blanks + text if right else text + blanks


def _row(cells, widths):
    return (
        "  "
        + "  ".join(
            _padded(str(cell), abs(width), width > 0) for cell, width in zip(cells, widths)
        ).rstrip()
    )


def _monthly(gateway, clerk, month):
    year, number = month.split("-")
    table = gateway.get(f"/api/v1/statistics/monthly?year={year}&page_size=12", clerk)
    widths = (-12, 8, 8, 12, 12, -10)
    lines = [
        "",
        (
            f"機關每月筆數統計表 {month}: {len(table['agencies'])} of {table['total_agencies']}"
            f" agencies under the top one, updated {table['updated_at']}"
        ),
        _row(("機關", "差假", "加班", "差假分鐘", "加班分鐘", "名稱"), widths),
    ]
    for agency in table["agencies"]:
        cells = next(
            (m for m in agency["months"] if m["month"] == int(number)), dict.fromkeys(COUNTS, 0)
        )
        lines.append(
            _row((agency["agency"], *(cells[name] for name in COUNTS), agency["name"]), widths)
        )
    total = next(
        (m for m in table["sum"]["months"] if m["month"] == int(number)), dict.fromkeys(COUNTS, 0)
    )
    lines.append(_row(("合計", *(total[name] for name in COUNTS), ""), widths))
    return lines


def _summary(gateway, clerk):
    table = gateway.get("/api/v1/summary?page_size=8", clerk)
    widths = (-12, -16, 8, 8, 8, -8)
    lines = [
        "",
        f"彙整總表: {len(table['agencies'])} of {table['total_agencies']} agencies",
        _row(("機關", "狀態", "總筆數", "正確", "錯誤", "管道"), widths),
    ]
    for agency in table["agencies"]:
        cells = (
            agency[name] for name in ("agency", "state", "total", "correct", "errors", "route")
        )
        lines.append(_row(["-" if cell is None else cell for cell in cells], widths))
    return lines


def _findings(gateway, senders, states):
    bad = next((state for state in states if state["error_count"]), None)
    if not bad:
        return []
    found = gateway.expect(
        200,
        "GET",
        f"/api/v1/submissions/{bad['submission_id']}/findings?severity=error&page_size=5",
        senders.tokens[bad["agency"]],
        None,
        senders.headers(bad["agency"]),
    )
    lines = ["", f"錯誤明細 of {bad['agency']}, {bad['file_name']}: {bad['error_count']} errors"]
    for finding in found["findings"]:
        lines.append(
            f"  {finding['code']}  {finding['pointer']}  {finding['message']}  (value:"
            f" {finding['value']!r})"
        )
    return lines


def report(layout, gateway, senders, states, month):
    top = min(senders.tokens)
    clerk = token(layout, top)
    ends = Counter(state["state"] for state in states)
    records = sum(state["record_count"] or 0 for state in states)
    counted = sum(state["dispositions"]["counted"] for state in states if state["dispositions"])
    return [
        "",
        f"{len(states)} files, {records} records, {counted} counted: "
        + ", ".join(f"{name} {count}" for name, count in sorted(ends.items())),
        *_monthly(gateway, clerk, month),
        *_summary(gateway, clerk),
        *_findings(gateway, senders, states),
    ]


def compared_with_truth(gateway, operator, truth, month):
    """(equal, sentence): the month's published counts of all agencies against what the generator
    knows it made. Its files also hold some records of the month before, which had files of its
    own."""
    wanted, published = Counter(), Counter()
    for cell in (cell for cell in truth["counts"] if cell["month"] == month):
        wanted[cell["agency"], cell["month"], cell["kind"]] += cell["records"]
        wanted[cell["agency"], cell["month"], cell["kind"] + "_minutes"] += cell["minutes"]
    year = month[:4]
    for agency in gateway.pages(f"/api/v1/statistics/monthly?year={year}", operator, "agencies"):
        for cells in agency["months"]:
            if cells["month"] != int(month[5:]):
                continue
            for name in COUNTS:
                published[agency["agency"], f"{year}-{cells['month']:02}", name] += cells[name]
    different = sorted(key for key in {*wanted, *published} if wanted[key] != published[key])
    if not different:
        total = sum(
            count for (_, _, name), count in wanted.items() if not name.endswith("_minutes")
        )
        return True, f"published counts of {month} equal the generator's own: {total} records"
    agency, at, name = different[0]
    return (
        False,
        (
            f"published counts differ from the generator's in {len(different)} cells, first"
            f" {agency} {at} {name}: {published[different[0]]} published, {wanted[different[0]]}"
            " made"
        ),
    )
