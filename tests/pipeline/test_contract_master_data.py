"""The contract of Table 19 and registry loads: what is rejected and why, what is replaced and kept,
refusal and force, confirmation; and sums that follow the hierarchy of each month."""

import unittest

from made_stack import MadeStack, made, owned

NOBODY = owned.AGENCIES["nobody"][0]
TOP, UNIT, NEW_TOP, GONE = owned.AGENCIES["master_data"].of_this_run(4)
DEEP = owned.AGENCIES["master_data, deep"].of_this_run(8)
HEAD = made.REGISTRY.splitlines()[0] + "\n"
REGISTRY = (
    HEAD + f"{UNIT},資料所屬,{TOP},,2000-01-01,,,,,\n"
    f"{TOP},資料主管,,,2000-01-01,,,,,\n"
    f"{NEW_TOP},資料新主管,,,2000-01-01,,,,,\n"
    f"{GONE},資料裁撤,{TOP},,2000-01-01,2026-08-01,{UNIT},,,\n"
)
P = owned.PERSONS["master_data"].of_this_run(40)


class MasterData(MadeStack):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        answer = cls.registry_load(REGISTRY).json
        assert (answer["added"], answer["rejected_count"]) == (4, 0), answer

    @classmethod
    def registry_load(cls, text, confirm=True):
        return cls.stack.call(
            "POST",
            "/api/v1/registry/agencies" + ("?confirm=true" if confirm else ""),
            cls.operator,
            text.encode(),
            {"Content-Type": "text/csv"},
        )

    def table19_load(self, text, mode="changes", authority=TOP, token=None, force=False):
        token = token or self.operator
        path = f"/api/v1/table19/loads?mode={mode}&authority={authority}" + (
            "&force=true" if force else ""
        )
        answer = self.stack.call("POST", path, token, text.encode(), {"Content-Type": "text/csv"})
        self.assertEqual(answer.status, 202, answer.body)
        return self.stack.wait_load(answer.json["load_id"], token)

    def test_rows_that_are_rejected(self):
        head = "person_id,seq,org_code,org_name,post_kind,start_date,end_date\n"
        cases = [  # (lines, which of them are rejected)
            (f"{P[0]},1,{TOP},,1,1100101,\n{P[0]},2,{TOP},,1,1150101,1140101\n", [2]),
            (f"{P[1]},1,{NOBODY},,1,1100101,\n", [1]),
            (f"{P[2]},1,{made.OTHER},,1,1100101,\n", [1]),
            (f"A123456788,1,{TOP},,1,1100101,\n", [1]),
            (f"{P[3]},1,{TOP},,1,1100101,\n{P[3]},1,{TOP},,1,1120101,\n", [2]),
            (f"{P[4]},,{TOP},,1,1100101,\n", [1]),
            (f"{P[5]},1,{TOP},,,1100101,\n", [1]),
            (f"{P[6]},1,{TOP},,1,,\n", [1]),
            (f",1,{TOP},,1,1100101,\n", [1]),
            (f"{P[7]},1,,,1,1100101,\n", [1]),
            (f"{P[8]},0,,,,,\n", []),
            (f"{P[9]},0,{TOP},,,,\n", [1]),
            (f"{P[10]},0,,,,,\n{P[10]},1,{TOP},,1,1100101,\n", [1]),
            (f"{P[11]},0,,,,,\n{P[11]},0,,,,,\n", [2]),
            (f"{P[12]},10000,{TOP},,1,1100101,\n", [1]),
            (f"{P[13]},9999,{TOP},,9,1100101,\n", []),
            (f"{P[14]},1,{TOP},,6,1100101,\n", [1]),
            (f"{P[15]},1,{TOP},,1,2026-01-01,\n", [1]),
            (f"{P[16]},1,{TOP},\"甲,乙\",1,1100101,\n", []),
        ]
        line, wanted = 1, []
        for lines, rejected in cases:
            wanted += [line + n for n in rejected]
            line += lines.count("\n")
        load = self.table19_load(head + "".join(lines for lines, _ in cases))
        self.assertEqual([r["line"] for r in load["rejected"]], wanted)
        self.assertEqual(
            (load["state"], load["rejected_count"], load["rows"]), ("LOADED", len(wanted), line - 1)
        )
        self.assertTrue(all(r["reason"] for r in load["rejected"]))

    def test_columns_go_by_name(self):
        text = (
            "\ufeffmore,end_date,start_date,post_kind,org_code,seq,person_id\r\n"
            f'"a,""b",,1100101,1,{TOP},1,{P[20]}\r\n'
        )
        self.assertEqual(self.table19_load(text)["persons_changed"], 1)
        self.assertEqual(
            self.table19_load(text)["persons_changed"], 0, "the same again changes nobody"
        )
        self.assertEqual(self.table19_load(text)["ignored_columns"], ["more"])
        for bad in (
            f"person_id,seq,org_code,post_kind\n{P[20]},1,{TOP},1\n",
            f"person_id,seq,org_code,post_kind,start_date\r{P[20]},1,{TOP},1,1100101\r",
            "\ufeff\r\n",
        ):
            missing = self.table19_load(bad)
            self.assertEqual((missing["state"], missing["persons_changed"]), ("FAILED", 0))
            self.assertIn("第 1 行", missing["reason"])

    def test_a_line_end_in_quotes_fails_the_whole_load(self):
        head = "person_id,seq,org_code,unit_name,post_kind,start_date,end_date\n"
        row = lambda person, unit: f"{person},1,{TOP},{unit},1,1100101,\n"  # noqa: E731
        bad = head + row(P[22], "甲") + row(P[23], '"試驗') + row(P[24], '一科"')
        load = self.table19_load(bad)
        self.assertEqual((load["state"], load["persons_changed"]), ("FAILED", 0))
        self.assertIn("第 3 行第 4 欄", load["reason"])
        good = self.table19_load((head + row(P[22], "甲")).replace("\n", "\r"))
        self.assertEqual((good["state"], good["rows"], good["persons_changed"]), ("LOADED", 1, 1))

    def test_a_load_replaces_its_authoritys_rows_of_the_persons_it_lists(self):
        row = lambda seq, org=TOP: (P[21], seq, org, 1, "1100101", "")  # noqa: E731
        self.assertEqual(self.table19_load(made.table19([row(1), row(2)]))["persons_changed"], 1)
        self.assertEqual(
            self.table19_load(made.table19([row(1, NOBODY)]))["persons_changed"],
            0,
            "all bad: the old ones stay",
        )
        self.assertEqual(self.table19_load(made.table19([row(1)]))["persons_changed"], 1)
        self.assertEqual(
            self.table19_load(
                f"person_id,seq,org_code,post_kind,start_date,end_date\n{P[21]},0,,,,\n"
            )["persons_changed"],
            1,
        )

    def test_a_snapshot_that_shrinks_is_refused_unless_an_operator_forces_it(self):
        rows = [(p, 1, NEW_TOP, 1, "1100101", "") for p in P[25:35]]
        snapshot = lambda some, **more: self.table19_load(
            made.table19(some), "snapshot", NEW_TOP, **more
        )  # noqa: E731
        self.assertEqual(snapshot(rows)["state"], "LOADED")
        eight = snapshot(rows[:8])
        self.assertEqual(
            (eight["state"], eight["persons_kept"]), ("LOADED", 2), "20 % fewer is not over 20 %"
        )
        own = self.stack.token(NEW_TOP, "personnel_office")
        refused = snapshot(rows[:6], token=own)
        self.assertEqual((refused["state"], refused["committed_at"]), ("REFUSED", None))
        self.assertTrue(refused["reason"])
        answer = self.stack.call(
            "POST",
            f"/api/v1/table19/loads?mode=snapshot&authority={NEW_TOP}&force=true",
            own,
            b"x",
            {"Content-Type": "text/csv"},
        )
        self.assertEqual((answer.status, answer.json["code"]), (403, "forbidden"))
        self.assertEqual(snapshot(rows[:6], force=True)["state"], "LOADED")

    def test_how_a_load_is_asked_for(self):
        for query, kind, status in (
            ("mode=x&authority=" + TOP, "text/csv", 400),
            ("authority=" + TOP, "text/csv", 400),
            ("mode=changes", "text/csv", 400),
            ("mode=changes&authority=" + NOBODY, "text/csv", 404),
            ("mode=changes&authority=" + TOP, "application/json", 415),
            ("mode=snapshot&force=x&authority=" + TOP, "text/csv", 400),
        ):
            answer = self.stack.call(
                "POST",
                "/api/v1/table19/loads?" + query,
                self.operator,
                b"person_id\n",
                {"Content-Type": kind},
            )
            self.assertEqual(answer.status, status, query)

    def test_registry_rows_that_are_rejected(self):
        code = owned.AGENCIES["master_data, rejected"].of_this_run(10)
        text = (
            HEAD + f"{code[0]},n,{NOBODY},,,,,,,\n"
            "bad,n,,,,,,,,\n"
            f"{code[1]},n,{code[1]},,,,,,,\n"
            f"{code[2]},n,,2026-13-01,,,,,,\n"
            f"{code[3]},n,,,2026-01-02,2026-01-01,,,,\n"
            f"{code[4]},n,{code[5]},,,,,,,\n"
            f"{code[5]},n,{code[4]},,,,,,,\n"
            f"{code[6]},n,,,,,,,,\n"
        )
        answer = self.registry_load(text).json
        self.assertEqual(
            (answer["rows"], answer["added"], [r["line"] for r in answer["rejected"]]),
            (8, 1, [2, 3, 4, 5, 6, 7, 8]),
        )
        chain = HEAD + "".join(
            f"{c},n,{DEEP[i - 1] if i else ''},,2000-01-01,,,,,\n" for i, c in enumerate(DEEP)
        )
        self.assertEqual(
            [r["line"] for r in self.registry_load(chain).json["rejected"]], [8, 9], "depth over 6"
        )

    def test_a_registry_file_that_cannot_be_read_is_refused(self):
        code = made.OTHER
        for text, where in (
            ("", "第 1 行"),
            (f"{HEAD.strip()},remark\n", "remark"),
            (f"org_code\r{code}\r", "name"),
            (f'org_code,name\n{code},"甲\n', "第 2 行第 2 欄"),
        ):
            answer = self.registry_load(text)
            self.assertEqual((answer.status, answer.json["code"]), (400, "bad_request"), text)
            self.assertIn(where, answer.body.decode())

    def test_many_changes_ask_for_confirmation(self):
        renamed = REGISTRY.replace("資料", "改名")
        asked = self.registry_load(renamed, confirm=False)
        self.assertEqual(
            (asked.status, asked.json["code"], asked.json["changed"], asked.json["added"]),
            (409, "confirmation_needed", 4, 0),
        )
        self.assertEqual(
            self.registry_load(REGISTRY, confirm=False).json["unchanged"], 4, "nothing was applied"
        )

    def months(self, token, query=""):
        answer = self.stack.get(f"/api/v1/statistics/monthly?year=2026{query}", token).json
        return (
            {
                a["agency"]: {m["month"]: m["leave"] for m in a["months"]}
                for a in answer["agencies"]
            },
            {m["month"]: m["leave"] for m in answer["sum"]["months"]},
        )

    def test_sums_follow_the_hierarchy_of_each_month(self):
        moving, top, unit, gone = owned.AGENCIES["master_data"].of_this_run(8)[4:]
        self.registry_load(
            HEAD + f"{moving},新主,,,2000-01-01,,,,,\n"
            f"{top},舊主,,,2000-01-01,,,,,\n"
            f"{unit},移撥,{top},,2000-01-01,,,,,\n"
            f"{gone},裁撤,{top},,2000-01-01,2026-08-01,,,,\n"
        )
        self.registry_load(HEAD + f"{unit},移撥,{moving},2026-07-01,2000-01-01,,,,,\n")
        self.assertEqual(
            self.table19_load(
                made.table19(
                    [(P[36], 1, unit, 1, "1100101", ""), (P[37], 1, gone, 1, "1100101", "")]
                ),
                authority=top,
            )["rejected_count"],
            0,
        )
        for person, agency in ((P[36], unit), (P[37], gone)):
            leaves = [
                made.leave(person, agency, start_date=d, end_date=d) for d in ("1150601", "1150706")
            ]
            end = self.counted(made.document(leaves, agency=agency), self.stack.token(agency))
            self.assertEqual(end["dispositions"]["counted"], 2)
        self.assertEqual(
            self.months(self.operator, f"&q={top}"),
            ({top: {}, unit: {6: 1, 7: 1}, gone: {6: 1, 7: 1}}, {6: 2, 7: 1}),
        )
        self.assertEqual(
            self.months(self.stack.token(moving, "supervisor")),
            ({moving: {}, unit: {7: 1}}, {7: 1}),
        )
        self.assertEqual(
            self.months(self.stack.token(top, "supervisor")),
            ({top: {}, unit: {6: 1}, gone: {6: 1, 7: 1}}, {6: 2, 7: 1}),
            "not one month after it left",
        )
        types = self.stack.get(
            f"/api/v1/statistics/by-type?from=2026-06&to=2026-07&q={top}", self.operator
        ).json["types"]
        self.assertEqual(
            types, [{"kind": "leave", "type": "16", "name": "休假", "records": 3, "minutes": 1440}]
        )
        summary = self.stack.get(f"/api/v1/summary?q={top}", self.operator).json["agencies"]
        self.assertEqual(
            [(a["agency"], a["abolished_on"], a["state"]) for a in summary],
            [(top, None, None), (gone, "2026-08-01", "COUNTED")],
        )


if __name__ == "__main__":
    unittest.main(verbosity=2)
