"""Review: what a bank does, and that nothing of one bank is visible to another."""

from collections.abc import Callable

import pytest

from hub.domain.collection import HoldApplied
from hub.domain.errors import NotFound, StatusConflict
from hub.domain.offer import BankOffer
from hub.domain.payments import MissedWithdrawal
from hub.domain.review import EvidenceRequest, Rejection, RejectionReason
from hub.services.agreements import collection, payments
from hub.services.negotiations import correspondence, offering, review
from hub.services.reading.bank.negotiation import packet_and_standing
from hub.services.transaction import HubTransaction
from tests.applications import CITIC, ICBC
from tests.conftest import Submit
from tests.services.case import OFFER, Case
from tests.services.conftest import OpenCase

DEEDS: dict[str, Callable[[HubTransaction, Case], object]] = {
    "acknowledge": lambda tx, case: review.acknowledge(tx, case.id, bank_code=CITIC),
    "ask": lambda tx, case: review.request_evidence(
        tx, case.id, EvidenceRequest(kinds=(), text="请补充"), bank_code=CITIC
    ),
    "reject": lambda tx, case: review.reject(
        tx, case.id, Rejection(reason_code=RejectionReason.OTHER, text="不行"), bank_code=CITIC
    ),
    "offer": lambda tx, case: offering.make_offer(tx, case.id, BankOffer(terms=OFFER), bank_code=CITIC),
    "approve": lambda tx, case: offering.approve(tx, case.id, "x", bank_code=CITIC),
    "send back": lambda tx, case: offering.send_back(tx, case.id, "x", "", bank_code=CITIC),
    "write": lambda tx, case: correspondence.write_to_cardholder(tx, case.id, "您好", bank_code=CITIC),
    "missed": lambda tx, case: payments.record_missed(tx, case.id, number=1, bank_code=CITIC),
    "taken back": lambda tx, case: payments.withdraw_missed(
        tx, case.id, MissedWithdrawal(number=1, text=""), bank_code=CITIC
    ),
    "hold": lambda tx, case: collection.confirm_hold(
        tx, case.id, HoldApplied(by="甲", at=case.clock.at), bank_code=CITIC
    ),
    "answer": lambda tx, case: collection.answer(tx, case.id, "x", "好的", bank_code=CITIC),
    "read": lambda tx, case: packet_and_standing(tx, case.id, bank_code=CITIC, language="zh"),
    "agreement": lambda tx, case: payments.agreement_of_bank(tx, case.id, bank_code=CITIC),
}


def test_another_banks_negotiation_is_as_unknown_as_any(open_case: OpenCase) -> None:
    case = open_case()
    for name, deed in DEEDS.items():
        with pytest.raises(NotFound), case.hub.writing(case.REVIEWER) as tx:
            deed(tx, case)
        assert (name, case.status) == (name, "awaiting_bank")


def test_the_packet_of_one_bank_holds_nothing_of_another(
    open_case: OpenCase, submitted: Submit, work_off: Callable[[], int]
) -> None:
    sent = submitted(ICBC, CITIC)
    work_off()
    with open_case().hub.writing(Case.REVIEWER) as tx:
        told = packet_and_standing(tx, sent.negotiations[ICBC], bank_code=ICBC, language="zh")
    text = str(told)
    assert ICBC in text
    assert CITIC not in text
    assert "356390" not in text


def test_a_rejection_says_why_in_the_banks_words(open_case: OpenCase) -> None:
    case = open_case()
    case.reject(RejectionReason.LEGAL_ACTION, "已经起诉，请联系法院")
    assert case.view()["rejection"] == {"reason_code": "legal_action", "text": "已经起诉，请联系法院"}
    entries = len(case.log())
    case.reject(RejectionReason.LEGAL_ACTION, "已经起诉，请联系法院")
    assert len(case.log()) == entries
    with pytest.raises(StatusConflict):
        case.reject(RejectionReason.OTHER)


def test_a_reason_that_is_not_allowed_is_no_excuse_for_the_wrong_moment(open_case: OpenCase) -> None:
    case = open_case()
    case.offer()
    with pytest.raises(StatusConflict):
        case.reject(RejectionReason.INCOMPLETE)
