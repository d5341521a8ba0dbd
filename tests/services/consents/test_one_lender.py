"""One of two lenders of a joint loan is told nothing once its consent is taken back; the other is told all the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hub.domain.actor import HUB, Actor, Channel, Party
from hub.services.consents import withdrawal
from hub.wiring import Hub
from storage.records import NegotiationRecord
from tests import applications
from tests.applications import CMB, ICBC
from tests.banks.simulated import SimulatedBank
from tests.conftest import Submit


@pytest.mark.parametrize(("left_out", "told"), [(CMB, ICBC), (ICBC, CMB)])
def test_taking_back_one_lenders_consent_before_its_packet_goes_stops_that_delivery_alone(
    hub: Hub,
    submitted: Submit,
    simulated: SimulatedBank,
    work_off: Callable[[], int],
    left_out: str,
    told: str,
) -> None:
    together = applications.lenders((ICBC, "70.00"), (CMB, "30.00"))
    sent = submitted(ICBC, CMB, accounts=[], loans=[applications.loan(ICBC, co_lenders=together)])
    person = Actor(party=Party.CARDHOLDER, id="person", channel=Channel.API)
    with hub.writing(person) as tx:
        withdrawal.withdraw(tx, sent.negotiations[left_out], "share_with_bank", client_id=sent.client.id)
    work_off()
    with hub.reading(HUB) as tx:
        status = {code: tx.session.get_one(NegotiationRecord, id_).status for code, id_ in sent.negotiations.items()}
    assert status == {left_out: "withdrawn", told: "awaiting_bank"}
    assert simulated.kinds_taken() == (["negotiation.submitted"] if told == CMB else [])
