"""The model against cases made by hand, and the comparison against answers in which one figure is
wrong."""

import copy
import sys
import unittest
from datetime import date
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
import comparing  # noqa: E402
import expectation  # noqa: E402
import sequences  # noqa: E402
from chaiqin_testing import made, model, owned  # noqa: E402

DAY, CLOSING, SEED, MANY = date(2026, 11, 25), date(2026, 12, 26), 1, 150
PERSON, OTHER = owned.PERSONS["model"][0], owned.PERSONS["model"][1]


def attribution_cases():
    """(case, Table 19 with one person P, day, org the sender wrote, agency or reason, step)"""
    for line in (
        (ROOT / "tests/data/attribution/cases.txt").read_text(encoding="utf-8").splitlines()
    ):
        words = line.split()
        if line.startswith("case "):
            name, table19 = line[5:], model.Table19()
        elif line.startswith("row "):
            authority, seq, org, kind, start, end = words[1:]
            table19.rows["P"][(authority, int(seq))] = {
                "org": org,
                "kind": kind,
                "seq": int(seq),
                "authority": authority,
                "start": date.fromisoformat(start),
                "end": None if end == "-" else date.fromisoformat(end),
            }
        elif line.startswith("record "):
            yield name, table19, date.fromisoformat(words[1]), words[3], words[5], words[6]


class Attribution(unittest.TestCase):
    def test_the_cases_made_by_hand(self):
        count = 0
        for name, table19, day, org, wanted, step in attribution_cases():
            agency, how = table19.attribute("P", day, org)
            got = (agency, how or "-") if agency else (how, "-")
            self.assertEqual(got, (wanted, step), f"{name}: {day} {org}")
            count += 1
        self.assertGreater(count, 40)

    def test_a_load_replaces_its_own_authoritys_rows_of_the_persons_it_lists(self):
        table19 = model.Table19()

        def line(person, seq, org="ORG"):
            return {
                "person_id": person,
                "seq": seq,
                "org_code": org,
                "post_kind": "1",
                "start_date": "1150101",
                "end_date": "",
            }

        table19.take("X", [line(PERSON, "1"), line(PERSON, "2"), line(OTHER, "1")], snapshot=True)
        table19.take("Y", [line(PERSON, "1", "Y1")])
        again = table19.take(
            "X", [line(PERSON, "1"), line(PERSON, "2"), line(PERSON, "2")], snapshot=True
        )
        self.assertEqual(
            (again.state, again.rejected, again.persons_changed, again.persons_kept),
            ("LOADED", {4}, 0, 1),
        )
        none = table19.take(
            "X",
            [{**line(PERSON, "0"), "org_code": "", "post_kind": "", "start_date": ""}],
            snapshot=True,
            force=False,
        )
        self.assertEqual(none.state, "REFUSED", "over 20 % fewer rows")
        none = table19.take(
            "X", [{**line(PERSON, "0"), "org_code": "", "post_kind": "", "start_date": ""}]
        )
        self.assertEqual((none.persons_changed, list(table19.rows[PERSON])), (1, [("Y", 1)]))


class Revisions(unittest.TestCase):
    def test_the_table_of_the_format(self):
        first = made.leave(PERSON, revision=2)
        store = model.Store()
        steps = [
            (first, "live"),
            (first, "unchanged"),
            ({**first, "reason": "他"}, "invalid"),
            ({**first, "revision": 1}, "stale"),
            ({**first, "revision": 1, "action": "D"}, "stale"),
            ({**first, "revision": 3, "person_id": OTHER}, "invalid"),
            ({**first, "revision": 3, "leave_minutes": 240}, "live"),
            ({**first, "revision": 3, "action": "D", "person_id": OTHER}, "invalid"),
            ({**first, "revision": 4, "action": "D"}, "deletion"),
            ({**first, "revision": 4, "action": "D"}, "unchanged"),
            ({**first, "revision": 4}, "stale"),
            ({**first, "revision": 3, "action": "D"}, "stale"),
            ({**first, "revision": 5, "action": "D", "person_id": OTHER}, "deletion"),
            ({**first, "revision": 6, "person_id": OTHER}, "live"),
            ({**first, "revision": 6, "person_id": OTHER, "unlisted": 1}, "unchanged"),
        ]
        for record, wanted in steps:
            self.assertEqual(dict(store.take(made.document([record]))), {wanted: 1}, record)
        self.assertEqual(
            [f.dispositions["superseded"] for f in store.files[:9]], [1, 0, 0, 0, 0, 0, 1, 0, 0]
        )

    def test_the_second_of_two_lines_with_one_form_number_is_invalid(self):
        store, record = model.Store(), made.leave(PERSON)
        self.assertEqual(
            dict(store.take(made.document([record, record], [made.overtime(PERSON)]))),
            {"live": 2, "invalid": 1},
        )


def finding(ids, at, fixer, is_error):
    """(status asked for, finding)"""
    upload, line = at
    status = "OPEN" if fixer is None else "FIXED"
    kind, index = line or ("file", None)
    return status, {
        "submission_id": ids[upload],
        "kind": kind,
        "index": index,
        "code": "",
        "status": status,
        "fixed_by": fixer if fixer is None else ids[fixer],
        "severity": "error" if is_error else "warning",
    }


def answers_of(drawn, expected):
    """What a product that agrees with the model would answer."""
    answers = SimpleNamespace(
        submissions={},
        counts={},
        unmatched={},
        findings=[],
        filings={},
        rates={},
        sums={},
        loads=[],
        frozen={},
    )
    ids, types = [], {}
    for place, (sequence, e) in enumerate(zip(drawn, expected)):
        ids.append([f"{sequence.number}-{index}" for index in range(len(e.uploads))])
        for submission_id, (state, total, dispositions) in zip(ids[-1], e.uploads):
            answers.submissions[submission_id] = {
                "submission_id": submission_id,
                "state": state,
                "total": total,
                "dispositions": {"counted": total} if dispositions is None else dict(dispositions),
            }
        answers.counts.update(copy.deepcopy(e.counts))
        answers.unmatched.update({key: min(menders) for key, menders in e.unmatched.items()})
        answers.findings += [
            finding(ids[-1], at, min(fixers, key=str), at in e.errors)
            for at, fixers in e.fixers.items()
        ]
        answers.filings.update(
            {key: (status, on_time) for key, (status, on_time, _) in e.filings.items()}
        )
        answers.sums.update(copy.deepcopy(e.sums))
        for key, cell in e.types.items():
            types[key] = [a + b for a, b in zip(types.get(key, [0, 0]), cell)]
        for phase, at, load in e.loads:
            answers.loads.append(
                (
                    [(place, phase, sequence.phases[phase].loads[at])],
                    {
                        "load_id": "",
                        "authority": "",
                        "state": load.state,
                        "rows": load.rows,
                        "persons_changed": load.persons_changed,
                        "persons_kept": load.persons_kept,
                        "rejected": [{"line": line} for line in sorted(load.rejected)],
                    },
                )
            )
    answers.types, answers.unmatched_total = types, len(answers.unmatched)
    for month in drawn[0].months:
        of_each = [
            {authority: rate for (authority, m), rate in e.rates.items() if m == month}
            for e in expected
        ]
        answers.rates.update(
            {
                (authority, month): rate[:3]
                for authority, (_, rate) in comparing.by_authority(drawn, of_each).items()
            }
        )
    answers.frozen = {
        authority: (obliged, on_time, on_time, 1)
        for authority, (_, (obliged, on_time, _)) in comparing.by_authority(
            drawn, [e.frozen for e in expected]
        ).items()
    }
    return answers, ids


class Comparison(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        names = sequences.Names(1)
        cls.drawn = [sequences.draw(SEED, number, names, DAY) for number in range(MANY)]
        cls.expected = [expectation.expect(one, DAY, CLOSING)[1] for one in cls.drawn]
        cls.answers, cls.ids = answers_of(cls.drawn, cls.expected)

    def differences(self, answers, rules=model.ALL_RULES):
        expected = self.expected
        if rules != model.ALL_RULES:
            expected = [expectation.expect(one, DAY, CLOSING, rules)[1] for one in self.drawn]
        return comparing.differences(self.drawn, expected, answers, self.ids)

    def test_nothing_differs_from_itself(self):
        self.assertEqual(self.differences(self.answers), [])

    def test_a_model_without_a_rule_is_found_wrong(self):
        for rule in model.ALL_RULES.__dataclass_fields__:
            self.assertNotEqual(self.differences(self.answers, model.Rules.without(rule)), [], rule)

    def test_every_wrong_figure_is_told_with_its_sequence(self):
        def in_(name, change):
            answers = copy.copy(self.answers)
            setattr(answers, name, copy.deepcopy(getattr(answers, name)))
            change(getattr(answers, name))
            return self.differences(answers)

        ordered = next(s for s in self.drawn if s.ordered)
        upload = f"{ordered.number}-0"
        agency, month = ordered.codes["B"], ordered.months[1]
        self.assertEqual(
            {
                d.sequence
                for d in in_("submissions", lambda s: s[upload]["dispositions"].update(stale=99))
            },
            {ordered.number},
        )
        self.assertEqual(len(in_("submissions", lambda s: s.pop(upload))), 1)
        self.assertEqual(
            [
                d.sequence
                for d in in_("counts", lambda c: c.update({(agency, month, "leave"): [99, 1]}))
            ],
            [ordered.number],
        )
        self.assertEqual(len(in_("unmatched", lambda u: u.update({next(iter(u)): "nobody"}))), 1)
        self.assertEqual(len(in_("unmatched", lambda u: u.pop(next(iter(u))))), 1)
        for change in ({"status": "FIXED"}, {"fixed_by": upload}, {"severity": "error"}):
            at = next(
                at
                for at, (asked, f) in enumerate(self.answers.findings)
                if asked == "OPEN" and f["severity"] == "warning"
            )
            self.assertEqual(len(in_("findings", lambda f: f[at][1].update(change))), 1, change)
        self.assertEqual(
            len(
                in_(
                    "findings",
                    lambda found: found.remove(
                        next(f for f in found if f[1]["severity"] == "error")
                    ),
                )
            ),
            1,
        )
        for wrong in ((9, 9, 9, 1), None):
            self.assertEqual(len(in_("frozen", lambda f: f.update({ordered.group: wrong}))), 1)
        self.assertEqual(
            len(in_("frozen", lambda f: f.update({ordered.group: (*f[ordered.group][:3], 2)}))), 1
        )
        self.assertEqual(
            len(in_("filings", lambda f: f.update({(agency, month): ("exempt", True)}))), 1
        )
        self.assertEqual(
            len(in_("rates", lambda r: r.update({(ordered.codes["A"], month): (9, 9, 9)}))), 1
        )
        self.assertEqual(
            len(in_("sums", lambda s: s[ordered.codes["A"]].update({(month, "leave"): [99, 1]}))), 1
        )
        wrong_total = copy.copy(self.answers)
        wrong_total.unmatched_total += 1
        self.assertEqual(len(self.differences(wrong_total)), 1)
        self.assertEqual(
            [d.sequence for d in in_("types", lambda t: t.update({("leave", "99"): [1, 1]}))], [-1]
        )

    def test_a_seed_and_a_number_draw_the_same_sequence_alone_and_among_others(self):
        names = sequences.Names(1)
        alone, again = (sequences.draw(SEED, 77, names, DAY, batch) for batch in (0, 77))
        self.assertEqual((alone.phases, alone.group), (again.phases, again.group))
        self.assertNotEqual(alone.phases, sequences.draw(SEED + 1, 77, names, DAY).phases)

    def test_sequences_hold_everything_that_they_are_for(self):
        uploads = [u for s in self.drawn for p in s.phases for u in p.uploads]
        loads = [(p, load) for s in self.drawn for p in s.phases for load in p.loads]
        later = [row for s in self.drawn for p in s.phases[1:] for row in p.agencies]
        last_days = [p for s in self.drawn for p in s.phases if p.when != "open"]
        records = [r for u in uploads for r in u.document["leave_records"]]
        for what in (
            any(s.ordered for s in self.drawn),
            any(not s.ordered for s in self.drawn),
            any(u.rejected and not u.torn for u in uploads),
            any(u.torn for u in uploads),
            any(u.posted_twice for u in uploads),
            any(u.document.get("zero_report") for u in uploads),
            len({u.content() for u in uploads}) < len(uploads),
            any(r["action"] == "D" for r in records),
            any(r["revision"] > 1 for r in records),
            any(load.snapshot for _, load in loads),
            any(not load.snapshot for _, load in loads),
            any(line["seq"] == "0" for _, load in loads for line in load.lines),
            len({load.authority[-1] for _, load in loads}) == 3,
            {p.when for p in last_days} == set(sequences.WHEN[1:]),
            any(row["abolished_on"] for row in later),
            any(row["exempt_from"] for row in later),
            any(
                row["supervising_org_code"][-1] in "ACE" and row["org_code"][-1] == "D"
                for row in later
            ),
        ):
            self.assertTrue(what)


if __name__ == "__main__":
    unittest.main(verbosity=2)
