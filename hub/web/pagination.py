"""Lists page by page: how long a page is, where it begins, and a cursor that only the hub can have made."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from hub.domain.errors import Fault, Refused
from hub.domain.paging import Page, Place
from hub.domain.plain import Plain

MOST = 200
USUAL = 50

_WHOLE = re.compile(r"[0-9]{1,9}")


class Signer(Protocol):
    """The keys of the hub, as far as a cursor needs them."""

    def sign(self, data: bytes, *, purpose: str) -> str:
        """A signature good for this purpose alone."""

    def verify(self, data: bytes, signature: str, *, purpose: str) -> bool:
        """Whether the hub made it for this purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursors:
    """Makes and reads the cursors of one list of one client: `of` names both."""

    keyring: Signer
    of: str

    def make(self, place: list[Any]) -> str:
        """The cursor behind `place`, which is JSON data."""
        text = base64.urlsafe_b64encode(json.dumps(place, separators=(",", ":")).encode()).rstrip(b"=")
        return f"{text.decode()}.{self.keyring.sign(text, purpose=self._purpose)}"

    def read(self, cursor: str) -> list[Any]:
        """The place that the cursor was made of; raises `Refused` for one that was not made for this list."""
        text, _, signature = cursor.partition(".")
        raw = text.encode("ascii", "replace")
        if not self.keyring.verify(raw, signature, purpose=self._purpose):
            raise Refused(Fault("/cursor", "cursor"))
        try:
            place: list[Any] = json.loads(base64.urlsafe_b64decode(raw + b"=" * (-len(raw) % 4)))
        except (ValueError, binascii.Error) as error:
            raise Refused(Fault("/cursor", "cursor")) from error
        return place

    @property
    def _purpose(self) -> str:
        return f"cursor/{self.of}"


def limit_of(given: str | None) -> int:
    """How many items a page shall have; raises `Refused` for anything but 1 to 200."""
    if given is None:
        return USUAL
    if not _WHOLE.fullmatch(given) or not 1 <= int(given) <= MOST:
        raise Refused(Fault("/limit", "out_of_range", {"min": 1, "max": MOST}))
    return int(given)


def page_of(given: Mapping[str, str], cursors: Cursors) -> Page:
    """The page that a query's `limit` and `cursor` ask for; raises `Refused`."""
    limit = limit_of(given.get("limit"))
    if "cursor" not in given:
        return Page(limit=limit)
    at, id_ = cursors.read(given["cursor"])
    return Page(limit=limit, after=(datetime.fromisoformat(at), id_))


def listed(items: list[Plain], next_place: Place | None, cursors: Cursors) -> Plain:
    """One page as the API gives it."""
    cursor = None if next_place is None else cursors.make([next_place[0].isoformat(), next_place[1]])
    return {"items": items, "next_cursor": cursor}


def cut(items: list[Plain], given: Mapping[str, str], cursors: Cursors) -> Plain:
    """One page of a list that is short enough to be at hand whole."""
    limit = limit_of(given.get("limit"))
    start = int(cursors.read(given["cursor"])[0]) if "cursor" in given else 0
    more = start + limit < len(items)
    return {"items": items[start : start + limit], "next_cursor": cursors.make([start + limit]) if more else None}
