"""Pages that answer a cardholder's form: kept, asked for by an address, and shown to nobody else."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.services.accounts.attempts import Limit
from hub.services.accounts.kept_answers import KEPT_FOR, MOST
from hub.services.operating import sweeps
from hub.web.pages import kept_answers
from hub.web.pages.unfinished import SCRIPT, SCRIPT_HEADER
from hub.wiring import Hub
from storage.records import LogEntryRecord, UnfinishedFormRecord
from tests.conftest import SentMessages
from tests.web.caller import Caller
from tests.web.pages.apply.rows import count
from tests.web.pages.cardholders import launched, texted
from tests.web.pages.my.conftest import icbc, offered, sent
from tests.web.pages.reader import Page, Reader

__all__ = ["icbc", "offered", "sent"]

WORDS = "请看附件里的住院证明"


@pytest.fixture
def reader(app: Flask, host_app: Caller) -> Reader:
    """A person whom the host app sent over."""
    return launched(app, host_app)


@pytest.fixture
def real_clock(hub: Hub, clock: FixedClock) -> FixedClock:
    """The clock of sessions, which stands until a test moves it."""
    made = FixedClock(hub.real_clock.now())
    hub.real_clock = made
    return made


def token_of(page: Page) -> str:
    return next(value for form in page.forms for name, value in form.fields if name == "csrf_token")


def refused(reader: Reader, address: str, **fields: str) -> TestResponse:
    """The answer to a form of that address, as the browser gets it."""
    return reader.web.post(address, data={"csrf_token": token_of(reader.open("/my/settings")), **fields})


def kept(hub: Hub) -> list[UnfinishedFormRecord]:
    with hub.reading(HUB) as tx:
        found = tx.session.query(UnfinishedFormRecord).all()
        tx.session.expunge_all()
    return [each for each in found if each.address.startswith("answer:")]


def message(sent: Page) -> str:
    return f"{sent.address}/message"


def test_the_page_that_answers_a_form_is_asked_for_by_an_address_and_the_same_every_time(sent: Page, hub: Hub) -> None:
    reader, here = sent.reader, message(sent)
    before = count(hub, LogEntryRecord)
    answer = refused(reader, here, text="", once="x" * 20)
    where = answer.headers["Location"]
    assert (answer.status_code, urlsplit(where).path, answer.get_data()) == (303, here, b"")
    assert answer.headers["Cache-Control"] == "private, no-store"
    page, again = reader.open(where), reader.open(where)
    assert (page.status, page.html) == (422, again.html)
    assert "需要修改" in page.text
    assert page.answer.headers["Cache-Control"] == "private, no-store"
    assert page.answer.headers["Referrer-Policy"] == "same-origin"
    assert page.answer.headers["Content-Language"] == "zh-CN"
    assert reader.web.head(where).status_code == 422
    assert count(hub, LogEntryRecord) == before
    # Its form is as good as any.
    done = page.press("发送", {"text": WORDS})
    assert (done.status, done.address) == (200, f"{sent.address}?done=message")


def test_it_is_sealed_and_shown_to_its_session_alone(app: Flask, sent: Page, sms: SentMessages, hub: Hub) -> None:
    where = refused(sent.reader, f"{sent.address}/call", text=WORDS, at="gestern").headers["Location"]
    [record] = kept(hub)
    assert record.held
    assert WORDS.encode() not in record.values_sealed
    plain = where.partition("?")[0]
    stranger = app.test_client().get(where)
    assert stranger.headers["Location"].startswith("/sign-in/?next=")
    for somebody in (texted(app, sms, "13800138091"), texted(app, sms, "13800138092")):
        assert somebody.web.get(where).headers["Location"] == plain
    # A page is not shown at another's address.
    elsewhere = where.replace("/call?", "/message?")
    assert sent.reader.web.get(elsewhere).headers["Location"] == message(sent)
    for unknown in ("", "x", "x" * 200, "%00", "%25"):
        assert sent.reader.web.get(f"{plain}?answer={unknown}").headers["Location"] == plain
    sent.reader.open("/my/").press("退出")
    assert sent.reader.web.get(where).headers["Location"].startswith("/sign-in/?next=")


def test_it_is_kept_for_half_an_hour(sent: Page, real_clock: FixedClock, hub: Hub) -> None:
    where = refused(sent.reader, message(sent), text="").headers["Location"]
    real_clock.at += KEPT_FOR - timedelta(seconds=1)
    assert sent.reader.open(where).status == 422
    sweeps.forget_old(hub, real_now=real_clock.at)
    assert len(kept(hub)) == 1
    real_clock.at += timedelta(seconds=1)
    over = sent.reader.web.get(where)
    assert (over.status_code, over.headers["Location"]) == (303, message(sent))
    sweeps.forget_old(hub, real_now=real_clock.at)
    assert kept(hub) == []


def test_the_newest_few_of_a_person_are_kept(sent: Page, real_clock: FixedClock, hub: Hub) -> None:
    shown = []
    for _ in range(MOST + 2):
        real_clock.at += timedelta(seconds=1)
        shown.append(refused(sent.reader, message(sent), text="").headers["Location"])
    assert len(kept(hub)) == MOST
    assert [sent.reader.web.get(each).status_code for each in shown] == [303, 303, *[422] * MOST]


def test_at_an_address_that_only_takes_forms_it_is_shown_too(offered: Page, clock: FixedClock) -> None:
    address = f"{offered.address.partition('#')[0]}/code"
    clock.at += timedelta(days=60)
    where = refused(offered.reader, address).headers["Location"]
    assert where.startswith(f"{address}?answer=")
    assert offered.reader.open(where).status == 409
    # There is a page of the offer, and none of its code.
    lost = offered.reader.web.get(f"{address}?sent=1&answer=unknown")
    assert (lost.status_code, lost.headers["Location"]) == (303, f"{offered.address.partition('#')[0]}?sent=1")


def test_in_another_language_or_size_the_form_itself_is_shown_with_what_was_typed(offered: Page) -> None:
    here = offered.address.partition("/offers")[0] + "/counter"
    form = offered.reader.open(here)
    page = form.press("看一遍再发送", {"terms.monthly_payment_fen": "很多"})
    assert page.status == 422
    assert {"?lang=en", "?text=large"} <= {*page.links}
    where = page.full_address
    for chosen in ("lang=en", "text=large"):
        asked = offered.reader.web.get(f"{where}&{chosen}")
        assert (asked.status_code, asked.headers["Location"]) == (303, f"{here}?{chosen}")
    english = offered.reader.open(f"{here}?lang=en")
    assert english.status == 200
    assert "很多" in english.html
    # From now on pages are in English.
    assert offered.reader.web.get(where).headers["Location"] == here


def test_a_form_that_is_begun_afresh_from_its_answer_is_empty(sent: Page) -> None:
    here = message(sent)
    refused(sent.reader, f"{sent.address}/call", text=WORDS, at="gestern")
    answer = refused(sent.reader, here, text="字" * 4001)
    assert "字字字" in sent.reader.open(here).html
    begun = refused(sent.reader, answer.headers["Location"], do="afresh")
    assert begun.headers["Location"] == here
    assert "字字字" not in sent.reader.open(here).html
    assert WORDS in sent.reader.open(f"{sent.address}/call").html


def test_what_a_script_asks_for_and_what_is_no_form_of_ours_stay_as_they_are(offered: Page, hub: Hub) -> None:
    web, here = offered.reader.web, offered.address.partition("/offers")[0]
    token = token_of(offered.reader.open("/my/settings"))
    script = {SCRIPT_HEADER: SCRIPT}
    assert web.post(f"{here}/message", data={"csrf_token": token, "text": ""}, headers=script).status_code == 422
    # A part of a page.
    assert web.post(f"{here}/counter/preview", data={"csrf_token": token}).status_code == 200
    assert web.post(f"{here}/message", data={"text": ""}).status_code == 400
    assert web.post(f"/my/negotiations/{'0' * 32}/message", data={"csrf_token": token}).status_code == 404
    assert web.post("/my/", data={"csrf_token": token}).status_code == 405
    assert kept(hub) == []


def test_before_the_sign_in_it_is_the_browsers_own(app: Flask, hub: Hub, sms: SentMessages) -> None:
    reader, other = Reader(app.test_client()), Reader(app.test_client())
    page = reader.open("/sign-in/").press("发送验证码", {"mobile": "12345"})
    assert (page.status, page.address) == (422, "/sign-in/")
    assert "12345" in page.html
    assert "12345" not in page.full_address
    assert reader.open(page.full_address).html == page.html
    for _ in range(2):
        assert other.web.get(page.full_address).headers["Location"] == "/sign-in/"
        # With answers of its own as well.
        other.open("/sign-in/").press("发送验证码", {"mobile": "54321"})
    code = page.press("发送验证码", {"mobile": "13800138093"})
    wrong = code.press("登录", {"code": "1"})
    assert (wrong.status, wrong.address) == (422, "/sign-in/code")
    assert wrong.press("登录", {"code": sms.sent[-1][1][:6]}).status == 200
    assert reader.open(wrong.full_address).status == 422
    assert len(kept(hub)) == 4


def test_strangers_fill_no_database(app: Flask, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_answers, "_OF_STRANGERS", Limit(name="kept-answers", amount=2, window=timedelta(hours=1)))
    for number in range(4):
        reader = Reader(app.test_client())
        token = token_of(reader.open("/sign-in/"))
        answer = reader.web.post("/sign-in/", data={"csrf_token": token, "mobile": "12345"})
        assert answer.status_code == (303 if number < 2 else 422)
    assert len(kept(hub)) == 2
