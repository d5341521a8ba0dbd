"""Holding a negotiation: once a transaction, and nobody another one's."""

from collections.abc import Callable

import pytest

from hub.domain.actor import HUB
from hub.domain.errors import NotFound
from hub.wiring import Hub
from storage import negotiation_locks
from tests.applications import CMB, ICBC
from tests.conftest import Submit, Submitted
from tests.storage.statements import sent_by


@pytest.fixture
def arrived(submitted: Submit, work_off: Callable[[], int]) -> Submitted:
    """A negotiation that is with ICBC."""
    sent = submitted(ICBC)
    work_off()
    return sent


def test_what_a_transaction_holds_it_does_not_lock_again(hub: Hub, arrived: Submitted) -> None:
    id_ = arrived.negotiation
    with hub.writing(HUB) as tx, sent_by(tx.session.connection()) as sent:
        row = negotiation_locks.lock_of_bank(tx, id_, bank_code=ICBC)
        assert negotiation_locks.lock(tx, id_) is row
        assert negotiation_locks.lock_of_client(tx, id_, client_id=arrived.client.id) is row
        assert len(sent) == 1


@pytest.mark.parametrize("held_before", [False, True])
def test_nobody_locks_another_ones_negotiation(hub: Hub, arrived: Submitted, held_before: bool) -> None:
    id_ = arrived.negotiation
    with hub.writing(HUB) as tx:
        if held_before:
            negotiation_locks.lock(tx, id_)
        with pytest.raises(NotFound):
            negotiation_locks.lock_of_bank(tx, id_, bank_code=CMB)
        with pytest.raises(NotFound):
            negotiation_locks.lock_of_client(tx, id_, client_id="somebody else")


@pytest.mark.parametrize("held_before", [False, True])
def test_a_bank_locks_nothing_that_has_not_reached_it(hub: Hub, submitted: Submit, held_before: bool) -> None:
    sent = submitted(ICBC)
    with hub.writing(HUB) as tx:
        if held_before:
            negotiation_locks.lock(tx, sent.negotiation)
        with pytest.raises(NotFound):
            negotiation_locks.lock_of_bank(tx, sent.negotiation, bank_code=ICBC)
