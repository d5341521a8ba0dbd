"""The accounts of people at banks and of operators, for whoever administers them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hub.domain.staff import Role
from hub.services.accounts.staff import address_of
from hub.services.transaction import HubTransaction
from storage import staff
from storage.records import StaffRecord


class AccountState(StrEnum):
    """How far an account is."""

    INVITED = "invited"  # its enrolment link was not used yet
    ENROLLED = "enrolled"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAccount:
    """One account. `email` is empty where the address went on with the person; `bank_code` is None of an operator."""

    email: str
    name: str
    role: Role
    bank_code: str | None
    state: AccountState
    is_demo: bool
    added_at: datetime
    left_at: datetime | None


def list_of_bank(tx: HubTransaction, bank_code: str | None) -> list[StaffAccount]:
    """The bank's people, or the operators where no bank is named, by address; those who left too."""
    return [_account(each) for each in staff.list_of_bank(tx, bank_code)]


def list_of_all_banks(tx: HubTransaction) -> list[StaffAccount]:
    """Everybody at any bank, by bank and address; those who left too."""
    return [_account(each) for each in staff.list_all(tx) if each.bank_code is not None]


def _account(record: StaffRecord) -> StaffAccount:
    enrolled = record.tf_totp_secret or record.is_demo
    state = AccountState.ENROLLED if enrolled else AccountState.INVITED
    return StaffAccount(
        email=address_of(record),
        name=record.name or "",
        role=Role(record.role),
        bank_code=record.bank_code,
        state=state if record.active else AccountState.LEFT,
        is_demo=record.is_demo,
        added_at=record.added_at,
        left_at=record.left_at,
    )
