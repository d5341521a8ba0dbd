"""The letters about an instalment deal: the bank's quote and the result on one page each, for person and bank alike."""

from __future__ import annotations

import io
import re

import pytest
from pypdf import PdfReader
from werkzeug.test import TestResponse

from hub.documents.printing import print_pdf
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.wiring import Hub
from storage import banks as bank_rows
from tests.applications import CMB, ICBC
from tests.conftest import SentMessages
from tests.web.pages.conftest import Visit
from tests.web.pages.test_instalment_pages import HERE, QUOTED, TYPED, seen_at, sent
from tests.web.pages.visitor import Visitor


@pytest.fixture(autouse=True)
def offered_by_the_bank(hub: Hub, banks: dict[str, Bank]) -> None:
    hub.print_pdf = print_pdf
    with hub.writing(HUB) as tx:
        bank_rows.set_settings(tx, ICBC, {"services": "instalments"})


@pytest.fixture
def person(visit: Visit) -> Visitor:
    return visit("cardholder-1")


@pytest.fixture
def clerk(visit: Visit) -> Visitor:
    return visit(f"reviewer-{ICBC}")


def asked(person: Visitor, **change: str) -> str:
    """The id of a request."""
    answer = sent(person, f"{HERE}/new", {**TYPED, **change})
    assert answer.status_code == 303
    return str(answer.headers["Location"].split("?")[0].rpartition("/")[2])


def acted(clerk: Visitor, request_id: str, form: str, **typed: str) -> None:
    """The clerk sent that form."""
    address = f"/portal/instalments/{request_id}/{form}"
    assert sent(clerk, address, {"seen": seen_at(clerk, address), **typed}).status_code == 303


def paid(person: Visitor, request_id: str, sms: SentMessages) -> None:
    """The person accepted the quote and says that it is paid."""
    here = f"{HERE}/{request_id}"
    quote = re.findall(r'name="quote" value="(\w+)"', person.page(here))[0]
    sent(person, here, {"do": "code", "quote": quote})
    code = re.findall(r"\b\d{6}\b", sms.sent[-1][1])[0]
    accepted = {"do": "accept", "quote": quote, "confirmation_code": code, "agreed": "1"}
    assert sent(person, here, accepted).status_code == 303
    assert sent(person, here, {"do": "paid"}).status_code == 303


def pages_of(answer: TestResponse) -> list[str]:
    """The words of each page of the paper, without blanks."""
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    reader = PdfReader(io.BytesIO(answer.get_data()))
    return ["".join(page.extract_text().split()) for page in reader.pages]


def test_the_quote_is_one_page_with_its_figures_the_formula_and_what_goes_on(person: Visitor, clerk: Visitor) -> None:
    request_id = asked(person, deal_no="FQ-2026-7")
    assert person.get(f"{HERE}/{request_id}/quote.pdf").status_code == 404
    more = {"interest_to_date_fen": "50", "pay_fen": "7050", "basis": "按合同第五条，计至次日。"}
    acted(clerk, request_id, "quote", step="send", **{**QUOTED, **more})
    [page] = pages_of(person.get(f"{HERE}/{request_id}/quote.pdf"))
    for words in (
        "分期报价书",
        "中国工商银行，信用卡尾号0007",
        "FQ-2026-7",
        "剩余本金7,000.007,000.00",
        "截至当日的利息或手续费50.0034.98",
        "已到期未付的费用0.000.00",
        "减：退回的手续费0.000.00",
        "一共要还7,050.007,034.98",
        "按合同第五条，计至次日。",
        "占用的资金7,000.00元×13.03%×14天÷365",
        "这笔分期到此结束",
        "以后各期的利息和手续费504.00元不再收取",
        "原来的分期照常进行",
    ):
        assert words in page, words
    assert "13800000001" not in page
    assert pages_of(clerk.get(f"/portal/instalments/{request_id}/quote.pdf"))[0][:200] == page[:200]
    for who, address in ((person, f"{HERE}/{request_id}"), (clerk, f"/portal/instalments/{request_id}")):
        assert f'href="{address}/quote.pdf"' in who.page(address)
        assert "result.pdf" not in who.page(address)


@pytest.mark.parametrize("typed", ["", "ICBC-88"], ids=["as-asked", "as-the-bank-says"])
def test_the_result_names_the_deal_by_its_number(
    person: Visitor, clerk: Visitor, sms: SentMessages, typed: str
) -> None:
    request_id = asked(person, deal_no="FQ-2026-7")
    acted(clerk, request_id, "quote", step="send", **QUOTED)
    assert person.get(f"{HERE}/{request_id}/result.pdf").status_code == 404
    paid(person, request_id, sms)
    assert 'name="deal_no" type="text" value="FQ-2026-7"' in clerk.page(f"/portal/instalments/{request_id}/done")
    acted(clerk, request_id, "done", paid_on="2026-11-21", deal_no=typed)
    [page] = pages_of(person.get(f"{HERE}/{request_id}/result.pdf"))
    number = typed or "FQ-2026-7"
    for words in ("分期办结通知书", f"分期编号{number}", "已经办理", "入账的日子2026年11月21日", "一共要还7,034.98"):
        assert words in page, words
    assert f"{HERE}/{request_id}/result.pdf" in person.page(f"{HERE}/{request_id}")
    assert pages_of(clerk.get(f"/portal/instalments/{request_id}/result.pdf"))[0][:100] == page[:100]


def test_nobody_else_has_the_letters(person: Visitor, clerk: Visitor, visit: Visit) -> None:
    request_id = asked(person)
    acted(clerk, request_id, "quote", step="send", **QUOTED)
    for who, address in (
        (visit("cardholder-2"), f"{HERE}/{request_id}/quote.pdf"),
        (visit(f"reviewer-{CMB}"), f"/portal/instalments/{request_id}/quote.pdf"),
    ):
        assert who.get(address).status_code == 404


def test_the_longest_quote_is_still_one_page(person: Visitor, clerk: Visitor) -> None:
    upfront = {"deal.fee_mode": "upfront", "deal.fee_fen": "864", "kind": "shorten", "terms_left": "3"}
    request_id = asked(person, **upfront, deal_no="分" * 40)
    figures = {**QUOTED, "other_fen": "1", "fees_refunded_fen": "100", "pay_fen": "6935.98"}
    acted(clerk, request_id, "quote", step="send", **figures, basis="按合同约定。" * 80)
    [page] = pages_of(person.get(f"{HERE}/{request_id}/quote.pdf"))
    assert "分期继续：还剩3期" in page
    assert "按资金和时间的实际占用退" in page
