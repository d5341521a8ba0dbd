"""Early settlement: what is open by the ledger, what may be asked for it, and the rows once it is signed."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain import early_settlement, payments
from hub.domain.amendment import AmendedRow, AmendmentContents, AmendmentKind, PaidRow
from hub.domain.early_settlement import Figures
from hub.domain.payments import PaymentRow, Reported, RowStatus
from hub.domain.repayment import Schedule, schedule_of
from hub.domain.terms import Kind, Method, Terms

SIGNED_ON = date(2026, 12, 1)
SETTLE_ON = date(2027, 6, 4)
TERMS = Terms(
    kind=Kind.INSTALMENTS,
    principal_fen=1_200_000,
    first_due_on=date(2026, 12, 21),
    instalments=12,
    annual_rate_percent=Decimal("12.00"),
    method=Method.EQUAL_INSTALMENT,
)
PLAN = schedule_of(TERMS, signed_on=SIGNED_ON)


def came(number: int, amount_fen: int, at: datetime = datetime(2026, 12, 20, tzinfo=UTC)) -> Reported:
    return Reported(number=number, paid_on=SIGNED_ON, amount_fen=amount_fen, at=at)


def rows(*reported: Reported, plan: Schedule = PLAN, terms: Terms = TERMS) -> list[PaymentRow]:
    return payments.rows_of(payments.due_rows(terms, plan.rows), reported, (), tolerance_fen=1_000)


def paid_up_to(count: int, plan: Schedule = PLAN) -> list[Reported]:
    return [came(row.number, row.total_fen) for row in plan.rows[:count]]


def reckoned(found: list[PaymentRow], settle_on: date, plan: Schedule = PLAN, rate: str = "12.00") -> Figures:
    return early_settlement.estimate(
        found, plan.rows, annual_rate_percent=Decimal(rate), signed_on=SIGNED_ON, settle_on=settle_on
    )


def test_a_level_plan_with_five_paid_owes_its_principal_and_the_interest_of_fourteen_days() -> None:
    # The fifth row is due on 2027-04-21.
    figures = reckoned(rows(*paid_up_to(5)), date(2027, 5, 5))
    assert (figures.principal_fen, figures.interest_fen, figures.fee_fen) == (717_348, 3_302, 0)


def test_on_a_due_day_the_fees_of_terms_not_used_are_not_asked_for() -> None:
    terms = Terms(
        kind=Kind.INSTALMENTS,
        principal_fen=1_200_000,
        first_due_on=date(2026, 12, 21),
        instalments=12,
        annual_rate_percent=Decimal(0),
        method=Method.INTEREST_FREE,
        fee_fen=86_400,
    )
    plan = schedule_of(terms, signed_on=SIGNED_ON)
    found = rows(*paid_up_to(5, plan), plan=plan, terms=terms)
    figures = reckoned(found, date(2027, 4, 21), plan, "0")
    assert figures == Figures(principal_fen=700_000, interest_fen=0, fee_fen=0)
    assert reckoned(found, date(2027, 5, 21), plan, "0").fee_fen == 7_200


def test_what_came_for_a_row_in_part_paid_its_fee_then_its_interest_then_its_principal() -> None:
    first = PLAN.rows[0]
    [row, *_] = early_settlement.open_rows(rows(came(1, first.interest_fen - 1)), PLAN.rows)
    assert row.parts == Figures(principal_fen=first.principal_fen, interest_fen=1, fee_fen=0)
    [row, *_] = early_settlement.open_rows(rows(came(1, first.interest_fen + 5)), PLAN.rows)
    assert row.parts == Figures(principal_fen=first.principal_fen - 5, interest_fen=0, fee_fen=0)


def test_a_fee_of_the_agreement_is_paid_before_interest_and_may_be_asked_for() -> None:
    terms = Terms(
        kind=Kind.INSTALMENTS,
        principal_fen=1_200_000,
        first_due_on=date(2026, 12, 21),
        instalments=12,
        annual_rate_percent=Decimal("12.00"),
        method=Method.EQUAL_PRINCIPAL,
        fee_fen=12_000,
    )
    plan = schedule_of(terms, signed_on=SIGNED_ON)
    for paid_fen, left in ((400, (100_000, 12_000, 600)), (1_400, (100_000, 11_600, 0)), (13_700, (99_300, 0, 0))):
        opened = early_settlement.open_rows(rows(came(1, paid_fen), plan=plan, terms=terms), plan.rows)
        parts = opened[0].parts
        assert (parts.principal_fen, parts.interest_fen, parts.fee_fen) == left
    asked = Figures(principal_fen=1, interest_fen=0, fee_fen=11_001)
    [fault] = early_settlement.quote_faults(asked, opened, settle_on=date(2026, 12, 10))
    assert (fault.pointer, fault.code, fault.params) == ("/fee_fen", "more_than_left", {"most_fen": 11_000})


def test_interest_of_a_month_that_was_paid_ahead_is_not_asked_for_again() -> None:
    assert reckoned(rows(*paid_up_to(6)), date(2027, 5, 5)).interest_fen == 0


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({}, None),
        ({"principal_fen": 717_349}, ("/principal_fen", "more_than_left", {"most_fen": 717_348})),
        # The running month's interest by the contract, and no fen more.
        ({"interest_fen": 7_173}, None),
        ({"interest_fen": 7_174}, ("/interest_fen", "more_than_left", {"most_fen": 7_173})),
        ({"fee_fen": 1}, ("/fee_fen", "fee_not_agreed", {})),
        ({"principal_fen": 0, "interest_fen": 0}, ("/principal_fen", "not_above_zero", {})),
    ],
)
def test_a_quote_asks_no_more_than_the_ledger_has(
    change: dict[str, int], fault: tuple[str, str, dict[str, int]] | None
) -> None:
    figures = Figures(**{"principal_fen": 717_348, "interest_fen": 3_302, "fee_fen": 0, **change})
    opened = early_settlement.open_rows(rows(*paid_up_to(5)), PLAN.rows)
    found = early_settlement.quote_faults(figures, opened, settle_on=date(2027, 5, 5))
    assert [(each.pointer, each.code, each.params) for each in found] == ([fault] if fault else [])


@pytest.mark.parametrize(("day", "is_sound"), [("04-01", False), ("04-02", True), ("05-01", True), ("05-02", False)])
def test_the_day_is_after_today_and_within_thirty_days(day: str, is_sound: bool) -> None:
    found = early_settlement.day_faults(date.fromisoformat(f"2027-{day}"), today=date(2027, 4, 1))
    assert [(each.pointer, each.code) for each in found] == ([] if is_sound else [("/settle_on", "day_range")])


def signed(found: list[PaymentRow], pay_fen: int, settle_on: date = SETTLE_ON) -> AmendmentContents:
    """The contents of an early settlement of the rows as they stand."""
    opened = [row for row in found if row.is_open]
    return AmendmentContents(
        kind=AmendmentKind.EARLY_SETTLEMENT,
        agreement_number="XY-1",
        agreement_digest="0" * 64,
        before=tuple(AmendedRow(number=row.number, due_on=row.due_on, total_fen=row.open_fen) for row in opened),
        after=(AmendedRow(number=opened[0].number, due_on=settle_on, total_fen=pay_fen),),
        paid=tuple(PaidRow(number=row.number, paid_fen=row.paid_fen) for row in found if not row.is_open),
        text_zh="。",
    )


def test_the_open_rows_become_one_and_the_paid_ones_stay() -> None:
    before = rows(*paid_up_to(2), came(3, 100))
    after = early_settlement.settled_early(before, signed(before, 900_000), tolerance_fen=1_000)
    assert [(row.number, row.status, row.paid_fen) for row in after] == [
        (1, RowStatus.PAID, before[0].paid_fen),
        (2, RowStatus.PAID, before[1].paid_fen),
        (3, RowStatus.PART_PAID, 100),
    ]
    assert (after[2].due_on, after[2].open_fen) == (SETTLE_ON, 900_000)


@given(
    told=st.lists(st.tuples(st.integers(1, 12), st.integers(1, 150_000)), max_size=8),
    later=st.lists(st.tuples(st.integers(1, 12), st.integers(1, 400_000)), max_size=5),
    pay_fen=st.integers(1, 1_200_000),
    tolerance_fen=st.sampled_from([0, 1_000]),
)
def test_whatever_came_and_comes_nothing_is_lost_and_paid_rows_stay(
    told: list[tuple[int, int]], later: list[tuple[int, int]], pay_fen: int, tolerance_fen: int
) -> None:
    due = payments.due_rows(TERMS, PLAN.rows)
    reported = [came(*each) for each in told]
    before = payments.rows_of(due, reported, (), tolerance_fen=tolerance_fen)
    if not any(row.is_open for row in before):
        return
    contents = signed(before, pay_fen)
    everything = [*reported, *(came(*each, at=datetime(2027, 1, 1, tzinfo=UTC)) for each in later)]
    now = payments.rows_of(due, everything, (), tolerance_fen=tolerance_fen)
    after = early_settlement.settled_early(now, contents, tolerance_fen=tolerance_fen)
    one = next(row for row in after if row.number == contents.after[0].number)
    assert sum(row.paid_fen for row in after) == sum(each.amount_fen for each in everything)
    assert sorted((each.number, each.amount_fen) for row in after for each in row.reported) == sorted(told + later)
    assert [(row.number, row.paid_fen, row.due_on) for row in after if row is not one] == [
        (row.number, row.paid_fen, row.due_on) for row in before if not row.is_open
    ]
    came_since = sum(amount for _, amount in later)
    assert (one.status is RowStatus.PAID) == (came_since > 0 and pay_fen - came_since <= tolerance_fen)
    assert min(row.paid_fen for row in after) >= 0
    if one.is_open:
        assert one.open_fen == pay_fen - came_since > 0


@given(
    told=st.lists(st.tuples(st.integers(1, 12), st.integers(1, 150_000)), max_size=8),
    days=st.integers(0, 420),
)
def test_the_reckoning_never_asks_more_than_going_on_and_can_always_be_quoted(
    told: list[tuple[int, int]], days: int
) -> None:
    found = rows(*(came(*each) for each in told))
    settle_on = SIGNED_ON + timedelta(days=days)
    figures = reckoned(found, settle_on)
    assert min(figures.principal_fen, figures.interest_fen, figures.fee_fen) >= 0
    assert figures.total_fen <= sum(row.open_fen for row in found)
    if figures.total_fen:
        opened = early_settlement.open_rows(found, PLAN.rows)
        assert not early_settlement.quote_faults(figures, opened, settle_on=settle_on)
