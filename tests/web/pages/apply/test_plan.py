"""The step of the plan."""

from __future__ import annotations

from typing import Any

import pytest

from tests.applications import CMB, ICBC
from tests.web.pages.cardholders import fill_cards, fill_month, fill_reason
from tests.web.pages.reader import Page, Reader


@pytest.fixture
def plan(reader: Reader) -> Page:
    """The page, with 37,000.00 yuan owed to two banks as principal and 2,600.00 left a month."""
    fill_month(fill_reason(fill_cards(reader)))
    return reader.open("/apply/plan")


def poor(reader: Reader) -> Page:
    """The page of somebody who has nothing left."""
    fill_month(fill_reason(fill_cards(reader)))
    reader.open("/apply/money").press("保存并继续", {"finances.spending.0.amount_fen": "6000"})
    return reader.open("/apply/plan")


def kept(page: Page) -> Any:
    """What the check page says of the plan that `page` kept."""
    assert page.address == "/apply/contact", page.text
    return page.reader.open("/apply/check").text


def test_what_is_left_stands_above_with_its_sum_and_the_ways_to_change_it(plan: Page) -> None:
    assert "每月大约还剩 2,600.00 元" in plan.text
    assert "建议每月还款不超过 1,560.00 元" in plan.text
    for part in ("6,500.00", "3,000.00", "900.00"):
        assert part in plan.text
    assert {"/apply/money#f-finances-income", "/apply/money#f-finances-spending"} <= set(plan.links)


def test_three_ready_plans_say_term_month_total_and_interest_and_none_is_chosen(plan: Page) -> None:
    form = plan.form("保存并继续")
    assert [value for _, name, value in form.boxes if name == "option"] == [
        *("1", "2", "3", "own", "deferral", "reduction", "settlement", "lower_minimum")
    ]
    assert not [value for name, value in form.fields if name == "option"]
    assert "每月 1,085.82 元" in plan.text
    assert "36 期，一共约 39,089.35 元，其中利息约 2,089.35 元" in plan.text
    assert "按年利率 3.60% 估算" in plan.press("算一算", {"option": ["1"]}).text


def test_a_ready_plan_is_kept_in_one_press_and_is_chosen_when_one_comes_back(plan: Page) -> None:
    checked = kept(plan.press("保存并继续", {"option": ["1"]}))
    assert "36 期" in checked
    assert "每月 542.91 元，36 期" in checked
    assert ("option", "1") in plan.reader.open("/apply/plan").form("保存并继续").fields


def test_an_amount_by_the_month_says_when_it_is_repaid_and_between_what_it_may_lie(plan: Page) -> None:
    assert "675.00 元（60 期还清）到 2,600.00 元（每月剩下的全部）之间都可以" in plan.text
    shown = plan.press("算一算", {"option": ["own"], "own.monthly_payment_fen": "1,000"})
    assert shown.status == 200
    assert "preview" in shown.ids
    assert "40 期" in shown.text
    assert "进行中" in plan.reader.open("/apply/steps").text
    assert "1,000.00 元" in kept(shown.press("保存并继续"))
    again = plan.reader.open("/apply/plan").form("保存并继续").fields
    assert {("option", "own"), ("own.monthly_payment_fen", "1,000.00")} <= set(again)


@pytest.mark.parametrize(
    ("monthly", "said"),
    [
        ("2600.01", "这比您每月剩下的钱多"),
        ("1560.01", "这比建议的多"),
        ("300", "60 期还不完全部，还差约 20,549"),
    ],
)
def test_an_amount_that_does_not_fit_gets_a_word_and_is_kept_all_the_same(plan: Page, monthly: str, said: str) -> None:
    shown = plan.press("算一算", {"option": ["own"], "own.monthly_payment_fen": monthly})
    assert said in shown.text
    kept(shown.press("保存并继续"))


def test_who_has_nothing_left_is_asked_for_a_pause_or_a_little_first(reader: Reader) -> None:
    page = poor(reader)
    assert "现在没有余钱也可以申请" in page.text
    options = [value for _, name, value in page.form("保存并继续").boxes if name == "option"]
    assert options == ["deferral", "own", "reduction", "lower_minimum", "settlement"]
    assert ("deferral.months", "3") in page.form("保存并继续").fields
    assert "10 元、50 元都可以" in page.text
    checked = kept(page.press("保存并继续", {"option": ["deferral"], "call_me": ["1"]}))
    assert "3 个月" in checked
    assert "请先打电话和我商量。" in checked
    assert ("call_me", "1") in reader.open("/apply/plan").form("保存并继续").fields
    little = reader.open("/apply/plan").press("保存并继续", {"option": ["own"], "own.monthly_payment_fen": "50"})
    assert "50.00 元" in kept(little)


def test_who_cannot_pay_any_of_them_finds_a_pause_and_numbers_to_call(plan: Page) -> None:
    assert "/apply/plan?kind=deferral#f-option-deferral" in plan.links
    assert {"tel:95588", "tel:12356"} <= set(plan.links)
    asked = plan.reader.open("/apply/plan?kind=deferral")
    assert ("option", "deferral") in asked.form("保存并继续").fields


def test_a_month_that_is_not_known_is_asked_for_and_stops_nobody(reader: Reader) -> None:
    fill_cards(reader)
    page = reader.open("/apply/plan")
    assert "/apply/money" in page.links
    assert "60 期" in kept(page.press("保存并继续", {"option": ["1"]}))


@pytest.mark.parametrize(
    ("option", "typed", "shown"),
    [
        (
            "settlement",
            {"settlement.settlement_fen": "3万"},
            ["一次还清的金额", "30,000.00 元", "其余全部欠款", "15,000.00 元"],
        ),
        (
            "reduction",
            {
                "reduction.monthly_payment_fen": "1500",
                "reduction.waive_interest": ["1"],
                "reduction.waived.principal_fen": "1000",
            },
            ["26 期", "1,500.00 元", "全部利息和违约金，本金 1,000.00 元"],
        ),
        ("deferral", {"deferral.months": "6"}, ["延后", "6 个月", "从哪天起延后"]),
        (
            "lower_minimum",
            {"lower_minimum.minimum_percent": "5", "lower_minimum.months": "12"},
            ["最低还款比例", "5.00%", "12 个月", "从哪天开始"],
        ),
    ],
)
def test_every_field_of_a_kind_is_asked_for_and_shown_again(
    plan: Page, option: str, typed: dict[str, Any], shown: list[str]
) -> None:
    previewed = plan.press("算一算", {"option": [option], **typed})
    assert previewed.status == 200, previewed.text
    checked = kept(previewed.press("保存并继续"))
    for each in shown:
        assert each in checked, each
    again = dict(plan.reader.open("/apply/plan").form("保存并继续").fields)
    assert again["option"] == option
    assert all(again[name] for name in typed)


@pytest.mark.parametrize(
    ("option", "typed", "field", "said"),
    [
        ("own", {}, "f-own-monthly_payment_fen-error", "请填写每月还多少。"),
        ("own", {"own.monthly_payment_fen": "0"}, "f-own-monthly_payment_fen-error", "每月还多少不能小于"),
        ("settlement", {}, "f-settlement-settlement_fen-error", "请填写一次还清的金额。"),
        (
            "settlement",
            {"settlement.settlement_fen": "38,164.01"},
            "f-settlement-settlement_fen-error",
            "超过了所欠的金额，最多 38,164.00 元。",
        ),
        ("settlement", {"first_due_on": ""}, "f-first_due_on-error", "请填写开始的日子。"),
        ("1", {"first_due_on": "2026-11-21"}, "f-first_due_on-error", "2026"),
        ("1", {"first_due_on": "2031-12-31"}, "f-first_due_on-error", "五年"),
        (
            "reduction",
            {"reduction.monthly_payment_fen": "1500"},
            "f-reduction-waived-error",
            "请写下希望减免什么",
        ),
        (
            "reduction",
            {"reduction.monthly_payment_fen": "1500", "reduction.waived.interest_fen": "924.01"},
            "f-reduction-waived-interest_fen-error",
            "最多 924.00 元",
        ),
        ("deferral", {"deferral.months": "13"}, "f-deferral-months-error", "1 到 12 之间的数。"),
        ("1", {"down_payment_fen": "37000"}, "f-down_payment_fen-error", "本金"),
    ],
)
def test_what_a_kind_lacks_is_said_at_its_field_and_nothing_is_kept(
    plan: Page, option: str, typed: dict[str, Any], field: str, said: str
) -> None:
    refused = plan.press("保存并继续", {"option": [option], **typed})
    assert refused.status == 422
    assert field in refused.ids, refused.text
    assert said in refused.text
    assert "未开始" in plan.reader.open("/apply/steps").text


def test_what_is_wrong_at_each_bank_alike_is_said_once(plan: Page) -> None:
    refused = plan.press("保存并继续", {"option": ["reduction"], "reduction.waive_interest": ["1"]})
    assert "有 1 处需要您看一下" in refused.text
    # Once at the top and once at the field.
    assert refused.text.count("请填写减免后每月还多少。") == 2


def test_without_a_choice_one_is_asked_for(plan: Page) -> None:
    refused = plan.press("保存并继续")
    assert refused.status == 422
    assert "f-option-error" in refused.ids
    assert "请选一个方案" in refused.text


def test_what_stands_in_the_fields_of_another_kind_says_nothing(plan: Page) -> None:
    typed = {"option": ["1"], "settlement.settlement_fen": "很多", "deferral.months": "99"}
    checked = kept(plan.press("保存并继续", typed))
    assert "99" not in checked.partition("还款想法")[2].partition("联系方式")[0]


def test_a_later_first_day_shortens_the_longest_plan(reader: Reader) -> None:
    fill_cards(reader)
    page = reader.open("/apply/plan")
    checked = kept(page.press("保存并继续", {"option": ["1"], "first_due_on": "2027-05-20"}))
    assert "36 期" in checked


def test_parts_by_hand_keep_the_sum_and_go_to_each_bank(plan: Page) -> None:
    own = {"option": ["own"], "own.monthly_payment_fen": "1000", "parts.0.part_fen": "700"}
    shown = plan.press("算一算", own)
    assert "700.00 元 约 28 期还清" in shown.text
    assert "300.00 元 约 60 期还清" in shown.text or "300.00 元 约" in shown.text
    checked = kept(shown.press("保存并继续"))
    assert "每月 700.00 元，28 期" in checked
    assert "每月 300.00 元" in checked
    assert "1,000.00 元" in checked
    again = dict(plan.reader.open("/apply/plan").form("保存并继续").fields)
    assert (again["parts.0.part_fen"], again["parts.1.part_fen"]) == ("700.00", "300.00")
    assert (again["parts.0.bank_code"], again["parts.1.bank_code"]) == (ICBC, CMB)


def test_parts_as_they_would_be_shared_anyway_are_one_proposal(plan: Page) -> None:
    own = {"option": ["own"], "own.monthly_payment_fen": "1000", "parts.0.part_fen": "500"}
    kept(plan.press("保存并继续", own))
    again = dict(plan.reader.open("/apply/plan").form("保存并继续").fields)
    assert again["parts.0.part_fen"] == ""


@pytest.mark.parametrize(
    ("parts", "said", "evened"),
    [
        (("400", "300"), "还有 300.00 元 没有分给银行", ("550.00", "450.00")),
        (("900", "600"), "各家加起来多了 500.00 元", ("600.00", "400.00")),
        (("1200", ""), "各家加起来多了 200.00 元", ("500.00", "500.00")),
    ],
)
def test_parts_that_do_not_make_up_the_sum_are_evened_out_on_request(
    plan: Page, parts: tuple[str, str], said: str, evened: tuple[str, str]
) -> None:
    typed = {f"parts.{place}.part_fen": part for place, part in enumerate(parts)}
    refused = plan.press("保存并继续", {"option": ["own"], "own.monthly_payment_fen": "1000", **typed})
    assert refused.status == 422
    assert "f-parts-error" in refused.ids
    assert said.replace(" 元 ", " 元") in refused.text.replace(" 元 ", " 元")
    shown = plan.press("算一算", {"option": ["own"], "own.monthly_payment_fen": "1000", **typed})
    fixed = shown.press("其余按欠款分")
    assert fixed.status == 200
    fields = dict(fixed.form("保存并继续").fields)
    assert (fields["parts.0.part_fen"], fields["parts.1.part_fen"]) == evened
    kept(fixed.press("保存并继续"))


@pytest.mark.parametrize(
    ("option", "typed", "field"),
    [
        ("deferral", {"deferral.months": "36"}, "deferral-months"),
        ("own", {"own.monthly_payment_fen": "五百"}, "own-monthly_payment_fen"),
        ("own", {"own.monthly_payment_fen": "1000", "first_due_on": "2020-01-01"}, "first_due_on"),
        ("settlement", {"settlement.settlement_fen": "90000000"}, "settlement-settlement_fen"),
    ],
)
def test_what_cannot_be_is_named_before_it_is_worked_out_and_what_is_missing_is_not(
    plan: Page, option: str, typed: dict[str, Any], field: str
) -> None:
    shown = plan.press("算一算", {"option": [option], **typed})
    assert (shown.status, shown.address) == (422, "/apply/plan?mend=1#error-summary")
    assert [each for each in shown.ids if each.endswith("-error")] == [f"f-{field}-error"]
    empty = plan.press("算一算", {"option": [option], **dict.fromkeys(typed, "")})
    assert empty.status == 200


def test_no_bank_can_be_left_with_nothing_a_month(plan: Page) -> None:
    typed = {"option": ["own"], "own.monthly_payment_fen": "1000", "parts.0.part_fen": "1000", "parts.1.part_fen": "0"}
    refused = plan.press("保存并继续", typed)
    assert refused.status == 422
    assert "f-parts-1-part_fen-error" in refused.ids


def test_the_preview_alone_is_a_part_of_the_page_and_keeps_nothing(plan: Page) -> None:
    _, form = plan.sent("保存并继续", {"option": ["own"], "own.monthly_payment_fen": "1000"})
    answer = plan.reader.send("/apply/plan/preview", form)
    assert answer.status == 200
    assert "<html" not in answer.html
    assert "40 期" in answer.text
    assert "未开始" in plan.reader.open("/apply/steps").text
    form.setlist("own.monthly_payment_fen", ["很多"])
    assert "这里就会算出来" in plan.reader.send("/apply/plan/preview", form).text


@pytest.mark.parametrize("months", ["0", "13", "200000", "9999999999999"])
def test_more_months_than_can_be_asked_for_come_to_nothing_until_they_are_put_right(plan: Page, months: str) -> None:
    _, form = plan.sent("保存并继续", {"option": ["deferral"], "deferral.months": months})
    assert "这里就会算出来" in plan.reader.send("/apply/plan/preview", form).text
    form.setlist("do", ["draft"])
    # Without its script a form that is kept comes back as its page.
    assert plan.reader.send("/apply/plan", form).status == 200
    assert ("deferral.months", months) in plan.reader.open("/apply/plan").form("保存并继续").fields


def test_the_preview_is_for_whoever_is_signed_in_and_holds_the_token(plan: Page, reader: Reader) -> None:
    _, form = plan.sent("保存并继续", {"option": ["1"]})
    without = form.copy()
    without.pop("csrf_token")
    assert plan.reader.send("/apply/plan/preview", without).status == 400


def test_who_has_told_the_day_of_their_wages_starts_two_days_after_it(plan: Page) -> None:
    assert dict(plan.form("保存并继续").fields)["first_due_on"] == "2026-12-20"
    plan.reader.open("/my/settings").press("保存", {"wage_day": "10"})
    again = plan.reader.open("/apply/plan")
    assert dict(again.form("保存并继续").fields)["first_due_on"] == "2026-12-12"
