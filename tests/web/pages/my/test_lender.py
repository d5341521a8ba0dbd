"""The pages of a negotiation with a lender that is no bank speak of a lender; those with a bank speak of a bank."""

from __future__ import annotations

import pytest

from hub.domain.actor import HUB
from hub.wiring import Hub
from storage.records import NegotiationRecord
from tests.lenders import LENDER, add_lender
from tests.web.pages.apply.test_loans import LOAN, with_a_loan
from tests.web.pages.cardholders import filled_in
from tests.web.pages.my.ways import WorkOff
from tests.web.pages.reader import Reader

_PAGES = ("", "/message", "/call", "/record", "/rights", "/withdraw")


@pytest.fixture
def both(hub: Hub, reader: Reader, work_off: WorkOff) -> dict[bool, str]:
    """The address of a negotiation with a lender (True) and of one with a bank, of one application."""
    add_lender(hub)
    with_a_loan(reader).press("保存并继续", {**LOAN, "loans.0.creditor_code": LENDER})
    filled_in(reader, taken=1).press("提交给 2 家机构")
    work_off()
    with hub.reading(HUB) as tx:
        return {row.bank_code == LENDER: f"/my/negotiations/{row.id}" for row in tx.session.query(NegotiationRecord)}


@pytest.mark.parametrize(("language", "bank", "lender"), [("zh", "银行", "出借人"), ("en", "bank", "lender")])
def test_a_lender_is_called_a_lender_and_a_bank_a_bank(
    reader: Reader, both: dict[bool, str], language: str, bank: str, lender: str
) -> None:
    at_bank, at_lender = (reader.open(f"{both[of_lender]}?lang={language}") for of_lender in (False, True))
    assert bank in at_bank.text
    assert lender not in at_bank.text
    assert lender in at_lender.text
    assert bank not in at_lender.text.replace("银行卡", "")


def test_the_list_speaks_of_each_as_what_it_is(reader: Reader, both: dict[bool, str]) -> None:
    page = reader.open("/my/")
    assert "等出借人答复" in page.text
    assert "等银行答复" in page.text


@pytest.mark.parametrize("below", _PAGES)
def test_no_page_below_a_lenders_negotiation_asks_the_bank(reader: Reader, both: dict[bool, str], below: str) -> None:
    page = reader.open(both[True] + below)
    assert page.status == 200
    for words in ("银行已", "给银行", "请银行", "告诉银行", "银行会", "银行的"):
        assert words not in page.text


def test_a_locally_supervised_lender_has_its_own_regulators_line(hub: Hub, reader: Reader, work_off: WorkOff) -> None:
    add_lender(hub, kind="small_loan")
    with_a_loan(reader).press("保存并继续", {**LOAN, "loans.0.creditor_code": LENDER})
    filled_in(reader, taken=1).press("提交给 2 家机构")
    work_off()
    with hub.reading(HUB) as tx:
        rows = {row.bank_code == LENDER: row.id for row in tx.session.query(NegotiationRecord)}
    for below in ("", "/rights", "/complaint"):
        own, banks = (reader.open(f"/my/negotiations/{rows[of_lender]}{below}").text for of_lender in (True, False))
        assert "地方金融管理局" in own
        assert "12378" not in own
        assert "12378" in banks
        assert "地方金融管理局" not in banks
    phones = reader.open("/my/phones").text
    assert (phones.count("12378"), phones.count("地方金融管理局")) == (1, 1)
