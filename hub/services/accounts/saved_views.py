"""Views of the queue that people keep: their own, and those that a bank's supervisors keep for all."""

from typing import Final

from hub.domain.errors import Fault, NotAllowed, NotFound, Refused
from hub.domain.queue_query import query_of, question_in
from hub.domain.staff import Role
from hub.services.accounts.staff import Staff
from hub.services.transaction import HubTransaction
from storage import saved_views
from storage.records import SavedViewRecord

MOST_OF_ONE: Final = 20
"""So many one person may have, and a bank for all."""
MOST_NAME: Final = 20
SHARING: Final = (Role.SUPERVISOR, Role.BANK_ADMIN)
"""Who keeps views for all of the bank."""


def keep(tx: HubTransaction, person: Staff, *, name: str, query: str, shared: bool) -> str:
    """The view stands last among the person's own, or among those of all; gives its id.

    What `query` asks of the queue is kept, nothing else of it. Raises `Refused` for a name that is none and where there
    are too many, `NotAllowed` for whoever may not keep views for all.
    """
    owner = _owner(person, shared=shared)
    name = _checked(name)
    if len(saved_views.list_of_owner(tx, person.bank, owner)) >= MOST_OF_ONE:
        raise Refused(Fault("/name", "too_many_views", {"most": MOST_OF_ONE}))
    return saved_views.add(
        tx,
        bank_code=person.bank,
        staff_id=owner,
        made_by=person.id,
        name=name,
        query=query_of(question_in(query)),
    )


def rename(tx: HubTransaction, person: Staff, view_id: str, name: str) -> None:
    """The view is called so. Raises `NotFound` for another's, `NotAllowed` and `Refused` as `keep`."""
    saved_views.rename(tx, _own(tx, person, view_id), _checked(name))


def remove(tx: HubTransaction, person: Staff, view_id: str) -> None:
    """The view is gone. Raises `NotFound` for another's, `NotAllowed` as `keep`."""
    saved_views.remove(tx, _own(tx, person, view_id))


def move_up(tx: HubTransaction, person: Staff, view_id: str) -> None:
    """The view stands one place further to the front. Raises `NotFound` for another's, `NotAllowed` as `keep`."""
    own = _own(tx, person, view_id)
    views = saved_views.list_of_owner(tx, person.bank, own.staff_id)
    place = next(number for number, each in enumerate(views) if each.id == view_id)
    views.insert(max(0, place - 1), views.pop(place))
    for number, each in enumerate(views, start=1):
        each.position = number


def _own(tx: HubTransaction, person: Staff, view_id: str) -> SavedViewRecord:
    record = saved_views.find(tx, view_id)
    if record is None or record.bank_code != person.bank or record.staff_id not in (None, person.id):
        raise NotFound
    _owner(person, shared=record.staff_id is None)
    return record


def _owner(person: Staff, *, shared: bool) -> str | None:
    if not shared:
        return person.id
    if person.role not in SHARING:
        raise NotAllowed(" or ".join(SHARING))
    return None


def _checked(name: str) -> str:
    text = " ".join(name.split())
    if not text:
        raise Refused(Fault("/name", "required"))
    if not text.isprintable():
        raise Refused(Fault("/name", "text_characters"))
    if len(text) > MOST_NAME:
        raise Refused(Fault("/name", "too_long", {"max": MOST_NAME}))
    return text
