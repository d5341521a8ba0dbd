"""A hub that dies while something is asked of a bank asks it all the same, once; and notes once that it is late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.services.operating import banks
from storage import communications, request_clocks
from storage.log_tables import OF_REQUESTS
from storage.records import MailRecord, ServiceRequestRecord
from tests.applications import CMB
from tests.kills.conftest import EVERY_STEP, Begin, Snapshots
from tests.kills.far_bank import FarBank
from tests.kills.house import House
from tests.kills.story import APP

pytestmark = pytest.mark.slow

STEPS = ("request.opened", "delivery.before_send", "delivery.after_send")
EVERY = (*STEPS, *(f"commit.{side}:{n}" for side in ("before", "after") for n in range(1, 8)))
LATE = ("request.late",)
EVERY_LATE = (*LATE, *(f"commit.{side}:{n}" for side in ("before", "after") for n in range(1, 8)))
REPORT = {"subject": "person-1", "creditor_code": CMB, "amount_fen": 123_456, "account_last4": "4407"}


def _switch_on(house: House) -> dict[str, Any]:
    """The bank takes reports of deductions; gives one of today."""
    with house.opened() as hub, hub.writing(HUB) as tx:
        banks.change(tx, CMB, {"services": "mandates"})
        return {**REPORT, "at": (tx.now - timedelta(hours=1)).isoformat()}


def _requests(house: House) -> list[tuple[str, list[str]]]:
    """(status, kinds of the log) of each request."""
    with house.opened() as hub, hub.reading(HUB) as tx:
        rows = list(tx.session.scalars(sa.select(ServiceRequestRecord)))
        return [
            (row.status, [each.header.kind for each in communications.list_entries(tx, row.id, log=OF_REQUESTS)])
            for row in rows
        ]


def _arrived(house: House) -> bool:
    return [status for status, _ in _requests(house)] == ["with_bank"]


@pytest.mark.parametrize("step", EVERY if EVERY_STEP else STEPS)
def test_a_hub_that_dies_asks_the_bank_once_all_the_same(
    snapshots: Snapshots, begin: Begin, far_bank: FarBank, step: str
) -> None:
    visit = begin(snapshots["upload"])
    house, told = visit.house, _switch_on(visit.house)
    house.start("up", "up", "--port", str(house.port), crash=step)
    visit.story.clients[APP].post("/deductions", told)
    house.wait_until(lambda: _arrived(house), what="the arrival")
    [(_, log)] = _requests(house)
    assert (log.count("deduction_reported"), log.count("delivered"), log.count("clock_opened")) == (1, 1, 1)
    # What the bank has twice, because nobody could write down that it had it, is the same message to it.
    assert far_bank.faults_of(None) == []
    assert {copy.kind for copy in far_bank.copies} == {"deduction.reported"}
    assert len({copy.id for copy in far_bank.copies}) == 1
    assert EVERY_STEP or house.deaths, f"nobody came to the step {step}"
    house.end()
    assert house.command("check", "--all") == 0


def _let_time_pass(house: House) -> None:
    """The bank was asked a month ago, and has said nothing since."""
    with house.opened() as hub, hub.writing(HUB) as tx:
        [record] = tx.session.scalars(sa.select(ServiceRequestRecord))
        assert record.clock_opened_at is not None
        record.clock_opened_at -= timedelta(days=30)
        request_clocks.compute(tx, record, tx.calendar())


def _mails_of_lateness(house: House) -> list[str]:
    with house.opened() as hub, hub.reading(HUB) as tx:
        kinds = ("request_late", "request_unanswered")
        return list(tx.session.scalars(sa.select(MailRecord.key).where(MailRecord.kind.in_(kinds))))


@pytest.mark.parametrize("step", EVERY_LATE if EVERY_STEP else LATE)
@pytest.mark.usefixtures("far_bank")
def test_a_hub_that_dies_notes_once_that_a_bank_is_late(snapshots: Snapshots, begin: Begin, step: str) -> None:
    visit = begin(snapshots["upload"])
    house, told = visit.house, _switch_on(visit.house)
    house.start("up", "up", "--port", str(house.port))
    visit.story.clients[APP].post("/deductions", told)
    house.wait_until(lambda: _arrived(house), what="the arrival")
    house.end()
    _let_time_pass(house)
    house.start("up", "up", "--port", str(house.port), crash=step)
    house.wait_until(lambda: "breached" in _requests(house)[0][1], what="the entry that it is late")
    [(status, log)] = _requests(house)
    assert (status, log.count("breached")) == ("with_bank", 1)
    keys = _mails_of_lateness(house)
    assert 0 < len(keys) == len(set(keys))
    assert EVERY_STEP or house.deaths, f"nobody came to the step {step}"
    house.end()
    assert house.command("check", "--all") == 0
