"""The accounts of people at banks and of operators, for whoever administers them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hub.domain.staff import Role
from hub.services.transaction import HubTransaction
from storage import banks, passkeys, staff, teams
from storage.records import StaffRecord


class AccountState(StrEnum):
    """How far an account is."""

    INVITED = "invited"  # its enrolment link was not used yet
    ENROLLED = "enrolled"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAccount:
    """One account. `email` is empty where the address went on with the person; `bank_code` is None of an operator.

    `team` is the name of the team that the person works in; empty where it is none. `has_second_factor` says whether
    the account has an authenticator or a passkey here; `signed_in_at` is None of who never did.
    """

    id: str
    email: str
    name: str
    role: Role
    bank_code: str | None
    team: str
    state: AccountState
    is_demo: bool
    added_at: datetime
    left_at: datetime | None
    has_second_factor: bool
    signed_in_at: datetime | None


def list_of_bank(tx: HubTransaction, bank_code: str | None) -> list[StaffAccount]:
    """The bank's people, or the operators where no bank is named, by address; those who left too."""
    named, people = _names_of_teams(tx, bank_code), staff.list_of_bank(tx, bank_code)
    holders = passkeys.holders(tx, [each.id for each in people])
    return _by_address([_account(tx, each, named, holders) for each in people])


def list_of_all_banks(tx: HubTransaction) -> list[StaffAccount]:
    """Everybody at any bank, by bank and address; those who left too."""
    named = {id_: name for bank in banks.list_banks(tx) for id_, name in _names_of_teams(tx, bank.code).items()}
    people = [each for each in staff.list_all(tx) if each.bank_code is not None]
    holders = passkeys.holders(tx, [each.id for each in people])
    return _by_address([_account(tx, each, named, holders) for each in people])


def _names_of_teams(tx: HubTransaction, bank_code: str | None) -> dict[str, str]:
    return {} if bank_code is None else {each.id: each.name for each in teams.list_of_bank(tx, bank_code)}


def _by_address(accounts: list[StaffAccount]) -> list[StaffAccount]:
    return sorted(accounts, key=lambda each: (each.bank_code or "", each.email, each.id))


def _account(
    tx: HubTransaction, record: StaffRecord, names_of_teams: Mapping[str, str], holders: Collection[str]
) -> StaffAccount:
    # Whoever comes by the bank's own sign-on may have nothing to sign in with here, and leave their link unused.
    used = record.enrolment_digest is None or record.sign_on_issuer is not None
    has_come = record.signed_in_at is not None and used
    enrolled = record.tf_totp_secret or record.is_demo or has_come
    state = AccountState.ENROLLED if enrolled else AccountState.INVITED
    return StaffAccount(
        id=record.id,
        email=staff.email_of(tx, record),
        name=record.name or "",
        role=Role(record.role),
        bank_code=record.bank_code,
        team=names_of_teams.get(record.team_id or "", ""),
        state=state if record.active else AccountState.LEFT,
        is_demo=record.is_demo,
        added_at=record.added_at,
        left_at=record.left_at,
        has_second_factor=record.tf_totp_secret is not None or record.id in holders,
        signed_in_at=record.signed_in_at,
    )
