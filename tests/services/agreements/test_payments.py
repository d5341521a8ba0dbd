"""Payments of an agreement: what came adds up, and nothing is missed before it is due."""

from datetime import date
from decimal import Decimal

import pytest

from hub.domain.agreement_end import EndReason
from hub.domain.errors import AgreementConflict, Refused, StatusConflict
from hub.domain.terms import Kind, Terms
from tests.services.case import OFFER, Case
from tests.services.conftest import OpenCase, SetRules
from tests.services.posting import Posting

LOWER_MINIMUM = Terms(
    kind=Kind.LOWER_MINIMUM,
    principal_fen=1_850_000,
    first_due_on=date(2026, 12, 20),
    minimum_percent=Decimal("2.00"),
    annual_rate_percent=Decimal("18.25"),
    months=6,
)


def row_fen(case: Case, number: int = 1) -> int:
    """What the row asks."""
    total: int = case.view()["agreement"]["payments"][number - 1]["total_fen"]
    return total


def test_every_row_of_the_schedule_is_shown_with_what_came(agreed: Case) -> None:
    agreed.pay(1, 20_000)
    agreement = agreed.view()["agreement"]
    first = agreement["payments"][0]
    assert [(row["number"], row["due_on"], row["total_fen"]) for row in agreement["payments"]] == [
        (row["number"], row["due_on"], row["total_fen"]) for row in agreement["schedule"]
    ]
    assert (first["status"], first["paid_fen"]) == ("part_paid", 20_000)
    assert first["reported"] == [{"paid_on": "2026-11-21", "amount_fen": 20_000, "at": "2026-11-21T10:00:00+08:00"}]
    assert set(agreed.rows()[1:]) == {("due", 0)}
    assert agreed.kinds()[-1] == "payment"


def test_two_equal_payments_of_one_day_are_two(agreed: Case) -> None:
    agreed.pay(1, 20_000)
    agreed.pay(1, 20_000)
    assert agreed.rows()[0] == ("part_paid", 40_000)


def test_what_is_more_than_the_row_goes_on_to_the_next(agreed: Case) -> None:
    agreed.pay(1, row_fen(agreed) + 7)
    assert agreed.rows()[:3] == [("paid", row_fen(agreed)), ("part_paid", 7), ("due", 0)]


def test_a_row_is_paid_when_no_more_lacks_than_the_bank_lets_go(agreed: Case, set_rules: SetRules) -> None:
    agreed.pay(1, row_fen(agreed) - 1_000)
    agreed.pay(2, row_fen(agreed) - 1_001)
    assert [status for status, _ in agreed.rows()[:2]] == ["paid", "part_paid"]
    set_rules(tolerance_fen="2000")
    assert [status for status, _ in agreed.rows()[:2]] == ["paid", "paid"]


def test_what_counted_as_paid_on_the_day_of_signing_is_never_owed_again(agreed: Case, set_rules: SetRules) -> None:
    agreed.pay(1, row_fen(agreed) - 1_000)
    set_rules(tolerance_fen="0")
    assert agreed.rows()[0][0] == "paid"
    agreed.pay(2, row_fen(agreed) - 1_001)
    assert agreed.rows()[1][0] == "part_paid"


@pytest.mark.parametrize(
    ("paid_on", "code"),
    [("2026-11-20", "before_signing"), ("2020-01-01", "before_signing"), ("2026-11-22", "date_in_future")],
)
def test_a_payment_lies_between_the_signing_and_today(agreed: Case, paid_on: str, code: str) -> None:
    entries = len(agreed.log())
    with pytest.raises(Refused) as refused:
        agreed.pay(1, 100, date.fromisoformat(paid_on))
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [("/paid_on", code)]
    assert len(agreed.log()) == entries


def test_more_than_the_agreement_still_asks_is_refused(agreed: Case) -> None:
    whole = sum(row["total_fen"] for row in agreed.view()["agreement"]["payments"])
    with pytest.raises(Refused, match="/amount_fen: more_than_open"):
        agreed.pay(1, whole + 1_001)
    agreed.pay(1, whole)
    assert {status for status, _ in agreed.rows()} == {"paid"}


@pytest.mark.parametrize("number", [0, 37])
def test_a_row_that_the_agreement_has_not_is_refused(agreed: Case, number: int) -> None:
    for tell in (agreed.pay, agreed.miss, agreed.take_back):
        with pytest.raises(Refused, match="number_unknown"):
            tell(number)


def test_nothing_is_missed_before_its_days_of_grace_are_over(agreed: Case, set_rules: SetRules) -> None:
    entries = len(agreed.log())
    for day in ("2026-11-21 10:00", "2026-12-20 10:00", "2026-12-22 23:59"):
        agreed.at(day)
        with pytest.raises(AgreementConflict) as refused:
            agreed.miss()
        assert (refused.value.code, refused.value.params["earliest"]) == ("not_due", "2026-12-23")
    assert (len(agreed.log()), agreed.rows()[0], agreed.mails("payment_missed")) == (entries, ("due", 0), [])
    set_rules(grace_days="0")
    agreed.miss()
    assert agreed.rows()[0] == ("missed", 0)


def test_a_row_that_is_due_is_missed_once_and_its_person_told_in_their_hours(agreed: Case) -> None:
    agreed.at("2026-12-23 00:00")
    entries = len(agreed.log())
    agreed.miss()
    agreed.miss()
    assert (agreed.rows()[0], agreed.kinds()[entries:]) == (("missed", 0), ["missed"])
    [mail] = agreed.mails("payment_missed")
    assert f"{mail.not_before:%H:%M}" == "00:30"  # 08:30 in China
    with pytest.raises(AgreementConflict, match="not_due"):
        agreed.miss(2)


def test_a_payment_makes_up_for_a_row_that_was_missed(agreed: Case) -> None:
    agreed.at("2026-12-24 10:00")
    agreed.miss()
    agreed.pay(1, row_fen(agreed))
    assert agreed.rows()[0] == ("paid", row_fen(agreed))
    with pytest.raises(AgreementConflict, match="row_paid"):
        agreed.miss()


def test_what_was_said_to_be_missed_can_be_taken_back(agreed: Case) -> None:
    with pytest.raises(AgreementConflict, match="not_missed"):
        agreed.take_back()
    agreed.at("2026-12-24 10:00")
    agreed.miss()
    agreed.take_back()
    agreed.take_back()
    assert (agreed.rows()[0], agreed.kinds()[-2:]) == (("due", 0), ["missed", "missed_withdrawn"])
    assert "登记错了。" in str(agreed.log()[-1].text)
    agreed.miss()
    assert agreed.rows()[0] == ("missed", 0)


def test_a_mail_of_a_missed_payment_is_not_sent_once_it_was_taken_back_or_made_up_for(agreed: Case) -> None:
    agreed.at("2026-12-24 21:00")
    agreed.miss()
    agreed.take_back()
    Posting(hub=agreed.hub, clock=agreed.clock).at("2026-12-25 10:00")
    [mail] = agreed.mails("payment_missed")
    assert mail.status == "not_needed"


def test_a_lowered_minimum_is_paid_bill_by_bill(open_case: OpenCase) -> None:
    case = open_case()
    case.accept(case.offer(LOWER_MINIMUM))
    case.pay(6, 3_000)
    case.at("2026-12-24 10:00")
    case.miss(1)
    assert [status for status, _ in case.rows()] == ["missed", "due", "due", "due", "due", "paid"]
    for number in (0, 7):
        with pytest.raises(Refused, match="number_unknown"):
            case.pay(number)


def test_after_the_end_nothing_is_recorded(agreed: Case) -> None:
    agreed.end(EndReason.SETTLED, waive_rest=True)
    for tell in (agreed.pay, agreed.miss, agreed.take_back):
        with pytest.raises(StatusConflict):
            tell(1)


def test_a_row_that_is_due_on_the_signing_can_be_paid_at_once(open_case: OpenCase) -> None:
    case = open_case()
    case.accept(case.offer(OFFER))
    case.pay(1, 1)
    assert case.rows()[0] == ("part_paid", 1)
