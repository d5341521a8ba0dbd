"""Giving cases to people: how it is found whose they shall be, what becomes of each, and how long it can be undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final, Self

MOST_CASES: Final = 100
"""So many cases are assigned at once."""
UNDO_WITHIN: Final = timedelta(seconds=30)


class Way(StrEnum):
    """How it is found whose the chosen cases shall be."""

    PERSON = "person"
    IN_TURN = "in_turn"
    BY_LOAD = "by_load"
    NOBODY = "nobody"
    ACKNOWLEDGE = "acknowledge"


class Obstacle(StrEnum):
    """Why nothing is done about a case."""

    UNKNOWN = "unknown"  # no case of this bank
    ENDED = "ended"
    CHANGED = "changed"  # somebody else has it by now
    SAME = "same"
    NOT_WAITING = "not_waiting"  # it waits for nobody to pick it up


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One case as a plan has it: `seen_owner` had it then, `owner_id` shall have it; None is nobody."""

    negotiation_id: str
    seen_owner: str | None
    owner_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What becomes of one case. `owner` and `before` are ids of accounts; nothing but the id where it is unknown."""

    negotiation_id: str
    reference: str = ""
    before: str | None = None
    owner: str | None = None
    obstacle: Obstacle | None = None

    def plain(self) -> dict[str, Any]:
        """The same as it is kept."""
        return {
            "id": self.negotiation_id,
            "reference": self.reference,
            "before": self.before,
            "owner": self.owner,
            "obstacle": self.obstacle,
        }

    @classmethod
    def from_plain(cls, plain: Any) -> Self:
        """The outcome that `plain` gave."""
        return cls(
            negotiation_id=plain["id"],
            reference=plain["reference"],
            before=plain["before"],
            owner=plain["owner"],
            obstacle=None if plain["obstacle"] is None else Obstacle(plain["obstacle"]),
        )


def by_load(open_cases: Mapping[str, int], how_many: int) -> list[str]:
    """Whose that many cases shall be: each one's who has the fewest then, the first of those who have as few."""
    load = dict(open_cases)
    found = []
    for _ in range(how_many):
        least = min(load, key=load.__getitem__)
        load[least] += 1
        found.append(least)
    return found


def in_turn(people: Sequence[str], how_many: int, last: str | None) -> list[str]:
    """Whose that many cases shall be: one each, beginning with who comes behind `last`, who was given one last."""
    start = people.index(last) + 1 if last in people else 0
    return [people[(start + number) % len(people)] for number in range(how_many)]
