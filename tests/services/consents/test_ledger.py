"""The ledger of consents: filled for what is older than it, and by which door each consent came."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB, Actor, Channel, Party
from hub.domain.consent_ledger import Door
from hub.services.consents import ledger, withdrawal
from hub.services.operating import invariants
from hub.wiring import Hub
from storage import consents
from storage.records import NegotiationRecord
from tests.applications import ICBC, application
from tests.conftest import Submit, Submitted


@pytest.fixture
def older(hub: Hub, submitted: Submit, monkeypatch: pytest.MonkeyPatch) -> Submitted:
    """A negotiation with ICBC as one that was there before the ledger."""
    with monkeypatch.context() as before:
        before.setattr(ledger, "note_given", lambda *_, **__: None)
        there = submitted(ICBC)
    with hub.writing(HUB) as tx:
        tx.session.execute(sa.update(NegotiationRecord).values(consents_noted=False))
    return there


def purposes(hub: Hub, negotiation_id: str) -> list[str]:
    with hub.reading(HUB) as tx:
        return sorted(each.purpose for each in consents.list_given(tx, negotiation_id))


def test_what_is_older_than_the_ledger_is_noted_once(hub: Hub, older: Submitted) -> None:
    negotiation_id = older.negotiation
    assert purposes(hub, negotiation_id) == []
    with hub.reading(HUB) as tx:
        shown = ledger.list_shown(tx, tx.session.get_one(NegotiationRecord, negotiation_id))
    assert ledger.note_old(hub) == 1
    assert purposes(hub, negotiation_id) == sorted(each.purpose for each in shown)
    assert ledger.note_old(hub) == 0


def test_one_older_than_the_ledger_can_be_taken_back_at_once(hub: Hub, older: Submitted) -> None:
    negotiation_id = older.negotiation
    actor = Actor(party=Party.CARDHOLDER, id=f"client/{older.client.id}", channel=Channel.API)
    with hub.writing(actor) as tx:
        withdrawal.withdraw(tx, negotiation_id, "share_with_bank", client_id=older.client.id)
    with hub.reading(HUB) as tx:
        [taken] = consents.list_withdrawn(tx, negotiation_id).values()
    assert (taken.purpose, taken.door) == ("share_with_bank", Door.HOST_APP)
    assert ledger.note_old(hub) == 0


def test_a_consent_given_to_a_part_of_a_second_is_what_was_submitted(hub: Hub, submitted: Submit) -> None:
    body = application(ICBC)
    given = [{**each, "given_at": each["given_at"].replace("+08:00", ".123+08:00")} for each in body["consents"]]
    submitted(ICBC, consents=given)
    with hub.reading(HUB) as tx:
        assert list(invariants.breaches(tx, hub.store)) == []


def test_who_acts_says_by_which_door_they_came() -> None:
    of_page = Actor(party=Party.CARDHOLDER, id="person", channel=Channel.WEB)
    of_app = Actor(party=Party.CARDHOLDER, id="client/abc", channel=Channel.API)
    assert (ledger.door_of(of_page), ledger.door_of(of_app)) == (Door.PAGE, Door.HOST_APP)
