"""Amounts, numbers, dates and percentages as people write them, read into the one spelling of the schemas.

Every function raises `InvalidValue` with a code that a person can act on.
"""

import re
import unicodedata
from calendar import monthrange
from datetime import date, datetime, time
from decimal import Decimal

from hub.domain.china import CHINA
from hub.domain.errors import InvalidValue

_UNITS = {"": 1, "千": 1_000, "万": 10_000, "萬": 10_000, "w": 10_000}
_MONEY = re.compile(r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,13})(?:\.(?P<part>[0-9]*))?(?P<unit>[千万萬w]?)")
_AROUND_MONEY = re.compile(
    r"^(?:人民[币幣]|rmb|cny|约|大约|¥|元)*|(?:元整?|圆|圓|[块塊][钱錢]?|人民[币幣]|yuan|rmb|cny)*$"
)
_NUMBER = re.compile(r"[0-9]{1,13}")
_FULL_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})[日号號]?")
_PACKED_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_DAY_OF_YEAR = re.compile(r"([0-9]{1,2})[-/.月]([0-9]{1,2})[日号號]?")
_MONTH = re.compile(r"(?:([0-9]{4})[-/.年])?([0-9]{1,2})(?:月份?)?")
# Chinese leaves the minutes of a full hour out, and says a half.
_TIME = re.compile(r"([0-9]{1,2})(?:[:时時点點]([0-9]{2})(?::[0-9]{2})?分?|[时時点點](半|整|钟|鐘)?)")
_HALF = "半"
_AFTER_DAY = re.compile(r"(?<=[日号號])(?=[0-9])")


def _plain(typed: str) -> str:
    """`typed` with full-width signs in ASCII, without blanks and signs that nobody sees, in lower case."""
    seen = (sign for sign in unicodedata.normalize("NFKC", typed) if unicodedata.category(sign) != "Cf")
    return "".join("".join(seen).split()).lower()


def typed_fen(typed: str) -> int:
    """1050, 1,050, ¥1050, 1050.5元, １０５０, 1.2万: the amount in fen. Raises `money_form`, `money_decimals`."""
    text = _AROUND_MONEY.sub("", _plain(typed).replace("￥", "¥"))
    found = _MONEY.fullmatch(text)
    if found is None:
        raise InvalidValue("money_form")
    yuan = Decimal(f"{found['whole'].replace(',', '')}.{found['part'] or 0}") * _UNITS[found["unit"]]
    fen = yuan * 100
    if fen != fen.to_integral_value():
        raise InvalidValue("money_decimals")
    return int(fen)


def typed_number(typed: str) -> int:
    """36, ３６, 36 期: a whole number. Raises `number_form`."""
    text = re.sub(r"(?:期|个月|月|口人|个人|人|口|天|位|名|个)$", "", _plain(typed))
    if not _NUMBER.fullmatch(text):
        raise InvalidValue("number_form")
    return int(text)


def typed_percent(typed: str, *, decimals: int = 2) -> str:
    """3.6, 3.60%, ３.６％: as a decimal text. Raises `percent_typed`."""
    text = _plain(typed).removesuffix("%")
    if not re.fullmatch(rf"[0-9]{{1,3}}(?:\.[0-9]{{1,{decimals}}})?", text):
        raise InvalidValue("percent_typed")
    return f"{Decimal(text)}"


def typed_date(typed: str, *, today: date, past: bool = False) -> date:
    """2026-12-15, 2026/12/15, 20261215, 2026年12月15日, 12月15日: a day. Raises `date_typed`.

    Where the year is left out it is the next such day from `today`, or the last one where `past`. Of the past, a month
    will do: 2026-06, 2026年6月 and 6月 are its first day.
    """
    text = _plain(typed)
    found = _FULL_DATE.fullmatch(text) or _PACKED_DATE.fullmatch(text)
    try:
        if found is not None:
            return date(*(int(part) for part in found.groups()))
        found = _DAY_OF_YEAR.fullmatch(text)
        if found is not None:
            return _nearest(int(found[1]), int(found[2]), today=today, past=past)
        found = _MONTH.fullmatch(text) if past and not text.isdigit() else None
        if found is not None:
            month = int(found[2])
            return _nearest(month, 1, today=today, past=True) if found[1] is None else date(int(found[1]), month, 1)
    except ValueError:
        pass
    raise InvalidValue("date_typed")


def _nearest(month: int, day: int, *, today: date, past: bool) -> date:
    # 29 February comes every fourth year, and now and then after eight; any other day within two.
    for ahead in range(9):
        year = today.year - ahead if past else today.year + ahead
        if date.min.year <= year <= date.max.year and _has(year, month, day):
            on = date(year, month, day)
            if on <= today if past else on >= today:
                return on
    raise ValueError


def _has(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def typed_time(typed: str) -> time:
    """9:30, ９：３０, 9点30分, 9点半, 9点: a time of the day. Raises `time_typed`."""
    found = _TIME.fullmatch(_plain(typed))
    if found is None:
        raise InvalidValue("time_typed")
    minutes = 30 if found[3] == _HALF else int(found[2] or 0)
    try:
        return time(int(found[1]), minutes)
    except ValueError as error:
        raise InvalidValue("time_typed") from error


def typed_instant(typed: str) -> str:
    """2026-11-21T10:00, 2026-11-21 10:00, 2026年11月21日9时30分: an instant, in China time. Raises `time_typed`."""
    seen = (sign for sign in unicodedata.normalize("NFKC", typed) if unicodedata.category(sign) != "Cf")
    text = _AFTER_DAY.sub(" ", "".join(seen).strip())
    day_text, _, time_text = text.replace("T", " ").partition(" ")
    try:
        at = datetime.combine(typed_date(day_text, today=date.max), typed_time(time_text), CHINA)
    except InvalidValue as error:
        raise InvalidValue("time_typed") from error
    return at.isoformat(timespec="seconds")
