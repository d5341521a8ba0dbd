"""What all plans together ask of a month."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain import monthly_burden
from hub.domain.monthly_burden import Month, Owed, Plan

TODAY = date(2026, 12, 10)


def owed(*due: tuple[str, int | None]) -> tuple[Owed, ...]:
    return tuple(Owed(due_on=date.fromisoformat(day), fen=fen) for day, fen in due)


def plan(id_: str, *due: tuple[str, int | None], agreed: bool = True, replaces: str = "") -> Plan:
    return Plan(id=id_, owed=owed(*due), is_agreed=agreed, replaces=replaces)


def months(*plans: Plan) -> list[Month]:
    return monthly_burden.months_of(plans, today=TODAY)


def seen(found: list[Month]) -> list[tuple[Any, ...]]:
    return [(f"{each.first:%Y-%m}", each.agreed_fen, each.together_fen) for each in found]


def test_what_is_signed_and_what_would_be_signed_stand_side_by_side() -> None:
    signed = plan("icbc", ("2026-12-20", 500), ("2027-01-20", 500))
    opened = plan("cmb", ("2027-01-05", 300), ("2027-02-05", 300), agreed=False)
    found = months(signed, opened)
    assert seen(found) == [("2026-12", 500, 500), ("2027-01", 500, 800), ("2027-02", 0, 300)]
    assert found[1].shares == {"icbc": 500, "cmb": 300}


def test_a_month_in_which_nothing_falls_due_is_there_too() -> None:
    assert seen(months(plan("a", ("2027-02-01", 100)))) == [
        ("2026-12", 0, 0),
        ("2027-01", 0, 0),
        ("2027-02", 100, 100),
    ]


def test_what_fell_due_before_and_is_still_owed_is_asked_for_now() -> None:
    [now] = months(plan("a", ("2026-10-20", 700), ("2026-12-01", 500)))
    assert (now.together_fen, now.late_fen) == (1200, 700)


def test_a_plan_that_another_replaces_does_not_count_beside_it() -> None:
    earlier = plan("earlier", ("2026-12-20", 900), ("2027-01-20", 900))
    newer = plan("newer", ("2027-01-15", 400), agreed=False, replaces="earlier")
    assert seen(months(earlier, newer)) == [("2026-12", 0, 0), ("2027-01", 0, 400)]


def test_a_bill_of_unknown_sum_is_said_and_not_counted() -> None:
    [now] = months(plan("a", ("2026-12-20", None)), plan("b", ("2026-12-25", 100)))
    assert (now.together_fen, now.is_open) == (100, True)


def test_nothing_owed_is_no_month() -> None:
    assert months() == []
    assert months(plan("paid")) == []
    assert monthly_burden.dearest_of([]) is None


@pytest.mark.parametrize(("left", "over"), [(1000, 0), (800, 0), (799, 1), (0, 800), (-500, 800)])
def test_by_how_much_a_month_asks_for_more_than_is_left(left: int, over: int) -> None:
    [now] = months(plan("a", ("2026-12-20", 800)))
    assert now.over_fen(left) == over


def test_months_that_ask_for_the_same_are_one_stretch() -> None:
    level = plan("a", *[(f"2027-{month:02}-20", 500) for month in range(1, 12)], ("2027-12-20", 499))
    other = plan("b", ("2027-03-05", 100), agreed=False)
    found = monthly_burden.stretches_of(months(level, other))
    assert [(each.first.first.isoformat()[:7], each.last.first.isoformat()[:7]) for each in found] == [
        ("2026-12", "2026-12"),
        ("2027-01", "2027-02"),
        ("2027-03", "2027-03"),
        ("2027-04", "2027-11"),
        ("2027-12", "2027-12"),
    ]
    dearest = monthly_burden.dearest_of(months(level, other))
    assert dearest is not None
    assert (dearest.first, dearest.together_fen) == (date(2027, 3, 1), 600)


ROWS = st.lists(
    st.builds(Owed, due_on=st.dates(date(2026, 1, 1), date(2031, 12, 31)), fen=st.none() | st.integers(0, 10**12)),
    max_size=8,
)


@given(st.lists(st.tuples(ROWS, st.booleans()), max_size=4))
def test_no_fen_is_lost_and_none_counted_twice(drawn: list[tuple[list[Owed], bool]]) -> None:
    plans = [Plan(id=str(n), owed=tuple(rows), is_agreed=agreed) for n, (rows, agreed) in enumerate(drawn)]
    found = months(*plans)
    every = [row for each in plans for row in each.owed]
    assert sum(each.together_fen for each in found) == sum(row.fen or 0 for row in every)
    assert sum(each.agreed_fen for each in found) == sum(
        row.fen or 0 for each in plans if each.is_agreed for row in each.owed
    )
    assert all(sum(each.shares.values()) == each.together_fen >= each.agreed_fen for each in found)
    assert [each for stretch in monthly_burden.stretches_of(found) for each in stretch.months] == found
    firsts = [each.first for each in found]
    assert firsts == sorted(set(firsts))
