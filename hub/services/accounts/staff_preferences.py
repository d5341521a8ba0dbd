"""What people at banks choose for themselves: which mails they can do without, and whether keys are shortcuts."""

from dataclasses import fields

from hub.domain.errors import NotFound
from hub.domain.staff_preferences import StaffPreferences
from hub.services.accounts.staff import Staff, preferences_of
from hub.services.transaction import HubTransaction
from storage import staff

NAMES = tuple(field.name for field in fields(StaffPreferences))


def choose(tx: HubTransaction, person: Staff, **chosen: bool) -> StaffPreferences:
    """The choices named stand from now on beside those of before; gives all."""
    record = staff.find(tx, person.id)
    if record is None:
        raise NotFound
    for name in NAMES:
        if name in chosen:
            setattr(record, name, chosen[name])
    return preferences_of(record)
