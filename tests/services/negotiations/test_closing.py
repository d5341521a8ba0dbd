"""Closing: whatever ends a negotiation, nothing of it is open afterwards."""

from collections.abc import Callable

import pytest

from hub.domain.offer import UNDECIDED, OfferBy
from hub.domain.review import RejectionReason
from storage import clocks, evidence_requests, offers
from storage.records.negotiations import NO_CLOCK
from tests.services.case import LARGE_OFFER, OFFER, Case, china
from tests.services.conftest import OpenCase


def _left_open(case: Case) -> set[str]:
    """What of the negotiation is still open."""
    with case.row() as (tx, row):
        parts = {
            "offers": any(offer.status in UNDECIDED for offer in offers.list_offers(tx, row.id)),
            "clock": bool(clocks.running_of(tx, row.id)) or row.due_at != NO_CLOCK,
            "request": evidence_requests.find_open(tx, row.id) is not None,
            "correction": row.correct_by is not None,
        }
    return {name for name, is_open in parts.items() if is_open}


def _asked_while_an_offer_waits(case: Case) -> None:
    case.offer(LARGE_OFFER)
    case.ask()


def _countered_while_another_waits(case: Case) -> None:
    case.offer()
    case.counter()
    case.offer(LARGE_OFFER)
    case.ask()


def _countered(case: Case) -> None:
    case.offer()
    case.counter()


def _offered_while_another_waits(case: Case) -> None:
    case.offer()
    case.offer(LARGE_OFFER)


def _returned(case: Case) -> None:
    case.judge(case.sent.evidence[0], "unreadable")
    case.work_off()


def _accept_the_first(case: Case) -> None:
    with case.row() as (tx, row):
        [first] = offers.list_open(tx, row.id, OfferBy.BANK)
    case.accept(first.id)


def _reject_when_the_offer_is_over(case: Case) -> None:
    # Nobody has swept since the end of the offer.
    case.clock.at = china("2026-12-19 10:00")
    case.reject()


# How much stood open, what ends it, and where it stands then.
ENDS: dict[str, tuple[Callable[[Case], None], set[str], Callable[[Case], None], str]] = {
    "a yes": (_countered_while_another_waits, {"offers", "clock", "request"}, _accept_the_first, "agreed"),
    "a no": (
        _asked_while_an_offer_waits,
        {"offers", "clock", "request"},
        lambda case: case.reject(RejectionReason.OTHER),
        "rejected",
    ),
    "a no after the end of an offer": (_countered, {"offers", "clock"}, _reject_when_the_offer_is_over, "rejected"),
    "a withdrawal": (_asked_while_an_offer_waits, {"offers", "clock", "request"}, Case.withdraw, "withdrawn"),
    "a withdrawal before the bank knew": (_returned, {"correction"}, Case.withdraw, "withdrawn"),
    "an offer that lapses": (
        _offered_while_another_waits,
        {"offers"},
        lambda case: case.at("2026-12-19 10:00"),
        "lapsed",
    ),
    "a correction that never came": (
        _returned,
        {"correction"},
        lambda case: case.at("2026-12-25 10:00"),
        "lapsed",
    ),
}


@pytest.mark.parametrize("name", ENDS)
def test_after_every_end_nothing_is_open(open_case: OpenCase, name: str) -> None:
    prepare, open_before, end, status = ENDS[name]
    case = open_case(worked_off=prepare is not _returned)
    prepare(case)
    assert _left_open(case) == open_before
    end(case)
    assert (case.status, _left_open(case)) == (status, set())


def test_a_no_to_a_counter_offer_leaves_the_banks_own_offer_open(open_case: OpenCase) -> None:
    case = open_case()
    case.offer()
    case.counter(OFFER)
    case.reject()
    assert (case.status, _left_open(case)) == ("offered", {"offers"})
