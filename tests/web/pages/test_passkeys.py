"""Passkeys: made, used and removed; and every way in which an answer of a device can be wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.services.accounts import staff
from hub.services.operating import audit
from hub.settings import Settings
from hub.wiring import Hub
from tests.web.pages.colleague import Colleague
from tests.web.pages.conftest import Visit
from tests.web.pages.passkey_device import PasskeyDevice
from tests.web.pages.visitor import Visitor

ORIGIN = "https://hub.example"
DOOR, BY_PASSKEY, CODE = "/sign-in/staff", "/sign-in/staff/passkey", "/sign-in/staff/code"
SECURITY, ADD = "/portal/security", "/portal/security/passkeys"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The hub has a name, without which browsers know no passkeys."""
    return replace(settings, public_url=ORIGIN)


@pytest.fixture
def clerk(app: Flask, hub: Hub, banks: dict[str, Bank], real_clock: FixedClock) -> Colleague:
    return Colleague(app, hub, real_clock)


def asked(page: str) -> str:
    """What the page asks of a device."""
    found = re.search(r'data-options="([^"]+)"', page)
    assert found is not None
    return unescape(found[1])


def added(clerk: Colleague, name: str = "办公电脑") -> PasskeyDevice:
    device = PasskeyDevice(ORIGIN)
    answer = clerk.post(ADD, {"name": name, "passkey": device.make(asked(clerk.page(SECURITY)))})
    assert answer.headers.get("Location") == f"{SECURITY}?done=passkey"
    return device


def try_in(browser: Visitor, answer: str, at: str = BY_PASSKEY) -> int:
    return browser.post(at, {"passkey": answer}).status_code


def test_a_passkey_is_named_listed_and_signs_in_alone(hub: Hub, visit: Visit, clerk: Colleague) -> None:
    device = added(clerk)
    page = clerk.page(SECURITY)
    assert "办公电脑" in page
    browser = visit()
    answer = browser.post(BY_PASSKEY, {"passkey": device.sign(asked(browser.page(DOOR))), "next": "/portal/sessions"})
    assert answer.headers["Location"] == "/portal/sessions"
    browser.page("/portal/")
    # Two factors were proved just now.
    assert len(clerk.page("/portal/sessions")) > 0
    assert browser.post("/portal/security/recovery-codes", {"left": "10"}).status_code == 200
    with hub.reading(HUB) as tx:
        lines = [each for each in audit.newest(tx) if each.kind in {"passkey_added", "signed_in"}]
    assert (lines[0].details["by"], lines[1].kind) == ("passkey", "passkey_added")


def test_a_passkey_is_a_second_step_after_the_password(app: Flask, hub: Hub, clerk: Colleague) -> None:
    device = added(clerk)
    browser = clerk.at_second_step()
    page = browser.page(CODE)
    assert '"allowCredentials"' in asked(page)
    assert try_in(browser, device.sign(asked(page)), CODE) == 303
    browser.page("/portal/")
    other = Colleague(app, hub, clerk.clock, email="other@bank.example")
    theirs = added(other)
    again = clerk.at_second_step()
    assert try_in(again, theirs.sign(asked(again.page(CODE))), CODE) == 422
    assert again.get("/portal/").status_code == 303


def test_before_anybody_is_named_no_passkey_is(visit: Visit, clerk: Colleague) -> None:
    before = asked(visit().page(DOOR))
    added(clerk)
    after = asked(visit().page(DOOR))
    assert (before + after).count('"allowCredentials": []') == 2
    assert len(before) == len(after)


def lies_about_origin(device: PasskeyDevice, options: str) -> str:
    device.origin = "https://hub.example.evil.example"
    return device.sign(options)


def does_not_know_its_owner(device: PasskeyDevice, options: str) -> str:
    device.knows_owner = False
    return device.sign(options)


def is_a_copy_with_an_older_count(device: PasskeyDevice, options: str) -> str:
    device.count = -1
    return device.sign(options)


def is_of_another_owner(device: PasskeyDevice, options: str) -> str:
    device.handle = b"somebody else"
    return device.sign(options)


def signs_with_another_key(device: PasskeyDevice, options: str) -> str:
    stranger = PasskeyDevice(ORIGIN)
    stranger.id, stranger.handle, stranger.count = device.id, device.handle, device.count
    return stranger.sign(options)


@pytest.mark.parametrize(
    "lie",
    [
        lies_about_origin,
        does_not_know_its_owner,
        is_a_copy_with_an_older_count,
        is_of_another_owner,
        signs_with_another_key,
        lambda device, options: device.sign(options, rp_id="other.example"),
        lambda device, options: device.sign(options, kind="webauthn.create"),
        lambda device, options: PasskeyDevice(ORIGIN).sign(options),
        lambda device, options: "{}",
        lambda device, options: "[" * 15_000,
        lambda device, options: "not json",
        lambda device, options: "[]",
        lambda device, options: "",
    ],
)
def test_an_answer_that_is_wrong_opens_nothing_and_says_no_more(
    visit: Visit, clerk: Colleague, lie: Callable[[PasskeyDevice, str], str]
) -> None:
    device, browser = added(clerk), visit()
    # It was used once, so that its count is known.
    first = visit()
    assert try_in(first, device.sign(asked(first.page(DOOR)))) == 303
    refused = browser.post(BY_PASSKEY, {"passkey": lie(device, asked(browser.page(DOOR)))})
    assert refused.status_code == 422
    assert "这个通行密钥不能用于登录" in refused.get_data(as_text=True)
    assert browser.get("/portal/").status_code == 303


def test_an_answer_is_taken_once_even_with_the_cookie_of_before(visit: Visit, clerk: Colleague) -> None:
    device, browser = added(clerk), visit()
    # Its count would tell as well.
    device.counts = False
    answer = device.sign(asked(browser.page(DOOR)))
    with browser.web.session_transaction() as kept:
        before = dict(kept)
    assert try_in(browser, answer) == 303
    thief = visit()
    with thief.web.session_transaction() as kept:
        kept.update({name: before[name] for name in before if name.startswith("passkey")})
    assert try_in(thief, answer) == 422
    assert thief.get("/portal/").status_code == 303


def test_an_answer_to_another_browsers_challenge_opens_nothing(visit: Visit, clerk: Colleague) -> None:
    device, thief = added(clerk), visit()
    thief.page(DOOR)
    assert try_in(thief, device.sign(asked(visit().page(DOOR)))) == 422


def test_a_challenge_is_over_after_five_minutes(
    visit: Visit, clerk: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    device, browser = added(clerk), visit()
    options = asked(browser.page(DOOR))
    with browser.web.session_transaction() as kept:
        kept["passkey_challenges"] = [[spelt, at - 301] for spelt, at in kept["passkey_challenges"]]
    assert try_in(browser, device.sign(options)) == 422


def test_a_passkey_confirms_what_asks_for_a_fresh_proof(clerk: Colleague) -> None:
    device = added(clerk)
    clerk.clock.at += timedelta(minutes=10)
    form = {"left": "10", "csrf_token": clerk.token()}
    refused = clerk.web.post("/portal/security/recovery-codes", data=form)
    assert refused.status_code == 401
    answer = device.sign(asked(refused.get_data(as_text=True)))
    done = clerk.web.post("/portal/security/recovery-codes", data={**form, "confirm.passkey": answer})
    assert done.status_code == 200
    assert "请保存恢复码" in done.get_data(as_text=True)


def test_a_passkey_that_was_made_wrongly_is_not_kept(clerk: Colleague) -> None:
    lying = PasskeyDevice("https://evil.example")
    careless = PasskeyDevice(ORIGIN)
    careless.knows_owner = False
    for device in (lying, careless):
        refused = clerk.post(ADD, {"name": "a", "passkey": device.make(asked(clerk.page(SECURITY)))})
        assert refused.status_code == 422
        assert "没有添加成功" in refused.get_data(as_text=True)
    long = clerk.post(ADD, {"name": "长" * 41, "passkey": PasskeyDevice(ORIGIN).make(asked(clerk.page(SECURITY)))})
    assert long.status_code == 422
    assert "0 个" in clerk.page(SECURITY)


def test_one_device_is_added_once(clerk: Colleague) -> None:
    device = added(clerk)
    again = clerk.post(ADD, {"passkey": device.make(asked(clerk.page(SECURITY)))})
    assert again.status_code == 422


def test_a_removed_passkey_opens_nothing(hub: Hub, visit: Visit, clerk: Colleague) -> None:
    device = added(clerk)
    [remove] = re.findall(r'action="(/portal/security/passkeys/[0-9a-f]+/remove)"', clerk.page(SECURITY))
    browser = visit()
    options = asked(browser.page(DOOR))
    assert clerk.post(remove).headers["Location"] == f"{SECURITY}?done=removed"
    assert try_in(browser, device.sign(options)) == 422
    with hub.reading(HUB) as tx:
        assert "passkey_removed" in [each.kind for each in audit.newest(tx)]


def test_nobody_removes_anothers_passkey(app: Flask, hub: Hub, visit: Visit, clerk: Colleague) -> None:
    device = added(clerk)
    [remove] = re.findall(r'action="(/portal/security/passkeys/[0-9a-f]+/remove)"', clerk.page(SECURITY))
    Colleague(app, hub, clerk.clock, email="other@bank.example").post(remove)
    browser = visit()
    assert try_in(browser, device.sign(asked(browser.page(DOOR)))) == 303


def test_a_passkey_of_somebody_who_left_or_enrols_afresh_opens_nothing(
    hub: Hub, visit: Visit, clerk: Colleague
) -> None:
    device, browser = added(clerk), visit()
    with hub.writing(HUB) as tx:
        staff.remove(tx, clerk.email)
    assert try_in(browser, device.sign(asked(browser.page(DOOR)))) == 422


def test_without_a_name_nothing_is_said_of_passkeys(
    app: Flask, hub: Hub, visit: Visit, clerk: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.settings = replace(hub.settings, public_url="http://127.0.0.1:8000")
    page = visit().page(DOOR)
    assert "data-passkey" not in page
    assert "passkey.js" not in page
