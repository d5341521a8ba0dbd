"""What an identifying number must be: bank card, resident ID and other documents, mobile, e-mail.

Each function takes text as a person typed it and gives the one form that is stored and compared, or raises
`InvalidValue`. Who issued a card is `issuers`' matter, how a number is shown is `masks`'.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stdnum import luhn
from stdnum.cn import ric

from hub.domain.errors import InvalidValue
from hub.domain.invisible import is_invisible, without_invisible

ADULT_AGE = 18
EMAIL_LIMIT = 254
"""Characters of an address: RFC 5321 4.5.3.1.3 takes 256 octets with the angle brackets."""

# Division codes of provinces after GB/T 2260, with 83 of the residence permit for people from Taiwan (2018).
# Counties below them come and go, and an old number stays valid, so no more than the province is looked at.
_PROVINCES = frozenset(
    {
        *("11", "12", "13", "14", "15"),  # north
        *("21", "22", "23"),  # north-east
        *("31", "32", "33", "34", "35", "36", "37"),  # east
        *("41", "42", "43", "44", "45", "46"),  # centre and south
        *("50", "51", "52", "53", "54"),  # south-west
        *("61", "62", "63", "64", "65"),  # north-west
        *("71", "81", "82", "83"),  # Taiwan, Hong Kong, Macau
    }
)
_EARLIEST_BIRTH_YEAR = 1800
"""An earlier year is mistyped; published examples of the standard go back to 1880."""

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# Only a-z: str.upper() would turn letters such as the dotless i into ASCII ones that nobody typed.
_UPPER = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}
# Signs that are used as a hyphen or blank, but are neither dashes nor spaces by their Unicode category; and what
# follows a digit that is drawn as a picture.
_SEPARATORS = frozenset("\t\u02d7\u2043\u2212\ufe0e\ufe0f")

_CARD_LENGTHS = range(13, 20)
_RESIDENT_ID = re.compile(r"[0-9]{17}[0-9X]")
# The country's code as phones write it: 13 digits that begin with 861 can be no other number.
_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9][0-9]{9})")
# Parted by dots, or the country's code in brackets.
_MOBILE_MARKS = str.maketrans("", "", ".·・()")
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
_EMAIL_LOCAL_LIMIT = 64


class IdType(StrEnum):
    """The documents a person can be known by."""

    RESIDENT_ID = "resident_id"
    PASSPORT = "passport"
    HK_MACAU_PERMIT = "hk_macau_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    MILITARY_ID = "military_id"
    FOREIGN_PERMANENT_RESIDENT = "foreign_permanent_resident"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """How a document's number looks: `expected` is its length as a person reads it."""

    shortest: int
    longest: int
    expected: str
    characters: re.Pattern[str]


_FORMS = {
    IdType.PASSPORT: _Form(
        shortest=5, longest=17, expected="5–17", characters=re.compile(r"(?=[A-Z0-9]*[0-9])[A-Z0-9]+")
    ),
    # A letter and eight digits; older cards add two digits for the number of times it was issued, some in brackets.
    # People of other nationalities have HA or MA and seven digits, since 10 July 2024 (National Immigration
    # Administration).
    IdType.HK_MACAU_PERMIT: _Form(
        shortest=9,
        longest=13,
        expected="9/11",
        characters=re.compile(r"[A-Z][0-9]{8}(?:[0-9]{2}|\([0-9]{2}\))?|[HM]A[0-9]{7}"),
    ),
    # Eight digits; older booklets have ten and a letter, often in brackets.
    IdType.TAIWAN_PERMIT: _Form(
        shortest=8,
        longest=13,
        expected="8–13",
        characters=re.compile(r"[0-9]{8}|[0-9]{10}(?:[A-Z]|\([A-Z0-9]{1,2}\))?"),
    ),
    # 军字第1234567号: the words before the digits differ by service, and newer cards have digits alone.
    IdType.MILITARY_ID: _Form(
        shortest=6,
        longest=20,
        expected="6–20",
        characters=re.compile(r"[A-Z\u4e00-\u9fff]{0,8}[0-9]{6,18}号?"),
    ),
    # Until 2023 three letters of the country and twelve digits, since then 18 digits that begin with 9.
    IdType.FOREIGN_PERMANENT_RESIDENT: _Form(
        shortest=15, longest=18, expected="15/18", characters=re.compile(r"[A-Z]{3}[0-9]{12}|9[0-9]{16}[0-9X]")
    ),
}
# What of a number stays the same however it is spelt and however often the document was issued anew.
_LASTING = {
    IdType.HK_MACAU_PERMIT: re.compile(r"([A-Z][0-9]{8})(?:[0-9]{2}|\([0-9]{2}\))?"),
    IdType.TAIWAN_PERMIT: re.compile(r"([0-9]{8})(?:[0-9]{2}.*)?"),
}
_MILITARY_WORDS = str.maketrans("", "", "字第号")


def normalised_digits(text: str) -> str:
    """`text` with full-width signs in ASCII, a-z as capitals, and no space, hyphen or invisible sign of any kind."""
    return "".join(sign for sign in text.translate(_FULL_WIDTH) if not _is_separator(sign)).translate(_UPPER)


def _is_separator(sign: str) -> bool:
    return sign in _SEPARATORS or is_invisible(sign) or unicodedata.category(sign) in {"Zs", "Pd"}


def _is_ascii_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def card_number(text: str) -> str:
    """The bank card number as digits alone.

    Raises InvalidValue: `card_characters`, `card_length` (13 to 19 digits, the first not 0). Whether the check digit
    fits is another question: `fits_luhn`.
    """
    number = normalised_digits(text)
    if number and not _is_ascii_digits(number):
        raise InvalidValue("card_characters")
    if len(number) not in _CARD_LENGTHS or number.startswith("0"):
        raise InvalidValue("card_length")
    return number


def fits_luhn(number: str) -> bool:
    """Whether the check digit of a card number is the one that ISO/IEC 7812-1 asks for; a few real cards break it."""
    return bool(luhn.is_valid(number))


def resident_id(text: str, *, today: date) -> str:
    """The resident identity number, 18 characters with a capital X, of a person who is an adult on `today`.

    By GB 11643-1999. Raises InvalidValue: `id_length` (`expected`), `id_characters`, `id_check_character`,
    `id_region`, `id_birth_date`, `under_age` (`age`).
    """
    number = normalised_digits(text)
    if len(number) != 18:
        raise InvalidValue("id_length", expected="18")
    if not _RESIDENT_ID.fullmatch(number):
        raise InvalidValue("id_characters")
    if number[-1] != ric.calc_check_digit(number):
        raise InvalidValue("id_check_character")
    if number[:2] not in _PROVINCES:
        raise InvalidValue("id_region")
    if not _is_adult(_birth_date(number, today), today):
        raise InvalidValue("under_age", age=ADULT_AGE)
    return number


def _birth_date(number: str, today: date) -> date:
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as error:
        raise InvalidValue("id_birth_date") from error
    if born_on.year < _EARLIEST_BIRTH_YEAR or born_on > today:
        raise InvalidValue("id_birth_date")
    return born_on


def age_on(number: str | None, day: date) -> int | None:
    """How old the holder of a resident identity number is on `day`; None for other documents and for none."""
    if number is None or not _RESIDENT_ID.fullmatch(number):
        return None
    born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def _is_adult(born_on: date, today: date) -> bool:
    # Compared part by part, so that a person born on 29 February is of age on 1 March of a common year.
    return (today.year - ADULT_AGE, today.month, today.day) >= (born_on.year, born_on.month, born_on.day)


def id_number(id_type: IdType, text: str, *, today: date) -> str:
    """The number of a document of this type, in capitals, without spaces and hyphens.

    Raises InvalidValue: those of `resident_id`; for other types `id_length` (`expected`), `id_characters`.
    """
    if id_type is IdType.RESIDENT_ID:
        return resident_id(text, today=today)
    form = _FORMS[id_type]
    number = normalised_digits(text)
    if not form.shortest <= len(number) <= form.longest:
        raise InvalidValue("id_length", expected=form.expected)
    if not form.characters.fullmatch(number):
        raise InvalidValue("id_characters")
    if id_type is IdType.FOREIGN_PERMANENT_RESIDENT and number[0] == "9" and number[-1] != ric.calc_check_digit(number):
        raise InvalidValue("id_check_character")
    return number


def lasting_number(id_type: IdType, number: str) -> str:
    """What tells one person from another by a number that `id_number` gave: alike for all spellings of a document."""
    if id_type is IdType.MILITARY_ID:
        return number.translate(_MILITARY_WORDS)
    lasting = _LASTING[id_type].fullmatch(number) if id_type in _LASTING else None
    return number if lasting is None else lasting[1]


def mobile(text: str) -> str:
    """The mobile number of mainland China as 11 digits, without the country's code. Raises InvalidValue: `mobile`."""
    number = _MOBILE.fullmatch(normalised_digits(text).translate(_MOBILE_MARKS))
    if number is None:
        raise InvalidValue("mobile")
    return number[1]


def email(text: str) -> str:
    """The e-mail address, blanks at its ends and invisible signs off, safe in a mail's header.

    ASCII only, without quoted local parts and address literals: nothing else can be relied on to arrive.
    Raises InvalidValue: `email`.
    """
    address = without_invisible(text).strip(" \t\u00a0\u3000")
    if len(address) > EMAIL_LIMIT or not _EMAIL.fullmatch(address):
        raise InvalidValue("email")
    if address.index("@") > _EMAIL_LOCAL_LIMIT:
        raise InvalidValue("email")
    return address


def compared_email(text: str) -> str:
    """An address as it is looked up: without blanks at its ends and signs that nobody sees, in small letters."""
    return without_invisible(text).strip().lower()
