"""The load of a month, and the words for how heavy it is."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.bill import Bill, BillContents, BillSource, BillStatus
from hub.domain.load import LoadBand, load_of

DECEMBER = date(2026, 12, 1)
AS_OF = datetime(2026, 11, 20, tzinfo=UTC)


def bill(minimum_fen: int, *, due_on: date = date(2026, 12, 20), status: BillStatus = BillStatus.OPEN) -> Bill:
    contents = BillContents(
        bank_code="01020000",
        card_last4="0007",
        due_on=due_on,
        statement_fen=minimum_fen * 10,
        minimum_fen=minimum_fen,
    )
    return Bill(id=f"b{minimum_fen}", source=BillSource.TYPED, status=status, contents=contents, as_of=AS_OF)


@given(st.lists(st.tuples(st.integers(1, 10**9), st.sampled_from(BillStatus), st.sampled_from([11, 12]))))
def test_the_load_of_a_month_is_the_sum_of_the_least_to_pay_of_its_open_bills(
    listed: list[tuple[int, BillStatus, int]],
) -> None:
    bills = [bill(fen, status=status, due_on=date(2026, month, 30)) for fen, status, month in listed]
    owed = [fen for fen, status, month in listed if status in ("open", "overdue") and month == 12]
    load = load_of(DECEMBER, bills, income_fen=650_000)
    assert (load.minimum_fen, load.due_fen, len(load.debts)) == (sum(owed), sum(owed) * 10, len(owed))


@pytest.mark.parametrize("income_fen", [0, None])
def test_without_an_income_there_is_no_ratio_and_no_red(income_fen: int | None) -> None:
    load = load_of(DECEMBER, [bill(10**8)], income_fen=income_fen)
    assert (load.percent, load.band, load.should_negotiate) == (None, None, False)


@pytest.mark.parametrize(
    ("minimum_fen", "percent", "band"),
    [
        (0, 0, LoadBand.BEARABLE),
        (55_000, 55, LoadBand.BEARABLE),
        (55_001, 56, LoadBand.TIGHT),
        (100_000, 100, LoadBand.TIGHT),
        (100_001, 101, LoadBand.TOO_HIGH),
    ],
)
def test_bands(minimum_fen: int, percent: int, band: LoadBand) -> None:
    load = load_of(DECEMBER, [bill(minimum_fen)], income_fen=100_000)
    assert (load.percent, load.band) == (percent, band)
    assert load.should_negotiate is (band is not LoadBand.BEARABLE)


def test_what_is_overdue_is_to_be_talked_about_however_light_the_month_is() -> None:
    late = replace(bill(1), status=BillStatus.OVERDUE)
    assert load_of(DECEMBER, [late], income_fen=100_000).should_negotiate
    assert load_of(DECEMBER, [late], income_fen=None).should_negotiate


def test_what_was_paid_of_it_is_not_due_any_more() -> None:
    part = bill(1_000)
    part = replace(part, contents=replace(part.contents, paid_fen=4_000))
    load = load_of(DECEMBER, [part], income_fen=None)
    assert (load.due_fen, load.minimum_fen) == (6_000, 1_000)
