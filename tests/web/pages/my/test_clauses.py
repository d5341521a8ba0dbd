"""The bank's clauses are read before signing and afterwards, as they were offered."""

from __future__ import annotations

import pytest

from hub.domain.actor import HUB
from hub.domain.bank import BankRules
from hub.services.operating import banks
from hub.wiring import Hub
from tests.applications import ICBC
from tests.conftest import SentMessages
from tests.web.pages.reader import Page

CLAUSES = BankRules().clauses


@pytest.mark.parametrize("below", ["", "/accept"])
def test_every_clause_stands_on_the_page_before_it_is_signed(offered: Page, below: str) -> None:
    text = offered.reader.open(offered.address + below).text
    for title, clause in CLAUSES.titled:
        assert title in text
        assert clause in text
    assert f"条款文本版本： {CLAUSES.version}" in text


def test_a_later_change_is_not_in_what_was_offered(offered: Page, hub: Hub) -> None:
    own = {"disputes_clause": "由合同签订地人民法院管辖。", "office_address": "北京市西城区一号"}
    with hub.writing(HUB) as tx:
        banks.change(tx, ICBC, own)
    text = offered.reader.open(f"{offered.address}/accept").text
    assert CLAUSES.disputes_clause in text
    assert not [words for words in own.values() if words in text]


def test_in_english_it_is_said_which_text_binds(offered: Page) -> None:
    text = offered.reader.open(f"{offered.address}/accept?lang=en").text
    assert "Other clauses (in Chinese, which is the text that binds)" in text
    assert "Reporting to the credit register" in text
    assert CLAUSES.credit_reporting_clause in text
    assert f"Version of the texts: {CLAUSES.version}" in text


def test_after_signing_they_stand_on_the_agreements_page(offered: Page, sms: SentMessages) -> None:
    page = offered.reader.open(f"{offered.address}/accept").press("发送确认码")
    page.press("同意并签署", {"agreed": ["1"], "confirmation_code": sms.sent[-1][1][:6]})
    text = offered.reader.open(offered.address.partition("/offers/")[0] + "/agreement").text
    assert [title for title, clause in CLAUSES.titled if title not in text or clause not in text] == []
