"""A worker that stands still until it is taken for dead, and then goes on: what it still does is harmless."""

from __future__ import annotations

import signal

import pytest
import sqlalchemy as sa

from hub.jobs.lease import LOCK_SPACE
from hub.wiring import Hub
from tests.applications import CMB
from tests.kills.conftest import Begin, Snapshots, Visit
from tests.kills.far_bank import FarBank
from tests.kills.findings import faults_of
from tests.kills.house import House
from tests.kills.story import Story
from tests.storage.owner import as_owner

pytestmark = pytest.mark.slow


def frozen_with_a_delivery_in_hand(visit: Visit, far_bank: FarBank) -> tuple[House, Story]:
    """The house and its story, in which a worker stands still while a bank has its delivery and has not answered.

    It holds no row meanwhile: another would wait for that in vain, and deliver once more.
    """
    house = visit.house
    house.start("web", "web", "--port", str(house.port), "--workers", "1")
    far_bank.may_answer_first.clear()
    house.start("frozen", "worker")
    house.wait_until(lambda: far_bank.copies, what="the delivery to begin")
    house.wait_until(lambda: _stopped_between_transactions(house), what="the worker to stop where it holds no row")
    return house, visit.story


def test_a_frozen_worker_whose_work_another_took_over_changes_nothing_when_it_goes_on(
    postgresql_snapshots: Snapshots, begin: Begin, far_bank: FarBank
) -> None:
    house, story = frozen_with_a_delivery_in_hand(begin(postgresql_snapshots["screen"]), far_bank)
    _cut_off_the_lease(Hub(house.settings))
    # It takes the slot that is free, and with it the work.
    house.start("other", "worker")
    house.wait_for_work()
    assert story.negotiation(CMB)["status"] == "awaiting_bank"
    assert len(far_bank.copies) == 2

    far_bank.may_answer_first.set()
    house.process("frozen").send(signal.SIGCONT)
    house.wait_until(lambda: house.ended_by_itself("frozen"), what="the worker to see that it has lost its slot")
    house.wait_for_work()
    assert far_bank.faults_of(submitted=1) == []
    assert faults_of(house, story) == []


def test_the_server_itself_gives_the_work_of_a_worker_that_stands_still_to_another(
    postgresql_snapshots: Snapshots, begin: Begin, far_bank: FarBank
) -> None:
    # Its connections live on: the kernel answers for it.
    house, story = frozen_with_a_delivery_in_hand(begin(postgresql_snapshots["screen"]), far_bank)
    house.start("other", "worker")
    house.wait_for_work()
    assert story.negotiation(CMB)["status"] == "awaiting_bank"
    assert len({copy.id for copy in far_bank.copies}) == 1
    assert len(far_bank.copies) == 2
    with house.opened() as hub:
        assert hub.jobs.count_dead() == 0

    far_bank.may_answer_first.set()
    house.process("frozen").send(signal.SIGCONT)
    house.wait_until(lambda: _slots_held(Hub(house.settings)) == 2, what="the worker to take its slot again")
    house.wait_for_work()
    assert house.process("frozen").runs
    assert far_bank.faults_of(submitted=1) == []
    assert faults_of(house, story) == []


def _stopped_between_transactions(house: House) -> bool:
    """The worker stands still, and was not in a transaction; else it goes on."""
    in_hand = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND xact_start IS NOT NULL"
    )
    frozen = house.process("frozen")
    frozen.send(signal.SIGSTOP)
    with as_owner(house.settings.database_url) as connection:
        if connection.execute(in_hand).scalar_one() == 0:
            return True
    frozen.send(signal.SIGCONT)
    return False


def _slots_held(hub: Hub) -> int:
    held = sa.text(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = :space AND objid > 0 AND granted "
        "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    try:
        with as_owner(hub.settings.database_url) as connection:
            return int(connection.execute(held, {"space": LOCK_SPACE}).scalar_one())
    finally:
        hub.close()


def _cut_off_the_lease(hub: Hub) -> None:
    """The server has lost the connection that holds the first slot, as when a network is cut."""
    holders = sa.text(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' AND classid = :space "
        "AND objid = 1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    try:
        with as_owner(hub.settings.database_url) as connection:
            assert connection.execute(holders, {"space": LOCK_SPACE}).scalar_one() == 1
    finally:
        hub.close()
