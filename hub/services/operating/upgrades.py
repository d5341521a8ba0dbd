"""What an upgrade of the database would do, and whether the release before may go on beside it."""

from dataclasses import dataclass
from enum import IntEnum

import sqlalchemy as sa

from hub.domain.plain import Plain
from storage import schema


class Ahead(IntEnum):
    """What `hub db upgrade --check` ends with; 1 and 2 are those of every command."""

    NOTHING = 0
    EXPANDS = 3
    CONTRACTS = 4
    NEWER = 5
    TOO_NEW = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The database as it stands, and the steps that are to be run, in their order."""

    ahead: Ahead
    database: str | None
    code: str
    steps: list[schema.Step]

    def plain(self) -> Plain:
        """For programs."""
        steps = [{"revision": each.revision, "kind": each.kind, "what": each.what} for each in self.steps]
        return {"status": self.ahead.name.lower(), "database": self.database, "code": self.code, "steps": steps}


def look(engine: sa.Engine | None) -> Look:
    """What is ahead of the database, or of one that is still to be made; nothing is changed."""
    found = schema.NOTHING_YET if engine is None else schema.standing(engine)
    code = schema.newest_revision()
    steps = [] if found.is_newer else schema.steps(after=found.database)
    return Look(ahead=_ahead(found, steps), database=found.database, code=code, steps=steps)


def _ahead(found: schema.Standing, steps: list[schema.Step]) -> Ahead:
    if found.is_newer:
        return Ahead.NEWER if found.runs else Ahead.TOO_NEW
    if not steps:
        return Ahead.NOTHING
    # Of an empty database there is nobody who could go on.
    return Ahead.EXPANDS if found.database is None or all(each.expands for each in steps) else Ahead.CONTRACTS
