"""Which levels an offer goes through, who may give them, and the line in which a bank sets them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.approval import (
    MOST_LEVELS,
    NO_LEVELS,
    Approval,
    ApprovalLevel,
    ApprovalLevels,
    approvals_needed,
    approved,
    has_turn,
    next_level,
    read_levels,
    require_turn,
    roles_missing,
)
from hub.domain.errors import InvalidValue, NotAllowed
from hub.domain.staff import Role
from hub.domain.terms import Kind, Method, Terms, Waived

SUPERVISOR, ADMIN = Role.SUPERVISOR, Role.BANK_ADMIN
NOW = datetime(2026, 11, 21, tzinfo=UTC)
TERMS = Terms(
    kind=Kind.INSTALMENTS,
    principal_fen=10_000,
    first_due_on=date(2026, 12, 20),
    instalments=10,
    annual_rate_percent=Decimal("0.00"),
    method=Method.INTEREST_FREE,
)
TWO = read_levels("10000:supervisor,20000:bank_admin;waived_principal:+1")


def roles(levels: ApprovalLevels = NO_LEVELS, *, four_eyes: int = 10**14, **changes: Any) -> list[Role]:
    """What an offer of those terms goes through."""
    needed = approvals_needed(replace(TERMS, **changes), levels, four_eyes_above_fen=four_eyes)
    return [each.role for each in needed]


@pytest.mark.parametrize(
    ("changes", "four_eyes", "needed"),
    [
        ({}, 10_000, []),
        ({}, 9_999, [SUPERVISOR]),
        ({"waived": Waived(interest_fen=2_000, fees_fen=300, penalty_fen=500)}, 12_800, []),
        ({"waived": Waived(interest_fen=2_000, fees_fen=300, penalty_fen=500)}, 12_799, [SUPERVISOR]),
        # A fee is nothing that the bank gives up.
        ({"fee_fen": 5_000}, 10_000, []),
    ],
)
def test_without_levels_a_supervisor_looks_where_plan_and_waivers_pass_the_limit(
    changes: dict[str, Any], four_eyes: int, needed: list[Role]
) -> None:
    assert roles(four_eyes=four_eyes, **changes) == needed


@pytest.mark.parametrize(
    ("size", "waived_principal", "needed"),
    [
        (10_000, 0, []),
        (10_001, 0, [SUPERVISOR]),
        (20_000, 0, [SUPERVISOR]),
        (20_001, 0, [SUPERVISOR, ADMIN]),
        # One level more where principal is waived, and never more than there are.
        (1_000, 1, [SUPERVISOR]),
        (10_001, 1, [SUPERVISOR, ADMIN]),
        (20_001, 1, [SUPERVISOR, ADMIN]),
    ],
)
def test_each_sum_and_a_waiver_of_principal_ask_for_their_levels(
    size: int, waived_principal: int, needed: list[Role]
) -> None:
    waived = Waived(principal_fen=waived_principal)
    assert roles(TWO, principal_fen=size - waived_principal, waived=waived) == needed


def test_what_no_level_asks_for_waits_for_a_supervisor_above_the_limit_of_four_eyes() -> None:
    only_large = read_levels("20000:bank_admin")
    assert roles(only_large, four_eyes=10_000, principal_fen=10_001) == [SUPERVISOR]
    assert roles(only_large, four_eyes=10_000, principal_fen=20_001) == [ADMIN]
    assert roles(only_large, four_eyes=10_000, principal_fen=10_000) == []


ONE_ROLE = st.sampled_from([SUPERVISOR, ADMIN])
LEVELS = st.builds(
    ApprovalLevels,
    levels=st.lists(st.integers(0, 10**12), min_size=1, max_size=MOST_LEVELS, unique=True)
    .map(sorted)
    .flatmap(
        lambda sums: st.tuples(*(st.builds(ApprovalLevel, above_fen=st.just(each), role=ONE_ROLE) for each in sums))
    ),
    waived_principal_up=st.integers(0, 4),
)


@given(LEVELS)
def test_a_line_says_what_was_read(levels: ApprovalLevels) -> None:
    assert read_levels(str(levels)) == levels


@given(LEVELS, st.integers(1, 10**10), st.integers(0, 10**10), st.booleans())
def test_a_larger_plan_never_asks_for_less(levels: ApprovalLevels, plan: int, more: int, waives: bool) -> None:
    waived = Waived(principal_fen=int(waives))
    less = roles(levels, principal_fen=plan, waived=waived)
    larger = roles(levels, principal_fen=plan + more, waived=waived)
    assert larger[: len(less)] == less
    assert larger == [each.role for each in levels.levels][: len(larger)]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("5000000", "approval_levels_form"),
        ("supervisor:5000000", "approval_levels_form"),
        ("1:supervisor,2:supervisor,3:supervisor,4:supervisor,5:supervisor", "approval_levels_form"),
        ("5000000:supervisor;", "approval_levels_form"),
        ("5000000:supervisor;waived_principal:1", "approval_levels_form"),
        ("5000000:supervisor;waived_principal:+5", "approval_levels_form"),
        (";waived_principal:+1", "approval_levels_form"),
        ("٥:supervisor", "approval_levels_form"),
        ("5000000:auditor", "approval_levels_role"),
        ("5000000:reviewer", "approval_levels_role"),
        ("5000000:supervisor,5000000:bank_admin", "approval_levels_order"),
        ("5000000:supervisor,4000000:bank_admin", "approval_levels_order"),
        ("1000000000001:supervisor", "approval_levels_order"),
    ],
)
def test_what_is_no_line_of_levels_is_refused_with_what_is_wrong(line: str, code: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        read_levels(line)
    assert refused.value.code == code


def test_each_level_is_given_in_order_by_another_person_of_its_role() -> None:
    levels: tuple[Approval, ...] = (Approval(role=SUPERVISOR), Approval(role=SUPERVISOR), Approval(role=ADMIN))
    turns = []
    for person, role in (("maker", SUPERVISOR), ("a", SUPERVISOR), ("a", SUPERVISOR), ("d", ADMIN), ("b", SUPERVISOR)):
        may = has_turn(levels, person=person, role=role, maker="maker")
        turns.append((person, next_level(levels), may))
        levels = approved(levels, by=person, at=NOW) if may else levels
    assert turns == [("maker", 0, False), ("a", 0, True), ("a", 1, False), ("d", 1, False), ("b", 1, True)]
    levels = approved(levels, by="d", at=NOW)
    assert next_level(levels) is None
    assert [each.by for each in levels] == ["a", "b", "d"]
    with pytest.raises(NotAllowed):
        require_turn(levels, person="e", role=ADMIN, maker="maker")


@pytest.mark.parametrize(
    ("people", "missing"),
    [
        ({"a": SUPERVISOR, "b": SUPERVISOR, "d": ADMIN}, ()),
        ({"maker": SUPERVISOR, "b": SUPERVISOR, "d": ADMIN}, (SUPERVISOR,)),
        ({"a": SUPERVISOR, "b": SUPERVISOR}, (ADMIN,)),
        ({}, (SUPERVISOR, ADMIN)),
    ],
)
def test_a_role_is_missing_where_too_few_others_have_it(people: dict[str, Role], missing: tuple[Role, ...]) -> None:
    levels = (Approval(role=SUPERVISOR), Approval(role=SUPERVISOR), Approval(role=ADMIN))
    assert roles_missing(levels, people, maker="maker") == missing
