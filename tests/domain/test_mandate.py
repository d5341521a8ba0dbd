"""Authorisations to deduct: every status against every event, what one may say, and the days of its deductions."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from hub.domain.errors import InvalidValue, Refused, StatusConflict
from hub.domain.mandate import (
    TRANSITIONS,
    MandateContents,
    MandateEvent,
    MandateFrequency,
    MandateStatus,
    PayeeKind,
    RevocationRefusal,
    RevocationRefused,
    account_last4,
    holds_full_number,
    is_full_number,
    next_status,
    revoke_by,
    told_of,
)
from hub.domain.notices import PUBLISHED
from hub.domain.working_days import Calendar

ICBC, CMB = "01020000", "03080000"
MONTHLY = MandateContents(
    payee_kind=PayeeKind.CREDITOR,
    payee_code=ICBC,
    account_bank=CMB,
    account_last4="4401",
    use="还贷款",
    cap_fen=500_000,
    frequency=MandateFrequency.MONTHLY,
    valid_from=date(2026, 1, 1),
    valid_to=date(2027, 12, 31),
    next_on=date(2026, 1, 31),
    source_doc="借款合同第八条",
    mobile="13900001234",
)
RECORDED, REVOKING, REVOKED, REFUSED, ENDED = MandateStatus
SENT, CONFIRMED, SAID_NO, TERM_OVER, CHANGED = MandateEvent
STEPS = {
    (RECORDED, CHANGED): RECORDED,
    (RECORDED, SENT): REVOKING,
    (RECORDED, TERM_OVER): ENDED,
    (REVOKING, CONFIRMED): REVOKED,
    (REVOKING, SAID_NO): REFUSED,
    (REVOKING, TERM_OVER): ENDED,
    (REFUSED, CHANGED): RECORDED,
    (REFUSED, TERM_OVER): ENDED,
}


@pytest.mark.parametrize("event", MandateEvent)
@pytest.mark.parametrize("status", MandateStatus)
def test_every_status_against_every_event(status: MandateStatus, event: MandateEvent) -> None:
    after = STEPS.get((status, event))
    assert (event in TRANSITIONS[status]) == (after is not None)
    if after is None:
        with pytest.raises(StatusConflict):
            next_status(status, event)
    else:
        assert next_status(status, event) is after


def faults_of(**changes: object) -> set[tuple[str, str]]:
    try:
        replace(MONTHLY, **changes)  # type: ignore[arg-type]
    except Refused as error:
        return {(each.pointer, each.code) for each in error.faults}
    return set()


@pytest.mark.parametrize("cap", [1, 10**12])
def test_a_sum_up_to_the_ceiling_is_taken(cap: int) -> None:
    assert faults_of(cap_fen=cap) == set()


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"cap_fen": 0}, ("/cap_fen", "cap_out_of_range")),
        ({"cap_fen": -1}, ("/cap_fen", "cap_out_of_range")),
        ({"cap_fen": 10**12 + 1}, ("/cap_fen", "cap_out_of_range")),
        ({"is_own_account": False}, ("/is_own_account", "mandate_of_third_person")),
        ({"payee_code": None}, ("/payee_code", "required")),
        ({"payee_name": "某支付公司"}, ("/payee_name", "not_with_this_payee")),
        ({"payee_kind": PayeeKind.PAYMENT_COMPANY}, ("/payee_name", "required")),
        ({"use": "卡 6222 0200 0000 0000 007"}, ("/use", "full_number_refused")),
        ({"source_doc": "６２２２０２００００００００００００７"}, ("/source_doc", "full_number_refused")),
        ({"valid_to": date(2025, 12, 31)}, ("/valid_to", "term_ends_before_it_begins")),
        ({"next_on": date(2028, 1, 1)}, ("/next_on", "next_run_outside_term")),
        ({"next_on": date(2025, 12, 31)}, ("/next_on", "next_run_outside_term")),
    ],
)
def test_what_no_mandate_may_say(changes: dict[str, object], fault: tuple[str, str]) -> None:
    assert fault in faults_of(**changes)


def test_a_term_that_nobody_can_mean_is_refused() -> None:
    MONTHLY.require_near(date(2026, 11, 28))
    with pytest.raises(Refused):
        replace(MONTHLY, valid_to=date(9999, 12, 31)).require_near(date(2026, 11, 28))


@pytest.mark.parametrize(
    ("frequency", "today", "expected"),
    [
        (MandateFrequency.MONTHLY, date(2026, 1, 31), date(2026, 1, 31)),
        (MandateFrequency.MONTHLY, date(2026, 2, 1), date(2026, 2, 28)),
        # A short month takes nothing from those after it.
        (MandateFrequency.MONTHLY, date(2026, 3, 1), date(2026, 3, 31)),
        (MandateFrequency.MONTHLY, date(2027, 12, 31), date(2027, 12, 31)),
        (MandateFrequency.MONTHLY, date(2028, 1, 1), None),
        (MandateFrequency.QUARTERLY, date(2026, 2, 1), date(2026, 4, 30)),
        (MandateFrequency.WEEKLY, date(2026, 2, 1), date(2026, 2, 7)),
        (MandateFrequency.ONCE, date(2026, 1, 31), date(2026, 1, 31)),
        (MandateFrequency.ONCE, date(2026, 2, 1), None),
        (MandateFrequency.ON_DEMAND, date(2026, 1, 1), None),
    ],
)
def test_the_next_deduction(frequency: MandateFrequency, today: date, expected: date | None) -> None:
    assert replace(MONTHLY, frequency=frequency).next_run(today) == expected


@pytest.mark.parametrize(
    ("run_on", "last_day"),
    [
        (date(2026, 12, 4), date(2026, 12, 3)),
        (date(2026, 12, 7), date(2026, 12, 4)),
        # A Sunday after a Saturday that is worked for the National Day holiday.
        (date(2026, 10, 11), date(2026, 10, 10)),
        (date(2026, 10, 8), date(2026, 9, 30)),
    ],
)
def test_a_revocation_comes_a_working_day_before_the_deduction(run_on: date, last_day: date) -> None:
    assert revoke_by(run_on, Calendar(PUBLISHED)) == last_day


def test_a_deduction_is_told_three_days_before_at_nine() -> None:
    assert told_of(date(2026, 12, 4)) == datetime(2026, 12, 1, 1, 0, tzinfo=UTC)


def test_who_is_told_of_a_revocation() -> None:
    assert MONTHLY.receivers == (ICBC, CMB)
    assert replace(MONTHLY, account_bank=ICBC).receivers == (ICBC,)
    by_company = replace(MONTHLY, payee_kind=PayeeKind.PAYMENT_COMPANY, payee_code=None, payee_name="某支付公司")
    assert by_company.receivers == (CMB,)


def test_a_clause_that_forbids_it_is_quoted() -> None:
    with pytest.raises(Refused):
        RevocationRefused(reason=RevocationRefusal.REQUIRED_BY_CONTRACT, text="  ")
    for reason in set(RevocationRefusal) - {RevocationRefusal.REQUIRED_BY_CONTRACT}:
        assert RevocationRefused(reason=reason).text == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [("6222020000000007", "full_number_refused"), ("123", "account_last4_form"), ("12a4", "account_last4_form")],
)
def test_of_an_account_its_last_four_digits_alone(text: str, code: str) -> None:
    assert account_last4(" 44-01 ") == "4401"
    with pytest.raises(InvalidValue) as refused:
        account_last4(text)
    assert refused.value.code == code


@pytest.mark.parametrize("name", ["account_number", "Card-No", "银行卡号", "accountNo"])
def test_a_field_for_a_whole_number_is_known_by_its_name(name: str) -> None:
    assert is_full_number(name)
    assert not is_full_number("account_last4")


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("2026-11-20 2026-11-21 各扣一次", False),
        ("2026-11-20 13800138000", False),
        ("6222 1000 0000 0007", True),
        ("2026-11-20 6222-1000-0000-0007", True),
        ("6222100000000007 2026-11-20", True),
    ],
)
def test_days_beside_each_other_are_no_number_of_an_account(text: str, holds: bool) -> None:
    assert holds_full_number(text) is holds
