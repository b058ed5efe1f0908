"""What the demo's operator announces (公告): the month that is due, with the sample file attached,
and two more, of which one is for people with a role alone."""

import json
import uuid
from datetime import date

from layout import ROOT

SAMPLE = ROOT / "schemas/submission/v1/sample.json"


def _texts(month):
    year, number = int(month[:4]) - 1911, int(month[5:])
    due_year, due_number = (year + 1, 1) if number == 12 else (year, number + 1)
    return [
        {
            "title": "差勤資料彙整平臺入口網上線",
            "audience": "public",
            "body": "入口網自即日起提供報送、檢核、查詢及統計功能。\n\n登入後由「首頁」的「本月工作台」"
            "即可看到待報送及待更正的資料。介接機關的報送方式不變。",
        },
        {
            "title": "例行維護：每月第一個星期六 01:00 至 03:00",
            "audience": "members",
            "body": "維護期間仍可報送，檔案收妥後於維護結束依序處理，請勿重複報送。",
        },
        {
            "title": f"請於 {due_year}/{due_number:02}/20 前報送 {year}年{number}月差勤資料",
            "audience": "public",
            "body": f"各機關請於期限前報送 {year}年{number}月差假及加班資料；期限遇假日順延。"
            "本月沒有資料時，請報送「本月無資料」。\n\n附件為報送範本。檔案可先以「JSON檔檢核」"
            "檢查，檢核通過不代表已完成報送。",
        },
    ]


def publish(gateway, operator, month):
    for text in _texts(month):
        body = json.dumps({**text, "published_at": None, "expires_at": None}).encode()
        made = gateway.expect(
            201,
            "POST",
            "/api/v1/announcements",
            operator,
            body,
            {"Content-Type": "application/json"},
        )
    boundary = uuid.uuid4().hex
    form = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="sample.json"\r\n'
        "Content-Type: application/json\r\n\r\n"
    ).encode()
    gateway.expect(
        201,
        "POST",
        f"/api/v1/announcements/{made['id']}/attachments",
        operator,
        form + SAMPLE.read_bytes() + f"\r\n--{boundary}--\r\n".encode(),
        {"Content-Type": f"multipart/form-data; boundary={boundary}"},
    )
