#!/usr/bin/python3
"""Follows the findings feed of one agency and prints each change: what an attendance system does to
show an error at its own record, and to take it away again.

    CHAIQIN_TOKEN=… follow_findings.py http://127.0.0.1:8800 cursor.txt

The cursor is written to the file after each answer that was dealt with, so that a restart goes on
where it stopped. With --once it ends when there is nothing more to tell.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path


def ask(base, token, cursor, wait):
    query = {"page_size": 1000, **({"after": cursor} if cursor else {}), **wait}
    request = urllib.request.Request(
        f"{base}/api/v1/findings/changes?{urllib.parse.urlencode(query)}",
        headers={"Authorization": f"Bearer {token}"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def show(change):
    record = f"{change['record_no']}-{change['record_seq']} 版次 {change['revision']}"
    where = record if change["record_no"] else change["kind"]
    print(f"{change['change']:6} {change['code']} {where}: {change['message']}", flush=True)


def main():
    base, place = sys.argv[1], Path(sys.argv[2])
    once = "--once" in sys.argv
    cursor = place.read_text().strip() if place.exists() else ""
    while True:
        try:
            answer = ask(base, os.environ["CHAIQIN_TOKEN"], cursor, {} if once else {"wait": "30s"})
        except (urllib.error.HTTPError, OSError) as failure:
            # 429 and 503 pass; a token that has run out (401) must be had anew.
            status = getattr(failure, "code", None)
            if once or status in (400, 401, 403):
                raise
            time.sleep(5)
            continue
        for change in answer["changes"]:
            show(change)
        cursor = answer["cursor"]
        place.write_text(cursor)
        if once and not answer["changes"]:
            return


if __name__ == "__main__":
    main()
