"""A person answers an offer."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from hub.domain.clock import FixedClock
from hub.services.operating import sweeps
from hub.wiring import Hub
from tests.applications import terms
from tests.conftest import SentMessages
from tests.web.caller import Caller, made
from tests.web.pages.my.ways import bank_path
from tests.web.pages.reader import Page


def test_a_wrong_code_is_said_at_its_field_and_counts(offered: Page, sms: SentMessages) -> None:
    before = offered.reader.open(f"{offered.address}/accept").press("发送确认码")
    right = sms.sent[-1][1][:6]
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _ in range(5):
        before = before.press("同意并签署", {"agreed": ["1"], "confirmation_code": wrong})
        assert before.status == 422
        assert "确认码不对" in before.text
    used_up = before.press("同意并签署", {"agreed": ["1"], "confirmation_code": right})
    assert "输错次数过多" in used_up.text
    assert "等您确认" in offered.reader.open("/my/").text


def test_a_third_code_within_a_minute_is_put_off_on_the_same_page(offered: Page, sms: SentMessages) -> None:
    page = offered.reader.open(f"{offered.address}/accept").press("发送确认码")
    page = page.press("重新发送确认码")
    waits = page.press("重新发送确认码")
    assert (waits.status, waits.answer.headers["Retry-After"], len(sms.sent)) == (429, "60", 2)
    assert "请在 1 分钟后再获取" in waits.text
    signed = waits.press("同意并签署", {"agreed": ["1"], "confirmation_code": sms.sent[-1][1][:6]})
    assert signed.status == 200


def test_nobody_signs_without_saying_so(offered: Page, sms: SentMessages) -> None:
    before = offered.reader.open(f"{offered.address}/accept").press("发送确认码")
    refused = before.press("同意并签署", {"confirmation_code": sms.sent[-1][1][:6]})
    assert refused.status == 422
    assert "f-agreed" in refused.ids
    assert "有 1 处需要您看一下" in refused.text


def test_signing_twice_makes_one_agreement(offered: Page, sms: SentMessages) -> None:
    before = offered.reader.open(f"{offered.address}/accept").press("发送确认码")
    send = before.sent("同意并签署", {"agreed": ["1"], "confirmation_code": sms.sent[-1][1][:6]})
    first, second = before.reader.send(*send), before.reader.send(*send)
    assert first.address == second.address
    assert (first.status, second.status) == (200, 200)
    assert len(sms.sent) == 1


def test_a_declined_offer_is_the_banks_turn_again(offered: Page) -> None:
    answered = offered.reader.open(f"{offered.address}/decline").press("告诉银行", {"text": "每月太多"})
    assert "等银行答复" in answered.text
    assert "每月太多" in answered.text
    again = offered.reader.open(offered.address)
    assert "这个方案现在不能再选择" in again.text


def test_the_answers_to_an_offer_that_is_over_lead_to_the_page_that_says_so(offered: Page) -> None:
    here = offered.address.partition("/offers")[0]
    offered.reader.open(f"{here}/withdraw").press("撤回", {"sure": ["1"]})
    for answer in ("accept", "decline"):
        led = offered.reader.open(f"{offered.address}/{answer}")
        assert led.address == offered.address
        assert "这个方案现在不能再选择" in led.text
    counter = offered.reader.open(f"{here}/counter")
    assert "这次协商已经结束，不能再提方案" in counter.text
    assert f"{here}/message" not in counter.links
    assert f"{here}/agreement" not in offered.reader.open(f"{here}/clearance").links


def test_a_declined_offer_beside_another_leaves_the_choice(offered: Page, icbc: Caller) -> None:
    made(icbc.post(f"{bank_path(offered)}/offers", {"terms": terms()}))
    answered = offered.reader.open(f"{offered.address}/decline").press("告诉银行")
    assert "别的方案仍然有效" in answered.text
    assert "轮到银行" not in answered.text


def test_an_offer_that_changed_meanwhile_says_who_changed_it(offered: Page) -> None:
    here = offered.address.partition("/offers")[0]
    page = offered.reader.open(f"{here}/message")
    offered.reader.open(f"{here}/withdraw").press("撤回", {"sure": ["1"]})
    stale = page.press("发送", {"text": "我写了很久的话"})
    assert stale.status == 409
    assert "更新的人：持卡人" in stale.text
    assert "我写了很久的话" in stale.text


LOWER = {
    "kind": "lower_minimum", "minimum_percent": "5.00", "months": 12, "annual_rate_percent": "18.25",
    **{name: terms()[name] for name in ("principal_fen", "waived", "first_due_on", "note")},
}  # fmt: skip
WITH_A_FEE = {**terms(), "fee_fen": 36_000}


def figures(page: Page) -> str:
    """What stands at the top of an offer in large letters."""
    return page.html.partition('<dl class="figures">')[2].partition("</dl>")[0]


@pytest.mark.parametrize("offered", [terms(), WITH_A_FEE, LOWER], ids=["interest", "fee", "minimum"])
def test_what_it_costs_a_year_stands_at_the_top_of_every_page_of_an_offer(
    sent: Page, icbc: Caller, offered: dict[str, Any]
) -> None:
    offer = made(icbc.post(f"{bank_path(sent)}/offers", {"terms": offered}))
    cost = f"{offer['annual_cost']['nominal_percent']}%（单利）" if offer["annual_cost"] else "18.25%"
    for page in ("", f"/offers/{offer['id']}", f"/offers/{offer['id']}/accept"):
        assert cost in figures(sent.reader.open(f"{sent.address}{page}"))


def test_the_offer_names_its_rate_its_cost_both_ways_and_its_fee(sent: Page, icbc: Caller) -> None:
    offer = made(icbc.post(f"{bank_path(sent)}/offers", {"terms": WITH_A_FEE}))
    table = sent.reader.open(f"{sent.address}/offers/{offer['id']}").html.partition("<caption>方案和您的申请")[2]
    cost = offer["annual_cost"]
    assert f"{cost['nominal_percent']}%（单利），{cost['effective_percent']}%（复利）" in table
    assert "费用</th><td>360.00 元" in table
    assert "3.60%（合同利率）" in table


def test_the_long_page_leads_to_its_parts_and_comes_back_at_the_place_of_the_code(offered: Page) -> None:
    page = offered.reader.open(f"{offered.address}/accept")
    inside = [each for each in page.links if each.startswith("#") and each != "#main"]
    assert inside == ["#plan", "#words", "#clauses", "#sign"]
    assert {each[1:] for each in inside} <= page.ids
    assert [form.action.rpartition("#")[2] for form in page.forms if "/offers/" in form.action] == ["sign", "sign"]
    wrong = page.press("同意并签署")
    assert [form.action.rpartition("#")[2] for form in wrong.forms if "/offers/" in form.action] == ["sign", "sign"]


def test_the_answers_are_three_of_one_size_and_the_days_are_counted(offered: Page) -> None:
    assert "还有 7 天可以决定" in offered.text
    answers = offered.html.partition('<p class="buttons answers">')[2].partition("</p>")[0]
    assert answers.count('class="button button-quiet"') == 3
    places = [answers.index(each) for each in ("同意这个方案", "提出别的想法", "这个方案我还不起")]
    assert places == sorted(places)


def test_what_was_asked_for_stands_beside_with_month_term_interest_and_sum(offered: Page) -> None:
    table = re.sub(r"<[^>]*>", " ", offered.html.partition("<caption>方案和您的申请")[2].partition("</table>")[0])
    rows = " ".join(table.split())
    for row in (
        "每月 542.91 元 800.07 元",
        "期数 36 24",
        "总利息 1,044.69 元 约 701.68 元",
        "一共要还 19,544.69 元 19,201.68 元",
        "银行减免 582.00 元 —",
    ):
        assert row in rows, rows


def test_the_newest_idea_stands_beside_a_later_offer(offered: Page, icbc: Caller) -> None:
    here = offered.address.partition("/offers")[0]
    counter = offered.reader.open(f"{here}/counter")
    counter.press("看一遍再发送", {"terms.monthly_payment_fen": "300"}).press("发给银行")
    page = offered.reader.open(offered.address)
    assert "您最近提出的" in page.text
    assert "每月 542.91 元 300.00 元" in page.text


def test_credit_and_a_missed_payment_are_told_in_neutral_words(offered: Page) -> None:
    for words in ("不会删除已有的逾期记录", "保留 5 年", "累计 2 期没有还，银行可以终止协议"):
        assert words in offered.text, words


def test_an_offer_that_ran_out_leads_on(offered: Page, clock: FixedClock, hub: Hub) -> None:
    clock.at += timedelta(days=8)
    sweeps.run_due(hub)
    page = offered.reader.open(offered.address)
    assert "想请银行再给一次？" in page.text
    assert "申请新的方案" in page.text
