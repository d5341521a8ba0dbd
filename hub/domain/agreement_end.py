"""An agreement that is in force, and how it ends."""

from dataclasses import dataclass
from enum import StrEnum


class AgreementStatus(StrEnum):
    """Where an agreement stands."""

    IN_FORCE = "in_force"
    SETTLED = "settled"
    ENDED = "ended"


class EndReason(StrEnum):
    """Why an agreement is in force no more."""

    SETTLED = "settled"
    DEFAULTED = "defaulted"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementEnd:
    """A bank's word that an agreement is in force no more; with `waive_rest` it asks for the open rows no longer."""

    reason: EndReason
    text: str
    waive_rest: bool = False
