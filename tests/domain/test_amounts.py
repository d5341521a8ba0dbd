"""The four amounts a debt is made of."""

from hub.domain.amounts import AMOUNT_NAMES, Amounts, owed_fen, sum_of

_ONE = Amounts(principal_fen=1_000, interest_fen=200, fees_fen=30, penalty_fen=4)
_OTHER = Amounts(principal_fen=1, interest_fen=2, fees_fen=3, penalty_fen=4)


def test_a_total_is_the_sum_of_all_four() -> None:
    assert _ONE.total_fen == 1_234 == sum(getattr(_ONE, name) for name in AMOUNT_NAMES)


def test_several_are_summed_whole_and_part_by_part() -> None:
    assert owed_fen([_ONE, _OTHER]) == 1_244
    assert sum_of([_ONE, _OTHER]) == Amounts(principal_fen=1_001, interest_fen=202, fees_fen=33, penalty_fen=8)
    assert owed_fen([]) == 0
