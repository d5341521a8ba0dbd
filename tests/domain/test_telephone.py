"""How banks write a telephone number."""

import pytest

from hub.domain.errors import InvalidValue
from hub.domain.telephone import read_telephone


@pytest.mark.parametrize(
    "text",
    [
        *("95588", "400-889-5566", "4008895566", "010-12345678", "010 1234 5678", "(010) 12345678", "（010）12345678"),
        *("+86 10 1234 5678", "+86-400-889-5566", "95588 转 2", "95588转人工", "010-66100000 转 8", "010-66100000-801"),
        *("95588 转 2 转 1", "010-12345678 ext. 12", "95588、400-889-5566", "95588 / 4008895566", "400-000-0000"),
    ],
)
def test_a_number_is_taken_as_banks_write_it(text: str) -> None:
    assert read_telephone(f" {text} ") == text


@pytest.mark.parametrize(
    "text", ["abc", "热线", "1", "拨打 95588", "95588 abc", "转 2", "http://95588", "95588-", "--"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="telephone"):
        read_telephone(text)
