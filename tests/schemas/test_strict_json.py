"""JSON that two readers could understand differently is refused, and refused cheaply."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.errors import Malformed
from schemas.strict_json import MAX_DEPTH, decode

REFUSED = [
    (b"", "body_empty"),
    (b" \r\n\t", "body_empty"),
    (b"{", "json_syntax"),
    (b"{} x", "json_syntax"),
    (b"{}{}", "json_syntax"),
    (b"{'a': 1}", "json_syntax"),
    (b'{"a": 01}', "json_syntax"),
    (b'{"a": "\n"}', "json_syntax"),
    (b'{"a": "\x00"}', "json_syntax"),
    (b"\x0b{}", "json_syntax"),
    (b'{"a": 1, "a": 2}', "json_duplicate_key"),
    (b'{"a": 1, "\\u0061": 2}', "json_duplicate_key"),
    (b'[{"b": {"a": 1, "a": 1}}]', "json_duplicate_key"),
    (b"NaN", "json_number"),
    (b'{"a": -Infinity}', "json_number"),
    (b"1e999", "json_number"),
    (b"-1e999", "json_number"),
    (b'"\\ud800"', "json_surrogate"),
    (b'{"\\udc00": 1}', "json_surrogate"),
    (b'"\\ude00\\ud83d"', "json_surrogate"),
    (b'"\xed\xa0\x80"', "json_encoding"),
    (b"\xef\xbb\xbf{}", "json_encoding"),
    ("{}".encode("utf-16"), "json_encoding"),
    ('{"姓名": "王"}'.encode("gb18030"), "json_encoding"),
    (b"[" * 100_000, "json_depth"),
    (b'{"a":' * 100_000, "json_depth"),
    (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "json_depth"),
    (b'["\\"[", ' + b"[" * 40 + b"]" * 41, "json_depth"),
]


@pytest.mark.parametrize(("body", "code"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_ambiguous_or_broken_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(Malformed) as raised:
        decode(body)
    assert raised.value.code == code


TAKEN: list[tuple[bytes, object]] = [
    (b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, None),
    (b"[" + b"[]," * 99 + b"[]]", [[]] * 100),
    (b'"' + b"[{" * 50 + b'"', "[{" * 50),
    (b'["\\\\", "' + b"[" * 50 + b'"]', ["\\", "[" * 50]),
    (b"9" * 20, 10**20 - 1),
    (b"-" + b"9" * 20, 1 - 10**20),
    # Larger than any field takes: the field refuses it by name, and nobody works out a million digits.
    (b"1" * 21, 10**20),
    (b"-" + b"1" * 1_000_000, -(10**20)),
    (b"1.5", 1.5),
    (b'"\\ud83d\\ude00"', "😀"),
    ('"𠮷\\u0000"'.encode(), "𠮷\x00"),
    (b" null\n", None),
]


@pytest.mark.parametrize(("body", "value"), TAKEN, ids=range(len(TAKEN)))
def test_what_is_clear_is_taken(body: bytes, value: object) -> None:
    taken = decode(body)
    if value is not None:
        assert taken == value


def test_an_unfinished_text_full_of_quotes_is_looked_at_once() -> None:
    # A scan that starts again at every quote would take hours here.
    with pytest.raises(Malformed):
        decode(b"[" * 33 + b'"' + b'\\"' * 500_000)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20) + 1, 10**20 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(), inside, max_size=4),
    max_leaves=10,
)


@given(VALUES)
def test_what_json_writes_is_read_back(value: object) -> None:
    assert decode(json.dumps(value, ensure_ascii=False).encode()) == value
    assert decode(json.dumps(value).encode()) == value


@given(st.binary())
def test_any_bytes_are_a_value_or_malformed(body: bytes) -> None:
    with contextlib.suppress(Malformed):
        decode(body)
