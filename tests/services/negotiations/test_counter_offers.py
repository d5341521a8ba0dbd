"""Two offers beside each other, counter-offers, and what the person answers."""

from dataclasses import replace

import pytest

from hub.domain.errors import (
    CounterOffersExhausted,
    OfferNotOpen,
    Refused,
    StatusConflict,
)
from tests.services.case import LARGE_OFFER, OFFER, Case, china
from tests.services.conftest import SetRules
from tests.services.offer_case import BALANCE, case, database, statuses

__all__ = ["case", "database"]


def test_a_better_offer_stands_beside_the_first_and_either_can_be_accepted(case: Case) -> None:
    first = case.offer()
    case.offer(replace(OFFER, instalments=60))
    assert (case.status, statuses(case)) == ("offered", ["open", "open"])
    case.accept(first)
    assert (case.status, statuses(case)) == ("agreed", ["accepted", "superseded"])


def test_declining_one_leaves_the_other_open_and_declining_both_is_the_banks_turn(case: Case) -> None:
    first, second = case.offer(), case.offer()
    case.decline(first)
    assert case.status == "offered"
    case.decline(first)
    case.decline(second)
    assert (case.status, statuses(case)) == ("awaiting_bank", ["declined", "declined"])


def test_declining_again_is_answered_and_accepting_a_declined_offer_refused(case: Case) -> None:
    first, _ = case.offer(), case.offer()
    case.decline(first)
    entries = len(case.log())
    case.decline(first)
    assert len(case.log()) == entries
    with pytest.raises(OfferNotOpen):
        case.send_code(first)


def test_an_offer_stays_open_through_a_counter_offer_and_can_be_accepted_on_the_banks_turn(case: Case) -> None:
    offer = case.offer()
    counter = case.counter(replace(OFFER, instalments=60))
    assert (case.status, statuses(case)) == ("awaiting_bank", ["open", "open"])
    case.accept(offer)
    assert (case.status, statuses(case)) == ("agreed", ["accepted", "superseded"])
    with pytest.raises(OfferNotOpen):
        case.send_code(counter)


def test_nobody_accepts_or_declines_their_own_counter_offer(case: Case) -> None:
    case.offer()
    counter = case.counter()
    for decide in (case.decline, case.send_code):
        with pytest.raises(OfferNotOpen):
            decide(counter)


def test_rejecting_a_counter_offer_leaves_the_earlier_offer_to_choose(case: Case) -> None:
    offer = case.offer()
    case.counter()
    case.reject()
    assert (case.status, statuses(case), case.view()["rejection"]) == ("offered", ["open", "declined"], None)
    case.accept(offer)
    assert case.status == "agreed"


def test_rejecting_after_the_earlier_offer_has_lapsed_ends_it(case: Case) -> None:
    case.offer()
    case.counter()
    case.at("2026-11-29 10:00")
    assert (case.status, statuses(case)) == ("awaiting_bank", ["lapsed", "open"])
    case.reject()
    assert (case.status, statuses(case)) == ("rejected", ["lapsed", "declined"])


def test_an_earlier_offer_whose_time_is_over_is_not_open_even_before_the_sweep(case: Case) -> None:
    case.offer()
    case.counter()
    case.clock.at = china("2026-11-28 18:00")
    case.reject()
    assert case.status == "rejected"
    case.sweep()
    assert (case.status, statuses(case)) == ("rejected", ["lapsed", "declined"])


def test_a_new_offer_answers_the_counter_offer(case: Case) -> None:
    case.offer()
    case.counter()
    case.offer()
    assert (case.status, statuses(case)) == ("offered", ["open", "superseded", "open"])


def test_after_the_banks_limit_a_counter_offer_is_refused(case: Case, set_rules: SetRules) -> None:
    set_rules(max_counter_offers="1")
    case.offer()
    case.counter()
    with pytest.raises(StatusConflict):
        case.counter()
    case.reject()
    with pytest.raises(CounterOffersExhausted) as refusal:
        case.counter()
    assert (refusal.value.limit, case.status) == (1, "offered")


def test_three_counter_offers_are_taken_where_the_bank_says_nothing(case: Case) -> None:
    case.offer()
    for _ in range(3):
        case.counter()
        case.reject()
    with pytest.raises(CounterOffersExhausted):
        case.counter()


def test_a_counter_offer_is_judged_as_an_offer_is(case: Case) -> None:
    case.offer()
    with pytest.raises(Refused, match="/terms/instalments"):
        case.counter(replace(OFFER, instalments=0))
    assert case.status == "offered"


def test_a_counter_offer_speaks_of_balances_the_person_has_seen(case: Case) -> None:
    case.offer(balances=(BALANCE,))
    hidden = case.offer(LARGE_OFFER, balances=(replace(BALANCE, principal_fen=7_777_777),))
    case.send_back(hidden)
    [balance] = case.offer_of(case.counter())["balances"]
    assert balance["principal_fen"] == 1_900_000


def test_an_oral_offer_is_marked_and_carries_its_recording(case: Case) -> None:
    offer = case.offer(oral=True, recording_reference="REC-2026-1")
    shown = case.offer_of(offer)
    assert (shown["oral"], shown["status"], case.status) == (True, "open", "offered")
