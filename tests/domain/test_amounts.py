"""The four amounts a debt is made of."""

import pytest

from hub.domain.amounts import AMOUNT_NAMES, Amounts, owed_fen, sum_of, yuan

_ONE = Amounts(principal_fen=1_000, interest_fen=200, fees_fen=30, penalty_fen=4)
_OTHER = Amounts(principal_fen=1, interest_fen=2, fees_fen=3, penalty_fen=4)


def test_a_total_is_the_sum_of_all_four() -> None:
    assert _ONE.total_fen == 1_234 == sum(getattr(_ONE, name) for name in AMOUNT_NAMES)


def test_several_are_summed_whole_and_part_by_part() -> None:
    assert owed_fen([_ONE, _OTHER]) == 1_244
    assert sum_of([_ONE, _OTHER]) == Amounts(principal_fen=1_001, interest_fen=202, fees_fen=33, penalty_fen=8)
    assert owed_fen([]) == 0


@pytest.mark.parametrize(
    ("amount_fen", "text"), [(0, "0.00"), (5, "0.05"), (105_000, "1,050.00"), (-123_456_789, "−1,234,567.89")]
)
def test_an_amount_is_written_in_yuan(amount_fen: int, text: str) -> None:
    assert yuan(amount_fen) == text
