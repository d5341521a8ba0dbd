"""Referrals in a real browser: a person's sheet and consent, and an operator's register of partners."""

from __future__ import annotations

from typing import Final

import pytest

from hub.domain.bank import Bank
from hub.wiring import Hub
from tests.browser.conftest import SCREEN, BrowserPage, look_at
from tests.services.referrals.partner import CODE, add_partner

pytestmark = pytest.mark.slow

SIZES: Final = {"phone": {"width": 390, "height": 844}, "screen": SCREEN}
PERSON, OPERATOR = "cardholder-1", "operator"
PARTNER = {
    "code": "renhe",
    "name_zh": "仁和消费金融",
    "name_en": "Renhe Consumer Finance",
    "licence_no": "L0002H211000001",
    "max_annual_percent": "18",
    "example_principal_fen": "10000",
    "example_cost_fen": "80",
    "example_months": "1",
    "url": "https://renhe.example/",
    "handover_url": "https://renhe.example/referrals",
}


@pytest.fixture(autouse=True)
def partner(hub: Hub, banks: dict[str, Bank]) -> None:
    """A lender that people are shown."""
    add_partner(hub)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("size", sorted(SIZES))
def test_a_person_reads_the_sheet_agrees_and_takes_it_back(
    browser_page: BrowserPage, size: str, javascript: bool
) -> None:
    page = browser_page(javascript=javascript, size=SIZES[size], person=PERSON)
    name = f"{size}-{javascript}"
    page.goto("/my/referrals")
    look_at(page, f"referrals-list-{name}", with_script=javascript)
    page.get_by_role("button", name="看说明书").first.click()
    page.wait_for_selector("text=转介说明书")
    # An example over one month costs the same whichever way it is paid back.
    assert page.inner_text("main").count("年化成本") == 2
    look_at(page, f"referrals-sheet-{name}", with_script=javascript)
    page.fill("[name=name]", "王小明")
    page.check("[name=agree]")
    page.get_by_role("button", name="同意并转介", exact=True).click()
    page.wait_for_selector("text=已同意转介")
    look_at(page, f"referrals-agreed-{name}", with_script=javascript)
    page.get_by_role("button", name="撤回同意", exact=True).click()
    page.wait_for_selector("text=您已经撤回")
    look_at(page, f"referrals-revoked-{name}", with_script=javascript)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("size", sorted(SIZES))
def test_an_operator_adds_a_partner_and_switches_it_off(browser_page: BrowserPage, size: str, javascript: bool) -> None:
    page = browser_page(javascript=javascript, size=SIZES[size], person=OPERATOR)
    name = f"{size}-{javascript}"
    page.goto("/ops/partners/new")
    look_at(page, f"referrals-new-{name}", with_script=javascript)
    for field, typed in PARTNER.items():
        page.fill(f"main [name={field}]", typed)
    page.check("[name=kinds][value=at_the_end]")
    page.get_by_role("button", name="核对", exact=True).click()
    page.wait_for_selector("text=10.03%")
    look_at(page, f"referrals-check-{name}", with_script=javascript)
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_selector("text=缺签名密钥")
    look_at(page, f"referrals-register-{name}", with_script=javascript)
    page.goto(f"/ops/partners/{CODE}")
    look_at(page, f"referrals-partner-{name}", with_script=javascript)
    page.check("[name=is_off]")
    page.get_by_role("button", name="核对", exact=True).click()
    page.wait_for_selector("text=停用以后不再展示")
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_selector("text=已停用")
