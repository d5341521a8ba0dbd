"""JSON as it may come over the wire: read strictly, so that no two readers can understand it differently.

What JSON leaves open (duplicate keys, huge numbers, lone surrogates, endless nesting) is refused here; a NUL
or another control character is a matter of the text field that holds it.
"""

import json
import math
import re
from typing import Any, NoReturn

from hub.domain.errors import Malformed

MAX_DEPTH = 32
MAX_INTEGER_DIGITS = 20
_BEYOND_EVERY_FIELD: int = 10**MAX_INTEGER_DIGITS

# An escape is one token, so that an escaped quote neither opens nor closes a text. One pass, no backtracking.
_STRUCTURE = re.compile(rb'\\.|["\[\]{}]', re.DOTALL)
_WHITESPACE = b" \t\r\n"


def decode(body: bytes) -> object:
    """The value that the JSON text `body` holds.

    Raises Malformed: `body_empty`, `json_encoding` (not UTF-8, or with a byte order mark), `json_syntax`
    (trailing text too), `json_duplicate_key`, `json_number` (NaN, infinite), `json_depth` (over 32 levels),
    `json_surrogate` (half of a character). An integer of over 20 digits is well formed: it comes back as one of 21.
    """
    if not body.strip(_WHITESPACE):
        raise Malformed("body_empty")
    # No text is deeper than it has opening brackets, and most bodies have few.
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH:
        _refuse_deep_nesting(body)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed("json_encoding") from error
    if text.startswith("\ufeff"):
        raise Malformed("json_encoding")
    try:
        value: object = _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise Malformed("json_syntax") from error
    # The decoder joins proper pairs; what is left is half a character, which no UTF-8 text can hold.
    if "\\u" in text:
        _refuse_lone_surrogates(value)
    return value


def _refuse_deep_nesting(body: bytes) -> None:
    depth = 0
    in_text = False
    for token in _STRUCTURE.finditer(body):
        sign = token[0]
        if sign == b'"':
            in_text = not in_text
        elif in_text:
            continue
        elif sign in b"[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise Malformed("json_depth")
        elif sign in b"]}":
            depth -= 1


def _refuse_lone_surrogates(value: object) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise Malformed("json_surrogate") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("json_duplicate_key")
    return found


def _integer(text: str) -> int:
    if len(text.lstrip("-")) > MAX_INTEGER_DIGITS:
        # Every field has bounds far below, and refuses it by name; its thousands of digits are never worked out.
        return -_BEYOND_EVERY_FIELD if text.startswith("-") else _BEYOND_EVERY_FIELD
    return int(text)


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise Malformed("json_number")
    return number


def _constant(_: str) -> NoReturn:
    raise Malformed("json_number")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_number, parse_constant=_constant
)
