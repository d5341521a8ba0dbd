"""The step of the household."""

from __future__ import annotations

from tests.web.pages.cardholders import fill_cards, fill_reason
from tests.web.pages.reader import Reader


def test_nothing_left_over_is_no_dead_end(reader: Reader) -> None:
    spending = fill_reason(fill_cards(reader)).press("保存并继续", {"finances.income.0.amount_fen": "0"})
    left = spending.press("保存并继续", {"finances.spending.0.amount_fen": "3000"})
    assert left.address == "/apply/left"
    assert "现在没有余钱也可以申请" in left.text
    assert "−3,000.00" in left.text
    deferral = reader.open("/apply/plan?kind=deferral")
    assert deferral.press("保存并继续").status == 422
    assert deferral.press("保存并继续", {"proposal.months": "6"}).address == "/apply/contact"
