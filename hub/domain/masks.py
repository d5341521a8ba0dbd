"""How names and numbers are shown wherever a full value is not due.

A mask never shows a whole value: what is too short to keep its ends is starred throughout.
"""

import re
import unicodedata
from enum import StrEnum

_STAR = "*"
# They join the sign before them: an accent, a variant of an ideograph, a joiner of Indic and Persian names.
_JOINERS = frozenset("\u200c\u200d")
# Bank systems and mail servers may repeat what they were sent: an address, a card, a mobile, an identity number.
_PERSONAL = re.compile(r"[^\s<>@:,;]+@[^\s<>@:,;]+|(?<![0-9a-f])\d{11,}[Xx]?(?![0-9a-f])")


class Masked(StrEnum):
    """What of a negotiation a bank's people see masked until they say why they need it in full."""

    NAME = "name"
    ID_NUMBER = "id_number"
    MOBILE = "mobile"
    EMAIL = "email"
    CARDS = "cards"
    HELPER = "helper"  # name and mobile of whoever helps the person


def scrubbed(text: str | None) -> str:
    """`text` without what may be an address or a number of a person."""
    return _PERSONAL.sub("…", text or "")


def mask_name(name: str) -> str:
    """王*明, 王*, 欧**明; names in letters with capitals word by word: J*** S****. Composed, so no syllable is cut."""
    name = unicodedata.normalize("NFC", name)
    if _has_cased_letters(name):
        return " ".join(_starred(_signs(word), first=1, last=0) for word in name.split())
    signs = _signs(name)
    return _starred(signs, first=1, last=1 if len(signs) > 2 else 0)


def _has_cased_letters(name: str) -> bool:
    return any(sign.lower() != sign.upper() for sign in name)


def _signs(text: str) -> list[str]:
    """`text` cut into what a reader takes for one character each."""
    signs: list[str] = []
    for sign in text:
        if signs and (sign in _JOINERS or unicodedata.category(sign).startswith("M")):
            signs[-1] += sign
        else:
            signs.append(sign)
    return signs


def _starred(signs: list[str] | str, *, first: int, last: int) -> str:
    hidden = len(signs) - first - last
    if hidden < 1:
        return _STAR * len(signs)
    return "".join(signs[:first]) + _STAR * hidden + "".join(signs[len(signs) - last :])


def mask_mobile(number: str) -> str:
    """138****8000: the first three and the last four digits."""
    return _starred(number, first=3, last=4)


def mask_email(address: str) -> str:
    """The first sign and the domain: what tells a slip of the pen from a stranger, and no more."""
    name, at, domain = address.strip().rpartition("@")
    return f"{name[:1]}***@{domain}" if at else "***"


def mask_id(number: str) -> str:
    """1101************2X: the first four and the last two characters."""
    return _starred(number, first=4, last=2)


def mask_card(number: str) -> str:
    """622210******0007: the first six and the last four digits, the most that PCI DSS lets be shown."""
    return _starred(number, first=6, last=4)


def card_last4(number: str) -> str:
    """The last four digits of a card, by which its holder knows it."""
    return number[-4:]
