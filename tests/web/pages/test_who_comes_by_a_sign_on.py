"""An account that came by a bank's sign-on is one person's there: a re-used address opens nothing."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.sign_on import Identity
from hub.domain.staff import Role
from hub.services.accounts import staff, staff_sign_in
from hub.services.operating import audit
from hub.services.operating import banks as bank_settings
from hub.services.reading import accounts
from hub.wiring import Hub
from storage.records import MailRecord
from storage.staff import find_by_email
from tests.applications import ICBC
from tests.oidc_provider import Provider, running
from tests.services.posting import Posting
from tests.web.pages.colleague import Colleague, key_shown
from tests.web.pages.conftest import Visit
from tests.web.pages.test_bank_sign_on import EMAIL, NOT_VERIFIED, provider, refused, set_up, signed_in

__all__ = ["provider"]

OTHER_PERSON = "原来对应本行的另一位用户"


def bound(hub: Hub, email: str = EMAIL) -> tuple[str | None, bytes | None]:
    with hub.reading(HUB) as tx:
        record = find_by_email(tx, email)
        assert record is not None
        return record.sign_on_issuer, record.sign_on_digest


def kinds(hub: Hub) -> list[str]:
    with hub.reading(HUB) as tx:
        return [str(each.kind) for each in audit.newest(tx)]


def test_the_same_person_comes_again_also_under_another_session_of_the_provider(
    hub: Hub, visit: Visit, provider: Provider
) -> None:
    assert bound(hub) == (None, None)
    assert signed_in(visit()).status_code == 303
    first = bound(hub)
    assert first[0] == provider.issuer
    assert b"1001" not in (first[1] or b"")
    assert signed_in(visit()).status_code == 303
    assert bound(hub) == first
    assert kinds(hub).count("sign_on_bound") == 1


def test_somebody_else_with_the_same_address_is_refused_on_record_and_told(
    app: Flask, hub: Hub, visit: Visit, provider: Provider, clock: FixedClock, real_clock: FixedClock
) -> None:
    with hub.writing(HUB) as tx:
        staff.add(tx, role=Role.BANK_ADMIN, email="admin@bank.example", bank_code=ICBC, at=real_clock.at)
    signed_in(visit())
    before = bound(hub)
    provider.claims["sub"] = "2002"
    browser = visit()
    for _ in range(2):
        refused(signed_in(browser), OTHER_PERSON)
    assert browser.get("/portal/").status_code == 303
    assert bound(hub) == before
    with hub.reading(HUB) as tx:
        lines = [each for each in audit.newest(tx) if each.kind == "sign_in_failed"]
        assert [(each.about, each.details) for each in lines] == [
            (EMAIL, {"by": "sign_on", "trouble": "other_person"})
        ] * 2
        assert tx.session.query(MailRecord).filter_by(kind="other_person").count() == 1
    told = dict(Posting(hub=hub, clock=clock).send())
    assert told["admin@bank.example"] == f"【登录被拒绝】{EMAIL} 的账户对应到了本行的另一位用户"
    audit_page = Colleague(app, hub, real_clock, email="auditor@bank.example", role=Role.AUDITOR).page("/portal/audit")
    assert "登录没有成功" in unescape(audit_page)


@pytest.mark.parametrize("subject", [None, "", 1001, ["1001"], "x" * 256], ids=str)
def test_a_token_without_a_subject_lets_nobody_in(hub: Hub, visit: Visit, provider: Provider, subject: object) -> None:
    provider.claims["sub"] = subject
    refused(signed_in(visit()), NOT_VERIFIED)
    assert bound(hub) == (None, None)


def test_a_stranger_who_never_proves_the_second_factor_keeps_nobody_out(
    hub: Hub, visit: Visit, provider: Provider, real_clock: FixedClock
) -> None:
    set_up(hub, provider, sign_on_second_factor="hub")
    provider.claims["sub"] = "2002"
    assert signed_in(visit()).headers["Location"] == "/sign-in/staff/set-up"
    assert bound(hub) == (None, None)
    provider.claims["sub"] = "1001"
    browser = visit()
    signed_in(browser)
    device = key_shown(browser.page("/sign-in/staff/set-up"))
    browser.post("/sign-in/staff/set-up", {"code": device.generate(real_clock.at).token})
    assert bound(hub)[0] == provider.issuer
    provider.claims["sub"] = "2002"
    real_clock.at += timedelta(minutes=1)
    refused(signed_in(visit()), OTHER_PERSON)


def test_who_came_by_a_sign_on_is_no_more_called_invited(
    hub: Hub, visit: Visit, provider: Provider, real_clock: FixedClock
) -> None:
    def state() -> str:
        with hub.reading(HUB) as tx:
            [person] = accounts.list_of_bank(tx, ICBC)
            return person.state

    with hub.writing(HUB) as tx:
        staff.renew_enrolment(tx, EMAIL, at=real_clock.at)
    assert state() == "invited"
    # The link stays unused.
    signed_in(visit())
    assert state() == "enrolled"
    with hub.writing(HUB) as tx:
        staff.renew_enrolment(tx, EMAIL, at=real_clock.at)
    assert state() == "invited"


def test_one_user_of_the_provider_has_one_account(
    hub: Hub, visit: Visit, provider: Provider, real_clock: FixedClock
) -> None:
    with hub.writing(HUB) as tx:
        staff.add(tx, role=Role.BANK_ADMIN, email="boss@bank.example", bank_code=ICBC, at=real_clock.at)
    signed_in(visit())
    # Where the provider lets its users write their own address.
    provider.claims["email"] = "boss@bank.example"
    refused(signed_in(visit()), OTHER_PERSON)
    assert bound(hub, "boss@bank.example") == (None, None)
    with hub.writing(HUB) as tx:
        staff.remove(tx, EMAIL)
    assert signed_in(visit()).status_code == 303
    assert bound(hub, "boss@bank.example")[0] == provider.issuer


def test_two_who_come_for_the_first_time_at_once_are_one(hub: Hub, visit: Visit, provider: Provider) -> None:
    with hub.reading(HUB) as tx:
        account = staff_sign_in.find_account(tx, EMAIL)
    assert account is not None
    signed_in(visit())
    other = Identity(issuer=provider.issuer, subject="2002")
    # What was read before the other came.
    with hub.writing(HUB) as tx:
        assert staff_sign_in.may_be_of(tx, account, other)
        assert not staff_sign_in.bind_sign_on(tx, account.staff.id, other)


def test_a_fresh_enrolment_link_or_a_return_binds_anew(
    hub: Hub, visit: Visit, provider: Provider, real_clock: FixedClock
) -> None:
    signed_in(visit())
    provider.claims["sub"] = "2002"
    with hub.writing(HUB) as tx:
        staff.renew_enrolment(tx, EMAIL, at=real_clock.at)
    assert bound(hub) == (None, None)
    assert signed_in(visit()).status_code == 303
    with hub.writing(HUB) as tx:
        staff.remove(tx, EMAIL)
        staff.add(tx, role=Role.REVIEWER, email=EMAIL, bank_code=ICBC, at=real_clock.at)
    assert bound(hub) == (None, None)


def test_a_bank_that_goes_over_to_another_provider_binds_its_people_anew(
    hub: Hub, visit: Visit, provider: Provider, real_clock: FixedClock
) -> None:
    signed_in(visit())
    with running(lambda: real_clock.at) as second:
        second.claims["sub"] = "another"
        with hub.writing(HUB) as tx:
            bank_settings.change(tx, ICBC, {"sign_on_issuer": second.issuer})
        assert signed_in(visit()).status_code == 303
        assert bound(hub)[0] == second.issuer
    assert kinds(hub).count("sign_on_bound") == 2
