"""What a plan would come to before any bank has spoken."""

from datetime import date

import pytest

from hub.domain.plan_estimates import options_for, preview_of, usual_first_day
from hub.domain.proposal import Proposal
from hub.domain.terms import Kind

TODAY = date(2026, 11, 23)
FIRST = date(2026, 12, 20)


@pytest.mark.parametrize(
    ("to_fen", "offered"),
    [
        (160_000, [(24, False), (36, False), (18, True)]),
        (62_000, [(60, False), (48, True), (36, True)]),
        (0, [(60, True), (48, True), (36, True)]),
        (10_000_000, [(6, False), (12, False), (18, False)]),
    ],
)
def test_what_a_household_can_afford_comes_first_and_what_is_above_is_marked(
    to_fen: int, offered: list[tuple[int, bool]]
) -> None:
    options = options_for(3_700_000, to_fen, first_due_on=FIRST, today=TODAY)
    assert [(each.instalments, each.is_above) for each in options] == offered


def test_a_ready_option_leaves_nothing_over_and_is_in_whole_yuan() -> None:
    for each in options_for(3_700_001, 62_000, first_due_on=FIRST, today=TODAY):
        assert each.monthly_fen % 100 == 0
        assert 3_700_001 <= each.total_fen < 3_700_001 + each.instalments * 100


def test_instalments_are_added_up_with_what_they_leave_of_the_principal() -> None:
    proposal = Proposal(
        kind=Kind.REDUCTION, first_due_on=FIRST, instalments=10, monthly_payment_fen=90_000, down_payment_fen=50_000
    )
    shown = preview_of(proposal, principal_fen=1_000_000, today=TODAY)
    assert shown.in_parts is not None
    assert (shown.in_parts.total_fen, shown.in_parts.short_fen) == (950_000, 50_000)
    assert shown.last_due_on == date(2027, 9, 20)
    estimate = shown.in_parts.estimate
    assert estimate is not None
    assert sum(row.principal_fen for row in estimate.schedule.rows) == 950_000
    assert estimate.interest_fen == sum(row.interest_fen for row in estimate.schedule.rows)


@pytest.mark.parametrize(
    ("kind", "months", "last_due_on"),
    [
        (Kind.DEFERRAL, 3, date(2027, 3, 20)),
        (Kind.LOWER_MINIMUM, 6, None),
        (Kind.SETTLEMENT, None, None),
    ],
)
def test_another_kind_is_said_by_its_days(kind: Kind, months: int | None, last_due_on: date | None) -> None:
    shown = preview_of(Proposal(kind=kind, first_due_on=FIRST, months=months), principal_fen=1_000_000, today=TODAY)
    assert (shown.in_parts, shown.last_due_on) == (None, last_due_on)


@pytest.mark.parametrize(
    ("on", "first"),
    [
        (date(2026, 11, 23), date(2026, 12, 20)),
        (date(2026, 11, 5), date(2026, 12, 5)),
        (date(2027, 1, 31), date(2027, 2, 20)),
    ],
)
def test_the_first_payment_is_proposed_for_the_20th_at_most_a_month_away(on: date, first: date) -> None:
    assert usual_first_day(on) == first


def test_who_owes_interest_alone_is_offered_nothing_ready_and_can_propose() -> None:
    assert options_for(0, 60_000, first_due_on=FIRST, today=TODAY) == []
    proposal = Proposal(kind=Kind.INSTALMENTS, first_due_on=FIRST, instalments=6, monthly_payment_fen=10_000)
    shown = preview_of(proposal, principal_fen=0, today=TODAY).in_parts
    assert shown is not None
    assert (shown.total_fen, shown.short_fen, shown.estimate) == (60_000, 0, None)
