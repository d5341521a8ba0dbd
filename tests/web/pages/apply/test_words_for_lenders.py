"""The steps of an application among whose creditors a lender is: no word there speaks of banks alone."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from hub.web.pages.translation import fault_text, speak_of_lender, speak_of_several
from hub.wiring import Hub
from tests.lenders import LENDER, add_lender
from tests.web.pages.apply.test_loans import LOAN, with_a_loan
from tests.web.pages.cardholders import STEPS, filled_in
from tests.web.pages.reader import Reader

_BANKS_ALONE = re.compile(r"(?:请|和|向|给|家|送到)银行(?!卡|账户|流水|和出借人)")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_step_asks_the_bank_where_a_lender_is_asked_too(hub: Hub, reader: Reader, language: str) -> None:
    add_lender(hub)
    with_a_loan(reader).press("保存并继续", {**LOAN, "loans.0.creditor_code": LENDER})
    filled_in(reader, taken=1)
    for step in (*STEPS[1:], "check"):
        page = reader.open(f"/apply/{step}?lang={language}")
        assert page.status == 200
        assert not _BANKS_ALONE.search(page.text)
        assert "the bank " not in page.text
    reader.open("/apply/plan?lang=zh")
    assert "请对方暂缓几个月再还" in reader.open("/apply/plan").text
    assert "这家机构的联系电话" in reader.open("/apply/contact").text


def test_banks_alone_are_called_banks(reader: Reader) -> None:
    filled_in(reader, taken=1)
    assert "请银行暂缓几个月再还" in reader.open("/apply/plan").text
    assert "再送到银行" in reader.open("/apply/check").text


def test_an_application_over_a_loan_alone_is_checked_and_sent(hub: Hub, reader: Reader) -> None:
    add_lender(hub)
    with_a_loan(reader).press("保存并继续", {**LOAN, "loans.0.creditor_code": LENDER})
    check = filled_in(reader, taken=0)
    assert check.address.startswith("/apply/check")
    assert "再送到对方" in check.text
    done = check.press("提交给 1 家机构")
    assert "送到出借人后开始计时" in done.text
    assert "申请送到每家机构后" in done.text


def test_names_within_a_sentence_stay_as_they_are(app: Flask) -> None:
    with app.test_request_context("/apply/check"):
        speak_of_several(True)
        closed = fault_text("bank_closed", {"name": "招商银行"})
        assert closed.startswith("招商银行暂不接受新的申请。请联系该机构")
        speak_of_lender(True)
        assert "工商银行对账单.pdf" in fault_text("too_many_files", {"name": "工商银行对账单.pdf", "most": 10})
