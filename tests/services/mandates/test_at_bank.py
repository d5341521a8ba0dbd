"""What a bank's list of revocations and deductions holds: what waits first, and never all that is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.domain.deduction import Deduction
from hub.services.accounts import subjects
from hub.services.delivery.bank_events import actor_of
from hub.services.mandates import at_bank, deductions
from hub.services.requests import erasing
from hub.wiring import Hub
from storage.service_requests import KEPT
from tests.applications import CMB, ICBC
from tests.services.case import china
from tests.services.mandates.revoked import CLIENT, PERSON, switch_on


def reported(hub: Hub, clock: FixedClock, day: str) -> str:
    """The id of a report of that day, which its bank has."""
    clock.at = china(f"{day} 10:00")
    with hub.writing(HUB) as tx:
        taken = Deduction(at=tx.now, amount_fen=1, account_last4="4401", creditor_code=ICBC)
        return deductions.report(tx, subjects.of_client(tx, CLIENT, PERSON), taken).id


def listed(hub: Hub, bank_code: str = ICBC) -> list[str]:
    with hub.reading(HUB) as tx:
        return [each["id"] for each in at_bank.views(tx, bank_code=bank_code)["deductions"]]


def test_what_waits_stands_first_and_of_what_was_answered_the_newest_as_far_as_there_is_room(
    hub: Hub, banks: dict[str, Bank], clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_on(hub, ICBC)
    first, second, third, fourth, last = (reported(hub, clock, f"2026-12-0{day}") for day in (1, 2, 3, 4, 7))
    for each in (first, second, fourth):
        with hub.writing(actor_of(ICBC)) as tx:
            deductions.answer(tx, each, "已核对。", bank_code=ICBC)
    everything = [third, last, fourth, second, first]
    for most in (9, 4, 3, 2, 1):
        monkeypatch.setattr(at_bank, "MOST_LISTED", most)
        assert listed(hub) == everything[:most], most
    assert listed(hub, CMB) == []


def test_what_is_kept_no_more_is_listed_no_more(hub: Hub, banks: dict[str, Bank], clock: FixedClock) -> None:
    switch_on(hub, ICBC)
    made = reported(hub, clock, "2026-12-01")
    with hub.writing(actor_of(ICBC)) as tx:
        deductions.answer(tx, made, "已核对。", bank_code=ICBC)
    assert listed(hub) == [made]
    clock.at += KEPT + timedelta(days=1)
    with hub.writing(HUB) as tx:
        erasing.erase_expired(tx)
    assert listed(hub) == []
