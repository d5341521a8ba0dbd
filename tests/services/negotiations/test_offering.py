"""Offers: the second pair of eyes, what their terms and balances may be, and when they end."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from hub.domain.actor import Actor, Channel, Party
from hub.domain.errors import (
    NotAllowed,
    NotFound,
    OfferNotOpen,
    Refused,
)
from hub.domain.legal_stage import LegalStanding
from hub.domain.terms import Kind, Terms, Waived
from hub.services.negotiations.offering import spoken_terms
from tests.services.case import LARGE_OFFER, OFFER, Case, china
from tests.services.conftest import SetRules
from tests.services.offer_case import BALANCE, case, database, statuses

__all__ = ["case", "database"]

A_PROGRAM = Actor(party=Party.BANK, id="client/bank-core", channel=Channel.API)


# The second pair of eyes.


def test_an_offer_at_the_limit_opens_and_one_above_it_waits(case: Case) -> None:
    owed = replace(BALANCE, principal_fen=6_000_000, interest_fen=0, penalty_fen=11)
    plan = replace(OFFER, principal_fen=4_999_990, instalments=60, waived=Waived(penalty_fen=10))
    # What is left out stays owed, and a fee is nothing that is given up: neither counts.
    case.offer(replace(plan, fee_fen=6_000), balances=(owed,))
    case.offer(replace(plan, waived=Waived(penalty_fen=11)), balances=(owed,))
    case.offer(replace(plan, principal_fen=4_999_991), balances=(owed,))
    assert statuses(case, Party.BANK) == ["open", "awaiting_approval", "awaiting_approval"]


@pytest.mark.parametrize(
    ("maker", "status"),
    [(Case.REVIEWER, "awaiting_approval"), (A_PROGRAM, "awaiting_approval"), (Case.ADAPTER, "open")],
)
def test_a_large_offer_of_a_person_or_program_waits_and_one_of_a_bank_system_does_not(
    case: Case, maker: Actor, status: str
) -> None:
    case.offer(LARGE_OFFER, by=maker)
    assert statuses(case, Party.BANK) == [status]


def test_a_bank_sets_its_own_limit(case: Case, set_rules: SetRules) -> None:
    set_rules(four_eyes_above_fen="0")
    case.offer()
    assert statuses(case, Party.BANK) == ["awaiting_approval"]


def test_its_maker_cannot_approve_or_return_it(case: Case) -> None:
    offer = case.offer(LARGE_OFFER, by=case.SUPERVISOR)
    with pytest.raises(NotAllowed):
        case.approve(offer)
    with pytest.raises(NotAllowed):
        case.send_back(offer)
    assert statuses(case, Party.BANK) == ["awaiting_approval"]


def test_the_cardholder_sees_a_waiting_offer_when_it_opens_and_a_returned_one_never(case: Case) -> None:
    first, second = case.offer(LARGE_OFFER), case.offer(LARGE_OFFER)
    assert (statuses(case), case.status) == ([], "awaiting_bank")
    case.send_back(first)
    case.approve(second)
    assert (statuses(case), statuses(case, Party.BANK)) == (["open"], ["returned", "open"])
    for hidden in (first, "no-such-offer"):
        with pytest.raises(NotFound):
            case.decline(hidden)
        with pytest.raises(NotFound):
            case.send_code(hidden)


def test_an_offer_is_decided_by_the_second_person_once(case: Case) -> None:
    offer = case.offer(LARGE_OFFER)
    case.send_back(offer)
    with pytest.raises(OfferNotOpen):
        case.approve(offer)


def test_approving_judges_the_terms_by_the_day_the_offer_opens(case: Case) -> None:
    offer = case.offer(replace(LARGE_OFFER, first_due_on=date(2026, 11, 29)))
    for day, code in (("2026-11-22", "first_due_before_end"), ("2026-11-29", "too_early")):
        case.clock.at = china(f"{day} 09:00")
        with pytest.raises(Refused) as refusal:
            case.approve(offer)
        assert [(each.pointer, each.code) for each in refusal.value.faults] == [("/terms/first_due_on", code)]
    assert case.status == "awaiting_bank"


def test_approving_judges_the_end_by_the_day_the_offer_opens(case: Case) -> None:
    offer = case.offer(LARGE_OFFER, valid_until=china("2026-11-24 12:00"))
    case.clock.at = china("2026-11-22 09:00")
    with pytest.raises(Refused, match="valid_until_range"):
        case.approve(offer)


def test_the_usual_end_is_counted_from_the_day_the_offer_opens(case: Case) -> None:
    offer = case.offer(LARGE_OFFER)
    case.clock.at = china("2026-11-23 09:00")
    case.approve(offer)
    assert case.offer_of(offer)["valid_until"] == "2026-11-30T18:00:00+08:00"


def test_an_offer_that_waited_opens_with_the_texts_it_was_made_under(case: Case, set_rules: SetRules) -> None:
    set_rules(disputes_clause="由合同签订地人民法院管辖。", payment_instructions="请到柜台还款。")
    offer = case.offer(LARGE_OFFER)
    set_rules(disputes_clause="", payment_instructions="")
    case.approve(offer)
    shown = case.offer_of(offer)
    assert shown["clauses"]["disputes_clause"] == "由合同签订地人民法院管辖。"
    assert shown["texts"]["payment_instructions"] == "请到柜台还款。"


def test_a_down_payment_is_counted_from_the_day_the_offer_opens(case: Case) -> None:
    offer = case.offer(replace(LARGE_OFFER, down_payment_fen=100_000))
    case.clock.at = china("2026-11-23 09:00")
    case.approve(offer)
    assert case.offer_of(offer)["schedule"][0]["due_on"] == "2026-11-26"


def test_what_still_waits_when_the_negotiation_ends_is_superseded_and_cannot_open(case: Case) -> None:
    case.offer()
    waiting = case.offer(LARGE_OFFER)
    case.at("2026-11-28 18:01")
    assert (case.status, statuses(case, Party.BANK)) == ("lapsed", ["lapsed", "superseded"])
    with pytest.raises(OfferNotOpen):
        case.approve(waiting)


# Terms and balances.


def test_every_fault_of_the_terms_is_named_at_once(case: Case) -> None:
    broken = replace(OFFER, first_due_on=date(2026, 11, 21), instalments=61)
    with pytest.raises(Refused) as refusal:
        case.offer(broken, valid_until=china("2027-03-01 12:00"))
    pointers = [each.pointer for each in refusal.value.faults]
    assert pointers == ["/terms/instalments", "/terms/first_due_on", "/valid_until"]


def test_without_balances_the_bank_confirms_the_declared_ones(case: Case) -> None:
    [balance] = case.offer_of(case.offer())["balances"]
    assert (balance["principal_fen"], balance["interest_fen"], balance["penalty_fen"]) == (1_850_000, 46_200, 12_000)
    assert balance["as_of"] == "2026-11-21"


def test_a_bank_can_name_its_own_balances(case: Case) -> None:
    [balance] = case.offer_of(case.offer(balances=(BALANCE,)))["balances"]
    assert (balance["card_last4"], balance["principal_fen"]) == ("0007", 1_900_000)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"card_last4": "9999"}, ("/balances/0/card_last4", "card_unknown")),
        ({"as_of": date(2026, 11, 22)}, ("/balances/0/as_of", "date_in_future")),
        ({"as_of": date(2026, 10, 20)}, ("/balances/0/as_of", "balance_too_old")),
        ({"principal_fen": 1}, ("/terms/principal_fen", "more_than_owed")),
        ({"interest_fen": 1}, ("/terms/waived/interest_fen", "more_than_owed")),
    ],
)
def test_balances_are_of_the_persons_cards_and_bear_what_is_offered(
    case: Case, changes: dict[str, Any], fault: tuple[str, str]
) -> None:
    with pytest.raises(Refused) as refusal:
        case.offer(balances=(replace(BALANCE, **changes),))
    assert [(each.pointer, each.code) for each in refusal.value.faults] == [fault]
    assert case.status == "awaiting_bank"


def test_what_is_neither_planned_nor_waived_is_left_out_in_sight(case: Case) -> None:
    terms = replace(OFFER, principal_fen=1_860_000, waived=Waived(penalty_fen=12_000))
    offer = case.offer(terms, balances=None)
    shown = case.offer_of(offer)
    made = {"principal_fen": 1_850_000, "interest_fen": 10_000, "fees_fen": 0, "penalty_fen": 0}
    assert (shown["left_out_fen"], shown["planned"]) == (36_200, made)
    case.accept(offer)
    agreement = case.view()["agreement"]
    assert (agreement["left_out_fen"], agreement["planned"]) == (36_200, made)


@pytest.mark.parametrize("kind", [Kind.INSTALMENTS, Kind.SETTLEMENT])
def test_the_first_payment_is_due_after_the_last_day_of_the_offer(case: Case, kind: Kind) -> None:
    once = Terms(kind=kind, principal_fen=1_000, first_due_on=OFFER.first_due_on)
    terms = OFFER if kind is Kind.INSTALMENTS else once
    with pytest.raises(Refused, match="/terms/first_due_on: first_due_before_end"):
        case.offer(replace(terms, first_due_on=date(2026, 11, 28)))
    case.offer(replace(terms, first_due_on=date(2026, 11, 29)))
    with pytest.raises(Refused, match="/terms/first_due_on: first_due_before_end"):
        case.offer(terms, valid_until=china("2026-12-20 12:00"))


def test_no_payment_asks_for_nothing(case: Case) -> None:
    with pytest.raises(Refused, match="/terms/instalments: instalment_too_small"):
        case.offer(replace(OFFER, down_payment_fen=1_849_999, instalments=12))


def test_an_offer_whose_agreement_would_not_say_everything_does_not_open(case: Case, set_rules: SetRules) -> None:
    set_rules(default_clause=" ")
    with pytest.raises(Refused, match="agreement_incomplete"):
        case.offer()


# How long an offer is open.


@pytest.mark.parametrize(
    ("valid_until", "taken"),
    [
        ("2026-11-23 23:59", False),
        ("2026-11-24 10:00", True),
        ("2026-12-21 10:00", True),
        ("2026-12-22 00:01", False),
    ],
)
def test_a_bank_may_put_the_end_three_to_thirty_days_away(case: Case, valid_until: str, taken: bool) -> None:
    if taken:
        offer = case.offer(replace(OFFER, first_due_on=date(2026, 12, 25)), valid_until=china(valid_until))
        assert case.offer_of(offer)["valid_until"] == valid_until.replace(" ", "T") + ":00+08:00"
    else:
        with pytest.raises(Refused, match="valid_until_range"):
            case.offer(valid_until=china(valid_until))


def test_the_usual_end_is_when_the_bank_closes_on_its_offer_day(case: Case, set_rules: SetRules) -> None:
    first = case.offer()
    set_rules(offer_days="10", closes_at="17:00")
    ends = [case.offer_of(each)["valid_until"] for each in (first, case.offer())]
    assert ends == ["2026-11-28T18:00:00+08:00", "2026-12-01T17:00:00+08:00"]


def test_the_last_open_offer_that_lapses_ends_the_negotiation(case: Case) -> None:
    case.offer()
    case.offer(valid_until=china("2026-12-05 12:00"))
    case.at("2026-11-28 17:59")
    assert statuses(case) == ["open", "open"]
    case.at("2026-11-28 18:00")
    assert (case.status, statuses(case)) == ("offered", ["lapsed", "open"])
    case.at("2026-12-05 12:00")
    assert (case.status, statuses(case)) == ("lapsed", ["lapsed", "lapsed"])
    assert case.kinds()[-2:] == ["offer_lapsed", "offer_lapsed"]


def test_two_offers_that_lapse_together_end_it_once(case: Case) -> None:
    case.offer()
    case.offer()
    case.at("2026-12-20 10:00")
    assert (case.status, statuses(case)) == ("lapsed", ["lapsed", "lapsed"])


def test_an_offer_that_is_over_cannot_be_decided_even_before_the_sweep(case: Case) -> None:
    offer = case.offer()
    case.clock.at = china("2026-11-28 18:00")
    for decide in (case.decline, case.send_code):
        with pytest.raises(OfferNotOpen) as refusal:
            decide(offer)
        assert refusal.value.offer_status == "lapsed"


# What the log says of them.


@pytest.mark.parametrize(
    ("terms", "days"),
    [
        (OFFER, "36 期，年利率 3.60%，首次还款日 2026-12-20。"),
        (Terms(kind=Kind.SETTLEMENT, principal_fen=100, first_due_on=date(2026, 12, 20)), "还款日 2026-12-20。"),
        (
            Terms(kind=Kind.DEFERRAL, principal_fen=100, first_due_on=date(2027, 1, 20), months=3),
            "延后 3 个月，还款日 2027-04-20。",
        ),
        (
            Terms(kind=Kind.LOWER_MINIMUM, principal_fen=100, first_due_on=date(2026, 12, 20), months=6),
            "从 2026-12-20 起 6 个月。",
        ),
    ],
)
def test_the_log_says_when_each_kind_is_paid(terms: Terms, days: str) -> None:
    assert spoken_terms(terms, LegalStanding()).endswith(f"元，{days}")
