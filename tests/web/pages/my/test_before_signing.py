"""Before signing, the page shows all that is signed, in the order of the paper."""

from __future__ import annotations

from typing import Any

import pytest

from tests.applications import terms
from tests.web.caller import Caller, made
from tests.web.pages.my.ways import bank_path
from tests.web.pages.reader import Page

# 5,000.00 of principal and 120.00 of penalty are left out; the first due day is far from a month away.
MIXED = {
    "principal_fen": 1_396_200,
    "waived": {"interest_fen": 0, "penalty_fen": 0, "fees_fen": 0, "principal_fen": 0},
    "first_due_on": "2027-01-20",
    "down_payment_fen": 50_000,
    "fee_fen": 36_000,
    "note": "有问题请随时联系我们。",
}


def accept_page(sent: Page, icbc: Caller, **changes: Any) -> Page:
    offer = made(icbc.post(f"{bank_path(sent)}/offers", {"terms": {**terms(), **changes}}))
    return sent.reader.open(f"{sent.address}/offers/{offer['id']}/accept")


def of_kind(kind: str, **fields: Any) -> dict[str, Any]:
    whole = terms(kind=kind)
    return {name: whole[name] for name in ("kind", "principal_fen", "waived", "first_due_on", "note")} | fields


def test_everything_that_is_signed_stands_there_in_its_order(sent: Page, icbc: Caller) -> None:
    page = accept_page(sent, icbc, **MIXED)
    places: list[int] = []
    for words in (
        "欠款余额",
        "列入方案的金额",
        "没有列入方案的欠款",
        "费用",
        "3.60%（合同利率）",
        "综合年化成本",
        "按实际还款日期的年化成本",
        "首次还款",
        "签署后先还",
        "每一期还多少",
        "一、欠款余额、结构、币种",
        "五、双方的权利义务和违约责任",
        "权利义务",
        "违约责任",
        "六、与还款有关的其他事项",
        "没有按时还款时",
        "怎样还款",
        "征信信息报送",
        "银行的说明",
        "签署方式",
        "摘要（SHA-256）",
    ):
        place = page.text.find(words, places[-1] if places else 0)
        assert place > -1, words
        places.append(place)
    digest = page.text.partition("摘要（SHA-256）为：")[2].split()[0]
    [offer] = made(icbc.get(bank_path(sent)), 200)["offers"]
    assert digest == offer["digest"]
    beside = sent.reader.open(f"{sent.address}/offers/{offer['id']}").text
    assert "按提出方案的那天算，签署日不同会略有变化" in beside
    assert all(row["due_on"] in page.text for row in offer["schedule"])


def test_what_is_put_into_the_plan_and_what_is_left_out_is_said(sent: Page, icbc: Caller) -> None:
    whole = {"principal_fen": 1_896_200, "waived": MIXED["waived"]}
    page = accept_page(sent, icbc, **whole)
    assert "18,962.00 元（本金 18,500.00 元，利息 462.00 元）" in page.text
    assert "120.00 元，仍按原来的合约处理" in page.text
    # What holds interest is not called principal.
    assert "列入金额" in page.text
    assert "剩余本金" not in page.text


def test_a_down_payment_has_its_days_and_its_day(sent: Page, icbc: Caller) -> None:
    page = accept_page(sent, icbc, **MIXED)
    assert "500.00 元，签署后 3 个工作日内（今天签署，就是 2026 年 11 月 25 日（周三）前）" in page.text


def test_a_month_after_signing_there_is_one_cost(sent: Page, icbc: Caller) -> None:
    page = accept_page(sent, icbc, first_due_on="2026-12-21")
    assert "综合年化成本" in page.text
    assert "按实际还款日期" not in page.text


def test_a_waiver_beside_one_payment_says_on_what_it_hangs(sent: Page, icbc: Caller) -> None:
    offer = made(icbc.post(f"{bank_path(sent)}/offers", {"terms": of_kind("settlement")}))
    for page in ("", "/accept"):
        text = sent.reader.open(f"{sent.address}/offers/{offer['id']}{page}").text
        assert "；到期前全额还清才生效" in text


@pytest.mark.parametrize("page", ["", "/accept"])
def test_a_lowered_minimum_is_not_shown_as_free(sent: Page, icbc: Caller, page: str) -> None:
    lower = of_kind("lower_minimum", minimum_percent="5.00", months=12, annual_rate_percent="18.25")
    offer = made(icbc.post(f"{bank_path(sent)}/offers", {"terms": lower}))
    shown = sent.reader.open(f"{sent.address}/offers/{offer['id']}{page}")
    assert "18.25%（这张卡的利率，照常计收；按现在的欠款估算，利息每月约 281.35 元）" in shown.text
    for words in ("总利息", "一共要还", "不再申领信用卡", "四、未全部结清前", "列入方案的金额", "期数"):
        assert words not in shown.text
    assert ("适用的欠款" in shown.text, "最低还款额" in shown.text, "12 个月" in shown.text) == (True, True, True)
