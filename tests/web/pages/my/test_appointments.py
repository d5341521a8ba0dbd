"""A person meets the bank by its pages: books, sees who comes and the pass code, cancels, reads the report."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.wiring import Hub
from storage import tasks
from tests.applications import BANK_NAMES, ICBC
from tests.conftest import SentMessages
from tests.web.api.visits import REPORT, code_of, open_service, slot_of
from tests.web.caller import Caller, made
from tests.web.pages.cardholders import launched
from tests.web.pages.reader import Page, Reader
from tests.web.pages.reading_aloud import foreign, said_in

DAY_OF_TIMES = re.compile(r"<details( open)?>\s*<summary>(.*?)</summary>(.*?)</details>", re.DOTALL)
BANKS = frozenset(name for names in BANK_NAMES.values() for name in names)


@pytest.fixture
def negotiation(hub: Hub, sent: Page, icbc: Caller) -> str:
    open_service(hub)
    return sent.address.rpartition("/")[2]


def new(reader: Reader, negotiation: str, kind: str = "branch") -> Page:
    return reader.open(f"/my/appointments/new?negotiation={negotiation}&kind={kind}")


def booked(reader: Reader, icbc: Caller, negotiation: str) -> Page:
    slot = slot_of(icbc)
    return new(reader, negotiation).press("提交预约", {"slot_id": [slot], "purpose": ["papers"]})


def id_of(page: Page) -> str:
    found = re.search(r"/my/appointments/([0-9a-f]{32})", page.address)
    assert found, page.address
    return found[1]


def test_a_person_books_sees_who_comes_and_says_the_code(
    reader: Reader, icbc: Caller, negotiation: str, clock: FixedClock, hub: Hub
) -> None:
    done = booked(reader, icbc, negotiation)
    assert "已经提交" in done.text
    assert "口令" not in done.text
    one = id_of(done)
    made(icbc.post(f"/bank/appointments/{one}/confirm", {"staff": ["A1", "A2"]}), 200)
    page = reader.open(f"/my/appointments/{one}")
    for words in ("王小明", "工号 A1", "李华", "不收现金", "95588"):
        assert words in page.text, words
    code = code_of(hub, one)
    assert code in page.text
    clock.at = datetime.fromisoformat("2026-11-24T10:00:00+08:00")
    made(icbc.post(f"/bank/appointments/{one}/begin", {"pass_code": code}), 200)
    made(icbc.post(f"/bank/appointments/{one}/report", REPORT), 200)
    after = reader.open(f"/my/appointments/{one}")
    for words in ("见面记录", "一致", "工资单", "收取了复印件"):
        assert words in after.text, words
    assert code not in after.text


def test_the_note_is_a_paper(
    reader: Reader, icbc: Caller, negotiation: str, clock: FixedClock, printed: list[str], hub: Hub
) -> None:
    one = id_of(booked(reader, icbc, negotiation))
    assert reader.web.get(f"/my/appointments/{one}/visit-note.pdf").status_code == 404
    made(icbc.post(f"/bank/appointments/{one}/confirm", {"staff": ["A1", "A2"]}), 200)
    clock.at = datetime.fromisoformat("2026-11-24T10:00:00+08:00")
    made(icbc.post(f"/bank/appointments/{one}/begin", {"pass_code": code_of(hub, one)}), 200)
    made(icbc.post(f"/bank/appointments/{one}/report", REPORT), 200)
    paper = reader.web.get(f"/my/appointments/{one}/visit-note.pdf")
    assert paper.mimetype == "application/pdf"
    for words in ("王小明，工号 A1", "李华，工号 A2", "工资单", "a" * 64, "没有收付任何款项"):
        assert words in printed[-1], words


def test_the_note_is_signed_on_its_page_with_a_code(
    reader: Reader,
    icbc: Caller,
    negotiation: str,
    clock: FixedClock,
    printed: list[str],
    hub: Hub,
    sms: SentMessages,
) -> None:
    one = id_of(booked(reader, icbc, negotiation))
    made(icbc.post(f"/bank/appointments/{one}/confirm", {"staff": ["A1", "A2"]}), 200)
    assert reader.open(f"/my/appointments/{one}/sign").address == f"/my/appointments/{one}"
    clock.at = datetime.fromisoformat("2026-11-24T10:00:00+08:00")
    made(icbc.post(f"/bank/appointments/{one}/begin", {"pass_code": code_of(hub, one)}), 200)
    made(icbc.post(f"/bank/appointments/{one}/report", REPORT), 200)
    form = reader.open(f"/my/appointments/{one}/sign").press("发送确认码")
    assert "确认码已发出" in form.text
    code = sms.sent[-1][1].split()[0]
    refused = form.press("签署", {"confirmation_code": code})
    assert (refused.status, "您已于" in refused.text) == (422, False)
    assert "请勾选“我看过见面记录，内容属实”" in refused.text
    signed = refused.press("签署", {"agreed": ["1"], "confirmation_code": code})
    for words in ("见面记录已经签署", "您已于"):
        assert words in signed.text, words
    reader.web.get(f"/my/appointments/{one}/visit-note.pdf")
    assert "用手机确认码签署本记录" in printed[-1]


def test_it_is_cancelled_without_a_reason(reader: Reader, icbc: Caller, negotiation: str) -> None:
    done = booked(reader, icbc, negotiation).press("取消这次预约")
    assert "已经取消" in done.text
    assert "已取消" in reader.open("/my/appointments").text
    assert "/my/appointments/new" in done.links


def test_the_soonest_stands_first_and_what_is_over_last(reader: Reader, icbc: Caller, negotiation: str) -> None:
    slots = [slot_of(icbc, day=day) for day in ("2026-11-25", "2026-11-24", "2026-11-26")]
    late, soon, over = (
        id_of(new(reader, negotiation).press("提交预约", {"slot_id": [slot], "purpose": ["papers"]})) for slot in slots
    )
    reader.open(f"/my/appointments/{over}").press("取消这次预约")
    listed = [link.rpartition("/")[2] for link in reader.open("/my/appointments").links]
    assert [each for each in listed if each in (late, soon, over)] == [soon, late, over]


def test_who_was_not_there_is_not_spoken_of_as_a_customer(
    reader: Reader, icbc: Caller, negotiation: str, clock: FixedClock
) -> None:
    one = id_of(booked(reader, icbc, negotiation))
    made(icbc.post(f"/bank/appointments/{one}/confirm", {"staff": ["A1", "A2"]}), 200)
    clock.at = datetime.fromisoformat("2026-11-24T12:00:00+08:00")
    made(icbc.post(f"/bank/appointments/{one}/missed", {"by": "person"}), 200)
    for address in ("/my/", "/my/appointments", f"/my/appointments/{one}"):
        page = reader.open(address)
        assert "这次没有见到" in page.text, address
        assert "客户" not in page.text, address
    assert "/my/appointments/new" in reader.open(f"/my/appointments/{one}").links


def test_another_time_is_agreed_to(reader: Reader, icbc: Caller, negotiation: str) -> None:
    one = id_of(booked(reader, icbc, negotiation))
    other = slot_of(icbc, day="2026-11-25")
    move = {"slot_id": other, "staff": ["A1", "A3"], "text": "那天临时有会"}
    made(icbc.post(f"/bank/appointments/{one}/move", move), 200)
    page = reader.open(f"/my/appointments/{one}")
    assert "那天临时有会" in page.text
    assert re.search(r"请在 .+ 前决定。到时候还没有同意，这次预约自动取消。", page.text)
    assert "到时候还没有同意，这次预约自动取消。" in reader.open("/my/").text
    assert "已经同意新的时间" in page.press("同意新的时间").text


def test_times_stand_by_day_with_the_first_days_and_the_chosen_one_open(
    reader: Reader, icbc: Caller, negotiation: str
) -> None:
    days = ("2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27")
    slots = {day: [slot_of(icbc, day=day, begins=begins) for begins in ("10:00", "14:00")] for day in days}
    page = new(reader, negotiation)
    found = DAY_OF_TIMES.findall(page.html)
    assert [(heading, bool(is_open)) for is_open, heading, _ in found] == [
        ("11 月 24 日（周二）：2 个时间", True),
        ("11 月 25 日（周三）：2 个时间", True),
        ("11 月 26 日（周四）：2 个时间", False),
        ("11 月 27 日（周五）：2 个时间", False),
    ]
    assert [re.findall(r'value="(\w+)"', options) for _, _, options in found] == list(slots.values())
    again = page.press("提交预约", {"slot_id": [slots["2026-11-27"][1]]})
    assert again.status == 422
    assert [bool(is_open) for is_open, _, _ in DAY_OF_TIMES.findall(again.html)] == [True, True, False, True]


def test_a_visit_at_home_asks_why_where_and_whether_the_address_may_be_told(
    reader: Reader, icbc: Caller, negotiation: str
) -> None:
    slot = slot_of(icbc, "home")
    again = new(reader, negotiation, "home").press("提交预约", {"slot_id": [slot], "purpose": ["papers"]})
    assert again.status == 422
    for words in ("请填写地址", "请先勾选同意"):
        assert words in again.text, words
    asked = {"own_words": "腿伤，出不了门", "address": "某某胡同 5 号", "address_consent": ["1"]}
    done = again.press("提交预约", {"slot_id": [slot], "purpose": ["papers"], **asked})
    assert "已经提交" in done.text
    assert "某某胡同 5 号" in done.text


def test_who_came_too_late_is_told_and_keeps_what_they_wrote(
    app: Flask, host_app: Caller, reader: Reader, icbc: Caller, negotiation: str
) -> None:
    slot = slot_of(icbc)
    form = new(reader, negotiation)
    slot_of(icbc, day="2026-11-25")
    other = launched(app, host_app, subject="somebody-else")
    elsewhere = other.open(f"/my/appointments/new?bank={ICBC}")
    taken = elsewhere.press("提交预约", {"slot_id": [slot], "purpose": ["papers"], "called": "李先生"})
    assert "已经提交" in taken.text
    late = form.press("提交预约", {"slot_id": [slot], "purpose": ["papers"], "own_words": "想交工资单"})
    assert late.status == 409
    assert "刚刚被别人约走" in late.text
    assert "想交工资单" in late.html


def test_what_went_wrong_reaches_an_operator(
    reader: Reader, icbc: Caller, negotiation: str, clock: FixedClock, hub: Hub
) -> None:
    one = id_of(booked(reader, icbc, negotiation))
    made(icbc.post(f"/bank/appointments/{one}/confirm", {"staff": ["A1", "A2"]}), 200)
    clock.at = datetime.fromisoformat("2026-11-24T10:20:00+08:00")
    page = reader.open(f"/my/appointments/{one}")
    told = page.press("告诉我们", {"trouble": ["asked_for_money"], "text": "要我扫码"})
    assert "已经记下" in told.text
    with hub.reading(HUB) as tx:
        assert "visit_trouble" in {each.kind for each in tasks.list_open(tx, limit=20)}


@pytest.mark.parametrize(
    ("kind", "where", "in_english"),
    [
        ("branch", "branch 一 西单北大街 1 号", "At the branch:"),
        ("video", "视频见面，不用出门", "By video"),
        ("home", "上门，到您写的地址", "come to the address that you gave"),
    ],
)
def test_when_and_where_it_is_stands_among_all_that_the_person_asked(
    reader: Reader, icbc: Caller, negotiation: str, kind: str, where: str, in_english: str
) -> None:
    consents = {"address": "某某胡同 5 号", "address_consent": ["1"]} if kind == "home" else {}
    consents |= {"recording_consent": ["1"]} if kind == "video" else {}
    asked = {"slot_id": [slot_of(icbc, kind)], "purpose": ["papers"], "own_words": "腿伤，出不了门", **consents}
    assert "已经提交" in new(reader, negotiation, kind).press("提交预约", asked).text
    for address in ("/my/", "/my/appointments"):
        text = reader.open(f"{address}?lang=zh").text
        assert "2026 年 11 月 24 日（周二）10:00" in text.replace("\u00a0", " "), address
        assert where in text, address
        assert "某某胡同" not in text, address
        english = reader.open(f"{address}?lang=en").text
        assert "Tue 24 Nov 2026 10:00" in english.replace("\u00a0", " "), address
        assert in_english in english, address


def test_from_when_on_one_can_say_that_nobody_came_stands_on_the_page(
    reader: Reader, icbc: Caller, negotiation: str, clock: FixedClock
) -> None:
    one = id_of(booked(reader, icbc, negotiation))
    made(icbc.post(f"/bank/appointments/{one}/confirm", {"staff": ["A1", "A2"]}), 200)
    for time, can_say in (("10:00", False), ("10:29", False), ("10:30", True)):
        clock.at = datetime.fromisoformat(f"2026-11-24T{time}:00+08:00")
        page = reader.open(f"/my/appointments/{one}")
        assert ('value="nobody_came"' in page.html) is can_say, time
        assert ("请等到 10:30" in page.text) is not can_say, time
    assert "已经记下" in page.press("告诉我们", {"trouble": ["nobody_came"]}).text


def test_where_no_bank_offers_it_one_is_told_to_call(reader: Reader) -> None:
    assert "还没有银行在这里提供预约" in reader.open("/my/appointments/new").text


def test_the_pages_speak_one_language(reader: Reader, icbc: Caller, negotiation: str) -> None:
    one = id_of(booked(reader, icbc, negotiation))
    made(icbc.post(f"/bank/appointments/{one}/confirm", {"staff": ["A1", "A2"]}), 200)
    pages = ["/my/appointments", "/my/appointments/new", f"/my/appointments/{one}"]
    pages += [f"/my/appointments/new?negotiation={negotiation}&kind={each}" for each in ("branch", "video", "home")]
    for language in ("zh", "en"):
        for path in pages:
            html = reader.open(f"{path}{'&' if '?' in path else '?'}lang={language}").html
            assert list(foreign(said_in(html, language), language, BANKS)) == [], (path, language)


def test_an_appointment_that_goes_with_its_person_is_named_before_and_gone_after(
    reader: Reader, icbc: Caller, negotiation: str, sent: Page
) -> None:
    assert "和银行的预约" not in reader.open("/my/erasure").text
    one = id_of(booked(reader, icbc, negotiation))
    sent.reader.open(f"{sent.address}/withdraw").press("撤回", {"sure": ["1"]})
    page = reader.open("/my/erasure")
    assert "和银行的预约：时间、地点、见面的结果；没办完的会取消" in page.text
    page.press("删除我的资料", {"erase": ["1"]})
    assert icbc.get(f"/bank/appointments/{one}").status_code == 404
