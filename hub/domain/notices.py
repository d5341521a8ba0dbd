"""The State Council's holiday notices: which days a year are off, and which weekend days work instead.

A notice is one of the official ones in `notice_data/`, or a file that the operator imports when the next is
published; both are read by the same strict rules. What follows from notices lives in `working_days`.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources

from hub.domain.errors import Fault, Refused
from hub.domain.statutory_days import FIRST_ARRANGED_YEAR, LAST_YEAR, LATE_DECEMBER

MAX_NUMBER_LENGTH = 64
MAX_SOURCE_LENGTH = 500

_REQUIRED = ("year", "notice", "published_on", "off", "work")
_KNOWN = frozenset({*_REQUIRED, "source"})
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One year's arrangement of holidays.

    `notice` is its number (`国办发明电〔2025〕7号`), `off` every day of the holidays it names, weekends among
    them, `work` the weekend days that work instead. Days belong to `year`, or to the last days of December
    before it: the notice for 2019 moved 2018-12-29 to 2018-12-31. No notice has ever reached into the January
    after, which the next one arranges, so such a day is taken for a slip. Raises Refused with all faults.
    """

    year: int
    notice: str
    published_on: date
    off: frozenset[date]
    work: frozenset[date]
    source: str = ""

    def __post_init__(self) -> None:
        faults = [
            *_text_faults("/notice", self.notice, MAX_NUMBER_LENGTH, required=True),
            *_text_faults("/source", self.source, MAX_SOURCE_LENGTH, required=False),
            *_day_faults(self.year, sorted(self.off), sorted(self.work)),
        ]
        if faults:
            raise Refused(*faults)


def parse_notice(data: object) -> Notice:
    """The notice that `data`, the JSON of an import file, describes.

    The form is `{"year", "notice", "published_on", "off": [dates], "work": [dates]}`, and a `source` text if
    somebody wants to note where it was read. Raises Refused with every fault at once.
    """
    if not isinstance(data, Mapping):
        raise Refused(Fault("", "not_an_object"))
    faults = [Fault(f"/{_escaped(str(key))}", "unknown_field") for key in data if key not in _KNOWN]
    faults += [Fault(f"/{name}", "required") for name in _REQUIRED if name not in data]
    year = _read_year(data, faults)
    number = _read_text(data, "notice", faults)
    source = _read_text(data, "source", faults)
    published_on = _read_day(data["published_on"], "/published_on", faults) if "published_on" in data else None
    off, work = (_read_days(data, name, faults) for name in ("off", "work"))
    faults += _text_faults("/notice", number, MAX_NUMBER_LENGTH, required=True)
    faults += _text_faults("/source", source, MAX_SOURCE_LENGTH, required=False)
    if year is not None and off is not None and work is not None:
        faults += _day_faults(year, off, work)
    if faults or year is None or number is None or published_on is None:
        raise Refused(*faults)
    return Notice(
        year=year,
        notice=number.strip(),
        published_on=published_on,
        off=frozenset(filter(None, off or ())),
        work=frozenset(filter(None, work or ())),
        source=(source or "").strip(),
    )


def require_published(notice: Notice, today: date) -> None:
    """Raises Refused for a notice that was published on a day which has not come."""
    if notice.published_on > today:
        raise Refused(Fault("/published_on", "not_published_yet"))


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _read_year(data: Mapping[str, object], faults: list[Fault]) -> int | None:
    year = data.get("year")
    if type(year) is int:
        return year
    if "year" in data:
        faults.append(Fault("/year", "not_an_integer"))
    return None


def _read_text(data: Mapping[str, object], name: str, faults: list[Fault]) -> str | None:
    text = data.get(name)
    if isinstance(text, str):
        return text
    if name in data:
        faults.append(Fault(f"/{name}", "not_text"))
    return None


def _read_day(text: object, pointer: str, faults: list[Fault]) -> date | None:
    # The pattern comes first: fromisoformat also takes 20270101 and 2027-W01-1, which nobody was promised.
    if isinstance(text, str) and _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    faults.append(Fault(pointer, "not_a_date"))
    return None


def _read_days(data: Mapping[str, object], name: str, faults: list[Fault]) -> list[date | None] | None:
    """The days under `name`, None in the place of one that cannot be read, so that places still count."""
    if name not in data:
        return None
    days = data[name]
    if not isinstance(days, list):
        faults.append(Fault(f"/{name}", "not_a_list"))
        return None
    return [_read_day(text, f"/{name}/{place}", faults) for place, text in enumerate(days)]


def _text_faults(pointer: str, text: str | None, max_length: int, *, required: bool) -> list[Fault]:
    if text is None:
        return []
    if required and not text.strip():
        return [Fault(pointer, "blank")]
    if len(text) > max_length:
        return [Fault(pointer, "too_long", {"max": max_length})]
    return []


def _day_faults(year: int, off: Sequence[date | None], work: Sequence[date | None]) -> list[Fault]:
    """Every rule that the days of a notice for `year` break; None stands for a day that could not be read."""
    if not FIRST_ARRANGED_YEAR <= year <= LAST_YEAR:
        return [Fault("/year", "year_out_of_range", {"min": FIRST_ARRANGED_YEAR, "max": LAST_YEAR})]
    faults = [] if off else [Fault("/off", "no_days_off")]
    faults += [*_place_faults(year, "off", off), *_place_faults(year, "work", work)]
    for place, day in enumerate(work):
        if day is not None and day.weekday() < 5:
            faults.append(Fault(f"/work/{place}", "not_a_weekend", {"day": str(day)}))
        if day is not None and day in off:
            faults.append(Fault(f"/work/{place}", "off_and_work", {"day": str(day)}))
    return faults


def _place_faults(year: int, name: str, days: Sequence[date | None]) -> Iterable[Fault]:
    earliest, latest = date(year - 1, *LATE_DECEMBER), date(year, 12, 31)
    seen: set[date] = set()
    for place, day in enumerate(days):
        if day is None:
            continue
        if not earliest <= day <= latest:
            params = {"day": str(day), "from": str(earliest), "to": str(latest)}
            yield Fault(f"/{name}/{place}", "day_outside_year", params)
        if day in seen:
            yield Fault(f"/{name}/{place}", "day_twice", {"day": str(day)})
        seen.add(day)


def _read_published() -> Iterable[Notice]:
    for file in resources.files("hub.domain").joinpath("notice_data").iterdir():
        if file.name.endswith(".json"):
            yield parse_notice(json.loads(file.read_text(encoding="utf-8")))


PUBLISHED: tuple[Notice, ...] = tuple(sorted(_read_published(), key=lambda notice: notice.year))
"""The official notices that come with the hub, by year; each file names its number and where it was read."""
