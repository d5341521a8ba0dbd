"""Sign-in and security of staff: the authenticator, devices, the last sign-in, and what an administrator may end."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.domain.staff import Role
from hub.services.operating import audit
from hub.wiring import Hub
from storage import staff as staff_rows
from storage.records import MailRecord
from tests.applications import CMB, ICBC
from tests.web.pages.colleague import Colleague, key_shown
from tests.web.pages.conftest import Visit

EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0"
AUTHENTICATOR = "/portal/security/authenticator"


@pytest.fixture
def clerk(app: Flask, hub: Hub, banks: dict[str, Bank], real_clock: FixedClock) -> Colleague:
    return Colleague(app, hub, real_clock)


def set_role(hub: Hub, email: str, role: Role) -> None:
    with hub.writing(HUB) as tx:
        record = staff_rows.find_by_email(tx, email)
        assert record is not None
        record.role = role


def id_of(hub: Hub, email: str) -> str:
    with hub.reading(HUB) as tx:
        record = staff_rows.find_by_email(tx, email)
        assert record is not None
        return record.id


def test_another_authenticator_replaces_the_first_and_ends_other_sessions(clerk: Colleague) -> None:
    other = clerk.signed_in_again()
    assert clerk.get(AUTHENTICATOR).headers["Location"] == "/portal/security"
    assert clerk.post(AUTHENTICATOR).headers["Location"] == AUTHENTICATOR
    new = key_shown(clerk.page(AUTHENTICATOR))
    wrong = clerk.post(AUTHENTICATOR, {"code": "000000"})
    assert wrong.status_code == 422
    assert key_shown(wrong.get_data(as_text=True)).key == new.key
    done = clerk.post(AUTHENTICATOR, {"code": new.generate(clerk.clock.at).token})
    assert done.headers["Location"] == "/portal/security?done=authenticator"
    assert "验证器已更换" in clerk.page("/portal/security?done=authenticator")
    assert other.get("/portal/").status_code == 303
    clerk.clock.at += timedelta(minutes=1)
    browser = clerk.at_second_step()
    assert browser.post("/sign-in/staff/code", {"code": clerk.code()}).status_code == 422
    assert browser.post("/sign-in/staff/code", {"code": new.generate(clerk.clock.at).token}).status_code == 303


def test_another_authenticator_asks_for_a_fresh_proof_first(clerk: Colleague) -> None:
    clerk.clock.at += timedelta(minutes=10)
    assert clerk.post(AUTHENTICATOR).status_code == 401
    assert clerk.get(AUTHENTICATOR).headers["Location"] == "/portal/security"
    assert clerk.post(AUTHENTICATOR, {"confirm.code": clerk.code()}).headers["Location"] == AUTHENTICATOR


def test_devices_are_listed_in_words_and_one_or_all_others_can_be_ended(hub: Hub, clerk: Colleague) -> None:
    first, second = clerk.signed_in_again(**{"User-Agent": EDGE}), clerk.signed_in_again()
    page = clerk.page("/portal/sessions")
    assert "Edge · Windows" in page
    assert page.count("未识别的设备") == 2
    [end] = re.findall(r'action="(/portal/sessions/[0-9a-f]+/end)"(?:(?!</form>).)*Edge', page, re.DOTALL)
    assert first.get("/portal/").status_code == 200
    assert clerk.post(end).headers["Location"] == "/portal/sessions"
    assert first.get("/portal/").status_code == 303
    assert second.get("/portal/").status_code == 200
    assert clerk.post("/portal/sessions/others").headers["Location"] == "/portal/sessions"
    assert second.get("/portal/").status_code == 303
    clerk.page("/portal/")
    with hub.reading(HUB) as tx:
        assert [each.kind for each in audit.newest(tx)][:2] == ["signed_out_elsewhere"] * 2


def test_nobody_ends_a_session_of_somebody_else(app: Flask, hub: Hub, clerk: Colleague) -> None:
    other = Colleague(app, hub, clerk.clock, email="other@bank.example")
    again = other.signed_in_again()
    [end] = re.findall(r'action="(/portal/sessions/[0-9a-f]+/end)"', other.page("/portal/sessions"))
    assert clerk.post(end).status_code == 303
    again.page("/portal/")


def test_the_sign_in_before_is_told_once_after_signing_in(clerk: Colleague) -> None:
    assert "上次登录" not in clerk.page("/portal/")
    clerk.signed_in_again(**{"User-Agent": EDGE})
    browser = clerk.signed_in_again()
    first = browser.page("/portal/")
    assert "上次登录" in first
    assert "Edge · Windows" in first
    assert "上次登录" not in browser.page("/portal/")
    assert "上次登录" in browser.page("/portal/security")


def test_a_sign_in_on_another_device_is_told_by_mail_once(hub: Hub, clerk: Colleague) -> None:
    def mailed() -> list[str]:
        with hub.reading(HUB) as tx:
            return list(tx.session.scalars(sa.select(MailRecord.kind)))

    clerk.signed_in_again()
    assert mailed() == []
    for _ in range(2):
        clerk.signed_in_again(**{"User-Agent": EDGE})
        assert mailed() == ["new_device"]


def test_an_administrator_ends_the_sessions_of_somebody_of_the_bank_alone(
    app: Flask, hub: Hub, visit: Visit, clerk: Colleague
) -> None:
    admin, elsewhere = visit(f"bank-admin-{ICBC}"), visit(f"bank-admin-{CMB}")
    path = f"/portal/staff/{id_of(hub, clerk.email)}/sessions"
    assert f'href="{path}"' in admin.page(path.removesuffix("/sessions"))
    assert "127.0.0.1" in admin.page(path)
    elsewhere.page(path, 404)
    assert elsewhere.post(path).status_code == 404
    assert clerk.post(path).status_code == 403
    clerk.page("/portal/")
    assert admin.post(path).headers["Location"] == path
    assert clerk.get("/portal/").status_code == 303
    assert "现在没有登录" in admin.page(path)
    with hub.reading(HUB) as tx:
        [line] = [each for each in audit.newest(tx) if each.kind == "signed_out_by_admin"]
    assert line.about == clerk.email


def test_a_role_that_was_taken_away_opens_nothing_at_the_next_call(
    app: Flask, hub: Hub, banks: dict[str, Bank], real_clock: FixedClock
) -> None:
    admin = Colleague(app, hub, real_clock, role=Role.BANK_ADMIN)
    admin.page("/portal/staff")
    set_role(hub, admin.email, Role.REVIEWER)
    admin.page("/portal/staff", 403)


def test_a_session_that_is_used_ends_twelve_hours_after_the_sign_in(clerk: Colleague) -> None:
    for _ in range(71):
        clerk.clock.at += timedelta(minutes=10)
        clerk.page("/portal/security")
    clerk.clock.at += timedelta(minutes=10)
    assert clerk.get("/portal/security").status_code == 303


def test_somebody_of_the_demo_has_nothing_to_sign_in_with(visit: Visit, banks: dict[str, Bank]) -> None:
    for person, home in ((f"reviewer-{ICBC}", "/portal/"), ("operator", "/ops/")):
        browser = visit(person)
        assert "演示账户从演示入口进入" in browser.page(f"{home}security")
        for form in ("authenticator", "recovery-codes", "passkeys"):
            assert browser.post(f"{home}security/{form}").headers["Location"] == f"{home}security"
