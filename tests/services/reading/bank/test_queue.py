"""A page of a bank's queue by one statement: the same negotiations in the same order, with what a row says."""

from datetime import datetime, timedelta

import pytest

from hub.domain.actor import HUB
from hub.domain.china import CHINA
from hub.domain.lifecycle import Status
from hub.domain.paging import Page
from hub.services.reading.bank.queue import QueueClock, Urgency, list_views, queue, urgency_of
from hub.wiring import Hub
from storage import bank_queue, negotiations
from storage.bank_queue import Queued
from storage.submissions import submission_of
from tests.applications import CMB, ICBC
from tests.services.case import LARGE_OFFER, Case
from tests.services.conftest import OpenCase, SetRules
from tests.storage.statements import plans_of, sent_by


def _page(hub: Hub, *statuses: Status, page: Page | None = None, bank_code: str = ICBC) -> list[Queued]:
    with hub.reading(HUB) as tx:
        asked = page or Page(limit=50)
        return bank_queue.list_page(tx, bank_code, statuses=statuses, due_before=None, page=asked)


def test_pages_follow_one_another_by_due_time_and_hold_what_the_records_hold(open_case: OpenCase) -> None:
    first = open_case()
    for _ in range(3):
        first.clock.at += timedelta(days=1)
        open_case()
    hub = first.hub
    seen, after = [], None
    while found := _page(hub, page=Page(limit=2, after=after)):
        seen += found[:2]
        after = (found[:2][-1].due_at, found[:2][-1].id)
    with hub.reading(HUB) as tx:
        records = negotiations.list_of_bank(tx, ICBC, statuses=(), due_before=None, page=Page(limit=50))
        assert [each.id for each in seen] == [each.id for each in records]
        assert [each.submission for each in seen] == [submission_of(tx, each) for each in records]
        assert [each.status for each in seen] == ["awaiting_bank"] * 4
        early = bank_queue.list_page(tx, ICBC, statuses=(), due_before=seen[-1].due_at, page=Page(limit=50))
    assert [each.id for each in early] == [each.id for each in seen if each.due_at < seen[-1].due_at] != []
    assert _page(hub, bank_code=CMB) == []
    assert _page(hub, Status.AGREED) == []
    assert len(_page(hub, Status.AWAITING_BANK, Status.OFFERED)) == 4


def test_a_row_says_whether_its_clock_runs_or_is_paused_and_whether_an_offer_waits(
    open_case: OpenCase, set_rules: SetRules
) -> None:
    set_rules(pause_on_evidence="true")
    running, paused, waiting, offered = (open_case() for _ in range(4))
    paused.ask()
    waiting.offer(LARGE_OFFER)
    offered.offer()
    rows = {each.id: each for each in _page(running.hub)}

    def of(case: Case) -> tuple[bool, bool, bool]:
        row = rows[case.id]
        return row.runs, row.paused, row.awaits_approval

    assert of(running) == (True, False, False)
    assert of(paused)[:2] == (True, True)
    assert of(waiting)[2] is True
    assert of(offered) == (False, False, False)


def test_no_list_of_a_bank_reads_a_whole_table(open_case: OpenCase) -> None:
    case = open_case()
    with case.hub.reading(HUB) as tx:
        with sent_by(tx.session.connection()) as sent:
            bank_queue.list_page(tx, ICBC, statuses=(), due_before=tx.now + timedelta(days=60), page=Page(limit=50))
            assert len(sent) == 1
            list_views(tx, ICBC, statuses=(), due_before=None, page=Page(limit=50), language="zh")
        if not case.hub.database.on_sqlite:
            return
        scanned = [
            line
            for line in plans_of(tx.session.connection(), sent)
            if "SCAN submission" in line or "SCAN clock" in line
        ]
        assert scanned == []


NOW = datetime(2026, 11, 20, 15, 0, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("due", "days_left", "is_paused", "is_breached", "expected"),
    [
        ("2026-11-19 18:00", 0, False, True, Urgency.LATE),
        ("2026-11-20 18:00", 0, False, False, Urgency.TODAY),
        # A Saturday counts no working day, and is still not today.
        ("2026-11-21 18:00", 0, False, False, Urgency.SOON),
        ("2026-11-24 18:00", 2, False, False, Urgency.SOON),
        ("2026-11-25 18:00", 3, False, False, Urgency.LATER),
        ("2026-11-20 18:00", 0, True, False, Urgency.PAUSED),
    ],
)
def test_how_urgent_an_answer_is(
    due: str, days_left: int, is_paused: bool, is_breached: bool, expected: Urgency
) -> None:
    due_at = datetime.strptime(due, "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)
    clock = QueueClock(due_at=due_at, paused=is_paused, breached=is_breached, working_days_left=days_left)
    assert urgency_of(clock, NOW) == expected


def test_without_a_clock_nothing_is_urgent() -> None:
    assert urgency_of(None, NOW) == Urgency.NONE


def test_rows_are_masked_and_grouped_with_the_most_urgent_first(open_case: OpenCase) -> None:
    early, late = open_case(), open_case()
    late.ask()
    early.clock.at += timedelta(days=30)
    with early.hub.reading(HUB) as tx:
        shown = queue(tx, ICBC, statuses=(), due_before=None, page=Page(limit=50))
    assert next((urgency, [row.id for row in rows]) for urgency, rows in shown.by_urgency.items()) == (
        Urgency.LATE,
        [row.id for row in shown.rows if row.clock is not None and row.clock.breached],
    )
    assert {row.name for row in shown.rows} == {"王*明"}
    assert all(len(card) == 4 for row in shown.rows for card in row.cards)
