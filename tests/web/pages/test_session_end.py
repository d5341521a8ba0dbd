"""The end of a cardholder's session: told before, put off by a word, and nothing that was typed is lost by it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from hub.domain.clock import FixedClock
from hub.services.accounts.attempts import Limit
from hub.services.operating import sweeps
from hub.web.pages import unfinished
from hub.wiring import Hub
from tests.applications import id_number
from tests.conftest import SentMessages
from tests.web.caller import Caller
from tests.web.pages.cardholders import launched, launched_in, texted
from tests.web.pages.reader import Reader
from tests.web.pages.test_unfinished import (
    AGAIN,
    ANOTHERS,
    FIELD,
    MINE,
    REASON,
    SCRIPT,
    WORDS,
    come_back,
    draft,
    mine,
    rows,
    token_of,
)

__all__ = ["mine"]

LONG = timedelta(hours=2, minutes=1)


def test_what_was_pressed_too_late_is_there_after_the_sign_in_and_was_not_sent(
    mine: Reader, sms: SentMessages, hub: Hub, real_clock: FixedClock
) -> None:
    page = mine.open(f"{REASON}?from=check")
    real_clock.at += LONG
    asked = page.press("保存并继续", {FIELD: WORDS, "hardship.reasons": ["illness"]})
    assert asked.address == "/sign-in/?next=/apply/reason%3Ffrom%3Dcheck"
    assert rows(hub) == [(REASON, True)]
    back = come_back(asked, sms, MINE)
    assert back.address == f"{REASON}?from=check"
    assert dict(back.form("保存并继续").fields)[FIELD] == WORDS
    assert AGAIN in back.text
    assert back.reader.open("/apply/steps").text.count("进行中") == 1
    assert rows(hub) == [(REASON, False)]


def test_another_who_signs_in_there_sees_nothing_and_the_person_elsewhere_neither(
    app: Flask, mine: Reader, sms: SentMessages, hub: Hub, real_clock: FixedClock
) -> None:
    page = mine.open(REASON)
    real_clock.at += LONG
    asked = page.press("保存并继续", {FIELD: WORDS})
    elsewhere = texted(app, sms, MINE).open(REASON)
    assert (dict(elsewhere.form("保存并继续").fields)[FIELD], AGAIN in elsewhere.text) == ("", False)
    other = come_back(asked, sms, ANOTHERS)
    assert (dict(other.form("保存并继续").fields)[FIELD], AGAIN in other.text) == ("", False)
    assert rows(hub) == [(REASON, True)]
    # Their browser does not hand it out later on.
    again = other.reader.open("/sign-in/").press("发送验证码", {"mobile": MINE})
    assert again.press("登录", {"code": sms.sent[-1][1][:6]}).status == 200
    assert AGAIN not in other.reader.open(REASON).text


def test_it_is_held_for_half_an_hour(mine: Reader, sms: SentMessages, hub: Hub, real_clock: FixedClock) -> None:
    page = mine.open(REASON)
    real_clock.at += LONG
    asked = page.press("保存并继续", {FIELD: WORDS})
    real_clock.at += timedelta(minutes=31)
    assert AGAIN not in come_back(asked, sms, MINE).text
    sweeps.forget_old(hub, real_now=real_clock.at)
    assert rows(hub) == []


def test_whom_a_host_app_sent_over_finds_the_words_when_it_sends_them_again(
    app: Flask, host_app: Caller, hub: Hub, real_clock: FixedClock
) -> None:
    me: dict[str, Any] = {"id_number": id_number(5), "mobile": "13900000005"}
    reader = launched(app, host_app, **me)
    page = reader.open(REASON)
    real_clock.at += LONG
    assert page.press("保存并继续", {FIELD: WORDS}).address.startswith("/sign-in/")
    # The app's own token is of the time before.
    real_clock.at -= LONG
    other = launched(app, host_app)
    assert other.entered == "/apply/"
    same = launched_in(reader, host_app, **me)
    assert same.entered == REASON
    assert dict(same.open(REASON).form("保存并继续").fields)[FIELD] == WORDS


def test_what_the_script_keeps_too_late_is_held_as_well(
    mine: Reader, sms: SentMessages, hub: Hub, real_clock: FixedClock
) -> None:
    page = mine.open(REASON)
    real_clock.at += timedelta(hours=13)
    sweeps.forget_old(hub, real_now=real_clock.at)
    late = draft(page, hardship__description=WORDS)
    assert (late.status_code, late.get_data(), late.headers["Draft-Held"]) == (401, b"", "1")
    asked = mine.open(REASON)
    assert asked.address == f"/sign-in/?next={REASON}"
    assert "刚才填的内容都留着，登录后接着填。" in asked.text
    assert dict(come_back(asked, sms, MINE).form("保存并继续").fields)[FIELD] == WORDS


def test_nothing_is_taken_of_who_signed_out_or_of_a_stranger(
    app: Flask, mine: Reader, sms: SentMessages, hub: Hub, real_clock: FixedClock
) -> None:
    page = mine.open(REASON)
    texted(app, sms, MINE).open("/my/sessions").press("在所有设备上退出")
    assert page.press("保存并继续", {FIELD: WORDS}).address == f"/sign-in/?next={REASON}"
    # The script is told, so that it can warn.
    assert "Draft-Held" not in draft(page, hardship__description=WORDS).headers
    stranger = Reader(app.test_client())
    data = {"csrf_token": token_of(stranger.open("/sign-in/")), "do": "draft", FIELD: WORDS}
    assert stranger.web.post(REASON, data=data).status_code == 303
    assert stranger.web.post(REASON, data={**data, "csrf_token": "x"}).status_code == 400
    assert rows(hub) == []


def test_who_sends_too_much_too_late_is_asked_to_sign_in_all_the_same(
    mine: Reader, hub: Hub, real_clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unfinished, "_HELD", Limit(name="few", amount=1, window=timedelta(hours=1)))
    page = mine.open(REASON)
    real_clock.at += LONG
    held = [draft(page, hardship__description=WORDS).headers.get("Draft-Held") for _ in range(2)]
    assert held == ["1", None]
    assert page.press("保存并继续", {FIELD: WORDS}).address == f"/sign-in/?next={REASON}"


def test_a_session_goes_on_at_one_word_for_a_day_at_most(real_clock: FixedClock, mine: Reader) -> None:
    page = mine.open(REASON)
    form = {"csrf_token": token_of(page)}
    assert 'data-session-left="7200"' in page.html
    for _ in range(23):
        real_clock.at += timedelta(hours=1)
        stays = mine.web.post("/sign-in/stay", data=form, headers=SCRIPT)
        assert stays.status_code == 204
        assert 3600 <= int(stays.headers["Session-Left"]) <= 7200
    real_clock.at += timedelta(minutes=59)
    assert 'data-session-left="60"' in mine.open(REASON).html
    real_clock.at += timedelta(minutes=1)
    over = mine.web.post("/sign-in/stay", data=form, headers=SCRIPT)
    assert (over.status_code, over.get_data()) == (401, b"")


def test_without_a_word_it_ends_after_two_hours_and_twelve_at_most(real_clock: FixedClock, mine: Reader) -> None:
    for _ in range(11):
        real_clock.at += timedelta(hours=1)
        assert mine.open(REASON).status == 200
    real_clock.at += timedelta(minutes=30)
    assert 'data-session-left="1800"' in mine.open(REASON).html
    real_clock.at += timedelta(minutes=30)
    assert mine.open(REASON).address.startswith("/sign-in/")


def test_other_windows_of_the_same_person_stay_good_and_of_another_not(
    mine: Reader, sms: SentMessages, real_clock: FixedClock
) -> None:
    page = mine.open(REASON)
    real_clock.at += LONG
    come_back(mine.open("/my/"), sms, MINE)
    assert draft(page, hardship__description=WORDS).status_code == 204
    real_clock.at += LONG
    come_back(mine.open("/my/"), sms, ANOTHERS)
    assert draft(page, hardship__description=WORDS).status_code == 400
