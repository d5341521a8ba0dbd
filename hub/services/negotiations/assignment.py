"""Giving cases to people, one or many at once: done row by row as it was planned, and undone within half a minute.

A plan says whose each case is now. Where that has changed when it is done, the case is left as it is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hub.domain.assignment import UNDO_WITHIN, Obstacle, Outcome, Turn, Way
from hub.domain.errors import Fault, NotFound, Refused
from hub.services.negotiations import owners, review
from hub.services.negotiations.assignment_plan import acknowledged, judged, require_few
from hub.services.negotiations.locking import lock_for_bank
from hub.services.negotiations.owners import OwnerChange
from hub.services.notifications import staff_notices
from hub.services.transaction import HubTransaction
from storage import assignments, ownership, staff
from storage.records import AssignmentRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """What one press did; `undo_until` is None where it cannot be undone, or was."""

    id: str
    way: Way
    outcomes: tuple[Outcome, ...]
    at: datetime
    undo_until: datetime | None
    undone: bool


def carry_out(tx: HubTransaction, way: Way, turns: Iterable[Turn], *, bank_code: str) -> Assignment:
    """What the plan said is done where it still holds, each row for itself; the new owners are told.

    Raises `Refused`, naming the rule, where one of the new owners may not have cases, and for too many cases.
    """
    by_id = {each.negotiation_id: each for each in turns}
    require_few(list(by_id))
    for owner_id in dict.fromkeys(each.owner_id for each in by_id.values() if each.owner_id is not None):
        owners.require_owner(tx, owner_id, bank_code=bank_code)
    # In one order, so that two who assign the same cases never wait for each other in a circle.
    done = {each: _done(tx, way, by_id[each], bank_code) for each in sorted(by_id)}
    outcomes = [done[each] for each in by_id]
    _tell(tx, outcomes, bank_code)
    record = assignments.add(
        tx, bank_code=bank_code, staff_id=_acting(tx, bank_code), way=way, rows=[each.plain() for each in outcomes]
    )
    return _value_of(record)


def _done(tx: HubTransaction, way: Way, turn: Turn, bank_code: str) -> Outcome:
    try:
        row = lock_for_bank(tx, turn.negotiation_id, bank_code=bank_code)
    except NotFound:
        return Outcome(negotiation_id=turn.negotiation_id, obstacle=Obstacle.UNKNOWN)
    if way == Way.ACKNOWLEDGE:
        found = acknowledged(row, row.id, None)
        if found.obstacle is None:
            review.acknowledge(tx, row.id, bank_code=bank_code)
        return replace(found, owner=row.owner_id)
    found = judged(row, row.id, owner=turn.owner_id)
    if found.obstacle is not None:
        return found
    if row.owner_id != turn.seen_owner:
        return replace(found, owner=row.owner_id, obstacle=Obstacle.CHANGED)
    owners.set_owner(tx, row, turn.owner_id, owners.why_given(tx, turn.owner_id, bank_code=bank_code))
    return found


def _tell(tx: HubTransaction, outcomes: Sequence[Outcome], bank_code: str) -> None:
    given: dict[str, list[str]] = {}
    for each in outcomes:
        if each.obstacle is None and each.owner is not None and each.owner != each.before:
            given.setdefault(each.owner, []).append(each.negotiation_id)
    for owner_id, ids in given.items():
        staff_notices.assigned(tx, ownership.list_of_bank(tx, ids, bank_code=bank_code), owner_id)


def _acting(tx: HubTransaction, bank_code: str) -> str | None:
    person = owners.acting_person(tx, bank_code)
    return None if person is None else person.id


def assign(
    tx: HubTransaction, negotiation_id: str, *, bank_code: str, owner_id: str | None, seen_owner: str | None
) -> Assignment:
    """One case is that person's, or nobody's; raises `NotFound` for an unknown case and another bank's alike.

    Raises `Refused` for a person who may not have it, and where it has ended, or is somebody else's by now.
    """
    row = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    turn = Turn(negotiation_id=row.id, seen_owner=seen_owner, owner_id=owner_id)
    made = carry_out(tx, Way.NOBODY if owner_id is None else Way.PERSON, [turn], bank_code=bank_code)
    [outcome] = made.outcomes
    if outcome.obstacle == Obstacle.CHANGED:
        raise owners.changed_since(tx, row.owner_id)
    if outcome.obstacle == Obstacle.ENDED:
        raise Refused(Fault("/owner", "case_has_ended"))
    return made


def find(tx: HubTransaction, assignment_id: str, *, bank_code: str) -> Assignment:
    """What one press of somebody of the bank did; raises `NotFound` for an unknown one and another bank's alike."""
    record = assignments.find(tx, assignment_id, bank_code=bank_code)
    if record is None:
        raise NotFound
    return _value_of(record)


def undo(tx: HubTransaction, assignment_id: str, *, bank_code: str) -> Assignment:
    """Each case is whose it was, but for those that somebody has changed since; a second time changes nothing.

    Raises `NotFound` for what somebody else did, and `Refused` where it is too late or cannot be undone.
    """
    record = assignments.find(tx, assignment_id, bank_code=bank_code)
    if record is None or record.staff_id is None or record.staff_id != _acting(tx, bank_code):
        raise NotFound
    if record.undone_at is not None:
        return _value_of(record)
    if record.way == Way.ACKNOWLEDGE:
        raise Refused(Fault("", "acknowledged_for_good"))
    if tx.now > record.at + UNDO_WITHIN:
        raise Refused(Fault("", "undo_over", {"seconds": int(UNDO_WITHIN.total_seconds())}))
    outcomes = _outcomes(record)
    put_back = {each.negotiation_id: _put_back(tx, each, bank_code) for each in sorted(outcomes, key=_id_of)}
    record.rows = [put_back[each.negotiation_id].plain() for each in outcomes]
    record.undone_at = tx.now
    return _value_of(record)


def _id_of(outcome: Outcome) -> str:
    return outcome.negotiation_id


def _put_back(tx: HubTransaction, outcome: Outcome, bank_code: str) -> Outcome:
    if outcome.obstacle is not None:
        return outcome
    row = lock_for_bank(tx, outcome.negotiation_id, bank_code=bank_code)
    before = None if outcome.before is None else staff.find(tx, outcome.before)
    if row.owner_id != outcome.owner or (before is not None and not owners.can_own(before)):
        return replace(outcome, before=outcome.owner, owner=row.owner_id, obstacle=Obstacle.CHANGED)
    owners.set_owner(tx, row, outcome.before, OwnerChange.UNDONE)
    return replace(outcome, before=outcome.owner, owner=outcome.before)


def _outcomes(record: AssignmentRecord) -> list[Outcome]:
    return [Outcome.from_plain(each) for each in record.rows]


def _value_of(record: AssignmentRecord) -> Assignment:
    may_be_undone = record.way != Way.ACKNOWLEDGE and record.undone_at is None
    return Assignment(
        id=record.id,
        way=Way(record.way),
        outcomes=tuple(_outcomes(record)),
        at=record.at,
        undo_until=record.at + UNDO_WITHIN if may_be_undone else None,
        undone=record.undone_at is not None,
    )
