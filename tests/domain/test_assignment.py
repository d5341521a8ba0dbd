"""Whose cases shall be: one each in turn, and always whoever has the fewest."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.assignment import by_load, in_turn

PEOPLE = st.lists(st.text("abcdef", min_size=1, max_size=3), min_size=1, max_size=6, unique=True)


@pytest.mark.parametrize(
    ("last", "given"),
    [(None, "abca"), ("a", "bcab"), ("c", "abca"), ("somebody who left", "abca")],
)
def test_it_is_the_turn_of_whoever_comes_behind_the_last(last: str | None, given: str) -> None:
    assert in_turn(["a", "b", "c"], 4, last) == list(given)


def test_whoever_has_the_fewest_is_given_the_next() -> None:
    assert by_load({"a": 3, "b": 0, "c": 1}, 5) == ["b", "b", "c", "b", "c"]


@given(people=PEOPLE, how_many=st.integers(0, 50))
def test_in_turn_nobody_is_given_two_more_than_anybody(people: list[str], how_many: int) -> None:
    found = in_turn(people, how_many, None)
    counts = [Counter(found)[each] for each in people]
    assert len(found) == how_many
    assert max(counts) - min(counts) <= 1


@given(loads=st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 20), min_size=1, max_size=6))
def test_by_load_nobody_who_was_given_one_has_two_more_than_anybody(loads: dict[str, int]) -> None:
    found = by_load(loads, 30)
    after = {each: loads[each] + Counter(found)[each] for each in loads}
    assert len(found) == 30
    assert all(after[each] <= min(after.values()) + 1 for each in set(found))
