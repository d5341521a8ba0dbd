"""A clerk makes an offer."""

from __future__ import annotations

from html import unescape

import pytest

from tests.applications import card
from tests.services.case import Case
from tests.web.pages.clerk import Clerk, Fields, forms_of
from tests.web.pages.portal.offer_forms import offer_form


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
            {"terms.instalments": "24期", "terms.annual_rate_percent": "0", "terms.method": "interest_free"},
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


def test_more_than_80_percent_of_a_month_needs_a_reason(case: Case, clerk: Clerk) -> None:
    dear = offer_form(clerk, **{"terms.instalments": "12"})
    text, form = clerk.refused("/offer", dear, step="preview")
    assert 'href="#f-reason_over_80"' in text
    assert case.view()["offers"] == []
    answer = clerk.send("/offer", {**form, "reason_over_80": "家人愿意承担。"}, step="preview")
    assert "家人愿意承担。" in unescape(answer.get_data(as_text=True))
    assert clerk.done("/offer", forms_of(answer)["offer"]) == "offer_open"
    assert "家人愿意承担。" in clerk.read()


def test_above_24_percent_the_page_asks_once_more(case: Case, clerk: Clerk) -> None:
    at_limit = offer_form(clerk, **{"terms.annual_rate_percent": "24", "terms.instalments": "48"})
    assert "再核对一次" not in unescape(clerk.send("/offer", at_limit, step="preview").get_data(as_text=True))
    answer = clerk.send("/offer", {**at_limit, "terms.annual_rate_percent": "24.01"}, step="preview")
    assert "再核对一次" in unescape(answer.get_data(as_text=True))
    form = forms_of(answer)["offer"]
    text, _ = clerk.refused("/offer", form)
    assert 'href="#f-rate_meant"' in text
    assert case.view()["offers"] == []
    assert clerk.done("/offer", {**form, "rate_meant": "1"}) == "offer_open"


def test_the_clerk_sees_why_the_cost_by_dates_differs(clerk: Clerk) -> None:
    def preview(first_due_on: str) -> str:
        form = offer_form(clerk, **{"terms.first_due_on": first_due_on})
        return unescape(clerk.send("/offer", form, step="preview").get_data(as_text=True))

    assert "按实际日期" not in preview("2026-12-21")
    assert "两个成本的算法不同" in preview("2027-01-20")


def test_terms_that_cannot_be_come_back_as_they_were_typed(case: Case, clerk: Clerk) -> None:
    fields = offer_form(
        clerk, **{"terms.instalments": "61", "terms.principal_fen": "一万", "valid_until": "2026-11-22 18:00"}
    )
    text, form = clerk.refused("/offer", fields, step="preview")
    assert "需要修改：" in text
    assert (form["terms.instalments"], form["terms.principal_fen"]) == (["61"], ["一万"])
    assert form["balances.0.as_of"] == ["2026-11-21"]
    sound = {"terms.instalments": "36", "terms.principal_fen": "18500", "valid_until": "2026-11-22 18:00"}
    text, form = clerk.refused("/offer", offer_form(clerk, **sound), step="preview")
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
    assert "客户已撤回" in text
    text, again = clerk.refused("/offer", again, 409)
    assert "当前状态是“已撤回”" in text
    assert again["terms.instalments"] == ["36"]
    assert case.view()["offers"] == []


def test_a_counter_offer_can_be_taken_up_as_it_is(case: Case, clerk: Clerk) -> None:
    case.offer()
    counter = case.counter()
    assert f"/offer?like={counter}" in clerk.read()
    form = clerk.form(f"/offer?like={counter}", "offer")
    assert form["terms.note"] == [""]
    assert clerk.done("/offer", form) == "offer_open"
    assert case.offer_of(counter)["status"] == "superseded"
