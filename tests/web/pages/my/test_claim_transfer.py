"""A person reads that their bank has transferred the claim, to whom, and what they can do."""

from collections.abc import Callable

import pytest

from tests.applications import ICBC
from tests.web.caller import Caller, made
from tests.web.pages.reader import Page


@pytest.mark.parametrize(
    ("name", "words"),
    [("某某资产管理有限公司", "受让人不在这里受理协商"), ("招商银行", "您可以向它重新申请")],
)
def test_the_page_says_to_whom_and_that_nothing_was_handed_on(
    waiting: Page, bank_app: Callable[[str], Caller], name: str, words: str
) -> None:
    there = waiting.address.split("/")[3].partition("#")[0]
    to = {"name": name, "contact": "4000000000", "transferred_on": "2026-11-20"}
    made(bank_app(ICBC).post(f"/bank/negotiations/{there}/transfer", to), 200)
    page = waiting.reader.open(waiting.address)
    assert "债权已转让" in page.text
    assert name in page.text
    assert "没有达成一致" not in page.text
    assert "2026 年 11 月 20 日" in page.text
    assert "平台没有把您的申请和材料交给受让人" in page.text
    assert words in page.text
    assert "tel:4000000000" in page.links
    assert ("/apply/" in page.links) is True
