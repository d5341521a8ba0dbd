"""An agreement that is in force, how it ends, and the one table of what leads where.

`storage.offers.end_agreement` is the only writer of its status.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from hub.domain.errors import StatusConflict


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


TRANSITIONS: Mapping[AgreementStatus, Mapping[EndReason, AgreementStatus]] = {
    AgreementStatus.IN_FORCE: {
        EndReason.SETTLED: AgreementStatus.SETTLED,
        EndReason.DEFAULTED: AgreementStatus.ENDED,
        EndReason.REPLACED: AgreementStatus.ENDED,
    },
    AgreementStatus.SETTLED: {},
    AgreementStatus.ENDED: {},
}


def status_after(status: AgreementStatus, reason: EndReason) -> AgreementStatus:
    """Where an agreement stands that ends for `reason`; raises `StatusConflict` for one that has ended already."""
    after = TRANSITIONS[status].get(reason)
    if after is None:
        raise StatusConflict(status, reason)
    return after


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementEnd:
    """A bank's word that an agreement is in force no more; with `waive_rest` it asks for the open rows no longer."""

    reason: EndReason
    text: str
    waive_rest: bool = False
