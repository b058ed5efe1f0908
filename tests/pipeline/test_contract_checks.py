"""How a file is judged, asked of a running platform by POST /checks: each rule's code and pointer,
what hides what, the texts and the values that a finding shows."""

import unittest

from made_stack import MadeStack, made, owned

NOBODY = owned.AGENCIES["nobody"][0]
PERSON = owned.PERSONS["checks"][0]
LATE = {"E18"}  # depends on the day of the run

# (changes of a good leave, expected "code key" in the order of the answer)
LEAVES = [
    ({"action": "X"}, "C01 action"),
    ({"record_no": "a b"}, "C02 record_no"),
    ({"record_no": "a-" + PERSON}, "C02 record_no"),
    ({"record_no": "x" + PERSON}, ""),
    ({"record_no": "x" * 41}, "S05 record_no"),
    ({"record_seq": 1000}, "C03 record_seq"),
    ({"revision": 0}, "C04 revision"),
    ({"person_id": "A12345678"}, "C05 person_id"),
    ({"person_id": "A123456788"}, "C06 person_id"),
    ({"person_id": "AB23456789"}, "C07 person_id"),
    ({"person_id": "A800000014"}, ""),
    ({"org_code": "zt0000001A"}, "C08 org_code"),
    ({"org_code": NOBODY}, "C09 org_code"),
    ({"org_code": made.OTHER}, "C11 org_code"),
    ({"org_code": made.CHILD}, ""),
    ({"leave_type": "98"}, "L01 leave_type"),
    ({"leave_type": "22"}, "L02 leave_type"),
    ({"sub_type": "01"}, "L03 sub_type"),
    ({"leave_type": "14"}, "L03 sub_type"),
    ({"sub_type": "123"}, "L03 sub_type"),
    ({"sub_type": " "}, ""),
    ({"event_date": "\u3000"}, ""),
    ({"location": " " * 101}, ""),
    ({"start_date": "1151032"}, "L04 start_date"),
    ({"start_time": "2400"}, "L05 start_time"),
    ({"end_date": "2026-10-05"}, "L06 end_date"),
    ({"end_time": "2401"}, "L07 end_time"),
    ({"end_time": "2400"}, ""),
    ({"end_time": "0830"}, "L08 end_time"),
    ({"end_time": "0830", "leave_minutes": 999}, "L08 end_time"),
    ({"start_date": "1151102", "end_date": "1151102"}, "L09 start_date"),
    ({"start_date": "1150901", "end_date": "1150901"}, "L11 start_date"),
    ({"start_date": "1130801", "end_date": "1130801"}, "L11 start_date"),
    ({"start_date": "1130701", "end_date": "1130701"}, "L10 start_date"),
    ({"leave_minutes": 0}, "L12 leave_minutes"),
    ({"leave_minutes": 600}, "L13 leave_minutes"),
    ({"leave_minutes": 540}, "L14 leave_minutes"),
    ({"leave_minutes": 470}, "L15 leave_minutes"),
    ({"leave_minutes": 599}, "L13 leave_minutes, L15 leave_minutes"),
    ({"start_date": "1151010", "end_date": "1151010"}, "L16 start_date"),
    (
        {"leave_type": "06", "start_date": "1151003", "end_date": "1151004", "leave_minutes": 960},
        "",
    ),
    (
        {"leave_type": "06", "start_date": "1151003", "end_date": "1151004", "leave_minutes": 1020},
        "L14 leave_minutes",
    ),
    ({"start_date": "1141006", "end_date": "1151007"}, "L17 end_date, L11 start_date"),
    ({"start_date": "1141005"}, "L11 start_date"),
    ({"leave_type": "20", "sub_type": "01"}, "L18 location"),
    ({"leave_type": "14", "sub_type": "21"}, "L18 location"),
    ({"abroad_type": "1", "location": "\u3000"}, "L18 location"),
    ({"abroad_type": "4"}, "L19 abroad_type"),
    ({"event_date": "1151399"}, "L20 event_date"),
    ({"leave_type": "07"}, "L21 event_date"),
    ({"leave_type": "07", "event_date": "1151016"}, "L22 start_date"),
    ({"leave_type": "07", "event_date": "1151015"}, ""),
    ({"leave_type": "07", "event_date": "1141005"}, ""),
    ({"leave_type": "07", "event_date": "1141004"}, "L22 start_date"),
    ({"person_name": "王" * 51}, "S05 person_name"),
    ({"reason": "𠀀" * 200}, ""),
    ({"reason": "事" * 201}, "S05 reason"),
    ({"reason": "a\u0000"}, "S07 reason"),
    ({"person_name": "\u0085"}, "S07 person_name"),
    ({"a/b~c": 1}, "S04 a~1b~0c"),
    ({"action": "D", "leave_type": 5, "start_date": "x", "location": "\u0001", "org_code": ""}, ""),
    ({"action": "X", "leave_type": "98"}, "C01 action, L01 leave_type"),
]
OVERTIMES = [
    ({"overtime_type": "4"}, "O01 overtime_type"),
    ({"day_type": "5"}, "O02 day_type"),
    ({"day_type": "2"}, "O03 day_type"),
    ({"day_type": "4"}, ""),
    ({"overtime_date": "1150229"}, "O04 overtime_date"),
    ({"start_date": "x"}, "O05 start_date"),
    ({"start_time": "2400"}, "O05 start_time"),
    ({"end_time": "2401"}, "O05 end_time"),
    ({"end_time": "1800"}, "O06 end_time"),
    ({"end_time": "1700", "overtime_minutes": 1440}, "O06 end_time"),
    ({"end_date": "1151007", "end_time": "1801"}, "O07 end_time"),
    ({"end_date": "1151007", "end_time": "1800"}, ""),
    ({"overtime_date": "1151007"}, "O08 overtime_date"),
    ({"overtime_date": "1151005"}, ""),
    (
        {"overtime_date": "1151102", "start_date": "1151102", "end_date": "1151102"},
        "O09 overtime_date",
    ),
    ({"overtime_minutes": 1441}, "O10 overtime_minutes"),
    ({"overtime_minutes": 121}, "O11 overtime_minutes"),
    ({"paid_minutes": -1}, "O12 paid_minutes"),
    ({"comp_minutes": -1}, "O13 comp_minutes"),
    ({"award_minutes": -1}, "O14 award_minutes"),
    ({"void_minutes": -1}, "O15 void_minutes"),
    ({"paid_minutes": 100, "comp_minutes": 21}, "O16 paid_minutes"),
    ({"overtime_type": "2", "approval_no": " "}, "O17 approval_no"),
    ({"reason": "\u3000"}, "S06 reason"),
    ({"approval_no": "a" * 61}, "S05 approval_no"),
    (
        {"overtime_date": "1130701", "start_date": "1130701", "end_date": "1130701"},
        "O26 overtime_date",
    ),
    (
        {"overtime_date": "1150901", "start_date": "1150901", "end_date": "1150901"},
        "O27 overtime_date",
    ),
]
ENVELOPES = [
    ({"format_version": "1.1"}, "E02 format_version"),
    ({"reporting_org_code": "x"}, "E03 reporting_org_code"),
    ({"reporting_org_code": NOBODY}, "E04 reporting_org_code"),
    ({"data_month": "11513"}, "E06 data_month"),
    ({"source_system": "X"}, "E09 source_system"),
    ({"generated_at": "2026-11-05T09:30+08:00"}, "E10 generated_at"),
    ({"generated_at": "2026-11-05T09:30:00.5Z"}, ""),
    ({"generated_at": "2099-01-01T00:00:00Z"}, "E11 generated_at"),
    ({"leave_count": 2}, "E12 leave_count"),
    ({"overtime_count": -1}, "E13 overtime_count"),
    ({"part_no": 2}, "E14 part_no"),
    ({"part_no": 1, "part_count": 1000}, "E14 part_no"),
    ({"zero_report": True}, "E17 zero_report"),
    ({"zero_report": None}, "S03 zero_report"),
    ({"batch_no": ""}, ""),
    ({"batch_no": "x" * 41}, "S05 batch_no"),
    ({"source_system": " "}, "S06 source_system"),
    ({"batch_no": "\n"}, "S07 batch_no"),
    ({"more": 1}, "S04 more"),
]
BLANK_LEAVE = {
    "action",
    "record_no",
    "person_id",
    "org_code",
    "leave_type",
    "abroad_type",
    "start_date",
    "start_time",
    "end_date",
    "end_time",
}


class Checks(MadeStack):
    def check(self, body, **headers):
        content = body if isinstance(body, bytes) else made.bytes_of(body)
        answer = self.stack.call(
            "POST",
            "/api/v1/checks",
            self.clerk,
            content,
            {
                "Content-Type": "application/json",
                **{k.replace("_", "-"): v for k, v in headers.items()},
            },
        )
        self.assertEqual(answer.status, 200, answer.body[:300])
        return answer.json["files"][0]

    def judged(self, body, **headers):
        return [
            (f["code"], f["pointer"])
            for f in self.check(body, **headers)["findings"]
            if f["code"] not in LATE
        ]

    def expect(self, body, base, wanted):
        pairs = [(w.split()[0], f"{base}/{w.split()[1]}") for w in wanted.split(", ") if w]
        self.assertEqual(self.judged(body), pairs)

    def test_leaves(self):
        for changes, wanted in LEAVES:
            with self.subTest(changes):
                self.expect(
                    made.document([made.leave(PERSON, **changes)]), "/leave_records/0", wanted
                )

    def test_overtimes(self):
        for changes, wanted in OVERTIMES:
            with self.subTest(changes):
                self.expect(
                    made.document([], [made.overtime(PERSON, **changes)]),
                    "/overtime_records/0",
                    wanted,
                )

    def test_envelopes(self):
        for changes, wanted in ENVELOPES:
            with self.subTest(changes):
                self.expect(made.document([made.leave(PERSON)], **changes), "", wanted)
        self.assertEqual(
            self.judged(made.document([made.leave(PERSON)], reporting_org_code=made.OTHER)),
            [("E05", "/reporting_org_code"), ("C11", "/leave_records/0/org_code")],
        )
        self.assertEqual(self.judged(made.document()), [("E16", "")])
        self.assertEqual(self.judged(made.document(zero_report=True)), [])
        self.assertEqual(
            self.judged({**made.document([], [made.overtime(PERSON)]), "leave_records": None}),
            [("E15", "/leave_records")],
        )

    def test_every_key_missing_wrong_and_null(self):
        for make, array, blank in (
            (made.leave, "leave_records", BLANK_LEAVE),
            (made.overtime, "overtime_records", None),
        ):
            for key, value in make(PERSON).items():
                with self.subTest(key, array=array):
                    self.assert_key_judged(make, array, key, value)
                    if blank and isinstance(value, str):
                        codes = [
                            c
                            for c, _ in self.judged(
                                self.with_record(array, {**make(PERSON), key: ""})
                            )
                        ]
                        self.assertEqual(codes, ["S06"] if key in blank else [])

    def with_record(self, array, record):
        return made.document([record]) if array == "leave_records" else made.document([], [record])

    def assert_key_judged(self, make, array, key, value):
        pointer = f"/{array}/0/{key}"
        record = make(PERSON)
        missing = {k: v for k, v in record.items() if k != key}
        self.assertEqual(self.judged(self.with_record(array, missing)), [("S01", pointer)])
        for wrong in (5 if isinstance(value, str) else "60", None, []):
            self.assertEqual(
                self.judged(self.with_record(array, {**record, key: wrong})), [("S03", pointer)]
            )

    def test_bytes(self):
        good = made.bytes_of(made.document([made.leave(PERSON)]))
        bom = b"\xef\xbb\xbf"
        for content, name, wanted in (
            (b"", "a.txt", ["F01"]),
            (b"", "a.json", ["F04"]),
            (bom, "a.json", ["F04"]),
            (b"\xff", "a.json", ["F05"]),
            (b" " * 5242881, "a.json", ["F02"]),
            (bom + good, "a.json", ["F12"]),
            (bom + bom + b"{}", "a.json", ["F12", "F06"]),
            (b'{"a":[[[[[1]]]]]}', "a.json", ["F09"]),
            (b"[1]", "a.json", ["F07"]),
        ):
            with self.subTest(content[:20]):
                self.assertEqual([c for c, _ in self.judged(content, X_File_Name=name)], wanted)
        self.assertEqual(
            self.check('{\n"差勤":x}'.encode())["findings"][0]["message"],
            "JSON 語法錯誤-第2行第6字",
        )
        twice = self.check(b'{"leave_records":[{"location":"","locatio\\u006e":""}]}')["findings"][
            0
        ]
        self.assertEqual(
            (
                twice["code"],
                twice["pointer"],
                twice["field"],
                twice["field_name"],
                twice["message"],
            ),
            ("F08", "/leave_records/0/location", "location", "地點", "JSON 架構錯誤-項目地點重複"),
        )

    def test_records_beside_each_other(self):
        one = made.leave(PERSON)
        self.assertEqual(
            self.judged(made.document([one, one, 5])),
            [("U01", "/leave_records/1/record_no"), ("S02", "/leave_records/2")],
        )
        bad = made.leave(PERSON, leave_type="98")
        self.assertEqual(
            self.judged(made.document([bad, {**bad, "leave_type": "16"}])),
            [("L01", "/leave_records/0/leave_type"), ("U01", "/leave_records/1/record_no")],
        )
        many = made.leave(PERSON, **{f"zz{i:02d}": 1 for i in range(25)})
        self.assertEqual(
            self.judged(made.document([many])),
            [("S04", f"/leave_records/0/zz{i:02d}") for i in range(20)],
        )

    def texts(self, **changes):
        return [
            f
            for f in self.check(made.document([made.leave(PERSON, **changes)]))["findings"]
            if f["code"] not in LATE
        ][0]

    def test_texts_and_values(self):
        self.assertEqual(
            self.texts(leave_type="22")["message"], "假別防疫隔離假於請假起日未施行或已停用"
        )
        self.assertEqual(self.texts(leave_type="07")["message"], "假別婚假須填事實發生日")
        self.assertEqual(self.texts(location="地" * 101)["message"], "地點長度超過100字")
        for changes, value in (
            ({"person_id": "A123456788"}, "A12*****88"),
            ({"person_id": "A1"}, "***"),
            ({"person_name": "王" * 51}, "王○"),
            ({"reason": "密" * 201}, "201"),
            ({"location": "地" * 101}, "101"),
            ({"leave_minutes": 12.5}, "12.5"),
            ({"leave_type": None}, "null"),
            ({"event_date": "x" * 70}, "x" * 64 + "…"),
            ({"abroad_type": PERSON}, f"{PERSON[:3]}*****{PERSON[-2:]}"),
        ):
            with self.subTest(changes):
                self.assertEqual(self.texts(**changes)["value"], value)
        unknown = self.texts(**{"k" * 70: 1})
        self.assertEqual(
            (unknown["value"], unknown["field"], unknown["field_name"]), (None, "k" * 64, "k" * 64)
        )

    def test_caps_keep_exact_totals(self):
        result = self.check(
            made.document([made.leave(PERSON, leave_type="98") for _ in range(1200)])
        )
        self.assertEqual(
            (result["state"], result["record_count"], result["error_count"]), ("FAILED", 1200, 1200)
        )
        self.assertEqual(sum(f["code"] == "L01" for f in result["findings"]), 1000)
        group = next(g for g in result["groups"] if g["code"] == "L01")
        self.assertEqual(
            (group["count"], group["first"], group["field"]), (1200, [0, 1, 2, 3, 4], "leave_type")
        )


if __name__ == "__main__":
    unittest.main(verbosity=2)
