"""The people of a bank, in teams, and what they do with cases, each deed in a transaction of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hub.domain.actor import HUB, Actor, Channel, Party
from hub.domain.assignment import Turn, Way
from hub.domain.staff import Role
from hub.services.accounts import staff, teams
from hub.services.accounts.teams import Team
from hub.services.negotiations import assignment, assignment_plan
from hub.services.negotiations.assignment import Assignment
from hub.services.operating import audit
from hub.services.operating.audit import AuditLine
from hub.wiring import Hub
from storage.records import NegotiationRecord
from tests.applications import ICBC
from tests.services.case import Case


@dataclass(kw_only=True)
class Desk:
    """A bank's people and teams, made on the way."""

    hub: Hub

    def person(self, name: str, role: Role = Role.REVIEWER, team: Team | None = None, bank: str = ICBC) -> str:
        """The id of a new account."""
        with self.hub.writing(HUB) as tx:
            made, _ = staff.add(tx, role=role, email=address(name, bank), bank_code=bank, at=tx.now, name=name)
            if team is not None:
                teams.place(tx, made.id, team.id, bank_code=bank)
            return made.id

    def leaves(self, name: str, bank: str = ICBC) -> None:
        """The person of that name is at the bank no longer."""
        with self.hub.writing(HUB) as tx:
            staff.remove(tx, address(name, bank))

    def team(self, name: str, bank: str = ICBC) -> Team:
        """A new team."""
        with self.hub.writing(HUB) as tx:
            return teams.add(tx, name, bank_code=bank)

    def audit(self) -> list[AuditLine]:
        """All lines, newest first."""
        with self.hub.reading(HUB) as tx:
            return audit.newest(tx)

    def owner_of(self, case: Case) -> str | None:
        """Whose case it is."""
        with self.hub.reading(HUB) as tx:
            return tx.session.get_one(NegotiationRecord, case.id).owner_id

    def assign(self, by: str, way: Way, cases: Sequence[Case], owner: str | None = None) -> Assignment:
        """Those cases are planned and given, with nothing between the two."""
        with self.hub.writing(acts(by)) as tx:
            ids = [each.id for each in cases]
            planned = assignment_plan.plan(tx, ids, way, bank_code=ICBC, owner_id=owner)
            turns = [
                Turn(negotiation_id=each.negotiation_id, seen_owner=each.before, owner_id=each.owner)
                for each in planned
            ]
            return assignment.carry_out(tx, way, turns, bank_code=ICBC)

    def undo(self, by: str, done: Assignment) -> Assignment:
        """What was assigned is put back."""
        with self.hub.writing(acts(by)) as tx:
            return assignment.undo(tx, done.id, bank_code=ICBC)


def address(name: str, bank: str = ICBC) -> str:
    """The mail address of the person of that name."""
    return f"{name.encode().hex()}@{bank}.example"


def acts(staff_id: str) -> Actor:
    """The person of that account as one who acts."""
    return Actor(party=Party.BANK, id=f"staff/{staff_id}", channel=Channel.PORTAL)
