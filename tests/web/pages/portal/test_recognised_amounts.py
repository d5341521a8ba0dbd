"""Amounts that a machine read, beside the file: to be compared, and in the form only once they are pressed."""

from __future__ import annotations

import pytest

from hub.domain.actor import HUB
from hub.domain.recognised_amounts import RecognisedAmount
from hub.wiring import Hub
from storage import recognised_amounts
from storage.records import EvidencedFigureRecord
from tests.services.case import Case
from tests.web.pages.apply.rows import count
from tests.web.pages.clerk import Clerk, forms_of

HEADING = "认出的金额，请核对"


@pytest.fixture
def file(case: Case) -> str:
    """The id of the case's only file, whose page is drawn."""
    return case.sent.evidence[0]


def recognise(case: Case, file: str, *amounts: RecognisedAmount) -> None:
    with case.hub.writing(HUB) as tx:
        recognised_amounts.ask(tx, file)
        tx.session.flush()
        record = recognised_amounts.find(tx, file, lock=True)
        assert record is not None
        recognised_amounts.settle(tx, record, amounts)


def many(number: int) -> list[RecognisedAmount]:
    return [RecognisedAmount(label=f"第{n}笔", amount_fen=n * 100, page=1) for n in range(1, number + 1)]


def figure_form(clerk: Clerk, file: str, query: str = "") -> dict[str, list[str]]:
    answer = clerk.get(f"{clerk.address}/evidence/{file}/view{query}")
    return next(fields for address, fields in forms_of(answer).items() if address.startswith("figures"))


def test_each_stands_there_with_its_words_and_page(clerk: Clerk, case: Case, file: str) -> None:
    recognise(case, file, RecognisedAmount(label="<b>实发工资", amount_fen=840_000, page=1))
    text = clerk.get(f"{clerk.address}/evidence/{file}/view").get_data(as_text=True)
    assert HEADING in text
    assert "由机器识别，可能认错或漏认，请对照页面。" in text
    assert '<bdi class="own-words">&lt;b&gt;实发工资</bdi>' in text
    assert ">8,400.00<" in text
    assert HEADING not in clerk.read()


def test_without_any_nothing_is_said(clerk: Clerk, file: str) -> None:
    assert HEADING not in clerk.read(f"/evidence/{file}/view")


def test_none_is_in_the_form_before_it_is_pressed_and_none_is_recorded_by_that(
    clerk: Clerk, case: Case, hub: Hub, file: str
) -> None:
    recognise(case, file, *many(2), RecognisedAmount(label="", amount_fen=123_456, page=1))
    assert figure_form(clerk, file)["amount_fen"] == [""]
    assert f"/evidence/{file}/view?page=1&recognised=3#recognised" in clerk.read(f"/evidence/{file}/view")
    assert figure_form(clerk, file, "?page=1&recognised=3")["amount_fen"] == ["1234.56"]
    assert count(hub, EvidencedFigureRecord) == 0


@pytest.mark.parametrize("asked", ["0", "4", "-1", "x", "²", "9" * 30, ""])
def test_one_that_is_not_there_fills_nothing(clerk: Clerk, case: Case, file: str, asked: str) -> None:
    recognise(case, file, *many(3))
    assert figure_form(clerk, file, f"?recognised={asked}")["amount_fen"] == [""]


def test_a_long_list_is_folded(clerk: Clerk, case: Case, file: str) -> None:
    recognise(case, file, *many(10))
    text = clerk.read(f"/evidence/{file}/view")
    assert "其余 2 项" in text
    assert "recognised=10#recognised" in text
