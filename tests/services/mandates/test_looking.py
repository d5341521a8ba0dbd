"""Mandates over time: a deduction is told once three days before, without sum or name, and a term that is over ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.mandate import MandateContents
from hub.services.accounts import subjects
from hub.services.mandates import mandates
from hub.services.notifications import outgoing_sms
from hub.services.transaction import HubTransaction
from hub.wiring import Hub
from storage.records import MandateRecord
from tests.domain.test_mandate import MONTHLY
from tests.services.notifications.test_outgoing_sms import Gateway
from tests.services.posting import Posting

READER = "register@example.com"
MANDATE = replace(MONTHLY, next_on=date(2026, 12, 15), email=READER)
RECORDED, AHEAD = "您登记的一项授权已经记下", "三天内有一件登记过的事"


@pytest.fixture
def posting(hub: Hub, clock: FixedClock) -> Posting:
    posting = Posting(hub=hub, clock=clock)
    posting.at("2026-12-01 10:00")
    return posting


def do(hub: Hub, act: Callable[[HubTransaction, subjects.Subject], object]) -> None:
    with hub.writing(HUB) as tx:
        act(tx, subjects.of_client(tx, "some-app", "person-1"))


def record(hub: Hub, contents: MandateContents = MANDATE) -> None:
    do(hub, lambda tx, subject: mandates.add(tx, subject, contents))


def only(hub: Hub) -> MandateRecord:
    with hub.reading(HUB) as tx:
        return tx.session.query(MandateRecord).one()


def test_a_deduction_is_told_once_of_each_of_its_days(hub: Hub, posting: Posting) -> None:
    record(hub)
    assert posting.at("2026-12-01 10:01") == [(READER, RECORDED)]
    assert posting.at("2026-12-12 08:59") == []
    assert posting.at("2026-12-12 09:00") == [(READER, AHEAD)]
    assert posting.at("2026-12-12 19:00") == posting.at("2026-12-15 10:00") == []
    assert posting.at("2027-01-12 09:00") == [(READER, AHEAD)]


def test_a_change_on_the_day_tells_nothing_twice(hub: Hub, posting: Posting) -> None:
    record(hub)
    posting.at("2026-12-12 09:00")
    mandate_id = only(hub).id
    do(hub, lambda tx, subject: mandates.change(tx, subject, mandate_id, replace(MANDATE, cap_fen=1)))
    assert posting.at("2026-12-12 12:00") == []


def test_who_gave_no_address_is_told_by_text_message(hub: Hub, posting: Posting) -> None:
    record(hub, replace(MANDATE, email=None))
    gateway = Gateway()
    posting.at("2026-12-01 10:01")
    outgoing_sms.send_due(hub, gateway, posting.machine)
    [(to, text)] = gateway.sent
    assert to == MANDATE.mobile
    assert RECORDED in text


def test_a_mandate_whose_term_is_over_has_ended_and_is_told_of_no_more(hub: Hub, posting: Posting) -> None:
    record(hub, replace(MANDATE, valid_to=date(2026, 12, 15)))
    posting.at("2026-12-15 23:59")
    assert only(hub).status == "recorded"
    posting.at("2026-12-16 00:00")
    assert (only(hub).status, only(hub).look_at) == ("ended", None)
