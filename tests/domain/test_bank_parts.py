"""A sum to all banks that the person divides by hand."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.affordability import shares
from hub.domain.amounts import Amounts
from hub.domain.bank_parts import divided, evened_out, split_by_hand
from hub.domain.proposal import Proposal, split
from hub.domain.terms import Kind

TODAY, FIRST = date(2026, 11, 23), date(2026, 12, 20)
OWED = {"01020000": 200_000, "03010000": 100_000, "03080000": 100_000}


def owing(principal_fen: int, interest_fen: int = 0) -> Amounts:
    return Amounts(principal_fen=principal_fen, interest_fen=interest_fen, fees_fen=0, penalty_fen=0)


AMOUNTS = {"01020000": owing(1_850_000, 46_200), "03080000": owing(900_000, 21_000)}


@pytest.mark.parametrize(
    ("chosen", "parts", "left_over", "too_much"),
    [
        ({}, [400, 200, 200], 0, 0),
        ({"01020000": 600}, [600, 100, 100], 0, 0),
        ({"01020000": 800}, [800, 0, 0], 0, 0),
        ({"01020000": 300, "03010000": 300, "03080000": 200}, [300, 300, 200], 0, 0),
        ({"01020000": 300, "03010000": 100, "03080000": 100}, [300, 100, 100], 300, 0),
        ({"01020000": 900}, [900, 0, 0], 0, 100),
        ({"01020000": 500, "03010000": 300, "03080000": 100}, [500, 300, 100], 0, 100),
    ],
)
def test_what_was_not_chosen_is_shared_by_what_is_owed(
    chosen: Mapping[str, int], parts: list[int], left_over: int, too_much: int
) -> None:
    found = divided(800, OWED, chosen)
    assert list(found.parts.values()) == parts
    assert (found.left_over_fen, found.too_much_fen) == (left_over, too_much)
    assert found.is_even is (left_over == too_much == 0)


@pytest.mark.parametrize(
    ("chosen", "parts"),
    [
        ({"01020000": 300, "03010000": 100, "03080000": 100}, [450, 175, 175]),
        ({"01020000": 800, "03010000": 400, "03080000": 400}, [400, 200, 200]),
        ({"01020000": 900}, [400, 200, 200]),
        ({"01020000": 600}, [600, 100, 100]),
    ],
)
def test_parts_that_do_not_make_up_the_sum_are_evened_out(chosen: Mapping[str, int], parts: list[int]) -> None:
    assert list(evened_out(800, OWED, chosen).values()) == parts


@given(
    total_fen=st.integers(0, 10_000_000),
    chosen=st.dictionaries(st.sampled_from(sorted(OWED)), st.integers(0, 10_000_000)),
)
def test_evened_out_parts_always_make_up_the_sum(total_fen: int, chosen: dict[str, int]) -> None:
    parts = evened_out(total_fen, OWED, chosen)
    assert list(parts) == sorted(OWED)
    assert sum(parts.values()) == total_fen
    assert min(parts.values()) >= 0


@given(total_fen=st.integers(0, 10_000_000))
def test_without_a_choice_the_parts_are_the_shares(total_fen: int) -> None:
    assert divided(total_fen, OWED, {}).parts == shares(total_fen, OWED)


def test_each_bank_gets_its_part_and_as_many_months_as_that_takes() -> None:
    whole = Proposal(
        kind=Kind.INSTALMENTS, first_due_on=FIRST, instalments=36, monthly_payment_fen=80_000, waive_interest=True
    )
    parts = split_by_hand(whole, AMOUNTS, {"01020000": 50_000, "03080000": 30_000}, today=TODAY)
    assert {code: (each.monthly_payment_fen, each.instalments) for code, each in parts.items()} == {
        "01020000": (50_000, 40),
        "03080000": (30_000, 32),
    }
    assert all(each.waive_interest and each.first_due_on == FIRST for each in parts.values())


def test_a_part_that_does_not_suffice_runs_as_long_as_it_may() -> None:
    whole = Proposal(kind=Kind.INSTALMENTS, first_due_on=FIRST, instalments=36, monthly_payment_fen=80_000)
    parts = split_by_hand(whole, AMOUNTS, {"01020000": 79_000, "03080000": 1_000}, today=TODAY)
    assert [each.instalments for each in parts.values()] == [25, 60]


def test_a_bank_to_which_interest_alone_is_owed_gets_as_many_months_as_that_takes() -> None:
    whole = Proposal(kind=Kind.INSTALMENTS, first_due_on=FIRST, instalments=10, monthly_payment_fen=3_000)
    owed = {"01020000": owing(0, 10_000), "03080000": owing(10_000)}
    parts = split_by_hand(whole, owed, {"01020000": 1_000, "03080000": 2_000}, today=TODAY)
    assert [each.instalments for each in parts.values()] == [10, 6]


def test_a_settlement_is_divided_as_it_is_and_all_else_stays_as_it_is_split() -> None:
    whole = Proposal(kind=Kind.SETTLEMENT, first_due_on=FIRST, settlement_fen=1_000_000)
    parts = split_by_hand(whole, AMOUNTS, {"01020000": 400_000, "03080000": 600_000}, today=TODAY)
    assert {code: each.settlement_fen for code, each in parts.items()} == {"01020000": 400_000, "03080000": 600_000}
    assert [each.kind for each in parts.values()] == [each.kind for each in split(whole, AMOUNTS).values()]
