"""What a bank's people do in the portal: each deed from form to log, posted twice, and on a case that moved on."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from flask import Flask

from tests.applications import card
from tests.services.case import LARGE_OFFER, Case
from tests.web.pages.clerk import Clerk, Fields, forms_of


def offer_form(clerk: Clerk, **changes: Any) -> Fields:
    """The form as it begins, with a rate."""
    return {**clerk.form("/offer"), "terms.annual_rate_percent": "3.6", **changes}


def large_offer(clerk: Clerk) -> Fields:
    """Terms that one person alone cannot let go."""
    return offer_form(clerk, **{"terms.principal_fen": "5万", "balances.0.principal_fen": "5万"})


# Short of terms.


def test_a_message_is_in_the_log_once_however_often_it_is_posted(case: Case, clerk: Clerk) -> None:
    text, _ = clerk.refused("/messages", clerk.form("/messages"))
    assert "请填写要写给客户的话。" in text
    form = {**clerk.form("/messages"), "text": "您好，<b>请</b>保持电话畅通。"}
    assert [clerk.done("/messages", form) for _ in range(2)] == ["written"] * 2
    assert [each.text for each in case.log() if each.header.kind == "message"] == ["您好，<b>请</b>保持电话畅通。"]
    page = clerk.page(clerk.address)
    assert "&lt;b&gt;请&lt;/b&gt;" in page
    assert clerk.name in page


# Terms.


def test_an_offer_begins_with_what_the_person_asked_for(clerk: Clerk) -> None:
    form = clerk.form("/offer")
    assert form["terms.principal_fen"] == ["18,500.00"]
    assert form["terms.waived.interest_fen"] == ["462.00"]
    assert form["terms.instalments"] == ["36"]
    assert form["balances.0.penalty_fen"] == ["120.00"]
    assert "terms.months" not in form
    assert "terms.instalments" not in clerk.form("/offer?kind=deferral", "offer")


def test_the_preview_of_an_offer_is_the_offer_that_is_made(case: Case, clerk: Clerk) -> None:
    answer = clerk.send("/offer", offer_form(clerk), step="preview")
    text = unescape(answer.get_data(as_text=True))
    assert case.view()["offers"] == []
    assert clerk.done("/offer", forms_of(answer)["offer"]) == "offer_open"
    [offer] = case.view()["offers"]
    assert (offer["status"], offer["terms"]["instalments"]) == ("open", 36)
    for row in offer["schedule"]:
        assert f"{row['total_fen'] / 100:,.2f}" in text
        assert row["due_on"] in text
    assert f"{offer['total_fen'] / 100:,.2f} 元" in text
    assert "有效至 2026 年 11 月 28 日（周六）18:00" in text
    assert offer["balances"] == [
        {
            "card_last4": card()[-4:],
            "currency": "CNY",
            "principal_fen": 1850000,
            "interest_fen": 46200,
            "fees_fen": 0,
            "penalty_fen": 12000,
            "as_of": "2026-11-21",
        }
    ]


@pytest.mark.parametrize(
    ("kind", "fields", "total_fen"),
    [
        ("deferral", {"terms.months": "6", "terms.annual_rate_percent": "0"}, 1850000),
        ("settlement", {"terms.principal_fen": "1.2万"}, 1200000),
        (
            "lower_minimum",
            {"terms.months": "12 个月", "terms.minimum_percent": "5%", "terms.annual_rate_percent": "18.25"},
            0,
        ),
        (
            "reduction",
            {"terms.instalments": "12期", "terms.annual_rate_percent": "0", "terms.method": "interest_free"},
            1850000,
        ),
    ],
)
def test_every_kind_of_terms_can_be_offered(
    case: Case, clerk: Clerk, kind: str, fields: Fields, total_fen: int
) -> None:
    form = {**clerk.form(f"/offer?kind={kind}", "offer"), **fields}
    assert clerk.done("/offer", form) == "offer_open"
    [offer] = case.view()["offers"]
    assert (offer["terms"]["kind"], offer["total_fen"]) == (kind, total_fen)
    assert "发给客户" not in clerk.read(f"/offers/{offer['id']}")


def test_terms_that_cannot_be_come_back_as_they_were_typed(case: Case, clerk: Clerk) -> None:
    fields = offer_form(
        clerk, **{"terms.instalments": "61", "terms.principal_fen": "一万", "valid_until": "2026-11-22 18:00"}
    )
    text, form = clerk.refused("/offer", fields, step="preview")
    assert "需要修改：" in text
    assert (form["terms.instalments"], form["terms.principal_fen"]) == (["61"], ["一万"])
    assert form["balances.0.as_of"] == ["2026-11-21"]
    text, form = clerk.refused("/offer", offer_form(clerk, valid_until="2026-11-22 18:00"), step="preview")
    assert "有效期请设在 3 至 30 天之后" in text
    assert form["seen"] == fields["seen"]
    assert case.view()["offers"] == []


def test_the_banks_own_figures_stand_in_the_offer(case: Case, clerk: Clerk) -> None:
    clerk.done("/offer", offer_form(clerk, **{"balances.0.penalty_fen": "200", "balances.0.as_of": "2026/11/20"}))
    [offer] = case.view()["offers"]
    [balance] = offer["balances"]
    assert (balance["penalty_fen"], balance["as_of"], offer["left_out_fen"]) == (20_000, "2026-11-20", 8_000)


def test_what_is_left_out_is_said_before_and_after_it_is_sent(case: Case, clerk: Clerk) -> None:
    fields = offer_form(clerk, **{"terms.principal_fen": "18000", "terms.waived.interest_fen": "0"})
    left_out = "另有 962.00 元欠款没有列入方案"
    looked = clerk.send("/offer", fields, step="preview")
    assert left_out in unescape(looked.get_data(as_text=True))
    clerk.done("/offer", forms_of(looked)["offer"])
    assert left_out in clerk.read()
    text, _ = clerk.refused("/offer", offer_form(clerk, **{"terms.principal_fen": "18500.01"}), step="preview")
    assert "最多 18,500.00 元" in text


def test_two_posts_of_one_offer_make_one(case: Case, clerk: Clerk) -> None:
    form = offer_form(clerk)
    assert [clerk.done("/offer", form) for _ in range(2)] == ["offer_open"] * 2
    assert len(case.view()["offers"]) == 1


def test_an_offer_made_for_an_older_state_comes_back_with_all_that_was_typed(
    case: Case, clerk: Clerk, chief: Clerk
) -> None:
    form = offer_form(clerk, **{"terms.note": "请按月存入。", "terms.instalments": "48"})
    chief.done("/messages", {**chief.form("/messages"), "text": "正在与客户沟通。"})
    for step in ("preview", "send"):
        text, again = clerk.refused("/offer", form, 409, step=step)
        assert chief.name in text
        assert "正在与客户沟通。" in text
        assert "更新的人" in text
        assert (again["terms.note"], again["terms.instalments"]) == (["请按月存入。"], ["48"])
    assert case.view()["offers"] == []
    assert again["seen"] != form["seen"]
    assert clerk.done("/offer", again) == "offer_open"
    assert case.view()["offers"][0]["terms"]["instalments"] == 48


def test_an_offer_for_a_case_that_has_ended_is_not_made(case: Case, clerk: Clerk) -> None:
    form = offer_form(clerk)
    case.withdraw()
    text, again = clerk.refused("/offer", form, 409)
    assert "持卡人" in text
    text, again = clerk.refused("/offer", again, 409)
    assert "当前状态是“已撤回”" in text
    assert again["terms.instalments"] == ["36"]
    assert case.view()["offers"] == []


@pytest.mark.parametrize("seen", [None, "", "x", "-1", "999"])
def test_a_form_that_does_not_say_what_it_was_made_for_does_nothing(case: Case, clerk: Clerk, seen: str | None) -> None:
    form = {name: value for name, value in offer_form(clerk).items() if name != "seen"}
    assert clerk.send("/offer", form if seen is None else {**form, "seen": seen}).status_code == 409
    assert case.view()["offers"] == []


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


def test_a_counter_offer_can_be_taken_up_as_it_is(case: Case, clerk: Clerk) -> None:
    case.offer()
    counter = case.counter()
    assert f"/offer?like={counter}" in clerk.read()
    form = clerk.form(f"/offer?like={counter}", "offer")
    assert form["terms.note"] == [""]
    assert clerk.done("/offer", form) == "offer_open"
    assert case.offer_of(counter)["status"] == "superseded"


# Calls.


def test_a_form_without_the_sites_token_does_nothing(case: Case, clerk: Clerk) -> None:
    form = {name: value for name, value in clerk.form("", "acknowledge").items() if name != "csrf_token"}
    assert clerk.send("/acknowledge", form).status_code == 400
    assert case.status == "awaiting_bank"
