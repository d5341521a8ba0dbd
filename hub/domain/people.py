"""Names and free text of people: what is kept as it was sent, and the little that is refused.

A real name can have 生僻字 of planes 2 and 3, private-use characters of old systems, `·`, accents, hyphens:
only what no name or text can mean is refused, as control characters, broken encodings, direction overrides.
"""

import unicodedata

from hub.domain.errors import InvalidValue
from hub.domain.invisible import trimmed

NAME_LIMIT = 100
"""Characters (code points) of a name."""

# Embeddings, overrides and isolates: they show a name in another order than it is stored in.
_DIRECTION_CHANGES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINE_SEPARATORS = frozenset("\u2028\u2029")
# Letters and signs by their category, but blank on paper.
_INVISIBLE = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def person_name(text: str) -> str:
    """The name as it was sent, but for blanks and signs that nobody sees at its ends.

    Raises InvalidValue: `name_required`, `name_length` (`limit`, in code points), `name_characters`.
    """
    name = trimmed(text)
    if not name:
        raise InvalidValue("name_required")
    if len(name) > NAME_LIMIT:
        raise InvalidValue("name_length", limit=NAME_LIMIT)
    if any(_is_broken(sign) or sign in _DIRECTION_CHANGES or sign in _LINE_SEPARATORS for sign in name):
        raise InvalidValue("name_characters")
    if says_nothing(name):
        raise InvalidValue("name_required")
    return name


def _is_broken(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Cs"} or _is_noncharacter(sign)


def _is_noncharacter(sign: str) -> bool:
    # By code, not by category "Cn": ideographs that are newer than Python's tables are unassigned there too.
    code = ord(sign)
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def _is_visible(sign: str) -> bool:
    category = unicodedata.category(sign)
    return sign not in _INVISIBLE and category[0] not in "ZM" and category not in {"Cc", "Cf"}


def says_nothing(text: str) -> bool:
    """Whether nobody sees anything of the text: blanks, zero-width signs and the like alone."""
    return not any(_is_visible(sign) for sign in text)


def free_text(text: str, *, limit: int) -> str:
    """`text` exactly as it was sent, of at most `limit` code points; it may be empty.

    Line breaks and tabs are kept; CR LF is a line break, as forms of web pages send it.
    Raises InvalidValue: `text_too_long` (`limit`), `text_characters`.
    """
    if len(text) > limit:
        raise InvalidValue("text_too_long", limit=limit)
    # What turns the order of signs around shows something else than is stored, in a text as in a name.
    if any(
        sign in _DIRECTION_CHANGES or (_is_broken(sign) and sign not in "\n\t") for sign in text.replace("\r\n", "\n")
    ):
        raise InvalidValue("text_characters")
    return text


def plain_name(name: str) -> str:
    """A name as it is compared: letters and digits alone, in one form (NFKC) and one case."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", name).casefold() if sign.isalnum())
