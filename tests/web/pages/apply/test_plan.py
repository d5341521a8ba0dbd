"""The step of the plan."""

from __future__ import annotations

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
