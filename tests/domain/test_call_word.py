"""The word for calls: what it is made of, and that each can be drawn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.call_word import WORDS, CallWord


@given(st.lists(st.integers(min_value=0, max_value=10**6), min_size=2, max_size=2))
def test_it_is_a_word_of_two_characters_and_a_number_of_two_digits(chance: list[int]) -> None:
    numbers = iter(chance)
    drawn = str(CallWord.drawn(lambda below: next(numbers) % below))
    word, _, number = drawn.partition("·")
    assert word in WORDS
    assert (len(word), len(number), number.isdecimal()) == (2, 2, True)
    assert len(drawn) <= 20


def test_each_can_be_drawn_from_the_first_to_the_last() -> None:
    assert str(CallWord.drawn(lambda _: 0)) == "青山·10"
    assert str(CallWord.drawn(lambda below: below - 1)) == f"{WORDS[-1]}·99"


def test_there_are_enough_and_none_stands_twice() -> None:
    assert len(set(WORDS)) == len(WORDS) == 80
    assert len({word[0] for word in WORDS}) >= 60


@pytest.mark.parametrize("word", WORDS)
def test_no_word_says_anything_of_debts_or_money(word: str) -> None:
    assert not set(word) & set("债欠钱款贷还账卡")
