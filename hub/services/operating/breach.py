"""A broken invariant, and how whatever cannot be looked at becomes one."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import starmap
from typing import Final

from cattrs import BaseValidationError
from sqlalchemy.exc import NoResultFound

from hub.domain.errors import HubError
from hub.domain.plain import Plain

# What a row says that nobody of the hub wrote; not what a database says that does not answer.
_NOT_TO_BE_READ: Final = (
    *(HubError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError),
    *(BaseValidationError, NoResultFound),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One thing that does not hold: which invariant, of what, and how."""

    invariant: str
    subject: str
    detail: str

    def plain(self) -> Plain:
        """The breach as JSON data."""
        return {"invariant": self.invariant, "subject": self.subject, "detail": self.detail}


def looked(subject: str, found: Iterator[Breach]) -> Iterator[Breach]:
    """What was found, and that it could not be looked at to its end, where it could not."""
    try:
        yield from found
    except _NOT_TO_BE_READ as error:
        # Not in the error's own words: they may hold what stands in the row.
        yield Breach(
            invariant="readable", subject=subject, detail=f"cannot be looked at whole ({type(error).__name__})"
        )


def breaches_of(subject: str, found: Iterator[tuple[str, str, str]]) -> Iterator[Breach]:
    """The same of (invariant, subject, detail)."""
    return looked(subject, starmap(_breach, found))


def _breach(invariant: str, subject: str, detail: str) -> Breach:
    return Breach(invariant=invariant, subject=subject, detail=detail)
