"""`/calculator`: figures by each way, for everybody, in both languages; and nothing of what was typed is kept."""

import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.web.limits import CALCULATIONS
from hub.wiring import Hub
from storage import banks as bank_rows
from storage.records.base import Record
from tests.applications import ICBC
from tests.web.caller import API, made
from tests.web.pages.conftest import Visit

TYPED = {"debt_fen": "10000", "monthly_fen": "500"}


def text_of(answer: TestResponse) -> str:
    """The words of the page, its blanks as one each."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


def calculated(web: FlaskClient, language: str = "zh", **typed: str) -> str:
    answer = web.post(f"/calculator?lang={language}", data={**TYPED, **typed})
    assert answer.status_code == 200
    return text_of(answer)


def test_the_form_comes_with_what_is_assumed(web: FlaskClient) -> None:
    answer = web.get("/calculator")
    page = answer.get_data(as_text=True)
    for name, value in {
        "card.minimum_percent": "10.00",
        "card.floor_fen": "100.00",
        "card.daily_rate_percent": "0.05",
        "card.late_fee_percent": "5.00",
        "deal.instalments": "12",
        "plan.instalments": "60",
        "plan.annual_rate_percent": "3.60",
    }.items():
        assert re.search(rf'name="{name}" type="text" value="{value}"', page), name
    assert 'id="result"' not in page
    assert "不用登录" in page


def test_the_ways_stand_side_by_side_in_yuan(web: FlaskClient) -> None:
    page = calculated(web)
    for said in (
        "只还最低还款额 33 个月 1,152.08 元 1,458.83 元 18.25%（单利） 19.86%（复利）",
        "每月还固定的数 25 个月 500.00 元 2,388.09 元 20.82%（单利） 22.92%（复利）",
        "账单分期（等额本息） 12 个月 893.17 元 718.08 元 13.00%（单利） 13.80%（复利）",
        "账单分期（等额本金） 12 个月 941.66 元 704.17 元 13.00%（单利） 13.80%（复利）",
        "账单分期（免息，收手续费） 12 个月 893.33 元 720.00 元 13.03%（单利） 13.84%（复利）",
        "和银行商量的方案 60 个月 182.37 元 941.87 元 3.60%（单利） 3.66%（复利）",
    ):
        assert said in page
    # The first months, worked out, and what is owed behind them.
    assert "1 152.08 0.00 1,152.08 9,000.00" in page
    assert "1 152.08 32.60 500.00 9,684.68" in page


def test_page_and_api_have_the_same_figures(web: FlaskClient) -> None:
    told = made(web.post(f"{API}/calculations", json={"debt_fen": 1_000_000, "monthly_fen": 50_000}), 200)
    page = calculated(web)
    for way in told["ways"]:
        assert f"{way['cost_fen'] // 100:,}.{way['cost_fen'] % 100:02d} 元" in page
        assert f"{way['annual_cost']['nominal_percent']}%（单利）" in page


def test_all_that_is_assumed_is_said_and_that_a_bank_may_differ(web: FlaskClient) -> None:
    page = calculated(web, **{"card.daily_rate_percent": "0.035", "plan.annual_rate_percent": "0"})
    assert "透支利率一年 12.78%（单利），每天 0.035%" in page
    assert "最低还款额是欠款的 10.00% 加当月利息，不低于 100.00 元；少还的部分收 5.00% 违约金。" in page
    assert "银行也可能不同意" in page
    assert "您的银行可能不同" in page
    assert "0.00%（单利）" in page


def test_it_is_there_in_english_too(web: FlaskClient) -> None:
    page = calculated(web, "en")
    assert "Only the minimum payment 33 months ¥1,152.08 ¥1,458.83 18.25%" in page
    assert "Your bank may differ" in page
    assert not re.search(r"[一-鿿]", page.replace("中文", ""))


@pytest.mark.parametrize(("monthly", "never"), [("152.08", True), ("1", True), ("500", False)])
def test_a_sum_that_never_pays_it_off_is_said_in_words(web: FlaskClient, monthly: str, never: bool) -> None:
    page = calculated(web, monthly_fen=monthly)
    assert ("一直还不清。这样还，一个月的利息和违约金有" in page) == never
    assert ("（一直还不清，没有画）" in page) == never


def test_what_takes_more_than_thirty_years_is_said_too(web: FlaskClient) -> None:
    page = calculated(web, **{"card.minimum_percent": "1", "card.floor_fen": "0"})
    assert "只还最低还款额：30 年以后还没有还清" in page


def test_the_chart_has_words_and_all_of_its_figures_below(web: FlaskClient) -> None:
    page = web.post("/calculator", data=TYPED).get_data(as_text=True)
    assert '<svg class="cost-chart"' in page
    assert 'role="img" aria-labelledby="cost-title cost-desc"' in page
    assert '<title id="cost-title">每个月以后还欠多少</title>' in page
    assert page.count("<polyline") == 4
    assert "从 0 到 60" in page
    words = unescape(re.sub(r"<[^>]+>", " ", page)).split()
    assert {"9,000.00", "9,684.68", "9,847.63"} <= set(words)


@pytest.mark.parametrize(
    ("typed", "name", "said"),
    [
        ({"debt_fen": ""}, "debt_fen", "请填写现在的欠款。"),
        ({"debt_fen": "一万"}, "debt_fen", "请填写现在的欠款，例如 6200 或 6200.50。"),
        ({"debt_fen": "0"}, "debt_fen", "现在的欠款不能小于 0.01 元。"),
        ({"card.daily_rate_percent": "5"}, "card-daily_rate_percent", "透支利率不能大于 1。"),
        ({"plan.instalments": "61"}, "plan-instalments", "方案的期数不能大于 60。"),
        ({"deal.annual_rate_percent": "0"}, "deal-annual_rate_percent", "账单分期的年利率要大于 0。"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    web: FlaskClient, typed: dict[str, str], name: str, said: str
) -> None:
    answer = web.post("/calculator", data={**TYPED, "monthly_fen": "567.89", **typed})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert f'<a href="#f-{name}">{said}</a>' in page
    assert 'value="567.89"' in page
    assert 'id="result"' not in page
    # A field within a group that is closed could not be reached.
    if "-" in name:
        assert '<details class="assumed" open>' in page


def test_a_bank_that_publishes_how_it_reckons_can_be_chosen(web: FlaskClient, hub: Hub, banks: dict[str, Bank]) -> None:
    assert 'name="bank_code"' not in web.get("/calculator").get_data(as_text=True)
    with hub.writing(HUB) as tx:
        bank_rows.set_settings(tx, ICBC, {"card_minimum_percent": "5", "card_daily_rate_percent": "0.0475"})
    assert f'<option value="{ICBC}">' in web.get("/calculator").get_data(as_text=True)
    typed = {**TYPED, "bank_code": ICBC, "card.minimum_percent": "10.00", "plan.instalments": "36"}
    filled = web.post("/calculator", data={**typed, "do": "bank"}).get_data(as_text=True)
    # The group is open, what was typed elsewhere stays, and nothing is worked out or blamed yet.
    assert '<details class="assumed" open>' in filled
    for name, value in {
        "card.minimum_percent": "5.00",
        "card.daily_rate_percent": "0.0475",
        "card.late_fee_percent": "5.00",
        "plan.instalments": "36",
        "debt_fen": "10000",
    }.items():
        assert re.search(rf'name="{name}" type="text" value="{value}"', filled), name
    assert 'id="result"' not in filled
    assert "error-summary" not in filled
    # What is typed counts before what is published.
    assert "最低还款额是欠款的 7.00%" in calculated(web, **{"bank_code": ICBC, "card.minimum_percent": "7"})
    assert "最低还款额是欠款的 5.00%" in calculated(web, bank_code=ICBC)


def test_nothing_that_was_typed_is_kept(web: FlaskClient, hub: Hub, caplog: pytest.LogCaptureFixture) -> None:
    def rows() -> dict[str, int]:
        with hub.reading(HUB) as tx:
            tables: list[Any] = [each for name, each in Record.metadata.tables.items() if name != "attempt"]
            return {each.name: tx.session.scalar(select(func.count()).select_from(each)) or 0 for each in tables}

    before = rows()
    with caplog.at_level("DEBUG"):
        for answer in (web.get("/calculator"), web.post("/calculator", data={"debt_fen": "76543.21"})):
            assert answer.status_code == 200
            assert "Set-Cookie" not in answer.headers
            assert answer.headers["Cache-Control"] == "private, no-store"
            # The form asks no script, and goes to an address that holds nothing of it.
            assert "<script" not in answer.get_data(as_text=True)
            assert '<form method="post" action="/calculator#result"' in answer.get_data(as_text=True)
    assert rows() == before
    # Neither in yuan nor in fen; fewer digits may stand in what is drawn.
    said = caplog.text.replace(",", "")
    assert not any(each in said for each in ("76543.21", "7654321"))


def test_an_address_asks_so_often_a_minute_on_page_and_api_together(
    web: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = type(CALCULATIONS)(name=CALCULATIONS.name, amount=2, window=CALCULATIONS.window)
    for face in ("pages.calculator", "api.calculations"):
        monkeypatch.setattr(f"hub.web.{face}.CALCULATIONS", few)
    calculated(web)
    made(web.post(f"{API}/calculations", json={"debt_fen": 100_000}), 200)
    assert web.post("/calculator", data=TYPED).status_code == 429
    # Looking at the form counts for nothing.
    assert web.get("/calculator").status_code == 200


def test_it_is_one_step_from_where_a_person_begins(web: FlaskClient) -> None:
    assert 'href="/calculator"' in web.get("/apply/").get_data(as_text=True)
    assert 'href="/apply/"' in web.post("/calculator", data=TYPED).get_data(as_text=True)


def test_who_is_signed_in_uses_it_like_everybody(visit: Visit) -> None:
    visitor = visit("cardholder-1")
    assert visitor.get("/calculator").status_code == 200
