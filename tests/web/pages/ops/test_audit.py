"""The audit: every sign-in and every change about the hub is a line with who, from where and what, and no secret."""

from collections.abc import Callable

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.domain.staff import Role
from hub.services.accounts import client_accounts, staff
from hub.services.operating import audit
from hub.services.operating import banks as bank_deeds
from hub.services.operating.audit import AuditKind, AuditLine
from hub.services.operating.audit_words import WORDS
from hub.services.referrals import partners
from hub.services.transaction import HubTransaction
from hub.wiring import Hub
from tests.applications import ICBC
from tests.conftest import AddClient, SentMessages
from tests.services.referrals.partner import partner
from tests.web.caller import Caller
from tests.web.pages.cardholders import launched, texted
from tests.web.pages.conftest import Visit
from tests.web.pages.operator import Operator
from tests.web.pages.test_sign_in import PASSWORD, enrol

MOBILE = "13800138051"
EMAIL = "clerk@bank.example"


def lines(hub: Hub) -> list[AuditLine]:
    """All lines, oldest first."""
    with hub.reading(HUB) as tx:
        return list(reversed(audit.newest(tx)))


def test_every_kind_has_a_name_on_the_page() -> None:
    assert set(WORDS) == set(AuditKind)


def test_a_wrong_and_a_right_code_by_text_and_the_way_out_are_lines_with_the_address(
    hub: Hub, app: Flask, visit: Visit, sms: SentMessages
) -> None:
    reader = texted(app, sms, MOBILE)
    asked = texted(app, sms, "13800138052").open("/sign-in/").press("发送验证码", {"mobile": MOBILE})
    assert asked.press("登录", {"code": "wrong"}).status == 422
    token = dict(reader.open("/sign-in/").forms[-1].fields)["csrf_token"]
    reader.web.post("/sign-in/out", data={"csrf_token": token})
    found = lines(hub)
    assert [each.kind for each in found] == ["signed_in", "signed_in", "sign_in_failed", "signed_out"]
    assert {each.address for each in found} == {"127.0.0.1"}
    assert (found[2].about, found[0].actor) == ("138****8051", found[3].actor)
    assert MOBILE not in str(found)


def test_a_launch_is_a_line_that_names_the_host_app(hub: Hub, app: Flask, host_app: Caller) -> None:
    launched(app, host_app)
    [line] = [each for each in lines(hub) if each.kind == "signed_in"]
    assert line.details == {"by": "launch", "client": "host app"}


def test_staff_leave_a_line_at_each_step(hub: Hub, visit: Visit, banks: dict[str, Bank]) -> None:
    clock = FixedClock(hub.real_clock.now())
    hub.real_clock = clock
    with hub.writing(HUB) as tx:
        _, token = staff.add(tx, role=Role.REVIEWER, email=EMAIL, bank_code=ICBC, at=clock.at)
    browser = visit()
    enrol(browser, f"/sign-in/enrol/{token}", clock)
    browser.post("/sign-in/out")
    browser.post("/sign-in/staff", {"email": EMAIL, "password": "not the password"})
    browser.post("/sign-in/staff", {"email": EMAIL, "password": PASSWORD})
    browser.post("/sign-in/staff/code", {"code": "000000"})
    browser.post("/sign-in/staff", {"email": "a typo@bank.example", "password": PASSWORD})
    found = lines(hub)
    assert [each.kind for each in found] == [
        "staff_added",
        "enrolled",
        "second_step_set_up",
        "signed_in",
        "recovery_codes_made",
        "signed_out",
        "sign_in_failed",
        "second_step_failed",
        "sign_in_failed",
    ]
    assert {each.email for each in found[1:8]} == {EMAIL}
    assert (found[8].email, found[8].about) == (None, "a***@bank.example")
    assert PASSWORD not in str(found)


def test_tokens_are_lines_given_and_refused(hub: Hub, app: Flask, add_client: AddClient) -> None:
    client, secret = add_client("an app", "applications:write")
    web = app.test_client()
    for each in (secret, "wrong"):
        web.post("/oauth/token", auth=(client.id, each), data={"grant_type": "client_credentials"})
    found = lines(hub)
    assert [(each.kind, each.about) for each in found] == [("token_granted", "an app"), ("token_refused", "an app")]
    assert secret not in str(found)


def add_a_client(tx: HubTransaction) -> None:
    client_accounts.add(tx, name="app", scopes=["applications:write"], bank_code=None)


def set_a_bank(tx: HubTransaction) -> None:
    bank_deeds.change(tx, ICBC, {"hotline": "95599", "offer_days": "9"})


def close_a_bank(tx: HubTransaction) -> None:
    bank_deeds.open_or_close(tx, ICBC, is_open=False)


@pytest.mark.parametrize(
    ("deed", "kind", "about", "details"),
    [
        (set_a_bank, "bank_set", ICBC, {"keys": ["hotline", "offer_days"], "after": "hotline=95599; offer_days=9"}),
        (close_a_bank, "bank_closed", ICBC, {}),
        (add_a_client, "client_added", "app", {"scopes": ["applications:write"]}),
    ],
)
def test_a_change_is_a_line_that_names_the_keys_and_what_is_no_secret(
    hub: Hub,
    banks: dict[str, Bank],
    deed: Callable[[HubTransaction], None],
    kind: str,
    about: str,
    details: dict[str, object],
) -> None:
    with hub.writing(HUB) as tx:
        deed(tx)
    [line] = lines(hub)
    assert (line.kind, line.about, line.address, line.actor) == (kind, about, None, "hub:hub")
    assert line.details == details


def test_what_is_undone_leaves_no_line(hub: Hub) -> None:
    def undone(tx: HubTransaction) -> None:
        add_a_client(tx)
        raise RuntimeError

    with pytest.raises(RuntimeError), hub.writing(HUB) as tx:
        undone(tx)
    assert lines(hub) == []


def test_the_operator_reads_it_in_both_languages(hub: Hub, visit: Visit, banks: dict[str, Bank]) -> None:
    with hub.writing(HUB) as tx:
        staff.add(tx, role=Role.AUDITOR, email="auditor@bank.example", bank_code=ICBC, at=tx.now)
    browser = visit("operator")
    text = browser.page("/ops/audit")
    assert "添加了人员" in text
    assert "auditor@bank.example" in text
    assert "Added an account" in browser.page("/ops/audit?lang=en")


def test_what_a_creditor_or_lender_was_added_with_is_said_in_words(hub: Hub, operator: Operator) -> None:
    with hub.writing(HUB) as tx:
        partners.add(tx, partner())
        audit.note(tx, AuditKind.BANK_ADDED, ICBC, creditor_kind="consumer_finance", keys=["name_en", "name_zh"])
    page = operator.read("/ops/audit")
    said = ("接收转介的地址", "官方网页", "中文名称、", "英文名称、", "还款方式、", "示例、", "消费金融公司")
    assert [each for each in said if each not in page] == []
    assert [each for each in ("handover_url", "name_zh", "consumer_finance") if each in page] == []
