"""The calendar file of an agreement's payments, read back by a reader that shares no code with its writer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from hub.documents.payment_calendar import PaymentDays, calendar_file
from hub.domain.payments import PaymentRow, RowStatus

MADE = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)
ADDRESS = "https://hub.example/my/negotiations/01a223fb5cd5746ab6326f305799b197/agreement"


def row(number: int, due_on: date) -> PaymentRow:
    return PaymentRow(number=number, due_on=due_on, total_fen=54_000, paid_fen=0, status=RowStatus.DUE, reported=())


def file_of(rows: list[PaymentRow], *, version: int = 0, number: str = "XY-20261121-1", language: str = "zh") -> bytes:
    payments = PaymentDays(agreement_number=number, address=ADDRESS, version=version, rows=rows)
    return calendar_file(payments, language=language, made_at=MADE)


def test_each_payment_is_a_day_with_an_alarm_at_nine_three_days_before() -> None:
    calendar = Calendar.from_ical(file_of([row(1, date(2026, 12, 20)), row(2, date(2027, 1, 20))], version=2))
    events = calendar.walk("VEVENT")
    assert [event.decoded("dtstart") for event in events] == [date(2026, 12, 20), date(2027, 1, 20)]
    assert {str(event["summary"]) for event in events} == {"还款日"}
    assert {str(event["sequence"]) for event in events} == {"2"}
    assert len({str(event["uid"]) for event in events}) == 2
    assert {str(event["url"]) for event in events} == {ADDRESS}
    for event in events:
        [alarm] = event.walk("VALARM")
        before = alarm.decoded("trigger")
        midnight = datetime.combine(event.decoded("dtstart"), datetime.min.time())
        assert midnight + before == midnight - timedelta(days=3) + timedelta(hours=9)
        assert str(alarm["action"]) == "DISPLAY"


def test_neither_a_bank_nor_a_sum_nor_a_person_stands_in_it() -> None:
    text = file_of([row(1, date(2026, 12, 20))]).decode()
    for word in ("银行", "Bank", "540", "元", "欠", "协商"):
        assert word not in text


def test_in_english_the_day_is_called_so() -> None:
    [event] = Calendar.from_ical(file_of([row(1, date(2026, 12, 20))], language="en")).walk("VEVENT")
    assert str(event["summary"]) == "Payment day"


@given(
    number=st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=80),
    days=st.lists(st.dates(date(2026, 1, 1), date(2040, 1, 1)), min_size=1, max_size=60),
)
def test_every_line_is_short_and_all_is_read_back(number: str, days: list[date]) -> None:
    content = file_of([row(place, day) for place, day in enumerate(days, start=1)], number=number)
    assert content.endswith(b"END:VCALENDAR\r\n")
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() is not None for line in lines)
    events = Calendar.from_ical(content).walk("VEVENT")
    assert [event.decoded("dtstart") for event in events] == days
    assert str(events[0]["uid"]).startswith(number)
