"""Answers that are late by the hundred: noted together, each as if it were alone."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from hub.domain.actor import HUB
from hub.domain.errors import Unavailable
from hub.services.negotiations import answer_clocks
from hub.services.operating import invariants, sweeps
from hub.wiring import Hub
from storage import clocks as clock_rows
from storage import mails, negotiation_locks
from storage.records import LogEntryRecord
from tests.services.case import Case, everything_stored
from tests.services.conftest import OpenCase

TWO_WEEKS = timedelta(days=14)


def _commits(hub: Hub) -> list[object]:
    """Grows by one with each transaction that is committed from now on."""
    seen: list[object] = []
    sa.event.listen(hub.database.engine, "commit", seen.append)
    return seen


def _late_mails(case: Case) -> list[str]:
    with case.hub.reading(HUB) as tx:
        return sorted(
            each.kind for each in mails.list_of(tx, case.id) if each.kind in {"breached", "escalated", "late"}
        )


def _take_the_next_place_in_the_log(case: Case) -> None:
    with case.hub.writing(HUB) as tx:
        table = LogEntryRecord.metadata.tables[LogEntryRecord.__tablename__]
        [last, *_] = tx.session.execute(
            sa.select(table).where(table.c.negotiation_id == case.id).order_by(table.c.sequence.desc())
        ).mappings()
        tx.session.execute(sa.insert(table), [{**last, "sequence": last["sequence"] + 1}])


def test_many_are_noted_in_one_transaction_each_with_one_entry_and_its_mails(open_case: OpenCase) -> None:
    cases = [open_case() for _ in range(3)]
    hub = cases[0].hub
    cases[0].clock.at += TWO_WEEKS
    with hub.reading(HUB) as tx:
        due = [each.id for each in clock_rows.list_breached(tx, tx.now, 10)]
    commits = _commits(hub)
    with hub.writing(HUB) as tx:
        answer_clocks.note_breaches(tx, due)
    assert len(commits) == 1
    assert [case.kinds().count("breached") for case in cases] == [1, 1, 1]
    assert [_late_mails(case) for case in cases] == [["breached", "escalated", "escalated", "late"]] * 3
    with hub.reading(HUB) as tx:
        assert list(invariants.breaches(tx, hub.store)) == []
    before = everything_stored(hub)
    with hub.writing(HUB) as tx:
        answer_clocks.note_breaches(tx, due)
    assert everything_stored(hub) == before


def test_the_sweep_settles_a_lot_in_one_transaction(open_case: OpenCase) -> None:
    cases = [open_case() for _ in range(3)]
    cases[0].clock.at += TWO_WEEKS
    commits = _commits(cases[0].hub)
    sweeps.run_due(cases[0].hub)
    together = len(commits)
    assert [case.kinds().count("breached") for case in cases] == [1, 1, 1]
    others = [open_case() for _ in range(6)]
    others[0].clock.at += TWO_WEEKS
    commits.clear()
    sweeps.run_due(cases[0].hub)
    assert [case.kinds().count("breached") for case in others] == [1] * 6
    assert len(commits) == together


def test_one_that_cannot_be_noted_holds_up_no_other_of_its_lot(open_case: OpenCase) -> None:
    first, second, third = (open_case() for _ in range(3))
    _take_the_next_place_in_the_log(second)
    first.clock.at += TWO_WEEKS
    # SQLite's trigger refuses the row before its key does.
    with pytest.raises((Unavailable, IntegrityError)):
        sweeps.run_due(first.hub)
    assert [case.kinds().count("breached") for case in (first, second, third)] == [1, 0, 1]
    assert [len(_late_mails(case)) for case in (first, second, third)] == [4, 0, 4]


def test_one_that_another_writer_holds_is_left_for_the_next_time(open_case: OpenCase) -> None:
    first, second = open_case(), open_case()
    hub = first.hub
    if hub.database.on_sqlite:
        pytest.skip("one writer at a time")
    first.clock.at += TWO_WEEKS
    with hub.reading(HUB) as tx:
        due = [each.id for each in clock_rows.list_breached(tx, tx.now, 10)]
    with hub.writing(HUB) as other:
        negotiation_locks.lock(other, first.id)
        with hub.writing(HUB) as tx:
            answer_clocks.note_breaches(tx, due)
    assert [case.kinds().count("breached") for case in (first, second)] == [0, 1]
    sweeps.run_due(hub)
    assert [case.kinds().count("breached") for case in (first, second)] == [1, 1]
