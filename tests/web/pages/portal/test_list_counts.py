"""How many cases the list of the queue says it has: by what was read and the tally, which is all that it costs."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import event

from hub.domain.lifecycle import Status
from hub.domain.queue_question import Order, OwedBand, QueueQuestion, Tab, Urgency
from hub.domain.queue_summary import QueueSummary
from hub.domain.staff import Role
from hub.domain.tally import COUNTS_END_AT, Tally
from hub.services.accounts.staff import Staff
from hub.services.operating import tallies
from hub.services.reading.bank.beside import Desk, SavedView
from hub.services.reading.bank.queue import Queue, QueueRow
from hub.web.pages.portal.list_counts import ListCounts
from tests.services.case import Case
from tests.services.conftest import OpenCase
from tests.web.pages.clerk import Clerk

AT = datetime(2026, 12, 1, tzinfo=UTC)
PLACE = (AT, "a")
PERSON = Staff(id="me", email="r@icbc.example", name="何雨", role=Role.REVIEWER, bank_code="ICBC", is_demo=True)
TALLY = Tally(
    counted_at=AT,
    tabs={Tab.ALL: 90, Tab.UNASSIGNED: 8},
    due={Urgency.LATE: 2, Urgency.TODAY: 7, Urgency.SOON: 40, Urgency.LATER: 30, Urgency.PAUSED: 1},
    mine={"me": 55},
)
VIEW = SavedView(id="v", name="大额", query="owed=from-200k", is_shared=False, counted=44)
EVERYTHING = QueueQuestion()


def counts(
    *urgencies: Urgency,
    question: QueueQuestion | None = EVERYTHING,
    tally: Tally | None = TALLY,
    before: bool = False,
    behind: bool = False,
    skipped: int = 0,
    order: Order = Order.DUE,
) -> ListCounts:
    rows = tuple(
        QueueRow(
            id=str(number), reference="", status=Status.IN_REVIEW, said=QueueSummary.__new__(QueueSummary), clock=None,
            urgency=each, counter=None, news=(), owner_id=None, papers=0, papers_checked=0, place=PLACE,
        )
        for number, each in enumerate(urgencies)
    )  # fmt: skip
    shown = Queue(
        rows=rows, order=order, previous_place=PLACE if before else None, next_place=PLACE if behind else None
    )
    desk = Desk(is_lender=False, tally=tally, views=(VIEW,))
    return ListCounts(shown=shown, skipped=skipped, question=question, desk=desk, person=PERSON)


LATE, TODAY, SOON, LATER, NONE = Urgency.LATE, Urgency.TODAY, Urgency.SOON, Urgency.LATER, Urgency.NONE
LARGE = QueueQuestion(owed=(OwedBand.FROM_200K,))


@pytest.mark.parametrize(
    ("made", "urgency", "says"),
    [
        (counts(LATE, LATE, TODAY, behind=True), LATE, "2"),
        (counts(LATE, TODAY, TODAY, behind=True), TODAY, "7"),
        (counts(LATE, TODAY, TODAY), TODAY, "2"),
        (counts(TODAY, SOON, before=True), TODAY, "7"),
        (counts(TODAY, TODAY, behind=True, tally=None), TODAY, "2+"),
        (counts(TODAY, TODAY, behind=True, question=LARGE), TODAY, "2+"),
        (counts(TODAY, TODAY, behind=True, question=QueueQuestion(due=TODAY)), TODAY, "7"),
        # The tally is a minute old: it never says fewer than are seen.
        (counts(*[TODAY] * 9, behind=True), TODAY, "9"),
        (counts(SOON, behind=True, tally=replace(TALLY, due={SOON: COUNTS_END_AT})), SOON, "999+"),
        (counts(NONE, behind=True), NONE, "10"),
        (counts(NONE, behind=True, tally=replace(TALLY, tabs={Tab.ALL: COUNTS_END_AT})), NONE, "1+"),
    ],
)
def test_a_group_says_how_many_it_holds_or_at_least_how_many(made: ListCounts, urgency: Urgency, says: str) -> None:
    assert made.of_group(urgency) == says


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (counts(LATE, TODAY), "2"),
        (counts(LATE, TODAY, before=True, skipped=30), "32"),
        (counts(LATE, TODAY, behind=True), "90"),
        (counts(LATE, behind=True, question=QueueQuestion(order=Order.OWED, down=True)), "90"),
        (counts(LATE, behind=True, question=QueueQuestion(tab=Tab.MINE)), "55"),
        (counts(LATE, behind=True, question=QueueQuestion(due=TODAY)), "7"),
        (counts(LATE, behind=True, question=LARGE), "44"),
        (counts(LATE, behind=True, question=replace(LARGE, tab=Tab.MINE)), "1+"),
        (counts(LATE, behind=True, question=None), "1+"),
        (counts(LATE, behind=True, tally=None), "1+"),
        (counts(LATE, behind=True, skipped=90), "91+"),
        (counts(LATE, behind=True, tally=replace(TALLY, tabs={Tab.ALL: COUNTS_END_AT})), "999+"),
        (counts(), "0"),
    ],
)
def test_a_list_says_how_many_it_has_or_at_least_how_many(made: ListCounts, says: str) -> None:
    assert made.total() == says


def _groups(page: str) -> list[str]:
    return re.findall(r'<span class="queue-group-count">(\S+ 件)</span>', page)


def test_each_head_in_the_queue_holds_its_number_and_each_case_its_place(
    app: Flask, open_case: OpenCase, case: Case
) -> None:
    cases = [case, *(open_case() for _ in range(3))]
    tallies.renew(case.hub)
    clerk = Clerk(app, "reviewer", case)
    first = unescape(clerk.page("/portal/?limit=3"))
    assert _groups(first) == ["4 件"]
    assert "第 1–3 件，共 4 件" in first
    [address] = re.findall(r'rel="next" href="([^"]+)"', first)
    second = unescape(clerk.page(address))
    assert "第 4–4 件，共 4 件" in second
    [link] = re.findall(rf'href="(/portal/negotiations/{cases[3].id}[^"]+)"', second)
    opened = unescape(clerk.page(link))
    assert "第 4 件，共 4 件" in opened
    # Back, the address is that of the page of the list, which keeps its row.
    assert f'href="{address}#row-{cases[3].id}"' in opened
    [back] = re.findall(r'rel="prev" href="([^"]+)"', second)
    assert "第 1–3 件，共 4 件" in unescape(clerk.page(back))


def test_a_case_that_was_searched_for_has_no_place(app: Flask, open_case: OpenCase, case: Case) -> None:
    open_case()
    clerk = Clerk(app, "reviewer", case)
    found = clerk.page("/portal/?q=王小明")
    [link] = re.findall(rf'href="(/portal/negotiations/{case.id}[^"]+)"', found)
    assert "at%3D" not in link
    assert 'class="quiet">/ ' not in clerk.page(unescape(link))


def test_the_numbers_cost_no_statement(app: Flask, open_case: OpenCase, case: Case) -> None:
    open_case()
    tallies.renew(case.hub)
    clerk = Clerk(app, "reviewer", case)
    said: list[str] = []
    for engine in (case.hub.database.engine, case.hub.database._reading):
        event.listen(engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    query = f"/portal/negotiations/{case.id}"
    spent = []
    for address in (query, f"{query}?from=total%3D2%26at%3D1", "/portal/?limit=2", "/portal/?limit=1"):
        clerk.page(address)
        said.clear()
        clerk.page(address)
        spent.append(len(said))
    assert spent[0] == spent[1]
    assert spent[2] == spent[3]
