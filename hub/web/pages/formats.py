"""How amounts, days and times are written on pages, in both languages. Takes values and their plain spelling alike."""

import re
from datetime import date, datetime
from typing import Final

from markupsafe import Markup, escape

from hub.documents.typesetting import file_size
from hub.domain.amounts import yuan as amount
from hub.domain.answer_time import is_soon
from hub.domain.china import CHINA, spoken_day
from hub.domain.day_strip import DayOfStrip, strip_of
from hub.domain.errors import InvalidValue
from hub.domain.masks import card_last4, mask_card, mask_id, mask_mobile, mask_name
from hub.domain.paging import MOST_COUNTED
from hub.domain.plain import Plain
from hub.web.pages.translation import page_language, translate
from hub.web.pages.typed_input import typed_fen

TIME: Final = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})(?P<time> \d{2}:\d{2})?(?!\d)")
"""A day, perhaps with a time in China, as the log and tasks have it."""
_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def yuan(fen: int) -> str:
    """1,050.00 元, or ¥1,050.00; a minus stands before the sign of the yuan."""
    if page_language() != "en":
        return f"{amount(fen)} 元"
    return f"−¥{amount(-fen)}" if fen < 0 else f"¥{amount(fen)}"


def _as_date(value: date | str) -> date:
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
    return value.astimezone(CHINA).date() if isinstance(value, datetime) else value


def _as_datetime(value: datetime | str) -> datetime:
    return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(CHINA)


def day(value: date | str) -> str:
    """2026 年 11 月 23 日（周一）, or Mon 23 Nov 2026; an instant by its day in China."""
    on = _as_date(value)
    if page_language() == "en":
        return f"{_WEEKDAYS_EN[on.weekday()]} {on.day} {_MONTHS_EN[on.month - 1]} {on.year}"
    return f"{spoken_day(on)}（周{_WEEKDAYS_ZH[on.weekday()]}）"


def short_day(value: date | str) -> str:
    """11 月 23 日, or 23 Nov."""
    on = _as_date(value)
    return f"{on.day} {_MONTHS_EN[on.month - 1]}" if page_language() == "en" else f"{on.month} 月 {on.day} 日"


def due_day(value: date | str) -> str:
    """11 月 23 日（周一）, or Mon 23 Nov: a day that is near, whose year goes without saying."""
    on = short_day(value)
    return f"{weekday(value)} {on}" if page_language() == "en" else f"{on}（周{weekday(value)}）"


def month(value: date | str) -> str:
    """2026 年 11 月, or Nov 2026."""
    on = _as_date(value)
    return f"{_MONTHS_EN[on.month - 1]} {on.year}" if page_language() == "en" else f"{on.year} 年 {on.month} 月"


def moment(value: datetime | str) -> str:
    """2026 年 11 月 23 日（周一）18:00, in China time."""
    at = _as_datetime(value)
    return f"{day(at)} {at:%H:%M}" if page_language() == "en" else f"{day(at)}{at:%H:%M}"


def short_moment(value: datetime | str, today: date | str) -> str:
    """今天 16:39, 11 月 28 日 16:39, or with its year where that is another than today's; in China time."""
    at, now = _as_datetime(value), _as_date(today)
    if at.date() == now:
        return translate("今天 %(time)s", time=f"{at:%H:%M}")
    year = "" if at.year == now.year else f" {at.year}" if page_language() == "en" else f"{at.year} 年 "
    on = short_day(at)
    return f"{on}{year} {at:%H:%M}" if page_language() == "en" else f"{year}{on} {at:%H:%M}"


def strip(clock: Plain, today: date | str) -> list[DayOfStrip]:
    """The days of a time to answer, as the API shows it, with today in its place."""
    days = (date.fromisoformat(each["date"]) for each in clock["explained"] if each["counted"])
    return strip_of(days, _as_date(today))


def days_in_words(text: str) -> str:
    """`text` with each of its days and times, as the log and tasks have them, written as on pages."""

    def written(found: re.Match[str]) -> str:
        try:
            on = day(found["day"])
        except ValueError:
            return found[0]
        time = (found["time"] or "").strip()
        return f"{on} {time}".rstrip() if page_language() == "en" else f"{on}{time}"

    return TIME.sub(written, text)


def day_number(value: date | str) -> int:
    """23: the day of its month alone, in a strip of days."""
    return _as_date(value).day


def weekday(value: date | str) -> str:
    """五, or Fri: behind the number of a day, in a strip of days."""
    days = _WEEKDAYS_EN if page_language() == "en" else _WEEKDAYS_ZH
    return days[_as_date(value).weekday()]


def clock_time(value: datetime | str) -> str:
    """18:00, in China time."""
    return f"{_as_datetime(value):%H:%M}"


def iso(value: date | datetime | str) -> str:
    """The spelling of the `datetime` attribute of HTML's `time`."""
    return value if isinstance(value, str) else value.isoformat()


def ten_thousands(fen: int) -> str:
    """1.85 万, for amounts of ten thousand yuan and more; empty otherwise and in English."""
    if abs(fen) < 1_000_000 or page_language() == "en":
        return ""
    return f"{fen / 1_000_000:.2f}".rstrip("0").rstrip(".") + " 万"


def in_ten_thousands(typed: str) -> str:
    """What a person typed as an amount, in ten thousands as `ten_thousands` has it; empty for what is none."""
    try:
        return ten_thousands(typed_fen(typed))
    except InvalidValue:
        return ""


_WITH_UNIT = re.compile(r"(?P<number>-?[0-9,]+\.[0-9]{2}) (?P<unit>元)")


def small_unit(text: str | Markup) -> str | Markup:
    """An amount with its unit in small letters; any other text as it is."""
    found = _WITH_UNIT.fullmatch(text)
    return text if found is None else Markup('<span class="whole">{} <small>{}</small></span>').format(*found.groups())


def days_left(working_days: int) -> str:
    """还剩 n 个工作日."""
    if working_days == 0:
        return translate("今天到期")
    return translate("还剩 %(n)s 个工作日", n=working_days)


def masked_name(name: str) -> Markup:
    """王*明, marked as a name: it is the same in every language."""
    return own_words(mask_name(name))


def own_words(text: str) -> Markup:
    """Words and names that somebody typed, marked so: they are shown as they are, in whatever language."""
    return Markup('<bdi class="own-words">{}</bdi>').format(text) if text else Markup("")


_PHONE = re.compile(r"[0-9][0-9-]{3,}[0-9]")


def phones(text: str) -> Markup:
    """The text, each phone number in it one that a phone calls when it is touched."""
    return Markup(_PHONE.sub(r'<a href="tel:\g<0>">\g<0></a>', str(escape(text))))  # noqa: S704 - escaped before


def whole(text: str) -> Markup:
    """A short text, as an amount with its unit, that no end of a line divides."""
    return Markup('<span class="text-nowrap">{}</span>').format(text)


_WHOLE_PARTS = re.compile(r"\d+ 月 \d+ 日|（周.）(?:\d\d:\d\d)?|[\d,]+\.\d\d 元|XS-[\d-]+")


def whole_parts(text: str) -> Markup:
    """The text, the parts of it that no line may end within kept together: 12 月 1 日, （周二）18:00, 542.91 元."""
    return Markup(_WHOLE_PARTS.sub(r'<span class="whole">\g<0></span>', str(escape(text))))  # noqa: S704 - escaped


def days_tone(working_days_left: int) -> str:
    """How a time to answer is coloured that has so many working days left: today, soon or ok."""
    if working_days_left == 0:
        return "today"
    return "soon" if is_soon(working_days_left) else "ok"


_AVATAR_TONES = 5


def avatar_tone(name: str) -> int:
    """Which of the colours behind a name's first sign is this name's: the same one everywhere, from 1."""
    return sum(map(ord, name)) % _AVATAR_TONES + 1


def counted(number: int) -> str:
    """How many there are: never more than was counted."""
    return f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number)


FILTERS = {
    "counted": counted,
    "amount": amount,
    "yuan": yuan,
    "day": day,
    "short_day": short_day,
    "due_day": due_day,
    "month": month,
    "strip": strip,
    "moment": moment,
    "short_moment": short_moment,
    "clock_time": clock_time,
    "iso": iso,
    "file_size": file_size,
    "ten_thousands": ten_thousands,
    "in_ten_thousands": in_ten_thousands,
    "small_unit": small_unit,
    "day_number": day_number,
    "weekday": weekday,
    "days_left": days_left,
    "whole_parts": whole_parts,
    "days_tone": days_tone,
    "mask_name": masked_name,
    "own_words": own_words,
    "phones": phones,
    "whole": whole,
    "mask_id": mask_id,
    "mask_mobile": mask_mobile,
    "mask_card": mask_card,
    "card_last4": card_last4,
    "avatar_tone": avatar_tone,
}
"""What templates write values with."""
