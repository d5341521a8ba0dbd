"""A claim that the bank has transferred: what ends, what goes over with it, and that nothing of the person's does."""

from datetime import date, timedelta

import pytest

from hub.domain.actor import HUB
from hub.domain.claim_transfer import ClaimTransfer
from hub.domain.errors import AgreementConflict, NotFound, Refused, StatusConflict
from hub.services.negotiations import claim_transfers
from hub.services.operating import invariants
from storage import deliveries
from tests.applications import CMB
from tests.banks.simulated import SimulatedBank
from tests.services.case import Case, everything_stored
from tests.services.conftest import OpenCase
from tests.services.offer_case import case, database

__all__ = ["case", "database"]

NAME = "某某资产管理有限公司"


def test_an_open_negotiation_ends_and_the_person_is_told_to_whom_the_claim_went(case: Case) -> None:
    for _ in range(2):
        case.transfer()
    shown = case.view()
    assert (shown["status"], shown["rejection"]["reason_code"], shown["clock"]) == ("rejected", "other", None)
    to = {
        "name": NAME,
        "contact": "4000000000",
        "transferred_on": "2026-11-21",
        "text": "请向新的债权人还款。",
        "bank_code": None,
    }
    assert shown["transferred_to"] == to
    assert case.kinds().count("claim_transferred") == 1
    assert f"转让给{NAME}（联系方式：4000000000）。请向新的债权人还款。" in str(case.log()[-1].text)
    assert len(case.mails("claim_transferred")) == 1
    assert case.mails("refused") == []


def test_nothing_is_sent_to_anybody(open_case: OpenCase, simulated: SimulatedBank) -> None:
    case = open_case(CMB)
    sent = len(simulated.taken)
    case.transfer()
    case.work_off()
    assert len(simulated.taken) == sent
    with case.hub.reading(HUB) as tx:
        assert {each.bank_code for each in deliveries.list_of(tx, case.id)} == {CMB}
    assert {mail.reader for mail in case.mails("claim_transferred")} == {"cardholder"}


def test_an_agreement_in_force_stays_in_force_and_binds_whoever_has_the_claim(case: Case) -> None:
    case.accept(case.offer())
    case.transfer()
    shown = case.view()
    assert (shown["status"], shown["agreement"]["status"]) == ("agreed", "in_force")
    assert (shown["transferred_to"]["name"], shown["rejection"]) == (NAME, None)
    case.pay()
    assert case.rows()[0] == ("paid", 54_000) or case.rows()[0][1] > 0


def test_a_bank_of_the_hub_is_named_by_its_code(case: Case) -> None:
    case.transfer("招商银行")
    assert case.view()["transferred_to"]["bank_code"] == CMB


def test_an_offer_that_can_be_accepted_is_not_taken_back_by_it(case: Case) -> None:
    offer = case.offer()
    case.counter()
    before = everything_stored(case.hub)
    with pytest.raises(StatusConflict, match="open"):
        case.transfer()
    assert everything_stored(case.hub) == before
    case.accept(offer)
    case.transfer()


def test_what_is_over_has_no_claim_to_transfer_and_another_transfer_is_refused(case: Case) -> None:
    case.transfer()
    with pytest.raises(AgreementConflict, match="already_transferred"):
        case.transfer("另一家公司")
    assert case.view()["transferred_to"]["name"] == NAME


def test_a_rejected_negotiation_has_nothing_to_end(case: Case) -> None:
    case.reject()
    with pytest.raises(StatusConflict, match="rejected"):
        case.transfer()


@pytest.mark.parametrize("days", [1, 400])
def test_no_day_that_has_not_come_is_taken(case: Case, days: int) -> None:
    to = ClaimTransfer(name=NAME, contact="1", transferred_on=date(2026, 11, 21) + timedelta(days=days))
    before = everything_stored(case.hub)
    with case.hub.writing(case.REVIEWER) as tx, pytest.raises(Refused, match="/transferred_on: date_in_future"):
        claim_transfers.transfer(tx, case.id, to, bank_code=case.bank_code)
    assert everything_stored(case.hub) == before


def test_another_bank_has_no_word_in_it(case: Case) -> None:
    to = ClaimTransfer(name=NAME, contact="1", transferred_on=date(2026, 11, 21))
    with case.hub.writing(case.REVIEWER) as tx, pytest.raises(NotFound):
        claim_transfers.transfer(tx, case.id, to, bank_code=CMB)


@pytest.mark.parametrize("agreed", [False, True])
def test_every_invariant_holds_behind_it(case: Case, *, agreed: bool) -> None:
    if agreed:
        case.accept(case.offer())
        case.work_off()
    case.transfer()
    with case.hub.reading(HUB) as tx:
        assert list(invariants.breaches(tx, case.hub.store)) == []
