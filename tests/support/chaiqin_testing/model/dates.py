"""Days and months as the interchange format and the API write them."""

from datetime import date, timedelta


def roc_day(text):
    return date(int(text[:3]) + 1911, int(text[3:5]), int(text[5:7]))


def roc_text(day):
    return f"{day.year - 1911:03d}{day.month:02d}{day.day:02d}"


def roc_month(month):
    """'2026-10' → '11510'."""
    return f"{int(month[:4]) - 1911:03d}{month[5:]}"


def month_of(day):
    return f"{day.year}-{day.month:02d}"


def months_apart(month, count):
    """The month `count` months after (before, if negative) one written '2026-10'."""
    index = int(month[:4]) * 12 + int(month[5:]) - 1 + count
    return f"{index // 12}-{index % 12 + 1:02d}"


def first_and_last_day(month):
    first = date(int(month[:4]), int(month[5:]), 1)
    return first, date.fromisoformat(months_apart(month, 1) + "-01") - timedelta(days=1)


def previous_month(today):
    return months_apart(month_of(today), -1)
