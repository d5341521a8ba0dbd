"""The pages before signing and of an offer above what is usual: they fit, and stand in nobody's way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from hub.domain.terms import Kind, Terms, Waived
from tests.applications import ICBC
from tests.browser.conftest import SCREEN, BrowserPage, assert_accessible, assert_fits, submit
from tests.services.case import OFFER, Case

pytestmark = pytest.mark.slow

# With what is no principal, a down payment, a fee, a first day far off, at a high rate, and too much a month.
EVERYTHING = replace(
    OFFER,
    principal_fen=1_896_200,
    waived=Waived(),
    first_due_on=date(2027, 1, 20),
    down_payment_fen=50_000,
    fee_fen=36_000,
    annual_rate_percent=Decimal("26.00"),
    instalments=24,
    note="有问题请随时联系我们。",
)
LOWER = Terms(
    kind=Kind.LOWER_MINIMUM,
    principal_fen=1_850_000,
    first_due_on=date(2026, 12, 20),
    months=12,
    minimum_percent=Decimal(5),
    annual_rate_percent=Decimal("18.25"),
)
SETTLEMENT = Terms(
    kind=Kind.SETTLEMENT,
    principal_fen=1_200_000,
    first_due_on=date(2026, 12, 20),
    waived=Waived(principal_fen=650_000, interest_fen=46_200, penalty_fen=12_000),
)


def test_all_that_is_signed_fits_on_a_phone(case: Case, browser_page: BrowserPage) -> None:
    phone = browser_page(javascript=True, person="cardholder-1")
    offers = [case.offer(EVERYTHING, reason_over_80="家人愿意承担。"), case.offer(LOWER), case.offer(SETTLEMENT)]
    for offer in offers:
        for below in ("", "/accept"):
            answer = phone.goto(f"/my/negotiations/{case.id}/offers/{offer}{below}")
            assert answer is not None
            assert answer.ok
            assert_accessible(phone)
            assert_fits(phone)
    case.accept(offers[-1])
    case.at("2026-12-23 10:00")
    phone.goto(f"/my/negotiations/{case.id}/agreement")
    assert "协议按约定失效" in phone.content()
    assert_accessible(phone)
    assert_fits(phone)


def test_a_clerk_is_asked_for_a_reason_and_once_more_for_the_rate(case: Case, browser_page: BrowserPage) -> None:
    screen = browser_page(javascript=True, person=f"reviewer-{ICBC}", size=SCREEN)
    screen.goto(f"/portal/negotiations/{case.id}/offer")
    for label, typed in {"期数": "12", "年利率": "26", "首次还款日": "2027-01-20"}.items():
        screen.get_by_label(label).first.fill(typed)
    # The reason is asked for as soon as the figures are there.
    screen.get_by_label("每期还款超过可支配收入 80% 的理由").fill("家人愿意承担。")
    assert_accessible(screen)
    submit(screen.get_by_role("button", name="预览"))
    assert "两个成本的算法不同" in screen.content()
    assert_accessible(screen)
    assert_fits(screen)
    submit(screen.get_by_role("button", name="发给客户"))
    assert_accessible(screen)
    screen.get_by_label("利率没有填错，确认按这个利率提出").check()
    submit(screen.get_by_role("button", name="预览"))
    screen.get_by_label("利率没有填错，确认按这个利率提出").check()
    submit(screen.get_by_role("button", name="发给客户"))
    assert case.status == "offered"
