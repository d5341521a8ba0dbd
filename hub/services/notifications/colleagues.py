"""Who of a bank's people is told something, as it is at the moment of sending."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hub.domain.staff import Role
from hub.services.transaction import HubTransaction
from storage import desk_figures, staff
from storage.records import NegotiationRecord, StaffRecord
from storage.transaction import Known

_KNOWN = Known[str, "Colleagues"]()


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleagues:
    """Those of a bank's people who are there."""

    people: Sequence[StaffRecord]
    team_names: Mapping[str, str]

    def of_role(self, *roles: Role) -> list[StaffRecord]:
        """Those who have one of the roles."""
        return [each for each in self.people if each.role in roles]

    def owner(self, negotiation: NegotiationRecord) -> StaffRecord | None:
        """Whose case it is; None where it is nobody's, or the person has left."""
        return next((each for each in self.people if each.id == negotiation.owner_id), None)

    def team(self, person: StaffRecord | None) -> str:
        """What the person's team is called; empty where there is none."""
        return "" if person is None else self.team_names.get(person.team_id or "", "")

    def leads(self, owner: StaffRecord | None) -> list[StaffRecord]:
        """The supervisors of the owner's team; all supervisors where there is no team, or nobody leads it."""
        supervisors = self.of_role(Role.SUPERVISOR)
        of_team = [each for each in supervisors if owner is not None and each.team_id and each.team_id == owner.team_id]
        return of_team or supervisors

    @property
    def managers(self) -> list[StaffRecord]:
        """To whom the supervisors answer: the bank's administrators, or themselves where there are none."""
        return self.of_role(Role.BANK_ADMIN) or self.of_role(Role.SUPERVISOR)


def colleagues(tx: HubTransaction, bank_code: str) -> Colleagues:
    """The bank's people who are there, read once a transaction."""
    known = _KNOWN.of(tx)
    if bank_code not in known:
        there = [each for each in staff.list_of_bank(tx, bank_code) if each.active]
        known[bank_code] = Colleagues(people=there, team_names=desk_figures.team_names(tx, bank_code))
    return known[bank_code]


def name_of(tx: HubTransaction, person: StaffRecord | None) -> str:
    """What colleagues call the person; empty for nobody."""
    return "" if person is None else staff.called(tx, person)
