"""What is left to be seen of a name or number, and that it is never all of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.masks import card_last4, mask_card, mask_id, mask_mobile, mask_name


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王小明", "王*明"),
        ("王明", "王*"),
        ("王", "*"),
        ("欧阳小明", "欧**明"),
        ("买买提·吐尔逊", "买*****逊"),
        ("𠮷野家", "𠮷*家"),
        ("葛\U000e0100城明", "葛\U000e0100*明"),  # a variant selector belongs to its ideograph
        ("葛\U000e0100", "*"),
        ("John Smith", "J*** S****"),
        ("Jose\u0301 Ng", "J*** N*"),
        ("Mary-Jane O'Neil", "M******** O*****"),
        ("X Æ", "* *"),
        ("김철수", "김*수"),
        ("\u1100\u1175\u11b7\u110e\u1165\u11af\u1109\u116e", "김*수"),  # the same, decomposed
        ("", ""),
    ],
)
def test_a_name_keeps_its_ends(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [("13800138000", "138****8000"), ("1234567", "*******"), ("110", "***"), ("", "")],
)
def test_a_mobile_keeps_three_and_four(number: str, masked: str) -> None:
    assert mask_mobile(number) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("11010519491231002X", "1101************2X"),
        ("E12345678", "E123***78"),
        ("AB1234", "******"),
        ("AB123", "*****"),
    ],
)
def test_an_id_keeps_four_and_two(number: str, masked: str) -> None:
    assert mask_id(number) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("6222100000000007", "622210******0007"),
        ("6216261000000000018", "621626*********0018"),
        ("4222222222222", "422222***2222"),
        ("6222100000", "**********"),
    ],
)
def test_a_card_keeps_six_and_four(number: str, masked: str) -> None:
    assert mask_card(number) == masked


def test_a_card_is_known_by_its_last_four_digits() -> None:
    assert card_last4("6222100000000007") == "0007"


@given(st.text(st.characters(categories=("L", "Nd")), min_size=1, max_size=30))
def test_no_mask_shows_all_of_a_value(value: str) -> None:
    assert all("*" in masked for masked in (mask_name(value), mask_mobile(value), mask_id(value), mask_card(value)))
