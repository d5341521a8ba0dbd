"""A person's own settings: one press each, kept for the next device, and never by a stranger's hand."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.domain.preferences import Preferences, Telling
from hub.services.accounts import preferences
from hub.services.accounts.cardholders import Cardholder
from hub.wiring import Hub
from storage.records import PreferencesRecord
from tests.conftest import SentMessages
from tests.web.pages.cardholders import texted
from tests.web.pages.reader import Page, Reader, shown

MOBILE = "13911112222"
HERE = "/my/settings"


@pytest.fixture
def reader(app: Flask, sms: SentMessages) -> Reader:
    return texted(app, sms, MOBILE)


def press(reader: Reader, field: str, value: str) -> Page:
    """The page behind the one press, which works without a script."""
    page = reader.open(HERE)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.html)
    assert token is not None
    assert f'name="{field}" value="{value}"' in page.html
    answer = reader.web.post(HERE, data={"csrf_token": token[1], field: value})
    assert answer.status_code == 303
    return reader.open(answer.location)


def pressed(page: Page) -> set[str]:
    return {
        f"{name}={value}" for name, value in re.findall(r'name="(\w+)" value="(\w+)" aria-pressed="true"', page.html)
    }


def chosen(hub: Hub) -> Preferences:
    with hub.reading(HUB) as tx:
        indexes = tuple(tx.keyring.indexes(MOBILE, purpose="mobile"))
        return preferences.of(tx, Cardholder(key="k", mobile=MOBILE, mobile_indexes=indexes))


def test_nothing_is_chosen_at_first_and_the_mobile_is_masked(reader: Reader, hub: Hub) -> None:
    page = reader.open(HERE)
    assert pressed(page) == {"text=normal", "contrast=normal", "language=zh", "telling=mail"}
    assert "139****2222" in page.text
    assert MOBILE not in page.text
    assert 'href="/my/settings"' in reader.open("/my/").html
    with hub.reading(HUB) as tx:
        assert tx.session.query(PreferencesRecord).count() == 0


@pytest.mark.parametrize(
    ("field", "value", "there"),
    [
        ("text", "large", 'class="text-large"'),
        ("contrast", "high", "contrast-high"),
        ("language", "en", '<html lang="en"'),
    ],
)
def test_one_press_changes_how_pages_look_here_and_at_the_next_sign_in(
    app: Flask, sms: SentMessages, reader: Reader, field: str, value: str, there: str
) -> None:
    page = press(reader, field, value)
    assert f"{field}={value}" in pressed(page)
    assert there in reader.open("/my/").html
    # Another phone, in which nothing was ever chosen.
    assert there in texted(app, sms, MOBILE).open("/my/").html
    assert there not in texted(app, sms, "13911113333").open("/my/").html


def test_what_was_chosen_in_a_browser_stays_there_at_a_sign_in(app: Flask, sms: SentMessages, reader: Reader) -> None:
    press(reader, "text", "large")
    another = Reader(app.test_client())
    another.open("/apply/?text=normal")
    asked = another.open("/sign-in/").press("发送验证码", {"mobile": MOBILE})
    asked.press("登录", {"code": sms.sent[-1][1][:6]})
    assert "text-large" not in another.open("/my/").html


def test_a_choice_by_a_link_is_kept_for_who_is_signed_in(reader: Reader, hub: Hub) -> None:
    reader.open("/my/?text=large&lang=en")
    assert (chosen(hub).has_large_print, chosen(hub).language) == (True, "en")
    reader.open("/my/?text=huge&lang=fr")
    assert (chosen(hub).has_large_print, chosen(hub).language) == (True, "en")


def test_by_what_to_be_told_is_one_press(reader: Reader, hub: Hub) -> None:
    assert "telling=both" in pressed(press(reader, "telling", "both"))
    assert (chosen(hub).telling, chosen(hub).is_quiet) == (Telling.BOTH, False)
    assert "telling=none" in pressed(press(reader, "telling", "none"))
    assert chosen(hub).is_quiet
    assert "telling=sms" in pressed(press(reader, "telling", "sms"))
    assert (chosen(hub).telling, chosen(hub).is_quiet) == (Telling.SMS, False)


def test_the_day_of_wages_is_chosen_from_a_list_and_can_be_taken_back(reader: Reader, hub: Hub) -> None:
    page = reader.open(HERE).press("保存", {"wage_day": "31"})
    assert "已保存" in page.text
    assert chosen(hub).wage_day == 31
    page.press("保存", {"wage_day": ""})
    assert chosen(hub).wage_day is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("wage_day", "32"), ("wage_day", "0"), ("wage_day", "ten"), ("telling", "pigeon"), ("language", "fr")],
)
def test_what_is_no_choice_changes_nothing(reader: Reader, hub: Hub, field: str, value: str) -> None:
    page = reader.open(HERE)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.html)
    assert token is not None
    answer = shown(reader.web, reader.web.post(HERE, data={"csrf_token": token[1], field: value}))
    assert answer.status_code == 422
    assert "需要修改" in answer.get_data(as_text=True)
    assert chosen(hub) == Preferences()


def test_all_of_it_can_be_forgotten(reader: Reader, hub: Hub) -> None:
    press(reader, "text", "large")
    press(reader, "telling", "none")
    page = reader.open(HERE).press("恢复原来的设置")
    assert pressed(page) == {"text=normal", "contrast=normal", "language=zh", "telling=mail"}
    with hub.reading(HUB) as tx:
        assert tx.session.query(PreferencesRecord).count() == 0
