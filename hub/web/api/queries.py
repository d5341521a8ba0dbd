"""What a list can be asked for: its statuses, its page, a time; unknown words are refused by name."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Final

from flask import request
from marshmallow import ValidationError

from hub.domain.china import china_instant
from hub.domain.errors import Fault, Refused
from hub.domain.lifecycle import Status
from hub.web.access import ApiCaller
from hub.web.bodies import single_values
from hub.web.pagination import Cursors
from schemas.fields import Day, Instant

MOST_HEADS: Final = 999_999_999
# Beyond these days a list of some days cannot be shown in every time zone.
_EARLIEST_LISTED: Final = date(1900, 1, 1)
_LATEST_LISTED: Final = date(8999, 12, 31)
_HEAD_NUMBER = re.compile(r"[0-9]{1,9}")
_DAY_ONLY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def query(*known: str, many: Sequence[str] = ()) -> Mapping[str, str]:
    """The query string's values by name; raises `Refused` for unknown and doubled names."""
    return single_values(request.args, known, many)


def head_number(name: str, text: str, *, least: int = 1) -> int:
    """The number of a head of the log, from `least` on, that was given under `name`; raises `Refused`."""
    if not _HEAD_NUMBER.fullmatch(text) or int(text) < least:
        raise Refused(Fault(f"/{name}", "out_of_range", {"min": least, "max": MOST_HEADS}))
    return int(text)


def statuses() -> list[Status]:
    """The statuses that were asked for, several times or with commas between; raises `Refused`."""
    words = [word for given in request.args.getlist("status") for word in given.split(",") if word]
    if any(word not in set(Status) for word in words):
        raise Refused(Fault("/status", "unknown_choice", {"choices": ", ".join(Status)}))
    return [Status(word) for word in dict.fromkeys(words)]


def day(given: Mapping[str, str], name: str) -> date:
    """The day that has to be there under `name`; raises `Refused`."""
    if name not in given:
        raise Refused(Fault(f"/{name}", "required"))
    try:
        return Day().deserialize(given[name])
    except ValidationError as error:
        raise Refused(Fault(f"/{name}", "date_form")) from error


def first_day(given: Mapping[str, str], name: str, *, today: date) -> date:
    """The day under `name` from which a list begins, `today` where nothing was sent; raises `Refused`.

    `day_range` for one so near to an end of the calendar that no days can be counted from it.
    """
    if name not in given:
        return today
    first = day(given, name)
    if not _EARLIEST_LISTED <= first <= _LATEST_LISTED:
        params = {"earliest": _EARLIEST_LISTED.isoformat(), "latest": _LATEST_LISTED.isoformat()}
        raise Refused(Fault(f"/{name}", "day_range", params))
    return first


def instant_or_day(given: Mapping[str, str], name: str) -> datetime | None:
    """The instant under `name`, or the beginning of a day in China; None where nothing was sent. Raises `Refused`."""
    text = given.get(name)
    if text is None:
        return None
    if _DAY_ONLY.fullmatch(text):
        try:
            return china_instant(day(given, name), time()).astimezone(UTC)
        except OverflowError as error:
            raise Refused(Fault(f"/{name}", "time_form")) from error
    try:
        # A plus sign that was not encoded arrives as a blank.
        return Instant().deserialize(text.replace(" ", "+"))
    except ValidationError as error:
        raise Refused(Fault(f"/{name}", "time_form")) from error


def cursors(caller: ApiCaller, list_name: str) -> Cursors:
    """The cursors of one list of the caller."""
    return Cursors(keyring=caller.hub.keyring, of=f"{list_name}/{caller.client_id}")
