"""The step of the plan."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.pages.cardholders import fill_cards, fill_month, fill_reason
from tests.web.pages.reader import Reader


def test_what_is_left_is_shared_by_what_is_owed(reader: Reader) -> None:
    page = fill_month(fill_reason(fill_cards(reader)))
    left = page.reader.open("/apply/left")
    assert "2,600.00" in left.text
    assert "1,300.00 元到 1,560.00 元" in left.text
    assert left.text.count("780.00 元") == 2


def test_a_plan_is_shown_before_it_is_kept(reader: Reader) -> None:
    fill_month(fill_reason(fill_cards(reader)))
    plan = reader.open("/apply/plan")
    shown = plan.press(
        "先算一算", {"option": ["own"], "proposal.instalments": "48 期", "proposal.monthly_payment_fen": "700"}
    )
    assert shown.status == 200
    assert "33,600.00" in shown.text
    assert "比本金少 3,400.00" in shown.text
    assert "未开始" in reader.open("/apply/steps").text
    long = plan.press(
        "保存并继续", {"option": ["own"], "proposal.instalments": "61", "proposal.monthly_payment_fen": "7"}
    )
    assert "f-proposal-instalments-error" in long.ids
    past = plan.press("保存并继续", {"option": ["36"], "proposal.first_due_on": "2026-11-21"})
    assert "f-proposal-first_due_on-error" in past.ids


@pytest.mark.parametrize(
    ("kind", "typed", "shown"),
    [
        (
            "settlement",
            {"proposal.settlement_fen": "3万"},
            ["一次还清的金额", "30,000.00 元", "其余全部欠款"],
        ),
        (
            "reduction",
            {
                "option": ["own"],
                "proposal.instalments": "24",
                "proposal.monthly_payment_fen": "1500",
                "proposal.waive_interest": ["1"],
                "proposal.waived.principal_fen": "1000",
            },
            ["24 期", "1,500.00 元", "全部利息和违约金，本金 1,000.00 元"],
        ),
        ("deferral", {"proposal.months": "6"}, ["延后", "6 个月", "从哪天起延后"]),
        (
            "lower_minimum",
            {"proposal.minimum_percent": "5", "proposal.months": "12"},
            ["最低还款比例", "5.00%", "12 个月", "从哪天开始"],
        ),
    ],
)
def test_every_field_of_a_kind_is_asked_for_and_shown_again(
    reader: Reader, kind: str, typed: dict[str, Any], shown: list[str]
) -> None:
    fill_month(fill_reason(fill_cards(reader)))
    previewed = reader.open(f"/apply/plan?kind={kind}").press("先算一算", typed)
    assert previewed.status == 200, previewed.text
    assert previewed.press("保存并继续").address == "/apply/contact"
    checked = reader.open("/apply/check").text
    for each in shown:
        assert each in checked, each


@pytest.mark.parametrize(
    ("kind", "typed", "field", "said"),
    [
        ("settlement", {}, "f-proposal-settlement_fen-error", "请填写一次还清的金额。"),
        (
            "settlement",
            {"proposal.settlement_fen": "38,164.01"},
            "f-proposal-settlement_fen-error",
            "超过了所欠的金额，最多 38,164.00 元。",
        ),
        ("settlement", {"proposal.first_due_on": ""}, "f-proposal-first_due_on-error", "请填写还款日。"),
        (
            "reduction",
            {"option": ["own"], "proposal.instalments": "24", "proposal.monthly_payment_fen": "1500"},
            "f-proposal-waived-error",
            "请写下希望减免什么",
        ),
        (
            "reduction",
            {"option": ["36"], "proposal.waived.interest_fen": "924.01"},
            "f-proposal-waived-interest_fen-error",
            "最多 924.00 元",
        ),
        ("deferral", {"proposal.months": "13"}, "f-proposal-months-error", "月数请填写 1 到 12 之间的数。"),
    ],
)
def test_what_a_kind_lacks_is_said_at_its_field_and_nothing_is_kept(
    reader: Reader, kind: str, typed: dict[str, Any], field: str, said: str
) -> None:
    fill_month(fill_reason(fill_cards(reader)))
    refused = reader.open(f"/apply/plan?kind={kind}").press("保存并继续", typed)
    assert refused.status == 422
    assert field in refused.ids
    assert said in refused.text
    assert "未开始" in reader.open("/apply/steps").text


def test_a_field_of_another_kind_is_refused_with_the_kind_by_its_name(reader: Reader) -> None:
    fill_month(fill_reason(fill_cards(reader)))
    address, form = reader.open("/apply/plan?kind=deferral").sent("保存并继续", {"proposal.months": "3"})
    form["proposal.minimum_percent"] = "5.00"
    refused = reader.send(address, form)
    assert refused.status == 422
    assert "“延期还款”方案没有这一项，请删去。" in refused.text
