"""Hand-made agencies, persons and documents for tests that need no generated month."""

import itertools
import json
import uuid

from . import owned

AGENCY, CHILD, OTHER, HANDLER = (owned.AGENCIES["hand-made"][n] for n in range(1, 5))
_numbers = itertools.count(1)
_run = uuid.uuid4().hex[:6]  # form numbers of one run meet no other run's

REGISTRY = (
    "org_code,name,supervising_org_code,effective_on,established_on,abolished_on,"
    "successor_org_code,exempt_from,exempt_to,contact_email\n"
    f"{AGENCY},測試主管機關,,2000-01-01,2000-01-01,,,,,clerk@{AGENCY}.example\n"
    f"{CHILD},測試所屬機關,{AGENCY},2000-01-01,2000-01-01,,,,,clerk@{CHILD}.example\n"
    f"{OTHER},測試他機關,,2000-01-01,2000-01-01,,,,,clerk@{OTHER}.example\n"
    f"{HANDLER},測試兼辦機關,,2000-01-01,2000-01-01,,,,,clerk@{HANDLER}.example\n"
)


def table19(rows):
    """CSV text of (person, seq, org, kind, start, end) rows; dates ROC."""
    head = (
        "person_id,seq,org_code,org_name,unit_name,title_code,title_name,personnel_category,"
        "post_kind,start_date,end_date,change_reason,updated_at\n"
    )
    return head + "".join(f"{p},{s},{o},,,,,01,{k},{a},{b},,\n" for p, s, o, k, a, b in rows)


def leave(person, agency=AGENCY, **changes):
    record = {
        "action": "A",
        "record_no": f"L-{_run}-{next(_numbers):06d}",
        "record_seq": 1,
        "revision": 1,
        "person_id": person,
        "person_name": "王小明",
        "org_code": agency,
        "leave_type": "16",
        "sub_type": "",
        "start_date": "1151005",
        "start_time": "0830",
        "end_date": "1151005",
        "end_time": "1730",
        "leave_minutes": 480,
        "reason": "休假",
        "location": "",
        "abroad_type": "0",
        "event_date": "",
    }
    return {**record, **changes}


def overtime(person, agency=AGENCY, **changes):
    record = {
        "action": "A",
        "record_no": f"O-{_run}-{next(_numbers):06d}",
        "record_seq": 1,
        "revision": 1,
        "person_id": person,
        "person_name": "王小明",
        "org_code": agency,
        "overtime_type": "1",
        "day_type": "1",
        "overtime_date": "1151006",
        "start_date": "1151006",
        "start_time": "1800",
        "end_date": "1151006",
        "end_time": "2000",
        "reason": "趕辦業務",
        "location": "",
        "approval_no": "",
        "overtime_minutes": 120,
        "paid_minutes": 60,
        "comp_minutes": 0,
        "award_minutes": 0,
        "void_minutes": 0,
    }
    return {**record, **changes}


def document(leaves=(), overtimes=(), agency=AGENCY, **changes):
    head = {
        "format_version": "1.0",
        "reporting_org_code": agency,
        "data_month": "11510",
        "source_system": "WEBITR",
        "source_version": "5.2",
        "generated_at": "2026-11-05T09:30:00+08:00",
        "batch_no": f"test-{next(_numbers)}",
        "part_no": 1,
        "part_count": 1,
        "leave_count": len(leaves),
        "overtime_count": len(overtimes),
        "leave_records": list(leaves),
        "overtime_records": list(overtimes),
    }
    return {**head, **changes}


def bytes_of(document_):
    return json.dumps(document_, ensure_ascii=False, separators=(",", ":")).encode()


def multipart(parts, boundary="chaiqin-test-boundary"):
    """(content type, body) of (name, file name, bytes) parts; file name None leaves it out."""
    body = b""
    for name, file_name, content in parts:
        disposition = f'form-data; name="{name}"' + (
            f'; filename="{file_name}"' if file_name is not None else ""
        )
        body += (
            f"--{boundary}\r\nContent-Disposition: {disposition}\r\nContent-Type:"
            " application/json\r\n\r\n".encode() + content + b"\r\n"
        )
    return f"multipart/form-data; boundary={boundary}", body + f"--{boundary}--\r\n".encode()
