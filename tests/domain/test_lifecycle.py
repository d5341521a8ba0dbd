"""The life of a negotiation, over every status and every event."""

import pytest

from hub.domain.errors import StatusConflict
from hub.domain.lifecycle import ENDED, OPEN, TRANSITIONS, Event, Status, allows, next_status

S, E = Status, Event

# The contract's table, written out once more by hand: what is not here is a conflict.
ALLOWED = {
    (S.SCREENING, E.SCREENED): S.DELIVERING,
    (S.SCREENING, E.FAULT_FOUND): S.RETURNED,
    (S.SCREENING, E.WITHDRAWN): S.WITHDRAWN,
    (S.RETURNED, E.CORRECTED): S.SCREENING,
    (S.RETURNED, E.CORRECTION_LAPSED): S.LAPSED,
    (S.RETURNED, E.WITHDRAWN): S.WITHDRAWN,
    (S.DELIVERING, E.DELIVERED): S.AWAITING_BANK,
    (S.DELIVERING, E.GIVEN_UP): S.UNDELIVERABLE,
    (S.DELIVERING, E.WITHDRAWN): S.WITHDRAWN,
    (S.UNDELIVERABLE, E.SENT_AGAIN): S.DELIVERING,
    (S.UNDELIVERABLE, E.WITHDRAWN): S.WITHDRAWN,
    (S.AWAITING_BANK, E.ACKNOWLEDGED): S.IN_REVIEW,
    (S.AWAITING_BANK, E.EVIDENCE_REQUESTED): S.AWAITING_CARDHOLDER,
    (S.AWAITING_BANK, E.OFFERED): S.OFFERED,
    (S.AWAITING_BANK, E.REJECTED): S.REJECTED,
    (S.AWAITING_BANK, E.ACCEPTED): S.AGREED,
    (S.AWAITING_BANK, E.WITHDRAWN): S.WITHDRAWN,
    (S.IN_REVIEW, E.EVIDENCE_REQUESTED): S.AWAITING_CARDHOLDER,
    (S.IN_REVIEW, E.OFFERED): S.OFFERED,
    (S.IN_REVIEW, E.REJECTED): S.REJECTED,
    (S.IN_REVIEW, E.ACCEPTED): S.AGREED,
    (S.IN_REVIEW, E.WITHDRAWN): S.WITHDRAWN,
    (S.AWAITING_CARDHOLDER, E.ANSWERED): S.IN_REVIEW,
    (S.AWAITING_CARDHOLDER, E.NOT_ANSWERED): S.IN_REVIEW,
    (S.AWAITING_CARDHOLDER, E.OFFERED): S.OFFERED,
    (S.AWAITING_CARDHOLDER, E.REJECTED): S.REJECTED,
    (S.AWAITING_CARDHOLDER, E.ACCEPTED): S.AGREED,
    (S.AWAITING_CARDHOLDER, E.WITHDRAWN): S.WITHDRAWN,
    (S.OFFERED, E.ACCEPTED): S.AGREED,
    (S.OFFERED, E.COUNTERED): S.AWAITING_BANK,
    (S.OFFERED, E.DECLINED): S.AWAITING_BANK,
    (S.OFFERED, E.OFFERED): S.OFFERED,
    (S.OFFERED, E.OFFER_LAPSED): S.LAPSED,
    (S.OFFERED, E.WITHDRAWN): S.WITHDRAWN,
}
# While another offer of the bank is open, these lead to it instead of to an end.
TO_THE_OTHER_OFFER = {
    (S.AWAITING_BANK, E.REJECTED),
    (S.IN_REVIEW, E.REJECTED),
    (S.AWAITING_CARDHOLDER, E.REJECTED),
    (S.OFFERED, E.DECLINED),
    (S.OFFERED, E.OFFER_LAPSED),
}
EVERY_PAIR = [(status, event) for status in Status for event in Event]


@pytest.mark.parametrize(("status", "event"), EVERY_PAIR)
def test_every_status_and_event_leads_where_the_contract_says_or_is_a_conflict(status: Status, event: Event) -> None:
    expected = ALLOWED.get((status, event))
    assert allows(status, event) == (expected is not None)
    if expected is None:
        with pytest.raises(StatusConflict) as conflict:
            next_status(status, event)
        assert (conflict.value.status, conflict.value.event) == (status, event)
    else:
        assert next_status(status, event) == expected


@pytest.mark.parametrize(("status", "event"), [pair for pair in EVERY_PAIR if pair in ALLOWED])
def test_an_open_offer_of_the_bank_outlives_a_rejection_a_decline_and_a_lapse(status: Status, event: Event) -> None:
    after = next_status(status, event, another_offer_open=True)
    assert after == (S.OFFERED if (status, event) in TO_THE_OTHER_OFFER else ALLOWED[status, event])


def test_nothing_leads_out_of_an_end() -> None:
    assert {status for status in Status if not TRANSITIONS[status]} == ENDED
    assert {S.AGREED, S.REJECTED, S.WITHDRAWN, S.LAPSED} == ENDED


@pytest.mark.parametrize("status", sorted(OPEN))
def test_a_cardholder_can_withdraw_while_it_is_open(status: Status) -> None:
    assert next_status(status, E.WITHDRAWN) == S.WITHDRAWN


def test_every_status_can_be_reached() -> None:
    reached = {S.SCREENING} | {after for steps in TRANSITIONS.values() for after in steps.values()}
    assert reached == set(Status)
