"""Which names and numbers a member of staff has shown in full just now, kept in their session for five minutes."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from flask import session

from hub.domain.masks import Masked
from hub.services.accounts.staff import Staff
from hub.web.pages.visitors import now_for_sessions

REVEALED_FOR: Final = timedelta(minutes=5)
_REVEALED: Final = "revealed"
# A browser remembers so many fields that were opened in full.
_MOST_REVEALED: Final = 12


def remember(person: Staff, negotiation_id: str, fields: Iterable[Masked]) -> None:
    """The fields are shown in full to that person for a while."""
    until = (now_for_sessions() + REVEALED_FOR).isoformat()
    opened = {_key(person, negotiation_id, each): until for each in fields}
    kept = {key: each for key, each in session.get(_REVEALED, {}).items() if key not in opened}
    session[_REVEALED] = dict([*kept.items(), *opened.items()][-_MOST_REVEALED:])


def forget(person: Staff, negotiation_id: str) -> None:
    """Everything about that negotiation is masked again."""
    mine = {_key(person, negotiation_id, each) for each in Masked}
    session[_REVEALED] = {key: each for key, each in session.get(_REVEALED, {}).items() if key not in mine}


def revealed_until(person: Staff, negotiation_id: str) -> dict[Masked, datetime]:
    """The fields that are shown in full to that person just now, each with its end."""
    known, now = session.get(_REVEALED, {}), now_for_sessions()
    found = {each: known.get(_key(person, negotiation_id, each)) for each in Masked}
    ends = {each: datetime.fromisoformat(until) for each, until in found.items() if until is not None}
    return {each: end for each, end in ends.items() if now < end}


def _key(person: Staff, negotiation_id: str, field: Masked) -> str:
    # Whoever signs in next in the same browser has to say why again.
    return f"{person.id}/{negotiation_id}/{field}"
