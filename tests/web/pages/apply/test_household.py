"""The step of the household."""

from __future__ import annotations

import pytest

from tests.web.pages.cardholders import fill_cards, fill_month, fill_reason
from tests.web.pages.reader import Reader


def test_nothing_left_over_is_no_dead_end(reader: Reader) -> None:
    month = {"finances.income.0.amount_fen": "0", "finances.spending.0.amount_fen": "3000"}
    evidence = fill_reason(fill_cards(reader)).press("保存并继续", month)
    assert evidence.address == "/apply/evidence"
    plan = reader.open("/apply/plan")
    assert "现在没有余钱也可以申请" in plan.text
    assert "−3,000.00 元" in plan.text
    assert "−¥3,000.00" in reader.open("/apply/plan?lang=en").text
    reader.open("/apply/plan?lang=zh")
    deferral = reader.open("/apply/plan?kind=deferral")
    assert deferral.press("保存并继续", {"deferral.months": ""}).status == 422
    assert deferral.press("保存并继续", {"deferral.months": "6"}).address == "/apply/contact"


def test_the_sums_are_shown_before_anything_is_kept(reader: Reader) -> None:
    month = {
        "finances.income.0.amount_fen": "６２００",
        "finances.income.1.amount_fen": "很多",
        "finances.spending.1.amount_fen": "1,500",
        "finances.other_debt_payments_fen": "900元",
    }
    shown = fill_reason(fill_cards(reader)).press("算一算", month)
    # What cannot be read is named, and counted as nothing only under that name.
    assert (shown.status, shown.address) == (422, "/apply/money?mend=1#error-summary")
    for said in ("6,200.00", "1,500.00", "900.00", "3,800.00"):
        assert said in shown.text, said
    assert ('value="很多"' in shown.html, "f-finances-income-1-amount_fen-error" in shown.ids) == (True, True)
    shown = shown.press("算一算", {**month, "finances.income.1.amount_fen": ""})
    assert (shown.status, shown.address) == (200, "/apply/money?typed=1#month")
    assert "每月收支 进行中" in reader.open("/apply/steps").text


@pytest.mark.parametrize(("spent", "said"), [("7000", True), ("6200", True), ("100", False)])
def test_a_part_of_the_page_has_the_sums_as_they_are_typed(reader: Reader, spent: str, said: bool) -> None:
    page = fill_reason(fill_cards(reader))
    _, typed = page.sent(
        "保存并继续", {"finances.income.0.amount_fen": "6200", "finances.spending.0.amount_fen": spent}
    )
    part = reader.send("/apply/money/preview", typed)
    assert (part.status, "<html" in part.html, "6,200.00" in part.text) == (200, False, True)
    assert ("现在没有余钱也可以申请" in part.text) == said
    assert "每月收支 未开始" in reader.open("/apply/steps").text


def test_what_was_left_empty_as_a_whole_is_named_and_how_to_say_nothing(reader: Reader) -> None:
    refused = fill_reason(fill_cards(reader)).press("保存并继续")
    assert refused.status == 422
    assert {"f-finances-income-0-amount_fen-error", "f-finances-spending-0-amount_fen-error"} <= refused.ids
    assert "请至少填写一项收入；没有收入，请在“工资”里填 0。" in refused.text
    assert "请至少填写一项支出；没有支出，请在“住房”里填 0。" in refused.text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("income", "/apply/money"),
        ("spending", "/apply/money"),
        ("left", "/apply/plan"),
        ("consents", "/apply/contact#f-consents"),
    ],
)
def test_pages_that_were_merged_lead_to_where_their_questions_stand(reader: Reader, old: str, new: str) -> None:
    fill_cards(reader)
    assert reader.open(f"/apply/{old}").address == new


def test_what_is_left_stands_step_by_step_above_the_plan_with_its_changes(reader: Reader) -> None:
    fill_month(fill_reason(fill_cards(reader)))
    plan = reader.open("/apply/plan")
    for said in ("6,500.00", "3,000.00", "900.00", "2,600.00"):
        assert said in plan.text, said
    assert "/apply/money#f-finances-spending" in plan.links
