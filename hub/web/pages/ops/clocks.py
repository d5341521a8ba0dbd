"""`/ops/clocks`: how long every bank still has to answer."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, request

from hub.domain.errors import Refused
from hub.services.reading.operator.clocks import clock_page
from hub.services.reading.operator.tally import tally_of
from hub.web.access import face
from hub.web.pages.ops.wording import bank_names
from hub.web.pages.rendering import page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_staff, for_operators
from hub.web.pagination import Cursors

pages = Blueprint("clocks", __name__)

_HERE = "/ops/clocks"


@pages.route("/clocks")
@for_operators
def listed() -> Response:
    """The running clocks, the one due first at the front; with `show=late` those that are past."""
    late_only = request.args.get("show") == "late"
    visitor, hub = current_staff(), face().hub
    cursors = Cursors(keyring=hub.keyring, of=f"ops-clocks/{visitor.id}")
    after = _place(cursors)
    with hub.reading(visitor.actor) as tx:
        found = clock_page(tx, late_only=late_only, after=after)
        counts, names = tally_of(tx).clocks, bank_names(tx)
    first = f"{_HERE}?show=late" if late_only else _HERE
    return page(
        "ops/clocks.html",
        title=translate("答复计时"),
        items=found.items,
        counts=counts,
        bank_names=names,
        late_only=late_only,
        first=first if after else "",
        next=_next(found.next_place, cursors, late_only=late_only),
    )


def _place(cursors: Cursors) -> tuple[datetime, str] | None:
    given = request.args.get("cursor")
    if given is None:
        return None
    try:
        place: list[Any] = cursors.read(given)
    except Refused:
        # An address that somebody else sent, or one that was cut off: the first page is the answer to it.
        return None
    return datetime.fromisoformat(place[0]), place[1]


def _next(place: tuple[datetime, str] | None, cursors: Cursors, *, late_only: bool) -> str:
    if place is None:
        return ""
    cursor = cursors.make([place[0].isoformat(), place[1]])
    return f"{_HERE}?{'show=late&' if late_only else ''}cursor={cursor}"
