"""Review: what a bank does, and that nothing of one bank is visible to another."""

from collections.abc import Callable

import pytest

from hub.domain.errors import StatusConflict
from hub.domain.review import RejectionReason
from hub.services.reading.bank.negotiation import packet_and_standing
from tests.applications import CITIC, ICBC
from tests.conftest import Submit
from tests.services.case import Case
from tests.services.conftest import OpenCase


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
    rejection = {"reason_code": "legal_action", "text": "已经起诉，请联系法院"}
    assert case.view()["rejection"] == rejection
    assert "已经起诉，请联系法院" in str(case.log()[-1].text)
    entries = len(case.log())
    case.reject(RejectionReason.LEGAL_ACTION, "已经起诉，请联系法院")
    assert len(case.log()) == entries
    # Another reason, or other words for the same, is another decision.
    for reason, text in ((RejectionReason.OTHER, "已经起诉，请联系法院"), (RejectionReason.LEGAL_ACTION, "请联系法院")):
        with pytest.raises(StatusConflict):
            case.reject(reason, text)
    assert (case.view()["rejection"], len(case.log())) == (rejection, entries)


def test_a_reason_that_is_not_allowed_is_no_excuse_for_the_wrong_moment(open_case: OpenCase) -> None:
    case = open_case()
    case.offer()
    with pytest.raises(StatusConflict):
        case.reject(RejectionReason.INCOMPLETE)
