"""What somebody of a bank asks of its audit: who did what, to which case, on which days."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

LONGEST_CASE: Final = 40


class AuditTopic(StrEnum):
    """A sort of things that are on record."""

    SIGN_INS = "sign_ins"
    REVEALS = "reveals"
    READINGS = "readings"
    ASSIGNMENTS = "assignments"
    DECISIONS = "decisions"
    SETTINGS = "settings"
    EXPORTS = "exports"
    OTHERS = "others"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuestion:
    """Which lines are looked for; what is None narrows nothing. `who` is an account's id, days are China's."""

    who: str | None = None
    topic: AuditTopic | None = None
    case: str | None = None
    since: date | None = None
    until: date | None = None
