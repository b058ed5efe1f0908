"""An independent model of chaiqin's counting: identity and revision (interchange format), Table 19 attribution.

Written from the contract's text, apart from the product's code, so that both can be compared. It does not check
records: the caller says which lines are INVALID.
"""
import csv
import json
from collections import Counter, defaultdict
from datetime import date, timedelta

ORG_KINDS = ["1", "2", "4", "5", "3", "9"]  # 本職 借調 兼職 代理 支援 留職停薪


def roc_day(text):
    return date(int(text[:3]) + 1911, int(text[3:5]), int(text[5:7]))


class Table19:
    """Rows by (authority, person, seq); a load replaces the rows of its own authority for the persons it lists."""

    def __init__(self):
        self.rows = defaultdict(dict)  # person -> {(authority, seq): row}

    def load(self, authority, path):
        persons = defaultdict(dict)
        with open(path, encoding="utf-8-sig", newline="") as handle:
            for row in csv.DictReader(handle):
                if row["seq"] == "0":
                    persons[row["person_id"]]
                    continue
                persons[row["person_id"]][(authority, int(row["seq"]))] = {
                    "org": row["org_code"], "kind": row["post_kind"], "seq": int(row["seq"]), "authority": authority,
                    "start": roc_day(row["start_date"]),
                    "end": roc_day(row["end_date"]) if row["end_date"] else None,
                }
        for person, rows in persons.items():
            kept = {key: row for key, row in self.rows[person].items() if key[0] != authority}
            kept.update(rows)
            self.rows[person] = kept

    def attribute(self, person, day, org):
        """(agency, step) or (None, reason)."""
        rows = list(self.rows.get(person, {}).values())
        if not rows:
            return None, "NO_PERSON"
        at = [r for r in rows if r["start"] <= day and (r["end"] is None or day <= r["end"])]
        starting = [r for r in at if r["kind"] == "1" and r["start"] == day]
        at = [r for r in at if not (r["kind"] == "1" and r["end"] == day and any(s is not r for s in starting))]
        if not at:
            if day < min(r["start"] for r in rows):
                return None, "BEFORE_FIRST"
            if all(r["end"] is not None and r["end"] < day for r in rows):
                return None, "AFTER_LAST"
            return None, "GAP"
        if len(at) == 1:
            return at[0]["org"], None
        return self._among_several(at, org)

    @staticmethod
    def _among_several(at, org):
        def narrowed(rows, wanted):
            kept = [r for r in rows if wanted(r)]
            return kept or rows

        at = narrowed(at, lambda r: r["kind"] == "2" and r["org"] == org)
        if len(at) == 1:
            return at[0]["org"], "SECONDMENT"
        same_org = [r for r in at if r["org"] == org]
        if same_org:
            best = min(ORG_KINDS.index(r["kind"]) for r in same_org)
            at = [r for r in same_org if ORG_KINDS.index(r["kind"]) == best]
        if len(at) == 1:
            return at[0]["org"], "ORG"
        at = narrowed(at, lambda r: r["kind"] != "9")
        at = narrowed(at, lambda r: r["kind"] == "1")
        if len(at) == 1:
            return at[0]["org"], "PRIMARY"
        latest = max(r["start"] for r in at)
        at = [r for r in at if r["start"] == latest]
        if len(at) == 1:
            return at[0]["org"], "LATEST_START"
        highest = max(r["seq"] for r in at)
        at = sorted((r for r in at if r["seq"] == highest), key=lambda r: r["authority"])
        return at[0]["org"], "HIGHEST_SEQ"


class Store:
    """Live records and tombstones after files in some order."""

    def __init__(self):
        self.head = {}  # identity -> (revision, person, deleted, content, record, kind)
        self.dispositions = []

    def take(self, document, invalid=()):
        """One accepted file; `invalid` holds (kind, index). Returns dispositions that do not depend on Table 19."""
        result = Counter()
        for kind in ("leave", "overtime"):
            for index, record in enumerate(document[kind + "_records"]):
                if (kind, index) in invalid:
                    result["invalid"] += 1
                else:
                    result[self._line(document, kind, record)] += 1
        self.dispositions.append(result)
        return result

    def _line(self, document, kind, record):
        identity = (document["reporting_org_code"], kind, document["source_system"], record["record_no"], record["record_seq"])
        revision, person, deletes = record["revision"], record["person_id"], record["action"] == "D"
        content = json.dumps({k: v for k, v in record.items() if k != "action"}, sort_keys=True)
        arriving = (revision, person, deletes, content, record, kind)
        head = self.head.get(identity)
        if head is None:
            self.head[identity] = arriving
            return "deletion" if deletes else "live"
        stored, owner, dead = head[0], head[1], head[2]
        if dead:
            if deletes and revision == stored:
                return "unchanged"
            if revision > stored:
                self.head[identity] = arriving
                return "deletion" if deletes else "live"
            return "stale"
        if revision < stored:
            return "stale"
        if deletes or revision > stored:
            if person != owner:
                return "invalid"
            self.head[identity] = arriving
            return "deletion" if deletes else "live"
        return "unchanged" if content == head[3] else "invalid"

    def live(self):
        for identity, (_, person, dead, _, record, kind) in self.head.items():
            if not dead:
                yield identity[0], kind, person, record


def monthly(store, table19):
    """({(agency, 'YYYY-MM', kind): [records, minutes]}, {sender: unmatched})"""
    counts, unmatched = defaultdict(lambda: [0, 0]), Counter()
    for sender, kind, person, record in store.live():
        day = roc_day(record["start_date"] if kind == "leave" else record["overtime_date"])
        agency, _ = table19.attribute(person, day, record["org_code"])
        if agency is None:
            unmatched[sender] += 1
            continue
        cell = counts[(agency, day.strftime("%Y-%m"), kind)]
        cell[0] += 1
        cell[1] += record[kind + "_minutes"]
    return dict(counts), unmatched


def previous_month(today):
    return (today.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
