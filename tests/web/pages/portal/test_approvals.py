"""A second person looks at a large offer."""

from __future__ import annotations

from html import unescape

import pytest
from flask import Flask

from hub.domain.actor import HUB
from storage import banks
from tests.applications import ICBC
from tests.services.case import LARGE_OFFER, Case
from tests.web.pages.clerk import Clerk, Fields, forms_of
from tests.web.pages.portal.offer_forms import offer_form


def large_offer(clerk: Clerk) -> Fields:
    """Terms that one person alone cannot let go."""
    large = {"terms.principal_fen": "5万", "terms.instalments": "60", "balances.0.principal_fen": "5万"}
    return offer_form(clerk, **large)


def test_a_large_offer_waits_for_another_supervisor(app: Flask, case: Case, clerk: Clerk, chief: Clerk) -> None:
    answer = clerk.send("/offer", large_offer(clerk), step="preview")
    assert "需要双人复核" in unescape(answer.get_data(as_text=True))
    assert clerk.done("/offer", forms_of(answer)["offer"]) == "offer_waiting"
    [offer] = case.view(Case.REVIEWER.party)["offers"]
    assert (offer["status"], case.status) == ("awaiting_approval", "awaiting_bank")
    assert "等待复核" in chief.page("/portal/")
    path = f"/offers/{offer['id']}"
    assert "通过并发给客户" not in clerk.read(path)
    # Both read the clauses that the customer is asked to sign.
    for text in (unescape(answer.get_data(as_text=True)), chief.read(path)):
        assert "不会删除或者改变此前已经形成的逾期记录" in text
        assert "条款文本版本：" in text
    form = chief.form(path, "approve")
    assert [chief.done(f"{path}/approve", form) for _ in range(2)] == ["approved"] * 2
    assert (case.offer_of(offer["id"])["status"], case.status) == ("open", "offered")
    assert f'处理：<bdi class="own-words">{chief.name}</bdi>' in clerk.read(path)


def test_nobody_approves_what_they_made_themselves(case: Case, chief: Clerk) -> None:
    chief.done("/offer", large_offer(chief))
    [offer] = case.view(Case.REVIEWER.party)["offers"]
    path = f"/offers/{offer['id']}"
    assert "您不能复核自己编制的方案" in chief.read(path)
    fields = {**chief.form("/messages"), "text": "可以"}
    for act in ("approve", "return"):
        answer = chief.send(f"{path}/{act}", fields)
        assert answer.status_code == 403
        assert "您不能复核自己编制的方案。" in unescape(answer.get_data(as_text=True)).partition("trouble")[2]
    assert case.status == "awaiting_bank"


def test_a_returned_offer_goes_back_to_its_maker_with_words(case: Case, clerk: Clerk, chief: Clerk) -> None:
    clerk.done("/offer", large_offer(clerk))
    [offer] = case.view(Case.REVIEWER.party)["offers"]
    path = f"/offers/{offer['id']}"
    text, _ = chief.refused(f"{path}/return", chief.form(path, "return"))
    assert "请填写要写给编制人的话。" in text
    assert chief.done(f"{path}/return", {**chief.form(path, "return"), "text": "利率请再看看"}) == "returned"
    assert "利率请再看看" in clerk.read()
    assert case.view()["offers"] == []
    form = clerk.form(f"/offer?like={offer['id']}", "offer")
    assert form["terms.principal_fen"] == ["50,000.00"]
    smaller = {"terms.principal_fen": "18500", "balances.0.principal_fen": "18500"}
    assert clerk.done("/offer", {**form, **smaller}) == "offer_open"


def test_an_offer_that_cannot_open_any_more_is_not_approved(case: Case, chief: Clerk) -> None:
    offer = case.offer(LARGE_OFFER)
    case.clock.at = case.clock.at.replace(year=2027)
    answer = chief.send(f"/offers/{offer}/approve", chief.form(f"/offers/{offer}", "approve"))
    assert answer.status_code == 422
    assert "首次还款日最早为" in unescape(answer.get_data(as_text=True))


@pytest.fixture
def admin(app: Flask, case: Case) -> Clerk:
    """An administrator of ICBC."""
    return Clerk(app, "bank-admin", case)


def set_levels(case: Case, line: str) -> None:
    with case.hub.writing(HUB) as tx:
        banks.set_settings(tx, ICBC, {"approval_levels": line})


def test_levels_approve_in_order_and_the_page_says_who_is_next(
    case: Case, clerk: Clerk, chief: Clerk, admin: Clerk
) -> None:
    set_levels(case, "1000000:supervisor,1500000:bank_admin;waived_principal:+1")
    assert "超过 10,000.00 元的，由复核主管复核，超过 15,000.00 元的，由本行管理员复核。" in clerk.read("/offer")
    preview = clerk.send("/offer", offer_form(clerk), step="preview")
    assert "需要逐级复核，依次由复核主管、本行管理员复核" in unescape(preview.get_data(as_text=True))
    clerk.done("/offer", forms_of(preview)["offer"])
    [offer] = case.view(Case.REVIEWER.party)["offers"]
    path = f"/offers/{offer['id']}"
    assert "通过，交下一级" in chief.read(path)
    assert "退回修改" not in admin.read(path)
    assert (
        admin.post(f"{admin.address}{path}/approve", {"seen": chief.form(path, "approve")["seen"]}).status_code == 403
    )
    assert chief.done(f"{path}/approve", chief.form(path, "approve")) == "approved_so_far"
    assert (case.status, case.view()["offers"]) == ("awaiting_bank", [])
    seen = clerk.read(path)
    assert f'<bdi class="own-words">{chief.name}</bdi> 已通过' in seen
    assert "本行管理员：<strong>等待复核</strong>" in seen
    assert "退回修改" not in chief.read(path)
    assert admin.done(f"{path}/approve", admin.form(path, "approve")) == "approved"
    assert (case.offer_of(offer["id"])["status"], case.status) == ("open", "offered")


def test_the_form_says_before_anything_is_sent_that_nobody_could_approve(
    case: Case, clerk: Clerk, chief: Clerk
) -> None:
    assert "除您之外" not in clerk.read("/offer")
    assert "除您之外，本行没有可以复核的复核主管" in chief.read("/offer")
    set_levels(case, "1000000:supervisor,1500000:supervisor")
    preview = clerk.send("/offer", offer_form(clerk), step="preview")
    assert "缺：复核主管" in unescape(preview.get_data(as_text=True))
    assert case.view(Case.REVIEWER.party)["offers"] == []
