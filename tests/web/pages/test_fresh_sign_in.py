"""Proving again who one is before a decision: asked for when it matters, and nothing of the form is lost."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from passlib.totp import TOTP

from hub.domain.actor import HUB
from hub.domain.china import china_day
from hub.domain.clock import FixedClock
from hub.domain.staff import Role
from hub.services.accounts import staff
from hub.services.operating import audit
from hub.services.operating.audit import AuditLine
from hub.wiring import Hub
from tests.applications import ICBC
from tests.services.case import LARGE_OFFER, Case
from tests.services.conftest import OpenCase
from tests.web.pages.clerk import Clerk, forms_of
from tests.web.pages.conftest import Visit
from tests.web.pages.test_sign_in import enrol
from tests.web.pages.visitor import Visitor

CHIEF = "chief@bank.example"


def lines(hub: Hub, kind: str) -> list[AuditLine]:
    with hub.reading(HUB) as tx:
        return [each for each in audit.newest(tx) if each.kind == kind]


def status_of(case: Case, offer: str) -> str:
    """How the offer stands, to its bank."""
    return str(case.offer_of(offer, Case.REVIEWER.party)["status"])


@pytest.fixture
def offer(case: Case) -> str:
    """A large offer that waits for a supervisor."""
    return case.offer(LARGE_OFFER)


@pytest.fixture
def device(hub: Hub, visit: Visit, case: Case, real_clock: FixedClock) -> tuple[Visitor, TOTP]:
    """The browser and the authenticator of a supervisor who signed in a minute ago."""
    with hub.writing(HUB) as tx:
        _, token = staff.add(tx, role=Role.SUPERVISOR, email=CHIEF, bank_code=ICBC, at=real_clock.at, name="何主管")
    browser = visit()
    totp = enrol(browser, f"/sign-in/enrol/{token}", real_clock)
    real_clock.at += timedelta(minutes=1)
    return browser, totp


def approve_path(case: Case, offer: str) -> str:
    return f"/portal/negotiations/{case.id}/offers/{offer}/approve"


def test_a_decision_soon_after_the_sign_in_asks_nothing(
    case: Case, hub: Hub, offer: str, device: tuple[Visitor, TOTP]
) -> None:
    browser, _ = device
    shown = browser.get(f"/portal/negotiations/{case.id}/offers/{offer}")
    form = forms_of(shown)["approve"]
    assert browser.web.post(approve_path(case, offer), data=form).status_code == 303
    assert status_of(case, offer) == "open"


def test_a_decision_later_asks_for_the_second_factor_and_goes_on_with_the_same_form(
    case: Case, hub: Hub, offer: str, device: tuple[Visitor, TOTP], real_clock: FixedClock
) -> None:
    browser, totp = device
    path = approve_path(case, offer)
    form = forms_of(browser.get(f"/portal/negotiations/{case.id}/offers/{offer}"))["approve"]
    real_clock.at += timedelta(minutes=11)
    asked = browser.web.post(path, data={**form, "words": ["一 <b>\r\n二", "三"]})
    assert asked.status_code == 401
    assert "请确认是您本人" in asked.get_data(as_text=True)
    assert status_of(case, offer) == "awaiting_approval"
    held = forms_of(asked)["approve"]
    assert held["words"] == ["一 <b>\r\n二", "三"]
    assert (held["once"], held["seen"]) == (form["once"], form["seen"])
    wrong = browser.web.post(path, data={**held, "confirm.code": "000000"})
    assert wrong.status_code == 422
    assert "验证码不对" in wrong.get_data(as_text=True)
    assert status_of(case, offer) == "awaiting_approval"
    held = forms_of(wrong)["approve"]
    code = totp.generate(real_clock.at).token
    # A double tap: the code is used up by the first, and both lead to the same page.
    for _ in range(2):
        done = browser.web.post(path, data={**held, "confirm.code": code})
        assert done.status_code == 303
        assert done.headers["Location"].endswith("?done=approved")
    assert status_of(case, offer) == "open"
    [line] = lines(hub, "offer_approved")
    assert line.details["confirmed_at"].startswith(f"{china_day(real_clock.at):%Y-%m-%dT}")
    assert len(line.details["evidence_sha256"]) == 64
    assert [each.email for each in lines(hub, "proved_again")] == [CHIEF]
    assert [each.email for each in lines(hub, "second_step_failed")] == [CHIEF]


def test_a_code_that_signed_somebody_in_does_not_confirm_again(
    case: Case, offer: str, device: tuple[Visitor, TOTP], real_clock: FixedClock
) -> None:
    browser, totp = device
    used = totp.generate(real_clock.at - timedelta(minutes=1)).token
    real_clock.at += timedelta(minutes=10)
    answer = browser.post(approve_path(case, offer), {"confirm.code": used})
    assert answer.status_code == 422
    assert status_of(case, offer) == "awaiting_approval"


def test_guesses_at_the_second_factor_are_counted(
    case: Case, offer: str, device: tuple[Visitor, TOTP], real_clock: FixedClock
) -> None:
    browser, totp = device
    real_clock.at += timedelta(minutes=11)
    answers = [browser.post(approve_path(case, offer), {"confirm.code": f"{n:06d}"}).status_code for n in range(21)]
    assert set(answers[:20]) == {422}
    assert answers[20] == 429
    right = browser.post(approve_path(case, offer), {"confirm.code": totp.generate(real_clock.at).token})
    assert right.status_code == 429
    assert status_of(case, offer) == "awaiting_approval"


def test_a_press_is_enough_for_nobody_but_the_demo(
    case: Case, offer: str, device: tuple[Visitor, TOTP], real_clock: FixedClock
) -> None:
    browser, _ = device
    real_clock.at += timedelta(minutes=11)
    assert browser.post(approve_path(case, offer), {"confirm.press": "1"}).status_code == 422
    assert status_of(case, offer) == "awaiting_approval"


def test_somebody_of_the_demo_confirms_with_one_press(
    app: Flask, case: Case, real_clock: FixedClock, offer: str
) -> None:
    chief = Clerk(app, "supervisor", case)
    real_clock.at += timedelta(minutes=11)
    form = chief.form(f"/offers/{offer}", "approve")
    asked = chief.send(f"/offers/{offer}/approve", form)
    assert asked.status_code == 401
    assert "演示账户没有验证器，按一下就可以。" in unescape(asked.get_data(as_text=True))
    held = forms_of(asked)["approve"]
    assert chief.done(f"/offers/{offer}/approve", held) == "approved"


def test_the_sixth_person_looked_at_in_full_within_an_hour_asks_for_a_fresh_proof(
    app: Flask, open_case: OpenCase, real_clock: FixedClock
) -> None:
    cases = [open_case() for _ in range(6)]
    clerk = Clerk(app, "reviewer", cases[0])
    real_clock.at += timedelta(minutes=11)
    why = {"reason": "identity"}
    for case in [*cases[:5], cases[0]]:
        clerk.address = f"/portal/negotiations/{case.id}"
        form = {**clerk.form("/reveal"), **why}
        assert clerk.send("/reveal", form).status_code == 303
    clerk.address = f"/portal/negotiations/{cases[5].id}"
    form = {**clerk.form("/reveal"), **why, "text": "核对 <原话>"}
    asked = clerk.send("/reveal", form)
    assert asked.status_code == 401
    assert "13800138000" not in clerk.read()
    held = forms_of(asked)["reveal"]
    assert held["text"] == ["核对 <原话>"]
    assert clerk.send("/reveal", held).status_code == 303
    # An hour later five more may be looked at.
    real_clock.at += timedelta(minutes=14)
    clerk.read()
