"""The parts of a hub that are looked at, and how one is found to be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial

UNAVAILABLE = "unavailable"
"""The code of a part that may be back in a moment: the database said so, and `error` has its word for why."""
UNUSABLE = "unusable"
"""The code of a part that somebody has to put right."""
TO_COME = "to_come"
"""The code of a part that an embedded hub makes for itself, and has not made yet."""


class Part(StrEnum):
    """What a hub needs, in the order in which the doctor looks at it."""

    DATABASE = "database"
    MIGRATIONS = "migrations"
    WALLS = "walls between banks"
    KEYS = "keys"
    HOME = "home"
    STORE = "evidence store"
    MAIL = "mail"
    SMS = "text messages"
    SCANNER = "scanner"
    PROXIES = "proxies"
    DECODING = "decoding"
    OCR = "ocr"
    IDENTITY = "identity"
    FONTS = "fonts"
    PDF_SPEED = "pdf speed"
    SEAL = "paper seal"
    CALENDAR = "calendar"
    BACKUP = "backup"
    JOBS = "jobs"
    DELIVERIES = "deliveries"
    TASKS = "tasks"
    WORK = "work"


class State(StrEnum):
    """How a part is."""

    FINE = "fine"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How a part is, and what to do where it is not fine.

    `detail` is the operator's line at the command line; `code`, with the values of `params`, is for faces that word
    it themselves. `error` is what the look raised.
    """

    state: State
    detail: str
    code: str = ""
    params: Mapping[str, str | int] = field(default_factory=dict)
    error: Exception | None = field(default=None, compare=False, repr=False)


def _found(state: State, detail: str, code: str = "", **params: str | int) -> Finding:
    return Finding(state=state, detail=detail, code=code, params=params)


fine, warning, wrong = (partial(_found, state) for state in (State.FINE, State.WARNING, State.WRONG))
