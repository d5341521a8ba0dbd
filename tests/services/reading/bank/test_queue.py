"""A page of a bank's queue: its order both ways, what a row says, and what it is cut down by."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from hub.domain.actor import HUB
from hub.domain.application import HardshipReason
from hub.domain.china import CHINA, china_day
from hub.domain.lifecycle import Status
from hub.domain.paging import Page, Stretch
from hub.domain.queue_question import NOBODY, Order, OwedBand, QueueQuestion, Tab, Urgency
from hub.domain.staff import Role
from hub.services.accounts.staff import Staff
from hub.services.reading.bank.queue import Queue, QueueClock, QueueRow, list_views, queue, urgency_of
from hub.wiring import Hub
from storage import negotiation_locks
from tests.applications import CITIC, ICBC
from tests.services.case import LARGE_OFFER, Case
from tests.services.conftest import OpenCase, SetRules
from tests.services.people import somebody_at
from tests.storage.statements import plans_of, sent_by

CLERK = somebody_at(ICBC)


def asked(hub: Hub, stretch: Stretch | None = None, person: Staff = CLERK, **question: Any) -> Queue:
    with hub.reading(HUB) as tx:
        return queue(tx, person, QueueQuestion(**question), stretch or Stretch(limit=50))


def ids(shown: Queue) -> list[str]:
    return [each.id for each in shown.rows]


def row_of(case: Case) -> QueueRow:
    [row] = [each for each in asked(case.hub).rows if each.id == case.id]
    return row


def days_apart(open_case: OpenCase, many: int) -> list[Case]:
    cases = []
    for _ in range(many):
        cases.append(open_case())
        cases[0].clock.at += timedelta(days=1)
    return cases


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("down", [False, True])
def test_pages_follow_one_another_both_ways_without_gaps(open_case: OpenCase, order: Order, down: bool) -> None:
    cases = days_apart(open_case, 5)
    hub = cases[0].hub
    everything = ids(asked(hub, order=order, down=down))
    assert sorted(everything) == sorted(each.id for each in cases)
    pages, place = [], None
    while True:
        shown = asked(hub, Stretch(limit=2, place=place), order=order, down=down)
        pages.append(ids(shown))
        if shown.next_place is None:
            break
        place = shown.next_place
    assert [len(each) for each in pages] == [2, 2, 1]
    assert [each for page in pages for each in page] == everything
    assert shown.previous_place is not None
    back = asked(hub, Stretch(limit=2, place=shown.previous_place, before=True), order=order, down=down)
    assert ids(back) == pages[1]
    assert back.next_place is not None
    first = asked(hub, Stretch(limit=2, place=back.previous_place, before=True), order=order, down=down)
    assert (ids(first), first.previous_place) == (pages[0], None)


def test_by_due_time_the_soonest_is_first_and_paused_ones_are_behind(open_case: OpenCase, set_rules: SetRules) -> None:
    set_rules(pause_on_evidence="true")
    paused, early, late = days_apart(open_case, 3)
    paused.ask()
    shown = asked(paused.hub)
    assert ids(shown) == [early.id, late.id, paused.id]
    assert ids(asked(paused.hub, due=Urgency.PAUSED)) == [paused.id]
    assert list(shown.by_urgency) == [Urgency.LATER, Urgency.PAUSED]
    paused.write("补上了", answers=True)
    assert ids(asked(paused.hub, due=Urgency.PAUSED)) == []


def test_by_what_is_owed_a_page_is_in_order_to_the_yuan(open_case: OpenCase) -> None:
    cases = days_apart(open_case, 2)
    shown = asked(cases[0].hub, order=Order.OWED, down=True)
    owed = [each.said.owed_fen for each in shown.rows]
    assert owed == sorted(owed, reverse=True)
    assert list(shown.by_urgency) == [None]


def test_a_row_says_what_the_person_asks_for_behind_masks(open_case: OpenCase) -> None:
    row = row_of(open_case())
    assert (row.said.name, row.said.owed_fen, row.said.reasons) == ("王*明", 1_908_200, (HardshipReason.ILLNESS,))
    assert all(len(card) == 4 for card in row.said.cards)
    assert (row.status, row.papers, row.papers_checked, row.owner_id) == (Status.AWAITING_BANK, 1, 0, None)


def test_a_row_says_what_somebody_has_to_look_at(open_case: OpenCase) -> None:
    waiting, returned, written, countered = (open_case() for _ in range(4))
    waiting.offer(LARGE_OFFER)
    returned.send_back(returned.offer(LARGE_OFFER))
    written.write("请尽快")
    countered.offer()
    countered.counter()
    assert [row_of(each).news for each in (waiting, returned, written, countered)] == [
        ("awaiting_approval",), ("returned",), ("message",), ("countered",),
    ]  # fmt: skip
    assert row_of(countered).counter["instalments"] == 36
    written.acknowledge()
    assert row_of(written).news == ()


def test_each_tab_holds_its_own_cases(open_case: OpenCase) -> None:
    mine, waiting, countered, written, waits, agreed = (open_case() for _ in range(6))
    hub = mine.hub
    with hub.writing(HUB) as tx:
        negotiation_locks.lock(tx, mine.id).owner_id = CLERK.id
    waiting.offer(LARGE_OFFER)
    countered.offer()
    countered.counter()
    written.write("请尽快")
    waits.ask()
    agreed.accept(agreed.offer())
    agreed.write("已经还了第一期")
    maker, other = somebody_at(ICBC, Role.SUPERVISOR), somebody_at(ICBC, Role.SUPERVISOR, "another")

    def in_tab(tab: Tab, person: Staff = CLERK) -> set[str]:
        return set(ids(asked(hub, person=person, tab=tab)))

    everything = {mine.id, waiting.id, countered.id, written.id, waits.id}
    assert in_tab(Tab.ALL) == everything
    assert in_tab(Tab.MINE) == {mine.id}
    assert in_tab(Tab.UNASSIGNED) == everything - {mine.id}
    assert in_tab(Tab.COUNTERED) == {countered.id}
    assert in_tab(Tab.MESSAGES) == {written.id, agreed.id}
    assert in_tab(Tab.ASKED) == {waits.id}
    assert in_tab(Tab.AGREED) == {agreed.id}
    # Nobody approves what they made themselves, and a reviewer nothing at all.
    assert in_tab(Tab.APPROVAL, other) == {waiting.id}
    assert in_tab(Tab.APPROVAL, maker) == in_tab(Tab.APPROVAL) == set()


@pytest.mark.parametrize(
    ("question", "is_there"),
    [
        ({"reasons": (HardshipReason.ILLNESS, HardshipReason.OTHER)}, True),
        ({"reasons": (HardshipReason.UNEMPLOYMENT,)}, False),
        ({"owed": (OwedBand.FROM_10K, OwedBand.FROM_200K)}, True),
        ({"owed": (OwedBand.BELOW_10K, OwedBand.FROM_30K)}, False),
        ({"statuses": (Status.AWAITING_BANK, Status.AGREED)}, True),
        ({"statuses": (Status.IN_REVIEW,)}, False),
        ({"owner": NOBODY}, True),
        ({"owner": "somebody"}, False),
        ({"replied": True}, False),
        ({"due": Urgency.LATER}, True),
        ({"due": Urgency.SOON}, False),
        ({"due": Urgency.LATE}, False),
    ],
)
def test_the_queue_is_cut_down_by_each_thing(open_case: OpenCase, question: dict[str, Any], is_there: bool) -> None:
    case = open_case()
    assert ids(asked(case.hub, **question)) == ([case.id] if is_there else [])


def test_sorts_of_filters_hold_together(open_case: OpenCase) -> None:
    case = open_case()
    case.write("请尽快")
    both: dict[str, Any] = {"reasons": (HardshipReason.ILLNESS,), "replied": True, "owed": (OwedBand.FROM_10K,)}
    assert ids(asked(case.hub, **both)) == [case.id]
    assert ids(asked(case.hub, **both, owner="somebody")) == []


def test_no_other_bank_s_person_finds_anything(open_case: OpenCase) -> None:
    case = open_case()
    for tab in Tab:
        assert ids(asked(case.hub, person=somebody_at(CITIC), tab=tab)) == []


def test_a_page_is_one_statement_that_reads_no_table_whole(open_case: OpenCase) -> None:
    case = open_case()
    questions: list[dict[str, Any]] = [
        {},
        {"order": Order.OWED, "down": True},
        {"order": Order.OPENED},
        {"tab": Tab.UNASSIGNED},
        {"tab": Tab.MESSAGES},
        {"tab": Tab.COUNTERED},
        {"reasons": (HardshipReason.ILLNESS,), "owed": (OwedBand.FROM_10K,)},
        {"due": Urgency.TODAY, "statuses": (Status.IN_REVIEW,)},
    ]
    with case.hub.reading(HUB) as tx:
        tx.calendar()
        with sent_by(tx.session.connection()) as sent:
            for each in questions:
                queue(tx, CLERK, QueueQuestion(**each), Stretch(limit=50))
        assert len(sent) == len(questions)
        with sent_by(tx.session.connection()) as of_views:
            list_views(tx, ICBC, statuses=(), due_before=None, page=Page(limit=50), language="zh")
        if case.hub.database.on_sqlite:
            lines = plans_of(tx.session.connection(), sent)
            lines += [each for each in plans_of(tx.session.connection(), of_views) if "agreement" not in each]
            assert [each for each in lines if "SCAN" in each and "SCAN page" not in each] == []


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
    clock = QueueClock(
        due_at=due_at,
        due_on=due_at.date(),
        paused=is_paused,
        breached=is_breached,
        working_days_left=days_left,
    )
    assert urgency_of(clock, china_day(NOW)) == expected


def test_without_a_clock_nothing_is_urgent() -> None:
    assert urgency_of(None, china_day(NOW)) == Urgency.NONE


def test_what_is_late_stands_first(open_case: OpenCase) -> None:
    early, late = open_case(), open_case()
    late.ask()
    early.clock.at += timedelta(days=30)
    first = next(iter(asked(early.hub).by_urgency.items()))
    assert first[0] is Urgency.LATE
    assert all(row.clock is not None and row.clock.left < timedelta() for row in first[1])
