"""`/calculator/instalments`: the figures of a deal that ends early, for everybody, and nothing of it is kept."""

import re

import pytest
from flask.testing import FlaskClient

from tests.web.pages.test_calculator import text_of

TYPED = {
    "kind": "settle_early",
    "wanted_on": "2026-11-24",
    "deal.kind": "merchant",
    "deal.principal_fen": "12000",
    "deal.terms": "12",
    "deal.paid_terms": "5",
    "deal.first_posted_on": "2026-07-10",
    "deal.fee_mode": "per_term",
    "deal.fee_fen": "72",
}
HERE = "/calculator/instalments"


def estimated(web: FlaskClient, language: str = "zh", **typed: str) -> str:
    answer = web.post(f"{HERE}?lang={language}", data={**TYPED, **typed})
    assert answer.status_code == 200
    return text_of(answer)


def test_what_is_to_be_paid_stands_part_by_part_with_its_formula(web: FlaskClient) -> None:
    page = estimated(web)
    for said in (
        "剩余本金 7,000.00 截至当日的利息或手续费 34.98 一共要还 7,034.98",
        "上一期以来 14 天：7,000.00 元 × 13.03% × 14 ÷ 365",
        "以后各期的利息和手续费 504.00 元不再收取。",
        "这笔分期到此结束。",
        "以银行的报价为准",
    ):
        assert said in page


def test_both_refunds_of_an_upfront_fee_stand_side_by_side(web: FlaskClient) -> None:
    page = estimated(web, **{"deal.fee_mode": "upfront", "deal.fee_fen": "864"})
    assert "退 316.10 元；按没有用的期数平均算，是 504.00 元" in page
    assert "退回的手续费 −316.10" in page


def test_a_shorter_deal_shows_what_goes_on(web: FlaskClient) -> None:
    page = estimated(web, kind="shorten", terms_left="3")
    assert "分期继续：还剩 3 期，最后一期 2027 年 2 月 10 日（周三），不会重新分期。" in page


def test_it_is_there_in_english_too(web: FlaskClient) -> None:
    page = estimated(web, "en", **{"deal.fee_mode": "upfront", "deal.fee_fen": "864"})
    assert "Fee given back −316.10" in page
    assert not re.search(r"[一-鿿]", page.replace("中文", ""))


@pytest.mark.parametrize(
    ("typed", "name", "said"),
    [
        ({"deal.principal_fen": ""}, "deal-principal_fen", "请填写分期的本金。"),
        ({"kind": ""}, "kind", "请选择想怎样办理。"),
        ({"kind": "refund"}, "merchant_refund_fen", "请填写商户退款的金额。"),
        ({"kind": "cancel_before_first"}, "kind", "首期已经入账，不能再取消，可以申请提前结清。"),
        ({"deal.fee_mode": "interest", "deal.fee_fen": ""}, "deal-annual_percent", "请填写年利率。"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    web: FlaskClient, typed: dict[str, str], name: str, said: str
) -> None:
    answer = web.post(HERE, data={**TYPED, "wanted_on": "2026-11-23", **typed})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert f'<a href="#f-{name}">{said}</a>' in page
    assert 'value="2026-11-23"' in page
    assert 'id="result"' not in page


def test_what_is_overdue_leads_to_the_bank(web: FlaskClient) -> None:
    answer = web.post(HERE, data={**TYPED, "deal.paid_terms": "4"})
    assert "请改为申请和银行协商还款" in text_of(answer)
    assert 'class="chevron-row" href="/apply/"' in answer.get_data(as_text=True)


def test_nothing_that_was_typed_is_kept(web: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        for answer in (web.get(HERE), web.post(HERE, data={**TYPED, "deal.principal_fen": "76543.21"})):
            assert answer.status_code == 200
            assert "Set-Cookie" not in answer.headers
            assert answer.headers["Cache-Control"] == "private, no-store"
            assert "<script" not in answer.get_data(as_text=True)
    # Neither in yuan nor in fen; fewer digits may stand in what is drawn.
    said = caplog.text.replace(",", "")
    assert not any(each in said for each in ("76543.21", "7654321"))


def test_it_is_one_step_from_the_calculator(web: FlaskClient) -> None:
    assert f'href="{HERE}"' in web.get("/calculator").get_data(as_text=True)
