"""Values of the domain as JSON data, and the one spelling that digests are made over."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from hub.domain.plain import canonical, from_plain, to_plain


@pytest.mark.parametrize(
    ("data", "spelt", "spelt_in_ascii"),
    [
        ({"b": 1, "a": [True, None]}, b'{"a":[true,null],"b":1}', b'{"a":[true,null],"b":1}'),
        ({"text": "您好"}, '{"text":"您好"}'.encode(), rb'{"text":"\u60a8\u597d"}'),
        ({"€": 2, "$": 1, "a": {"z": 0, "y": 0}}, '{"$":1,"a":{"y":0,"z":0},"€":2}'.encode(), None),
        ("\u2028\t", b'"\xe2\x80\xa8\\t"', rb'"\u2028\t"'),
        ([], b"[]", b"[]"),
    ],
    ids=["keys sorted, no blanks", "Chinese", "keys at every depth", "marks of lines", "nothing"],
)
def test_json_data_has_one_spelling(data: Any, spelt: bytes, spelt_in_ascii: bytes | None) -> None:
    assert canonical(data) == spelt
    if spelt_in_ascii is not None:
        assert canonical(data, ascii_only=True) == spelt_in_ascii


def test_half_a_pair_of_surrogates_is_spelt_in_ascii() -> None:
    assert canonical("\ud83d", ascii_only=True) == rb'"\ud83d"'


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (date(2026, 12, 1), "2026-12-01"),
        (datetime(2026, 11, 30, 16, 0, 1, tzinfo=UTC), "2026-12-01T00:00:01+08:00"),
        (Decimal("3.6"), "3.60"),
    ],
)
def test_a_value_is_the_same_after_the_way_there_and_back(value: Any, plain: Any) -> None:
    assert to_plain(value) == plain
    assert from_plain(type(value), plain) == value
