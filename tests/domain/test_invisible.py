"""Signs that nobody sees, at the ends of a text and inside it."""

import pytest

from hub.domain.invisible import is_invisible, trimmed, without_invisible, without_invisible_ends


@pytest.mark.parametrize("sign", ["\u00ad", "\u200b", "\u200f", "\u202e", "\u2060", "\u2069", "\ufeff"])
def test_nobody_sees_a_zero_width_sign_or_a_direction_mark(sign: str) -> None:
    assert is_invisible(sign)
    assert without_invisible(f"{sign}王{sign}明{sign}") == "王明"


@pytest.mark.parametrize("sign", [" ", "\u00a0", "\u3000", "王", "-"])
def test_blanks_and_letters_are_seen(sign: str) -> None:
    assert not is_invisible(sign)
    assert without_invisible(sign) == sign


def test_ends_lose_what_nobody_sees_and_keep_their_blanks() -> None:
    assert without_invisible_ends("\u200b 王\u200b明 \ufeff") == " 王\u200b明 "


def test_a_trimmed_text_loses_both_at_its_ends_and_nothing_inside() -> None:
    assert trimmed("\u3000\u200b 王 \u200b明\u00a0\ufeff") == "王 \u200b明"
