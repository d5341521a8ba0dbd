"""Teams of a bank: whose people work on cases together, and who leads whose cases."""

from dataclasses import dataclass

from hub.domain.errors import InvalidValue, NotFound, Unusable
from hub.domain.identifiers import compared_email
from hub.services.accounts.staff import Staff, value_of
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import banks, staff, teams
from storage.records import TeamRecord

MOST_TEAM_NAME = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A team of one bank."""

    id: str
    bank_code: str
    name: str


def _value_of(record: TeamRecord) -> Team:
    return Team(id=record.id, bank_code=record.bank_code, name=record.name)


def list_of_bank(tx: HubTransaction, bank_code: str) -> list[Team]:
    """The bank's teams, in the order in which they were made."""
    return [_value_of(each) for each in teams.list_of_bank(tx, bank_code)]


def add(tx: HubTransaction, name: str, *, bank_code: str) -> Team:
    """The bank has this team, with nobody in it; raises `InvalidValue` for a name that is none, or is taken.

    Raises `NotFound` for an unknown bank.
    """
    banks.get_bank(tx, bank_code)
    record = teams.add(tx, bank_code=bank_code, name=_free_name(tx, name, bank_code))
    audit.note(tx, AuditKind.TEAM_ADDED, record.name, bank_code=bank_code)
    return _value_of(record)


def rename(tx: HubTransaction, team_id: str, name: str, *, bank_code: str) -> Team:
    """The team has this name; raises `NotFound`, and `InvalidValue` for a name that is none, or is another team's."""
    record = _found(tx, team_id, bank_code)
    before = record.name
    if _plain(name) != before:
        record.name = _free_name(tx, name, bank_code)
        audit.note(tx, AuditKind.TEAM_RENAMED, record.name, bank_code=bank_code, before=before)
    return _value_of(record)


def remove(tx: HubTransaction, team_id: str, *, bank_code: str) -> None:
    """The team is gone and its people are in none; their cases stay theirs. Raises `NotFound`."""
    record = _found(tx, team_id, bank_code)
    audit.note(tx, AuditKind.TEAM_REMOVED, record.name, bank_code=bank_code)
    teams.remove(tx, record)


def place(tx: HubTransaction, staff_id: str, team_id: str | None, *, bank_code: str) -> Staff:
    """The person works in that team, or in none; raises `NotFound` where person or team is unknown to the bank."""
    record = staff.find(tx, staff_id)
    if record is None or not record.active or record.bank_code != bank_code:
        raise NotFound
    team = None if team_id is None else _found(tx, team_id, bank_code)
    if record.team_id != team_id:
        before = None if record.team_id is None else teams.find(tx, record.team_id, bank_code=bank_code)
        record.team_id = team_id
        audit.note(
            tx,
            AuditKind.STAFF_PLACED,
            staff.email_of(tx, record),
            bank_code=bank_code,
            team=None if team is None else team.name,
            before=None if before is None else before.name,
        )
    return value_of(tx, record)


def place_named(tx: HubTransaction, email: str, name: str | None) -> Staff:
    """The same by address and the team's name; raises `Unusable` where there is no such person or team."""
    record = staff.find_by_email(tx, compared_email(email))
    if record is None or not record.active or record.bank_code is None:
        raise Unusable(f"{email} has no account at a bank; `hub staff list` names all")
    return place(
        tx, record.id, None if name is None else find_named(tx, name, record.bank_code).id, bank_code=record.bank_code
    )


def find_named(tx: HubTransaction, name: str, bank_code: str) -> Team:
    """The bank's team of that name; raises `Unusable` where there is none."""
    record = teams.find_named(tx, _plain(name), bank_code=bank_code)
    if record is None:
        raise Unusable(f"the bank {bank_code} has no team {name}; `hub staff team list` names all")
    return _value_of(record)


def _found(tx: HubTransaction, team_id: str, bank_code: str) -> TeamRecord:
    record = teams.find(tx, team_id, bank_code=bank_code)
    if record is None:
        raise NotFound
    return record


def _plain(name: str) -> str:
    return " ".join(name.split())


def _free_name(tx: HubTransaction, name: str, bank_code: str) -> str:
    plain = _plain(name)
    if not plain or len(plain) > MOST_TEAM_NAME or any(not sign.isprintable() for sign in plain):
        raise InvalidValue("team_name", limit=MOST_TEAM_NAME)
    if teams.find_named(tx, plain, bank_code=bank_code) is not None:
        raise InvalidValue("team_exists", name=plain)
    return plain
