"""Finding negotiations: pages that lose and repeat nothing, the bank's queue, and what each caller may know of."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.errors import NotFound
from hub.domain.lifecycle import Status
from hub.domain.paging import Page
from hub.wiring import Hub
from storage import negotiations
from tests import applications
from tests.applications import CMB, ICBC
from tests.conftest import Submit, Submitted


@pytest.fixture
def five(submitted: Submit, clock: FixedClock, work_off: Callable[[], int]) -> list[Submitted]:
    """Five negotiations with ICBC, a day apart, all with the bank."""
    made = []
    for _ in range(5):
        made.append(submitted(ICBC))
        work_off()
        clock.at += timedelta(days=1)
    return made


def test_pages_of_a_client_are_newest_first_and_lose_nothing(hub: Hub, five: list[Submitted]) -> None:
    seen: list[str] = []
    after = None
    with hub.reading(HUB) as tx:
        while True:
            rows = negotiations.list_of_client(
                tx, five[0].client.id, statuses=[], subject_indexes=None, page=Page(limit=2, after=after)
            )
            seen += [row.id for row in rows[:2]]
            if len(rows) <= 2:
                break
            after = (rows[1].opened_at, rows[1].id)
    assert seen == [each.negotiation for each in reversed(five)]


def test_the_queue_of_a_bank_is_by_due_time_and_pages_lose_nothing(hub: Hub, five: list[Submitted]) -> None:
    seen: list[str] = []
    after = None
    with hub.reading(HUB) as tx:
        while True:
            rows = negotiations.list_of_bank(tx, ICBC, statuses=[], due_before=None, page=Page(limit=2, after=after))
            seen += [row.id for row in rows[:2]]
            if len(rows) <= 2:
                break
            after = (rows[1].due_at, rows[1].id)
        assert seen == [each.negotiation for each in five]
        early = negotiations.list_of_bank(tx, ICBC, statuses=[], due_before=rows[0].due_at, page=Page(limit=10))
        assert [row.id for row in early] == seen[:-1]
        assert negotiations.list_of_bank(tx, CMB, statuses=[], due_before=None, page=Page(limit=10)) == []


def test_statuses_and_persons_narrow_a_list(hub: Hub, submitted: Submit, five: list[Submitted]) -> None:
    waiting = submitted(ICBC, applicant=applications.person(700))
    client_id = waiting.client.id
    with hub.reading(HUB) as tx:

        def found(statuses: list[Status], subject: str | None) -> list[str]:
            indexes = None if subject is None else tx.keyring.indexes(subject, purpose="subject")
            page = Page(limit=50)
            rows = negotiations.list_of_client(tx, client_id, statuses=statuses, subject_indexes=indexes, page=page)
            return [row.id for row in rows]

        assert found([Status.SCREENING], None) == [waiting.negotiation]
        assert found([], "host-app-user-700") == [waiting.negotiation]
        assert found([Status.OFFERED], "host-app-user-700") == []
        assert found([], "somebody") == []


def test_a_bank_knows_nothing_of_what_has_not_reached_it(hub: Hub, submitted: Submit) -> None:
    sent = submitted(ICBC)
    with hub.reading(HUB) as tx:
        with pytest.raises(NotFound):
            negotiations.get_of_bank(tx, sent.negotiation, bank_code=ICBC)
        for statuses in ([], [Status.SCREENING]):
            page = Page(limit=10)
            assert negotiations.list_of_bank(tx, ICBC, statuses=statuses, due_before=None, page=page) == []
