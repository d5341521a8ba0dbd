"""Forms that were begun and not sent: kept as they are, shown to their person alone, and gone once they are sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.services.accounts.attempts import Limit
from hub.services.operating import sweeps
from hub.web.pages import unfinished
from hub.wiring import Hub
from storage.records import LogEntryRecord, UnfinishedFormRecord
from tests.conftest import SentMessages
from tests.web.caller import Caller
from tests.web.pages.apply.rows import count
from tests.web.pages.cardholders import launched, texted
from tests.web.pages.my.conftest import icbc, offered, sent
from tests.web.pages.reader import Page, Reader

__all__ = ["icbc", "offered", "sent"]

REASON = "/apply/reason"
MINE, ANOTHERS = "13800138081", "13800138082"
FIELD = "hardship.description"
WORDS = "住院三个月"
AGAIN = "您上次写到这里，还没有提交。"
SCRIPT = {unfinished.SCRIPT_HEADER: unfinished.SCRIPT}


@pytest.fixture
def reader(app: Flask, host_app: Caller) -> Reader:
    """A person whom the host app sent over."""
    return launched(app, host_app)


@pytest.fixture
def mine(app: Flask, sms: SentMessages) -> Reader:
    """A person who signed in by text message."""
    return texted(app, sms, MINE)


def token_of(page: Page) -> str:
    return next(value for form in page.forms for name, value in form.fields if name == "csrf_token")


def draft(page: Page, **values: Any) -> TestResponse:
    """What the script is answered that keeps the page's form."""
    data = {**{name.replace("__", "."): v for name, v in values.items()}, "csrf_token": token_of(page), "do": "draft"}
    return page.reader.web.post(page.address.partition("?")[0], data=data, headers=SCRIPT)


def rows(hub: Hub) -> list[tuple[str, bool]]:
    with hub.reading(HUB) as tx:
        return [(each.address, each.held) for each in tx.session.query(UnfinishedFormRecord)]


def come_back(page: Page, sms: SentMessages, mobile: str) -> Page:
    """The page behind the sign-in that `page` is."""
    return page.press("发送验证码", {"mobile": mobile}).press("登录", {"code": sms.sent[-1][1][:6]})


def test_a_step_is_kept_as_it_is_and_seen_on_another_phone(
    app: Flask, sms: SentMessages, mine: Reader, hub: Hub
) -> None:
    kept = draft(mine.open(REASON), hardship__description=WORDS, hardship__since="昨天吧", once="x" * 20, code="123456")
    assert (kept.status_code, kept.get_data()) == (204, b"")
    assert kept.headers["Draft-Saved"].count(":") == 1
    assert int(kept.headers["Session-Left"]) > 7000
    with hub.reading(HUB) as tx:
        [record] = tx.session.query(UnfinishedFormRecord)
        assert WORDS.encode() not in record.values_sealed
    page = texted(app, sms, MINE).open(REASON)
    fields = dict(page.form("保存并继续").fields)
    assert (page.status, fields[FIELD], fields["hardship.since"]) == (200, WORDS, "昨天吧")
    assert AGAIN in page.text
    assert page.reader.open("/apply/steps").text.count("进行中") == 1
    assert "继续填写" in page.reader.open("/apply/").text
    assert "继续填写" in page.reader.open("/my/").text
    assert dict(texted(app, sms, ANOTHERS).open(REASON).form("保存并继续").fields)[FIELD] == ""
    # Afresh is as it was kept by a button the last time, which is never.
    assert AGAIN not in page.press("不要了，重新填写").text
    assert rows(hub) == []


def test_a_step_that_is_sent_is_unfinished_no_more_and_one_that_is_wrong_is_no_news(mine: Reader, hub: Hub) -> None:
    page = mine.open(REASON)
    draft(page, hardship__description=WORDS)
    wrong = page.press("保存并继续", {FIELD: WORDS})
    assert wrong.status == 422
    assert AGAIN not in wrong.text
    assert dict(wrong.form("保存并继续").fields)[FIELD] == WORDS
    assert rows(hub) == []
    draft(page, hardship__description="又写了一句")
    assert dict(mine.open(REASON).form("保存并继续").fields)[FIELD] == "又写了一句"
    page.press("保存并继续", {FIELD: WORDS, "hardship.reasons": ["illness"]})
    assert rows(hub) == []
    saved = mine.open(REASON)
    assert AGAIN not in saved.text
    assert dict(saved.form("保存并继续").fields)[FIELD] == WORDS
    # A form that another window has not sent yet takes nothing away: it can be thrown away.
    draft(page, hardship__description="别的窗口")
    assert dict(mine.open(REASON).press("不要了，重新填写").form("保存并继续").fields)[FIELD] == WORDS


@pytest.mark.parametrize("below", ["message", "call", "withdraw", "credit-note"])
def test_a_form_of_a_negotiation_is_kept_and_nothing_is_done(
    sent: Page, hub: Hub, app: Flask, host_app: Caller, below: str
) -> None:
    address = f"{sent.address}/{below}"
    page = sent.reader.open(address)
    before = count(hub, LogEntryRecord)
    assert draft(page, text=WORDS).status_code == 204
    assert count(hub, LogEntryRecord) == before
    again = sent.reader.open(address)
    assert (again.status, AGAIN in again.text) == (200, True)
    [form] = [each for each in again.forms if any(name == "text" for name, _ in each.fields)]
    assert dict(form.fields)["text"] == WORDS
    # Another's negotiation is as unknown as none, and nothing is kept of it.
    other = launched(app, host_app)
    data = {"csrf_token": token_of(other.open("/my/settings")), "do": "draft", "text": WORDS}
    assert other.web.post(address, data=data).status_code == 404
    assert rows(hub) == [(address, False)]


def test_a_counter_offer_is_shown_in_its_kind(offered: Page) -> None:
    address = f"{offered.address.partition('/offers/')[0]}/counter"
    page = offered.reader.open(f"{address}?kind=deferral")
    typed = {"terms.months": "三", "terms.note": WORDS}
    draft(page, **{**dict(page.form("看一遍再发送").fields), **typed})
    again = offered.reader.open(address)
    fields = dict(again.form("看一遍再发送").fields)
    assert (fields["terms.kind"], fields["terms.months"], fields["terms.note"]) == ("deferral", "三", WORDS)
    # Looked at before it is sent, it is not sent, and still there.
    looked = again.press("看一遍再发送", {"terms.months": "3"})
    assert looked.status == 200, looked.text
    assert AGAIN in offered.reader.open(address).text
    looked.press("发给银行")
    assert AGAIN not in offered.reader.open(address).text


def test_a_message_that_was_sent_is_not_shown_as_unfinished(sent: Page, hub: Hub) -> None:
    page = sent.reader.open(f"{sent.address}/message")
    draft(page, text=WORDS)
    assert WORDS in sent.reader.open(f"{sent.address}/message").press("发送", {"text": WORDS}).text
    assert rows(hub) == []
    assert AGAIN not in sent.reader.open(f"{sent.address}/message").text


def test_what_is_too_long_is_cut_and_who_keeps_too_much_waits(
    mine: Reader, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = mine.open(REASON)
    many = {f"f{number}": "y" * 6000 for number in range(60)}
    assert draft(page, hardship__description="x" * 6000, **many).status_code == 204
    kept = dict(mine.open(REASON).form("保存并继续").fields)[FIELD]
    assert kept == "x" * 5000
    with hub.reading(HUB) as tx:
        [record] = tx.session.query(UnfinishedFormRecord)
        assert len(record.values_sealed) < 120_000
    monkeypatch.setattr(unfinished, "_DRAFTS", Limit(name="few", amount=1, window=timedelta(hours=1)))
    assert draft(page, hardship__description="1").status_code == 204
    refused = draft(page, hardship__description="2")
    assert (refused.status_code, "Retry-After" in refused.headers) == (429, True)
    assert dict(mine.open(REASON).form("保存并继续").fields)[FIELD] == "1"


def test_forms_are_forgotten_after_thirty_days(mine: Reader, hub: Hub, clock: FixedClock) -> None:
    draft(mine.open(REASON), hardship__description=WORDS)
    clock.at += timedelta(days=29)
    sweeps.forget_old(hub, real_now=hub.real_clock.now())
    assert rows(hub) == [(REASON, False)]
    clock.at += timedelta(days=2)
    assert dict(mine.open(REASON).form("保存并继续").fields)[FIELD] == ""
    sweeps.forget_old(hub, real_now=hub.real_clock.now())
    assert rows(hub) == []


def test_only_forms_that_are_kept_take_a_draft(mine: Reader, hub: Hub) -> None:
    page = mine.open("/apply/steps")
    answer = mine.web.post("/my/sessions", data={"csrf_token": token_of(page), "do": "draft", "text": WORDS})
    assert answer.status_code == 303
    assert rows(hub) == []


def test_what_is_longer_than_any_field_is_cut_however_it_was_sent(reader: Reader) -> None:
    page = reader.open(REASON)
    _, form = page.sent("保存并继续", {FIELD: "长" * 9000})
    form.setlist("do", ["later"])
    assert page.reader.send(REASON, form).address == "/apply/steps"
    left = dict(reader.open(REASON).form("保存并继续").fields)[FIELD]
    assert 5000 <= len(left.replace("\r", "")) <= 5001


def test_a_form_of_text_is_not_read_beyond_what_any_page_asks_for(reader: Reader, hub: Hub) -> None:
    page = reader.open(REASON)
    assert draft(page, hardship__description="x" * (1024 * 1024)).status_code == 413
    assert rows(hub) == []
    assert draft(page, hardship__description="x" * 900_000).status_code == 204
