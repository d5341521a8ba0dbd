"""Events of banks: applied once by their id, never backwards, and never to another bank's negotiation."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hub.domain.actor import HUB
from hub.domain.balances import Balance
from hub.domain.bank_event import BankEvent, BankMessage
from hub.domain.errors import EventIdReused, InvalidValue, NotFound, RefusedForGood, StatusConflict, TryAgain
from hub.domain.offer import BankOffer
from hub.services.delivery import bank_events, queueing
from hub.services.delivery.bank_events import actor_of, apply_event
from hub.services.operating import invariants
from hub.services.reading.operator.refusals import list_refused
from tests.applications import CMB, ICBC, card
from tests.banks.simulated import SimulatedBank
from tests.services.case import LARGE_OFFER, Case, everything_stored
from tests.services.conftest import OpenCase
from tests.services.events import event_of


def apply(case: Case, type_: str, **changes: Any) -> bool:
    event = event_of(case, type_, **changes)
    with case.hub.writing(actor_of(event.bank_code)) as tx:
        return apply_event(tx, event)


@pytest.mark.parametrize(
    ("type_", "status"),
    [
        ("acknowledged", "in_review"),
        ("evidence_requested", "awaiting_cardholder"),
        ("offered", "offered"),
        ("rejected", "rejected"),
        ("message", "awaiting_bank"),
    ],
)
def test_each_event_does_what_the_bank_api_does_and_a_second_time_nothing(
    open_case: OpenCase, type_: str, status: str
) -> None:
    case = open_case(CMB)
    assert apply(case, type_)
    assert case.status == status
    before = everything_stored(case.hub)
    assert not apply(case, type_)
    assert everything_stored(case.hub) == before


def test_a_used_id_with_another_content_is_refused_and_changes_nothing(open_case: OpenCase) -> None:
    case = open_case(CMB)
    apply(case, "message")
    before = everything_stored(case.hub)
    with pytest.raises(EventIdReused):
        apply(case, "message", content=BankMessage(text="另一句"), digest="another")
    assert everything_stored(case.hub) == before


def test_another_banks_event_finds_no_negotiation(open_case: OpenCase) -> None:
    case = open_case(CMB)
    with pytest.raises(NotFound):
        apply(case, "acknowledged", bank_code=ICBC)


def test_an_event_that_comes_too_late_moves_nothing_back(open_case: OpenCase) -> None:
    case = open_case(CMB)
    apply(case, "offered")
    for late in ("acknowledged", "evidence_requested", "rejected"):
        with pytest.raises(StatusConflict):
            apply(case, late)
    assert case.status == "offered"


def test_whoever_speaks_of_a_message_has_it(open_case: OpenCase, simulated: SimulatedBank) -> None:
    simulated.answers.extend([TryAgain("the answer was lost")] * 3)
    case = open_case(CMB)
    assert case.status == "delivering"
    apply(case, "acknowledged")
    assert case.status == "in_review"
    assert len(case.view()["clocks"]) == 1
    case.clock.at += timedelta(days=1)
    case.sweep()
    assert (len(simulated.attempts), len(case.view()["clocks"])) == (1, 1)
    with case.hub.reading(HUB) as tx:
        assert list(invariants.breaches(tx, case.hub.store)) == []


def test_whoever_speaks_of_what_was_given_up_has_it_too(open_case: OpenCase, simulated: SimulatedBank) -> None:
    simulated.answers.append(RefusedForGood("every answer was lost until the hub gave up"))
    case = open_case(CMB)
    assert case.status == "undeliverable"
    with pytest.raises(NotFound):
        apply(case, "acknowledged", bank_code=ICBC)
    assert case.status == "undeliverable"
    apply(case, "acknowledged")
    assert case.status == "in_review"
    assert case.kinds().count("arrived_after_all") == 1
    assert len(case.view()["clocks"]) == 1
    with pytest.raises(StatusConflict), case.hub.writing(HUB) as tx:
        queueing.send_again(tx, case.id, HUB)
    case.clock.at += timedelta(days=1)
    case.sweep()
    assert len(simulated.attempts) == 1
    with case.hub.reading(HUB) as tx:
        assert list(invariants.breaches(tx, case.hub.store)) == []


def test_a_large_offer_of_the_banks_own_system_waits_for_nobody(open_case: OpenCase) -> None:
    case = open_case(CMB)
    owed = Balance(
        card_last4=card(CMB)[-4:],
        currency="CNY",
        principal_fen=LARGE_OFFER.principal_fen,
        interest_fen=46_200,
        fees_fen=0,
        penalty_fen=12_000,
        as_of=date(2026, 11, 21),
    )
    apply(case, "offered", content=BankOffer(terms=LARGE_OFFER, balances=(owed,)))
    assert case.status == "offered"


@pytest.mark.parametrize("event_id", ["", "x" * 65, "ä", "a\nb"])
def test_an_id_that_no_sender_can_mean_is_refused(open_case: OpenCase, event_id: str) -> None:
    case = open_case(CMB)
    with pytest.raises(InvalidValue):
        BankEvent(
            id=event_id,
            bank_code=CMB,
            negotiation=case.id,
            type=event_of(case, "message").type,
            content=BankMessage(text="x"),
            digest="d",
        )


def test_refusals_are_kept_without_their_words_and_the_same_one_only_counts(open_case: OpenCase) -> None:
    case = open_case(CMB)
    for _ in range(3):
        with case.hub.writing(actor_of(CMB)) as tx:
            bank_events.keep_refusal(tx, bank_code=CMB, code="signature_wrong", digest="d" * 64, event_id="e" * 100)
    with case.hub.writing(HUB) as tx:
        [kept] = list_refused(tx)
        assert (kept.times, kept.code, kept.event_id) == (3, "signature_wrong", "e" * 64)
        assert bank_events.mark_seen(tx, kept.id)
        assert list_refused(tx, unseen_only=True) == []
        assert not bank_events.mark_seen(tx, "unknown")


def test_what_two_banks_sent_alike_is_refused_for_each_and_names_no_negotiation_of_another(
    open_case: OpenCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.bank_events.MOST_KEPT", 1)
    case = open_case(ICBC)
    for bank_code in (CMB, ICBC):
        with case.hub.writing(actor_of(bank_code)) as tx:
            bank_events.keep_refusal(
                tx, bank_code=bank_code, code="malformed", digest="d" * 64, event_id="e", negotiation=case.id
            )
    with case.hub.reading(HUB) as tx:
        kept = {each.bank_code: (each.times, each.reference) for each in list_refused(tx)}
    assert kept == {CMB: (1, None), ICBC: (1, case.view()["reference"])}


def test_a_flood_of_calls_that_nobody_signed_washes_away_nothing_that_was_signed(
    open_case: OpenCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.bank_events.MOST_KEPT", 3)
    case = open_case(CMB)
    flood = [("malformed", None), ("signature_wrong", None)] * 5
    refused = [("event_id_reused", "e1"), ("malformed", "e2"), *flood]
    for number, (code, event_id) in enumerate(refused):
        with case.hub.writing(actor_of(CMB)) as tx:
            bank_events.keep_refusal(tx, bank_code=CMB, code=code, digest=f"{number:064}", event_id=event_id)
    with case.hub.reading(HUB) as tx:
        kept = [(each.code, each.event_id) for each in list_refused(tx)]
    assert {"e1", "e2"} <= {event_id for _, event_id in kept}
    assert len(kept) == 2 + 3 + 3
