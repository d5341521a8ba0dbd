"""A second person looks at a large offer."""

from __future__ import annotations

from html import unescape

from flask import Flask

from tests.services.case import LARGE_OFFER, Case
from tests.web.pages.clerk import Clerk, Fields, forms_of
from tests.web.pages.portal.offer_forms import offer_form


def large_offer(clerk: Clerk) -> Fields:
    """Terms that one person alone cannot let go."""
    return offer_form(clerk, **{"terms.principal_fen": "5万", "balances.0.principal_fen": "5万"})


def test_a_large_offer_waits_for_another_supervisor(app: Flask, case: Case, clerk: Clerk, chief: Clerk) -> None:
    answer = clerk.send("/offer", large_offer(clerk), step="preview")
    assert "需要双人复核" in unescape(answer.get_data(as_text=True))
    assert clerk.done("/offer", forms_of(answer)["offer"]) == "offer_waiting"
    [offer] = case.view(Case.REVIEWER.party)["offers"]
    assert (offer["status"], case.status) == ("awaiting_approval", "awaiting_bank")
    assert "等待复核" in chief.page("/portal/")
    path = f"/offers/{offer['id']}"
    assert "通过并发给客户" not in clerk.read(path)
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
        assert "需要由提出方案之外的另一位同事处理" in unescape(answer.get_data(as_text=True))
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
