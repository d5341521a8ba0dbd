"""What a bank's form of an offer begins with."""

from hub.domain.actor import HUB
from hub.domain.terms import Kind
from hub.services.reading.bank.offer_start import OfferStart, offer_start
from tests.applications import ICBC
from tests.services.case import OFFER, Case


def start(case: Case, *, kind: Kind | None = None, like: str | None = None) -> OfferStart:
    with case.hub.reading(HUB) as tx:
        return offer_start(tx, case.id, kind=kind, like=like, bank_code=ICBC)


def test_it_begins_with_what_is_owed_in_the_shape_that_was_asked_for(case: Case) -> None:
    begun = start(case)
    assert begun.kind == begun.terms["kind"] == Kind.INSTALMENTS
    assert begun.terms["principal_fen"] == sum(each["principal_fen"] for each in begun.balances)
    assert begun.terms["instalments"] is not None


def test_another_kind_leaves_out_the_fields_that_it_does_not_take(case: Case) -> None:
    begun = start(case, kind=Kind.DEFERRAL)
    assert begun.terms["kind"] == Kind.DEFERRAL
    assert "instalments" not in begun.terms
    assert "months" in begun.terms


def test_it_begins_with_an_earlier_offer(case: Case) -> None:
    offer_id = case.offer()
    begun = start(case, like=offer_id)
    assert (begun.terms["principal_fen"], begun.terms["instalments"]) == (OFFER.principal_fen, OFFER.instalments)


def test_what_the_person_pleaded_never_goes_out_as_the_banks_own_words(case: Case) -> None:
    case.offer()
    counter = case.counter()
    assert start(case, like=counter).terms["note"] == ""


def test_an_offer_of_another_negotiation_is_no_beginning(case: Case) -> None:
    assert start(case, like="0" * 32) == start(case)
