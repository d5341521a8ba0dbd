"""The whole way in real browsers without scripts: a person and a clerk side by side, from the door to a signature."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from hub.documents.file_inspection import FileInspection
from hub.documents.inspection import Inspector
from hub.domain.bank import Bank
from hub.services.notifications import outgoing_mail
from hub.wiring import Hub
from tests.applications import ICBC, png
from tests.browser.conftest import SCREEN, BrowserPage, LiveHub, assert_accessible, assert_fits, open_menu
from tests.conftest import SentMessages
from tests.jobs.working_off import working_off

pytestmark = pytest.mark.slow

Look = Callable[[Page], None]


@pytest.fixture
def work_off(hub: Hub) -> Iterator[Callable[[], int]]:
    """Runs every waiting job as a worker does, files looked into and papers printed, and sends the mails."""
    with Inspector() as inspector:
        done = working_off(hub, inspect=FileInspection(inspector, None))

        def work() -> int:
            return done() + outgoing_mail.send_due(hub, hub.mail, hub.real_clock)

        yield work


@pytest.fixture
def look(browser_page: BrowserPage) -> Look:
    """A way to look at a page that is open: nothing is in anybody's way and nothing is wider than the window.

    That takes a script, so the page is opened once more by the same person, in a browser that has them.
    """
    twins: dict[str, Page] = {}

    def at(page: Page) -> None:
        size = page.viewport_size
        assert size is not None
        twin = twins.get(str(size)) or browser_page(javascript=True, size=dict(size))
        twins[str(size)] = twin
        twin.context.clear_cookies()
        twin.context.add_cookies(page.context.cookies())  # type: ignore[arg-type]  # it takes what it gives
        answer = twin.goto(page.url)
        assert answer is not None
        assert answer.ok, f"{page.url}: {answer.status}"
        assert_accessible(twin)
        assert_fits(twin)

    return at


def press(page: Page, name: str) -> None:
    """The one button of that name was pressed, and its page is there."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def press_first(page: Page, name: str) -> None:
    """The first of several buttons of that name was pressed, and its page is there."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).first.click()


def follow(page: Page, name: str) -> None:
    """The first link of that name was followed."""
    with page.expect_navigation():
        page.get_by_role("link", name=name, exact=True).first.click()


def fill(page: Page, fields: dict[str, str]) -> None:
    """Each field, by the words that stand above it, holds its text."""
    for label, text in fields.items():
        page.get_by_label(re.compile(f"^{re.escape(label)}")).first.fill(text)


def tick(page: Page, *labels: str) -> None:
    """Each box or choice whose words begin like that is ticked."""
    for label in labels:
        page.get_by_label(re.compile(f"^{re.escape(label)}")).first.check()


def enter(page: Page, person: str) -> None:
    """That person came in by the demo's door."""
    page.goto("/demo/")
    with page.expect_navigation():
        page.locator(f'button[value="{person}"]').click()


def apply(page: Page, look: Look) -> None:
    """The person has filled in everything and stands before the last look."""
    open_menu(page)
    follow(page, "新的申请")
    look(page)
    follow(page, "开始")
    look(page)
    tick(page, "中国工商银行 尾号")
    fill(page, {"欠款本金": "１8,500元"})
    press(page, "保存并继续")
    tick(page, "本人或家人患病")
    fill(page, {"您可以用自己的话说说情况": "住院三个月，现在恢复上班。"})
    look(page)
    press(page, "保存并继续")
    fill(page, {"工资": "6200", "住房": "1800", "伙食": "1,500", "每月要还的其他债": "900"})
    press(page, "算一算")
    expect(page.get_by_text("2,000.00").first).to_be_visible()
    look(page)
    press(page, "保存并继续")
    page.locator('[name="files.income"]').set_input_files(
        {"name": "工资单.png", "mimeType": "image/png", "buffer": png()}
    )
    press_first(page, "上传")
    expect(page.get_by_text("工资单.png").first).to_be_visible()
    look(page)
    press(page, "保存并继续")
    page.locator('[name="option"]').first.check()
    look(page)
    press(page, "保存并继续")
    fill(page, {"电子邮箱": "xm@example.com"})
    for box in page.locator('[name^="consents."]').all():
        box.check()
    look(page)
    press(page, "保存并继续")


def offer(page: Page, look: Look) -> None:
    """The clerk has sent terms, after a look at what they come to."""
    look(page)
    page.locator("summary", has_text="其他减免").click()
    fill(page, {"期数": "24 期", "年利率": "0", "首次还款日": "2026-12-20", "给客户的说明": "免息，请按时还款。"})
    page.get_by_label("还款方式").first.select_option(label="免息等额")
    press(page, "预览")
    expect(page.get_by_text("18,500.00").first).to_be_visible()
    press(page, "发给客户")
    expect(page.get_by_text("方案已发给客户。")).to_be_visible()


def sign(page: Page, look: Look, sms: SentMessages) -> None:
    """The person has read the offer beside their own wish, and signed it with the code that came by text message."""
    page.reload()
    look(page)
    follow(page, "查看方案并答复")
    expect(page.get_by_text("免息，请按时还款。")).to_be_visible()
    look(page)
    follow(page, "同意这个方案")
    look(page)
    press(page, "发送确认码")
    expect(page.get_by_text("确认码已发出。")).to_be_visible()
    [code] = re.findall(r"(?<!\d)\d{6}(?!\d)", sms.sent[-1][1])
    fill(page, {"六位确认码": "000000" if code != "000000" else "000001"})
    press(page, "同意并签署")
    expect(page.get_by_role("alert")).to_contain_text("需要您看一下")
    tick(page, "我看过以上内容")
    fill(page, {"六位确认码": code})
    press(page, "同意并签署")
    expect(page.get_by_text(re.compile("只要按约还款，银行和受托机构应当停止催收"))).to_be_visible()
    look(page)


def test_a_person_and_a_bank_agree_side_by_side(
    browser_page: BrowserPage, look: Look, live: LiveHub, banks: dict[str, Bank], sms: SentMessages
) -> None:
    person, clerk = browser_page(), browser_page(size=SCREEN)
    for page in (person, clerk):
        page.goto("/demo/")
        look(page)
    enter(person, "cardholder-1")
    apply(person, look)
    look(person)
    press(person, "提交给 1 家银行")
    reference = person.get_by_text(re.compile(r"^XS-\d{8}-\d{6}$")).first.inner_text()
    look(person)
    follow(person, "我的协商")
    live.drain()

    enter(clerk, f"reviewer-{ICBC}")
    look(clerk)
    follow(clerk, reference)
    expect(clerk.get_by_text("住院三个月，现在恢复上班。").first).to_be_visible()
    look(clerk)
    press(clerk, "受理")
    expect(clerk.get_by_text("已受理，客户能看到有人在处理。")).to_be_visible()
    offer(clerk, look)
    look(clerk)

    sign(person, look, sms)
    live.drain()
    person.reload()
    paper = person.context.request.get(person.get_by_role("link", name="下载协议（PDF）").get_attribute("href") or "")
    assert paper.body().startswith(b"%PDF")
    clerk.reload()
    expect(clerk.get_by_role("heading", name=re.compile("协议 XY-"))).to_be_visible()
    look(clerk)

    person.goto("/demo/mail")
    look(person)
    assert live.drain() == 0
    subjects = sorted(subject[:5] for subject in person.locator("main li strong").all_inner_texts())
    # The clerk who took the case up is told of the agreement too.
    assert subjects == ["【协议成立", "协议已生效", "协议文本可", "您的申请已", "申请已送达", "银行给出了"]
