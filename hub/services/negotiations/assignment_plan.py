"""What assigning cases would do: who may have them, and what would become of each. Nothing is written here."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.domain.assignment import MOST_CASES, Obstacle, Outcome, Way, by_load, in_turn
from hub.domain.errors import Fault, Refused
from hub.domain.lifecycle import Status
from hub.domain.staff import Role
from hub.services.negotiations import owners
from hub.services.transaction import HubTransaction
from storage import assignments, ownership, staff, teams
from storage.records import NegotiationRecord

# Whoever has more open cases is compared by no more than these.
_MOST_COUNTED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody who may have cases. `open_cases` is at most five hundred."""

    id: str
    name: str
    role: Role
    team_id: str | None
    team: str
    open_cases: int


def colleagues(tx: HubTransaction, bank_code: str) -> list[Colleague]:
    """Who of the bank may have cases, those of a team together, each with how many open ones they have."""
    named = {each.id: each.name for each in teams.list_of_bank(tx, bank_code)}
    people = [each for each in staff.list_of_bank(tx, bank_code) if owners.can_own(each)]
    counts = ownership.open_cases(tx, [each.id for each in people], bank_code=bank_code, most=_MOST_COUNTED)
    found = [
        Colleague(
            id=each.id,
            name=staff.called(tx, each),
            role=Role(each.role),
            team_id=each.team_id,
            team=named.get(each.team_id or "", ""),
            open_cases=counts[each.id],
        )
        for each in people
    ]
    order = {team_id: place for place, team_id in enumerate(named)}
    return sorted(found, key=lambda each: (order.get(each.team_id or "", len(order)), each.name, each.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A case that was chosen, and whose it is."""

    id: str
    reference: str
    owner_id: str | None
    owner: str


def chosen(tx: HubTransaction, negotiation_ids: Sequence[str], *, bank_code: str) -> list[Chosen]:
    """Those of the cases that the bank has, in their order, with whose each is."""
    found = ownership.list_of_bank(tx, negotiation_ids[:MOST_CASES], bank_code=bank_code)
    return [
        Chosen(
            id=each.id,
            reference=each.reference,
            owner_id=each.owner_id,
            owner=owners.name_of(tx, each.owner_id) or "",
        )
        for each in found
    ]


def plan(
    tx: HubTransaction,
    negotiation_ids: Sequence[str],
    way: Way,
    *,
    bank_code: str,
    owner_id: str | None = None,
    team_id: str | None = None,
) -> list[Outcome]:
    """What would become of each of the cases, in their order; nothing is written.

    `owner_id` is whom they shall go to by `Way.PERSON`; in turn and by load they go to those of the team, or of the
    bank, who work on cases. Raises `Refused`, naming the rule, where that is nobody, and for too many cases.
    """
    asked = list(dict.fromkeys(negotiation_ids))
    require_few(asked)
    rows = {each.id: each for each in ownership.list_of_bank(tx, asked, bank_code=bank_code)}
    if way == Way.ACKNOWLEDGE:
        mine = owners.acting_person(tx, bank_code)
        return [acknowledged(rows.get(each), each, None if mine is None else mine.id) for each in asked]
    fit = [each for each in asked if each in rows and owners.can_have_owner(rows[each])]
    found = dict(zip(fit, _owners_for(tx, way, len(fit), bank_code, owner_id, team_id), strict=True))
    return [judged(rows.get(each), each, owner=found.get(each)) for each in asked]


def require_few(asked: Sequence[str]) -> None:
    """Nothing, or `Refused` where no case is named, or too many are."""
    if not asked:
        raise Refused(Fault("/case", "no_case_chosen"))
    if len(asked) > MOST_CASES:
        raise Refused(Fault("/case", "too_many_cases", {"most": MOST_CASES}))


def judged(row: NegotiationRecord | None, negotiation_id: str, *, owner: str | None) -> Outcome:
    """What becomes of the case that shall be that person's; `row` is None of one that the bank does not have."""
    if row is None:
        return Outcome(negotiation_id=negotiation_id, obstacle=Obstacle.UNKNOWN)
    obstacle = None
    if not owners.can_have_owner(row):
        obstacle = Obstacle.ENDED
    elif row.owner_id == owner:
        obstacle = Obstacle.SAME
    return Outcome(
        negotiation_id=row.id,
        reference=row.reference,
        before=row.owner_id,
        owner=row.owner_id if obstacle else owner,
        obstacle=obstacle,
    )


def acknowledged(row: NegotiationRecord | None, negotiation_id: str, mine: str | None) -> Outcome:
    """What becomes of the case that `mine` picks up."""
    if row is None:
        return Outcome(negotiation_id=negotiation_id, obstacle=Obstacle.UNKNOWN)
    waits = row.status == Status.AWAITING_BANK
    return Outcome(
        negotiation_id=row.id,
        reference=row.reference,
        before=row.owner_id,
        owner=row.owner_id or (mine if waits else None),
        obstacle=None if waits else Obstacle.NOT_WAITING,
    )


def _owners_for(
    tx: HubTransaction, way: Way, how_many: int, bank_code: str, owner_id: str | None, team_id: str | None
) -> list[str | None]:
    if way == Way.NOBODY:
        return [None] * how_many
    if way == Way.PERSON:
        return [owners.require_owner(tx, owner_id or "", bank_code=bank_code).id] * how_many
    people = _working_on_cases(tx, bank_code, team_id)
    if way == Way.BY_LOAD:
        return [*by_load({each.id: each.open_cases for each in people}, how_many)]
    return [*in_turn([each.id for each in people], how_many, _last_in_turn(tx, bank_code))]


def _working_on_cases(tx: HubTransaction, bank_code: str, team_id: str | None) -> list[Colleague]:
    if team_id is not None and teams.find(tx, team_id, bank_code=bank_code) is None:
        raise Refused(Fault("/team", "team_unknown"))
    people = [each for each in colleagues(tx, bank_code) if team_id in (None, each.team_id)]
    # Supervisors decide about the others' offers: they are given cases only where there is nobody else.
    found = [each for each in people if each.role == Role.REVIEWER] or people
    if not found:
        raise Refused(Fault("/team", "nobody_to_assign"))
    return found


def _last_in_turn(tx: HubTransaction, bank_code: str) -> str | None:
    record = assignments.find_last(tx, Way.IN_TURN, bank_code=bank_code)
    found = [] if record is None else [Outcome.from_plain(each) for each in record.rows]
    given = [each.owner for each in found if each.obstacle is None]
    return given[-1] if given else None
