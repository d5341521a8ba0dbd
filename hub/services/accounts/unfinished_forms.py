"""Forms that a person has begun to fill in and not sent: kept for thirty days, shown again wherever they sign in.

A cardholder's are theirs in one host app; those of somebody who works at a bank are one account's, and no colleague
reads them. They are kept by the address of their page, as they were typed: nothing is judged here. What a browser sends
after its session has ended is held for half an hour, and given out when the same person signs in there; nobody else
sees it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.services.accounts.cardholders import Cardholder
from hub.services.accounts.staff import Staff
from hub.services.transaction import HubTransaction
from storage import unfinished_forms
from storage.drafts import FORM_CLIENT
from storage.records import UnfinishedFormRecord
from storage.unfinished_forms import FormOwner

KEPT_FOR = timedelta(days=30)
HELD_FOR = timedelta(minutes=30)
MOST_KEPT = 60
"""Of one cardholder. Nobody is at so many; a script that makes up addresses is."""

MOST_KEPT_OF_STAFF = 300
"""Of one account at a bank, on whose desk sixty cases may lie."""

Values = Mapping[str, Sequence[str]]
"""What was typed, by the name of the field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfinishedForm:
    """A form as it was left at `changed_at`."""

    address: str
    values: Values
    changed_at: datetime


def _owner(tx: HubTransaction, visitor: Cardholder | Staff) -> FormOwner:
    if isinstance(visitor, Staff):
        return unfinished_forms.owner_of_staff(tx, visitor.id, bank_code=visitor.bank_code)
    # What was typed in one host app is not shown through another.
    return FormOwner(indexes=visitor.owner_indexes, client_id=visitor.client_id or FORM_CLIENT)


def keep(tx: HubTransaction, visitor: Cardholder | Staff, address: str, values: Values) -> None:
    """The form of that address is kept for thirty days from now, in the place of what was kept of it before.

    Of more than a person may have those are gone that were left longest ago.
    """
    owner = _owner(tx, visitor)
    unfinished_forms.save(tx, owner, address, values, at=tx.now, until=tx.now + KEPT_FOR)
    most = MOST_KEPT_OF_STAFF if isinstance(visitor, Staff) else MOST_KEPT
    unfinished_forms.forget_oldest(tx, owner, beyond=most)


def find(tx: HubTransaction, visitor: Cardholder | Staff, address: str) -> UnfinishedForm | None:
    """The person's form of that address as they left it."""
    record = unfinished_forms.find(tx, _owner(tx, visitor), address)
    return None if record is None or record.expires_at <= tx.now else _shown(tx, record)


def list_below(tx: HubTransaction, visitor: Cardholder | Staff, address: str) -> list[UnfinishedForm]:
    """The person's forms whose address begins with `address`."""
    found = unfinished_forms.list_below(tx, _owner(tx, visitor), address)
    return [_shown(tx, record) for record in found if record.expires_at > tx.now]


def addresses_below(tx: HubTransaction, visitor: Cardholder | Staff, address: str) -> list[str]:
    """The addresses of the person's forms that begin with `address`; what was typed stays sealed."""
    return unfinished_forms.list_addresses(tx, _owner(tx, visitor), address, at=tx.now)


def _shown(tx: HubTransaction, record: UnfinishedFormRecord) -> UnfinishedForm:
    values = unfinished_forms.values_of(tx, record)
    return UnfinishedForm(address=record.address, values=values, changed_at=record.changed_at)


def forget(tx: HubTransaction, visitor: Cardholder | Staff, address: str) -> None:
    """Nothing is kept of that form: it was sent, or the person begins afresh."""
    record = unfinished_forms.find(tx, _owner(tx, visitor), address, lock=True)
    if record is not None:
        unfinished_forms.remove(tx, record)


def forget_below(tx: HubTransaction, visitor: Cardholder | Staff, address: str) -> None:
    """Nothing is kept of the person's forms whose address begins with `address`."""
    for record in unfinished_forms.list_below(tx, _owner(tx, visitor), address):
        unfinished_forms.remove(tx, record)


def hold(tx: HubTransaction, lapsed: Cardholder | Staff, address: str, values: Values, *, at: datetime) -> str:
    """What the browser of a session that has ended sent is held for half an hour from `at`; gives the form's id.

    `at` is of the real clock, as sessions are.
    """
    return unfinished_forms.save(tx, _owner(tx, lapsed), address, values, held=True, at=at, until=at + HELD_FOR)


def give_out(tx: HubTransaction, visitor: Cardholder | Staff, form_id: str, *, at: datetime) -> str | None:
    """The held form is kept as the person's own, who has signed in in its browser; gives its address.

    None where it is over, or another's: then it stays out of sight and is swept.
    """
    record = unfinished_forms.find_by_id(tx, form_id)
    owner = _owner(tx, visitor)
    if record is None or not record.held or record.expires_at <= at:
        return None
    if record.owner_index not in owner.indexes or record.client_id != owner.client_id:
        return None
    address = record.address
    keep(tx, visitor, address, unfinished_forms.values_of(tx, record))
    unfinished_forms.remove(tx, record)
    return address


def forget_old(tx: HubTransaction, *, real_now: datetime) -> None:
    """Forms whose time is over are gone; what was held for a sign-in lives in real time, so that is handed in."""
    unfinished_forms.forget_expired(tx, kept_before=tx.now, held_before=real_now)
