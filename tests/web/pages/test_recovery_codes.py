"""Codes on paper: shown once, each good once, and good for nothing but another second factor."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.services.accounts import staff
from hub.services.operating import audit
from hub.wiring import Hub
from storage.records import MailRecord, RecoveryCodeRecord
from tests.web.pages.colleague import Colleague, codes_shown, key_shown

CODE, RECOVERY, SET_UP = "/sign-in/staff/code", "/sign-in/staff/recovery", "/sign-in/staff/set-up"


@pytest.fixture
def clerk(app: Flask, hub: Hub, banks: dict[str, Bank], real_clock: FixedClock) -> Colleague:
    return Colleague(app, hub, real_clock)


def test_whoever_enrols_is_shown_ten_codes_once(hub: Hub, clerk: Colleague) -> None:
    assert len(set(clerk.codes)) == 10
    assert all(len(code) == 14 for code in clerk.codes)
    assert clerk.get(SET_UP).headers["Location"] == "/sign-in/staff"
    with hub.reading(HUB) as tx:
        kept = tx.session.scalars(sa.select(RecoveryCodeRecord)).all()
        assert len({each.digest for each in kept}) == 10
        assert not any(code.replace("-", "").encode() in each.digest for each in kept for code in clerk.codes)


def test_a_code_leads_to_another_authenticator_and_ends_every_other_session(hub: Hub, clerk: Colleague) -> None:
    browser = clerk.at_second_step()
    assert "用恢复码登录" in browser.page(RECOVERY)
    # As somebody types it from paper.
    answer = browser.post(RECOVERY, {"code": clerk.codes[3].upper().replace("-", " ")})
    assert answer.headers["Location"] == SET_UP
    assert browser.get("/portal/").status_code == 303
    shown = browser.page(SET_UP)
    assert "恢复码已使用" in shown
    new = key_shown(shown)
    done = browser.post(SET_UP, {"code": new.generate(clerk.clock.at).token})
    assert done.headers["Location"] == "/portal/"
    browser.page("/portal/")
    assert clerk.get("/portal/").status_code == 303
    assert "剩 9 个" in browser.page("/portal/security")
    clerk.clock.at += timedelta(minutes=1)
    again = clerk.at_second_step()
    assert again.post(CODE, {"code": clerk.code()}).status_code == 422
    assert again.post(CODE, {"code": new.generate(clerk.clock.at).token}).status_code == 303
    with hub.reading(HUB) as tx:
        [used] = [each for each in audit.newest(tx) if each.kind == "recovery_code_used"]
        assert tx.session.scalars(sa.select(MailRecord.kind)).all() == ["recovery_code_used"]
    assert (used.email, used.details) == (clerk.email, {"left": 9})


def test_a_code_is_good_once_and_for_its_account_alone(
    app: Flask, hub: Hub, clerk: Colleague, real_clock: FixedClock
) -> None:
    other = Colleague(app, hub, real_clock, email="other@bank.example")
    first, second = clerk.at_second_step(), clerk.at_second_step()
    assert first.post(RECOVERY, {"code": clerk.codes[0]}).status_code == 303
    for wrong in (clerk.codes[0], other.codes[1], "", "0000-0000-0000"):
        refused = second.post(RECOVERY, {"code": wrong})
        assert refused.status_code == 422
        assert "这个恢复码不对，或者已经用过" in refused.get_data(as_text=True)
    assert second.post(RECOVERY, {"code": clerk.codes[1]}).status_code == 303


def test_guesses_at_codes_count_with_those_at_the_authenticator(clerk: Colleague) -> None:
    browser = clerk.at_second_step()
    for number in range(20):
        assert browser.post((CODE, RECOVERY)[number % 2], {"code": "000000"}).status_code == 422
    assert browser.post(RECOVERY, {"code": clerk.codes[0]}).status_code == 429


def test_nobody_sets_up_another_authenticator_without_a_code(clerk: Colleague) -> None:
    browser = clerk.at_second_step()
    assert browser.get(SET_UP).headers["Location"] == "/sign-in/staff"
    assert browser.post(SET_UP, {"code": clerk.code()}).headers["Location"] == "/sign-in/staff"


def test_an_old_cookie_sets_nothing_up_once_it_was_done(clerk: Colleague) -> None:
    browser, thief = clerk.at_second_step(), clerk.at_second_step()
    browser.post(RECOVERY, {"code": clerk.codes[0]})
    new = key_shown(browser.page(SET_UP))
    with browser.web.session_transaction() as kept:
        before = dict(kept)
    assert browser.post(SET_UP, {"code": new.generate(clerk.clock.at).token}).status_code == 303
    with thief.web.session_transaction() as kept:
        kept.update(before)
    assert thief.get(SET_UP).headers["Location"] == "/sign-in/staff"


def test_renewed_codes_are_shown_once_and_those_of_before_are_good_for_nothing(clerk: Colleague) -> None:
    fresh = codes_shown(clerk.post("/portal/security/recovery-codes", {"left": "10"}))
    assert len(set(fresh)) == 10
    assert not set(fresh) & set(clerk.codes)
    browser = clerk.at_second_step()
    assert browser.post(RECOVERY, {"code": clerk.codes[0]}).status_code == 422
    assert browser.post(RECOVERY, {"code": fresh[0]}).status_code == 303
    # A page that is loaded again sends the form for ten codes that are not all left.
    again = clerk.post("/portal/security/recovery-codes", {"left": "10"})
    assert again.headers["Location"] == "/portal/security"
    assert clerk.at_second_step().post(RECOVERY, {"code": fresh[1]}).status_code == 303


def test_new_codes_ask_for_a_fresh_proof(clerk: Colleague) -> None:
    clerk.clock.at += timedelta(minutes=10)
    answer = clerk.post("/portal/security/recovery-codes", {"left": "10"})
    assert answer.status_code == 401
    done = clerk.post("/portal/security/recovery-codes", {"left": "10", "confirm.code": clerk.code()})
    assert len(codes_shown(done)) == 10


def test_a_new_enrolment_leaves_no_code_of_before(hub: Hub, clerk: Colleague) -> None:
    with hub.writing(HUB) as tx:
        staff.renew_enrolment(tx, clerk.email, at=clerk.clock.at)
        assert tx.session.scalar(sa.select(sa.func.count()).select_from(RecoveryCodeRecord)) == 0
