"""The people of a bank, looked after by its own administrators.

A link to enrol goes to the person's address alone. No administrator changes their own role or account, and a bank is
never without one.
"""

from datetime import datetime

from hub.domain.errors import Fault, InvalidValue, NotFound, Refused, Unusable
from hub.domain.staff import BANK_ROLES, Role
from hub.services.accounts import staff
from hub.services.accounts.staff import ENROLMENT_LIFE, Staff
from hub.services.notifications import staff_mails
from hub.services.transaction import HubTransaction
from storage import staff as rows
from storage.records import StaffRecord


def add(tx: HubTransaction, *, bank_code: str, email: str, name: str, role: str, at: datetime) -> Staff:
    """The person has an account and a mail with the way to enrol. Raises `Refused` at the field that cannot be."""
    try:
        person, token = staff.add(tx, role=_role(role), email=email, bank_code=bank_code, at=at, name=name)
    except Unusable:
        # Not where: it may be at another bank.
        raise Refused(Fault("/email", "staff_address_taken")) from None
    except InvalidValue as error:
        raise Refused(error.at("/name" if error.code == "staff_name" else "/email")) from None
    staff_mails.enrolment(tx, person.id, token, until=at + ENROLMENT_LIFE)
    return person


def rename(tx: HubTransaction, staff_id: str, name: str, *, bank_code: str) -> None:
    """Colleagues read this name from now on; raises `Refused`, and `NotFound`."""
    try:
        staff.rename(tx, rows.email_of(tx, _active(tx, staff_id, bank_code)), name)
    except InvalidValue as error:
        raise Refused(error.at("/name")) from None


def change_role(tx: HubTransaction, staff_id: str, role: str, *, bank_code: str, by: Staff) -> None:
    """The person has that role; raises `Refused` for one's own, and where the bank would have no administrator."""
    person = _another(tx, staff_id, bank_code, by)
    chosen = _role(role)
    if chosen != Role.BANK_ADMIN:
        _require_another_admin(tx, person, bank_code)
    staff.change_role(tx, rows.email_of(tx, person), chosen)


def renew(tx: HubTransaction, staff_id: str, *, bank_code: str, by: Staff, at: datetime) -> None:
    """Password, second factor and sessions of the person are gone, and a new way to enrol is mailed to them."""
    person = _another(tx, staff_id, bank_code, by)
    _, token = staff.renew_enrolment(tx, rows.email_of(tx, person), at=at)
    staff_mails.enrolment(tx, person.id, token, until=at + ENROLMENT_LIFE)


def remove(tx: HubTransaction, staff_id: str, *, bank_code: str, by: Staff) -> None:
    """The person has left and their cases are nobody's; raises `Refused` as `change_role`."""
    person = _another(tx, staff_id, bank_code, by)
    _require_another_admin(tx, person, bank_code)
    staff.remove(tx, rows.email_of(tx, person))


def _role(role: str) -> Role:
    if role not in BANK_ROLES:
        raise Refused(Fault("/role", "unknown_choice", {"choices": ", ".join(BANK_ROLES)}))
    return Role(role)


def _active(tx: HubTransaction, staff_id: str, bank_code: str) -> StaffRecord:
    record = rows.find(tx, staff_id)
    if record is None or record.bank_code != bank_code or not record.active:
        raise NotFound
    return record


def _another(tx: HubTransaction, staff_id: str, bank_code: str, by: Staff) -> StaffRecord:
    record = _active(tx, staff_id, bank_code)
    if record.id == by.id:
        raise Refused(Fault("", "own_account"))
    return record


def _require_another_admin(tx: HubTransaction, person: StaffRecord, bank_code: str) -> None:
    """Nothing, or `Refused` for the last administrator: two who take each other away at once are not both gone."""
    if person.role == Role.BANK_ADMIN:
        there = rows.lock_with_role(tx, bank_code, Role.BANK_ADMIN)
        if all(each.id == person.id for each in there):
            raise Refused(Fault("", "last_admin"))
