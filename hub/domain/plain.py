"""Values of the domain as plain JSON data and back: the one rule for dates, instants, percents and enums.

Used wherever a value is kept, put into a packet, or shown: the same spelling everywhere.
"""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from cattrs import Converter

from hub.domain.china import CHINA

T = TypeVar("T")
Plain = dict[str, Any]


def instant(at: datetime) -> str:
    """`at` as RFC 3339 in China time, to the second."""
    return at.astimezone(CHINA).isoformat(timespec="seconds")


def percent(value: Decimal) -> str:
    """`value` as a decimal string with two decimals."""
    return f"{value:.2f}"


def _converter() -> Converter:
    converter = Converter(forbid_extra_keys=True, prefer_attrib_converters=True)
    converter.register_unstructure_hook(date, lambda day: day.isoformat())
    converter.register_unstructure_hook(datetime, instant)
    converter.register_unstructure_hook(Decimal, percent)
    converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
    converter.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text).astimezone(UTC))
    converter.register_structure_hook(Decimal, lambda text, _: Decimal(text))
    converter.register_structure_hook(bool, lambda value, _: bool(value))
    return converter


_CONVERTER = _converter()


def to_plain(value: Any) -> Any:
    """`value`, a frozen value of the domain or a collection of them, as JSON data."""
    return _CONVERTER.unstructure(value)


def from_plain(kind: type[T], data: Any) -> T:
    """The value of `kind` that `to_plain` wrote as `data`."""
    return _CONVERTER.structure(data, kind)


def canonical(data: Any, *, ascii_only: bool = False) -> bytes:
    """The one spelling of JSON data that digests and seals are made over: sorted keys, no blanks, UTF-8.

    With `ascii_only` every other sign is an escape: for what others sent, which may hold half a pair of surrogates.
    """
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=ascii_only).encode()
