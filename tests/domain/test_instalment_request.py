"""A request's steps, every status against every event, and what a refusal has to say."""

import pytest

from hub.domain.errors import StatusConflict
from hub.domain.instalment_request import (
    RULES,
    InstalmentEvent,
    InstalmentStatus,
    Refusal,
    RefusalReason,
    refusal_faults,
)

STEPS = {
    ("submitted", "arrived"): "with_bank",
    ("submitted", "withdrawn"): "withdrawn",
    ("with_bank", "quoted"): "quoted",
    ("with_bank", "refused"): "refused",
    ("with_bank", "withdrawn"): "withdrawn",
    ("quoted", "quoted"): "quoted",
    ("quoted", "accepted"): "awaiting_payment",
    ("quoted", "declined"): "withdrawn",
    ("quoted", "withdrawn"): "withdrawn",
    ("quoted", "valid_until_passed"): "lapsed",
    ("awaiting_payment", "payment_noted"): "awaiting_payment",
    ("awaiting_payment", "posted"): "done",
    ("awaiting_payment", "pay_by_passed"): "void",
}


@pytest.mark.parametrize("status", InstalmentStatus)
@pytest.mark.parametrize("event", InstalmentEvent)
def test_every_event_in_every_status(status: InstalmentStatus, event: InstalmentEvent) -> None:
    led_to = STEPS.get((status, event))
    if led_to is None:
        with pytest.raises(StatusConflict):
            RULES.next_status(status, event)
    else:
        assert RULES.next_status(status, event) == led_to


@pytest.mark.parametrize("status", InstalmentStatus)
def test_nothing_follows_what_is_over(status: InstalmentStatus) -> None:
    assert RULES.is_over(status) == (status in {"done", "lapsed", "refused", "withdrawn", "void"})


@pytest.mark.parametrize("reason", RefusalReason)
@pytest.mark.parametrize("text", ["", " ", "第八条"])
def test_a_clause_and_another_reason_are_said_in_words(reason: RefusalReason, text: str) -> None:
    is_missing = reason in {"contract_term", "other"} and not text.strip()
    assert [each.code for each in refusal_faults(Refusal(reason_code=reason, text=text))] == ["text_required"] * (
        is_missing
    )
