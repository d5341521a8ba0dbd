"""Each field takes JSON's own type alone, and gives one form."""

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from marshmallow import ValidationError
from marshmallow.fields import Field

from schemas.fields import Choice, Day, Fen, FreeText, Instant, Name, Percent, Text, TrueOrFalse, Whole, Word
from schemas.identifiers import BankCode, CardNumber, Email, IdText, Mobile


class Colour(StrEnum):
    """Two words."""

    RED = "red"
    BLUE = "blue"


def outcome(field: Field[Any], value: object) -> Any:
    """What the field makes of the value: the value, or its code in angle brackets."""
    try:
        return field.deserialize(value)
    except ValidationError as error:
        [code] = error.messages
        return f"<{code}>"


FIELDS: dict[str, Field[Any]] = {
    "text": Text(limit=10),
    "required text": Text(limit=10, minimum=1),
    "long text": Text(limit=10, minimum=3),
    "free text": FreeText(limit=10),
    "name": Name(),
    "card": CardNumber(),
    "mobile": Mobile(),
    "email": Email(),
    "bank": BankCode(),
    "id": IdText(),
    "fen": Fen(),
    "whole": Whole(least=2, most=4),
    "day": Day(),
    "instant": Instant(),
    "percent": Percent(),
    "choice": Choice(Colour),
    "word": Word(("red", "blue")),
    "flag": TrueOrFalse(),
}

ROWS: list[tuple[str, object, object]] = [
    ("text", "", ""),
    ("text", " 王 ", " 王 "),
    ("text", "a\nb", "<text_one_line>"),
    ("text", "a\tb", "<text_one_line>"),
    ("text", "a\u2028b", "<text_one_line>"),
    ("text", "a\x00b", "<text_characters>"),
    ("text", "a\x1bb", "<text_characters>"),
    ("text", "\ud800", "<text_characters>"),
    ("text", "x" * 11, "<text_too_long>"),
    ("text", "𠮷" * 10, "𠮷" * 10),
    ("text", 1, "<type_text>"),
    ("text", None, "<null>"),
    ("text", ["a"], "<type_text>"),
    ("required text", " \u3000", "<text_required>"),
    ("required text", "\u200b", "<text_required>"),
    ("required text", " \u200d\ufeff\u2800", "<text_required>"),
    ("required text", "\u200b好", "\u200b好"),
    ("long text", "\u200b好\u200b", "<text_too_short>"),
    ("long text", "ab", "<text_too_short>"),
    ("free text", "a\r\nb\tc", "a\r\nb\tc"),
    ("free text", "a\x00", "<text_characters>"),
    ("name", " 阿沛•阿旺晋美　", "阿沛•阿旺晋美"),
    ("name", "", "<name_required>"),
    ("name", "王\x00", "<name_characters>"),
    ("name", "王" * 500, "<text_too_long>"),
    ("name", {}, "<type_text>"),
    ("card", "６２２２ 1000-0000 0007", "6222100000000007"),
    ("card", "6222100000000008", "6222100000000008"),
    ("card", "0222100000000007", "<card_length>"),
    ("card", "6222x", "<card_characters>"),
    ("card", 6222100000000007, "<type_text>"),
    ("card", "6" * 100_000, "<text_too_long>"),
    ("mobile", "138-0013 8000", "13800138000"),
    ("mobile", "12800138000", "<mobile>"),
    ("email", "xm@example.com", "xm@example.com"),
    ("email", "xm@", "<email>"),
    ("bank", "01020000", "01020000"),
    ("bank", "0102000", "<bank_code_form>"),
    ("bank", "０１０２００００", "<bank_code_form>"),
    ("bank", 1020000, "<type_text>"),
    ("id", "aZ0-._~", "aZ0-._~"),
    ("id", "", "<id_form>"),
    ("id", "a/b", "<id_form>"),
    ("id", "a\n", "<id_form>"),
    ("id", "x" * 65, "<id_form>"),
    ("fen", 0, 0),
    ("fen", 10**12, 10**12),
    ("fen", 10**12 + 1, "<too_large>"),
    ("fen", -1, "<too_small>"),
    ("fen", True, "<type_whole_number>"),
    ("fen", 1.0, "<type_whole_number>"),
    ("fen", "1", "<type_whole_number>"),
    ("fen", None, "<null>"),
    ("whole", 1, "<too_small>"),
    ("whole", 5, "<too_large>"),
    ("day", "2028-02-29", date(2028, 2, 29)),
    ("day", "2027-02-29", "<date_form>"),
    ("day", "\u200b2028-02-29\u200e", date(2028, 2, 29)),
    ("day", "20270101", "<date_form>"),
    ("day", "2027-W01-1", "<date_form>"),
    ("day", "2027-1-1", "<date_form>"),
    ("day", "2027-01-01T00:00:00Z", "<date_form>"),
    ("day", "２０２７-01-01", "<date_form>"),
    ("day", "0000-01-01", "<date_form>"),
    ("day", 20270101, "<type_text>"),
    ("instant", "2026-11-21T10:00:00+08:00", datetime(2026, 11, 21, 2, tzinfo=UTC)),
    ("instant", "2026-11-21T02:00:00Z", datetime(2026, 11, 21, 2, tzinfo=UTC)),
    ("instant", "2026-11-21t02:00:00.5z", datetime(2026, 11, 21, 2, 0, 0, 500_000, tzinfo=UTC)),
    ("instant", "2026-11-21 02:00:00.123456789Z", datetime(2026, 11, 21, 2, 0, 0, 123_456, tzinfo=UTC)),
    ("instant", "2026-11-21T10:00:00", "<time_form>"),
    ("instant", "2026-11-21T10:00+08:00", "<time_form>"),
    ("instant", "2026-11-21", "<time_form>"),
    ("instant", "2026-11-21T25:00:00Z", "<time_form>"),
    ("instant", "2026-11-21T10:00:00+25:00", "<time_form>"),
    ("instant", "9999-12-31T23:59:59Z", "<time_form>"),
    ("instant", "0001-01-01T00:00:00+08:00", "<time_form>"),
    ("instant", 1, "<type_text>"),
    ("percent", "3.60", Decimal("3.60")),
    ("percent", "0", Decimal(0)),
    ("percent", "100.00", Decimal(100)),
    ("percent", "100.01", "<too_large>"),
    ("percent", "3.600", "<percent_form>"),
    ("percent", "-1", "<percent_form>"),
    ("percent", "1e1", "<percent_form>"),
    ("percent", "NaN", "<percent_form>"),
    ("percent", ".5", "<percent_form>"),
    ("percent", "３", "<percent_form>"),
    ("percent", 3.6, "<percent_form>"),
    ("percent", 3, "<percent_form>"),
    ("choice", "red", Colour.RED),
    ("choice", "RED", "<unknown_choice>"),
    ("choice", 1, "<type_text>"),
    ("choice", [], "<type_text>"),
    ("word", "blue", "blue"),
    ("word", "green", "<unknown_choice>"),
    ("flag", False, False),
    ("flag", "true", "<type_true_or_false>"),
    ("flag", 1, "<type_true_or_false>"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "expected"), ROWS, ids=[f"{row[0]} {row[1]!r:.30}" for row in ROWS])
def test_a_field_gives_its_form_or_its_code(name: str, value: object, expected: object) -> None:
    assert outcome(FIELDS[name], value) == expected


def test_an_unknown_word_is_told_what_there_is() -> None:
    with pytest.raises(ValidationError) as raised:
        Choice(Colour).deserialize("green")
    [message] = raised.value.messages
    assert getattr(message, "params", None) == {"choices": "red, blue"}
