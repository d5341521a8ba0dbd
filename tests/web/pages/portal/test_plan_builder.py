"""The plan builder on the page of a case: figures while it is filled in, and nothing sent that was not seen."""

from __future__ import annotations

import gzip
import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from hub.domain.actor import HUB, Party
from hub.web.pages.portal.plan_builder import of_data, plan_in
from storage import banks as bank_rows
from tests.applications import CMB, ICBC
from tests.conftest import Submit
from tests.services.case import Case
from tests.services.conftest import OpenCase
from tests.web.pages.clerk import Clerk, Fields, forms_of
from tests.web.pages.portal.offer_forms import offer_form


def text_of(answer: TestResponse) -> str:
    return unescape(answer.get_data(as_text=True))


def plan(clerk: Clerk, fields: Fields) -> str:
    """The part of the page that shows what these fields come to."""
    answer = clerk.web.post(f"{clerk.address}/offer/plan", data=fields)
    assert answer.status_code == 200
    return text_of(answer)


def shown(part: str) -> str:
    [digest] = re.findall(r'name="shown" value="([0-9a-f]{64})"', part)
    return str(digest)


def test_the_figures_are_those_of_the_offer_and_nothing_is_kept(case: Case, clerk: Clerk) -> None:
    fields = offer_form(clerk, **{"terms.instalments": "48"})
    part = plan(clerk, fields)
    assert case.view()["offers"] == []
    assert "<html" not in part
    assert clerk.done("/offer", {**fields, "shown": shown(part)}, step="submit") == "offer_open"
    [offer] = case.view()["offers"]
    assert offer["digest"] == shown(part)
    first, last = offer["schedule"][0], offer["schedule"][-1]
    for row in (first, last):
        assert f"{row['total_fen'] / 100:,.2f}" in part
    assert f"总还款 <strong>{offer['total_fen'] / 100:,.2f}</strong>" in part
    assert "展开全部 48 期" in part


def test_what_was_not_seen_is_shown_before_it_is_sent(case: Case, clerk: Clerk) -> None:
    fields = offer_form(clerk)
    seen = shown(plan(clerk, fields))
    changed = {**fields, "terms.instalments": "48", "shown": seen}
    answer = clerk.send("/offer", changed, step="submit")
    assert answer.status_code == 200
    assert "客户会看到" in text_of(answer)
    assert case.view()["offers"] == []
    assert clerk.done("/offer", forms_of(answer)["offer"]) == "offer_open"
    [offer] = case.view()["offers"]
    assert offer["terms"]["instalments"] == 48


def test_the_preview_has_the_words_of_the_persons_page_and_the_digest(case: Case, clerk: Clerk) -> None:
    answer = clerk.send("/offer", offer_form(clerk), step="preview")
    text = text_of(answer)
    for words in ("每月还", "全部还清之前，承诺不再申领信用卡", "不良信息自还清之日起保留 5 年"):
        assert words in text
    clerk.done("/offer", forms_of(answer)["offer"])
    assert case.view()["offers"][0]["digest"] in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"terms.instalments": "60"}, ["可以承受", "比客户诉求少"]),
        ({"terms.instalments": "24"}, ["偏紧", "比客户诉求多"]),
        ({"terms.instalments": "12"}, ["超过 80%", 'href="#f-reason_over_80"']),
        ({"terms.instalments": "61"}, ["期数最多 60 期（个性化分期不超过 5 年", 'href="#f-terms-instalments"']),
        ({"terms.principal_fen": "18500.01"}, ["最多 18,500.00 元"]),
        ({"terms.first_due_on": "2026-11-25"}, ['href="#f-terms-first_due_on"']),
        ({"terms.principal_fen": "18000"}, ["另有 500.00 元欠款没有列入方案"]),
        ({"terms.principal_fen": ""}, ["请填写列入方案的金额"]),
    ],
)
def test_what_the_rules_say_stands_beside_the_figures_at_once(clerk: Clerk, changes: Fields, words: list[str]) -> None:
    part = plan(clerk, offer_form(clerk, **changes))
    for each in words:
        assert each in part


def test_four_eyes_are_said_with_the_rule(app: Flask, open_case: OpenCase) -> None:
    large = open_case(
        accounts=[
            {
                "bank_code": ICBC,
                "card_number": "6222100000000007",
                "currency": "CNY",
                "principal_fen": 5_500_000,
                "interest_fen": 0,
                "fees_fen": 0,
                "penalty_fen": 0,
            }
        ]
    )
    clerk = Clerk(app, "reviewer", large)
    part = plan(clerk, offer_form(clerk, **{"terms.instalments": "60", "reason_over_80": "家人愿意承担"}))
    assert "需要双人复核" in part
    assert "欠款超过 50,000.00 元" in part
    sent = {**offer_form(clerk), "reason_over_80": "家人愿意承担", "terms.instalments": "60", "shown": shown(part)}
    assert clerk.done("/offer", sent, step="submit") == "offer_waiting"


def test_another_kind_keeps_what_was_typed(case: Case, clerk: Clerk) -> None:
    fields = offer_form(clerk, **{"terms.instalments": "47", "terms.waived.interest_fen": "1"})
    answer = clerk.web.post(f"{clerk.address}/offer", data={**fields, "switch": "deferral"})
    form = forms_of(answer)["offer"]
    assert (answer.status_code, form["terms.kind"]) == (200, ["deferral"])
    assert form["terms.waived.interest_fen"] == ["1"]
    assert "error-summary" not in text_of(answer)
    back = clerk.web.post(f"{clerk.address}/offer", data={**form, "switch": "instalments"})
    assert forms_of(back)["offer"]["terms.instalments"] == ["47"]
    offered = {**form, "terms.months": "6", "terms.annual_rate_percent": "0"}
    assert clerk.done("/offer", offered) == "offer_open"
    assert case.view()["offers"][0]["terms"]["kind"] == "deferral"


def test_without_a_script_a_button_works_the_figures_out(case: Case, clerk: Clerk) -> None:
    answer = clerk.send("/offer", offer_form(clerk, **{"terms.instalments": "48"}), step="look")
    assert (answer.status_code, case.view()["offers"]) == (200, [])
    assert "展开全部 48 期" in text_of(answer)
    assert clerk.done("/offer", forms_of(answer)["offer"], step="submit") == "offer_open"


def test_a_change_by_somebody_else_is_told_and_what_was_typed_stays(case: Case, clerk: Clerk, chief: Clerk) -> None:
    fields = offer_form(clerk, **{"terms.instalments": "47"})
    chief.done("/messages", {**chief.form("/messages"), "text": "正在核对。"})
    text, form = clerk.refused("/offer", {**fields, "shown": shown(plan(clerk, fields))}, 409, step="submit")
    assert "这宗协商刚刚有变化" in text
    assert chief.name in text
    assert form["terms.instalments"] == ["47"]
    assert case.view()["offers"] == []


def test_another_bank_and_who_only_looks_get_nothing(app: Flask, case: Case, submitted: Submit, clerk: Clerk) -> None:
    fields = offer_form(clerk)
    theirs = Clerk(app, "reviewer", case)
    theirs.web.post("/demo/sign-in", data={"person": f"reviewer-{CMB}"})
    token = forms_of(theirs.get("/portal/"))["out"]
    for path in ("/offer/plan", "/offer", "/agree-as-asked"):
        assert theirs.web.post(f"{clerk.address}{path}", data={**fields, **token}).status_code == 404
    auditor = Clerk(app, "auditor", case)
    token = forms_of(auditor.get("/portal/"))["out"]
    assert auditor.web.post(f"{clerk.address}/offer/plan", data={**fields, **token}).status_code == 403
    assert 'id="plan"' not in auditor.read()


def agree(clerk: Clerk) -> TestResponse:
    [form] = [each for name, each in forms_of(clerk.get(clerk.address)).items() if name == "agree-as-asked"]
    return clerk.web.post(f"{clerk.address}/agree-as-asked", data=form)


def test_a_wish_that_is_a_lawful_plan_is_agreed_to_in_one_press(case: Case, clerk: Clerk) -> None:
    answer = agree(clerk)
    assert (answer.status_code, (answer.location or "").rpartition("=")[2]) == (303, "offer_open")
    [offer] = case.view()["offers"]
    assert (offer["terms"]["instalments"], offer["terms"]["first_due_on"]) == (36, "2026-12-20")
    assert max(row["total_fen"] for row in offer["schedule"][:-1]) <= 53_000


@pytest.mark.parametrize("waits", [False, True])
def test_what_is_offered_already_is_not_agreed_to_a_second_time(case: Case, clerk: Clerk, waits: bool) -> None:
    if waits:
        with case.hub.writing(HUB) as tx:
            bank_rows.set_settings(tx, ICBC, {"four_eyes_above_fen": "0"})
    [form] = [each for name, each in forms_of(clerk.get(clerk.address)).items() if name == "agree-as-asked"]
    assert agree(clerk).status_code == 303
    page = clerk.get(clerk.address)
    assert "agree-as-asked" not in forms_of(page)
    assert "同样的方案已经提出" in text_of(page)
    fresh = clerk.form("/offer")
    answer = clerk.web.post(f"{clerk.address}/agree-as-asked", data={**form, "seen": fresh["seen"], **_token(fresh)})
    assert (answer.status_code, "同样的方案已经提出" in text_of(answer)) == (422, True)
    assert len(case.view(Party.BANK)["offers"]) == 1


def asked(open_case: OpenCase, **proposal: Any) -> Case:
    wish = {"kind": "instalments", "instalments": 36, "monthly_payment_fen": 53_000, "first_due_on": "2026-12-20"}
    return open_case(proposal={**wish, "down_payment_fen": 0, "waive_interest": True, **proposal})


@pytest.mark.parametrize(
    ("proposal", "why"),
    [
        ({"monthly_payment_fen": 40_000}, "比欠款少 4,100.00 元"),
        ({"first_due_on": "2026-11-25"}, "首次还款日"),
    ],
)
def test_where_a_wish_is_no_lawful_plan_the_page_says_why(
    app: Flask, open_case: OpenCase, proposal: dict[str, Any], why: str
) -> None:
    made = asked(open_case, **proposal)
    clerk = Clerk(app, "reviewer", made)
    page = clerk.read()
    assert "不能照客户的诉求直接同意" in page
    assert why in page.partition("不能照客户的诉求直接同意")[2][:600]
    fields = clerk.form("/offer")
    answer = clerk.web.post(f"{clerk.address}/agree-as-asked", data={"seen": fields["seen"], **_token(fields)})
    assert answer.status_code == 422
    assert made.view()["offers"] == []


def test_a_plan_that_begins_with_a_broken_rule_names_it_and_not_what_is_still_open(app: Flask, case: Case) -> None:
    terms = {"kind": "instalments", "instalments": 60, "first_due_on": "2027-01-01", "annual_rate_percent": "3.60"}
    with app.test_request_context(), case.hub.reading(HUB) as tx:
        shown, faults = plan_in(tx, case.id, of_data({"terms": terms, "balances": []}), bank_code=ICBC)
    assert shown is None
    assert [each.code for each in faults] == ["beyond_five_years"]


def _token(fields: Fields) -> Fields:
    return {name: each for name, each in fields.items() if name in ("csrf_token", "once")}


def test_above_80_percent_the_wish_needs_the_banks_words_first(app: Flask, open_case: OpenCase) -> None:
    made = asked(open_case, instalments=18, monthly_payment_fen=106_000)
    clerk = Clerk(app, "reviewer", made)
    answer = agree(clerk)
    assert (answer.status_code, made.view()["offers"]) == (200, [])
    form = forms_of(answer)["offer"]
    assert form["reason_over_80"] == [""]
    clerk.refused("/offer", form)
    assert clerk.done("/offer", {**form, "reason_over_80": "家人愿意承担。"}) == "offer_open"
    assert made.view()["offers"][0]["terms"]["instalments"] == 18


def test_a_counter_offer_is_agreed_to_as_it_is(case: Case, clerk: Clerk) -> None:
    case.offer()
    case.counter()
    [counter] = [each for each in case.view()["offers"] if each["by"] == "cardholder"]
    assert agree(clerk).status_code == 303
    newest = [each for each in case.view()["offers"] if each["by"] == "bank"][-1]
    assert {**newest["terms"], "note": ""} == {**counter["terms"], "note": ""}


def test_a_press_on_an_old_page_is_refused(case: Case, clerk: Clerk, chief: Clerk) -> None:
    [form] = [each for name, each in forms_of(clerk.get(clerk.address)).items() if name == "agree-as-asked"]
    chief.done("/messages", {**chief.form("/messages"), "text": "正在核对。"})
    answer = clerk.web.post(f"{clerk.address}/agree-as-asked", data=form)
    assert answer.status_code == 409
    assert "这宗协商刚刚有变化" in text_of(answer)
    assert case.view()["offers"] == []


def test_a_page_with_three_offers_of_sixty_rows_is_light(case: Case, clerk: Clerk) -> None:
    for count in (58, 59, 60):
        clerk.done("/offer", offer_form(clerk, **{"terms.instalments": str(count)}))
    page = clerk.get(clerk.address).get_data()
    assert len(case.view()["offers"]) == 3
    assert len(gzip.compress(page)) <= 30_000
    # Of the plan that is drawn up alone, never of those that were made.
    assert page.count(b"<tr>") < 80
