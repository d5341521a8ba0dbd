"""An agreement that is in force, how it ends, and the one table of what leads where.

`storage.offers.end_agreement` is the only writer of its status.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from hub.domain.china import china_day, china_instant
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


@dataclass(frozen=True, slots=True, kw_only=True)
class EndNote:
    """What is kept of an end beside its reason: the bank's words, what it waived, and the number of a newer agreement.

    `waived_fen` is None where nobody worked it out: rows of a lowered minimum have no sums.
    """

    text: str
    waived_fen: int | None = None
    replaced_by: str | None = None


def effective_at(reason: EndReason, ended_at: datetime, *, notice_days: int) -> datetime:
    """From when the end counts: at once, but for a default, which the person hears of `notice_days` whole days before.

    The bank promises to tell a default in writing before the agreement ends (`DEFAULT_CLAUSE_ZH`), and Civil Code 565
    lets it end no sooner than the notice arrives. Until then nobody collects.
    """
    if reason is not EndReason.DEFAULTED or notice_days == 0:
        return ended_at
    return china_instant(china_day(ended_at) + timedelta(days=notice_days + 1), time(0))
