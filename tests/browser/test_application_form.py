"""The way from the first page to the application that was sent, in real browsers: how long it is, and the way back.

A load is a page that is shown; a press is a button, a link, a box, a choice or a picker that is touched.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Response, expect

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from storage.records import EvidenceRecord
from tests.applications import CMB, ICBC, card, id_number, pdf
from tests.browser.conftest import BrowserPage, LiveHub, assert_accessible, assert_fits
from tests.conftest import SentMessages

pytestmark = pytest.mark.slow

WITH_AND_WITHOUT = pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])


class Walker:
    """A person with a phone who counts what they have to do."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.loads = self.presses = 0
        page.on("response", self._note)

    def _note(self, response: Response) -> None:
        if response.request.resource_type == "document" and response.status != 303:
            self.loads += 1

    def go_on(self, name: str, *, role: Any = "button") -> None:
        """The button or link of that name was pressed, and its page is there."""
        self.presses += 1
        with self.page.expect_navigation():
            self.page.get_by_role(role, name=name, exact=True).click()

    def type(self, name: str, text: str) -> None:
        self.page.locator(f'[name="{name}"]').fill(text)

    def choose(self, name: str, value: str) -> None:
        self.presses += 1
        self.page.locator(f'[name="{name}"]').select_option(value)

    def tick(self, selector: str) -> None:
        self.presses += 1
        self.page.locator(selector).first.check()

    def pick(self, category: str, *names: str) -> None:
        """The picker was opened and each of the files touched in it."""
        self.presses += 1 + len(names)
        picker = self.page.locator(f'input[type=file][name="files.{category}"]').last
        picker.set_input_files(
            [{"name": name, "mimeType": "application/pdf", "buffer": pdf(name)} for name in names]  # type: ignore[arg-type]
        )


def sign_in(walker: Walker, sms: SentMessages) -> None:
    walker.page.goto("/apply/")
    walker.go_on("开始", role="link")
    walker.type("mobile", "13512345678")
    walker.go_on("发送验证码")
    walker.type("code", sms.sent[-1][1][:6])
    walker.go_on("登录")
    expect(walker.page).to_have_url(re.compile("/apply/cards$"))


def fill_card(walker: Walker, row: int, bank_code: str) -> None:
    walker.choose(f"accounts.{row}.bank_code", bank_code)
    walker.type(f"accounts.{row}.card_number", card(bank_code))
    walker.type(f"accounts.{row}.principal_fen", "1.85万")


def apply(walker: Walker, sms: SentMessages, bank_codes: list[str], papers: dict[str, list[str]]) -> None:
    """From the first page to the one that says what was sent."""
    sign_in(walker, sms)
    for row, code in enumerate(bank_codes):
        if row:
            walker.go_on("再添加一张卡")
        fill_card(walker, row, code)
    walker.go_on("保存并继续")
    walker.tick('[name="hardship.reasons"][value="illness"]')
    walker.go_on("保存并继续")
    walker.type("finances.income.0.amount_fen", "6200")
    walker.type("finances.spending.0.amount_fen", "3000")
    walker.go_on("保存并继续")
    for category, names in papers.items():
        walker.pick(category, *names)
    walker.go_on("保存并继续")
    walker.tick('[name="option"]')
    walker.go_on("保存并继续")
    walker.type("applicant.name", "张三")
    walker.type("applicant.id_number", id_number(7))
    for number in range(walker.page.locator('[name^="consents."]').count()):
        walker.tick(f':nth-match([name^="consents."], {number + 1})')
    walker.go_on("保存并继续")
    walker.go_on(f"提交给 {len(bank_codes)} 家银行")
    expect(walker.page).to_have_url(re.compile("/apply/done/"))


@WITH_AND_WITHOUT
@pytest.mark.parametrize(
    ("bank_codes", "papers", "loads", "presses"),
    [
        ([ICBC], {"income": ["工资单.pdf"], "other": ["说明.pdf"]}, 11, 20),
        ([ICBC, CMB], {"income": ["工资单.pdf", "流水.pdf"], "medical": ["费用.pdf"]}, 13, 28),
    ],
    ids=["one-bank", "two-banks"],
)
def test_the_way_is_as_short_as_it_was_promised(
    banks: dict[str, Bank],
    live: LiveHub,
    browser_page: BrowserPage,
    sms: SentMessages,
    javascript: bool,
    bank_codes: list[str],
    papers: dict[str, list[str]],
    loads: int,
    presses: int,
) -> None:
    walker = Walker(browser_page(javascript=javascript, size={"width": 390, "height": 844}))
    apply(walker, sms, bank_codes, papers)
    with live.hub.reading(HUB) as tx:
        assert tx.session.query(EvidenceRecord).count() == sum(map(len, papers.values()))
    assert walker.loads <= loads
    assert walker.presses <= presses


@WITH_AND_WITHOUT
def test_back_after_a_refusal_shows_the_page_and_never_an_error_of_the_browser(
    banks: dict[str, Bank], live: LiveHub, browser_page: BrowserPage, sms: SentMessages, javascript: bool
) -> None:
    walker = Walker(browser_page(javascript=javascript))
    sign_in(walker, sms)
    page = walker.page
    walker.type("accounts.0.principal_fen", "很多")
    walker.go_on("保存并继续")
    expect(page).to_have_title(re.compile("^需要修改：您想商量哪些欠款？"))
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("请选择第 1 张卡的银行。")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="请填写第 1 张卡的欠款本金", exact=False).click()
    expect(page.locator('[name="accounts.0.principal_fen"]')).to_be_focused()
    for step in (page.go_back, page.go_back, page.reload):
        step()
        expect(page.get_by_role("heading", level=1)).to_have_text("您想商量哪些欠款？")
        expect(page.locator('[name="accounts.0.principal_fen"]')).to_have_value("很多")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.url.startswith(live.url)


@WITH_AND_WITHOUT
def test_back_and_reload_after_the_sending_lead_to_what_was_sent(
    banks: dict[str, Bank], live: LiveHub, browser_page: BrowserPage, sms: SentMessages, javascript: bool
) -> None:
    walker = Walker(browser_page(javascript=javascript))
    apply(walker, sms, [ICBC], {})
    page = walker.page
    done = page.url
    page.reload()
    page.go_back()
    expect(page).to_have_url(done)
    expect(page.get_by_role("heading", level=1)).to_have_text("已经提交，您做完了这一步")


@WITH_AND_WITHOUT
def test_what_is_not_finished_waits_and_the_list_of_steps_says_so(
    banks: dict[str, Bank], live: LiveHub, browser_page: BrowserPage, sms: SentMessages, javascript: bool
) -> None:
    walker = Walker(browser_page(javascript=javascript))
    sign_in(walker, sms)
    walker.type("accounts.0.card_number", "6222 1")
    walker.go_on("稍后再填")
    expect(walker.page).to_have_url(re.compile("/apply/steps$"))
    expect(walker.page.get_by_text("进行中")).to_have_count(1)
    walker.page.goto("/apply/cards")
    expect(walker.page.locator('[name="accounts.0.card_number"]')).to_have_value("6222 1")


@pytest.mark.parametrize("width", [390, 320])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_of_the_form_fits_and_stands_in_nobodys_way(
    banks: dict[str, Bank], live: LiveHub, browser_page: BrowserPage, sms: SentMessages, width: int, language: str
) -> None:
    walker = Walker(browser_page(javascript=True, size={"width": width, "height": 800}))
    sign_in(walker, sms)
    fill_card(walker, 0, ICBC)
    walker.go_on("保存并继续")
    page = walker.page
    for path in ("", "steps", "cards", "cards?more=1", "reason", "money", "contact", "check"):
        page.goto(f"/apply/{path}{'&' if '?' in path else '?'}lang={language}")
        assert_fits(page)
        assert_accessible(page)
    page.goto(f"/apply/money?lang={language}")
    walker.type("finances.spending.0.amount_fen", "18500")
    expect(page.locator("#saved")).to_be_visible()
    expect(page.locator("[data-preview-target]")).to_contain_text("18,500.00")
    assert_fits(page)
    with page.expect_navigation():
        page.locator(".action-bar button").last.click()
    assert page.url.endswith("mend=1#error-summary")
    # What is wrong is in sight, and where a reader is.
    expect(page.locator("#error-summary")).to_be_in_viewport()
    expect(page.locator("#error-summary")).to_be_focused()
    assert_fits(page)
    assert_accessible(page)
