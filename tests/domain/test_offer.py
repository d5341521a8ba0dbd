"""The life of an offer, over every status and every event."""

import pytest

from hub.domain.errors import StatusConflict
from hub.domain.offer import UNDECIDED, OfferEvent, OfferStatus, next_status

S, E = OfferStatus, OfferEvent

ALLOWED = {
    (S.AWAITING_APPROVAL, E.OPENED): S.OPEN,
    (S.AWAITING_APPROVAL, E.SENT_BACK): S.RETURNED,
    (S.AWAITING_APPROVAL, E.SUPERSEDED): S.SUPERSEDED,
    (S.AWAITING_APPROVAL, E.DECLINED): S.DECLINED,
    (S.OPEN, E.ACCEPTED): S.ACCEPTED,
    (S.OPEN, E.DECLINED): S.DECLINED,
    (S.OPEN, E.SUPERSEDED): S.SUPERSEDED,
    (S.OPEN, E.LAPSED): S.LAPSED,
}


@pytest.mark.parametrize(("status", "event"), [(status, event) for status in S for event in E])
def test_every_status_and_event_leads_where_it_should_or_is_a_conflict(status: OfferStatus, event: OfferEvent) -> None:
    expected = ALLOWED.get((status, event))
    if expected is None:
        with pytest.raises(StatusConflict, match=f"{event} in {status}"):
            next_status(status, event)
    else:
        assert next_status(status, event) is expected


def test_nothing_happens_to_an_offer_that_was_decided() -> None:
    assert {S.AWAITING_APPROVAL, S.OPEN} == UNDECIDED
