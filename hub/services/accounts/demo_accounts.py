"""Accounts of the demo: found, and refused where there must be none. `staff.add_demo` makes them."""

from hub.domain.errors import Unusable
from hub.domain.staff import Role
from hub.services.accounts.staff import Staff, value_of
from hub.services.transaction import HubTransaction
from storage import staff


def find_demo(tx: HubTransaction, *, role: Role, bank_code: str | None) -> Staff | None:
    """The demo account of that role at that bank."""
    for record in staff.list_of_bank(tx, bank_code):
        if record.is_demo and record.active and record.role == role:
            return value_of(tx, record)
    return None


def require_no_demo(tx: HubTransaction) -> None:
    """Nothing, unless the hub holds a demo account: then raises `Unusable`."""
    if staff.any_demo(tx):
        raise Unusable("there are demo accounts in this database; production starts on one without demo data")
