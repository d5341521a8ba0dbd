"""The address of the queue: the question in it, and where its page begins."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from hub.domain.paging import Stretch
from hub.domain.queue_query import query_of
from hub.domain.queue_question import QueueQuestion
from hub.web.pagination import Cursors, Signer, limit_of

HOME: Final = "/portal/"
_PAGE_LENGTH: Final = "30"
_BEHIND, _BEFORE = ">", "<"


def address_of(question: QueueQuestion, **more: str) -> str:
    """Where the question is answered; `more` are further words of the address, left out where they are empty."""
    query = "&".join(part for part in (query_of(question), urlencode({k: v for k, v in more.items() if v})) if part)
    return f"{HOME}?{query}" if query else HOME


def changed(question: QueueQuestion, **values: Any) -> str:
    """Where the question with these values is answered."""
    return address_of(replace(question, **values))


def cursors_of(signer: Signer, staff_id: str, question: QueueQuestion) -> Cursors:
    """The cursors of one person's queue in one order: a place in another order is none in this."""
    return Cursors(keyring=signer, of=f"portal/{staff_id}/{question.order}/{question.down}")


def stretch_of(given: Mapping[str, str], cursors: Cursors) -> Stretch:
    """The page that `limit` and `cursor` of the address ask for; raises `Refused`."""
    limit = limit_of(given.get("limit") or _PAGE_LENGTH)
    if not given.get("cursor"):
        return Stretch(limit=limit)
    way, at, id_ = cursors.read(given["cursor"])
    return Stretch(
        limit=limit,
        place=(at if isinstance(at, int) else datetime.fromisoformat(at), id_),
        before=way == _BEFORE,
    )


def cursor_of(cursors: Cursors, place: tuple[datetime | int, str] | None, *, before: bool) -> str:
    """The cursor of the page before or behind the place; empty where there is none."""
    if place is None:
        return ""
    at, id_ = place
    return cursors.make([_BEFORE if before else _BEHIND, at if isinstance(at, int) else at.isoformat(), id_])
