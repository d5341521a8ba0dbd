"""Offers as a bank's people see them: held against the person's month, and what may be done with each."""

from datetime import date

import pytest

from hub.domain.actor import HUB
from hub.domain.affordability import Band, Strain
from hub.domain.errors import NotFound
from hub.domain.offer import OfferStatus
from hub.domain.plain import Plain
from hub.domain.proposal import Proposal
from hub.domain.staff import Role
from hub.domain.terms import Kind
from hub.services.reading.bank.offers import OfferFigures, Wish, figures_of, get_offer, list_offers, news_of, wish_of
from tests.applications import CMB, ICBC
from tests.services.case import LARGE_OFFER, OFFER, Case


def row(number: int, total_fen: int, interest_fen: int = 0) -> Plain:
    return {"number": number, "total_fen": total_fen, "interest_fen": interest_fen}


def wish(left_fen: int, monthly_payment_fen: int | None = None) -> Wish:
    proposal = Proposal(kind=Kind.INSTALMENTS, first_due_on=date(2026, 12, 20), monthly_payment_fen=monthly_payment_fen)
    return Wish(proposal=proposal, left_fen=left_fen)


@pytest.mark.parametrize(
    ("schedule", "held_against", "expected"),
    [
        # The down payment is not what is paid each month.
        ([row(0, 900), row(1, 500, 20), row(2, 500, 10)], wish(1_000, 400), (500, 30, 50.0, None, Band.BEARABLE, 100)),
        ([row(1, 900), row(2, 900)], wish(1_000), (900, 0, 90.0, Strain.TOO_HIGH, Band.TOO_HIGH, None)),
        ([row(1, 900), row(2, 900)], wish(0, 1_000), (900, 0, None, Strain.NOTHING_LEFT, Band.TOO_HIGH, -100)),
        # What is paid once, however large, is no strain on every month, and held against none.
        ([row(1, 9_000)], wish(1_000, 400), (9_000, 0, None, None, None, None)),
        ([], wish(1_000, 400), (None, 0, None, None, None, None)),
    ],
)
def test_the_figures_of_an_offer(
    schedule: list[Plain],
    held_against: Wish,
    expected: tuple[int | None, int, float | None, Strain | None, Band | None, int | None],
) -> None:
    first, interest, percent, strain, band, above = expected
    assert figures_of(schedule, held_against) == OfferFigures(
        first_fen=first,
        interest_fen=interest,
        percent_of_left=percent,
        strain=strain,
        band=band,
        above_wish_fen=above,
    )


def seen(case: Case) -> dict[OfferStatus, bool]:
    """Whether each offer of the case may be revised, by its status."""
    with case.row() as (tx, negotiation):
        found = list_offers(tx, negotiation, wish_of(tx, negotiation), {})
    return {each.status: each.may_be_revised for each in found}


def test_a_returned_offer_and_an_open_counter_offer_may_be_revised_while_an_offer_may_be_made(case: Case) -> None:
    waiting = case.offer(LARGE_OFFER)
    assert seen(case) == {OfferStatus.AWAITING_APPROVAL: False}
    case.send_back(waiting)
    assert seen(case) == {OfferStatus.RETURNED: True}
    case.offer(OFFER)
    counter = case.counter()
    with case.row() as (tx, _):
        assert get_offer(tx, case.id, counter, bank_code=ICBC).may_be_revised
    case.withdraw()
    assert not any(seen(case).values())


def test_somebody_else_who_is_a_supervisor_decides(case: Case) -> None:
    offer_id = case.offer(LARGE_OFFER)
    with case.hub.reading(HUB) as tx:
        found = get_offer(tx, case.id, offer_id, bank_code=ICBC)
    assert found.is_by(case.REVIEWER)
    assert found.may_be_decided_by(case.SUPERVISOR, Role.SUPERVISOR)
    assert not found.may_be_decided_by(case.SUPERVISOR, Role.REVIEWER)
    assert not found.may_be_decided_by(case.REVIEWER, Role.SUPERVISOR)


def test_an_offer_is_found_by_its_own_bank_alone(case: Case) -> None:
    offer_id = case.offer()
    with case.hub.reading(HUB) as tx:
        for bank_code, id_ in ((CMB, offer_id), (ICBC, "0" * 32)):
            with pytest.raises(NotFound):
                get_offer(tx, case.id, id_, bank_code=bank_code)


def test_what_waits_for_somebody_at_the_bank(case: Case) -> None:
    def news() -> tuple[int, int, int]:
        with case.row() as (tx, negotiation):
            found = news_of(negotiation, list_offers(tx, negotiation, wish_of(tx, negotiation), {}))
        return len(found.awaiting_approval), len(found.returned), len(found.countered)

    assert news() == (0, 0, 0)
    waiting = case.offer(LARGE_OFFER)
    assert news() == (1, 0, 0)
    case.send_back(waiting)
    assert news() == (0, 1, 0)
    case.offer()
    assert news() == (0, 0, 0)
    case.counter()
    assert news() == (0, 0, 1)
