"""Withdrawal: the cardholder ends it at any moment while it is open, and everything that was on its way ends too."""

from hub.domain.actor import Party
from tests.services.case import LARGE_OFFER
from tests.services.conftest import OpenCase


def test_a_withdrawal_ends_clock_offers_and_requests(open_case: OpenCase) -> None:
    case = open_case()
    case.offer()
    case.offer(LARGE_OFFER)
    case.withdraw()
    assert (case.status, case.due) == ("withdrawn", None)
    assert [each["status"] for each in case.view(Party.BANK)["offers"]] == ["declined", "declined"]
    assert [each["status"] for each in case.view()["offers"]] == ["declined"]
    assert "withdrawn" in case.kinds()


def test_withdrawing_twice_is_answered_and_written_once(open_case: OpenCase) -> None:
    case = open_case()
    case.withdraw()
    entries = len(case.log())
    case.withdraw()
    assert len(case.log()) == entries


def test_a_withdrawn_one_is_left_alone_by_every_sweep(open_case: OpenCase) -> None:
    case = open_case()
    case.ask()
    case.withdraw()
    entries = len(case.log())
    case.at("2027-06-01 10:00")
    assert (case.status, len(case.log())) == ("withdrawn", entries)


def test_a_returned_one_that_is_withdrawn_does_not_lapse(open_case: OpenCase) -> None:
    case = open_case(worked_off=False)
    case.judge(case.sent.evidence[0], "unreadable")
    case.work_off()
    case.withdraw()
    case.at("2027-06-01 10:00")
    assert case.status == "withdrawn"
